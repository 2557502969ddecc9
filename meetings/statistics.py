"""What a forum's year looked like in numbers: meetings held against agreed, attendance by organisation, items that ran over.

Every organisation is told with its numbers, also the one with a single seat: that a partner stays away is what the page is for,
and its readers see who came in the minutes of each meeting. There is no percent of fewer than WHOLE places: one of three is no
33 %. No item of a person class is counted; row security keeps out the others that the reader may not see.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

from meetings.models import AgendaItem, Attendance, Meeting
from meetings.querysets import HELD
from municipalities.models import Forum

YEARS, WHOLE = 3, 20


@dataclass(frozen=True)
class YearRow:
    """How many meetings were held in a year, of those agreed; `agreed` is None where the rhythm promises no number."""

    year: int
    held: int
    agreed: int | None

    @property
    def bar(self) -> int:
        """Hundredths of what was agreed, at most all of it."""
        return min(100, round(100 * self.held / self.agreed)) if self.agreed else 0


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation's places at the meetings of a year: noted, and present."""

    name: str
    present: int
    noted: int

    @property
    def percent(self) -> int | None:
        """Of the noted ones, where they are enough for a percent."""
        return self.bar if self.noted >= WHOLE else None

    @property
    def bar(self) -> int:
        """Hundredths."""
        return round(100 * self.present / self.noted)


@dataclass(frozen=True)
class ItemTimes:
    """The items of a year whose clock was used: how many, how many ran over, and minutes planned and used in all."""

    timed: int
    over: int
    planned: int
    used: int


@dataclass(frozen=True)
class Statistics:
    """One forum's year, and the years before it."""

    year: int
    years: list[YearRow]
    organisations: list[OrganisationRow]
    items: ItemTimes


def read_statistics(forum: Forum, year: int) -> Statistics:
    """The forum's numbers as the reader may see them. Three queries, whatever the number of meetings."""
    return Statistics(year, list(_years(forum, year)), list(_organisations(forum, year)), _item_times(forum, year))


def year_asked(text: str) -> int:
    """The year that the address asks for; this one where it is none, or has not begun."""
    this = timezone.localdate().year
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text[:9]) <= this else this


def _bounds(first: int, last: int) -> tuple[datetime, datetime]:
    return timezone.make_aware(datetime(first, 1, 1)), timezone.make_aware(datetime(last + 1, 1, 1))


def _years(forum: Forum, year: int) -> Iterator[YearRow]:
    begins, ends = _bounds(year - YEARS + 1, year)
    held = Meeting.objects.filter(forum=forum, status__in=HELD, starts_at__gte=begins, starts_at__lt=ends).order_by()
    counted = dict(held.annotate(year=ExtractYear("starts_at")).values_list("year").annotate(held=Count("pk")))
    for each in range(year, year - YEARS, -1):
        yield YearRow(each, counted.get(each, 0), forum.agreed_in(each))


def _organisations(forum: Forum, year: int) -> Iterator[OrganisationRow]:
    begins, ends = _bounds(year, year)
    held = Attendance.objects.filter(forum=forum, meeting__status__in=HELD, meeting__starts_at__gte=begins, meeting__starts_at__lt=ends)
    came_for = Attendance.objects.filter(stands_in_for=OuterRef("pk"), presence=Attendance.Presence.PRESENT)  # one place, and it was taken
    noted = held.exclude(presence=Attendance.Presence.UNKNOWN).exclude(Exists(came_for)).order_by("seat__organisation__name").values_list("seat__organisation__name")
    for name, present, total in noted.annotate(present=Count("pk", filter=Q(presence=Attendance.Presence.PRESENT)), total=Count("pk")):
        yield OrganisationRow(name, present, total)


def _item_times(forum: Forum, year: int) -> ItemTimes:
    begins, ends = _bounds(year, year)
    found: Any = AgendaItem.objects.filter(
        forum=forum, meeting__status__in=HELD, meeting__starts_at__gte=begins, meeting__starts_at__lt=ends, started_at__isnull=False, ended_at__isnull=False, is_withdrawn=False
    )
    timed = found.exclude(data_class__in=["PERSON_115", "PERSON_INFOHUS"]).annotate(latest=F("ended_at") - F("started_at"))
    rows = [(planned, before + int(latest.total_seconds())) for planned, before, latest in timed.values_list("duration", "spent_before", "latest")]
    return ItemTimes(len(rows), sum(used > planned * 60 for planned, used in rows), sum(planned for planned, _used in rows), round(sum(used for _planned, used in rows) / 60))
