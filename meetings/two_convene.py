"""Where two convene together: calls that wait for the second person, and those that waited until the day had passed."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import may
from access.roles import Verb
from meetings.models import Meeting


def to_confirm(actor: Actor, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those of the meetings whose call somebody else has asked for, and that this actor may confirm as the second of two."""
    asked = (meeting for meeting in meetings if _waits(meeting) and not has_passed_unconfirmed(meeting) and meeting.call_asked_by_id != actor.user_id)
    return [meeting for meeting in asked if may(actor, Verb.CONVENE, meeting)]


def passed_unconfirmed(actor: Actor, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those whose day passed while the call waited, for who may choose a new day or drop them: both of the two."""
    return [meeting for meeting in meetings if has_passed_unconfirmed(meeting) and may(actor, Verb.CONVENE, meeting)]


def has_passed_unconfirmed(meeting: Meeting) -> bool:
    """True when nobody has confirmed the call, and the meeting would be over by now."""
    return _waits(meeting) and meeting.ends_at < timezone.now()


def passed() -> str:
    """What is said of it."""
    return _("The day of the meeting has passed, and nobody confirmed the call. Choose a new day, or drop the meeting.")


def _waits(meeting: Meeting) -> bool:
    return meeting.status == Meeting.Status.DRAFT and meeting.call_asked_by_id is not None
