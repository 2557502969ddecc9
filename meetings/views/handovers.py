"""What goes up and down between forums: written and sent by who convenes the one, taken and answered by who convenes the other."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.actor import Actor
from access.policy import fetch, may, require
from access.request import TenantRequest
from access.roles import ForumKind, Verb
from access.web import door, in_menu, requires, tenant_url
from meetings import handover_actions
from meetings.errors import MeetingStateError
from meetings.handover_forms import AnswerForm, HandoverTextForm, NewHandoverForm, TakeForm
from meetings.handovers import decided_on, fetch_handover, forums_to_send_to, recent_items
from meetings.models import Handover, Meeting
from municipalities.models import Forum

Status = Handover.Status


def _answers_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: TenantRequest, handover_id: str) -> HttpResponse:
        try:
            return view(request, handover_id)
        except MeetingStateError as error:
            return _page(request, handover_id, refusal=str(error), status=409)

    return answered


def _row(actor: Actor, handover_id: str) -> Handover:
    return fetch_handover(actor, handover_id)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
def handover_new(request: TenantRequest, forum_id: str) -> HttpResponse:
    """Write what another forum is asked to take up."""
    forum = fetch(request.actor, Verb.VIEW_AGENDA, Forum.objects.select_related("level"), public_id=forum_id)
    require(request.actor, Verb.CONVENE, forum)
    others = [] if forum.kind == ForumKind.INFOHUS else forums_to_send_to(forum)
    data, first = (request.POST if request.method == "POST" else None), {"item": request.GET.get("punkt", "")}
    form = NewHandoverForm(data, from_forum=forum, others=others, items=recent_items(request.actor, forum), initial=first)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = handover_actions.write_handover(forum, actor=request.actor, **form.cleaned_data)
        except MeetingStateError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("It is written as a draft. Read it through, and then send it."))
            return redirect(tenant_url(request, "handover_detail", made.public_id))
    return TemplateResponse(request, "meetings/handover_new.html", {"forum": forum, "form": form}, status=status)


@require_safe
@in_menu("meetings")
@requires(Verb.VIEW_AGENDA)
@door(_row)
def handover_detail(request: TenantRequest, handover_id: str) -> HttpResponse:
    """What was sent, where it stands, what was answered, and what this reader may do with it."""
    return _page(request, handover_id)


def _page(request: TenantRequest, handover_id: str, *, refusal: str = "", status: int = 200, **bound: Any) -> HttpResponse:
    row = fetch_handover(request.actor, handover_id)
    writes, gets = bool(may(request.actor, Verb.CONVENE, row.from_forum)), bool(may(request.actor, Verb.CONVENE, row.to_forum))
    may_take, may_answer = gets and row.waits_to_be_taken, gets and row.status in (Status.SENT, Status.TAKEN)
    is_second = row.status == Status.WAITS_FOR_SECOND and row.asked_by_id != request.actor.user_id and bool(may(request.actor, Verb.VIEW_CASES, row.from_forum))
    coming = list(Meeting.objects.filter(forum_id=row.to_forum_id).coming()[:12]) if may_take else []
    forms = {
        "take": (bound.get("take") or TakeForm(meetings=coming)) if coming else None,
        "answer": (bound.get("answer") or AnswerForm(initial={"answer": decided_on(row)})) if may_answer else None,
    }  # fmt: skip
    context = {
        "row": row, "refusal": refusal, **forms, "may_edit": writes and row.status == Status.DRAFT, "may_discard": writes and row.is_unsent, "is_second": is_second,
        "may_decide": bool(row.to_item_id) and row.status == Status.TAKEN,
    }  # fmt: skip
    return TemplateResponse(request, "meetings/handover_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
@_answers_refusals
def handover_edit(request: TenantRequest, handover_id: str) -> HttpResponse:
    """Write a draft anew."""
    row = fetch_handover(request.actor, handover_id)
    require(request.actor, Verb.CONVENE, row.from_forum)
    first = {"title": row.title, "text": row.text, "data_class": row.data_class}
    form = HandoverTextForm(request.POST if request.method == "POST" else None, from_forum=row.from_forum, to_forum=row.to_forum, initial=first)
    if form.is_bound and form.is_valid():
        handover_actions.change_handover(row, actor=request.actor, **form.cleaned_data)
        return redirect(tenant_url(request, "handover_detail", handover_id))
    return TemplateResponse(request, "meetings/handover_edit.html", {"row": row, "form": form}, status=422 if form.is_bound else 200)


@require_POST
@requires(Verb.CONVENE)
@_answers_refusals
def handover_send(request: TenantRequest, handover_id: str) -> HttpResponse:
    """Send it, or ask for the second member."""
    row = handover_actions.send_handover(fetch_handover(request.actor, handover_id), actor=request.actor)
    waits = row.status == Status.WAITS_FOR_SECOND
    messages.success(request, _("It waits for a second member of the forum. Then it is sent.") if waits else _("It is sent."))
    return redirect(tenant_url(request, "handover_detail", handover_id))


@require_POST
@requires(Verb.CONVENE)
@_answers_refusals
def handover_discard(request: TenantRequest, handover_id: str) -> HttpResponse:
    """Throw away what has not been sent."""
    row = fetch_handover(request.actor, handover_id)
    handover_actions.discard_handover(row, actor=request.actor)
    messages.success(request, _("The draft is thrown away."))
    return redirect(tenant_url(request, "forum_detail", row.from_forum.public_id))


@require_POST
@requires(Verb.VIEW_CASES)
@_answers_refusals
def handover_approve(request: TenantRequest, handover_id: str) -> HttpResponse:
    """The second member lets it go, or sends it back to be written anew."""
    row = fetch_handover(request.actor, handover_id)
    if request.POST.get("svar") == "tilbage":
        handover_actions.return_handover(row, actor=request.actor)
        messages.success(request, _("It is a draft again."))
    else:
        handover_actions.approve_handover(row, actor=request.actor)
        messages.success(request, _("It is sent."))
    return redirect(tenant_url(request, "handover_detail", handover_id))


@require_POST
@in_menu("meetings")
@requires(Verb.CONVENE)
@_answers_refusals
def handover_take(request: TenantRequest, handover_id: str) -> HttpResponse:
    """Put it on an agenda of the forum that got it."""
    row = fetch_handover(request.actor, handover_id)
    require(request.actor, Verb.CONVENE, row.to_forum)
    form = TakeForm(request.POST, meetings=list(Meeting.objects.filter(forum_id=row.to_forum_id).coming()[:12]))
    if not form.is_valid():
        return _page(request, handover_id, status=422, take=form)
    meeting = form.cleaned_data["meeting"]
    item = handover_actions.take_handover(row, meeting, actor=request.actor)
    messages.success(request, _("The item stands last on the agenda."))
    return redirect(tenant_url(request, "meeting_detail", meeting.public_id) + f"#punkt-{item.public_id}")


@require_POST
@in_menu("meetings")
@requires(Verb.CONVENE)
@_answers_refusals
def handover_answer(request: TenantRequest, handover_id: str) -> HttpResponse:
    """Answer the forum that sent it."""
    row = fetch_handover(request.actor, handover_id)
    require(request.actor, Verb.CONVENE, row.to_forum)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, handover_id, status=422, answer=form)
    handover_actions.answer_handover(row, actor=request.actor, answer=form.cleaned_data["answer"], decline=request.POST.get("svar") == "afvis")
    messages.success(request, _("The answer is sent back."))
    return redirect(tenant_url(request, "handover_detail", handover_id))
