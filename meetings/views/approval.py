"""What those who were present answer about minutes that wait for approval."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.policy import require
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from meetings import approval_actions, reopen_actions
from meetings.agenda import fetch_meeting
from meetings.minutes import read_minutes
from meetings.minutes_forms import CommentForm, ReopenForm
from meetings.public_minutes import published_for
from meetings.views.minutes import approval_page
from meetings.views.refusals import answers_refusals


@require_POST
@requires(Verb.VIEW_AGENDA)
@answers_refusals
def minutes_assent(request: TenantRequest, public_id: str) -> HttpResponse:
    """The reader finds the minutes right."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    approval_actions.assent_to_minutes(meeting, actor=request.actor, seen=request.POST.get("seen", ""))
    messages.success(request, _("It is noted that you find the minutes right."))
    return redirect(tenant_url(request, "meeting_approve", public_id))


@require_POST
@requires(Verb.VIEW_AGENDA)
@answers_refusals
def comment_add(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """The reader says under an item what is wrong or missing."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    line = read_minutes(request.actor, meeting).agenda.line_of(item_id)
    if line is None:
        raise Http404("no such item for this actor")
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = approval_page(request, meeting, comment_form=form, commenting=item_id)
        return TemplateResponse(request, "meetings/meeting_approve.html", context, status=422)
    approval_actions.comment_on_minutes(line.item, actor=request.actor, text=form.cleaned_data["text"])
    messages.success(request, _("Your comment stands under the item, for those who were present and who writes the minutes."))
    return redirect(tenant_url(request, "meeting_approve", public_id) + f"#punkt-{item_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.APPROVE_MINUTES)
@answers_refusals
def minutes_reopen(request: TenantRequest, public_id: str) -> HttpResponse:
    """Open approved minutes again, with a reason. What was approved stays as a version."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.APPROVE_MINUTES, meeting)
    form = ReopenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"meeting": meeting, "form": form, "public": published_for(request.actor, meeting)}
        return TemplateResponse(request, "meetings/minutes_reopen.html", context, status=422 if request.method == "POST" else 200)
    reopen_actions.reopen_minutes(meeting, actor=request.actor, reason=form.cleaned_data["reason"])
    messages.success(request, _("The minutes are open again. Change what is needed, and have them approved anew."))
    return redirect(tenant_url(request, "meeting_minutes", public_id))
