"""What cases add to Min uge and to a meeting's page and documents. Numbers only; texts in a document come through the gate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from access import gate
from access.kept import kept
from access.models import LogEntry, Purpose
from access.policy import among, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from cases.item_forms import AgendaCaseForm
from cases.models import AdHocGrant, Case, CaseAgreement, CaseAttachment, CaseItem, Discussion, ItemPresence
from cases.opening import is_member
from meetings.agenda import letter_of
from meetings.fillers import Filling
from meetings.models import Meeting
from meetings.parts import ClosedFile

type Context = dict[str, Any]
AHEAD = timedelta(days=14)
WEEK_ROWS, FOLLOW_UP_ROWS = 20, 6
MINUTES_PDF = "meeting_minutes_pdf"


@dataclass
class ClosedLine:
    """An item of the closed part: its letter, the case behind it, who is called in; in minutes also what was said."""

    letter: str
    link: CaseItem
    guests: list[AdHocGrant] = field(default_factory=list)
    discussion: Discussion | None = None
    agreements: list[CaseAgreement] = field(default_factory=list)
    heard: list[ItemPresence] = field(default_factory=list)
    attached: list[Any] = field(default_factory=list)


def closed_items(meeting: Meeting) -> list[ClosedLine]:
    """The meeting's cases in their order, as far as row security gives them: all for a member, one for a guest."""
    links = CaseItem.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).select_related("item", "case").order_by("item__order", "item_id")
    return [ClosedLine(letter_of(place), link) for place, link in enumerate(links)]


def closed_minutes(meeting: Meeting) -> int:
    """How long the meeting's cases are planned to take, as far as row security gives them. One query."""
    links = CaseItem.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting)
    found: int | None = links.aggregate(minutes=Sum("item__duration"))["minutes"]
    return found or 0


def open_cases(meeting: Meeting) -> QuerySet[Case]:
    """Open cases of the meeting's forum that are not on its agenda yet."""
    on_agenda = CaseItem.objects.filter(meeting=meeting).values("case_id")
    rows = Case.objects.filter(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, status=Case.Status.OPEN)
    return rows.exclude(pk__in=on_agenda).order_by("number")


def closed_part(request: HttpRequest, meeting: Meeting, files: Sequence[ClosedFile] = ()) -> Context | None:
    """The closed part of a meeting. A member sees letters and numbers, a guest «your case», everybody else nothing. `files`: those that a book holds."""
    tenant_request: TenantRequest = request  # type: ignore[assignment]  # the middleware has made it one
    actor = tenant_request.actor
    member = is_member(actor, meeting)
    if not member and meeting.pk not in actor.guest_of("meetings.Meeting"):
        return None
    lines = closed_items(meeting)
    if member:
        _add_guests(lines, meeting)
    if member and request.resolver_match and request.resolver_match.url_name == MINUTES_PDF:
        _add_texts(tenant_request, lines, meeting)
    for line in lines:
        line.attached = [found.file for found in files if found.letter == line.letter] or line.attached
    may_plan = member and meeting.is_planned and is_member(actor, meeting, Verb.WRITE_CASES)
    return {
        "meeting": meeting, "tenant": tenant_request.tenant, "lines": lines, "is_guest": not member, "may_plan": may_plan,
        "may_discuss": is_member(actor, meeting, Verb.WRITE_CASES),
        "may_invite": may_plan and is_member(actor, meeting, Verb.GRANT_GUEST), "form": AgendaCaseForm(cases=open_cases(meeting)) if may_plan else None,
    }  # fmt: skip


def _add_guests(lines: list[ClosedLine], meeting: Meeting) -> None:
    by_item: dict[int, list[AdHocGrant]] = {}
    for grant in AdHocGrant.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, revoked_at=None).select_related("user").order_by("granted_at"):
        by_item.setdefault(grant.item_id, []).append(grant)
    for line in lines:
        line.guests = by_item.get(line.link.item_id, [])


