"""The figures of a report, as the database answers them: one definer function each, small counts of persons hidden."""

from typing import Any

from django.db import connection
from django.utils import timezone

from access.actor import Actor
from access.policy import visible
from access.roles import Verb
from plans.models import Milestone, Plan
from reports.periods import HalfYear

type Figures = dict[str, Any]
type Rows = list[dict[str, Any]]
ONE_EACH = ("young_by_level", "young_by_status", "meetings", "attendance", "agreements", "milestones")


def read_figures(actor: Actor, half_year: HalfYear) -> Figures:
    """Everything the report says, in a form that JSON keeps. Reads inside the context of the actor who ordered.

    Raises the database's own error when the context has no right to a report, or the half-year has not ended.
    """
    found: Figures = {name: _ask(name, half_year) for name in ONE_EACH}
    return {**found, "plans": _plans(actor, half_year), "read_at": timezone.now().isoformat()}


def _ask(name: str, half_year: HalfYear) -> Rows:
    assert name in ONE_EACH, name
    with connection.cursor() as cursor:
        cursor.execute(f"select * from figures.{name}(%s)", [half_year.first_day])  # noqa: S608  # one of our own names
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _plans(actor: Actor, half_year: HalfYear) -> Rows:
    """The approved plans of the period and their milestones, which every member may read."""
    approved = Plan.objects.filter(status=Plan.Status.APPROVED, period_from__lte=half_year.last_day, period_to__gte=half_year.first_day)
    plans = visible(actor, Verb.VIEW_ORGANISATION, approved).order_by("period_from")
    return [
        {"id": plan.public_id, "title": plan.title, "period_from": plan.period_from.isoformat(), "period_to": plan.period_to.isoformat(), "milestones": _milestones(plan)}
        for plan in plans
    ]


def _milestones(plan: Plan) -> Rows:
    rows = Milestone.objects.filter(plan=plan).order_by("initiative__order", "order")
    return [
        {"place": place, "text": text, "due_on": due_on and due_on.isoformat(), "status": status}
        for place, text, due_on, status in rows.values_list("initiative__order", "text", "due_on", "status")
    ]


def cells(rows: Rows) -> dict[str, int | None]:
    """A count of persons by cell; None where it is hidden."""
    return {row["cell"]: row["persons"] for row in rows}
