"""After an upgrade the rights in the database are what the role table says, and nobody's seat is touched."""

from django.contrib.auth.models import Permission
from django.core.management import call_command

from municipalities.models import Forum, ForumGroupPermission, Seat, TenantGroupPermission


def test_missing_rights_come_and_foreign_ones_go(cast, as_actor, django_db_blocker):
    with as_actor(cast.it):
        forum = Forum.objects.get(tenant__slug="thisted", key="styregruppe")
        before = set(ForumGroupPermission.objects.filter(content_object=forum).values_list("group__name", "permission__codename"))
        seats = Seat.objects.filter(forum=forum).count()
    wrong = Permission.objects.get(codename="view_cases")
    row = ForumGroupPermission.objects.filter(content_object=forum).first()
    ForumGroupPermission.objects.create(content_object=forum, group=row.group, permission=wrong)
    ForumGroupPermission.objects.filter(content_object=forum, permission__codename="view_agenda").delete()
    TenantGroupPermission.objects.filter(permission__codename="view_audit").delete()
    call_command("write_rights")
    with as_actor(cast.it):
        assert set(ForumGroupPermission.objects.filter(content_object=forum).values_list("group__name", "permission__codename")) == before
        assert Seat.objects.filter(forum=forum).count() == seats
    assert TenantGroupPermission.objects.filter(permission__codename="view_audit").exists()
