"""Where the marks of the report's charts stand. Numbers only: the templates in reports/charts/ draw them as SVG."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

WIDTH, LEFT, VALUE = 480.0, 150.0, 58.0  # of a chart, of its labels, of the room behind the longest bar
ROW, MARK_ROW, TOP = 30, 29, 26


class Bar(NamedTuple):
    """One row: what it is called, the light bar (agreed, invited …) and the dark one (held, came …)."""

    label: str
    light: float | None
    dark: float | None
    note: str = ""


def bar_chart(rows: Sequence[Bar]) -> dict[str, object]:
    """Horizontal bars on one scale. A number that is None has no bar: nothing of its size may be seen."""
    most = max((number for row in rows for number in (row.light, row.dark) if number), default=1)
    scale = (WIDTH - LEFT - VALUE) / most
    drawn = [
        {
            "label": row.label, "note": row.note, "y": 4 + place * ROW, "light": row.light, "dark": row.dark,
            "light_width": _point((row.light or 0) * scale), "dark_width": _point((row.dark or 0) * scale),
            "light_end": _point(LEFT + (row.light or 0) * scale + 5), "dark_end": _point(LEFT + (row.dark or 0) * scale + 5),
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip
    return {"width": _point(WIDTH), "left": _point(LEFT), "label_x": _point(LEFT - 8), "height": len(rows) * ROW + 4, "rows": drawn}


class Mark(NamedTuple):
    """A milestone: which row it stands in, when it is due, its status."""

    row: int
    due_on: date
    status: str


def timeline(first: date, last: date, rows: Sequence[str], marks: Sequence[Mark], today: date) -> dict[str, object]:
    """Quarters from left to right, one row each indsats, a diamond each milestone, a line for today."""
    left = 130.0
    room, bottom = WIDTH - left - 8, TOP + MARK_ROW * len(rows)

    def place(day: date) -> str:
        return _point(left + room * min(max((day - first).days / max((last - first).days, 1), 0), 1))

    return {
        "width": _point(WIDTH), "height": bottom + 24, "bottom": bottom,
        "rows": [{"label": name, "y": TOP + MARK_ROW * n, "left": _point(left), "length": _point(room)} for n, name in enumerate(rows)],
        "marks": [{"x": place(mark.due_on), "y": TOP + MARK_ROW * mark.row - 2, "status": mark.status} for mark in marks],
        "years": [{"label": year, "x": place(date(year, 1, 1))} for year in range(first.year, last.year + 1)],
        "today": place(today) if first <= today <= last else None,
    }  # fmt: skip


def _point(value: float) -> str:
    """A coordinate as SVG wants it, whatever the language of the page."""
    return f"{value:.1f}"
