"""A case at a meeting: the round of cases, the discussion, its place on the agenda."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access import gate
from access.actor import Actor
from access.policy import fetch, may
from access.request import TenantRequest
from access.roles import SeatRole, Verb
from access.web import in_menu, requires, tenant_url
from cases import case_file, correcting, discussion_actions, opening
from cases.agreement_forms import AgreementForm
from cases.attachment_actions import takes_files
from cases.errors import CaseStateError, StaleDiscussionError
from cases.forms import DiscussionForm
from cases.models import AdHocGrant, Case, CaseAgreement, CaseItem, Discussion
from cases.parts import closed_items
from cases.views.file import zone
from cases.views.typed_agreement import ALONG, add_typed
from meetings.differences import merged
from meetings.item_time import time_of
from meetings.last_saved import last_saved
from meetings.models import Meeting
from meetings.presence import room_of
from meetings.views.refusals import render_part, unsaved
from municipalities.models import Seat

TEXTS, LINE = ("facts", "assessment"), ("aftale-who", "aftale-what", "aftale-due")


def fetch_link(actor: Actor, case: Case, meeting_id: str) -> CaseItem:
    """The item under which a case is discussed at a meeting, for who may write in it; else Http404."""
    rows = CaseItem.objects.select_related("meeting__forum", "item", "case__forum").filter(case=case)
    return fetch(actor, Verb.WRITE_CASES, rows, meeting__public_id=meeting_id)


@require_safe
@in_menu("cases")
@opening.watched
@requires(Verb.VIEW_CASES, Verb.VIEW_AGENDA)
def case_round(request: TenantRequest, public_id: str) -> HttpResponse:
    """The cases of one meeting, as numbers. A member of the forum without access to its cases is told so, and no more."""
    forums = request.actor.forums_with(Verb.VIEW_AGENDA)
    meeting = fetch(request.actor, Verb.VIEW_AGENDA, Meeting.objects.filter(forum_id__in=forums).select_related("forum"), public_id=public_id)
    if not opening.is_member(request.actor, meeting):
        return _no_access(request, meeting)
    items = closed_items(meeting)
    following = next((line.link for line in items if not line.link.item.is_done), None)
    context = {"meeting": meeting, "items": items, "done": sum(line.link.item.is_done for line in items), "following": following}
    return TemplateResponse(request, "cases/case_round.html", context)


def _no_access(request: TenantRequest, meeting: Meeting) -> HttpResponse:
    """The same page whether the closed part holds no item, one or twenty."""
    if not meeting.forum.is_person_forum:
        raise Http404("this forum has no closed part")
    gate.note_denied(request.actor, Case, meeting.public_id, route="case_round")
    runs = [SeatRole.COORDINATOR, SeatRole.CHAIR]
    seat = Seat.objects.current().filter(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, role__in=runs, user__isnull=False).select_related("user", "organisation").first()
    return TemplateResponse(request, "cases/case_refused.html", {"meeting": meeting, "seat": seat, "now": timezone.now()}, status=403)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_discussion(request: TenantRequest, case: Case, meeting_id: str) -> HttpResponse:
    """Write what is said about the case at the meeting. Saved while one types; two at once see both texts."""
    link = fetch_link(request.actor, case, meeting_id)
    if request.method != "POST":
        return _open_desk(request, case, link)
    holders = case_file.holders(case)
    people = present_choices(link, holders, case_file.heard_at(link.item_id))
    asked, status = ({}, 0) if request.headers.get("X-Autosave") else add_typed(request, link, holders)
    data = request.POST.copy()
    if data.get("keep") == "mine":  # both texts were shown, and this one was chosen
        data["version"] = data.get("theirs", "")
    form = DiscussionForm(data, people=[(public_id, label) for public_id, (_user, label) in people.items()], is_its_day=link.meeting.is_its_day)
    if not form.is_valid():
        return show_discussion(request, case, link, status=422, form=form, **asked)
    values = {**form.cleaned_data, "present": {people[key][0]: people[key][1] for key in form.cleaned_data.get("present", ())}}
    try:
        said = discussion_actions.save_discussion(link, actor=request.actor, **values)
    except StaleDiscussionError as stale:
        return (_merge if data.get("keep") == "both" else _conflict)(request, case, link, form, stale, **asked)
    except CaseStateError as refusal:
        if request.headers.get("X-Autosave"):
            return render_part(request, "meetings/_refused.html", {"reason": str(refusal)}, status=409)
        form.add_error(None, str(refusal))
        return show_discussion(request, case, link, status=409, form=form, **asked)
    return show_discussion(request, case, link, status=status, **asked) if asked else _saved(request, case, link, form, said)


def _open_desk(request: TenantRequest, case: Case, link: CaseItem) -> HttpResponse:
    """The desk as it is, or with the aftale in the line that the pencil was pressed of."""
    try:
        agreed = correcting.find_to_correct(link, key) if (key := request.GET.get("ret", "")) else None
    except CaseStateError as refusal:
        messages.error(request, str(refusal))
        return show_discussion(request, case, link, status=409)
    if agreed is None:
        return show_discussion(request, case, link)
    return show_discussion(request, case, link, agreement_form=_line(link, case_file.holders(case), agreed))


def _line(link: CaseItem, holders: Iterable[Seat], agreed: CaseAgreement | None = None) -> AgreementForm:
    return AgreementForm(seats=holders, along=ALONG, agreed=agreed, initial={"meeting": link.meeting.public_id})


def _saved(request: TenantRequest, case: Case, link: CaseItem, form: DiscussionForm, said: Discussion) -> HttpResponse:
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204, headers={"X-Version": str(said.version)})
    messages.success(request, _("The discussion is saved."))
    if form.holds_number:
        messages.warning(request, _("Something in the text looks like a CPR number. Take it out: the number has a field of its own, which is encrypted."))
    if "next" in request.POST:
        lines = closed_items(link.meeting)
        place = next(n for n, line in enumerate(lines) if line.link.item_id == link.item_id)
        if lines[place + 1 :]:
            return HttpResponseRedirect(tenant_url(request, "case_discussion", lines[place + 1].link.case.public_id, link.meeting.public_id))
        return HttpResponseRedirect(tenant_url(request, "case_round", link.meeting.public_id))
    return HttpResponseRedirect(tenant_url(request, "case_discussion", case.public_id, link.meeting.public_id) + ("#aftaler" if {"add", "take_away"} & request.POST.keys() else ""))


def _conflict(request: TenantRequest, case: Case, link: CaseItem, form: DiscussionForm, stale: StaleDiscussionError, **asked: Any) -> HttpResponse:
    conflict = {"stale": stale, "who": last_saved(stale.saved_by, stale.saved_at, request.actor)}
    if request.headers.get("X-Autosave"):
        return TemplateResponse(request, "cases/_discussion_conflict.html", {"case": case, "link": link, **conflict}, status=409)
    return show_discussion(request, case, link, status=409, form=form, **conflict, **asked)


def _merge(request: TenantRequest, case: Case, link: CaseItem, form: DiscussionForm, stale: StaleDiscussionError, **asked: Any) -> HttpResponse:
    """Both texts in one, to be put right and saved; level, day and presence as this writer has them. Nothing is saved by it."""
    mine, data = form.cleaned_data, request.POST.copy()
    data["facts"], data["assessment"] = merged(stale.facts, mine["facts"]), merged(stale.assessment, mine["assessment"])
    data["version"] = str(stale.version)
    people = form.fields["present"].choices if "present" in form.fields else ()  # type: ignore[attr-defined]  # a choice field
    form = DiscussionForm(data, people=people, is_its_day=link.meeting.is_its_day)
    return show_discussion(request, case, link, form=form, merging=True, who=last_saved(stale.saved_by, stale.saved_at, request.actor), **asked)


def show_discussion(request: TenantRequest, case: Case, link: CaseItem, *, status: int = 200, **extra: Any) -> HttpResponse:
    """The desk of one case at a meeting: what was agreed last, today's discussion, who is present."""
    file, holders, locked = case_file.read_case_file(case), case_file.holders(case), discussion_actions.why_locked(link.meeting)
    said = next((said for said in file.discussions if said.discussion.item_id == link.item_id), None)
    writable = case.is_open and not locked
    lines = closed_items(link.meeting)
    place = next(n for n, line in enumerate(lines) if line.link.item_id == link.item_id)
    context: dict[str, Any] = {
        "file": file, "link": link, "meeting": link.meeting, "lines": lines, "line": lines[place], "place": place + 1, "done": sum(line.link.item.is_done for line in lines),
        "files": [row for row in file.attachments if row.item_id == link.item_id], "takes_files": takes_files(link.meeting),
        "before": lines[place - 1].link if place else None, "after": lines[place + 1].link if lines[place + 1 :] else None,
        "latest": next((said for said in file.discussions if said.discussion.item_id != link.item_id and said.discussion.meeting.starts_at < link.meeting.starts_at), None),
        "time": time_of(link.item, timezone.now()), "may_time": bool(may(request.actor, Verb.WRITE_MINUTES, link.meeting)),
        "locked": locked, "writable": writable, "tick_url": tenant_url(request, "case_agreement_tick"),
        "agreement_form": _line(link, holders),
        "unsaved": [] if writable else unsaved(request, *(TEXTS if locked else ()), *LINE),
        "here": tenant_url(request, "case_discussion", case.public_id, link.meeting.public_id),
    }  # fmt: skip
    if "form" not in extra:
        people = present_choices(link, holders, said.heard if said else [])
        context["differs"] = _differs(link, said, people)
        choices, is_its_day = [(key, label) for key, (_user, label) in people.items()], link.meeting.is_its_day
        extra["form"] = DiscussionForm(initial=_as_it_stands(case, link, said, people), people=choices, is_its_day=is_its_day)
    return TemplateResponse(request, "cases/case_discussion.html", zone(request, case, **{**context, **extra}), status=status)


