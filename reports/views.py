"""The reports for the Lokalråd: order one, follow it, read its figures, fetch its file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from access.actor import Actor
from access.exports import download_response
from access.request import TenantRequest
from access.roles import Verb
from access.vault import file_store
from access.web import door, in_menu, render_page_or_part, requires, tenant_url
from reports import actions, documents
from reports.forms import OrderForm
from reports.models import Report

READ = (Verb.VIEW_REPORT, Verb.ORDER_REPORT)


def _report(actor: Actor, public_id: str) -> Report:
    rows = Report.objects.readable_by(actor).select_related("forum", "audience", "ordered_by")
    return get_object_or_404(rows, public_id=public_id)


def _list_page(request: TenantRequest, form: OrderForm, *, status: int = 200) -> TemplateResponse:
    reports = Report.objects.readable_by(request.actor).select_related("audience", "ordered_by")
    context: dict[str, Any] = {"reports": reports, "form": form, "may_order": request.actor.holds(Verb.ORDER_REPORT)}
    return TemplateResponse(request, "reports/report_list.html", context, status=status)


@require_safe
@in_menu("reports")
@requires(*READ)
def report_list(request: TenantRequest) -> HttpResponse:
    """All reports, and the form that orders one."""
    return _list_page(request, OrderForm())


@require_POST
@in_menu("reports")
@requires(Verb.ORDER_REPORT)
def report_order(request: TenantRequest) -> HttpResponse:
    """Order the report of a half-year; leads to the one there is, if there is one."""
    form = OrderForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form, status=422)
    try:
        report = actions.order_report(form.cleaned_data["period"], actor=request.actor)
    except actions.CannotOrderError as error:
        form.add_error(None, str(error))
        return _list_page(request, form, status=422)
    return redirect(tenant_url(request, "report_detail", report.public_id))


@require_safe
@in_menu("reports")
@requires(*READ)
@door(_report)
def report_detail(request: TenantRequest, public_id: str) -> HttpResponse:
    """How far the report has come, and its figures when they are counted."""
    report = _report(request.actor, public_id)
    context = {"report": report, "may_order": request.actor.holds(Verb.ORDER_REPORT), "sections": documents.shown_figures(report.figures, request.tenant.terms)}
    response = render_page_or_part(request, "reports/report_detail.html", "reports/_report_progress_part.html", context)
    if request.headers.get("HX-Request") and not report.is_running:
        response.headers["HX-Refresh"] = "true"  # the bar is at its end: show the whole page with the file
    return response


@require_POST
@in_menu("reports")
@requires(Verb.ORDER_REPORT)
def report_restart(request: TenantRequest, public_id: str) -> HttpResponse:
    """«Prøv igen»."""
    report = _report(request.actor, public_id)
    try:
        actions.restart_report(report, actor=request.actor)
    except actions.CannotOrderError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The report is being made again."))
    return redirect(tenant_url(request, "report_detail", report.public_id))


@require_safe
@requires(*READ)
def report_pdf(request: TenantRequest, public_id: str) -> HttpResponse:
    """The file: checked, logged, shown in the browser."""
    report = _report(request.actor, public_id)
    if report.status != Report.Status.DONE:
        raise Http404("the report is not ready")
    name = f"ssp-rapport-{request.tenant.slug}-{report.half_year.key}.pdf"
    return download_response(request.actor, file_store().get(report.file_key), file_name=name, content_type="application/pdf", row=report)
