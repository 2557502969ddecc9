"""Meetings: the list, planning, calling, moving, cancelling, answering."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.actor import Actor
from access.exports import ics_response
from access.policy import require
from access.request import TenantRequest
from access.roles import Convening, Verb
from access.web import door, in_menu, requires, tenant_url
from meetings import actions, documents, invitations, proposal_actions
from meetings.agenda import fetch_meeting, shells
from meetings.cadence_warnings import short_notice
from meetings.errors import MeetingStateError
from meetings.forms import BY_NUMBER, CallForm, ReplyForm
from meetings.models import AgendaTemplate, Attendance, Meeting
from meetings.proposal_forms import ChangeMeetingForm, PlanMeetingForm
from meetings.standing_agendas import left_out
from meetings.two_convene import has_passed_unconfirmed, passed
from meetings.views.refusals import answers_refusals
from meetings.year_plan_actions import agenda_for, plan_by_number, standing_agendas
from municipalities.errors import StaleError
from municipalities.models import Forum
from municipalities.versions import fingerprint

PER_PAGE = 20


def _to_convene(actor: Actor, public_id: str) -> Meeting:
    """The meeting as who plans it gets it; one who only reads it gets a sentence (403), anybody else 404."""
    meeting = fetch_meeting(actor, Verb.VIEW_AGENDA, public_id)
    require(actor, Verb.CONVENE, meeting)
    return meeting


@require_safe
@in_menu("meetings")
@requires(Verb.VIEW_ORGANISATION)
def meeting_list(request: TenantRequest) -> HttpResponse:
    """Coming and held meetings that the reader may know of, by forum."""
    actor, chosen = request.actor, request.GET.get("forum", "")
    rows: Any = shells(actor)
    forums = list(Forum.objects.filter(pk__in=rows.order_by().values("forum_id")).in_order())
    if chosen in {forum.public_id for forum in forums}:
        rows = rows.filter(forum__public_id=chosen)
    convened = {forum.public_id for forum in forums if forum.pk in actor.forums_with(Verb.CONVENE)}
    page = Paginator(rows.past(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "coming": list(rows.coming()[:60]), "page_obj": page, "forums": forums, "chosen": chosen, "query": f"&forum={slugify(chosen)}",
        "agenda_forums": actor.forums_with(Verb.VIEW_AGENDA), "may_convene": actor.holds(Verb.CONVENE),
        "convened": chosen if chosen in convened else "",
    }  # fmt: skip
    return TemplateResponse(request, "meetings/meeting_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
def meeting_new(request: TenantRequest) -> HttpResponse:
    """Plan a meeting: a draft with the items of the standing agenda."""
    form = PlanMeetingForm(request.POST or None, actor=request.actor, initial={"forum": request.GET.get("forum", "")})
    if request.method == "POST" and form.is_valid():
        meeting, template = _planned(request.actor, form.cleaned_data)
        messages.success(request, _("The meeting is planned. Look the agenda through, and then call the participants."))
        if said := left_out(request.actor, meeting.forum, [template]):
            messages.warning(request, said)
        return redirect(tenant_url(request, "meeting_detail", meeting.public_id))
    return TemplateResponse(request, "meetings/meeting_new.html", {"form": form, "standing_url": _standing_url(request, form)}, status=422 if form.is_bound else 200)


def _planned(actor: Actor, data: dict[str, Any]) -> tuple[Meeting, AgendaTemplate | None]:
    """The draft, and the standing agenda that it began with."""
    forum, chosen, when = data["forum"], data["template"], {name: data[name] for name in ("starts_at", "ends_at", "place")}
    meeting = plan_by_number(forum, actor=actor, **when) if chosen == BY_NUMBER else actions.create_meeting(forum, actor=actor, **when, template=chosen)
    if data["proposals_until"]:
        proposal_actions.set_proposals_until(meeting, actor=actor, day=data["proposals_until"])
    return meeting, agenda_for(standing_agendas(forum), meeting.number) if chosen == BY_NUMBER else chosen


def _standing_url(request: TenantRequest, form: PlanMeetingForm) -> str:
    """Where the standing agendas are changed: those of the forum that is asked for, or of all."""
    chosen = str(form["forum"].value() or "")
    is_own = form.fields["forum"].queryset.filter(public_id=chosen).exists() if chosen and "\x00" not in chosen else False  # type: ignore[attr-defined]  # a ModelChoiceField
    return tenant_url(request, "standing_list", chosen) if is_own else tenant_url(request, "standing_overview")


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
@answers_refusals
def meeting_edit(request: TenantRequest, public_id: str) -> HttpResponse:
    """Change time and place; the cancel button stands here too."""
    meeting = _to_convene(request.actor, public_id)
    form = ChangeMeetingForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            moved = actions.move_meeting(meeting, actor=request.actor, starts_at=data["starts_at"], ends_at=data["ends_at"], place=data["place"], seen=form.version)
        except StaleError:
            return _overtaken(request, form, Meeting.objects.select_related("forum").get(pk=meeting.pk))
        if data["proposals_until"] != meeting.proposals_until:
            proposal_actions.set_proposals_until(meeting, actor=request.actor, day=data["proposals_until"])
        was_sent = moved.sequence > meeting.sequence
        messages.success(request, _("The meeting is changed, and the participants get a new invitation.") if was_sent else _("The meeting is changed."))
        return redirect(tenant_url(request, "meeting_detail", public_id))
    return TemplateResponse(request, "meetings/meeting_edit.html", {"form": form, "meeting": meeting}, status=422 if form.is_bound else 200)


def _overtaken(request: TenantRequest, form: ChangeMeetingForm, now: Meeting) -> HttpResponse:
    """Another has moved the meeting meanwhile: when and where it is now stands above what one wrote."""
    where = f"{invitations.span(now)}, {now.place}" if now.place else invitations.span(now)
    said = _("Somebody else has changed the meeting since you opened it. Now it is %(where)s. Nothing of yours is saved yet, and it stands in the fields. Save to change it.")
    form.add_error(None, said % {"where": where})
    form.stand_on(fingerprint(now, actions.APART_FROM_TIME))
    return TemplateResponse(request, "meetings/meeting_edit.html", {"form": form, "meeting": now}, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
@answers_refusals
@door(_to_convene)
def meeting_call(request: TenantRequest, public_id: str) -> HttpResponse:
    """See who gets what, leave out whom an acute meeting does not need, then call them."""
    meeting = _to_convene(request.actor, public_id)
    if has_passed_unconfirmed(meeting):
        raise MeetingStateError(passed())
    by_two = meeting.forum.convening == Convening.TWO and meeting.status == Meeting.Status.DRAFT
    asks, waits = by_two and meeting.call_asked_by_id is None, by_two and meeting.call_asked_by_id == request.actor.user_id
    known = set(Attendance.objects.filter(meeting=meeting).values_list("seat_id", flat=True))
    seats = list(actions.seats_to_call(meeting))
    new = [seat for seat in seats if seat.pk not in known]
    may_choose = meeting.is_planned and not asks and not waits
    form = CallForm(request.POST if request.method == "POST" else None, seats=new, is_needed=may_choose)
    if request.method == "POST" and form.is_valid():
        called = actions.call_meeting(meeting, actor=request.actor, chosen=form.cleaned_data["seats"])
        waiting = _("Your call is noted. The participants are called when somebody else with the right to convene confirms it.")
        is_called = called.status == Meeting.Status.CALLED
        messages.success(request, _("The participants are called. They get a mail with the date for their calendar.") if is_called else waiting)
        return redirect(tenant_url(request, "meeting_detail", public_id))
    chosen = form["seats"].value() or []
    lines = [(seat, seat.pk in known, seat.public_id in chosen) for seat in seats]
    context = {
        "meeting": meeting, "form": form, "seats": [line for line in lines if not line[0].is_deputy], "deputies": [line for line in lines if line[0].is_deputy],
        "new": sum(not seat.is_deputy for seat in new), "may_call": bool(new), "may_choose": may_choose, "asks": asks,
        "waits": waits, "asked_by": meeting.call_asked_by if by_two else None, "short": short_notice(meeting),
    }  # fmt: skip
    return TemplateResponse(request, "meetings/meeting_call.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
def meeting_cancel(request: TenantRequest, public_id: str) -> HttpResponse:
    """Cancel a planned meeting."""
    meeting = _to_convene(request.actor, public_id)
    actions.cancel_meeting(meeting, actor=request.actor)
    messages.success(request, _("The meeting is cancelled."))
    return redirect(tenant_url(request, "meeting_detail", public_id))


@require_POST
@requires(Verb.VIEW_AGENDA)
@answers_refusals
def meeting_reply(request: TenantRequest, public_id: str) -> HttpResponse:
    """The reader himself comes, or does not."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Choose whether you come."))
    actions.answer_invitation(meeting, actor=request.actor, reply=form.cleaned_data["reply"])
    messages.success(request, _("Your answer is noted."))
    return redirect(tenant_url(request, "meeting_detail", public_id))


