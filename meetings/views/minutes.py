"""The desk of live minutes, attendance, closing, approving, correcting, and the minutes as PDF. The text of an item: `item_text`."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.actor import Actor
from access.exports import pdf_response
from access.policy import fetch, may, require
from access.request import TenantRequest
from access.roles import Verb
from access.web import door, in_menu, requires, tenant_url
from meetings import actions, documents, invitations
from meetings.agenda import Line, fetch_meeting
from meetings.agreement_forms import AgreementForm
from meetings.approvals import read_approval
from meetings.correcting import find_to_correct
from meetings.fillers import fill_in
from meetings.item_time import time_of
from meetings.minutes import Minutes, is_unchanged, missing, not_begun, opened_early, read_minutes
from meetings.minutes_forms import CommentForm, CorrectionForm, PresenceForm, TextForm
from meetings.models import Attendance, Meeting, listed
from meetings.presence_forms import ItemPresenceForm
from meetings.public_minutes import public_files, public_items, published_for
from meetings.versions import read_earlier, versions_of
from meetings.views.refusals import answers_refusals, refused


@require_safe
@in_menu("meetings")
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def meeting_minutes(request: TenantRequest, public_id: str) -> HttpResponse:
    """The work desk: outline, one item, attendance."""
    meeting = _to_write(request, public_id)
    if meeting.status not in (Meeting.Status.CALLED, Meeting.Status.CLOSED):
        reason = _("The minutes are approved and locked. Write a correction under the item instead.") if meeting.is_held else _("Call the participants before you write minutes.")
        return refused(request, public_id, reason)
    minutes = read_minutes(request.actor, meeting)
    context = desk(request, minutes, request.GET.get("punkt", ""))
    if (key := request.GET.get("ret", "")) and context["line"]:
        context["agreement_form"] = AgreementForm(meeting=meeting, agreed=find_to_correct(context["line"].item, key))
    return TemplateResponse(request, "meetings/meeting_minutes.html", context)


def desk(request: TenantRequest, minutes: Minutes, item_id: str, **forms: Any) -> dict[str, Any]:
    """What the work desk shows of one item; without a choice the first that is not done."""
    meeting = minutes.agenda.meeting
    waiting = next((line for line in minutes.lines if not line.item.is_done), minutes.lines[0] if minutes.lines else None)
    line = minutes.agenda.line_of(item_id) if item_id else waiting
    if item_id and line is None:
        raise Http404("no such item for this actor")
    found: dict[str, Any] = {
        "meeting": meeting, "agenda": minutes.agenda, "line": line, "may_plan": bool(may(request.actor, Verb.CONVENE, meeting)),
        "presence": PresenceForm(attendances=minutes.attendances),
        "before": beside(minutes, line, -1), "after": beside(minutes, line, 1), "present_count": minutes.present_count, "place_count": minutes.place_count,
        "too_early": opened_early(meeting), "asked_of": _asked_of(meeting, minutes.attendances) if meeting.is_its_day else "",
        "tick_url": tenant_url(request, "agreement_tick"),
        "all_agreed": [agreed for other in minutes.lines for agreed in other.item.agreed],  # type: ignore[attr-defined]  # read_minutes puts it there
    }  # fmt: skip
    if line is not None:
        item = line.item
        fill_in(request, replace(minutes.agenda, lines=[line]))
        found["text_form"] = TextForm(initial={"text": item.text, "decision": item.decision, "version": item.text_version}, auto_id="punkt-%s")
        found["agreement_form"] = AgreementForm(meeting=meeting)
        found["room_form"] = ItemPresenceForm(attendances=minutes.attendances, away=item.away)  # type: ignore[attr-defined]  # read_minutes puts it there
        found["time"] = time_of(item, timezone.now())
    return {**found, **forms}


def _asked_of(meeting: Meeting, attendances: list[Attendance]) -> str:
    """Of whom one button notes that they are present: "all" while nobody is noted, "rest"; empty when only those are left whom nobody expects."""
    unknown = [row for row in attendances if row.presence == Attendance.Presence.UNKNOWN]
    if not any(row.is_expected(meeting.starts_at) for row in unknown):
        return ""
    return "all" if len(unknown) == len(attendances) else "rest"


def beside(minutes: Minutes, line: Line | None, step: int) -> Line | None:
    """The line so many steps after (or before) this one; None beyond the ends."""
    place = (line.place if line else 0) - 1 + step
    return minutes.lines[place] if line and 0 <= place < len(minutes.lines) else None


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def presence_note(request: TenantRequest, public_id: str) -> HttpResponse:
    """Note who is there: each as he was chosen, and by one button the rest as present."""
    meeting = _to_write(request, public_id)
    minutes = read_minutes(request.actor, meeting)
    form = PresenceForm(request.POST, attendances=minutes.attendances)
    if form.is_valid():
        actions.note_presence(meeting, actor=request.actor, presence=form.presence)
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204 if form.is_valid() else 422)
    left = actions.note_rest_present(meeting, actor=request.actor) if "rest" in request.POST else []
    messages.success(request, _("The attendance is noted."))
    if left:
        messages.warning(request, _("Not noted, because they have said that they do not come, or because their seat has ended: %(names)s.") % {"names": listed(left)})
    line = minutes.agenda.line_of(request.POST.get("punkt", ""))  # the item that is written stays: what comes next belongs under it
    return to_item(request, public_id, line.item.public_id if line else "", "fremmoede")


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def meeting_close(request: TenantRequest, public_id: str) -> HttpResponse:
    """End the meeting; the minutes wait for approval."""
    meeting = _to_write(request, public_id)
    actions.close_meeting(meeting, actor=request.actor)
    if invitations.present(meeting):
        messages.success(request, _("The meeting is closed. Those who were present are told that the minutes are ready for approval."))
    else:
        messages.warning(request, _("The meeting is closed. Nobody is noted as present, so nobody is told that the minutes are ready for approval."))
    return redirect(tenant_url(request, "meeting_approve", public_id))


def _read(actor: Actor, public_id: str) -> Meeting:
    return fetch_meeting(actor, Verb.VIEW_AGENDA, public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.VIEW_AGENDA)
@answers_refusals
@door(_read)
def meeting_approve(request: TenantRequest, public_id: str) -> HttpResponse:
    """The minutes as a document, with what can be done to them now: close, approve, correct."""
    meeting = _read(request.actor, public_id)
    if request.method == "POST":
        require(request.actor, Verb.APPROVE_MINUTES, meeting)
        at_meeting = _approving_meeting(request, meeting)
        actions.approve_minutes(meeting, actor=request.actor, seen=request.POST.get("seen", ""), at_meeting=at_meeting)
        messages.success(request, _("The minutes are approved and locked."))
        return _back_to(request, at_meeting) if at_meeting else redirect(tenant_url(request, "meeting_approve", public_id))
    if not meeting.is_held:
        require(request.actor, Verb.WRITE_MINUTES, meeting)
    if number := request.GET.get("version", ""):
        return TemplateResponse(request, "meetings/minutes_version.html", _earlier(request, meeting, number))
    return TemplateResponse(request, "meetings/meeting_approve.html", approval_page(request, meeting))


def _earlier(request: TenantRequest, meeting: Meeting, number: str) -> dict[str, Any]:
    earlier = read_earlier(request.actor, meeting, number)
    return {"meeting": meeting, "agenda": earlier.minutes.agenda, "minutes": earlier.minutes, "version": earlier.row, "unchanged": earlier.unchanged}


def _back_to(request: TenantRequest, meeting: Meeting) -> HttpResponse:
    """The meeting that has approved the minutes: where it is written, or read."""
    return redirect(tenant_url(request, "meeting_minutes" if may(request.actor, Verb.WRITE_MINUTES, meeting) else "meeting_detail", meeting.public_id))


def _approving_meeting(request: TenantRequest, meeting: Meeting) -> Meeting | None:
    """The later meeting from whose agenda the reader comes to approve; 404 for one that is not the forum's."""
    named = request.POST.get("moede", "") or request.GET.get("moede", "")
    return fetch(request.actor, Verb.VIEW_AGENDA, Meeting.objects.filter(forum_id=meeting.forum_id, starts_at__gt=meeting.starts_at), public_id=named) if named else None


