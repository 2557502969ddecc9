"""An aftale that was typed wrong in a discussion, put right or taken away until the minutes are approved, as in the general part (`meetings.correcting`).

By who writes the discussion, inside an opened case that is open. What was agreed outside a meeting stands in no minutes: it is moved, dropped or handed over.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from access.actor import Actor
from access.models import User
from access.roles import Verb
from cases.agreement_actions import course
from cases.discussion_actions import need_writable
from cases.models import Case, CaseAgreement, CaseItem
from cases.rows import locked_case, need_open, note_texts
from meetings.correcting import as_key, only_as_agreed, put_right, take_away
from meetings.rows import locked_meeting
from municipalities.models import Seat


def find_to_correct(link: CaseItem, key: str) -> CaseAgreement:
    """The aftale that was made under this item, while it is as it was agreed and can be put right. Raises CaseStateError with a sentence."""
    need_writable(link.meeting)
    need_open(link.case)
    return _only(_of(link, key), link.case)


def correct_agreement(link: CaseItem, key: str, *, actor: Actor, seen: str, who: Sequence[User | Seat], what: str, due_on: date) -> CaseAgreement:
    """It was agreed otherwise than it was typed. `seen`: what was shown (`meetings.correcting.as_read`). Raises PermissionDenied, CaseStateError."""
    agreement = _locked(link, key, actor)
    if put_right(course, agreement, seen=seen, who=who, what=what, due_on=due_on):
        note_texts(link.item_id)
    return agreement


def take_away_agreement(link: CaseItem, key: str, *, actor: Actor, seen: str) -> None:
    """It was not agreed at all, or in another case. Raises PermissionDenied, and CaseStateError also when something has become of it."""
    take_away(course, _locked(link, key, actor), seen=seen)
    note_texts(link.item_id)


def _locked(link: CaseItem, key: str, actor: Actor) -> CaseAgreement:
    need_writable(locked_meeting(link.meeting, actor, Verb.WRITE_CASES))
    case = locked_case(link.case, actor)
    need_open(case)
    return _only(_of(link, key).select_for_update(of=("self",)), case)


def _of(link: CaseItem, key: str) -> QuerySet[CaseAgreement]:
    found: QuerySet[CaseAgreement] = CaseAgreement.objects.filter(tenant_id=link.tenant_id, case_id=link.case_id, item_id=link.item_id, public_id=as_key(key))
    return found.select_related("text")


def _only(rows: QuerySet[CaseAgreement], case: Case) -> CaseAgreement:
    agreement = only_as_agreed(course, rows)
    agreement.case = case
    return agreement
