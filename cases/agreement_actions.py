"""Aftaler in a case: make one, and what becomes of it: done, moved, dropped, opened again, handed over. All raise PermissionDenied without WRITE_CASES.

What is agreed and what is remarked stand behind the ticket: a page that writes them has opened the case. Without a remark none of
this needs one, so that an aftale is marked as done on Min uge.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from cases.case_file import holders
from cases.errors import CaseStateError
from cases.models import Case, CaseAgreement, CaseAgreementParty, CaseAgreementRemark, CaseAgreementStep, CaseAgreementText
from cases.rows import locked_case, need_open, note_texts, writer_id
from meetings.agreement_course import Course
from meetings.models import AgendaItem, AgreementStep
from municipalities.models import Seat

Kind = AgreementStep.Kind
Status = CaseAgreement.Status


def add_agreement(case: Case, *, actor: Actor, who: User | Seat | Sequence[User | Seat], what: str, due_on: date, item: AgendaItem | None = None) -> CaseAgreement:
    """An aftale in the case: who does what by when. `item` is the meeting's item at which it was agreed. Only who opens the case can be responsible.

    The same again, while it is open, is the one that stands: a button was pressed twice, or one button after the other.
    """
    case = locked_case(case, actor)
    need_open(case)
    chosen = [who] if isinstance(who, User | Seat) else list(who)
    _need_access(case, chosen)
    if (same := _same_agreement(case, actor, chosen, what, due_on)) is not None:
        return same
    agreement: CaseAgreement = CaseAgreement.objects.create(
        tenant_id=case.tenant_id, forum_id=case.forum_id, case=case, item=item, due_on=due_on, created_by_id=writer_id(actor),
    )  # fmt: skip
    course.add_parties(agreement, chosen)
    CaseAgreementText(tenant_id=case.tenant_id, agreement=agreement, case=case, person_id=case.person_id, what=what).save(force_insert=True)
    if item is not None:
        note_texts(item.pk)
    return agreement


def _same_agreement(case: Case, actor: Actor, chosen: Sequence[User | Seat], what: str, due_on: date) -> CaseAgreement | None:
    """The open one that the actor has made in the case, with the same words, day and parties."""
    said = CaseAgreementText.objects.filter(tenant_id=case.tenant_id, case=case, what=what).values("agreement")
    mine = CaseAgreement.objects.filter(tenant_id=case.tenant_id, case=case, created_by_id=writer_id(actor), status=Status.OPEN, due_on=due_on, pk__in=said)
    return next((made for made in mine.with_parties() if made.is_with(chosen)), None)


def lapse_open(case: Case, actor: Actor) -> None:
    """The case is being closed: its open aftaler lapse, and the history of each says so. The case is locked."""
    for agreement in CaseAgreement.objects.filter(tenant_id=case.tenant_id, case=case, status=Status.OPEN):
        agreement.case = case
        course.set(agreement, actor, Status.DROPPED, Kind.DROPPED, "")


class CaseCourse(Course[CaseAgreement]):
    """Aftaler in a case: who opens the case can be responsible."""

    refused = CaseStateError

    def fresh(self, agreement: CaseAgreement, actor: Actor) -> CaseAgreement:
        """The row as it is now, locked. The case first, as everywhere: one that is being closed has lapsed its aftaler, or waits."""
        case = locked_case(agreement.case, actor)
        need_open(case)
        found: CaseAgreement = CaseAgreement.objects.select_for_update(of=("self",)).select_related("forum").get(tenant_id=agreement.tenant_id, pk=agreement.pk)
        found.case = case
        return found

    def need_may_mark(self, agreement: CaseAgreement, actor: Actor) -> None:
        """Who writes in the case: `fresh` asks for it when it locks the case."""

    def need_able(self, agreement: CaseAgreement, who: Sequence[User | Seat]) -> None:
        """Raise CaseStateError unless each of them may open the case."""
        _need_access(agreement.case, who)

    def add_party(self, agreement: CaseAgreement, values: dict[str, Any]) -> None:
        """Write down one who is responsible."""
        CaseAgreementParty.objects.create(tenant_id=agreement.tenant_id, case=agreement.case, agreement=agreement, **values)

    def say(self, agreement: CaseAgreement, what: str, due_on: date) -> bool:
        """Write down what is agreed and by when: the words lie behind the ticket."""
        text, is_said, is_day = agreement.text, agreement.text.what != what, agreement.due_on != due_on
        if is_said:
            text.case, text.what = agreement.case, what
            text.save(update_fields=["what"])
        if is_day:
            agreement.due_on = due_on
            agreement.save(update_fields=["due_on"])
        return is_said or is_day

    def signed(self, agreement: CaseAgreement, actor: Actor) -> list[str]:
        """Note who has done it."""
        agreement.done_by_id = writer_id(actor) if agreement.is_done else None
        return ["done_by"]

    def write_step(self, agreement: CaseAgreement, actor: Actor, kind: str, remark: str, **more: int) -> None:
        """Write a step of its history; what is remarked lies behind the ticket."""
        about: dict[str, Any] = {"tenant_id": agreement.tenant_id, "case": agreement.case}
        step = CaseAgreementStep.objects.create(**about, agreement=agreement, kind=kind, due_on=agreement.due_on, author_id=writer_id(actor), **more)
        if remark:
            CaseAgreementRemark(**about, step=step, person_id=agreement.case.person_id, remark=remark).save(force_insert=True)


course = CaseCourse()
tick_agreement, finish_agreement, drop_agreement, move_agreement, hand_over = course.tick, course.finish, course.drop, course.move, course.hand_over


def _need_access(case: Case, who: Sequence[User | Seat]) -> None:
    seats = holders(case)
    known = {("seat", seat.pk) for seat in seats} | {("user", seat.user_id) for seat in seats}
    if not who:
        raise CaseStateError(_("Somebody must be responsible for the agreement."))
    for one in who:
        if ("seat" if isinstance(one, Seat) else "user", one.pk) not in known:
            raise CaseStateError(_("%(who)s may not open the case. Choose somebody who may.") % {"who": one})
