"""Cases whose day of deletion has come, on Min uge and in the list: numbers only, for who opens the forum's cases.

Nothing deletes a case by itself yet: people have to know which ones are due.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from access.kept import kept
from access.policy import among
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from cases.models import Case

ROWS = 6
VIEW = "slettefrist"  # of the list of cases


@kept
def _due(tenant: Any, today: Any) -> QuerySet[Case]:
    return Case.objects.filter(tenant_id=tenant, delete_on__lte=today).select_related("forum").order_by("delete_on", "number")


def due_cases(request: TenantRequest) -> list[Case]:
    """Open and closed cases whose day is today or past. One query."""
    return among(request.actor, Verb.VIEW_CASES, _due(request.tenant.id, timezone.localdate()))


def week_deletions(request: HttpRequest) -> dict[str, Any] | None:
    """Min uge, side column. One query."""
    tenant_request: TenantRequest = request  # type: ignore[assignment]  # the middleware has made it one
    if not tenant_request.actor.holds(Verb.VIEW_CASES):
        return None
    cases = due_cases(tenant_request)
    if not cases:
        return None
    return {"tenant": tenant_request.tenant, "cases": cases[:ROWS], "count": len(cases), "all_url": f"{tenant_url(tenant_request, 'case_list')}?vis={VIEW}"}
