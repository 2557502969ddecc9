"""What was sent up and down, as one reader has it: on a forum's page, beside a meeting's agenda, and in its standing items.

Both forums read a handover, so the question goes to both sides; row security says the same once more.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.kept import Read, kept
from access.policy import first_of, may
from access.request import TenantRequest
from access.roles import DataClass, ForumKind, Verb
from access.web import tenant_url
from meetings.agenda import classes_under, general_items
from meetings.fillers import MOST, Filling
from meetings.models import AgendaItem, Fill, Handover, Meeting
from meetings.querysets import HELD
from municipalities.models import Forum

Direction, Status = Handover.Direction, Handover.Status
UNSENT = (Status.DRAFT, Status.WAITS_FOR_SECOND)
RANKS = {ForumKind.KREDSRAAD: 0, ForumKind.LOKALRAAD: 1, ForumKind.STYREGRUPPE: 2}  # who is above whom on one level; below them all others
LOOKS_LIKE_CASE = re.compile(r"(?<![\d-])20\d\d-\d{3}(?![\d-])")  # a theme points at no case; «2024-2026» is a period
CASE_NUMBER = gettext_lazy("This looks like the number of a case. Take it out: a theme points at no case.")
WAITS = Q(status=Status.SENT) | Q(status=Status.TAKEN, to_item=None)


def handovers(actor: Actor) -> QuerySet[Handover]:
    """Those that the actor reads: of his forums, what they wrote and what was sent to them."""
    mine = actor.forums_with(Verb.VIEW_AGENDA)
    return _rows(actor.tenant_id, Q(from_forum_id__in=mine), Q(to_forum_id__in=mine))


def _rows(tenant: Any, from_mine: Q, to_mine: Q) -> QuerySet[Handover]:
    found = Handover.objects.filter(from_mine | (to_mine & ~Q(status__in=UNSENT)), tenant_id=tenant)
    return found.select_related("from_forum", "to_forum", "asked_by", "approved_by", "answered_by")


def _kept_rows(tenant: Any, mine: Any) -> QuerySet[Handover]:
    return _rows(tenant, Q(from_forum__any=mine), Q(to_forum__any=mine))


@kept  # the pages of a forum and of a meeting ask each time: compiling it anew was a third of the agenda's page (script/bench)
def _of_forum(tenant: Any, mine: Any, forum: Any) -> QuerySet[Handover]:
    return _kept_rows(tenant, mine).filter(Q(from_forum_id=forum) | Q(to_forum_id=forum)).order_by("-asked_at", "-pk")[:MOST]


@kept
def _on_agenda(tenant: Any, mine: Any, forum: Any, meeting: Any) -> QuerySet[Handover]:
    return _kept_rows(tenant, mine).filter(to_item__meeting_id=meeting, to_forum_id=forum).order_by("sent_at", "pk")[:MOST]


@kept
def _waiting(tenant: Any, mine: Any, forum: Any, meeting: Any) -> QuerySet[Handover]:
    return _kept_rows(tenant, mine).filter(WAITS | Q(to_item__meeting_id=meeting), to_forum_id=forum).order_by("sent_at", "pk")[:MOST]


@kept
def _news(tenant: Any, mine: Any, forum: Any, sent: Any, answered: Any, since: Any) -> QuerySet[Handover]:
    news = Q(to_forum_id=forum, direction=sent) & WAITS
    answers = Q(from_forum_id=forum, direction=answered, status__in=(Status.ANSWERED, Status.DECLINED), answered_at__gte=since)
    return _kept_rows(tenant, mine).filter(news | answers).order_by("asked_at", "pk")[:MOST]


@kept  # on the Min uge of every member of a forum with person data
def _for_second(tenant: Any, mine: Any, user: Any) -> QuerySet[Handover]:
    waiting = Handover.objects.filter(tenant_id=tenant, from_forum__any=mine, status=Status.WAITS_FOR_SECOND).exclude(asked_by_id=user)
    return waiting.select_related("from_forum", "to_forum").order_by("asked_at", "pk")[:MOST]


@kept
def _before(forum: Any, starts_at: Any) -> QuerySet[Meeting]:
    return Meeting.objects.filter(forum_id=forum, starts_at__lt=starts_at, status__in=HELD).order_by("-starts_at")[:1]


def _reader(actor: Actor) -> tuple[int, list[int]]:
    return actor.tenant_id, list(actor.forums_with(Verb.VIEW_AGENDA))


def fetch_handover(actor: Actor, public_id: str) -> Handover:
    """One handover with its items as far as this reader has them, or Http404."""
    rows = handovers(actor).select_related("from_item__meeting", "to_item__meeting", "from_forum__level", "to_forum__level")
    found = first_of(rows.filter(public_id=public_id)) if "\x00" not in public_id else None
    if found is None:
        raise Http404("no such handover for this actor")
    return found


def decided_on(handover: Handover) -> str:
    """What a held meeting decided under its item, for the answer to begin with; nothing that is more closed than what was sent."""
    item = handover.to_item
    is_told = item is not None and item.data_class == handover.data_class and item.meeting.is_held
    return item.decision if item is not None and is_told else ""


def forums_to_send_to(forum: Forum) -> list[Forum]:
    """The kommune's other forums: the one above first, then those below, then the rest. An Infohus neither sends nor gets."""
    others = Forum.objects.filter(tenant_id=forum.tenant_id).exclude(pk=forum.pk).exclude(kind__in=(ForumKind.INFOHUS, ForumKind.EKSTERN)).in_order()
    return sorted(others, key=lambda other: 0 if other.pk == forum.parent_id else 1 if other.parent_id == forum.pk else 2)


