"""The kommune's trin scale as its members read it: how far a concern has come, and which forums handle it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from access.kept import Read, kept
from municipalities.models import ForumTrin, Tenant, Trin
from municipalities.organisation import ForumCard


@dataclass(frozen=True)
class TrinLine:
    """One step of the scale, and the forums that handle it as this reader sees them."""

    trin: Trin
    forums: Sequence[ForumCard]


def trin_scale(tenant_id: int, cards: Sequence[ForumCard]) -> list[TrinLine]:
    """The tenant's scale, the first step first; `cards`: the forums there are now, in their order. Two queries; one, and an empty list, without a scale."""
    scale = scale_read(tenant_id).rows()
    handled = {(row.trin_id, row.forum_id) for row in _handled(tenant_id)} if scale else set()
    return [TrinLine(trin, [card for card in cards if (trin.pk, card.forum.pk) in handled]) for trin in scale]


def placed_by(tenant_id: int) -> str:
    """Who says which trin a concern is on, in the kommune's words; empty when it has not said. One query."""
    ((words,),) = placed_read(tenant_id).rows()
    return str(words)


def placed_read(tenant_id: int) -> Read[Any]:
    """What `placed_by` asks for."""
    return _placed.of(tenant_id)


@kept
def _placed(tenant: Any) -> QuerySet[Any, Any]:
    return Tenant.objects.filter(pk=tenant).values_list("trin_placed_by")


def scale_read(tenant_id: int) -> Read[Trin]:
    """What `trin_scale` asks for first."""
    return _scale.of(tenant_id)


@kept
def _scale(tenant: Any) -> QuerySet[Trin]:
    return Trin.objects.filter(tenant_id=tenant).order_by("number")


@kept
def _handled(tenant: Any) -> QuerySet[ForumTrin]:
    return ForumTrin.objects.filter(tenant_id=tenant).order_by()
