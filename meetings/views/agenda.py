"""The meeting's page with its agenda, and the agenda as PDF. Who may see what of it is asked in meetings/agenda.py."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.exports import pdf_response
from access.kept import ahead
from access.policy import fetch, may, require
from access.request import TenantRequest
from access.roles import Convening, Verb
from access.web import door, in_menu, render_page_or_part, requires, tenant_url
from meetings import actions, documents
from meetings.agenda import classes_for, fetch_meeting, fetch_shell, is_guest, is_insider, items_read, name_buttons, open_meeting, read_agenda
from meetings.attachment_actions import may_attach
from meetings.attachments import attach, attachments_read
from meetings.deputies import answer_of
from meetings.errors import MeetingStateError
from meetings.fillers import fill_in
from meetings.item_forms import ChangeItemForm, NewItemForm
from meetings.minutes import attendance_of
from meetings.models import AgendaItem, Meeting
from meetings.number_agenda import other_agenda, use_agenda_of_number
from meetings.parts import closed_minutes, closed_parts, meeting_parts, meeting_reads, rendered
from meetings.presenters import people_read, presenters_at, presenters_of
from meetings.public_minutes import published_for
from meetings.standing_agendas import left_out
from meetings.telling import is_today
from meetings.two_convene import has_passed_unconfirmed
from meetings.views.refusals import answers_gone, answers_refusals, item_gone
from meetings.year_plan_actions import next_meeting_after
from municipalities.errors import StaleError
from municipalities.models import Forum


@require_safe
@in_menu("meetings")
@requires(Verb.VIEW_ORGANISATION, Verb.VIEW_AGENDA)
@door(open_meeting)
def meeting_detail(request: TenantRequest, public_id: str) -> HttpResponse:
    """The meeting: the agenda for the forum's own, his one item for a guest, forum, date and place for other members."""
    meeting = fetch_shell(request.actor, public_id)
    if is_insider(request.actor, meeting):
        with ahead(items_read(meeting), *people_read(request, meeting), attachments_read(meeting), *meeting_reads(request, meeting)):
            context = _page(request, meeting)
        return TemplateResponse(request, "meetings/meeting_detail.html", context)
    closed = rendered(request, closed_parts(request, meeting)) if is_guest(request.actor, meeting) else []
    return TemplateResponse(request, "meetings/meeting_shell.html", {"meeting": meeting, "closed": closed, "public": published_for(request.actor, meeting)})


def _page(request: TenantRequest, meeting: Meeting, form: NewItemForm | None = None) -> dict[str, Any]:
    attendances, shown = [] if meeting.status == Meeting.Status.DRAFT else attendance_of(meeting), _agenda(request, meeting, form)  # nobody is called to a draft
    sets_next = meeting.forum.cadence_unit == Forum.CadenceUnit.AT_MEETING and meeting.status != Meeting.Status.CANCELLED and bool(may(request.actor, Verb.CONVENE, meeting))
    return {
        "sets_next": sets_next, "public": published_for(request.actor, meeting), "next": next_meeting_after(meeting) if sets_next else None,
        **shown, "presenters": presenters_at(request, meeting, attendances),
        "attendances": attendances, "beside": rendered(request, meeting_parts(request, meeting)),
        "closed": rendered(request, closed_parts(request, meeting)) if shown["agenda"].closed_part else [],
        "answer": answer_of(request.actor, meeting, attendances), "replies": _replies(attendances),
        "may_write": bool(may(request.actor, Verb.WRITE_MINUTES, meeting)), "may_approve": bool(may(request.actor, Verb.APPROVE_MINUTES, meeting)),
        "has_passed": has_passed_unconfirmed(meeting), "is_its_day": meeting.is_its_day, "by_two": meeting.forum.convening == Convening.TWO,
        "other": other_agenda(request.actor, meeting, [line.item for line in shown["agenda"].lines]) if shown["may_edit"] else None,
        "is_answer_missing": any(row.reply == "NONE" and row.user_id != request.actor.user_id for row in attendances), "asked_today": is_today(meeting.answers_asked_at),
    }  # fmt: skip


def _replies(attendances: list[Any]) -> dict[str, int]:
    found = {"YES": 0, "NO": 0, "NONE": 0}
    for row in attendances:
        found[row.reply] += 1
    return found