def classes_between(one: Forum, other: Forum) -> list[DataClass]:
    """The classes that may stand in both forums; never a person class."""
    return [value for value in classes_under(one.ceiling) if value in classes_under(other.ceiling)]


def way_of(one: Forum, other: Forum) -> str:
    """Up or down: by who is whose parent, else by the levels, and on one level (the Lokalråd and the styregruppe of Fredericia) by what each is."""
    if one.parent_id == other.pk or (other.parent_id != one.pk and _height(other) < _height(one)):
        return Direction.UP
    return Direction.DOWN


def _height(forum: Forum) -> tuple[int, int]:
    return forum.level.order, RANKS.get(ForumKind(forum.kind), len(RANKS))


def recent_items(actor: Actor, forum: Forum) -> list[AgendaItem]:
    """General items of the forum's latest meetings, to send one; none from a forum with person data."""
    if forum.is_person_forum:
        return []
    latest = Meeting.objects.filter(forum=forum).exclude(status=Meeting.Status.CANCELLED).order_by("-starts_at")[:4]
    return [item for meeting in latest for item in general_items(meeting).select_related("meeting") if not item.is_withdrawn]


def forum_part(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The latest that went up and down, on the forum's page. One query."""
    if not may(request.actor, Verb.VIEW_AGENDA, forum) or forum.kind == ForumKind.INFOHUS:
        return None
    rows = _of_forum(*_reader(request.actor), forum.pk)
    may_send = bool(may(request.actor, Verb.CONVENE, forum))
    return {"forum": forum, "rows": rows, "may_send": may_send} if rows or may_send else None


def meeting_part(request: TenantRequest, meeting: Meeting) -> dict[str, Any] | None:
    """What was sent to the forum and waits, and what stands on this agenda. One query."""
    rows = meeting_read(request, meeting).rows()
    return {"rows": rows, "is_held": meeting.is_held} if rows else None


def meeting_read(request: TenantRequest, meeting: Meeting) -> Read[Handover]:
    """What `meeting_part` asks for."""
    statement = _waiting if meeting.is_planned else _on_agenda
    return statement.of(*_reader(request.actor), meeting.forum_id, meeting.pk)


def week_read(request: TenantRequest) -> Read[Handover] | None:
    """What `week_part` asks for; None for who knows no cases."""
    forums = list(request.actor.forums_with(Verb.VIEW_CASES))
    return _for_second.of(request.actor.tenant_id, forums, request.actor.user_id) if forums else None


def week_part(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge: themes that wait for this second member. One query, none for who knows no cases."""
    read = week_read(request)
    rows = read.rows() if read else []
    return {"rows": rows, "tenant": request.tenant} if rows else None


def from_above(request: TenantRequest, meeting: Meeting) -> Iterable[Filling]:
    """What the forums above have sent, and what they have answered since the last meeting."""
    return _fillings(request, meeting, above_read(request, meeting).rows())


def from_below(request: TenantRequest, meeting: Meeting) -> Iterable[Filling]:
    """What the forums below have sent, and what they have answered since the last meeting."""
    return _fillings(request, meeting, below_read(request, meeting).rows())


def above_read(request: TenantRequest, meeting: Meeting) -> Read[Handover]:
    """What `from_above` asks for."""
    return _news_read(request, meeting, sent=Direction.DOWN, answered=Direction.UP)


def below_read(request: TenantRequest, meeting: Meeting) -> Read[Handover]:
    """What `from_below` asks for."""
    return _news_read(request, meeting, sent=Direction.UP, answered=Direction.DOWN)


def _news_read(request: TenantRequest, meeting: Meeting, *, sent: str, answered: str) -> Read[Handover]:
    return _news.of(*_reader(request.actor), meeting.forum_id, sent, answered, last_meeting_at(meeting))


def _fillings(request: TenantRequest, meeting: Meeting, rows: Iterable[Handover]) -> Iterable[Filling]:
    for row in rows:
        url = tenant_url(request, "handover_detail", row.public_id)
        if row.to_forum_id == meeting.forum_id:
            yield Filling(_("From %(forum)s: %(title)s") % {"forum": row.from_forum.name, "title": row.title}, url)
        else:
            shape = _("Answer from %(forum)s about “%(title)s”: %(answer)s")
            yield Filling(shape % {"forum": row.to_forum.name, "title": row.title, "answer": row.answer}, url)


def last_meeting_at(meeting: Meeting) -> datetime:
    """When the forum's meeting before this one began. No query where an item of the agenda has told it already (meetings.neighbours)."""
    told: dict[str, Meeting | None] = meeting.neighbours  # type: ignore[attr-defined]  # fill_in puts them there
    before = told[Fill.LAST_MINUTES] if Fill.LAST_MINUTES in told else next(iter(_before(meeting.forum_id, meeting.starts_at)), None)
    return before.starts_at if before else datetime(2000, 1, 1, tzinfo=UTC)