def approval_page(request: TenantRequest, meeting: Meeting, **forms: Any) -> dict[str, Any]:
    """What the page of the written minutes shows this reader."""
    minutes = read_minutes(request.actor, meeting)
    approval = read_approval(request.actor, minutes)
    may_approve = bool(may(request.actor, Verb.APPROVE_MINUTES, meeting))
    waits = meeting.status in (Meeting.Status.CALLED, Meeting.Status.CLOSED)
    return {
        "meeting": meeting, "agenda": minutes.agenda, "minutes": minutes, "missing": missing(minutes),  "may_approve": may_approve,
        "may_write": bool(may(request.actor, Verb.WRITE_MINUTES, meeting)), "unchanged": is_unchanged(request.actor, meeting),
        "too_early": not_begun(meeting) if waits and not meeting.has_begun else "", "may_move": meeting.is_planned and bool(may(request.actor, Verb.CONVENE, meeting)),
        "approval": approval, "at_meeting": _approving_meeting(request, meeting), "correction_form": CorrectionForm(), "comment_form": CommentForm(),
        **_publishing(request, meeting), "versions": versions_of(meeting), **forms,
    }  # fmt: skip


def _publishing(request: TenantRequest, meeting: Meeting) -> dict[str, Any]:
    """What is published of the meeting, whether an item can be, and the files that would be."""
    may_publish = meeting.forum.minutes_are_public and meeting.status == Meeting.Status.APPROVED and bool(may(request.actor, Verb.WRITE_MINUTES, meeting))
    has_items = may_publish and public_items(meeting).exists()
    return {"public": published_for(request.actor, meeting), "has_public_items": has_items, "public_files": public_files(meeting) if has_items else []}


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def correction_add(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Correct approved minutes by a note."""
    meeting, _minutes, line = at_item(request, public_id, item_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        context = approval_page(request, meeting, correction_form=form, correcting=item_id)
        return TemplateResponse(request, "meetings/meeting_approve.html", context, status=422)
    actions.add_correction(line.item, actor=request.actor, text=form.cleaned_data["text"])
    messages.success(request, _("The correction stands under the item."))
    return redirect(tenant_url(request, "meeting_approve", public_id) + f"#punkt-{item_id}")


def _to_write(request: TenantRequest, public_id: str) -> Meeting:
    """The meeting as who writes its minutes gets it; one who only reads it gets a sentence (403), anybody else 404."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.WRITE_MINUTES, meeting)
    return meeting


def at_item(request: TenantRequest, public_id: str, item_id: str) -> tuple[Meeting, Minutes, Line]:
    """The meeting, its minutes, and one line of the general part."""
    meeting = _to_write(request, public_id)
    minutes = read_minutes(request.actor, meeting)
    line = minutes.agenda.line_of(item_id)
    if line is None:
        raise Http404("no such item for this actor")
    return meeting, minutes, line


def to_item(request: TenantRequest, public_id: str, item_id: str, place: str = "") -> HttpResponse:
    """To the desk of one item; without one to that where the meeting is."""
    return redirect(tenant_url(request, "meeting_minutes", public_id) + (f"?punkt={item_id}" if item_id else "") + (f"#{place}" if place else ""))


@require_safe
@requires(Verb.VIEW_AGENDA)
def meeting_minutes_pdf(request: TenantRequest, public_id: str) -> HttpResponse:
    """The minutes as PDF, the reader's own."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    if not meeting.is_held:
        require(request.actor, Verb.WRITE_MINUTES, meeting)
    number = request.GET.get("version", "")
    context = documents.earlier_context(request, meeting, number) if number else documents.minutes_context(request, meeting)
    tail = f" version {number}" if number else ""
    return pdf_response(request, "meetings/pdf/minutes.html", context, name=f"referat {meeting.forum.key} {meeting.starts_at:%Y-%m-%d}{tail}", row=meeting)
