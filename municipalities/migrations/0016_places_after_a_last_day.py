"""A place whose holder has, or has had, a last day is vacant after it: the product writes that stretch together with the day; here for the days that were there before."""

from datetime import datetime, time, timedelta

from django.db import migrations
from django.utils import timezone

from access.operations import each_tenant_visible
from access.public_ids import new_public_id
from access.roles import Convening, DataClass, Duty, ForumKind, SeatRole, verbs_of

SAME = (
    'tenant_id', 'forum_id', 'kind', 'deputy_for_id', 'has_vote', 'may_convene', 'may_chair', 'may_minute', 'title', 'organisation_id', 'role', 'group_id',
)  # fmt: skip


def leave_vacant(apps, schema_editor):
    """One row for each such place; one without a key gets it, as the product does it."""
    seats, *seen = (apps.get_model('municipalities', name) for name in ('Seat', 'Forum', 'Organisation'))
    schema_editor.execute("select set_config('ssp.tenant_verbs', '{manage_tenant}', true)")  # who changes a seat is an administrator, says its guard
    with each_tenant_visible(schema_editor, seats, *seen):
        rows = seats.objects.exclude(kind='AD_HOC').exclude(user=None).exclude(valid_to=None).select_related('forum', 'group', 'organisation')
        for seat in [row for row in rows.order_by('valid_to', 'pk') if _has_a_last_day(row) and not _is_kept_out(row)]:
            if not _goes_on(seats, seat):
                key = seat.key or f'plads-{seat.public_id}'.lower()
                seats.objects.filter(pk=seat.pk, key='').update(key=key)
                place = {**_place(apps, seat), 'key': key, 'public_id': new_public_id()}
                seats.objects.create(**place, valid_from=seat.valid_to, valid_to=_end_of_day(seat.forum.active_to))


def _has_a_last_day(seat):
    """His own, before his forum's. A seat that was taken out of its forum ended at that very moment, and not as a day begins."""
    forum_ends = _end_of_day(seat.forum.active_to)
    is_a_day = timezone.localtime(seat.valid_to).time() == time.min and seat.valid_from < seat.valid_to
    return is_a_day and (forum_ends is None or seat.valid_to < forum_ends)


def _is_kept_out(seat):
    """Of a forum that has got person data since: no such seat can be made in it, says its guard."""
    return seat.forum.ceiling.startswith('PERSON') and (seat.role in ('PUPIL', 'CIVIL') or seat.organisation.kind == 'private')


def _end_of_day(day):
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None


def _goes_on(seats, seat):
    """True when another row has the place, or one like it, at some time after his last day."""
    later = seats.objects.filter(forum_id=seat.forum_id).exclude(pk=seat.pk).exclude(valid_to__lte=seat.valid_to)
    like_it = later.filter(title=seat.title, organisation_id=seat.organisation_id)
    return like_it.exists() or (bool(seat.key) and later.filter(key=seat.key).exists())


def _place(apps, seat):
    """What the seat was before its holder was elected to the chair, if he was."""
    same = {name: getattr(seat, name) for name in SAME}
    if not seat.role_before:
        return same
    duties = seat.group.name.rpartition(':')[2].split('+')[1:]
    return {**same, 'role': seat.role_before, 'group_id': _group(apps, seat.forum, [seat.role_before, *duties]).pk}


def _group(apps, forum, words):
    """The group of a role with these duties; made with its rights when nobody has needed it yet, as for who got his duties in the chair."""
    name = '+'.join([f'forum:{forum.pk}:{words[0]}', *words[1:]])
    group, is_new = apps.get_model('auth', 'Group').objects.get_or_create(name=name)
    if is_new:
        rights, permissions = apps.get_model('municipalities', 'ForumGroupPermission'), apps.get_model('auth', 'Permission')
        verbs = verbs_of(ForumKind(forum.kind), SeatRole(words[0]), DataClass(forum.ceiling), Convening(forum.convening), [Duty(word) for word in words[1:]])
        for permission in permissions.objects.filter(content_type__app_label='municipalities', content_type__model='forum', codename__in=verbs):
            rights.objects.create(group_id=group.pk, permission_id=permission.pk, content_object_id=forum.pk)
    return group


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0015_class_changes_in_the_export'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [migrations.RunPython(leave_vacant, migrations.RunPython.noop)]
