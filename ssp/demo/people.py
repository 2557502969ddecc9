"""Demo: who has accepted the duty of confidentiality; rows marked `new` sat down yesterday and have not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from access.actor import Actor
from access.context import context_of
from municipalities.models import PLEDGE_VERSION, ConfidentialityPledge

if TYPE_CHECKING:
    from ssp.demo.load import World


def load(world: World) -> None:
    """Everybody with a seat or an invitation as a guest accepted when he came."""
    rows = {row["user"]: row for row in [*world.content.get("guests", []), *world.content.get("seats", [])] if not row.get("new")}
    for key, row in rows.items():
        _accept(world, key, row)


def _accept(world: World, key: str, row: dict[str, Any]) -> None:
    """As himself: row security lets nobody accept for another."""
    user = world.users[key]
    accepted_at = world.moment(world.today + timedelta(days=row.get("from_days", -3)), "09:00")
    with context_of(Actor(user_id=user.pk, tenant_id=world.tenant.pk)):
        # in bulk, past django-auditlog: the log would say that he did it today
        ConfidentialityPledge.objects.bulk_create([ConfidentialityPledge(tenant=world.tenant, user=user, version=PLEDGE_VERSION, accepted_at=accepted_at)])

