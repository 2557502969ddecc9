"""The number of a meeting in its forum's year. It follows the date; that of a meeting that has been called stands in people's papers, and stays in its year."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from django.utils import timezone

from access.logged import change_together
from meetings.models import Meeting
from municipalities.models import Forum, Tenant


def numbered(known: Sequence[int | None]) -> list[int]:
    """Numbers in the order of time: those that are known, and for each None the place it has, or the next one that is free."""
    used = {number for number in known if number is not None}
    found = []
    for place, number in enumerate(known, start=1):
        found.append(number or next(free for free in count(place) if free not in used))
        used.add(found[-1])
    return found


def known_number(meeting: Meeting) -> int | None:
    """The number that stands; None of a draft."""
    return None if meeting.status == Meeting.Status.DRAFT else meeting.number


def next_number(forum: Forum, starts_at: datetime) -> int:
    """The number that a meeting planned for then gets, by its date. One query."""
    rows = in_year(forum, timezone.localtime(starts_at).year)
    place = sum(row.starts_at <= starts_at for row in rows)
    known = [known_number(row) for row in rows]
    return numbered([*known[:place], None, *known[place:]])[place]


def follow_dates(forum: Forum, *moments: datetime) -> None:
    """Give the drafts of the years of these moments the numbers of their dates. Whoever calls holds `lock_numbers`."""
    for year in sorted({timezone.localtime(moment).year for moment in moments}):
        drafts = Meeting.objects.select_for_update(of=("self",), no_key=True).filter(tenant_id=forum.tenant_id, forum=forum, starts_at__year=year, status=Meeting.Status.DRAFT)
        locked = {row.pk: row for row in drafts.order_by("pk")}
        rows = in_year(forum, year)
        wrong = [(locked[row.pk], number) for row, number in zip(rows, numbered([known_number(row) for row in rows]), strict=True) if row.pk in locked and row.number != number]
        change_together([row for row, _number in wrong], number=[number for _row, number in wrong])


def lock_numbers(tenant_id: Any) -> None:
    """Before any meeting is locked: two at once give no number twice. A forum itself is locked only by who may change it (row security)."""
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)


def in_year(forum: Forum, year: int) -> list[Meeting]:
    """The meetings of a forum's year that count, in the order of time. One query."""
    return counted(Meeting.objects.filter(tenant_id=forum.tenant_id, forum=forum, starts_at__year=year).order_by("starts_at", "pk"))


def counted(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Without the drafts that were dropped: nobody has heard of their number."""
    return [meeting for meeting in meetings if meeting.status != Meeting.Status.CANCELLED or meeting.called_at is not None]
