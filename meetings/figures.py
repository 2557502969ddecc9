"""What `municipalities` shows of a forum's meetings: the next one, how many were held, the latest, the standing agenda."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from access import policy
from access.request import TenantRequest
from access.roles import Verb
from meetings.models import AgendaTemplate, Meeting
from meetings.querysets import HELD
from municipalities.figures import ForumFigures
from municipalities.models import Forum

LATEST = 5


def figures_by_forum(request: TenantRequest, forum_ids: Iterable[int]) -> dict[int, ForumFigures]:
    """Forum id -> its next meeting and the number held this year; row security leaves out what is closed. One query."""
    counts = Meeting.objects.filter(forum__in=list(forum_ids)).counts_by_forum(timezone.localdate().year)
    return {forum_id: ForumFigures(count.next_at, count.held) for forum_id, count in counts.items()}


def next_meeting(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's next meeting, for its page; the link to the agenda only for those who may read it, and a way to plan one."""
    meeting = Meeting.objects.filter(forum=forum, ends_at__gte=timezone.now()).coming().first()
    can_open = forum.pk in request.actor.forums_with(Verb.VIEW_AGENDA)
    may_convene = forum.pk in request.actor.forums_with(Verb.CONVENE)
    return {"meeting": meeting, "can_open": can_open, "forum": forum} if meeting or may_convene else None


def latest_meetings(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's latest meetings; the number of items only of what this actor sees of them."""
    held = Meeting.objects.filter(forum=forum, status__in=HELD).order_by("-starts_at")
    can_open = forum.pk in request.actor.forums_with(Verb.VIEW_AGENDA)
    if can_open:
        agreed = Count("agreements", distinct=True)
        done = Count("agreements", filter=Q(agreements__status="DONE"), distinct=True)
        held = held.annotate(agreed=agreed, done=done)
    found = list(held[:LATEST])
    return {"meetings": found, "can_open": can_open} if found else None


def standing_agenda(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's standing agenda, for those who read its agendas."""
    templates = policy.visible(request.actor, Verb.VIEW_AGENDA, AgendaTemplate.objects.filter(forum=forum))
    template = templates.order_by("pk").prefetch_related("items").first()
    return {"template": template} if template else None