def _agenda(request: TenantRequest, meeting: Meeting, form: NewItemForm | None = None) -> dict[str, Any]:
    """What the part `_agenda.html` needs."""
    may_edit = meeting.is_planned and bool(may(request.actor, Verb.CONVENE, meeting))
    agenda = replace(read_agenda(request.actor, meeting), closed_minutes=closed_minutes(request.actor, meeting))
    fill_in(request, agenda)
    attach(agenda.lines, meeting)
    if may_edit:
        name_buttons(agenda.lines)
    empty = NewItemForm(classes=classes_for(request.actor, meeting.forum), lines=agenda.lines, auto_id="nyt-%s") if may_edit else None
    return {"meeting": meeting, "agenda": agenda, "may_edit": may_edit, "may_attach": meeting.is_open and may_attach(request.actor, meeting), "form": form or empty}


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
def item_add(request: TenantRequest, public_id: str) -> HttpResponse:
    """Put an item last on the agenda."""
    meeting = _to_edit(request, public_id)
    lines = read_agenda(request.actor, meeting).lines
    form = NewItemForm(request.POST, classes=classes_for(request.actor, meeting.forum), lines=lines, auto_id="nyt-%s")
    if not form.is_valid():
        return render_page_or_part(request, "meetings/meeting_detail.html", "meetings/_agenda.html", _page(request, meeting, form), status=422)
    actions.add_item(meeting, actor=request.actor, **form.cleaned_data)
    return _agenda_again(request, meeting, "nyt-title")


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
def meeting_use_standing(request: TenantRequest, public_id: str) -> HttpResponse:
    """Give an untouched draft the standing agenda of the number that it has now."""
    meeting, said = _to_edit(request, public_id), request.POST.get("nummer", "")
    template = use_agenda_of_number(meeting, actor=request.actor, number=int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0)
    messages.success(request, _("The agenda is now “%(name)s”.") % {"name": template.name})
    if missing := left_out(request.actor, meeting.forum, [template]):
        messages.warning(request, missing)
    return redirect(tenant_url(request, "meeting_detail", public_id) + "#dagsorden")


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
@answers_refusals
@answers_gone
def item_edit(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Change an item of the general part; whoever meets that it is gone keeps what he wrote."""
    meeting = _to_edit(request, public_id)
    try:
        return _edit(request, meeting, _item(request, meeting, item_id))
    except (Http404, AgendaItem.DoesNotExist):  # before, or between the look at it and the lock
        if "title" not in request.POST:
            raise
        return _kept(request, meeting)


def _edit(request: TenantRequest, meeting: Meeting, item: AgendaItem) -> HttpResponse:
    form = ChangeItemForm(request.POST or None, instance=AgendaItem.objects.get(pk=item.pk), classes=classes_for(request.actor, meeting.forum))
    if not form.is_bound or not form.is_valid():
        return _item_page(request, item, form, status=422 if form.is_bound else 200)
    try:
        actions.change_item(item, actor=request.actor, seen=form.version, **form.values)
    except MeetingStateError as error:
        form.add_error(None, str(error))
        return _item_page(request, item, form, status=409)
    except StaleError:
        return _overtaken(request, item, form)
    return _to_item(request, item)


def _item_page(request: TenantRequest, item: AgendaItem, form: ChangeItemForm, *, status: int, **more: Any) -> HttpResponse:
    context = {"meeting": item.meeting, "item": item, "form": form, "presenters": presenters_of(request, item.forum), **more}
    return TemplateResponse(request, "meetings/item_edit.html", context, status=status)


def _overtaken(request: TenantRequest, item: AgendaItem, form: ChangeItemForm) -> HttpResponse:
    """What another has saved stands beside what one wrote; where both have written the same there is nothing to ask about."""
    now = AgendaItem.objects.get(pk=item.pk)
    differences = form.meet(now)
    if not differences and not now.is_withdrawn:
        return _to_item(request, item)
    if now.is_withdrawn:
        said = _("Somebody else has taken the item off the agenda since you opened it. Nothing is saved yet. Save to change the item all the same: it stays taken off.")
    else:
        said = _("Somebody else has changed the item since you opened it. Nothing is saved yet, and what you wrote stands in the fields.")
    form.add_error(None, said)
    return _item_page(request, item, form, status=409, differences=differences)


def _to_item(request: TenantRequest, item: AgendaItem) -> HttpResponse:
    return redirect(tenant_url(request, "meeting_detail", item.meeting.public_id) + f"#punkt-{item.public_id}")


def _kept(request: TenantRequest, meeting: Meeting) -> HttpResponse:
    """What somebody wrote for an item that is gone stands in the form of a new one: to be put on again, or copied into another item."""
    form = NewItemForm(request.POST, classes=classes_for(request.actor, meeting.forum), lines=read_agenda(request.actor, meeting).lines, auto_id="nyt-%s")
    form.is_valid()  # what else is wrong stands beside it
    form.add_error(None, item_gone())
    form.add_error(None, _("What you wrote is not saved, but it stands in the fields here. Add it as a new item, or copy it into another one."))
    return TemplateResponse(request, "meetings/meeting_detail.html", _page(request, meeting, form), status=409)


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
def item_move(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Move an item one place up or down, or to the place where it was dropped."""
    meeting = _to_edit(request, public_id)
    place = request.POST.get("plads", "")
    to = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else None
    try:
        actions.move_item(_item(request, meeting, item_id), actor=request.actor, up=request.POST.get("retning") == "op", to=to)
    except (Http404, AgendaItem.DoesNotExist) as error:  # trying again, as a missing page is answered with here, would not help
        raise MeetingStateError(item_gone()) from error
    return _agenda_again(request, meeting, f"punkt-{item_id}")


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
@answers_gone
def item_remove(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Take an item off the agenda."""
    meeting = _to_edit(request, public_id)
    actions.remove_item(_item(request, meeting, item_id), actor=request.actor)
    return _agenda_again(request, meeting, "dagsorden")


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
@answers_gone
def item_restore(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Put an item that was taken off back in its place."""
    meeting = _to_edit(request, public_id)
    actions.restore_item(_item(request, meeting, item_id), actor=request.actor)
    return _agenda_again(request, meeting, f"punkt-{item_id}")


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
@answers_gone
def item_carry(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Put the item on the agenda of the forum's next meeting too."""
    meeting = _to_edit(request, public_id)
    item = _item(request, meeting, item_id)
    following = Meeting.objects.filter(forum_id=meeting.forum_id, starts_at__gt=meeting.starts_at).coming().first()
    if following is None:
        raise MeetingStateError(_("The forum has no later meeting yet. Plan it first, and then carry the item over."))
    actions.carry_item(item, following, actor=request.actor)
    day = date_format(localtime(following.starts_at), _("j F"))
    messages.success(request, _("“%(title)s” also stands on the agenda of %(day)s.") % {"title": item.title, "day": day})
    return redirect(request.headers["Referer"] if _is_ours(request) else tenant_url(request, "meeting_detail", public_id))


def _is_ours(request: TenantRequest) -> bool:
    return url_has_allowed_host_and_scheme(request.headers.get("Referer", ""), allowed_hosts={request.get_host()}, require_https=request.is_secure())


def _agenda_again(request: TenantRequest, meeting: Meeting, place: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        context = _agenda(request, fetch_meeting(request.actor, Verb.VIEW_AGENDA, meeting.public_id))
        if place == "nyt-title" and context["form"]:  # who pressed the button writes the next one
            context["form"].fields["title"].widget.attrs["autofocus"] = True
        return TemplateResponse(request, "meetings/_agenda.html", context)
    return redirect(tenant_url(request, "meeting_detail", meeting.public_id) + f"#{place}")


def _to_edit(request: TenantRequest, public_id: str) -> Meeting:
    """The meeting as who plans it gets it; one who only reads it gets a sentence (403), anybody else 404."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.CONVENE, meeting)
    return meeting


def _item(request: TenantRequest, meeting: Meeting, item_id: str) -> AgendaItem:
    """An item of the general part of this meeting."""
    item = fetch(request.actor, Verb.CONVENE, AgendaItem.objects.filter(meeting=meeting), public_id=item_id)
    if item.is_closed:
        raise Http404("items of the closed part are changed by the app that owns them")
    return item


@require_safe
@requires(Verb.VIEW_AGENDA)
def meeting_agenda_pdf(request: TenantRequest, public_id: str) -> HttpResponse:
    """The agenda as PDF, the reader's own."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    context = documents.agenda_context(request, meeting)
    return pdf_response(request, "meetings/pdf/agenda.html", context, name=f"dagsorden {meeting.forum.key} {meeting.starts_at:%Y-%m-%d}", row=meeting)