@require_POST
@requires(Verb.VIEW_AGENDA)
@answers_refusals
def meeting_deputy(request: TenantRequest, public_id: str) -> HttpResponse:
    """The reader does not come: a deputy is asked to, nobody comes in his place, or what he said of it is taken back."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    chosen = request.POST.get("deputy", "")
    if chosen == "withdraw":
        actions.withdraw_deputy(meeting, actor=request.actor)
        said = _("It is taken back.")
    elif chosen == "none":
        actions.say_no_deputy(meeting, actor=request.actor)
        said = _("It is noted that nobody comes in your place.")
    else:
        said = _("%(name)s is asked to come in your place, and gets a mail.") % {"name": actions.ask_deputy(meeting, actor=request.actor, seat=chosen).name}
    messages.success(request, said)
    return redirect(tenant_url(request, "meeting_detail", public_id))


@require_safe
@requires(Verb.VIEW_AGENDA)
def meeting_ics(request: TenantRequest, public_id: str) -> HttpResponse:
    """The meeting for the reader's own calendar: forum, date, place, link."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    method = "CANCEL" if meeting.status == Meeting.Status.CANCELLED else "REQUEST"
    reply = invitations.replies(meeting).get(request.actor.user_id, Attendance.Reply.NONE)
    content = documents.invitation(meeting, request.user, method, reply).encode()
    return ics_response(request.actor, content, name=f"{meeting.forum.key} {meeting.starts_at:%Y-%m-%d}", row=meeting)
