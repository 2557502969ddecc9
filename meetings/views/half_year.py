"""The half-year's meetings: a list and a calendar to print or put on the wall, and the same list as PDF."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_safe

from access.exports import pdf_response
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires
from meetings.half_year import read_half_year
from municipalities.models import Tenant


@require_safe
@in_menu("meetings")
@requires(Verb.VIEW_ORGANISATION)
def half_year(request: TenantRequest) -> HttpResponse:
    """The meetings of a half-year that the reader may know of."""
    found = read_half_year(request.actor, request.GET.get("halvaar", ""))
    return TemplateResponse(request, "meetings/half_year.html", {"half": found, "weekdays": WEEKDAYS_ABBR.values(), "may_convene": request.actor.holds(Verb.CONVENE)})


@require_safe
@requires(Verb.VIEW_ORGANISATION)
def half_year_pdf(request: TenantRequest) -> HttpResponse:
    """The list as PDF, the reader's own."""
    found = read_half_year(request.actor, request.GET.get("halvaar", ""))
    tenant = Tenant.objects.get(pk=request.actor.tenant_id)
    return pdf_response(request, "meetings/pdf/half_year.html", {"half": found}, name=f"moeder {found.address}", row=tenant)
