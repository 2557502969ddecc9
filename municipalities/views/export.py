"""The pages of a whole kommune's export: the administrator orders, the DPO confirms and fetches."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.actor import Actor
from access.cpr import refuse_cpr
from access.exports import file_response
from access.gate import open_ticket
from access.models import LogEntry, Purpose
from access.request import TenantRequest
from access.roles import Verb
from access.vault import file_store
from access.web import door, in_menu, render_page_or_part, requires, tenant_url
from municipalities import export_orders
from municipalities.export_orders import ExportStateError, NoOfficerError
from municipalities.models import ExportOrder

BOTH = (Verb.MANAGE_TENANT, Verb.VIEW_AUDIT)


class OrderForm(forms.Form):
    """Why the kommune takes its data out."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=200, validators=[refuse_cpr], help_text=gettext_lazy("For example: the agreement ends on 31 December. No person data."),
        error_messages={"required": gettext_lazy("Write why the kommune takes its data out. The DPO reads it before confirming.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("export")
@requires(*BOTH)
def export_list(request: TenantRequest) -> HttpResponse:
    """The orders, and the form that makes a new one."""
    form = OrderForm(request.POST if request.method == "POST" else None)
    status, lacks_officer = 422 if form.is_bound else 200, False
    if form.is_valid():
        try:
            order = export_orders.order_export(form.cleaned_data["reason"], actor=request.actor)
        except ExportStateError as error:
            form.add_error(None, str(error))
            status, lacks_officer = 409, isinstance(error, NoOfficerError)
        else:
            messages.success(request, _("The export is ordered. The DPO has got a mail and must confirm it."))
            return redirect(tenant_url(request, "export_detail", order.public_id))
    orders = ExportOrder.objects.filter(tenant_id=request.actor.tenant_id).select_related("ordered_by", "confirmed_by")
    context = {"orders": orders, "form": form, "may_order": request.actor.holds(Verb.MANAGE_TENANT), "lacks_officer": lacks_officer}
    return TemplateResponse(request, "municipalities/export_list.html", context, status=status)


def _fetch(actor: Actor, public_id: str) -> ExportOrder:
    rows = ExportOrder.objects.filter(tenant_id=actor.tenant_id).select_related("ordered_by", "confirmed_by")
    return get_object_or_404(rows, public_id=public_id)


@require_safe
@in_menu("export")
@requires(*BOTH)
@door(_fetch)
def export_detail(request: TenantRequest, public_id: str) -> HttpResponse:
    """How far the export is; for the DPO also the file."""
    return _detail(request, _fetch(request.actor, public_id))


def _detail(request: TenantRequest, order: ExportOrder, *, refused: str = "", status: int = 200) -> HttpResponse:
    is_dpo = request.actor.holds(Verb.VIEW_AUDIT)
    context: dict[str, Any] = {
        "order": order, "is_dpo": is_dpo, "refused": refused,
        "may_confirm": is_dpo and order.status == ExportOrder.Status.ORDERED and order.ordered_by_id != request.actor.user_id,
        "may_cancel": order.status in (ExportOrder.Status.ORDERED, ExportOrder.Status.FAILED) or order.is_given_up,
    }  # fmt: skip
    response = render_page_or_part(request, "municipalities/export_detail.html", "municipalities/_export_progress_part.html", context, status=status)
    if request.headers.get("HX-Request") and not order.is_running:
        response.headers["HX-Refresh"] = "true"  # the bar is at its end
    return response


@require_POST
@in_menu("export")
@requires(Verb.VIEW_AUDIT)
def export_confirm(request: TenantRequest, public_id: str) -> HttpResponse:
    """The second person's yes; the page that follows is the only one that ever shows the passphrase."""
    order = _fetch(request.actor, public_id)
    try:
        passphrase = export_orders.confirm_export(order, actor=request.actor)
    except ExportStateError as error:
        return _detail(request, _fetch(request.actor, public_id), refused=str(error), status=409)
    return TemplateResponse(request, "municipalities/export_passphrase.html", {"order": order, "passphrase": passphrase})


@require_POST
@in_menu("export")
@requires(*BOTH)
def export_cancel(request: TenantRequest, public_id: str) -> HttpResponse:
    """Call it off."""
    return _step(request, public_id, export_orders.cancel_export, _("The export is called off."))


@require_POST
@in_menu("export")
@requires(Verb.VIEW_AUDIT)
def export_restart(request: TenantRequest, public_id: str) -> HttpResponse:
    """«Prøv igen»."""
    return _step(request, public_id, export_orders.restart_export, _("The export is being made again. The passphrase is the same."))


def _step(request: TenantRequest, public_id: str, action: Any, said: str) -> HttpResponse:
    try:
        action(_fetch(request.actor, public_id), actor=request.actor)
    except ExportStateError as error:
        return _detail(request, _fetch(request.actor, public_id), refused=str(error), status=409)
    messages.success(request, said)
    return redirect(tenant_url(request, "export_detail", public_id))


@require_safe
@requires(Verb.VIEW_AUDIT)
def export_file(request: TenantRequest, public_id: str) -> HttpResponse:
    """The locked file, for the DPO, for seven days; each time is written down."""
    order = _fetch(request.actor, public_id)
    if not order.is_ready:
        raise Http404("no file")
    content = file_store().get(order.archive_key)
    open_ticket(request.actor, ExportOrder, [], purpose=Purpose.EXPORT, action=LogEntry.Action.EXPORT, row=order, note="sspx")
    return file_response(content, f"ssp-{request.tenant.slug}-{order.finished_at:%Y-%m-%d}.sspx", "application/octet-stream")
