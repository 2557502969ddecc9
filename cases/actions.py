"""Every write of a case: authorise, lock, check the state, write. Discussions, agenda and guests have files of their own.

The texts lie behind the ticket: the caller has opened the case (`cases.opening`), else the database lets nothing be
written. Only `create_case` opens its own ticket. All raise PermissionDenied without the verb.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.gate import open_ticket
from access.models import Purpose, User
from access.policy import require
from access.roles import Verb
from cases.case_file import holders
from cases.errors import CaseStateError, StaleCaseError
from cases.models import Case, CaseAgreement, CaseAgreementParty, CaseAgreementText, CaseText, Involvement, Person, PersonData
from meetings.handing_over import may_hand_over
from meetings.models import AgendaItem
from municipalities.models import Forum, Seat, Tenant

SHELL = ("concern_level", "follow_up_on", "delete_on")
PERSON = ("name", "birth_date", "school", "address", "parents")
TEXT = ("reason", "necessity", "legal_basis", "background", "strengths")


def create_case(forum: Forum, *, actor: Actor, values: Mapping[str, Any]) -> Case:
    """Open a new case about a new person. `values`: the fields of SHELL, PERSON and TEXT, and perhaps `cpr`."""
    require(actor, Verb.WRITE_CASES, forum)
    person = Person.objects.create(tenant_id=forum.tenant_id, forum=forum)
    case = _numbered(forum, person, actor, {name: values[name] for name in SHELL})
    open_ticket(actor, Case, [person.pk], purpose=Purpose.REGISTRATION, row=case, route="case_new")
    data = PersonData(tenant_id=forum.tenant_id, person=person, **{name: values[name] for name in PERSON})
    data.cpr = values.get("cpr", "")
    data.save(force_insert=True)
    CaseText(tenant_id=forum.tenant_id, case=case, person=person, **{name: values[name] for name in TEXT}).save(force_insert=True)
    return case


def _numbered(forum: Forum, person: Person, actor: Actor, fields: Mapping[str, Any]) -> Case:
    """Insert with the forum's next number of the year. A number of its own for each forum: a gap tells nothing about another."""
    Tenant.objects.select_for_update(no_key=True).get(pk=forum.tenant_id)  # one at a time; a forum is locked only by who may change it
    today = timezone.localdate()
    numbers = Case.objects.filter(tenant_id=forum.tenant_id, forum=forum, number__startswith=f"{today.year}-")
    highest = numbers.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first() or "-0"
    number = f"{today.year}-{int(highest.partition('-')[2]) + 1:03}"
    return Case.objects.create(tenant_id=forum.tenant_id, forum=forum, person=person, number=number, opened_on=today, opened_by_id=writer_id(actor), **fields)


def change_case(case: Case, *, actor: Actor, values: Mapping[str, Any], version: str) -> Case:
    """Save what was changed. `version` is the fingerprint of what the writer had before him.

    An empty `cpr` leaves the number as it is; `no_cpr` takes it away. Raises StaleCaseError, CaseStateError.
    """
    case = locked_case(case, actor)
    _need_open(case)
    person, text = _locked_texts(case)
    if version != fingerprint(case, person, text):
        raise StaleCaseError(case_values(case, person, text), fingerprint(case, person, text))
    if values.get("no_cpr"):
        person.cpr = ""
    elif values.get("cpr"):
        person.cpr = values["cpr"]
    for row, names in ((case, SHELL), (person, PERSON), (text, TEXT)):
        for name in names:
            setattr(row, name, values[name])
        row.save(force_update=True)
    return case


def _locked_texts(case: Case) -> tuple[PersonData, CaseText]:
    person = PersonData.objects.select_for_update().get(tenant_id=case.tenant_id, person_id=case.person_id)
    return person, CaseText.objects.select_for_update().get(tenant_id=case.tenant_id, case_id=case.pk)


def case_values(case: Case, person: PersonData, text: CaseText) -> dict[str, Any]:
    """Everything about the case that is written in one form, without the CPR number."""
    return {name: getattr(row, name) for row, names in ((case, SHELL), (person, PERSON), (text, TEXT)) for name in names}


def fingerprint(case: Case, person: PersonData, text: CaseText) -> str:
    """The version of what a form shows: it changes when any of it, or the CPR number, is changed."""
    shown = {**case_values(case, person, text), "cpr": person.cpr_sealed}  # sealed: the last four digits could be tried out from a hash of the clear number
    return hashlib.sha256(json.dumps(shown, default=str, sort_keys=True).encode()).hexdigest()[:32]


