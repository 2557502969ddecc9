"""The kommune's prevention model drawn: a triangle, levels or a staircase, with what SSP does on each band.

Numbers and lines of text only: `templates/municipalities/_prevention_model.html` draws them as SVG, with the same as
text beside it. Used wherever the model is shown: the organisation, a forum, plans, the catalogue, the documents.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from access.kept import Read, kept
from municipalities.models import PreventionLevel, Tenant

Shape = Tenant.PreventionShape
WIDTH, SHAPE, TEXT, BAND = 360, 156, 172, 62  # of the picture, of the shape in it, where its names begin, height of a band
LETTERS, LINE, MOST_LINES = 28, 16, 3  # of a name
TITLES: dict[str, Any] = {
    Shape.TREKANT: gettext_lazy("The prevention triangle"),
    Shape.NIVEAUER: gettext_lazy("The levels of prevention"),
    Shape.TRAPPE: gettext_lazy("The staircase of prevention"),
}


@dataclass(frozen=True)
class Band:
    """One band: where it is drawn, what stands beside it, and whether it is meant here."""

    level: PreventionLevel
    number: int  # 1 is the lowest
    points: str
    edge: str  # where the line to its name begins
    middle: int
    strength: str  # how strong its colour is, from 1 down
    lines: Sequence[tuple[int, str]]  # (y, text) of its name
    is_on: bool
    note: str
    address: str


@dataclass(frozen=True)
class PreventionModel:
    """The picture, from the top band down."""

    shape: str
    title: str
    bands: Sequence[Band]
    height: int
    has_chosen: bool  # True when only some bands are meant

    @property
    def description(self) -> str:
        """The whole picture in words."""
        return ". ".join(f"{band.number}: {band.level.name}" for band in self.bands) + "."


def prevention_model(
    shape: str, levels: Iterable[PreventionLevel], *, on: Collection[int] = (), notes: Mapping[int, str] | None = None, addresses: Mapping[int, str] | None = None
) -> PreventionModel | None:
    """The model of these bands (in their order, the lowest first); None without any. No query.

    `on`: ids of the bands that a forum or an indsats works on, the others stand back. `notes` and `addresses`: band id ->
    a word beside its name in the list (how many indsatser), and where its name leads.
    """
    found = list(levels)
    drawn = [
        Band(
            level, place + 1, _points(Shape(shape), place, len(found)), _number(_edge(Shape(shape), place, len(found))), _middle(place, len(found)),
            _number(1 - 0.66 * place / max(len(found) - 1, 1)), _lines(level.name, _middle(place, len(found))), level.pk in on,
            (notes or {}).get(level.pk, ""), (addresses or {}).get(level.pk, ""),
        )
        for place, level in enumerate(found)
    ]  # fmt: skip
    return PreventionModel(shape, str(TITLES[shape]), drawn[::-1], BAND * len(found), bool(on)) if found else None


def tenant_prevention(tenant_id: int, **marks: Any) -> PreventionModel | None:
    """A tenant's own model, with the marks of `prevention_model`; None when it has none. One query."""
    levels = prevention_read(tenant_id).rows()
    return prevention_model(levels[0].tenant.prevention_shape, levels, **marks) if levels else None


def prevention_read(tenant_id: int) -> Read[PreventionLevel]:
    """What `tenant_prevention` asks for."""
    return _levels.of(tenant_id)


@kept
def _levels(tenant: Any) -> QuerySet[PreventionLevel]:
    return PreventionLevel.objects.filter(tenant_id=tenant).select_related("tenant").order_by("order", "pk")


def _middle(place: int, count: int) -> int:
    return BAND * (count - place) - BAND // 2


def _corners(shape: Shape, place: int, count: int) -> list[tuple[float, float]]:
    """Left and right end of the band's foot, then of its top."""
    foot, top = BAND * (count - place) - 1.5, BAND * (count - place - 1) + 1.5
    if shape is Shape.TREKANT:
        half = SHAPE / 2 / (BAND * count)
        low, high = foot * half, top * half
        return [(SHAPE / 2 - low, foot), (SHAPE / 2 + low, foot), (SHAPE / 2 + high, top), (SHAPE / 2 - high, top)]
    left = SHAPE / count * place if shape is Shape.TRAPPE else 0
    return [(left, foot), (SHAPE, foot), (SHAPE, top), (left, top)]


def _points(shape: Shape, place: int, count: int) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in _corners(shape, place, count))


def _edge(shape: Shape, place: int, count: int) -> float:
    _foot_left, foot, top, _top_left = _corners(shape, place, count)
    return (foot[0] + top[0]) / 2 + 3


def _lines(name: str, middle: int) -> list[tuple[int, str]]:
    lines = wrap(name, LETTERS, max_lines=MOST_LINES, placeholder=" …")
    first = middle + 5 - LINE * (len(lines) - 1) // 2
    return [(first + LINE * number, line) for number, line in enumerate(lines)]


def _number(value: float) -> str:
    """A coordinate as SVG wants it, whatever the language of the page."""
    return f"{value:.1f}"
