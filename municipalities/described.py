"""What a kommune has described beside its forums, as its members read it: the trin scale, who places a concern on it, and whether the matrix is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from access.kept import Read, kept
from municipalities.models import ForumTrin, MatrixCell, Tenant, Trin
from municipalities.organisation import ForumCard


@dataclass(frozen=True)
class TrinLine:
    """One step of the scale, and the forums that handle it as this reader sees them."""

    trin: Trin
    forums: Sequence[ForumCard]


@dataclass(frozen=True)
class Described:
    """All of it. `placed_by` is empty where the kommune has not said who says which trin a concern is on, `trin_scale` where it has none."""

    placed_by: str
    trin_scale: Sequence[TrinLine]
    has_matrix: bool  # a cell of the matrix has been written


def described(tenant_id: int, cards: Sequence[ForumCard]) -> Described:
    """What this tenant has described; `cards`: the forums there are now, in their order. One query."""
    ((placed_by, steps, has_matrix),) = described_read(tenant_id).rows()
    return Described(placed_by, [_line(step, cards) for step in steps], has_matrix)


def described_read(tenant_id: int) -> Read[Any]:
    """What `described` asks for."""
    return _described.of(tenant_id)


def _line(step: dict[str, Any], cards: Sequence[ForumCard]) -> TrinLine:
    handled = step.pop("forums")
    return TrinLine(Trin(**step), [card for card in cards if card.forum.pk in handled])


@kept
def _described(tenant: Any) -> QuerySet[Any, Any]:
    handled = ForumTrin.objects.filter(trin=OuterRef("pk")).order_by().values("forum_id")
    step = JSONObject(number="number", name="name", description="description", forums=ArraySubquery(handled))
    steps = Trin.objects.filter(tenant=OuterRef("pk")).order_by("number").annotate(step=step).values("step")
    cells = MatrixCell.objects.filter(tenant=OuterRef("pk"))
    return Tenant.objects.filter(pk=tenant).values_list("trin_placed_by", ArraySubquery(steps), Exists(cells))
