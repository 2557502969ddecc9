"""Every write of a case: authorise, lock, check the state, write. Discussions, aftaler, agenda and guests have files of their own.

The texts lie behind the ticket: the caller has opened the case (`cases.opening`), else the database lets nothing be
written. Only `create_case` opens its own ticket. All raise PermissionDenied without the verb.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.gate import open_ticket
from access.models import Purpose
from access.policy import require
from access.roles import Verb
from cases.agreement_actions import lapse_open
from cases.deletion_actions import set_deletion
from cases.errors import CaseStateError, StaleCaseError
from cases.models import Case, CaseAgreement, CaseText, Involvement, Person, PersonData
from cases.rows import locked_case, need_open, writer_id
from municipalities.models import Forum, Tenant

SHELL = ("concern_level", "follow_up_on")
PERSON = ("name", "birth_date", "school", "address", "parents")
TEXT = ("reason", "necessity", "legal_basis", "background", "strengths")


def create_case(forum: Forum, *, actor: Actor, values: Mapping[str, Any]) -> Case:
    """Open a new case about a new person. `values`: the fields of SHELL, PERSON and TEXT, `delete_on`, and perhaps `cpr`."""
    require(actor, Verb.WRITE_CASES, forum)
    person = Person.objects.create(tenant_id=forum.tenant_id, forum=forum)
    case = _numbered(forum, person, actor, {name: values[name] for name in (*SHELL, "delete_on")})
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
    need_open(case)
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


def close_case(case: Case, *, actor: Actor, delete_on: date, reason: str = "", seen: Collection[str] | None = None) -> Case:
    """Close: it leaves the ordinary view, open agreements lapse, and it is to be deleted on the day that is set, its agreements with it.

    A later day than the case had needs a reason. `seen`: the public ids of the open agreements that were listed to who closes it.
    Raises CaseStateError when another one is open by now.
    """
    case = locked_case(case, actor)
    need_open(case)
    if seen is not None and CaseAgreement.objects.filter(tenant_id=case.tenant_id, case=case, status=CaseAgreement.Status.OPEN).exclude(public_id__in=seen).exists():
        raise CaseStateError(_("An agreement has been made or opened again since you opened this page. Read the list once more, and then close the case."))
    set_deletion(case, actor, delete_on, reason)
    lapse_open(case, actor)
    case.status, case.closed_on, case.follow_up_on = Case.Status.CLOSED, timezone.localdate(), None
    case.save(update_fields=["status", "closed_on", "follow_up_on"])
    return case


def note_involvement(case: Case, *, actor: Actor, party: str, status: str, on: date, note: str) -> Involvement:
    """Write down that parents or the young person were asked, said yes or no, or why they were not asked."""
    case = locked_case(case, actor)
    need_open(case)
    noted = Involvement(
        tenant_id=case.tenant_id, case=case, person_id=case.person_id, party=party, status=status, on=on, note=note, noted_by_id=writer_id(actor),
    )  # fmt: skip
    noted.save(force_insert=True)
    return noted
