"""What `municipalities` shows of a forum's meetings: the next one, how many were held, the latest, the standing agenda."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from access import policy
from access.kept import kept
from access.request import TenantRequest
from access.roles import Verb
from meetings.models import AgendaTemplate, AgendaTemplateItem, Meeting
from meetings.querysets import HELD
from municipalities.figures import ForumFigures
from municipalities.models import Forum

LATEST = 5


def figures_by_forum(request: TenantRequest, forum_ids: Iterable[int]) -> dict[int, ForumFigures]:
    """Forum id -> its next meeting and the number held this year; row security leaves out what is closed. One query."""
    now = timezone.localtime()
    first = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    counts: Any = _counts(list(forum_ids), now, first, first.replace(year=now.year + 1))
    return {forum_id: ForumFigures(next_at, held) for forum_id, next_at, held in counts}


@kept
def _counts(forums: Any, now: Any, begins: Any, ends: Any) -> QuerySet[Meeting]:
    return Meeting.objects.filter(forum__any=forums).count_by_forum(now, begins, ends)


def next_meeting(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's next meeting, for its page; the link to the agenda only for those who may read it, and a way to plan one."""
    meeting = next(iter(_coming(forum.pk, timezone.now())), None)
    can_open = forum.pk in request.actor.forums_with(Verb.VIEW_AGENDA)
    may_convene = forum.pk in request.actor.forums_with(Verb.CONVENE)
    return {"meeting": meeting, "can_open": can_open, "forum": forum} if meeting or may_convene else None


@kept
def _coming(forum: Any, now: Any) -> QuerySet[Meeting]:
    return Meeting.objects.filter(forum_id=forum, ends_at__gte=now).coming()[:1]


@kept
def _latest(forum: Any) -> QuerySet[Meeting]:
    return Meeting.objects.filter(forum_id=forum, status__in=HELD).order_by("-starts_at")[:LATEST]


@kept
def _latest_with_counts(forum: Any) -> QuerySet[Meeting]:
    agreed = Count("agreements", distinct=True)
    done = Count("agreements", filter=Q(agreements__status="DONE"), distinct=True)
    found: QuerySet[Meeting] = Meeting.objects.filter(forum_id=forum, status__in=HELD).order_by("-starts_at").annotate(agreed=agreed, done=done)[:LATEST]
    return found


def latest_meetings(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's latest meetings; the number of items only of what this actor sees of them."""
    can_open = forum.pk in request.actor.forums_with(Verb.VIEW_AGENDA)
    found = (_latest_with_counts if can_open else _latest)(forum.pk)
    return {"meetings": found, "can_open": can_open} if found else None


def standing_agenda(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's standing agendas, each item with its sub-items, for those who read its agendas."""
    templates = policy.visible(request.actor, Verb.VIEW_AGENDA, AgendaTemplate.objects.filter(forum=forum))
    found = [(template, _nested(template)) for template in templates.order_by("pk").prefetch_related("items")]
    return {"agendas": found} if found else None


def _nested(template: AgendaTemplate) -> list[tuple[AgendaTemplateItem, list[AgendaTemplateItem]]]:
    items = list(template.items.all())
    return [(item, [child for child in items if child.parent_id == item.pk]) for item in items if item.parent_id is None]


def standing_agendas(request: TenantRequest, forums: Iterable[Forum]) -> dict[int, list[AgendaTemplate]]:
    """Forum id -> its standing agendas, of the forums whose agendas this actor reads. Two queries."""
    found: dict[int, list[AgendaTemplate]] = {}
    templates = AgendaTemplate.objects.filter(forum__in=[forum.pk for forum in forums]).prefetch_related("items")
    for template in policy.visible(request.actor, Verb.VIEW_AGENDA, templates).order_by("pk"):
        found.setdefault(template.forum_id, []).append(template)
    return found
