"""The kommune's prevention model as a picture: a triangle, a staircase or levels. Numbers in the drawing, names beside it as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import PreventionLevel, Tenant

Shape = Tenant.PreventionShape
WIDTH, STEP = 320, 56


@dataclass(frozen=True)
class Band:
    """One band of the drawing: its corners, and where its number stands."""

    number: int
    points: str
    x: float
    y: float


def prevention_picture(shape: str, levels: Sequence[PreventionLevel], counts: Sequence[int]) -> dict[str, Any]:
    """What the SVG is drawn from; `counts` are the entries on each step. The label says everything that the picture shows."""
    draw = {Shape.TRAPPE: _stair, Shape.NIVEAUER: _level}.get(Shape(shape), _triangle)
    count = len(levels)
    bands = [draw(place, count) for place in range(count)]
    said = "; ".join(_("%(number)s: %(name)s, %(entries)s") % {"number": n, "name": level.name, "entries": _entries(many)} for n, level, many in _numbered(levels, counts))
    return {"bands": bands, "width": WIDTH, "height": STEP * count, "label": f"{Shape(shape).label}. {said}"}


def _numbered(levels: Sequence[PreventionLevel], counts: Sequence[int]) -> list[tuple[int, PreventionLevel, int]]:
    return [(number, level, many) for number, (level, many) in enumerate(zip(levels, counts, strict=True), start=1)]


def _entries(count: int) -> str:
    return ngettext("%(count)s indsats", "%(count)s indsatser", count) % {"count": count}


def _triangle(place: int, count: int) -> Band:
    """The lowest band is the first and widest."""
    low, high = STEP * (count - place), STEP * (count - place - 1)
    total = STEP * count
    half_low, half_high = WIDTH / 2 * low / total, WIDTH / 2 * high / total
    middle = WIDTH / 2
    return Band(place + 1, _points((middle - half_low, low), (middle + half_low, low), (middle + half_high, high), (middle - half_high, high)), middle, (low + high) / 2 + 14)


def _stair(place: int, count: int) -> Band:
    """The first step is the lowest, each next one stands higher and further to the right."""
    width = WIDTH / count
    left, top, floor = width * place, STEP * (count - place - 1), STEP * count
    return Band(place + 1, _points((left, floor), (left + width, floor), (left + width, top), (left, top)), left + width / 2, top + 36)


def _level(place: int, count: int) -> Band:
    """Levels of the same width, the first one lowest."""
    low, high = STEP * (count - place) - 3, STEP * (count - place - 1) + 3
    return Band(place + 1, _points((0, low), (WIDTH, low), (WIDTH, high), (0, high)), WIDTH / 2, (low + high) / 2 + 8)


def _points(*corners: tuple[float, float]) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in corners)
