"""What those who were present say about minutes that wait for approval. Also by who approves them in the end."""

from django.utils.translation import gettext as _

from access.actor import Actor
from access.roles import Verb
from meetings.agenda import is_insider, sees_all
from meetings.errors import MeetingStateError
from meetings.minutes import content_hash
from meetings.models import AgendaItem, Attendance, Meeting, MinutesAssent, MinutesComment
from meetings.rows import locked_item, locked_meeting


def assent_to_minutes(meeting: Meeting, *, actor: Actor, seen: str) -> None:
    """The actor finds the minutes right, as he was shown them. Again changes nothing.

    Raises MeetingStateError when he was not present, when they do not wait, or when they have been changed since he was shown `seen`.
    """
    meeting = locked_meeting(meeting, actor, Verb.VIEW_AGENDA)
    _need_answerable(meeting, actor)
    found = content_hash(meeting)
    if found != seen:
        raise MeetingStateError(_("The minutes have been changed since you opened them. Read them again, and then answer."))
    if not MinutesAssent.objects.filter(meeting=meeting, user_id=actor.user_id, content_hash=found).exists():
        MinutesAssent.objects.create(
            tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, user_id=actor.user_id, content_hash=found, sees_all=sees_all(actor, meeting)
        )


def comment_on_minutes(item: AgendaItem, *, actor: Actor, text: str) -> MinutesComment:
    """Say under an item of the general part what is wrong or missing. Raises MeetingStateError as above, and for a closed item."""
    meeting, item = locked_item(item, actor, Verb.VIEW_AGENDA)
    _need_answerable(meeting, actor)
    if item.is_closed:
        raise MeetingStateError(_("The minutes of a closed item are written in the case."))
    return MinutesComment.objects.create(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, item=item, author_id=actor.user_id, text=text)


def _need_answerable(meeting: Meeting, actor: Actor) -> None:
    if meeting.status != Meeting.Status.CLOSED:
        raise MeetingStateError(_("The minutes do not wait for approval now."))
    there = Attendance.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, user_id=actor.user_id, presence=Attendance.Presence.PRESENT)
    if not is_insider(actor, meeting) or not there.exists():
        raise MeetingStateError(_("Only those who were present answer about the minutes."))
