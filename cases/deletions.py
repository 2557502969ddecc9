"""Cases whose day of deletion has come, on Min uge and in the list: numbers only, for who opens the forum's cases.

Nothing deletes a case by itself yet: people have to know which ones are due.
"""

from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest
from django.utils import timezone

from access.policy import visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from cases.models import Case

ROWS = 6
VIEW = "slettefrist"  # of the list of cases


def _due(request: TenantRequest) -> QuerySet[Case]:
    return visible(request.actor, Verb.VIEW_CASES, Case.objects.filter(delete_on__lte=timezone.localdate()))


def count_due(request: TenantRequest) -> int:
    """How many cases, open and closed, have their day today or have had it. One query."""
    return _due(request).count()


def week_deletions(request: HttpRequest) -> dict[str, Any] | None:
    """Min uge, side column. One query."""
    tenant_request: TenantRequest = request  # type: ignore[assignment]  # the middleware has made it one
    if not tenant_request.actor.holds(Verb.VIEW_CASES):
        return None
    rows = _due(tenant_request).select_related("forum").annotate(in_all=Window(Count("pk"))).order_by("delete_on", "number")
    cases = list(rows[:ROWS])
    if not cases:
        return None
    return {"tenant": tenant_request.tenant, "cases": cases, "count": cases[0].in_all, "all_url": f"{tenant_url(tenant_request, 'case_list')}?vis={VIEW}"}
