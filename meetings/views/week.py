"""Min uge, and agreements across meetings."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from access.kept import ahead
from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, open_to_members, requires, tenant_url
from meetings import actions
from meetings.approvals import to_approve
from meetings.models import Agreement
from meetings.parts import rendered, week_parts, week_reads
from meetings.week import monday_of, my_agreements, read_week, reads_of_week
from municipalities.models import Forum

PER_PAGE = 40
STATES = {"": Agreement.Status.OPEN, "udfoert": Agreement.Status.DONE, "bortfaldet": Agreement.Status.DROPPED}  # by the name in the address


@require_safe
@in_menu("week")
@open_to_members
def week(request: TenantRequest) -> HttpResponse:
    """The reader's week; a guest sees the meeting he is called to and nothing else."""
    monday, now = monday_of(request.GET.get("uge", "")), timezone.now()
    with ahead(*reads_of_week(request.actor, monday, now), *week_reads(request)):
        columns = {column: week_parts(request, column) for column in ("main", "side")}
        overdue_elsewhere = sum(shown.get("overdue", 0) for parts in columns.values() for _template, shown in parts)
        found = read_week(request.actor, monday, now, to_approve(request), overdue_elsewhere)
    parts = {column: rendered(request, shown) for column, shown in columns.items()}
    context = {"week": found, "parts": parts, "tick_url": tenant_url(request, "agreement_tick"), "may_convene": request.actor.holds(Verb.CONVENE)}
    return TemplateResponse(request, "meetings/week.html", context)


@require_safe
@in_menu("week")
@requires(Verb.VIEW_AGENDA)
def agreement_list(request: TenantRequest) -> HttpResponse:
    """Agreements: the reader's own, or everybody's in his forums or one of them; open, done or dropped."""
    forums = list(visible(request.actor, Verb.VIEW_AGENDA, Forum.objects.in_order()))
    forum = next((forum for forum in forums if forum.public_id == request.GET.get("forum", "")), None)
    own, state = request.GET.get("mine") == "1", next((name for name in STATES if name and request.GET.get(name) == "1"), "")
    rows: Any = my_agreements(request.actor) if own else _all_agreements(request)
    rows = rows.filter(status=STATES[state], **({"forum": forum} if forum else {}))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    chosen = {"mine": own, "udfoert": state == "udfoert", "bortfaldet": state == "bortfaldet", "forum": forum.public_id if forum else ""}
    whole = _("The whole forum") if forum else _("All in my forums")
    whose = [(label, {"mine": mine}, own is mine) for label, mine in ((whole, False), (_("Mine"), True))]
    states = [(label, {"udfoert": name == "udfoert", "bortfaldet": name == "bortfaldet"}, state == name) for name, label in _state_labels()]
    context = {
        "page_obj": page, "forums": forums, "forum": forum, "own": own, "state": state, "query": "&" + _address(chosen), "with_who": not own,
        "whose": _choices(chosen, whose), "states": _choices(chosen, states), "tick_url": tenant_url(request, "agreement_tick"),
    }  # fmt: skip
    return TemplateResponse(request, "meetings/agreement_list.html", context)


def _state_labels() -> list[tuple[str, str]]:
    return [("", pgettext("agreements", "Open")), ("udfoert", pgettext("agreements", "Done")), ("bortfaldet", pgettext("agreements", "Dropped"))]


def _choices(chosen: dict[str, Any], offered: list[tuple[str, dict[str, Any], bool]]) -> list[dict[str, Any]]:
    return [{"url": "?" + _address({**chosen, **change}), "label": label, "current": current} for label, change, current in offered]


def _address(chosen: dict[str, Any]) -> str:
    return urlencode({name: "1" if value is True else value for name, value in chosen.items() if value})


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
