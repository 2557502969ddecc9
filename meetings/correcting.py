"""An agreement that was typed wrong, put right or taken away while the minutes are open. After the approval the minutes keep what was agreed.

The row stays the same one, so what leads to it still does, and each change stands in the access log. Nobody is mailed.
"""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.roles import Verb
from meetings.agreement_actions import add_parties, need_seated
from meetings.errors import MeetingStateError
from meetings.minute_actions import need_writable
from meetings.minutes import as_approved, checksum
from meetings.models import AgendaItem, Agreement
from meetings.rows import locked_item
from municipalities.models import Seat


def as_read(agreement: Agreement) -> str:
    """What the agreement said when it was shown, in few letters: who corrects it names it."""
    return checksum({"agreed": [as_approved(agreement), agreement.what, agreement.due_on.isoformat()]})[:16]


def find_to_correct(item: AgendaItem, key: str) -> Agreement:
    """The agreement of this item, while it is as it was agreed. Raises MeetingStateError with a sentence."""
    return _only(_of(item, key))


def correct_agreement(item: AgendaItem, key: str, *, actor: Actor, seen: str, who: Sequence[User | Seat], what: str, due_on: date) -> Agreement:
    """It was agreed otherwise than it was typed: other words, another day, others who do it. `seen`: what was shown (`as_read`)."""
    agreement = _locked(item, key, actor, seen)
    if not agreement.is_with(who):
        need_seated(agreement.meeting.forum, who)
        for row in agreement.parties.all():
            row.delete()  # one at a time, so that each stands in the log
        add_parties(agreement, who)
    changed = [name for name, value in (("what", what), ("due_on", due_on)) if getattr(agreement, name) != value]
    if changed:
        agreement.what, agreement.due_on = what, due_on
        agreement.save(update_fields=changed)
    return agreement


def take_away_agreement(item: AgendaItem, key: str, *, actor: Actor, seen: str) -> None:
    """It was not agreed at all, or under another item. Raises MeetingStateError when somebody has been told of it or done something with it."""
    agreement = _locked(item, key, actor, seen)
    try:
        with transaction.atomic():
            agreement.delete()
            connection.check_constraints()
    except IntegrityError as error:  # a reminder, or a step of its history, that is never deleted
        raise MeetingStateError(_("Somebody has been reminded of the agreement, or has noted something about it. It stays; mark it as dropped on its own page.")) from error


def _locked(item: AgendaItem, key: str, actor: Actor, seen: str) -> Agreement:
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    need_writable(meeting)
    agreement = _only(_of(item, key).select_for_update(of=("self",)))
    if as_read(agreement) != seen:
        raise MeetingStateError(_("Somebody else has corrected the agreement since you opened it: “%(what)s”. Leave it, or open it again.") % {"what": agreement.what})
    return agreement


def _of(item: AgendaItem, key: str) -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.filter(tenant_id=item.tenant_id, item=item, public_id=key).select_related("meeting__forum")
    return found


def _only(rows: QuerySet[Agreement]) -> Agreement:
    agreement = rows.first()
    if agreement is None:
        raise MeetingStateError(_("The agreement no longer stands under the item. Somebody may have taken it away."))
    if not agreement.is_as_agreed:
        raise MeetingStateError(_("The agreement has been done, moved, dropped or handed over since. What becomes of it now is noted on its own page."))
    return agreement
