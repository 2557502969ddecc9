"""On which days a kommune may meet: not on weekends, Danish public holidays or its own school holidays.

24 and 31 December, 1 May and Constitution Day count as public holidays here: few come to a meeting on them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from municipalities.models import SchoolHoliday

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """The days of some years that are closed, with what closes each."""

    closed: Mapping[date, str] = field(default_factory=dict)
    known: frozenset[int] = frozenset()  # years for which the kommune has entered school holidays

    def reason(self, day: date) -> str:
        """What closes the day («Sommerferie», «Påskedag», a weekend), in the active language; empty for an open day."""
        return self.closed.get(day) or (_("a weekend") if day.weekday() > 4 else "")

    def is_open(self, day: date) -> bool:
        """True for a day on which a meeting may be proposed."""
        return day.weekday() < 5 and day not in self.closed

    def nearest(self, day: date, step: int, most: int = 21) -> date | None:
        """The open day nearest to this one, itself included, going forward (step 1) or back (-1); None when there is none near."""
        for count in range(most + 1):
            found = day + count * step * ONE_DAY
            if self.is_open(found):
                return found
        return None


def is_workday(day: date) -> bool:
    """True for a day on which people are at work: no weekend and no public holiday. The schools' holidays are for them to say, and mails come in them."""
    return Workdays(public_holidays(day.year, "da")).is_open(day)


def workday_from(day: date) -> date:
    """The first day from this one on, itself included, on which people are at work."""
    return next(found for found in (day + n * ONE_DAY for n in range(31)) if is_workday(found))


def workdays_of(tenant_id: int, years: Iterable[int]) -> Workdays:
    """The workdays of a kommune. One query."""
    chosen = sorted(years)
    away = SchoolHoliday.objects.filter(tenant_id=tenant_id, starts_on__lte=date(chosen[-1], 12, 31), ends_on__gte=date(chosen[0], 1, 1))
    return workdays_between(chosen, away.values_list("name", "starts_on", "ends_on"))


def workdays_between(years: Iterable[int], away: Iterable[tuple[str, date, date]]) -> Workdays:
    """The workdays of some years, when these are the school holidays: name, first day, last day."""
    closed: dict[date, str] = {}
    known: set[int] = set()
    for name, starts_on, ends_on in away:
        known.add(starts_on.year)  # those of Christmas begin in their own year
        closed |= {starts_on + n * ONE_DAY: name for n in range((ends_on - starts_on).days + 1)}
    for year in years:
        closed |= public_holidays(year, get_language() or "da")
    return Workdays(closed, frozenset(known))


@cache
def public_holidays(year: int, language: str) -> dict[date, str]:
    """The Danish public holidays of a year, named in a language of the product."""
    spoken = "da" if language.startswith("da") else "en_US"
    found = holidays.country_holidays("DK", years=year, language=spoken, categories=("public", "optional"))
    return dict(found.items())
