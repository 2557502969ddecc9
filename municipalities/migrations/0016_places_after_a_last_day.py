"""A place whose holder has, or has had, a last day is vacant after it: the product writes that stretch together with the day; here for the days that were there before."""

from datetime import datetime, time, timedelta

from django.db import migrations
from django.utils import timezone

from access.operations import each_tenant_visible
from access.public_ids import new_public_id

SAME = (
    'tenant_id', 'forum_id', 'kind', 'deputy_for_id', 'has_vote', 'may_convene', 'may_chair', 'may_minute', 'title', 'organisation_id', 'role', 'group_id',
)  # fmt: skip


def leave_vacant(apps, schema_editor):
    """One row for each such place; one without a key gets it, as the product does it."""
    seats, forums = apps.get_model('municipalities', 'Seat'), apps.get_model('municipalities', 'Forum')
    schema_editor.execute("select set_config('ssp.tenant_verbs', '{manage_tenant}', true)")  # who changes a seat is an administrator, says its guard
    with each_tenant_visible(schema_editor, seats, forums):
        rows = seats.objects.exclude(kind='AD_HOC').exclude(user=None).exclude(valid_to=None).select_related('forum', 'group').order_by('valid_to', 'pk')
        for seat in [row for row in rows if _has_a_last_day(row)]:
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
    name = '+'.join([f'forum:{seat.forum_id}:{seat.role_before}', *duties])
    return {**same, 'role': seat.role_before, 'group_id': apps.get_model('auth', 'Group').objects.get(name=name).pk}


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0015_class_changes_in_the_export'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [migrations.RunPython(leave_vacant, migrations.RunPython.noop)]
