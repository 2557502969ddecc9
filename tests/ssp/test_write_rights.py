"""After an upgrade the rights in the database are what the role table says, and nobody's seat is touched."""

import re
from types import SimpleNamespace

from django.contrib.auth.models import Permission
from django.core.management import call_command

from municipalities.models import Forum, ForumGroupPermission, Seat, TenantGroupPermission
from ssp.launcher import prepare
from ssp.launcher.home import CODE


def test_missing_rights_come_and_foreign_ones_go(cast, as_actor, django_db_blocker):
    with as_actor(cast.it):
        forum = Forum.objects.get(tenant__slug="thisted", key="styregruppe")
        before = set(ForumGroupPermission.objects.filter(content_object=forum).values_list("group__name", "permission__codename"))
        seats = Seat.objects.filter(forum=forum).count()
    wrong = Permission.objects.get(codename="view_cases")
    row = ForumGroupPermission.objects.filter(content_object=forum).first()
    with as_actor(cast.it):
        ForumGroupPermission.objects.create(content_object=forum, group=row.group, permission=wrong)
    ForumGroupPermission.objects.filter(content_object=forum, permission__codename="view_agenda").delete()
    TenantGroupPermission.objects.filter(permission__codename="view_audit").delete()
    call_command("write_rights")
    with as_actor(cast.it):
        assert set(ForumGroupPermission.objects.filter(content_object=forum).values_list("group__name", "permission__codename")) == before
        assert Seat.objects.filter(forum=forum).count() == seats
    assert TenantGroupPermission.objects.filter(permission__codename="view_audit").exists()


def test_every_start_writes_them_after_it_has_migrated(monkeypatch):
    """The launcher's start, and the container that runs to its end before the others."""
    ran = []
    monkeypatch.setattr(prepare, "manage", lambda home, environment, *arguments: ran.append((arguments[0], environment["DATABASE_URL"])))
    prepare._migrate(None, SimpleNamespace(owner_url="the owner's"), {"DATABASE_URL": "the app's"})
    assert ran == [("migrate", "the owner's"), ("write_rights", "the app's")]
    container = (CODE / "deploy" / "run").read_text()
    assert re.search(r"ssp_owner owner_password\) python manage\.py migrate .*\n.*ssp_app app_password\) exec python manage\.py write_rights", container)
    assert "migrate: {condition: service_completed_successfully}" in (CODE / "docker-compose.yml").read_text()
