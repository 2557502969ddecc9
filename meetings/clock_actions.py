"""Writes of the clock of an item. One clock runs at a time in a meeting; that an item is done is another matter."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.roles import Verb
from meetings.errors import MeetingStateError
from meetings.models import AgendaItem, Meeting
from meetings.rows import locked_item


def start_item(item: AgendaItem, *, actor: Actor) -> AgendaItem:
    """Start the item's clock, and stop the one that runs. Started again, it goes on from what was spent; while it runs nothing changes.

    Raises MeetingStateError outside a meeting that is under way.
    """
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    _need_under_way(meeting)
    if item.is_running:
        return item
    now = timezone.now()
    stop_running(meeting, now)
    item.spent_before, item.started_at, item.ended_at = item.seconds_spent(now), now, None
    item.save(update_fields=["spent_before", "started_at", "ended_at"])
    return item


def stop_item(item: AgendaItem, *, actor: Actor) -> AgendaItem:
    """Stop the item's clock. Again changes nothing."""
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    _need_under_way(meeting)
    if item.is_running:
        _stop(item, timezone.now())
    return item


def stop_running(meeting: Meeting, now: datetime) -> None:
    """Stop whatever clock runs in a meeting that is locked already: another item begins, or the meeting ends."""
    for item in AgendaItem.objects.select_for_update(no_key=True).filter(tenant_id=meeting.tenant_id, meeting=meeting, started_at__isnull=False, ended_at=None):
        _stop(item, now)


def _stop(item: AgendaItem, now: datetime) -> None:
    item.ended_at = now
    item.save(update_fields=["ended_at"])


def _need_under_way(meeting: Meeting) -> None:
    if meeting.status != Meeting.Status.CALLED:
        raise MeetingStateError(_("The clock runs only while the meeting is under way: after the call, and until it is closed."))
