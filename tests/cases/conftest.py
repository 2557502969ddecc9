"""What the tests of cases have in common: a case of the demo, opened through the gate as a user would."""

from dataclasses import dataclass
from typing import Any

import pytest

from access.models import LogEntry, Purpose
from cases.actions import case_values
from cases.models import Case, CaseItem, CaseText, PersonData


@dataclass
class Known:
    """What a test may know about a case that the product hides: read once through a ticket of its own."""

    case: Case
    name: str
    cpr: str
    texts: list[str]
    values: dict[str, Any]

    @property
    def url(self) -> str:
        return f"/thisted/sager/{self.case.public_id}/"

    def is_shown_in(self, response: Any) -> bool:
        return self.name in response.content.decode(errors="replace")


@pytest.fixture
def know(as_actor, cast):
    """`know("014")`: the demo case with that number, and what stands in it."""
    from access.gate import open_ticket

    def read(number: str = "014") -> Known:
        with as_actor(cast.konsulent) as actor:
            case = Case.objects.select_related("forum").get(number__endswith=f"-{number}", status="OPEN")
            open_ticket(actor, Case, [case.person_id], purpose=Purpose.OTHER, row=case, note="test")
            person, text = PersonData.objects.get(person_id=case.person_id), CaseText.objects.get(case=case)
            return Known(case, person.name, person.cpr, [text.reason, text.necessity, text.background], {**case_values(case, person, text), "delete_on": case.delete_on})

    return read


@pytest.fixture
def noah(know) -> Known:
    """A case with everything in it: CPR, involvement, four discussions, aftaler."""
    return know("014")


@pytest.fixture
def through_gate(visit):
    """`through_gate(user, known)`: a client that has given the coming meeting as its purpose."""

    def enter(user, known, purpose="meeting", **data):
        client = visit(user)
        client.post(known.url + "formaal/", {"purpose": purpose, **data})
        return client

    return enter


@pytest.fixture
def meeting_of(as_actor, cast):
    """`meeting_of(known, "CALLED")`: the link of the case to its meeting of that status."""

    def find(known, status="CALLED"):
        with as_actor(cast.konsulent):
            return CaseItem.objects.select_related("meeting", "item", "case").filter(case=known.case, meeting__status=status).order_by("-meeting__starts_at").first()

    return find


def reads(rows):
    """The log rows that let person data be read."""
    return [row for row in rows if row.action in LogEntry.Action.READS and row.subjects]
