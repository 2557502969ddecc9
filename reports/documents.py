"""What the report says: its figures as sentences, key numbers, tables and charts. No number here is computed from a hidden one."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.levels import ConcernLevel
from municipalities.models import Organisation
from municipalities.terms import Term, term
from plans.models import Milestone
from reports.charts import Bar, Mark, bar_chart, timeline
from reports.figures import Figures, Rows, cells
from reports.models import Report

type Terms = Mapping[str, str]  # what the kommune calls things
HIDDEN = "*"
LEVELS = ("1", "2", "3", "4")
STATUS_COLUMNS = (
    ("reached", Milestone.Status.REACHED),
    ("on_track", Milestone.Status.ON_TRACK),
    ("delayed", Milestone.Status.DELAYED),
    ("not_started", Milestone.Status.NOT_STARTED),
)


class Table(NamedTuple):
    """A table on the screen and in the document. A cell that is None is hidden, and shown as a star."""

    title: str
    headers: list[str]
    rows: list[tuple[str, list[Any]]]
    source: str
    is_summed: bool = False  # the last row is a total

    @property
    def has_hidden(self) -> bool:
        """True when a number of the table may not be shown."""
        return any(value is None for _label, values in self.rows for value in values)


def report_document(report: Report, figures: Figures, earlier: Figures | None, terms: Terms) -> dict[str, Any]:
    """The context of reports/report_pdf.html, in the kommune's own names. `earlier` is the report of the half-year before, if there is one."""
    return {
        "report": report, "half_year": report.half_year, "reader": None, "made_at": timezone.now(), "read_at": datetime.fromisoformat(figures["read_at"]),
        "lead": _lead(figures), "messages_in_short": _in_short(figures, terms), "key_figures": _key_figures(figures, earlier, terms),
        "levels": level_table(figures), "levels_chart": _levels_chart(figures), "statuses": status_table(figures),
        "meetings": meeting_table(figures), "meetings_chart": _meetings_chart(figures), "held_before": sum(row["held_in_year"] - row["held"] for row in figures["meetings"]),
        "attendance": attendance_table(figures), "attendance_chart": _attendance_chart(figures), "plans": [_plan(plan, figures) for plan in figures["plans"]],
    }  # fmt: skip


def shown_figures(figures: Figures, terms: Terms) -> list[Table]:
    """The tables of a report's page: what will be read, and what is hidden. Empty until the figures are counted."""
    if not figures:
        return []
    return [level_table(figures), status_table(figures), meeting_table(figures), attendance_table(figures), milestone_table(figures, terms)]


def level_table(figures: Figures) -> Table:
    """Young people with a new case, by concern level."""
    found = cells(figures["young_by_level"])
    rows = [(_level(key), [found[key]]) for key in LEVELS]
    return Table(
        _("Young people with a new case, by concern level"),
        [_("Concern level"), _("Young people")],
        [*rows, (_("Total"), [found["total"]])],
        _("Cases under § 115"),
        is_summed=True,
    )


def status_table(figures: Figures) -> Table:
    """The same young people, by whether their case was open at the end."""
    found = cells(figures["young_by_status"])
    rows = [(_("Still open at the end of the half-year"), [found["open"]]), (_("Closed in the half-year"), [found["closed"]]), (_("Total"), [found["total"]])]
    return Table(_("The same young people at the end of the half-year"), [_("Case"), _("Young people")], rows, _("Cases under § 115"), is_summed=True)


def meeting_table(figures: Figures) -> Table:
    """Meetings held, against what the cadence promises."""
    rows = [(row["forum"], [row["held"], _dash(_due(row)), row["held_in_year"], _dash(row["agreed_in_year"])]) for row in figures["meetings"]]
    headers = [_("Forum"), _("In the half-year"), _("Agreed for the half-year"), _("In 12 months"), _("Agreed a year")]
    return Table(_("Meetings held"), headers, rows, _("Meetings"))


def _due(row: dict[str, Any]) -> int | None:
    """What a forum must have held in a half-year: half of what is agreed a year, rounded down. None when no number is agreed.

    The one rule of sentence, table and chart. Rounded down, since the odd meeting may lie in the other half.
    """
    return None if row["agreed_in_year"] is None else row["agreed_in_year"] // 2


