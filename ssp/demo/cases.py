"""Demo: invented persons and cases, loaded through the gate like everything else that touches person data."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from access.file_kinds import judge
from access.gate import open_ticket
from access.models import LogEntry, Purpose
from access.vault import file_store
from cases.models import (
    AdHocGrant,
    Case,
    CaseAgreement,
    CaseAgreementParty,
    CaseAgreementRemark,
    CaseAgreementStep,
    CaseAgreementText,
    CaseAttachment,
    CaseExtension,
    CaseItem,
    CaseText,
    Discussion,
    Involvement,
    ItemPresence,
    Person,
    PersonData,
)
from cases.rows import note_files
from meetings.models import AgendaItem
from ssp.demo.meetings import FILES

if TYPE_CHECKING:
    from ssp.demo.load import World


def load(world: World) -> None:
    """Persons and cases; then what was said and agreed at meetings; then the guests."""
    persons = {row["key"]: row for row in world.content.get("persons", [])}
    for row in world.content.get("cases", []):
        case = _case(world, row, persons[row["person"]])
        _links(world, row, case)
        _texts(world, row, case)
    for row in _earlier(world):
        case = _case(world, row, row)
        _texts(world, row, case)
    for row in world.content.get("guests", []):
        _guest(world, row)


def _earlier(world: World) -> list[dict[str, Any]]:
    """The short, closed cases: what they have in common, and each with its person."""
    shared = {**world.content.get("earlier", {})}
    rows = shared.pop("cases", [])
    same = {**shared, "status": "CLOSED", "legal_basis": "RPL115_1", "delete_days": 700}
    return [{**same, **row, "key": f"earlier-{row['number']}"} for row in rows]


def _case(world: World, row: dict[str, Any], about: dict[str, Any]) -> Case:
    person = Person.objects.create(tenant=world.tenant, forum=world.forums[row["forum"]])
    opened_on = world.day(row["opened_days"])
    case = Case.objects.create(
        tenant=world.tenant, forum=world.forums[row["forum"]], person=person, number=row["number"].format(year=opened_on.year), status=row["status"],
        concern_level=row["concern_level"], opened_on=opened_on, follow_up_on=_day(world, row, "followup_days"), delete_on=world.today + timedelta(days=row["delete_days"]),
        closed_on=_day(world, row, "closed_days"), opened_by=world.users[row["opened_by"]],
    )  # fmt: skip
    open_ticket(world.actor(), Case, [person.pk], purpose=Purpose.DATA_LOAD, action=LogEntry.Action.VIEW, row=case)
    data = PersonData(tenant=world.tenant, person=person, name=about["name"], school=about.get("school", ""), address=about.get("address", ""), parents=about.get("parents", ""))
    data.birth_date = date(world.today.year - about["age"], (len(about["name"]) % 12) + 1, (len(about.get("address", about["school"])) % 28) + 1) if "age" in about else None
    data.cpr = about.get("cpr", "").replace("-", "")
    data.save(force_insert=True)
    world.cases[row["key"]] = case
    return case


def _day(world: World, row: dict[str, Any], key: str) -> date | None:
    return world.day(row[key]) if key in row else None


def _links(world: World, row: dict[str, Any], case: Case) -> None:
    for (_meeting, key), item in world.items.items():
        if key == row["key"]:
            CaseItem.objects.create(tenant=world.tenant, item=item, meeting=item.meeting, forum=case.forum, case=case, person_id=case.person_id)


def _texts(world: World, row: dict[str, Any], case: Case) -> None:
    about = {"tenant": world.tenant, "case": case, "person_id": case.person_id}
    CaseText(
        **about, reason=row["reason"], necessity=row["necessity"], legal_basis=row["legal_basis"], background=row.get("background", ""), strengths=row.get("strengths", "")
    ).save(force_insert=True)
    if longer := row.get("extended"):
        before, by = world.today + timedelta(days=longer["before_days"]), world.users[longer["by"]]
        CaseExtension(**about, delete_before=before, delete_after=case.delete_on, reason=longer["reason"], extended_by=by).save(force_insert=True)
    for part in row.get("involvement", []):
        Involvement(**about, party=part["party"], status=part["status"], on=world.day(part["days"]), note=part.get("note", ""), noted_by=case.opened_by).save(force_insert=True)
    for said in row.get("discussions", []):
        item = world.items[said["meeting"], row["key"]]
        Discussion(
            **about, item=item, meeting=item.meeting, facts=said["facts"], assessment=said.get("assessment", ""), concern_level=said.get("concern_level")
        ).save(force_insert=True)
        for file in said.get("files", []):
            _attachment(world, item, file, about)
        for key in said.get("present", []):
            user = world.users[key]
            ItemPresence.objects.create(tenant=world.tenant, item=item, case=case, user=user, seat_label=user.title or user.name)
    for agreed in row.get("agreements", []):
        _agreement(world, row, case, agreed, about)


def _attachment(world: World, item: AgendaItem, row: dict[str, Any], about: dict[str, Any]) -> None:
    content = (FILES / row["from"]).read_bytes()
    CaseAttachment(
        **about, item=item, meeting=item.meeting, name=row["name"], kind=judge(row["name"], content).key, size=len(content), file_key=file_store().put(content),
        sha256=hashlib.sha256(content).hexdigest(), uploaded_by=world.users[row["by"]],
    ).save(force_insert=True)  # fmt: skip
    note_files(item.pk)


def _agreement(world: World, row: dict[str, Any], case: Case, agreed: dict[str, Any], about: dict[str, Any]) -> None:
    done_at = world.moment(world.day(agreed["due_days"]), "14:00") if agreed["status"] == "DONE" else None
    agreement = CaseAgreement.objects.create(
        tenant=world.tenant, forum=case.forum, case=case, item=world.items.get((agreed.get("meeting", ""), row["key"])),
        due_on=world.day(agreed["due_days"]), status=agreed["status"], created_by=case.opened_by, done_at=done_at, moved_from=_day(world, agreed, "moved_from_days"),
    )  # fmt: skip
    CaseAgreementParty.objects.create(tenant=world.tenant, case=case, agreement=agreement, user=world.users[agreed["who"]])
    CaseAgreementText(**about, agreement=agreement, what=agreed["what"]).save(force_insert=True)
    if done_at:
        _step(world, agreement, agreed, about, kind=CaseAgreementStep.Kind.DONE, created_at=done_at)
    elif agreement.moved_from:
        _step(world, agreement, agreed, about, kind=CaseAgreementStep.Kind.MOVED, created_at=world.moment(agreement.moved_from, "14:00"))


def _step(world: World, agreement: CaseAgreement, agreed: dict[str, Any], about: dict[str, Any], **what: Any) -> None:
    """What became of an aftale, on its day, and the remark if there is one."""
    step = CaseAgreementStep.objects.create(
        tenant=world.tenant, case=agreement.case, agreement=agreement, author=world.users[agreed["who"]], due_on=agreement.due_on, **what
    )
    if "remark" in agreed:
        CaseAgreementRemark(**about, step=step, remark=agreed["remark"]).save(force_insert=True)


def _guest(world: World, row: dict[str, Any]) -> None:
    case, item = world.cases[row["case"]], world.items[row["meeting"], row["case"]]
    meeting = item.meeting
    AdHocGrant.objects.create(
        tenant=world.tenant, forum=case.forum, case=case, item=item, meeting=meeting, user=world.users[row["user"]], reason=row["reason"],
        granted_by=world.users[row["granted_by"]], valid_from=meeting.starts_at - timedelta(hours=24), valid_to=meeting.ends_at + timedelta(hours=4),
    )  # fmt: skip
