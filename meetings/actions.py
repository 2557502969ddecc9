"""Every write of meetings and agendas: authorise, lock, check the state, write, notify. Minutes: meetings/minute_actions.py.

All take the row and `actor`; all raise PermissionDenied when he may not, and MeetingStateError when the meeting is not
in a state for it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.policy import require
from access.roles import CONVENERS, Convening, Verb
from meetings import former_invited, invitations
from meetings.agenda import classes_for
from meetings.agenda_actions import add_item, carry_item, change_item, create_item, move_item, need, remove_item, restore_item
from meetings.agreement_actions import drop_agreement, finish_agreement, hand_over, may_tick, move_agreement, tick_agreement
from meetings.deputy_actions import answer_invitation, ask_deputy, say_no_deputy, withdraw_deputy
from meetings.minute_actions import (
    add_agreement,
    add_correction,
    approve_minutes,
    close_meeting,
    finish_item,
    note_presence,
    note_rest_present,
    save_item_text,
)
from meetings.models import AgendaItem, AgendaTemplate, Attendance, Meeting
from meetings.numbers import follow_dates, lock_numbers, next_number
from meetings.parts import tell_moved
from meetings.rows import locked_meeting
from meetings.two_convene import has_passed_unconfirmed, passed
from municipalities.models import Forum, Seat
from municipalities.versions import refuse_stale

__all__ = [
    "add_agreement", "add_correction", "add_item", "answer_invitation", "approve_minutes", "ask_deputy", "call_meeting", "cancel_meeting", "carry_item", "change_item",
    "close_meeting", "create_meeting", "drop_agreement", "finish_agreement", "finish_item", "hand_over", "lay_agenda", "may_tick", "move_agreement",
    "move_item", "move_meeting", "note_presence", "note_rest_present", "remove_item", "restore_item", "save_item_text", "say_no_deputy", "tick_agreement", "withdraw_deputy",
]  # fmt: skip

Status = Meeting.Status
# of a meeting, what its form of time and place has nothing to do with: a call or an answer meanwhile is no reason to refuse a change
APART_FROM_TIME = [field.attname for field in Meeting._meta.concrete_fields if field.attname not in ("starts_at", "ends_at", "place", "proposals_until")]


def create_meeting(
    forum: Forum, *, actor: Actor, starts_at: datetime, ends_at: datetime, place: str = "", template: AgendaTemplate | None = None, number: int | None = None, planned_for: str = ""
) -> Meeting:
    """Plan a meeting as a draft, with the items of the template, if there is one.

    `number` in the year: what the date gives when it is not given, and the later drafts then move up. Whoever plans several gives it, and
    has the drafts follow afterwards (`meetings.numbers`). `planned_for`: which date of the year's plan it is.
    """
    require(actor, Verb.CONVENE, forum)
    lock_numbers(forum.tenant_id)
    meeting = Meeting.objects.create(
        tenant_id=forum.tenant_id, forum=forum, number=number or next_number(forum, starts_at), starts_at=starts_at, ends_at=ends_at, place=place, planned_for=planned_for
    )
    if template is not None:
        lay_agenda(meeting, template, actor)
    if number is None:
        follow_dates(forum, starts_at)
    return meeting


def lay_agenda(meeting: Meeting, template: AgendaTemplate, actor: Actor) -> None:
    """The agenda of a meeting that was just made: the standing items, each under the one it stands under.

    Cases are put on the agenda one by one, so a mark of the closed part is left out.

    So is what is above the forum's ceiling, when that has been lowered since: no such item can stand on its agenda; and what
    the actor's seat does not read (`standing_agendas.left_out` says so): somebody who reads it puts it on.
    """
    made: dict[int, AgendaItem] = {}
    same = ("order", "title", "presenter", "presenter_kind", "is_optional", "fill", "duration", "kind", "data_class")
    for item in template.items.filter(data_class__in=classes_for(actor, meeting.forum)):
        made[item.pk] = create_item(meeting, parent=made.get(item.parent_id or 0), **{name: getattr(item, name) for name in same})


def move_meeting(meeting: Meeting, *, actor: Actor, starts_at: datetime, ends_at: datetime, place: str, seen: str | None = None) -> Meeting:
    """Change time or place. `seen`: the fingerprint of what the change was made from; raises StaleError when another has changed it since.

    Who has been called gets the invitation again, with the next sequence number; whoever has left, a cancellation of his. Drafts get the
    numbers of their dates.
    """
    lock_numbers(meeting.tenant_id)
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    need(meeting.is_planned, _("The meeting has been held or cancelled. Its time cannot be changed."))
    refuse_stale(meeting, seen, APART_FROM_TIME)
    if (meeting.starts_at, meeting.ends_at, meeting.place) == (starts_at, ends_at, place):
        return meeting
    was_at, meeting.starts_at, meeting.ends_at, meeting.place = meeting.starts_at, starts_at, ends_at, place
    if meeting.status == Status.CALLED:
        meeting.sequence += 1
        if timezone.localtime(was_at).year != timezone.localtime(starts_at).year:  # its papers say a number of the other year
            meeting.number = next_number(meeting.forum, starts_at)
    else:  # a second person confirms the time that was asked for, and no other
        meeting.call_asked_by, meeting.call_asked_at = None, None
    meeting.save(update_fields=["starts_at", "ends_at", "place", "sequence", "number", "call_asked_by", "call_asked_at"])
    follow_dates(meeting.forum, was_at, starts_at)
    tell_moved(meeting, actor)
    if meeting.status == Status.CALLED:
        invitations.send(meeting, invitations.invited(meeting), invitations.MOVED)
        former_invited.take_out(meeting, actor)
    return meeting


def call_meeting(meeting: Meeting, *, actor: Actor, chosen: Collection[str] | None = None) -> Meeting:
    """Call everybody who holds a seat now, deputies apart: an attendance row and a mail with the date each. Again: only those who are new.

    A deputy is called when the one whose deputy he is asks him (`ask_deputy`), or when he is chosen here.
    `chosen`: public ids of the seats that are called, when the convener has said which; the others get nothing.

    Where two convene together, the first one's call is kept as a wish, and the meeting stays a draft until another one calls it.
    """
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    need(meeting.is_planned, _("The meeting has been held or cancelled. Nobody can be called to it."))
    first = meeting.status == Status.DRAFT
    by_two = first and meeting.forum.convening == Convening.TWO
    if by_two and meeting.call_asked_by_id is None:
        return _ask_for_second(meeting, actor)
    need(not first or not has_passed_unconfirmed(meeting), passed())
    need(not by_two or meeting.call_asked_by_id != actor.user_id, _("Two convene this forum together: somebody else has to confirm your call."))
    if first:
        meeting.status, meeting.called_at = Status.CALLED, timezone.now()
        meeting.save(update_fields=["status", "called_at"])
    known = set(Attendance.objects.filter(meeting=meeting).values_list("seat_id", flat=True))
    new = [seat for seat in seats_to_call(meeting) if seat.pk not in known and _is_called(seat, chosen)]
    for seat in new:
        Attendance.objects.create(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, seat=seat, user=seat.user)
    called = {seat.user.pk: seat.user for seat in new}  # one may hold two seats
    invitations.send(meeting, invitations.invited(meeting) if first else called.values(), invitations.CALLED)
    return meeting


def _is_called(seat: Seat, chosen: Collection[str] | None) -> bool:
    return not seat.is_deputy if chosen is None else seat.public_id in chosen


def _ask_for_second(meeting: Meeting, actor: Actor) -> Meeting:
    meeting.call_asked_by_id, meeting.call_asked_at = actor.user_id, timezone.now()
    meeting.save(update_fields=["call_asked_by", "call_asked_at"])
    invitations.send(meeting, _others_who_convene(meeting, actor), invitations.CALL_ASKED)
    return meeting


def _others_who_convene(meeting: Meeting, actor: Actor) -> Iterable[User]:
    roles = CONVENERS[Convening(meeting.forum.convening)]
    seats = [seat for seat in seats_to_call(meeting) if seat.role in roles or seat.may_convene]
    return {seat.user.pk: seat.user for seat in seats if seat.user.pk != actor.user_id}.values()


def seats_to_call(meeting: Meeting) -> Iterable[Any]:
    """The seats that are held now, with user and organisation, and whose deputy each is, in a steady order."""
    held = Seat.objects.current().filter(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, user__isnull=False)
    return held.select_related("user", "organisation", "deputy_for__user", "deputy_for__organisation").order_by("user__first_name", "user__last_name", "pk")


def cancel_meeting(meeting: Meeting, *, actor: Actor) -> Meeting:
    """Cancel a planned meeting; who has been called gets a cancellation for the calendar."""
    lock_numbers(meeting.tenant_id)
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    need(meeting.is_planned, _("The meeting has been held or cancelled already."))
    was_called = meeting.status == Status.CALLED
    meeting.status = Status.CANCELLED
    meeting.sequence += was_called
    meeting.save(update_fields=["status", "sequence"])
    follow_dates(meeting.forum, meeting.starts_at)
    tell_moved(meeting, actor)
    if was_called:
        invitations.send(meeting, invitations.invited(meeting), invitations.CANCELLED)
        former_invited.take_out(meeting, actor)
    return meeting
