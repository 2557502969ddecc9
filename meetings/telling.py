"""What the participants are told when the convener says so: that the agenda was changed after the call, and that an answer is missing.

A change is remembered on the meeting until they are told of it. Only a change of what every member of the forum reads is: that
something of a closed class came on, or was changed, is no news for who does not see it. The mails bear no text of the agenda.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.roles import DataClass, Verb
from meetings import invitations
from meetings.errors import MeetingStateError
from meetings.models import Attendance, Meeting
from meetings.rows import locked_meeting

READ_BY_ALL = (DataClass.PUBLIC, DataClass.INTERNAL)


def note_change(meeting: Meeting, *classes: str) -> None:
    """The agenda is changed at an item that is, or was, of these classes. `meeting` is locked. Writes once, until the participants are told."""
    is_news = meeting.status == Meeting.Status.CALLED and any(DataClass(name) in READ_BY_ALL for name in classes)
    if is_news and meeting.agenda_changed_at is None:
        _write(meeting, agenda_changed_at=timezone.now())


def tell_of_changes(meeting: Meeting, *, actor: Actor) -> int:
    """Tell all who are called, but not the actor, that the agenda was changed; returns how many. Raises MeetingStateError when nothing was, or somebody has told them."""
    meeting = _called(meeting, actor)
    if meeting.agenda_changed_at is None:
        raise MeetingStateError(_("The participants have been told already. Nothing has been changed since."))
    people = [user for user in invitations.invited(meeting) if user.pk != actor.user_id]
    _write(meeting, agenda_changed_at=None)
    invitations.send(meeting, people, invitations.AGENDA_CHANGED)
    return len(people)


def ask_for_answers(meeting: Meeting, *, actor: Actor) -> int:
    """Remind those who have not answered the call; returns how many. Raises MeetingStateError when all have, or they were reminded today."""
    meeting = _called(meeting, actor)
    people = [user for user in _without_answer(meeting) if user.pk != actor.user_id]
    if not people:
        raise MeetingStateError(_("Everybody has answered. Nobody needs a reminder."))
    if is_today(meeting.answers_asked_at):
        raise MeetingStateError(_("They have been reminded today. Wait until tomorrow, or call them on the telephone."))
    _write(meeting, answers_asked_at=timezone.now())
    invitations.send(meeting, people, invitations.ANSWER_MISSING)
    return len(people)


def is_today(moment: datetime | None) -> bool:
    """True for a moment of this day, in Denmark."""
    return moment is not None and timezone.localtime(moment).date() == timezone.localdate()


def _without_answer(meeting: Meeting) -> list[User]:
    answers = invitations.replies(meeting)
    return [user for user in invitations.invited(meeting) if answers.get(user.pk) == Attendance.Reply.NONE]


def _called(meeting: Meeting, actor: Actor) -> Meeting:
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    if meeting.status != Meeting.Status.CALLED or meeting.has_begun:
        raise MeetingStateError(_("The meeting has begun, or it is cancelled or not called yet. Nobody is told."))
    return meeting


def _write(meeting: Meeting, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=list(fields))