def _dash(value: int | None) -> int | str:
    return "–" if value is None else value


def attendance_table(figures: Figures) -> Table:
    """Who came, by authority."""
    rows = [(_mark(row["mark"]), [row["came"], row["called"], _percent(row["share"])]) for row in figures["attendance"]]
    return Table(_("Attendance"), [_("Authority"), _("Came"), _("Were called"), _("Share")], rows, _("Meetings"))


def milestone_table(figures: Figures, terms: Terms) -> Table:
    """Milestones of the approved plans, by indsats and status."""
    rows = [(f"{row['place']}. {row['initiative']}", [row[key] for key, _status in STATUS_COLUMNS]) for row in figures["milestones"]]
    title = _("Milestones of %(plan)s") % {"plan": term(terms, Term.PLAN, "definite")}
    return Table(title, [term(terms, Term.INITIATIVE, start=True), *(str(status.label) for _key, status in STATUS_COLUMNS)], rows, term(terms, Term.PLAN, start=True))


# ---- sentences ------------------------------------------------------------------------------------------------------
def _lead(figures: Figures) -> str:
    """At most two sentences, from counts."""
    held = sum(row["held"] for row in figures["meetings"])
    meetings = ngettext("%(count)s meeting was held in the half-year.", "%(count)s meetings were held in the half-year.", held) % {"count": held}
    return f"{meetings} {_young(figures)}"


def _young(figures: Figures) -> str:
    total = cells(figures["young_by_level"])["total"]
    if total is None:
        return _("Fewer than 5 young people had a new case, so the number is not shown.")
    if total == 0:
        return _("No young person had a new case.")
    return _("%(count)s young people had a new case.") % {"count": total}


def _in_short(figures: Figures, terms: Terms) -> list[tuple[str, str]]:
    return [_plan_in_short(figures["milestones"], terms), _meetings_in_short(figures["meetings"]), _agreements_in_short(figures["agreements"][0])]


def _plan_in_short(rows: Rows, terms: Terms) -> tuple[str, str]:
    if not rows:
        council = term(terms, Term.LOCAL_COUNCIL, "definite", start=True)
        return _("No approved plan covers the half-year"), _("%(council)s has not approved a plan for the period.") % {"council": council}
    late = [row for row in rows if row["delayed"]]
    reached, of = sum(row["reached"] for row in rows), sum(row[key] for row in rows for key, _status in STATUS_COLUMNS)
    text = _("%(reached)s of %(of)s milestones are reached.") % {"reached": reached, "of": of}
    if not late:
        return _("%(plan)s is on track") % {"plan": term(terms, Term.PLAN, "definite", start=True)}, text
    names = ", ".join(row["initiative"] for row in late)
    what = term(terms, Term.INITIATIVE, "" if len(late) == 1 else "plural")
    head = ngettext("%(count)s %(what)s is delayed", "%(count)s %(what)s are delayed", len(late)) % {"count": len(late), "what": what}
    return head, f"{text} " + _("Delayed: %(names)s.") % {"names": names}


def _meetings_in_short(rows: Rows) -> tuple[str, str]:
    judged = [row for row in rows if _due(row)]  # of a forum with one meeting a year nothing can be said by half-years
    behind = [row for row in judged if row["held"] < (_due(row) or 0)]
    head = _("%(count)s of %(of)s forums have held the meetings that are agreed for the half-year") % {"count": len(judged) - len(behind), "of": len(judged)}
    if not behind:
        return head, _("No forum is behind.")
    names = ", ".join(_("%(forum)s (%(held)s of %(due)s)") % {"forum": row["forum"], "held": row["held"], "due": _due(row)} for row in behind)
    return head, _("Fewer than half of what is agreed a year, rounded down: %(names)s.") % {"names": names}


def _agreements_in_short(row: dict[str, Any]) -> tuple[str, str]:
    due = row["done"] + row["open"]
    head = _("%(done)s of %(due)s agreements that were due are done") % {"done": row["done"], "due": due}
    if not row["open"]:
        return head, _("None is open.")
    return head, ngettext("%(count)s is still open.", "%(count)s are still open.", row["open"]) % {"count": row["open"]}


