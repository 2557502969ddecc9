"""An agreement that was typed wrong, put right or taken away while the minutes are open. After the approval the minutes keep what was agreed.

The row stays the same one, so what leads to it still does, and each change stands in the access log. Nobody is mailed. The same for an
agreement in a case that was made at a meeting (`cases.correcting`): what is asked of the side is asked of its course.
"""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.roles import Verb
from meetings.agreement_actions import course
from meetings.agreement_course import Course
from meetings.minute_actions import need_writable
from meetings.minutes import as_approved, checksum
from meetings.models import AgendaItem, Agreed, Agreement
from meetings.rows import locked_item
from municipalities.models import Seat


def as_read(agreement: Agreed) -> str:
    """What the agreement said when it was shown, in few letters: who corrects it names it."""
    return checksum({"agreed": [as_approved(agreement), agreement.what, agreement.due_on.isoformat()]})[:16]


def find_to_correct(item: AgendaItem, key: str) -> Agreement:
    """The agreement of this item, while it is as it was agreed. Raises MeetingStateError with a sentence."""
    return only_as_agreed(course, _of(item, key))


def correct_agreement(item: AgendaItem, key: str, *, actor: Actor, seen: str, who: Sequence[User | Seat], what: str, due_on: date) -> Agreement:
    """It was agreed otherwise than it was typed: other words, another day, others who do it. `seen`: what was shown (`as_read`)."""
    agreement = _locked(item, key, actor)
    put_right(course, agreement, seen=seen, who=who, what=what, due_on=due_on)
    return agreement


def take_away_agreement(item: AgendaItem, key: str, *, actor: Actor, seen: str) -> None:
    """It was not agreed at all, or under another item. Raises MeetingStateError when somebody has been told of it or done something with it."""
    take_away(course, _locked(item, key, actor), seen=seen)


def as_key(text: str) -> str:
    """What was sent as the key of an agreement, as a query may have it: one with a NUL, which the database takes in no text, is nobody's."""
    return text if text.isalnum() else ""


def only_as_agreed[A: Agreed](course: Course[A], rows: QuerySet[A]) -> A:
    """The one row, while nothing has become of it."""
    agreement = rows.first()
    if agreement is None:
        raise course.refused(_("The agreement no longer stands under the item. Somebody may have taken it away."))
    if not agreement.is_as_agreed:
        raise course.refused(_("The agreement has been done, moved, dropped or handed over since. What becomes of it now is noted on its own page."))
    return agreement


def put_right[A: Agreed](course: Course[A], agreement: A, *, seen: str, who: Sequence[User | Seat], what: str, due_on: date) -> bool:
    """Change a locked row to what was agreed. Who it is with already need not be able to have it now. True when something is another."""
    _need_as_seen(course, agreement, seen)
    is_with_others = not agreement.is_with(who)
    if is_with_others:
        course.need_able(agreement, who)
        for row in agreement.parties.all():
            row.delete()  # one at a time, so that each stands in the log
        course.add_parties(agreement, who)
    return course.say(agreement, what, due_on) or is_with_others


def take_away[A: Agreed](course: Course[A], agreement: A, *, seen: str) -> None:
    """Delete a locked row with who it was with. Whatever has become of it is never deleted with it."""
    _need_as_seen(course, agreement, seen)
    try:
        with transaction.atomic():
            if agreement.steps.exists():
                raise IntegrityError("it has a history")
            agreement.delete()
            connection.check_constraints()
    except IntegrityError as error:  # a step of its history, or a reminder
        raise course.refused(_("Somebody has been reminded of the agreement, or has noted something about it. It stays; mark it as dropped on its own page.")) from error


def _need_as_seen[A: Agreed](course: Course[A], agreement: A, seen: str) -> None:
    if as_read(agreement) != seen:
        raise course.refused(_("Somebody else has corrected the agreement since you opened it: “%(what)s”. Leave it, or open it again.") % {"what": agreement.what})


def _locked(item: AgendaItem, key: str, actor: Actor) -> Agreement:
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    return only_as_agreed(course, _of(item, key).select_for_update(of=("self",)))


def _of(item: AgendaItem, key: str) -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.filter(tenant_id=item.tenant_id, item=item, public_id=as_key(key)).select_related("meeting__forum")
    return found
