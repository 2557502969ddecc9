"""The meetings of a half-year as one reader may know of them: by month, as a list and as a calendar."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone

from access.actor import Actor
from meetings.agenda import shells
from meetings.models import Meeting
from meetings.workdays import ONE_DAY, Workdays, workdays_of

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Cell:
    """A day of the calendar: what closes it, and the meetings on it."""

    day: date
    closed: str
    meetings: list[Any] = field(default_factory=list)

    @property
    def has_closed_forum(self) -> bool:
        """True when a forum with person data meets on it, of those that this reader may know of."""
        return any(meeting.forum.is_person_forum for meeting in self.meetings)


@dataclass(frozen=True)
class Month:
    """A month: its first day, its meetings, and its weeks (number, seven cells or None outside the month)."""

    first: date
    meetings: list[Any]
    weeks: list[tuple[int, list[Cell | None]]]


@dataclass(frozen=True)
class HalfYear:
    """January to June, or July to December."""

    year: int
    half: int  # 1 or 2
    months: list[Month]

    @property
    def count(self) -> int:
        """How many meetings it has."""
        return sum(len(month.meetings) for month in self.months)

    @property
    def first(self) -> date:
        """Its first day."""
        return self.months[0].first

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def before(self) -> str:
        """The address part of the half-year before."""
        return f"{self.year}-1" if self.half == 2 else f"{self.year - 1}-2"

    @property
    def after(self) -> str:
        """The address part of the half-year after."""
        return f"{self.year}-2" if self.half == 1 else f"{self.year + 1}-1"

    @property
    def address(self) -> str:
        """The address part of this one: «2027-1»."""
        return f"{self.year}-{self.half}"


def half_of(text: str) -> tuple[int, int]:
    """Year and half of «2027-1»; those we are in when the text says none."""
    found = re.fullmatch(r"(\d{4})-([12])", text)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return int(found[1]), int(found[2])
    today = timezone.localdate()
    return today.year, 1 if today.month < 7 else 2


def read_half_year(actor: Actor, text: str) -> HalfYear:
    """The half-year that the text names. Row security decides which meetings there are; a draft is its own forum's. Two queries."""
    year, half = half_of(text)
    numbers = range(1, 7) if half == 1 else range(7, 13)
    rows = shells(actor).exclude(status=Meeting.Status.CANCELLED).filter(starts_at__year=year, starts_at__month__in=numbers).order_by("starts_at", "pk")
    by_day = {day: list(found) for day, found in groupby(rows, key=lambda row: timezone.localtime(row.starts_at).date())}
    workdays = workdays_of(actor.tenant_id, [year])
    return HalfYear(year, half, [_month(date(year, number, 1), by_day, workdays) for number in numbers])


def _month(first: date, by_day: dict[date, list[Any]], workdays: Workdays) -> Month:
    days = [day for day in (first + n * ONE_DAY for n in range(31)) if day.month == first.month]
    weeks: list[tuple[int, list[Cell | None]]] = []
    for week, found in groupby(days, key=lambda day: day.isocalendar().week):
        cells: list[Cell | None] = [None] * 7
        for day in found:
            cells[day.weekday()] = Cell(day, workdays.reason(day), by_day.get(day, []))
        weeks.append((week, cells))
    return Month(first, [meeting for day in days for meeting in by_day.get(day, [])], weeks)
