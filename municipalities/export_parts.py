"""Min uge of those who take a whole kommune out: an export that waits for somebody, is being made, or can be fetched."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from access.kept import kept
from access.request import TenantRequest
from access.roles import Verb
from municipalities.models import ExportOrder

Status = ExportOrder.Status
SOON = timedelta(days=2)


@kept  # asked for on every Min uge of an administrator and a DPO
def _current(tenant: Any, now: Any) -> QuerySet[ExportOrder]:
    open_or_failed = Q(status__in=[Status.ORDERED, Status.QUEUED, Status.RUNNING, Status.FAILED])
    rows = ExportOrder.objects.filter(open_or_failed | Q(status=Status.DONE, expires_at__gt=now), tenant_id=tenant)
    return rows.select_related("ordered_by").order_by("-ordered_at", "pk")


def week_part(request: TenantRequest) -> dict[str, Any] | None:
    """For the DPO what he has to confirm or can fetch; for the administrator how far it is. One query, none for anybody else."""
    actor = request.actor
    is_dpo = actor.holds(Verb.VIEW_AUDIT)
    if not (is_dpo or actor.holds(Verb.MANAGE_TENANT)):
        return None
    now = timezone.now()
    orders = [{"order": order, "is_last_days": bool(order.is_ready and order.expires_at and order.expires_at - now < SOON)} for order in _current(actor.tenant_id, now)]
    return {"orders": orders, "is_dpo": is_dpo, "tenant": request.tenant} if orders else None
