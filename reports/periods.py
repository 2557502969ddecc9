"""The fixed half-years that a report may be about. Two reports never overlap, so neither can be subtracted from the other."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

CHOICES = 6


class HalfYear(NamedTuple):
    """One half of a calendar year: 1 January to 30 June, or 1 July to 31 December."""

    year: int
    half: int

    @classmethod
    def of(cls, day: date) -> "HalfYear":
        """The half-year that the day lies in."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def parse(cls, key: str) -> "HalfYear":
        """From «2026-1»; raises ValueError."""
        year, _dash, half = key.partition("-")
        found = cls(int(year), int(half))
        if found.half not in (1, 2) or not 2000 <= found.year <= 2100:
            raise ValueError(key)
        return found

    @property
    def key(self) -> str:
        """The name in forms and files: «2026-1»."""
        return f"{self.year}-{self.half}"

    @property
    def first_day(self) -> date:
        """Where it begins."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> date:
        """Where it ends."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def before(self) -> "HalfYear":
        """The half-year before this one."""
        return HalfYear.of(self.first_day - timedelta(days=1))

    @property
    def label(self) -> str:
        """As it is shown: «1. halvår 2026»."""
        return _("First half of %(year)s") % {"year": self.year} if self.half == 1 else _("Second half of %(year)s") % {"year": self.year}


def ended_half_years(today: date | None = None) -> list[HalfYear]:
    """Those that a report can be ordered about, newest first: the one that runs is not among them."""
    found = [HalfYear.of(today or timezone.localdate()).before]
    while len(found) < CHOICES:
        found.append(found[-1].before)
    return found