def _key_figures(figures: Figures, earlier: Figures | None, terms: Terms) -> list[tuple[str, str, str]]:
    """(number, what it is, the same in the half-year before)."""
    initiatives = _("%(initiatives)s in %(plan)s") % {"initiatives": term(terms, Term.INITIATIVE, "plural"), "plan": term(terms, Term.PLAN, "definite")}
    agreements, reached = figures["agreements"][0], sum(row["reached"] for row in figures["milestones"])
    of = sum(row[key] for row in figures["milestones"] for key, _status in STATUS_COLUMNS)
    came, called = sum(row["came"] for row in figures["attendance"]), sum(row["called"] for row in figures["attendance"])
    return [
        (str(_held(figures)), _("meetings held"), _before(earlier and _held(earlier))),
        (_shown(_total(figures)), _("young people with a new case"), _before(earlier and _shown(_total(earlier)))),
        (_percent(round(100 * came / called) if called >= 20 else None), _("of those called came to the meetings"), ""),
        (_of(agreements["done"], agreements["done"] + agreements["open"]), _("agreements due are done"), ""),
        (_of(reached, of), _("milestones are reached"), ""),
        (str(len(figures["milestones"])), initiatives, ""),
    ]  # fmt: skip


def _held(figures: Figures) -> int:
    return sum(row["held"] for row in figures["meetings"])


def _total(figures: Figures) -> int | None:
    return cells(figures["young_by_level"])["total"]


def _before(value: object) -> str:
    return _("%(value)s the half-year before") % {"value": value} if value is not None else ""


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def _shown(value: int | None) -> str:
    return "< 5" if value is None else str(value)


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{value} %"


def _level(key: str) -> str:
    return f"{key}. {ConcernLevel(int(key)).label}"


def _mark(mark: str) -> str:
    return str(Organisation.Mark(mark).label)


# ---- charts -----------------------------------------------------------------------------------------------------------
def _levels_chart(figures: Figures) -> dict[str, object] | None:
    """None when every level is hidden or empty: there is nothing to draw."""
    found = cells(figures["young_by_level"])
    if not any(found[key] for key in LEVELS):
        return None
    return bar_chart([Bar(_level(key), None, found[key], _("hidden") if found[key] is None else "") for key in LEVELS])


def _meetings_chart(figures: Figures) -> dict[str, object]:
    """What is agreed for the half-year, beside what was held in it."""
    return bar_chart([Bar(row["forum"], _due(row), row["held"]) for row in figures["meetings"]])


def _attendance_chart(figures: Figures) -> dict[str, object]:
    return bar_chart([Bar(_mark(row["mark"]), row["called"], row["came"]) for row in figures["attendance"]])


def _plan(plan: dict[str, Any], figures: Figures) -> dict[str, Any]:
    """One approved plan: its indsatser with their milestones, and where these stand in time."""
    indsatser = [
        {**row, "milestones": [_milestone(step) for step in plan["milestones"] if step["place"] == row["place"]]} for row in figures["milestones"] if row["plan"] == plan["id"]
    ]
    places = {row["place"]: n for n, row in enumerate(indsatser)}
    marks = [Mark(places[step["place"]], date.fromisoformat(step["due_on"]), step["status"]) for step in plan["milestones"] if step["due_on"] and step["place"] in places]
    first, last = date.fromisoformat(plan["period_from"]), date.fromisoformat(plan["period_to"])
    names = [f"{row['place']} {row['initiative']}" for row in indsatser]
    return {"title": plan["title"], "first": first, "last": last, "indsatser": indsatser, "chart": timeline(first, last, names, marks, timezone.localdate())}


def _milestone(step: dict[str, Any]) -> dict[str, Any]:
    late = step["status"] == Milestone.Status.DELAYED
    due_on = date.fromisoformat(step["due_on"]) if step["due_on"] else None
    return {"text": step["text"], "due_on": due_on, "status": Milestone.Status(step["status"]).label, "mark": "warn" if late else "ok"}
