"""Writes of the minutes: texts, attendance, agreements, close, approve, correct. Part of meetings/actions.py, which names them all."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.logged import change_together
from access.models import User
from access.notify import queue_job
from access.roles import Verb
from meetings import invitations
from meetings.agenda import sees_all
from meetings.agreement_actions import add_parties, need_seated
from meetings.clock_actions import stop_running
from meetings.errors import LockedMinutesError, MeetingStateError, StaleTextError
from meetings.minutes import content_hash, not_begun
from meetings.models import AgendaItem, Agreement, Attendance, CorrectionNote, Meeting
from meetings.rows import locked_item, locked_meeting
from municipalities.models import Seat

Status = Meeting.Status


def save_item_text(item: AgendaItem, *, actor: Actor, text: str, decision: str, version: int) -> AgendaItem:
    """Save the minutes of an item. `version` is the one that was read.

    Raises StaleTextError with the saved texts when somebody has saved since; the same texts again are no conflict.
    """
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    if item.is_closed:
        raise MeetingStateError(_("The minutes of a closed item are written in the case."))
    if (item.text, item.decision) == (text, decision):
        return item
    if item.text_version != version:
        raise StaleTextError(item.text, item.decision, item.text_version, item.saved_by, item.saved_at)
    saved = {"text": text, "decision": decision, "text_version": version + 1, "saved_by_id": actor.user_id, "saved_at": timezone.now()}
    change_together([item], **saved)  # the row is in hand: the log need not read it anew every few seconds
    return item


def finish_item(item: AgendaItem, *, actor: Actor, is_done: bool = True) -> AgendaItem:
    """Mark that the meeting is through with an item, or not after all."""
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    item.is_done = is_done
    item.save(update_fields=["is_done"])
    return item


def note_presence(meeting: Meeting, *, actor: Actor, presence: dict[int, str]) -> None:
    """Note who was there: attendance id -> presence. Ids of other meetings are left alone."""
    meeting = locked_meeting(meeting, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    for row in Attendance.objects.select_for_update().filter(meeting=meeting, pk__in=presence):
        chosen = Attendance.Presence(presence[row.pk])
        if row.presence != chosen:
            row.presence = chosen
            row.save(update_fields=["presence"])


def note_rest_present(meeting: Meeting, *, actor: Actor) -> list[str]:
    """Note as present whoever nothing is noted of. Returns the names of those who are left as they are (`Attendance.is_expected`).

    Raises MeetingStateError before the day of the meeting: a page may be older than the last move.
    """
    meeting = locked_meeting(meeting, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    if not meeting.is_its_day:
        raise MeetingStateError(_("Who is present is noted from the day of the meeting on."))
    rows = Attendance.objects.select_for_update(of=("self",)).filter(tenant_id=meeting.tenant_id, meeting=meeting, presence=Attendance.Presence.UNKNOWN)
    unknown = list(rows.select_related("user", "seat").order_by("user__first_name", "user__last_name", "pk"))
    change_together([row for row in unknown if row.is_expected(meeting.starts_at)], presence=Attendance.Presence.PRESENT)
    return [row.user.name for row in unknown if not row.is_expected(meeting.starts_at)]


def add_agreement(item: AgendaItem, *, actor: Actor, who: User | Seat | Sequence[User | Seat], what: str, due_on: date) -> Agreement:
    """Agree under an item that somebody who sits in the forum, or several, or who holds a seat of it, does something by a day.

    The same again, while it is open, is the one that stands: a button was pressed twice, or one button after the other.
    """
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    if item.is_closed:
        raise MeetingStateError(_("An agreement about a case is made in the case."))
    chosen = [who] if isinstance(who, User | Seat) else list(who)
    need_seated(meeting.forum, chosen)
    if (same := _same_agreement(item, actor, chosen, what, due_on)) is not None:
        return same
    agreement: Agreement = Agreement.objects.create(
        tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, item=item, what=what, due_on=due_on, created_by_id=actor.user_id
    )
    add_parties(agreement, chosen)
    return agreement


def _same_agreement(item: AgendaItem, actor: Actor, chosen: Sequence[User | Seat], what: str, due_on: date) -> Agreement | None:
    """The open one that the actor has made under the item, with the same words, day and parties."""
    mine = Agreement.objects.filter(tenant_id=item.tenant_id, item=item, created_by_id=actor.user_id, status=Agreement.Status.OPEN, what=what, due_on=due_on)
    return next((made for made in mine.with_parties() if made.is_with(chosen)), None)


def close_meeting(meeting: Meeting, *, actor: Actor) -> Meeting:
    """End the meeting: the minutes wait for approval, and those who were present are told so.

    Raises MeetingStateError when it has not been called, or has not begun.
    """
    meeting = locked_meeting(meeting, actor, Verb.WRITE_MINUTES)
    if meeting.status != Status.CALLED:
        raise MeetingStateError(_("Only a meeting that has been called can be closed."))
    _need_begun(meeting)
    meeting.status, meeting.closed_at = Status.CLOSED, timezone.now()
    stop_running(meeting, meeting.closed_at)
    meeting.save(update_fields=["status", "closed_at"])
    invitations.send(meeting, invitations.present(meeting), invitations.MINUTES_READY)
    return meeting


def approve_minutes(meeting: Meeting, *, actor: Actor, seen: str, at_meeting: Meeting | None = None) -> Meeting:
    """Approve and lock the minutes, with a checksum. `seen` is the checksum of what the approver was shown.

    `at_meeting`: the forum's later meeting that approves them, when its item «the latest minutes» was the way here.

    Raises MeetingStateError when they are not closed, the meeting has not begun, or somebody has changed them since they were shown.
    """
    meeting = locked_meeting(meeting, actor, Verb.APPROVE_MINUTES)
    if meeting.status != Status.CLOSED:
        raise MeetingStateError(_("Only minutes that wait for approval can be approved."))
    _need_begun(meeting)
    if not sees_all(actor, meeting):  # what he does not see cannot stand in what he approves
        raise MeetingStateError(_("You do not see every item of this meeting. Let a member who does approve the minutes."))
    if at_meeting is not None:
        _need_approves(at_meeting, meeting)
    found = content_hash(meeting)
    if found != seen:
        raise MeetingStateError(_("The minutes have been changed since you opened them. Read them again, and then approve."))
    meeting.status, meeting.approved_at, meeting.approved_by_id, meeting.content_hash = Status.APPROVED, timezone.now(), actor.user_id, found
    meeting.approved_at_meeting = at_meeting
    meeting.save(update_fields=["status", "approved_at", "approved_by", "approved_at_meeting", "content_hash"])
    queue_job(actor, "forget_books", meeting_id=meeting.pk, before=meeting.approved_at.isoformat())  # a copy from before is not what was approved
    return meeting


def add_correction(item: AgendaItem, *, actor: Actor, text: str) -> CorrectionNote:
    """Correct approved minutes by a note under the item. What was approved stays as it is."""
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    if meeting.status != Status.APPROVED:
        raise MeetingStateError(_("The minutes are not approved yet: correct the text itself."))
    if item.is_closed:
        raise MeetingStateError(_("The minutes of a closed item are written in the case."))
    return CorrectionNote.objects.create(tenant_id=meeting.tenant_id, meeting=meeting, item=item, author_id=actor.user_id, text=text)


def _need_approves(later: Meeting, meeting: Meeting) -> None:
    if later.forum_id != meeting.forum_id or later.starts_at <= meeting.starts_at or later.status not in (Status.CALLED, Status.CLOSED):
        raise MeetingStateError(_("That meeting cannot approve these minutes. Approve them on their own page."))
    if not later.has_begun:
        raise MeetingStateError(_("The meeting that is to approve the minutes has not begun. Approve them at the meeting, or on their own page."))


def _need_begun(meeting: Meeting) -> None:
    if not meeting.has_begun:
        raise MeetingStateError(not_begun(meeting))


def need_writable(meeting: Meeting) -> None:
    """Raises LockedMinutesError after the approval, MeetingStateError before the call."""
    if meeting.status == Status.APPROVED:
        raise LockedMinutesError(_("The minutes are approved and locked. Write a correction under the item instead."))
    if meeting.status not in (Status.CALLED, Status.CLOSED):
        raise MeetingStateError(_("Minutes can be written when the meeting has been called, until they are approved."))
