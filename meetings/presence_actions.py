"""Writes of who was in the room for an item: one item alone, or from it to the end of the agenda, or up to it."""

from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.roles import Verb
from meetings.minute_actions import need_writable
from meetings.models import AgendaItem, Attendance, ItemAbsence, Meeting
from meetings.rows import locked_item


class Reach(models.TextChoices):
    """Which items a change of presence is about."""

    ITEM = "ITEM", _("This item")
    ONWARD = "ONWARD", _("From here on")
    UNTIL = "UNTIL", _("Up to and including this")


def note_item_presence(item: AgendaItem, *, actor: Actor, changes: Mapping[int, bool], reach: str = Reach.ITEM) -> None:
    """Note who was in the room: user id -> whether he was. Who is not named stays as he is, so that two who note at once undo nothing.

    Ids of people who were not at the meeting are left alone. One row at a time: each change stands in the log.
    Raises MeetingStateError when the minutes are not to be written now.
    """
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    came = set(_came(meeting, changes))
    items = list(_reached(item, reach))
    known = {(row.item_id, row.user_id): row for row in ItemAbsence.objects.filter(item_id__in=items, user_id__in=came)}
    for user_id in sorted(came):
        for item_id in items:
            row = known.get((item_id, user_id))
            if changes[user_id] and row is not None:
                row.delete()
            elif not changes[user_id] and row is None:
                ItemAbsence.objects.create(tenant_id=item.tenant_id, item_id=item_id, meeting_id=item.meeting_id, forum_id=item.forum_id, user_id=user_id)


def _came(meeting: Meeting, users: Iterable[int]) -> Iterable[int]:
    rows = Attendance.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, presence=Attendance.Presence.PRESENT, user_id__in=list(users))
    ids: Iterable[int] = rows.values_list("user_id", flat=True)
    return ids


def _reached(item: AgendaItem, reach: str) -> Iterable[int]:
    """The ids of the items, those of the closed part among them as far as the writer has them."""
    rows = AgendaItem.objects.filter(tenant_id=item.tenant_id, meeting_id=item.meeting_id)
    after = Q(order__gt=item.order) | Q(order=item.order, pk__gte=item.pk)
    before = Q(order__lt=item.order) | Q(order=item.order, pk__lte=item.pk)
    wanted = {Reach.ONWARD: after, Reach.UNTIL: before}.get(Reach(reach), Q(pk=item.pk))
    ids: Iterable[int] = rows.filter(wanted).order_by("order", "pk").values_list("pk", flat=True)
    return ids
