"""The organisation as PDF: the picture with its list, one forum's mandate, all mandates. What the reader sees on the pages, and logged."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.exports import pdf_response
from access.request import TenantRequest
from access.roles import Verb
from access.web import requires
from municipalities.documents import mandate_context, mandates_context, organisation_context
from municipalities.models import Tenant
from municipalities.organisation import fetch_card


def _tenant(request: TenantRequest) -> Tenant:
    return Tenant(pk=request.tenant.id, name=request.tenant.name)


@require_safe
@requires(Verb.VIEW_ORGANISATION)
def organisation_pdf(request: TenantRequest) -> HttpResponse:
    """The picture on one page, the list, and the prevention model."""
    return pdf_response(request, "municipalities/pdf/organisation.html", organisation_context(request), name=_("Organisation"), row=_tenant(request))


@require_safe
@requires(Verb.VIEW_ORGANISATION)
def mandates_pdf(request: TenantRequest) -> HttpResponse:
    """Every forum's mandate, with a table of contents."""
    return pdf_response(request, "municipalities/pdf/mandates.html", mandates_context(request), name=_("All mandates"), row=_tenant(request))


@require_safe
@requires(Verb.VIEW_ORGANISATION)
def mandate_pdf(request: TenantRequest, public_id: str) -> HttpResponse:
    """One forum's mandate."""
    card = fetch_card(request, public_id)
    name = _("Mandate %(forum)s") % {"forum": card.forum.name}
    return pdf_response(request, "municipalities/pdf/mandates.html", mandate_context(request, card), name=name, row=card.forum)
