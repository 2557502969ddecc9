"""One agreement: what was agreed, what became of it, and what can be done with it now."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.models import User
from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from meetings import actions
from meetings.agreement_forms import AgreementStepForm, HandOverForm, seats_to_choose
from meetings.agreement_history import history_of
from meetings.errors import MeetingStateError
from meetings.handing_over import may_hand_over, members_of, with_instead
from meetings.models import Agreement, AgreementStep
from municipalities.models import Seat

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


@require_POST
@in_menu("week")
@requires(Verb.VIEW_AGENDA)
def agreement_hand_over(request: TenantRequest, agreement_id: str) -> HttpResponse:
    """Somebody else is responsible from now on: one member in place of those who are gone, or all of them written anew."""
    agreement = fetch(request.actor, Verb.VIEW_AGENDA, Agreement.objects.with_parties().select_related("item", "meeting__forum", "created_by"), public_id=agreement_id)
    form = HandOverForm(request.POST, seats=seats_to_choose(agreement.tenant_id, agreement.forum_id))
    member = request.POST.get("til", "")
    if not member and not form.is_valid():
        return _page(request, agreement, AgreementStepForm(), status=422, hand_form=form)
    try:
        who = _instead(request, agreement, member) if member else form.cleaned_data["parties"]
        actions.hand_over(agreement, actor=request.actor, who=who, remark="" if member else form.cleaned_data["remark"])
    except MeetingStateError as error:
        form.add_error(None, str(error))
        return _page(request, agreement, AgreementStepForm(), status=409, hand_form=form)
    messages.success(request, _("The agreement is handed over. The minutes keep who it was agreed with."))
    if member:
        return redirect(tenant_url(request, "forum_detail", agreement.meeting.forum.public_id))
    return redirect(tenant_url(request, "agreement_detail", agreement.public_id))


def _instead(request: TenantRequest, agreement: Agreement, member: str) -> list[User | Seat]:
    members = members_of(request, agreement.meeting.forum)
    to = next((user for user in members if user.public_id == member), None)
    if to is None:
        raise MeetingStateError(_("The person has no seat in the forum now. Choose another one."))
    return with_instead(agreement, members, to)


def _page(request: TenantRequest, agreement: Agreement, form: AgreementStepForm, *, status: int = 200, hand_form: HandOverForm | None = None) -> HttpResponse:
    steps = list(AgreementStep.objects.filter(tenant_id=agreement.tenant_id, agreement=agreement).select_related("author"))
    is_open = agreement.status == Agreement.Status.OPEN
    if hand_form is None and is_open and may_hand_over(request.actor, agreement):
        hand_form = HandOverForm(seats=seats_to_choose(agreement.tenant_id, agreement.forum_id))
    context = {
        "agreement": agreement, "history": history_of(agreement, steps), "form": form, "hand_form": hand_form, "may_act": actions.may_tick(request.actor, agreement),
        "is_open": is_open, "tick_url": tenant_url(request, "agreement_tick"), "here": tenant_url(request, "agreement_detail", agreement.public_id),
        "hand_url": tenant_url(request, "agreement_hand_over", agreement.public_id),
    }  # fmt: skip
    return TemplateResponse(request, "meetings/agreement_detail.html", context, status=status)