def _as_it_stands(case: Case, link: CaseItem, found: case_file.Said | None, people: dict[str, tuple[int, str]]) -> dict[str, Any]:
    """What the form shows first: what is saved. Until somebody is noted as present, those who were in the room for the item."""
    said = found.discussion if found else None
    here = _heard(found) or room_of(link.meeting, link.item_id).inside
    day = timezone.localtime(link.meeting.starts_at).date()
    ahead = case.follow_up_on if case.follow_up_on and case.follow_up_on > day else None
    return {
        "facts": said.facts if said else "", "assessment": said.assessment if said else "", "version": said.version if said else 0,
        "concern_level": (said.concern_level if said else None) or case.concern_level, "follow_up_on": ahead,
        "present": [key for key, (user_id, _label) in people.items() if user_id in here],
    }  # fmt: skip


def _heard(found: case_file.Said | None) -> set[int]:
    return {one.user_id for one in found.heard} if found else set()


def _differs(link: CaseItem, found: case_file.Said | None, people: dict[str, tuple[int, str]]) -> list[str]:
    """Names on which the disclosure record and the meeting's own attendance do not agree: one of the two is wrong, and the law asks for this one."""
    heard = _heard(found)
    if not heard:
        return []
    room = room_of(link.meeting, link.item_id)
    doubtful = (heard & room.outside) | (room.inside - heard)
    return [label for user_id, label in people.values() if user_id in doubtful]


def present_choices(link: CaseItem, holders: Iterable[Seat], heard: Iterable[case_file.Heard]) -> dict[str, tuple[int, str]]:
    """Who can have been present: seats that open the case, guests called in to the item, and who is noted already."""
    found = {seat.user.public_id: (seat.user.pk, f"{seat.user.name}, {seat}") for seat in holders if seat.user is not None}
    for grant in AdHocGrant.objects.filter(item_id=link.item_id, revoked_at=None).select_related("user"):
        found.setdefault(grant.user.public_id, (grant.user.pk, _("%(name)s, guest") % {"name": grant.user.name}))
    for noted in heard:
        found.setdefault(noted.public_id, (noted.user_id, noted.told))
    return found
