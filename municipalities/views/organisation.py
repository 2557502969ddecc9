"""The organisation of the kommune: all forums as a picture and a list, and one forum."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from access.policy import may
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires
from municipalities.organisation import cards, fetch_card, read_forums, tiers
from municipalities.parts import forum_parts
from municipalities.prevention import tenant_prevention


@require_safe
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def organisation(request: TenantRequest) -> HttpResponse:
    """The tiers from Kredsråd to networks, each forum with what this member may see of it."""
    found = cards(request, read_forums(request.actor))
    context = {"tiers": tiers(found), "cards": found, "prevention": tenant_prevention(request.tenant.id)}
    return TemplateResponse(request, "municipalities/organisation.html", context)


@require_safe
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def forum_detail(request: TenantRequest, public_id: str) -> HttpResponse:
    """One forum: purpose, cadence, seats; with holders, meetings and dates for those who may see them."""
    card = fetch_card(request, public_id)
    parts = {column: forum_parts(request, card.forum, column) if card.is_inside else [] for column in ("first", "main", "side")}
    context = {"card": card, "forum": card.forum, "parts": parts, "may_manage": bool(may(request.actor, Verb.MANAGE_TENANT, card.forum))}
    return TemplateResponse(request, "municipalities/forum_detail.html", context)
