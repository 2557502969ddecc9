"""Sharing the figures of a finished report with the politikreds, as the database counted and suppressed them: nothing is counted anew."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from access.actor import Actor
from access.roles import DataClass, Verb
from municipalities.models import Forum, Release
from municipalities.sharing import CannotShareError, Offer, Shareable, Snapshot
from municipalities.terms import Term, term, terms_of
from reports.documents import Table, attendance_table, level_table, meeting_table, status_table
from reports.figures import Figures, cells
from reports.models import Report
from reports.periods import HalfYear, ended_half_years


def _may(actor: Actor) -> bool:
    return actor.holds(Verb.RELEASE_FIGURES)


def _ready(actor: Actor) -> Any:
    mine = actor.forums_with(Verb.RELEASE_FIGURES)
    return Report.objects.readable_by(actor).filter(audience__in=mine, status=Report.Status.DONE).select_related("audience")


def _offers(actor: Actor) -> list[Offer]:
    if not _may(actor):
        return []
    shared = set(Release.objects.filter(tenant_id=actor.tenant_id, kind=Release.Kind.FIGURES).values_list("period_from", flat=True))
    reports = [report for report in _ready(actor) if report.period_from not in shared]
    note = _("The numbers of the report, with the small ones hidden. Can be shared once.")
    return [Offer(Release.Kind.FIGURES, report.half_year.key, _title(report.half_year), note) for report in reports]


def _title(half_year: HalfYear) -> str:
    return _("Figures, %(period)s") % {"period": half_year.label}


def _snapshot(actor: Actor, key: str) -> Snapshot:
    half_year = next((half_year for half_year in ended_half_years() if half_year.key == key), None)
    if half_year is None:
        raise CannotShareError(_("Choose a half-year that has ended."))
    if not _may(actor):
        council = term(terms_of(actor.tenant_id), Term.LOCAL_COUNCIL, "definite")
        raise PermissionDenied(_("Only the chair of %(council)s can share the figures.") % {"council": council})
    report = _ready(actor).filter(period_from=half_year.first_day).order_by("pk").first()
    if report is None:
        raise CannotShareError(_("There is no finished report of this half-year."))
    return figures_snapshot(half_year, report.figures, open_forums(actor))


def open_forums(actor: Actor) -> set[str]:
    """Names of the forums whose meetings every member may count: of the others not even the number leaves the kommune."""
    general = [data_class for data_class in DataClass if not data_class.is_person]
    return set(Forum.objects.filter(tenant_id=actor.tenant_id, ceiling__in=general).values_list("name", flat=True))


def figures_snapshot(half_year: HalfYear, figures: Figures, forums: set[str]) -> Snapshot:
    """The shared form of a report's figures. A hidden cell stays None."""
    general = {**figures, "meetings": [row for row in figures["meetings"] if row["forum"] in forums]}
    tables = [level_table(general), status_table(general), meeting_table(general), attendance_table(general)]
    came, called = sum(row["came"] for row in figures["attendance"]), sum(row["called"] for row in figures["attendance"])
    summary = {
        "period": half_year.label, "young": cells(figures["young_by_level"])["total"], "meetings": sum(row["held"] for row in general["meetings"]),
        "came": round(100 * came / called) if called >= 20 else None,
    }  # fmt: skip
    return Snapshot(_title(half_year), half_year.first_day, half_year.last_day, summary, {"tables": [_plain(table) for table in tables]})


def _plain(table: Table) -> dict[str, Any]:
    return {"title": table.title, "headers": table.headers, "rows": [[label, values] for label, values in table.rows], "is_summed": table.is_summed}


SHAREABLE = Shareable(Release.Kind.FIGURES, _offers, _snapshot, _may)
