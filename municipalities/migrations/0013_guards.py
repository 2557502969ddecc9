"""What the database refuses (municipalities.guard_sql), and the new verb of the chairs and coordinators that are there already."""

from django.db import migrations

from access.operations import each_tenant_visible
from municipalities.guard_sql import GUARD, UNGUARD


def may_sign(apps, schema_editor):
    """Groups that run a forum sign who has access to it. A permission is made after migrations: here it is needed before."""
    forum_model = apps.get_model('municipalities', 'Forum')
    with each_tenant_visible(schema_editor, forum_model):
        known = {f'forum:{pk}': pk for pk in forum_model.objects.values_list('pk', flat=True)}
    groups = [group for group in apps.get_model('auth', 'Group').objects.filter(name__regex=r'^forum:[0-9]+:(COORDINATOR|CHAIR)') if group.name.rpartition(':')[0] in known]
    if not groups:
        return
    content_type = apps.get_model('contenttypes', 'ContentType').objects.get_or_create(app_label='municipalities', model='forum')[0]
    permission = apps.get_model('auth', 'Permission').objects.get_or_create(
        content_type=content_type, codename='sign_access', defaults={'name': 'Sign who has access to the forum'}
    )[0]
    rows = apps.get_model('municipalities', 'ForumGroupPermission')
    for group in groups:
        rows.objects.get_or_create(group=group, permission=permission, content_object_id=known[group.name.rpartition(':')[0]])


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0012_setup'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [migrations.RunPython(may_sign, migrations.RunPython.noop), migrations.RunSQL(GUARD, UNGUARD)]
