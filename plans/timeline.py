"""The picture of a plan: a bar for each indsats and a diamond for each milestone, placed by date on one line of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from plans.models import Milestone, Plan

LEFT, RIGHT, TOP, ROW = 190, 990, 46, 46
KINDS = {Milestone.Status.REACHED: "s1", Milestone.Status.DELAYED: "s2"}


@dataclass(frozen=True)
class Scale:
    """Places a day between the ends of the drawing; days outside the period stand at its ends."""

    first: date
    last: date

    def x(self, day: date) -> int:
        """The place of a day, in units of the drawing."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + min(max(share, 0), 1) * (RIGHT - LEFT))


def timeline(plan: Plan, initiatives: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Places for templates/plans/_timeline.html; the same facts stand as text under each indsats."""
    scale, today = Scale(plan.period_from, plan.period_to), timezone.localdate()
    rows = [
        {"y": TOP + number * ROW, "text_y": TOP + number * ROW + 15, "title": f"{part['number']} {_short(part['title'])}", "marks": _marks(scale, part, TOP + number * ROW)}
        for number, part in enumerate(initiatives)
    ]
    end = TOP + len(rows) * ROW
    running = plan.period_from <= today <= plan.period_to
    return {
        "rows": rows, "height": end + 30, "end": end, "label_y": end + 18, "left": LEFT, "width": RIGHT - LEFT, "years": _years(scale),
        "today": scale.x(today) if running else None, "passed": scale.x(today) - LEFT,
    }  # fmt: skip


def _marks(scale: Scale, part: dict[str, Any], y: int) -> list[dict[str, Any]]:
    return [
        {"x": scale.x(step["due_on"]), "y": y - 3, "kind": "s2" if step["is_overdue"] else KINDS.get(step["status"], "s0")} for step in part["milestones"] if step["due_on"]
    ]  # fmt: skip


def _years(scale: Scale) -> list[dict[str, int]]:
    """Each calendar year that the period touches: where it begins, and where its number stands."""
    found = []
    for year in range(scale.first.year, scale.last.year + 1):
        start, end = scale.x(date(year, 1, 1)), scale.x(date(year, 12, 31))
        if end - start > 40:  # a few days of a year have no room for its number
            found.append({"year": year, "x": start, "middle": (start + end) // 2})
    return found


def _short(title: str, most: int = 24) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"
