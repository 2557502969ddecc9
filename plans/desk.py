"""The work desk of a plan: one part at a time, saved as one writes, sent when nothing is missing. Views only."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access import policy
from access.actor import Actor
from access.request import TenantRequest
from access.roles import Verb
from access.web import door, in_menu, requires, tenant_url
from plans import actions, editing
from plans.completeness import missing, missing_in, required_of
from plans.content import fields_of, part_version, rows_of
from plans.differences import Passage, changes, word_runs
from plans.forms import PlanForm, SendForm, part_form
from plans.models import Decision, Initiative, Milestone, Plan, PlanTemplateField
from plans.reading import fetch_seen
from plans.wording import status_name


def _fetch_to_write(actor: Actor, public_id: str) -> Plan:
    plan = fetch_seen(actor, public_id)
    policy.require(actor, Verb.EDIT_PLANS, plan)
    return plan


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("plans")
@requires(Verb.EDIT_PLANS)
@door(_fetch_to_write)
def plan_edit(request: TenantRequest, public_id: str) -> HttpResponse:
    """One part of an open plan: `?indsats=` names an indsats, without it the texts of the plan as a whole."""
    plan = _fetch_to_write(request.actor, public_id)
    rows, fields = rows_of(plan), fields_of(plan)
    part = _part(plan, rows, request.GET.get("indsats", ""))
    if not plan.is_open:
        return _closed(request, plan)
    form = part_form(request.POST if request.method == "POST" else None, part, fields)
    if not form.is_bound:
        return _desk(request, plan, rows, fields, form)
    if not form.is_valid():
        return _desk(request, plan, rows, fields, form, status=422)
    return _save(request, plan, rows, fields, form)


def _save(request: TenantRequest, plan: Plan, rows: list[Initiative], fields: list[PlanTemplateField], form: PlanForm) -> HttpResponse:
    try:
        version = editing.save_part(plan, form.part, form.given(), actor=request.actor, version=form.version)
        if "X-Autosave" in request.headers:
            return HttpResponse(status=204, headers={"X-Version": version})
        anchor = _do(request, form.part, request.POST.get("do", ""))
    except editing.StaleTextError as error:
        return _conflict(request, plan, rows, fields, form, error.current)
    except actions.PlanStateError as error:
        return _closed(request, plan, str(error))
    if not anchor:
        messages.success(request, _("Saved."))
    return redirect(_desk_url(request, plan, form.part) + anchor)


def _do(request: TenantRequest, part: Plan | Initiative, wish: str) -> str:
    """What the button asked for beside saving: «add», or «up», «down», «remove» with a milestone's id. Answers where to go."""
    verb, _colon, key = wish.partition(":")
    if not verb or not isinstance(part, Initiative):
        return ""
    if verb == "add":
        return f"#id_{editing.add_milestone(part, actor=request.actor).public_id}-text"
    step = next((row for row in Milestone.objects.filter(initiative=part).select_related("plan", "initiative") if row.public_id == key), None)
    if step and verb == "remove":
        editing.remove_milestone(step, actor=request.actor)
    elif step and verb in ("up", "down"):
        editing.move_milestone(step, actor=request.actor, by=-1 if verb == "up" else 1)
        return f"#id_{key}-text"
    return "#delmaal"


@require_POST
@in_menu("plans")
@requires(Verb.EDIT_PLANS)
def plan_initiatives(request: TenantRequest, public_id: str) -> HttpResponse:
    """Add, move or remove an indsats."""
    plan = _fetch_to_write(request.actor, public_id)
    verb, _colon, key = request.POST.get("do", "").partition(":")
    part: Plan | Initiative = plan
    try:
        if verb == "add":
            part = editing.add_initiative(plan, actor=request.actor)
        else:
            found = next((row for row in plan.initiatives.select_related("plan") if row.public_id == key), None)
            if found is None:
                raise Http404("no such indsats")
            part = _rearrange(request, found, verb)
    except actions.PlanStateError as error:
        return _closed(request, plan, str(error))
    return redirect(_desk_url(request, plan, part))


def _rearrange(request: TenantRequest, initiative: Initiative, verb: str) -> Plan | Initiative:
    if verb == "remove":
        editing.remove_initiative(initiative, actor=request.actor)
        messages.success(request, _("“%(title)s” has been taken out of the plan.") % {"title": initiative.title})
        return initiative.plan
    editing.move_initiative(initiative, actor=request.actor, by=-1 if verb == "up" else 1)
    return initiative


