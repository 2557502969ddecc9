"""Writes of who comes in somebody's place: ask a deputy, say that there is none, take it back. Part of answering an invitation."""

from datetime import timedelta

from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.roles import Verb
from access.wrong_tries import too_often
from meetings import invitations
from meetings.agenda import is_insider
from meetings.agenda_actions import need
from meetings.deputies import choices
from meetings.errors import MeetingStateError
from meetings.models import Attendance, Meeting
from meetings.rows import locked_meeting

Reply = Attendance.Reply
MOST_ASKED, ASKED_WITHIN = 5, timedelta(hours=1)  # for one seat and one meeting
MOST_ANSWERED = 6  # within the same time, of answers that somebody gets a mail about


def answer_invitation(meeting: Meeting, *, actor: Actor, reply: str) -> None:
    """Whether the actor himself comes. All his seats in the forum get the same answer.

    Who comes after all needs no deputy. When a deputy does not come, or comes after all, the one who asked him is told.
    Raises MeetingStateError when he has been told too often within an hour.
    """
    meeting, own = _own(meeting, actor)
    told = [row.stands_in_for.user for row in own if row.stands_in_for is not None and (row.reply == Reply.NO) != (reply == Reply.NO)]
    need(not told or not too_often(f"answer:{meeting.pk}:{actor.user_id}", most=MOST_ANSWERED, within=ASKED_WITHIN), _answered_too_often())
    if reply != Reply.NO:
        _release(meeting, own)
    invitations.send(meeting, told, invitations.DEPUTY_DECLINED if reply == Reply.NO else invitations.DEPUTY_COMES)
    _write(own, reply=Reply(reply))


def ask_deputy(meeting: Meeting, *, actor: Actor, seat: str) -> User:
    """Ask the holder of a deputy's seat, by its public id, to come in the actor's place; returns him. He gets a mail with the date.

    It gives him no right: he sees the meeting by the seat that he has. Raises MeetingStateError for any other seat, and for the sixth time within an hour.
    """
    meeting, own = _own(meeting, actor)
    need(not any(row.stands_in_for_id for row in own), _("You come in another’s place yourself. Answer that you do not come; then he can ask somebody else."))
    attendances = list(Attendance.objects.select_for_update(of=("self",)).filter(meeting=meeting).select_related("user", "seat"))
    found = next((choice for choice in choices(meeting, own, attendances) if choice.seat.public_id == seat), None)
    if found is None:
        raise MeetingStateError(_("Only a deputy of your seat in this forum can come in your place. Choose one on the list."))
    deputy, user, place = found
    known = next((row for row in attendances if row.seat_id == deputy.pk), None)
    if known is not None and known.stands_in_for_id == place.pk and known.reply != Reply.NO:
        return user
    need(not too_often(f"deputy:{meeting.pk}:{place.seat_id}", most=MOST_ASKED, within=ASKED_WITHIN), _asked_too_often())
    _release(meeting, own)
    _write(own, reply=Reply.NO)
    known = Attendance.objects.filter(meeting=meeting, seat=deputy).first()  # as it is after the release
    if known is None:
        Attendance.objects.create(
            tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, seat=deputy, user=user, stands_in_for=place, is_called_as_deputy=True
        )
    else:
        _write([known], stands_in_for=place, reply=Reply.NONE)
    invitations.send(meeting, [user], invitations.DEPUTY_ASKED)
    return user


def _asked_too_often() -> str:
    return _("You have asked %(count)s times within an hour. Call your deputy, or wait a little before you ask again.") % {"count": MOST_ASKED}


def _answered_too_often() -> str:
    return _("You have changed your answer %(count)s times within an hour. Call the one in whose place you were asked to come.") % {"count": MOST_ANSWERED}


def say_no_deputy(meeting: Meeting, *, actor: Actor) -> None:
    """Nobody comes in the actor's place; who was asked is told that he need not."""
    meeting, own = _own(meeting, actor)
    _release(meeting, own)
    _write(own, reply=Reply.NO, is_without_deputy=True)


def withdraw_deputy(meeting: Meeting, *, actor: Actor) -> None:
    """Who was asked need not come; or it is not so that nobody comes. The actor's own answer stays."""
    meeting, own = _own(meeting, actor)
    _release(meeting, own)


def _own(meeting: Meeting, actor: Actor) -> tuple[Meeting, list[Attendance]]:
    """The meeting and the actor's own rows, locked. Raises MeetingStateError when he is not called, or it is no time for answers."""
    need(is_insider(actor, meeting), _("You are not called to this meeting."))
    meeting = locked_meeting(meeting, actor, Verb.VIEW_AGENDA)
    need(meeting.status == Meeting.Status.CALLED, _("You can answer while the meeting is called and not yet held."))
    rows = Attendance.objects.select_for_update(of=("self",)).filter(meeting=meeting, user_id=actor.user_id)
    own = list(rows.select_related("seat", "user", "stands_in_for__user").order_by("pk"))
    need(bool(own), _("You are not called to this meeting."))
    return meeting, own


def _release(meeting: Meeting, own: list[Attendance]) -> None:
    """Let go whoever stands in for these; one who was called for that alone leaves the list, and the date his calendar."""
    _write(own, is_without_deputy=False)
    rows = Attendance.objects.select_for_update(of=("self",)).filter(meeting=meeting, stands_in_for__in=own)
    for row in rows.select_related("user"):
        if row.reply != Reply.NO:
            invitations.send(meeting, [row.user], invitations.DEPUTY_RELEASED if row.is_called_as_deputy else invitations.DEPUTY_NOT_NEEDED)
        if row.is_called_as_deputy and row.presence == Attendance.Presence.UNKNOWN:
            row.delete()
        else:
            _write([row], stands_in_for=None)


def _write(rows: list[Attendance], **values: object) -> None:
    for row in rows:
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            row.save(update_fields=changed)