def close_case(case: Case, *, actor: Actor, delete_on: date, seen: Collection[str] | None = None) -> Case:
    """Close: it leaves the ordinary view, open agreements lapse, and it is deleted on the day that is set, its agreements with it.

    `seen`: the public ids of the open agreements that were listed to who closes it. Raises CaseStateError when another one is open by now.
    """
    case = locked_case(case, actor)
    _need_open(case)
    if seen is not None and CaseAgreement.objects.filter(tenant_id=case.tenant_id, case=case, status=CaseAgreement.Status.OPEN).exclude(public_id__in=seen).exists():
        raise CaseStateError(_("An agreement has been made or opened again since you opened this page. Read the list once more, and then close the case."))
    today = timezone.localdate()
    if delete_on < today:
        raise CaseStateError(_("The day of deletion cannot lie before today."))
    for agreement in CaseAgreement.objects.filter(tenant_id=case.tenant_id, case=case, status=CaseAgreement.Status.OPEN):
        agreement.status = CaseAgreement.Status.DROPPED
        agreement.save(update_fields=["status"])
    case.status, case.closed_on, case.follow_up_on, case.delete_on = Case.Status.CLOSED, today, None, delete_on
    case.save(update_fields=["status", "closed_on", "follow_up_on", "delete_on"])
    return case


def note_involvement(case: Case, *, actor: Actor, party: str, status: str, on: date, note: str) -> Involvement:
    """Write down that parents or the young person were asked, said yes or no, or why they were not asked."""
    case = locked_case(case, actor)
    _need_open(case)
    noted = Involvement(
        tenant_id=case.tenant_id, case=case, person_id=case.person_id, party=party, status=status, on=on, note=note, noted_by_id=writer_id(actor),
    )  # fmt: skip
    noted.save(force_insert=True)
    return noted


def add_agreement(case: Case, *, actor: Actor, who: User | Seat | Sequence[User | Seat], what: str, due_on: date, item: AgendaItem | None = None) -> CaseAgreement:
    """An aftale in the case: who does what by when. `item` is the meeting's item at which it was agreed. Only who opens the case can be responsible."""
    case = locked_case(case, actor)
    _need_open(case)
    chosen = [who] if isinstance(who, User | Seat) else list(who)
    _need_access(case, chosen)
    agreement: CaseAgreement = CaseAgreement.objects.create(
        tenant_id=case.tenant_id, forum_id=case.forum_id, case=case, item=item, due_on=due_on, created_by_id=writer_id(actor),
    )  # fmt: skip
    _add_parties(agreement, chosen)
    CaseAgreementText(tenant_id=case.tenant_id, agreement=agreement, case=case, person_id=case.person_id, what=what).save(force_insert=True)
    return agreement


def hand_over(agreement: CaseAgreement, *, actor: Actor, who: Sequence[User | Seat]) -> CaseAgreement:
    """These are responsible from now on. Needs no ticket: the text is not touched.

    By who writes in the case, and calls the forum's meetings or writes its minutes. Raises CaseStateError when it is not open, or one may
    not open the case.
    """
    require(actor, Verb.WRITE_CASES, agreement)
    if not may_hand_over(actor, agreement):
        raise PermissionDenied(_("Only who calls the meetings of the forum or writes its minutes can hand an agreement over."))
    agreement = _locked_agreement(agreement)
    _need_open(agreement.case)
    if agreement.status != CaseAgreement.Status.OPEN:
        raise CaseStateError(_("The agreement is no longer open. Open it again first."))
    _need_access(agreement.case, who)
    agreement.round += 1
    agreement.save(update_fields=["round"])
    _add_parties(agreement, who)
    return agreement


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


def _locked_agreement(agreement: CaseAgreement) -> CaseAgreement:
    rows = CaseAgreement.objects.select_for_update(of=("self",)).select_related("case__forum", "forum")
    found: CaseAgreement = rows.get(tenant_id=agreement.tenant_id, pk=agreement.pk)
    return found


def tick_agreement(agreement: CaseAgreement, *, actor: Actor) -> CaseAgreement:
    """Done, for all who are responsible, or open again. Needs no ticket: the text is not touched. Raises CaseStateError when it has lapsed."""
    require(actor, Verb.WRITE_CASES, agreement)
    agreement = _locked_agreement(agreement)
    _need_open(agreement.case)
    agreement.status = CaseAgreement.Status.OPEN if agreement.is_done else CaseAgreement.Status.DONE
    agreement.done_at, agreement.done_by_id = (timezone.now(), writer_id(actor)) if agreement.is_done else (None, None)
    agreement.save(update_fields=["status", "done_at", "done_by"])
    return agreement


def writer_id(actor: Actor) -> int:
    """Who writes. Only somebody who is known holds a verb, so there is always one."""
    assert actor.user_id is not None, "nobody holds no verb"
    return actor.user_id


def locked_case(case: Case, actor: Actor) -> Case:
    """The case as it is now, locked until the end of the transaction. Raises PermissionDenied without WRITE_CASES."""
    require(actor, Verb.WRITE_CASES, case)
    found: Case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("forum").get(tenant_id=case.tenant_id, pk=case.pk)
    return found


def _need_open(case: Case) -> None:
    if not case.is_open:
        raise CaseStateError(_("The case is closed. Nothing more can be written in it."))
