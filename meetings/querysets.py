"""Reads over many meetings. Apart from models.py, which imports this, so that each stays short."""

from typing import Any

from django.db import models
from django.db.models import Count, Min, Q

PLANNED = ("DRAFT", "CALLED")  # of Meeting.Status
HELD = ("CLOSED", "APPROVED")


class MeetingQuerySet(models.QuerySet[Any]):
    """Reads over many meetings; row security decides which of them this actor has."""

    def coming(self) -> "MeetingQuerySet":
        """Those that are still to be held, the nearest first."""
        return self.filter(status__in=PLANNED).order_by("starts_at")

    def past(self) -> "MeetingQuerySet":
        """Those that were held or cancelled, the latest first."""
        return self.exclude(status__in=PLANNED).order_by("-starts_at")

    def held_in(self, year: int) -> "MeetingQuerySet":
        """Those that were held in a calendar year."""
        return self.filter(starts_at__year=year, status__in=HELD)

    def of_forum_or_called(self, own: Any) -> "MeetingQuerySet":
        """Without the drafts of other forums than `own`, a list of ids: a draft is its forum's own until it is called (as `agenda.shells`)."""
        return self.filter(~Q(status="DRAFT") | Q(forum__any=own))

    def count_by_forum(self, now: Any, begins: Any, ends: Any) -> "MeetingQuerySet":
        """Tuples of forum id, next meeting, number held between two moments, and number held or planned there."""
        within = Q(starts_at__gte=begins, starts_at__lt=ends)
        held, counted = within & Q(status__in=HELD), within & Q(status__in=(*HELD, *PLANNED))
        coming = Q(starts_at__gte=now, status__in=PLANNED)
        by_forum = self.order_by().values_list("forum_id")
        found: MeetingQuerySet = by_forum.annotate(next_at=Min("starts_at", filter=coming), held=Count("pk", filter=held), counted=Count("pk", filter=counted))
        return found

    def with_replies(self) -> "MeetingQuerySet":
        """With `invited`, `coming_count` and `unanswered`, as far as this actor sees who is invited."""
        reply = "attendances__reply"
        found: MeetingQuerySet = self.annotate(
            invited=Count("attendances"), coming_count=Count("attendances", filter=Q(**{reply: "YES"})), unanswered=Count("attendances", filter=Q(**{reply: "NONE"}))
        )
        return found
