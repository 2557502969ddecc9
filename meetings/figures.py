"""What `municipalities` shows of a forum's meetings: the next one, how many were held, the latest, the standing agenda."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from access import policy
from access.kept import kept
from access.request import TenantRequest
from access.roles import Verb
from meetings.models import AgendaTemplate, AgendaTemplateItem, Meeting, PublicMinutes
from meetings.querysets import HELD, PLANNED
from meetings.standing_agendas import may_keep
from municipalities.figures import ForumFigures
from municipalities.models import Forum

LATEST = 5


def figures_by_forum(request: TenantRequest, forum_ids: Iterable[int]) -> dict[int, ForumFigures]:
    """Forum id -> its next meeting and the number held this year; row security leaves out what is closed, and a draft counts for the forum's own. One query."""
    now = timezone.localtime()
    first = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    counts: Any = _counts(list(forum_ids), list(request.actor.forums_with(Verb.VIEW_AGENDA)), now, first, first.replace(year=now.year + 1))
    return {forum_id: ForumFigures(*figures) for forum_id, *figures in counts}


@kept
def _counts(forums: Any, own: Any, now: Any, begins: Any, ends: Any) -> QuerySet[Meeting]:
    return Meeting.objects.filter(forum__any=forums).of_forum_or_called(own).count_by_forum(now, begins, ends)


def next_meeting(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's next meeting, for its page; the link to the agenda only for those who may read it, and a way to plan one."""
    meeting = _around(request, forum)[0]
    can_open = forum.pk in request.actor.forums_with(Verb.VIEW_AGENDA)
    may_convene = forum.pk in request.actor.forums_with(Verb.CONVENE)
    return {"meeting": meeting, "can_open": can_open, "may_convene": may_convene, "forum": forum} if meeting or may_convene else None


def _around(request: TenantRequest, forum: Forum) -> tuple[Meeting | None, list[Meeting]]:
    """(the next meeting, the latest): two parts of the page ask, one statement answers."""
    known: dict[int, list[Meeting]] = request.__dict__.setdefault("known_meetings", {})
    if forum.pk not in known:
        known[forum.pk] = _next_and_latest(forum.pk, list(request.actor.forums_with(Verb.VIEW_AGENDA)), timezone.now())
    found = known[forum.pk]
    coming = [meeting for meeting in found if meeting.is_planned]
    latest = [meeting for meeting in found if not meeting.is_planned]
    return (coming[0] if coming else None), sorted(latest, key=lambda meeting: meeting.starts_at, reverse=True)


@kept
def _next_and_latest(forum: Any, own: Any, now: Any) -> QuerySet[Meeting]:
    agreed = Count("agreements", distinct=True)
    done = Count("agreements", filter=Q(agreements__status="DONE"), distinct=True)
    public = Subquery(PublicMinutes.objects.filter(meeting=OuterRef("pk")).values("public_id")[:1])
    counted: QuerySet[Meeting] = Meeting.objects.filter(forum_id=forum).of_forum_or_called(own).annotate(agreed=agreed, done=done, public_page=public)
    coming, latest = counted.filter(ends_at__gte=now, status__in=PLANNED).order_by("starts_at")[:1], counted.filter(status__in=HELD).order_by("-starts_at")[:LATEST]
    return coming.union(latest, all=True)


def latest_meetings(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's latest meetings; the number of items only of what this actor sees of them."""
    can_open = forum.pk in request.actor.forums_with(Verb.VIEW_AGENDA)
    found = _around(request, forum)[1]
    return {"meetings": found, "can_open": can_open, "forum": forum} if found else None


def standing_agenda(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's standing agendas, each item with its sub-items, for those who read its agendas; and a way to change them for who may."""
    may_change = may_keep(request.actor, forum)
    if not may_change and forum.pk not in request.actor.forums_with(Verb.VIEW_AGENDA):
        return None
    items = _standing_items(forum.tenant_id, forum.pk)
    templates = {item.template_id: item.template for item in items}
    agendas = [(template, _nested(items, pk)) for pk, template in templates.items()]
    return {"agendas": agendas, "may_change": may_change, "forum": forum} if agendas or may_change else None


def standing_names(request: TenantRequest, forum: Forum) -> dict[str, Any]:
    """The names of the forum's standing agendas, for who sets the forum up. One query."""
    return {"names": list(AgendaTemplate.objects.filter(forum=forum).order_by("pk").values_list("name", flat=True)), "forum": forum}


@kept
def _standing_items(tenant: Any, forum: Any) -> QuerySet[AgendaTemplateItem]:
    found = AgendaTemplateItem.objects.filter(tenant_id=tenant, template__forum_id=forum).select_related("template")
    return found.order_by("template_id", "order")


def _nested(items: Iterable[AgendaTemplateItem], template_id: int) -> list[tuple[AgendaTemplateItem, list[AgendaTemplateItem]]]:
    own = [item for item in items if item.template_id == template_id]
    return [(item, [child for child in own if child.parent_id == item.pk]) for item in own if item.parent_id is None]


def standing_agendas(request: TenantRequest, forums: Iterable[Forum]) -> dict[int, list[AgendaTemplate]]:
    """Forum id -> its standing agendas, of the forums whose agendas this actor reads. Two queries."""
    found: dict[int, list[AgendaTemplate]] = {}
    templates = AgendaTemplate.objects.filter(forum__in=[forum.pk for forum in forums]).prefetch_related("items")
    for template in policy.visible(request.actor, Verb.VIEW_AGENDA, templates).order_by("pk"):
        if template.items.all():  # one that is only begun says nothing of the forum
            found.setdefault(template.forum_id, []).append(template)
    return found
