"""Cases whose day of deletion has come, on Min uge and in the list: numbers only, for who opens the forum's cases.

Nothing deletes a case by itself yet: people have to know which ones are due.
"""

from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest
from django.utils import timezone

from access.kept import kept
from access.policy import among, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from cases.models import Case

ROWS = 6
VIEW = "slettefrist"  # of the list of cases


@kept  # on every Min uge of who opens cases
def _first_due(tenant: Any, forums: Any, kept_out: Any, today: Any) -> QuerySet[Case]:
    rows = Case.objects.filter(tenant_id=tenant, forum__any=forums, delete_on__lte=today).exclude(pk__any=kept_out).select_related("forum")
    return rows.annotate(in_all=Window(Count("pk"))).order_by("delete_on", "number")[:ROWS]


def count_due(request: TenantRequest) -> int:
    """How many cases, open and closed, have their day today or have had it. One query."""
    return visible(request.actor, Verb.VIEW_CASES, Case.objects.filter(delete_on__lte=timezone.localdate())).count()


def week_deletions(request: HttpRequest) -> dict[str, Any] | None:
    """Min uge, side column. One query."""
    tenant_request: TenantRequest = request  # type: ignore[assignment]  # the middleware has made it one
    actor = tenant_request.actor
    forums, kept_out = actor.forums_with(Verb.VIEW_CASES), actor.recused_from(Case.guest_label)
    cases: list[Any] = among(actor, Verb.VIEW_CASES, _first_due(actor.tenant_id, list(forums), list(kept_out), timezone.localdate())) if forums else []
    if not cases:
        return None
    return {"tenant": tenant_request.tenant, "cases": cases, "count": cases[0].in_all, "all_url": f"{tenant_url(tenant_request, 'case_list')}?vis={VIEW}"}
