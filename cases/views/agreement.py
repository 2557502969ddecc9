"""Aftaler in a case: one in a line, done by a tick, and the page of one with what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.models import User
from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from cases import agreement_actions, case_file, opening
from cases.agreement_forms import AgreementStepForm, HandOverForm
from cases.errors import CaseStateError
from cases.models import Case, CaseAgreement, CaseAgreementStep
from cases.views.file import show_case, zone
from cases.views.meeting import fetch_link, show_discussion
from cases.views.typed_agreement import save_line
from meetings.agreement_history import history_of
from meetings.handing_over import may_hand_over, with_instead
from municipalities.models import Seat

Kind = CaseAgreementStep.Kind


@require_POST
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_agreement(request: TenantRequest, case: Case) -> HttpResponse:
    """An aftale in one line, from the case or from its discussion at a meeting; there also one that is corrected. A day that may be misread is asked back."""
    meeting_id = request.POST.get("aftale-meeting", "")
    link = fetch_link(request.actor, case, meeting_id) if meeting_id or request.POST.get("aftale-corrects") else None
    form, status = save_line(request, case, link, case_file.holders(case))
    if status:
        return show_discussion(request, case, link, status=status, agreement_form=form) if link else show_case(request, case, status=status, agreement_form=form)
    back = tenant_url(request, "case_discussion", case.public_id, link.meeting.public_id) if link else tenant_url(request, "case_detail", case.public_id)
    return HttpResponseRedirect(back + "#aftaler")


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.VIEW_CASES)
@opening.behind_gate()
def case_agreement_detail(request: TenantRequest, case: Case, case_agreement_id: str) -> HttpResponse:
    """One aftale with its history; done, moved or dropped with a remark. For members, never for guests."""
    agreement = _fetch(request, case, case_agreement_id)
    if request.method != "POST":
        return _page(request, case, agreement, AgreementStepForm())
    form = AgreementStepForm(request.POST)
    if not form.is_valid():
        return _page(request, case, agreement, form, status=422)
    try:
        _act(request, agreement, form.cleaned_data)
    except CaseStateError as error:
        form.add_error(None, str(error))
        return _page(request, case, _fetch(request, case, case_agreement_id), form, status=409)
    messages.success(request, _("What became of the agreement is noted."))
    return HttpResponseRedirect(tenant_url(request, "case_agreement_detail", case.public_id, agreement.public_id))


def _fetch(request: TenantRequest, case: Case, public_id: str) -> CaseAgreement:
    rows = CaseAgreement.objects.with_parties().select_related("text", "created_by", "item__meeting__forum").filter(case=case)
    agreement = fetch(request.actor, Verb.VIEW_CASES, rows, public_id=public_id)
    agreement.case = case
    return agreement


def _act(request: TenantRequest, agreement: CaseAgreement, data: dict[str, Any]) -> None:
    if data["kind"] == Kind.MOVED:
        agreement_actions.move_agreement(agreement, actor=request.actor, due_on=data["due_on"], remark=data["remark"])
    elif data["kind"] == Kind.DROPPED:
        agreement_actions.drop_agreement(agreement, actor=request.actor, remark=data["remark"])
    else:
        agreement_actions.finish_agreement(agreement, actor=request.actor, remark=data["remark"])


def _page(request: TenantRequest, case: Case, agreement: CaseAgreement, form: AgreementStepForm, *, status: int = 200, hand_form: HandOverForm | None = None) -> HttpResponse:
    steps = list(CaseAgreementStep.objects.filter(tenant_id=case.tenant_id, agreement=agreement).select_related("author", "said"))
    is_open = agreement.status == CaseAgreement.Status.OPEN
    may_act = case.is_open and opening.is_member(request.actor, case, Verb.WRITE_CASES)
    if hand_form is None and is_open and may_act and may_hand_over(request.actor, agreement):
        hand_form = HandOverForm(seats=case_file.holders(case))
    context = zone(
        request, case, agreement=agreement, history=history_of(agreement, steps), form=form, hand_form=hand_form, is_open=is_open, may_act=may_act,
        tick_url=tenant_url(request, "case_agreement_tick"), here=tenant_url(request, "case_agreement_detail", case.public_id, agreement.public_id),
        hand_url=tenant_url(request, "case_agreement_pass_on", case.public_id, agreement.public_id),
    )  # fmt: skip
    return TemplateResponse(request, "cases/case_agreement.html", context, status=status)


@require_POST
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_agreement_pass_on(request: TenantRequest, case: Case, case_agreement_id: str) -> HttpResponse:
    """Others are responsible from now on, written by name or seat, with a remark: from the page of the aftale."""
    agreement = _fetch(request, case, case_agreement_id)
    form = HandOverForm(request.POST, seats=case_file.holders(case))
    if not form.is_valid():
        return _page(request, case, agreement, AgreementStepForm(), status=422, hand_form=form)
    try:
        agreement_actions.hand_over(agreement, actor=request.actor, who=form.cleaned_data["parties"], remark=form.cleaned_data["remark"])
    except CaseStateError as error:
        form.add_error(None, str(error))
        return _page(request, case, _fetch(request, case, case_agreement_id), AgreementStepForm(), status=409, hand_form=form)
    messages.success(request, _("The agreement is handed over. Who it was agreed with stays in the history."))
    return HttpResponseRedirect(tenant_url(request, "case_agreement_detail", case.public_id, agreement.public_id))


@require_POST
@opening.watched
@requires(Verb.VIEW_CASES)
def case_agreement_tick(request: TenantRequest) -> HttpResponse:
    """Done, or open again. The answer to htmx is the row without its text, or an order to load the case again."""
    rows = CaseAgreement.objects.select_related("case", "forum")
    agreement = fetch(request.actor, Verb.WRITE_CASES, rows, public_id=request.POST.get("aftale", ""))
    try:
        agreement = agreement_actions.tick_agreement(agreement, actor=request.actor)
    except CaseStateError as refusal:
        messages.error(request, str(refusal))
    back = _own_page(request)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(back)
    if request.GET.get("fra") == "uge":
        return TemplateResponse(request, "cases/_week_agreement.html", {"agreement": agreement, "tick_url": tenant_url(request, "case_agreement_tick") + "?fra=uge"})
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@require_POST
@opening.watched
@requires(Verb.WRITE_CASES)
def case_agreement_hand_over(request: TenantRequest) -> HttpResponse:
    """A member who opens the case takes the place of those who are gone. The text is not touched: no ticket."""
    rows = CaseAgreement.objects.with_parties().select_related("case__forum", "forum")
    agreement = fetch(request.actor, Verb.WRITE_CASES, rows, public_id=request.POST.get("aftale", ""))
    members = case_file.colleagues(case_file.holders(agreement.case))
    to = next((user for user in members if user.public_id == request.POST.get("til", "")), None)
    try:
        agreement_actions.hand_over(agreement, actor=request.actor, who=_instead(agreement, members, to))
        messages.success(request, _("The agreement is handed over."))
    except CaseStateError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(tenant_url(request, "forum_detail", agreement.forum.public_id))


def _instead(agreement: CaseAgreement, members: list[User], to: User | None) -> list[User | Seat]:
    if to is None:
        raise CaseStateError(_("The person may not open the case. Choose another one."))
    return with_instead(agreement, members, to)


def _own_page(request: TenantRequest) -> str:
    wanted, home = request.POST.get("next", ""), tenant_url(request, "week")
    return wanted if wanted.startswith(home) and "//" not in wanted and "\\" not in wanted else home
