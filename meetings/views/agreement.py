"""One agreement: what was agreed, what became of it, and what can be done with it now."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from meetings import actions
from meetings.agreement_forms import AgreementStepForm
from meetings.errors import MeetingStateError
from meetings.models import Agreement, AgreementStep

Kind = AgreementStep.Kind


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("week")
@requires(Verb.VIEW_AGENDA)
def agreement_detail(request: TenantRequest, agreement_id: str) -> HttpResponse:
    """The agreement with its history; done, moved or dropped with a remark."""
    rows = Agreement.objects.with_parties().select_related("item", "meeting__forum", "created_by")
    agreement = fetch(request.actor, Verb.VIEW_AGENDA, rows, public_id=agreement_id)
    if request.method != "POST":
        return _page(request, agreement, AgreementStepForm())
    form = AgreementStepForm(request.POST)
    if not form.is_valid():
        return _page(request, agreement, form, status=422)
    try:
        _act(request, agreement, form.cleaned_data)
    except MeetingStateError as error:
        form.add_error(None, str(error))
        agreement.refresh_from_db(fields=["status", "due_on", "moved_from"])
        return _page(request, agreement, form, status=409)
    messages.success(request, _("What became of the agreement is noted."))
    return redirect(tenant_url(request, "agreement_detail", agreement.public_id))


def _act(request: TenantRequest, agreement: Agreement, data: dict[str, Any]) -> None:
    if data["kind"] == Kind.MOVED:
        actions.move_agreement(agreement, actor=request.actor, due_on=data["due_on"], remark=data["remark"])
    elif data["kind"] == Kind.DROPPED:
        actions.drop_agreement(agreement, actor=request.actor, remark=data["remark"])
    else:
        actions.finish_agreement(agreement, actor=request.actor, remark=data["remark"])


def _page(request: TenantRequest, agreement: Agreement, form: AgreementStepForm, *, status: int = 200) -> HttpResponse:
    steps = list(AgreementStep.objects.filter(tenant_id=agreement.tenant_id, agreement=agreement).select_related("author"))
    context = {"agreement": agreement, "steps": steps, "form": form, "may_act": actions.may_tick(request.actor, agreement), "is_open": agreement.status == Agreement.Status.OPEN}
    return TemplateResponse(request, "meetings/agreement_detail.html", context, status=status)
