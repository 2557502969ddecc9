"""The forum's meetings before and after one, told with the items that fill themselves with them: the agenda's own statement brings both."""

from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from meetings.models import AgendaItem, Fill, Meeting
from meetings.querysets import HELD, PLANNED

TOLD = ("id", "public_id", "tenant_id", "forum_id", "starts_at", "status")


def with_neighbours(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Each item with `neighbour`: the meeting held before its own, or planned after it, when that is what fills it. Row security decides."""
    of_forum, start = Meeting.objects.filter(forum_id=OuterRef("forum_id")), OuterRef("meeting__starts_at")
    before = of_forum.filter(starts_at__lt=start, status__in=HELD).order_by("-starts_at")
    after = of_forum.filter(starts_at__gt=start, status__in=PLANNED).order_by("starts_at")
    return items.annotate(neighbour=Case(When(fill=Fill.LAST_MINUTES, then=_told(before)), When(fill=Fill.NEXT_MEETING, then=_told(after))))


def _told(rows: Any) -> Subquery:
    return Subquery(rows.values(json=JSONObject(**{name: F(name) for name in TOLD}))[:1])


def neighbour_of(item: AgendaItem) -> Meeting | None:
    """The meeting that was told with an item; only `TOLD` of it is read."""
    told: dict[str, Any] | None = item.neighbour  # type: ignore[attr-defined]  # annotated above
    return Meeting(**{**told, "starts_at": datetime.fromisoformat(told["starts_at"])}) if told else None
