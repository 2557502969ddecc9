"""The pages of funktionsbeskrivelser: all of a forum, one, its steps and the document."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.actor import Actor
from access.exports import pdf_response
from access.request import TenantRequest
from access.roles import Verb
from access.web import door, in_menu, requires, tenant_url
from municipalities.models import Forum
from municipalities.organisation import forums_of
from plans import function_parts, functions
from plans.actions import PlanStateError
from plans.function_forms import FunctionForm, LeaderForm, MeetingForm
from plans.function_leaders import last_ended, leaders_of, void_in
from plans.models import FunctionDescription, FunctionRecord, FunctionVersion

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
Step = FunctionRecord.Step


@require_safe
@in_menu("functions")
@requires(Verb.VIEW_ORGANISATION)
def function_list(request: TenantRequest) -> HttpResponse:
    """The forums with descriptions, what is missing in each, and what waits for this leader."""
    found: dict[Forum, list[FunctionDescription]] = {}
    for description in functions.functions_in(request.actor):
        found.setdefault(description.forum, []).append(description)
    rows = [(forum, descriptions, functions.missing_in(descriptions)) for forum, descriptions in found.items()]
    waiting = function_parts.at_leader(request.actor)
    begin = [forum for forum in policy.visible(request.actor, Verb.WRITE_MINUTES, Forum.objects.order_by("order", "name")) if forum not in found]
    return TemplateResponse(request, "plans/function_list.html", {"rows": rows, "waiting": waiting, "begin": begin})


def _forum(request: TenantRequest, public_id: str) -> Forum:
    forum = forums_of(request.actor).filter(public_id=public_id, tenant_id=request.actor.tenant_id).first()
    if forum is None:
        raise Http404("no such forum for this actor")
    return forum


def _with_leaders(request: TenantRequest, forum: Forum) -> list[FunctionDescription]:
    found = list(functions.functions_in(request.actor).filter(forum=forum))
    leaders = leaders_of(found)
    for description in found:
        names = [row.user.name for row in leaders[description.pk] if row.is_waited_for and description.status == FunctionDescription.Status.AT_LEADER]
        vars(description).update(leaders=leaders[description.pk], waits_for=", ".join(names))
    return found


@require_safe
@in_menu("functions")
@requires(Verb.VIEW_ORGANISATION)
def function_forum(request: TenantRequest, forum_id: str) -> HttpResponse:
    """All descriptions of a forum."""
    forum = _forum(request, forum_id)
    found = _with_leaders(request, forum)
    may_write = functions.may_write(request.actor, forum)
    if not found and not may_write:
        raise Http404("nothing to see in this forum")
    context = {"forum": forum, "functions": found, "missing": functions.missing_in(found), "may_write": may_write}
    return TemplateResponse(request, "plans/function_forum.html", context)


@require_safe
@requires(Verb.VIEW_ORGANISATION)
def function_pdf(request: TenantRequest, forum_id: str) -> HttpResponse:
    """All descriptions of a forum as one document."""
    forum = _forum(request, forum_id)
    found = _with_leaders(request, forum)
    if not found:
        raise Http404("the forum has none")
    return pdf_response(request, "pdf/functions.html", {"forum": forum, "functions": found}, name=f"funktionsbeskrivelser {forum.name}", row=forum)


@GET_AND_POST
@in_menu("functions")
@requires(Verb.WRITE_MINUTES)
def function_new(request: TenantRequest, forum_id: str) -> HttpResponse:
    """A new description in a forum."""
    forum = _forum(request, forum_id)
    policy.require(request.actor, Verb.WRITE_MINUTES, forum)
    form = FunctionForm(_posted(request), forum=forum)
    if form.is_valid():
        description = functions.add_function(forum, actor=request.actor, **form.written())
        return redirect(tenant_url(request, "function_detail", description.public_id))
    return TemplateResponse(request, "plans/function_edit.html", {"form": form, "forum": forum}, status=422 if form.is_bound else 200)


def _posted(request: TenantRequest) -> Any:
    return request.POST if request.method == "POST" else None


def fetch_function(actor: Actor, function_id: str) -> FunctionDescription:
    """The description, if this reader sees it; 404 otherwise."""
    description = functions.functions_in(actor).filter(public_id=function_id).first()
    if description is None:
        raise Http404("no such description for this actor")
    return description


@require_safe
@in_menu("functions")
@requires(Verb.VIEW_ORGANISATION)
@door(fetch_function)
def function_detail(request: TenantRequest, function_id: str) -> HttpResponse:
    """One description, how far it is, and the step that this reader may take."""
    return _detail(request, fetch_function(request.actor, function_id))


def _detail(request: TenantRequest, description: FunctionDescription, *, refused: str = "", status: int = 200) -> HttpResponse:
    return TemplateResponse(request, "plans/function_detail.html", detail_context(request, description) | {"refused": refused}, status=status)


def detail_context(request: TenantRequest, description: FunctionDescription) -> dict[str, Any]:
    """One description for the page: how far it is, its leaders, and what this reader may do."""
    may_write = functions.may_write(request.actor, description.forum)
    leaders = leaders_of([description])[description.pk]
    records = list(FunctionRecord.objects.filter(description=description).select_related("by", "leader"))
    may_name = may_write and description.status in (FunctionDescription.Status.DRAFT, FunctionDescription.Status.AT_LEADER)
    return {
        "description": description, "seen": functions.version_of(description), "may_write": may_write, "may_edit": may_write and description.may_be_written,
        "leaders": leaders, "waits_for_me": any(row.user.pk == request.actor.user_id and row.is_waited_for for row in leaders),
        "is_leader": request.actor.user_id in description.leader_ids, "leader_form": LeaderForm(None, description=description) if may_name else None,
        "meeting_form": MeetingForm(None, description=description) if may_write else None, "records": records,
        "void": void_in(records), "ended": last_ended(description, records), "versions": FunctionVersion.objects.filter(description=description),
    }  # fmt: skip


@GET_AND_POST
@in_menu("functions")
@requires(Verb.WRITE_MINUTES)
def function_edit(request: TenantRequest, function_id: str) -> HttpResponse:
    """Change the text of a draft."""
    description = fetch_function(request.actor, function_id)
    policy.require(request.actor, Verb.WRITE_MINUTES, description)
    if request.method != "POST" and not description.may_be_written:
        messages.warning(request, _("The description is “%(status)s”. Its text cannot be changed.") % {"status": description.get_status_display()})
        return redirect(tenant_url(request, "function_detail", description.public_id))
    form = FunctionForm(_posted(request), forum=description.forum, description=description)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            functions.write_function(description, actor=request.actor, seen=form.cleaned_data["seen"], **form.written())
        except PlanStateError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("The text is saved."))
            return redirect(tenant_url(request, "function_detail", description.public_id))
    context = {"form": form, "forum": description.forum, "description": description}
    return TemplateResponse(request, "plans/function_edit.html", context, status=status)


@require_POST
@in_menu("functions")
@requires(Verb.VIEW_ORGANISATION)
def function_step(request: TenantRequest, function_id: str) -> HttpResponse:
    """Send to the leaders, approve, send back, take back, make final, begin the next version. Each is checked by its action."""
    description = fetch_function(request.actor, function_id)
    try:
        said = _take_step(request, description, request.POST.get("step", ""))
    except PlanStateError as error:
        return _detail(request, fetch_function(request.actor, function_id), refused=str(error), status=409)
    if not said:
        return _detail(request, description, refused=_("Choose a meeting of the forum that has been held."), status=422)
    messages.success(request, said)
    return redirect(tenant_url(request, "function_detail", description.public_id))


def _take_step(request: TenantRequest, description: FunctionDescription, step: str) -> str:
    actor = request.actor
    if step == Step.APPROVED:
        if functions.approve_function(description, actor=actor, seen=request.POST.get("seen", "")):
            return _("The description is approved. It becomes final at the forum's next meeting.")
        return _("You have approved the description. It waits for the other leaders.")
    if step == Step.SENT_BACK:
        functions.send_function_back(description, actor=actor, comment=request.POST.get("comment", "")[:500])
        return _("The description has been sent back with your comment.")
    if step == Step.WITHDRAWN:
        functions.withdraw_function(description, actor=actor)
        return _("The description is a draft again.")
    if step == Step.REOPENED:
        functions.reopen_function(description, actor=actor)
        return _("A new version is begun. The final one is kept.")
    policy.require(actor, Verb.WRITE_MINUTES, description)
    form = MeetingForm(request.POST, description=description)
    if step not in (Step.SENT, Step.FINAL) or not form.is_valid():
        return ""
    if step == Step.SENT:
        functions.send_to_leaders(description, form.cleaned_data["meeting"], actor=actor)
        return _("The description has been sent to the leaders.")
    functions.finish_function(description, form.cleaned_data["meeting"], actor=actor)
    return _("The description is final.")