@require_POST
@in_menu("plans")
@requires(Verb.EDIT_PLANS)
def plan_send(request: TenantRequest, public_id: str) -> HttpResponse:
    """Send the plan one step on: to the styregruppe, or to the Lokalråd."""
    plan = _fetch_to_write(request.actor, public_id)
    form = SendForm(request.POST)
    if form.is_valid():
        send = actions.submit_plan if request.POST.get("to") == "lokalraad" else actions.send_to_steering
        try:
            send(plan, actor=request.actor, comment=form.cleaned_data["comment"])
        except actions.PlanStateError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The plan is sent."))
            return redirect(tenant_url(request, "plan_detail", plan.public_id))
    plan = fetch_seen(request.actor, public_id)
    if not plan.is_open:
        return _closed(request, plan)
    rows, fields = rows_of(plan), fields_of(plan)
    return _desk(request, plan, rows, fields, part_form(None, plan, fields), send=form, status=422)


def _part(plan: Plan, rows: list[Initiative], key: str) -> Plan | Initiative:
    found = next((row for row in rows if row.public_id == key), None)
    if key and found is None:
        raise Http404("no such indsats")
    return found or plan


def _desk_url(request: TenantRequest, plan: Plan, part: Plan | Initiative) -> str:
    return tenant_url(request, "plan_edit", plan.public_id) + (f"?indsats={part.public_id}" if isinstance(part, Initiative) else "")


def _desk(
    request: TenantRequest, plan: Plan, rows: list[Initiative], fields: list[PlanTemplateField], form: PlanForm, *, send: SendForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    parts: list[Plan | Initiative] = [plan, *rows]
    outline = [{"part": part, "lacks": len(missing_in(part, fields)), "filled": required_of(part, fields)} for part in parts]
    context = {
        "plan": plan, "rows": rows, "form": form, "part": form.part, "initiative": form.part if isinstance(form.part, Initiative) else None,
        "send": send or SendForm(), "outline": outline, "lacking": missing(plan, fields, rows), "fields_shown": form.shown(), "milestone_rows": form.rows(),
        "may_add": len(rows) < plan.template.max_initiatives,
        "has_been_to_steering": plan.decisions.filter(step=Decision.Step.TO_STEERING).exists(), "sent_back": _sent_back(plan), **more,
    }  # fmt: skip
    return TemplateResponse(request, "plans/plan_edit.html", context, status=status)


def _sent_back(plan: Plan) -> Decision | None:
    """The comment that the plan came back with, until it is sent again."""
    last = plan.decisions.select_related("by").last()
    return last if last and last.step == Decision.Step.SENT_BACK else None


def _conflict(
    request: TenantRequest, plan: Plan, rows: list[Initiative], fields: list[PlanTemplateField], form: PlanForm, current: Plan | Initiative
) -> HttpResponse:  # fmt: skip
    """Both texts, and a choice; nothing is saved. Autosave gets the part alone."""
    context: dict[str, Any] = {"differing": _differing(form, part_form(None, current, fields)), "keep": part_version(current), "current_url": _desk_url(request, plan, current)}
    if "X-Autosave" in request.headers:
        return TemplateResponse(request, "plans/_conflict.html", context, status=409)
    return _desk(request, plan, rows, fields, form, status=409, **context)


def _differing(mine: PlanForm, theirs: PlanForm) -> list[Passage]:
    """Field by field: what the other one wrote (removed) and what this person wrote (added)."""
    shared = [name for name in theirs.fields if name != "levels" and name in mine.fields]
    texts = [(str(mine.fields[name].label), str(theirs[name].value() or ""), str(mine[name].value() or "").replace("\r\n", "\n")) for name in shared]
    return changes([Passage("", label, word_runs(old, new)) for label, old, new in texts])


def _closed(request: TenantRequest, plan: Plan, sentence: str = "") -> HttpResponse:
    """The text cannot be changed (any more): say why, keep nothing."""
    said = sentence or _("The plan is “%(status)s”. Its text cannot be changed.") % {"status": status_name(plan, request.tenant.terms)}
    if "X-Autosave" in request.headers:
        return TemplateResponse(request, "plans/_closed.html", {"sentence": said}, status=409)
    messages.warning(request, said)
    return redirect(tenant_url(request, "plan_detail", plan.public_id))
