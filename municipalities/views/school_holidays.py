"""The kommune's school holidays: list, add, change, remove, and the usual ones of a year at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.holiday_forms import HolidayForm, YearForm
from municipalities.models import SchoolHoliday, Tenant
from municipalities.school_holidays import add_usual_holidays, remove_holiday, save_holiday


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(Verb.MANAGE_TENANT)
def holiday_list(request: TenantRequest) -> HttpResponse:
    """The holidays, the latest last, and a form for one more."""
    form = HolidayForm(request.POST or None, instance=SchoolHoliday(tenant_id=request.actor.tenant_id))
    if request.method == "POST" and form.is_valid():
        save_holiday(form.instance, actor=request.actor)
        messages.success(request, _("The holiday is added."))
        return redirect(tenant_url(request, "holiday_list"))
    rows = visible(request.actor, Verb.MANAGE_TENANT, SchoolHoliday.objects.order_by("starts_on", "pk"))
    context = {"holidays": rows, "form": form, "years": YearForm(auto_id="aar-%s")}
    return TemplateResponse(request, "municipalities/holiday_list.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(Verb.MANAGE_TENANT)
def holiday_edit(request: TenantRequest, holiday_id: str) -> HttpResponse:
    """Change name or days of one holiday."""
    holiday = fetch(request.actor, Verb.MANAGE_TENANT, SchoolHoliday.objects.all(), public_id=holiday_id)
    form = HolidayForm(request.POST or None, instance=holiday)
    if request.method == "POST" and form.is_valid():
        save_holiday(form.instance, actor=request.actor)
        messages.success(request, _("The holiday is changed."))
        return redirect(tenant_url(request, "holiday_list"))
    return TemplateResponse(request, "municipalities/holiday_edit.html", {"form": form, "holiday": holiday}, status=422 if form.is_bound else 200)


@require_POST
@requires(Verb.MANAGE_TENANT)
def holiday_remove(request: TenantRequest, holiday_id: str) -> HttpResponse:
    """Take one holiday away."""
    holiday = fetch(request.actor, Verb.MANAGE_TENANT, SchoolHoliday.objects.all(), public_id=holiday_id)
    remove_holiday(holiday, actor=request.actor)
    messages.success(request, _("The holiday is removed."))
    return redirect(tenant_url(request, "holiday_list"))


@require_POST
@requires(Verb.MANAGE_TENANT)
def holiday_usual(request: TenantRequest) -> HttpResponse:
    """Add the usual holidays of a year; those that are there already stay."""
    form = YearForm(request.POST, auto_id="aar-%s")
    if not form.is_valid():
        rows = visible(request.actor, Verb.MANAGE_TENANT, SchoolHoliday.objects.order_by("starts_on", "pk"))
        empty = HolidayForm(instance=SchoolHoliday(tenant_id=request.actor.tenant_id))
        return TemplateResponse(request, "municipalities/holiday_list.html", {"holidays": rows, "form": empty, "years": form}, status=422)
    made = len(add_usual_holidays(Tenant.objects.get(pk=request.actor.tenant_id), form.cleaned_data["year"], actor=request.actor))
    said = ngettext("%(n)s holiday is added. Check its days.", "%(n)s holidays are added. Check their days.", made) % {"n": made}
    messages.success(request, said if made else _("The holidays of this year are there already."))
    return redirect(tenant_url(request, "holiday_list"))
