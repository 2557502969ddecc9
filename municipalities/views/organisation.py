"""The organisation of the kommune: all forums as a picture and a list, those that have ended, and one forum."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from access.kept import ahead
from access.policy import may
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires
from municipalities.described import described, described_read
from municipalities.mandate import mandate
from municipalities.organisation import fetch_card, forums_of, forums_read, has_ended, now_and_before, overview, read_forums
from municipalities.parts import forum_parts
from municipalities.picture import areas_of, areas_read, organisation_picture
from municipalities.prevention import prevention_read, tenant_prevention


@require_safe
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def organisation(request: TenantRequest) -> HttpResponse:
    """The tiers from Kredsråd to networks, each forum with what this member may see of it; the prevention model and the trin scale."""
    tenant_id, may_manage = request.tenant.id, request.actor.holds(Verb.MANAGE_TENANT)
    with ahead(forums_read(request.actor), areas_read(tenant_id), prevention_read(tenant_id), described_read(tenant_id)):
        forums, areas = read_forums(request.actor), areas_of(tenant_id)
        now, before = now_and_before(overview(request, forums))
        told = described(tenant_id, now)
        context = {
            "cards": now, "has_ended": bool(before), "has_own": any(card.forum.tenant_id == tenant_id for card in now), "prevention": tenant_prevention(tenant_id),
            "trin_scale": told.trin_scale, "placed_by": told.placed_by, "may_manage": may_manage, "has_matrix": may_manage or told.has_matrix,
            "drawing": organisation_picture(now, areas, request.tenant.slug, terms=request.tenant.terms),
        }  # fmt: skip
    return TemplateResponse(request, "municipalities/organisation.html", context)


@require_safe
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def former_forums(request: TenantRequest) -> HttpResponse:
    """The forums that have ended: their pages stay, with their meetings."""
    _now, before = now_and_before(overview(request, forums_of(request.actor).filter(active_to__isnull=False)))
    return TemplateResponse(request, "municipalities/former_forums.html", {"cards": before})


@require_safe
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def forum_detail(request: TenantRequest, public_id: str) -> HttpResponse:
    """One forum: purpose, cadence, seats; with holders, meetings and dates for those who may see them."""
    card = fetch_card(request, public_id)
    parts = {column: forum_parts(request, card.forum, column) if card.is_inside else [] for column in ("first", "main", "side")}
    context = {
        "card": card, "forum": card.forum, "mandate": mandate(card, request.tenant.slug, request.tenant.terms), "has_ended": has_ended(card.forum), "parts": parts,
        "may_manage": bool(may(request.actor, Verb.MANAGE_TENANT, card.forum)),
        "may_elect": card.forum.chairing == card.forum.Chairing.ELECTED and bool(may(request.actor, Verb.WRITE_MINUTES, card.forum)),
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/forum_detail.html", context)