def _add_texts(request: TenantRequest, lines: list[ClosedLine], meeting: Meeting) -> None:
    """For the minutes as a document: one log row that names every person on the agenda, then the texts."""
    rows = CaseItem.objects.filter(meeting=meeting)
    gate.reveal(request.actor, Verb.VIEW_CASES, rows, purpose=Purpose.DOCUMENT, action=LogEntry.Action.DOCUMENT, route=MINUTES_PDF)
    said = {row.item_id: row for row in Discussion.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting)}
    items = [line.link.item_id for line in lines]
    agreements = list(CaseAgreement.objects.filter(tenant_id=meeting.tenant_id, item_id__in=items).with_parties().select_related("text").order_by("due_on", "pk"))
    heard = list(ItemPresence.objects.filter(tenant_id=meeting.tenant_id, item_id__in=items).select_related("user").order_by("pk"))
    files = list(CaseAttachment.objects.filter(tenant_id=meeting.tenant_id, item_id__in=items).order_by("uploaded_at", "pk"))
    for line in lines:
        line.attached = [row for row in files if row.item_id == line.link.item_id]
        line.heard = [row for row in heard if row.item_id == line.link.item_id]
        line.discussion = said.get(line.link.item_id)
        line.agreements = [agreement for agreement in agreements if agreement.item_id == line.link.item_id]


@kept
def _to_follow_up(tenant: Any, until: Any) -> QuerySet[Case]:
    rows = Case.objects.filter(tenant_id=tenant, status=Case.Status.OPEN, follow_up_on__lte=until)
    return rows.select_related("forum").order_by("follow_up_on", "number")


@kept
def _own_agreements(tenant: Any, who: Any) -> QuerySet[CaseAgreement]:
    rows: QuerySet[CaseAgreement] = CaseAgreement.objects.of(who).filter(tenant_id=tenant, status=CaseAgreement.Status.OPEN)
    return rows.select_related("case", "forum").order_by("due_on", "pk")[:WEEK_ROWS]


def week_follow_ups(request: HttpRequest) -> Context | None:
    """Min uge, side column: my forums' cases with a follow-up that is late or near. One query."""
    tenant_request: TenantRequest = request  # type: ignore[assignment]  # the middleware has made it one
    if not tenant_request.actor.holds(Verb.VIEW_CASES):
        return None
    due = _to_follow_up(tenant_request.tenant.id, timezone.localdate() + AHEAD)
    cases = among(tenant_request.actor, Verb.VIEW_CASES, due)[: FOLLOW_UP_ROWS + 1]
    if not cases:
        return None
    return {"tenant": tenant_request.tenant, "cases": cases[:FOLLOW_UP_ROWS], "more": len(cases) > FOLLOW_UP_ROWS, "today": timezone.localdate()}


def week_invitations(request: HttpRequest) -> Context | None:
    """Min uge, main column, for a guest: the meetings he is called in to now, without a word about whom. One query."""
    tenant_request: TenantRequest = request  # type: ignore[assignment]  # the middleware has made it one
    ids = tenant_request.actor.guest_of("meetings.Meeting")
    meetings = list(Meeting.objects.filter(tenant_id=tenant_request.tenant.id, pk__in=ids).select_related("forum").order_by("starts_at")) if ids else []
    return {"tenant": tenant_request.tenant, "meetings": meetings} if meetings else None


def week_agreements(request: HttpRequest) -> Context | None:
    """Min uge, main column: my own aftaler in cases, by day. What they are about stands in the case. One query."""
    tenant_request: TenantRequest = request  # type: ignore[assignment]  # the middleware has made it one
    found = _own_agreements(tenant_request.tenant.id, tenant_request.user.pk)
    if not found:
        return None
    overdue = sum(agreement.is_overdue for agreement in found)
    return {"tenant": tenant_request.tenant, "agreements": found, "overdue": overdue, "tick_url": tenant_url(tenant_request, "case_agreement_tick") + "?fra=uge"}


def cases_due(request: TenantRequest, meeting: Meeting) -> list[Filling]:
    """How many cases of the forum have a follow-up by the meeting, for those who open its cases; for everybody else nothing at all."""
    if not is_member(request.actor, meeting):
        return []
    day = timezone.localtime(meeting.starts_at).date()
    count = visible(request.actor, Verb.VIEW_CASES, Case.objects.filter(forum_id=meeting.forum_id, status=Case.Status.OPEN, follow_up_on__lte=day)).count()
    text = ngettext("%(count)s case has its follow-up by this meeting.", "%(count)s cases have their follow-up by this meeting.", count) % {"count": count}
    return [Filling(text, tenant_url(request, "case_list"))] if count else []
