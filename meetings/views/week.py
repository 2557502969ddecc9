"""Min uge, and agreements across meetings."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, open_to_members, requires, tenant_url
from meetings import actions
from meetings.approvals import to_approve
from meetings.models import Agreement
from meetings.parts import rendered, week_parts
from meetings.week import monday_of, my_agreements, read_week

PER_PAGE = 40


@require_safe
@in_menu("week")
@open_to_members
def week(request: TenantRequest) -> HttpResponse:
    """The reader's week; a guest sees the meeting he is called to and nothing else."""
    columns = {column: week_parts(request, column) for column in ("main", "side")}
    overdue_elsewhere = sum(shown.get("overdue", 0) for parts in columns.values() for _template, shown in parts)
    found = read_week(request.actor, monday_of(request.GET.get("uge", "")), to_approve(request), overdue_elsewhere)
    parts = {column: rendered(request, shown) for column, shown in columns.items()}
    context = {"week": found, "parts": parts, "tick_url": tenant_url(request, "agreement_tick"), "may_convene": request.actor.holds(Verb.CONVENE)}
    return TemplateResponse(request, "meetings/week.html", context)


@require_safe
@in_menu("week")
@requires(Verb.VIEW_AGENDA)
def agreement_list(request: TenantRequest) -> HttpResponse:
    """Open agreements: everybody's in the reader's forums, or his own; done ones by choice."""
    own, done = request.GET.get("mine") == "1", request.GET.get("udfoert") == "1"
    rows: Any = my_agreements(request.actor) if own else _all_agreements(request)
    page = Paginator(rows.filter(status="DONE" if done else "OPEN"), PER_PAGE).get_page(request.GET.get("page"))
    choices = [
        {"url": "?", "label": _("All open"), "current": not own and not done},
        {"url": "?mine=1", "label": _("Mine"), "current": own and not done},
        {"url": "?udfoert=1", "label": pgettext("agreements", "Done"), "current": done and not own},
    ]
    query = ("&mine=1" if own else "") + ("&udfoert=1" if done else "")
    context = {"page_obj": page, "choices": choices, "query": query, "tick_url": tenant_url(request, "agreement_tick"), "with_who": not own}
    return TemplateResponse(request, "meetings/agreement_list.html", context)


def _all_agreements(request: TenantRequest) -> Any:
    rows = Agreement.objects.with_parties().select_related("item", "meeting__forum").order_by("due_on", "pk")
    return visible(request.actor, Verb.VIEW_AGENDA, rows)


@require_POST
@requires(Verb.VIEW_AGENDA)
def agreement_tick(request: TenantRequest) -> HttpResponse:
    """Mark an agreement as done, or open again."""
    rows = Agreement.objects.with_parties()
    agreement = fetch(request.actor, Verb.VIEW_AGENDA, rows, public_id=request.POST.get("aftale", ""))
    agreement = actions.tick_agreement(agreement, actor=request.actor)
    if request.headers.get("HX-Request"):
        context = {"agreement": agreement, "tick_url": request.path, "with_who": request.actor.user_id not in agreement.responsible_ids}
        return TemplateResponse(request, "meetings/_agreement_row.html", context)
    messages.success(request, _("The agreement is marked as done. Choose again to undo.") if agreement.is_done else _("The agreement is open again."))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if is_ours else tenant_url(request, "week"))
