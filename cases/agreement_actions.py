"""Aftaler in a case: make one, and what becomes of it: done, moved, dropped, opened again, handed over. All raise PermissionDenied without WRITE_CASES.

What is agreed and what is remarked stand behind the ticket: a page that writes them has opened the case. Without a remark none of
this needs one, so that an aftale is marked as done on Min uge.
"""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from cases.case_file import holders
from cases.errors import CaseStateError
from cases.models import Case, CaseAgreement, CaseAgreementParty, CaseAgreementRemark, CaseAgreementStep, CaseAgreementText
from cases.rows import locked_case, need_open, note_texts, writer_id
from meetings.handing_over import may_hand_over
from meetings.models import AgendaItem, AgreementStep
from municipalities.models import Seat

Kind = AgreementStep.Kind
Status = CaseAgreement.Status


def add_agreement(case: Case, *, actor: Actor, who: User | Seat | Sequence[User | Seat], what: str, due_on: date, item: AgendaItem | None = None) -> CaseAgreement:
    """An aftale in the case: who does what by when. `item` is the meeting's item at which it was agreed. Only who opens the case can be responsible."""
    case = locked_case(case, actor)
    need_open(case)
    chosen = [who] if isinstance(who, User | Seat) else list(who)
    _need_access(case, chosen)
    agreement: CaseAgreement = CaseAgreement.objects.create(
        tenant_id=case.tenant_id, forum_id=case.forum_id, case=case, item=item, due_on=due_on, created_by_id=writer_id(actor),
    )  # fmt: skip
    _add_parties(agreement, chosen)
    CaseAgreementText(tenant_id=case.tenant_id, agreement=agreement, case=case, person_id=case.person_id, what=what).save(force_insert=True)
    if item is not None:
        note_texts(item.pk)
    return agreement


def tick_agreement(agreement: CaseAgreement, *, actor: Actor) -> CaseAgreement:
    """Done, for all who are responsible, or open again. Raises CaseStateError when the case is closed."""
    agreement = _locked(agreement, actor)
    is_open = agreement.status == Status.OPEN
    return _set(agreement, actor, Status.DONE if is_open else Status.OPEN, Kind.DONE if is_open else Kind.REOPENED, "")


def finish_agreement(agreement: CaseAgreement, *, actor: Actor, remark: str) -> CaseAgreement:
    """It is carried out."""
    return _set(_locked_open(agreement, actor), actor, Status.DONE, Kind.DONE, remark)


def drop_agreement(agreement: CaseAgreement, *, actor: Actor, remark: str) -> CaseAgreement:
    """It is not carried out after all, and the remark says why."""
    return _set(_locked_open(agreement, actor), actor, Status.DROPPED, Kind.DROPPED, remark)


def move_agreement(agreement: CaseAgreement, *, actor: Actor, due_on: date, remark: str) -> CaseAgreement:
    """It has until another day; the day that was agreed is kept. Raises CaseStateError for a day that is no other, or past."""
    agreement = _locked_open(agreement, actor)
    if due_on == agreement.due_on:
        raise CaseStateError(_("The agreement already has that day. Choose another one."))
    if due_on < timezone.localdate():
        raise CaseStateError(_("That day has passed. Choose today or a later day."))
    agreement.moved_from, agreement.due_on = agreement.agreed_day, due_on
    agreement.save(update_fields=["moved_from", "due_on"])
    _record(agreement, actor, Kind.MOVED, remark)
    return agreement


def hand_over(agreement: CaseAgreement, *, actor: Actor, who: Sequence[User | Seat], remark: str = "") -> CaseAgreement:
    """These are responsible from now on. Who it was agreed with is kept, and every handing over stands in the history.

    By who writes in the case, and calls the forum's meetings or writes its minutes. Raises CaseStateError when it is not open, one may
    not open the case, or nothing would change.
    """
    agreement = _locked(agreement, actor)
    if not may_hand_over(actor, agreement):
        raise PermissionDenied(_("Only who calls the meetings of the forum or writes its minutes can hand an agreement over."))
    _need_open(agreement)
    _need_access(agreement.case, who)
    if agreement.is_with(who):
        raise CaseStateError(_("They are responsible already. Write who takes over."))
    agreement.round += 1
    agreement.save(update_fields=["round"])
    _add_parties(agreement, who)
    _record(agreement, actor, Kind.HANDED, remark, round=agreement.round)
    return agreement


def lapse_open(case: Case, actor: Actor) -> None:
    """The case is being closed: its open aftaler lapse, and the history of each says so. The case is locked."""
    for agreement in CaseAgreement.objects.filter(tenant_id=case.tenant_id, case=case, status=Status.OPEN):
        _set(agreement, actor, Status.DROPPED, Kind.DROPPED, "")


def _locked(agreement: CaseAgreement, actor: Actor) -> CaseAgreement:
    """The case first, as everywhere: one that is being closed has lapsed its aftaler, or waits."""
    case = locked_case(agreement.case, actor)
    need_open(case)
    found: CaseAgreement = CaseAgreement.objects.select_for_update(of=("self",)).select_related("forum").get(tenant_id=agreement.tenant_id, pk=agreement.pk)
    found.case = case
    return found


def _locked_open(agreement: CaseAgreement, actor: Actor) -> CaseAgreement:
    agreement = _locked(agreement, actor)
    _need_open(agreement)
    return agreement


def _need_open(agreement: CaseAgreement) -> None:
    if agreement.status != Status.OPEN:
        raise CaseStateError(_("The agreement is no longer open. Open it again first."))


def _set(agreement: CaseAgreement, actor: Actor, status: str, kind: str, remark: str) -> CaseAgreement:
    agreement.status = status
    agreement.done_at, agreement.done_by_id = (timezone.now(), writer_id(actor)) if agreement.is_done else (None, None)
    agreement.save(update_fields=["status", "done_at", "done_by"])
    _record(agreement, actor, kind, remark)
    return agreement


def _record(agreement: CaseAgreement, actor: Actor, kind: str, remark: str, **more: int) -> None:
    about = {"tenant_id": agreement.tenant_id, "case_id": agreement.case_id}
    step = CaseAgreementStep.objects.create(**about, agreement=agreement, kind=kind, due_on=agreement.due_on, author_id=writer_id(actor), **more)
    if remark:
        CaseAgreementRemark(**about, step=step, person_id=agreement.case.person_id, remark=remark).save(force_insert=True)


def _need_access(case: Case, who: Sequence[User | Seat]) -> None:
    seats = holders(case)
    known = {("seat", seat.pk) for seat in seats} | {("user", seat.user_id) for seat in seats}
    if not who:
        raise CaseStateError(_("Somebody must be responsible for the agreement."))
    for one in who:
        if ("seat" if isinstance(one, Seat) else "user", one.pk) not in known:
            raise CaseStateError(_("%(who)s may not open the case. Choose somebody who may.") % {"who": one})


def _add_parties(agreement: CaseAgreement, who: Sequence[User | Seat]) -> None:
    for one in who:
        CaseAgreementParty.objects.create(
            tenant_id=agreement.tenant_id, case_id=agreement.case_id, agreement=agreement, round=agreement.round, **CaseAgreementParty.values_of(one)
        )
    agreement.forget_parties()
