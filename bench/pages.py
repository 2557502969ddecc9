"""What is measured: the main pages, and who looks at them. Later work adds lines."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Page:
    """A page of the demo's Thisted. `model` and `where` find the row whose public id stands in its address."""

    name: str
    route: str
    user: str = "konsulent"
    model: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    newest: str = "-pk"
    first: tuple[str, dict[str, str]] | None = None  # (route, form) that is posted once before


PAGES = (
    Page("week", "week"),
    Page("organisation", "organisation"),
    Page("forum", "forum_detail", model="municipalities.Forum", where={"key": "styregruppe"}),
    Page("meeting agenda", "meeting_detail", model="meetings.Meeting", where={"forum__key": "styregruppe", "status": "CALLED"}),
    Page("minutes", "meeting_minutes", model="meetings.Meeting", where={"status": "CLOSED", "forum__key": "ssp-plus"}),
    Page("case list", "case_list"),
    Page("case", "case_detail", model="cases.Case", where={"status": "OPEN"}, newest="opened_on", first=("case_purpose", {"purpose": "meeting"})),
    Page("plan", "plan_detail", model="plans.Plan", where={"status": "APPROVED"}),
    Page("report list", "report_list"),
    Page("access log", "access_log", user="dpo"),
)
DOCUMENTS = (
    Page("agenda", "meeting_agenda_pdf", model="meetings.Meeting", where={"forum__key": "styregruppe", "status": "CALLED"}),
    Page("minutes", "meeting_minutes_pdf", model="meetings.Meeting", where={"forum__key": "grundskole", "status": "APPROVED"}),
    Page("plan", "plan_pdf", model="plans.Plan", where={"status": "APPROVED"}),
)
FIRST_LOAD, NEXT_PAGE = "week", "meeting agenda"
NAMED_LOAD = Page("week, name with Đ", "week", user="gade")  # letters from a font file of their own
