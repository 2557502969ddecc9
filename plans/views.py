"""The pages of handleplaner: the list, the plan, its approval, what changed, the PDF. The work desk is in `plans.desk`."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.actor import Actor
from access.exports import pdf_response
from access.kept import ahead
from access.request import TenantRequest
from access.roles import Verb
from access.web import door, in_menu, requires, tenant_url
from plans import actions, editing
from plans.content import plan_content, statuses_version
from plans.desk import plan_edit, plan_initiatives, plan_send
from plans.differences import changes, passages
from plans.documents import document_reads, history, plan_document, plan_pdf_context
from plans.forms import DecisionForm, FollowUpForm, NewPlanForm
from plans.models import FollowUp, Milestone, Plan
from plans.reading import fetch_seen, frozen_texts, in_force, newer_read, newer_version, seen, with_counts
from plans.timeline import timeline
from plans.wording import who_begins

__all__ = ["plan_edit", "plan_initiatives", "plan_send"]  # the rest is defined here
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def _to_approve(actor: Actor, public_id: str) -> Plan:
    plan = fetch_seen(actor, public_id)
    policy.require(actor, Verb.APPROVE_PLAN, plan)
    return plan


def _posted(request: TenantRequest) -> Any:
    """What was sent, an empty form too; None when nothing was."""
    return request.POST if request.method == "POST" else None


@require_safe
@in_menu("plans")
@requires(Verb.VIEW_ORGANISATION)
def plan_list(request: TenantRequest) -> HttpResponse:
    """The plans in force, those approved that begin later, those being written, and the earlier ones."""
    plans = list(with_counts(seen(request.actor)))
    current = set(in_force(Plan.objects.filter(tenant_id=request.actor.tenant_id)).values_list("pk", flat=True))
    today = timezone.localdate()
    groups = [
        (_("In force"), [plan for plan in plans if plan.pk in current and plan.period_from <= today]),
        (_("Begins later"), [plan for plan in plans if plan.pk in current and plan.period_from > today]),
        (_("On the way"), [plan for plan in plans if plan.status != Plan.Status.APPROVED]),
        (_("Earlier versions"), [plan for plan in plans if plan.status == Plan.Status.APPROVED and plan.pk not in current]),
    ]
    begun_by = "" if plans else who_begins(request.tenant)
    may_write = request.actor.holds(Verb.EDIT_PLANS)
    return TemplateResponse(request, "plans/plan_list.html", {"groups": [group for group in groups if group[1]], "may_write": may_write, "begun_by": begun_by})


@GET_AND_POST
@in_menu("plans")
@requires(Verb.EDIT_PLANS)
def plan_new(request: TenantRequest) -> HttpResponse:
    """Begin a plan from the kommune's template."""
    form = NewPlanForm(_posted(request), actor=request.actor)
    if form.is_valid():
        try:
            plan = actions.create_plan(actor=request.actor, **form.cleaned_data)
        except actions.PlanStateError as error:
            form.add_error("period_from", str(error))
        else:
            return redirect(tenant_url(request, "plan_edit", plan.public_id))
    return TemplateResponse(request, "plans/plan_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@in_menu("plans")
@requires(Verb.VIEW_ORGANISATION)
@door(fetch_seen)
def plan_detail(request: TenantRequest, public_id: str) -> HttpResponse:
    """The plan at a glance: how far it is, every indsats with every field, follow-up, decisions, versions."""
    plan = fetch_seen(request.actor, public_id)
    with ahead(*document_reads(plan), newer_read(plan)):
        context = _overview(request, plan)
    return TemplateResponse(request, "plans/plan_detail.html", context)


def _overview(request: TenantRequest, plan: Plan) -> dict[str, Any]:
    document, newer = plan_document(plan), newer_version(plan)
    may_edit, is_approved = bool(policy.may(request.actor, Verb.EDIT_PLANS, plan)), plan.status == Plan.Status.APPROVED
    replaced = newer is not None and newer.status == Plan.Status.APPROVED
    return {
        **document, **history(plan, document["initiatives"]), "newer": newer, "is_replaced": replaced, "may_edit": may_edit and plan.is_open,
        "may_approve": plan.status == Plan.Status.SUBMITTED and bool(policy.may(request.actor, Verb.APPROVE_PLAN, plan)),
        "may_follow_up": may_edit and is_approved and not replaced, "may_reopen": may_edit and is_approved and newer is None,
        "statuses": [(value, str(label)) for value, label in Milestone.Status.choices],
        "statuses_seen": statuses_version(document["rows"]), "timeline": timeline(plan, document["initiatives"]),
    }  # fmt: skip


@require_POST
@in_menu("plans")
@requires(Verb.EDIT_PLANS)
def plan_statuses(request: TenantRequest, public_id: str) -> HttpResponse:
    """Save how far the milestones are."""
    plan = fetch_seen(request.actor, public_id)
    statuses = {key: value for key, value in request.POST.items() if value in Milestone.Status.values}
    try:
        changed = editing.set_statuses(plan, statuses, actor=request.actor, seen=request.POST.get("seen", ""))
    except actions.PlanStateError as error:
        return _refused(request, plan, error)
    messages.success(request, _("The statuses are saved.") if changed else _("Nothing was changed."))
    return redirect(tenant_url(request, "plan_detail", plan.public_id))


@GET_AND_POST
@in_menu("plans")
@requires(Verb.EDIT_PLANS)
def plan_follow_up(request: TenantRequest, public_id: str, follow_up_id: str) -> HttpResponse:
    """Write what the yearly follow-up found."""
    plan = fetch_seen(request.actor, public_id)
    policy.require(request.actor, Verb.EDIT_PLANS, plan)
    follow_up = get_object_or_404(FollowUp.objects.select_related("initiative", "plan"), public_id=follow_up_id, plan=plan, is_done=False)
    form = FollowUpForm(_posted(request))
    if form.is_valid():
        try:
            editing.record_follow_up(follow_up, actor=request.actor, text=form.cleaned_data["text"])
        except actions.PlanStateError as error:
            return _refused(request, plan, error)
        messages.success(request, _("The follow-up is saved."))
        return redirect(tenant_url(request, "plan_detail", plan.public_id))
    return TemplateResponse(request, "plans/plan_follow_up.html", {"plan": plan, "follow_up": follow_up, "form": form}, status=422 if form.is_bound else 200)


@require_POST
@in_menu("plans")
@requires(Verb.EDIT_PLANS)
def plan_reopen(request: TenantRequest, public_id: str) -> HttpResponse:
    """Begin the next version of an approved plan."""
    plan = fetch_seen(request.actor, public_id)
    try:
        copy = actions.reopen_plan(plan, actor=request.actor)
    except actions.PlanStateError as error:
        return _refused(request, plan, error)
    messages.success(request, _("Version %(number)s is begun. The approved version stays in force until the new one is approved.") % {"number": copy.version})
    return redirect(tenant_url(request, "plan_edit", copy.public_id))


@GET_AND_POST
@in_menu("plans")
@requires(Verb.APPROVE_PLAN)
@door(_to_approve)
def plan_approve(request: TenantRequest, public_id: str) -> HttpResponse:
    """The document and the decision: approve, or send back with a comment."""
    plan = _to_approve(request.actor, public_id)
    if plan.status != Plan.Status.SUBMITTED and request.method != "POST":
        return redirect(tenant_url(request, "plan_detail", plan.public_id))
    form = DecisionForm(_posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return _decide(request, plan, form.cleaned_data)
        except actions.PlanStateError as error:
            form.add_error(None, str(error))
            status = 409
            plan = fetch_seen(request.actor, public_id)  # as it is now
    document = plan_document(plan)
    context = {**document, **history(plan, document["initiatives"]), "form": form, "own_hand": actions.own_hand(plan, request.actor)}
    return TemplateResponse(request, "plans/plan_approve.html", context, status=status)


def _decide(request: TenantRequest, plan: Plan, given: dict[str, str]) -> HttpResponse:
    if given["decision"] == DecisionForm.SEND_BACK:
        actions.send_back(plan, actor=request.actor, comment=given["comment"])
        messages.success(request, _("The plan has been sent back with your comment."))
        return redirect(tenant_url(request, "plan_list"))  # the draft is no longer his to see
    actions.approve_plan(plan, actor=request.actor, seen=given["seen"], comment=given["comment"])
    messages.success(request, _("The plan is approved."))
    return redirect(tenant_url(request, "plan_detail", plan.public_id))


@require_safe
@in_menu("plans")
@requires(Verb.VIEW_ORGANISATION)
def plan_differences(request: TenantRequest, public_id: str) -> HttpResponse:
    """This plan's text beside an approved one: what was added, what was taken out."""
    plan = fetch_seen(request.actor, public_id)
    others = [version for version in frozen_texts(request.actor, plan) if version.plan_id != plan.pk]
    family = [version for version in others if version.plan.period_from == plan.period_from and version.number < plan.version]
    default = next(iter(family or others), None)
    old = next((version for version in others if str(version.pk) == request.GET.get("med")), default)
    document = plan_document(plan)
    now = document["frozen"].content if document["frozen"] else plan_content(plan, document["rows"])
    found = passages(old.content, now) if old else []
    context = {**document, "others": others, "old": old, "passages": found, "changes": changes(found)}
    return TemplateResponse(request, "plans/plan_differences.html", context)


@require_safe
@in_menu("plans")
@requires(Verb.VIEW_ORGANISATION)
def plan_pdf(request: TenantRequest, public_id: str) -> HttpResponse:
    """The plan as a document: the approved text, or the draft that this reader may see, marked as one."""
    plan = fetch_seen(request.actor, public_id)
    return pdf_response(request, "pdf/plan.html", plan_pdf_context(plan), name=f"{plan.title} version {plan.version}", row=plan)


def _refused(request: TenantRequest, plan: Plan, error: actions.PlanStateError) -> HttpResponse:
    """The plan as it is now, with the sentence, and nothing saved."""
    context = {**_overview(request, fetch_seen(request.actor, plan.public_id)), "refused": str(error)}
    return TemplateResponse(request, "plans/plan_detail.html", context, status=409)
