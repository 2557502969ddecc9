"""The dates that a forum's cadence gives in one year. Reckoning only: no database, no clock.

A meeting that stands in the plan already takes the date it was planned for, wherever it has been moved to: so a second
reckoning proposes only what is missing, and a cancelled occurrence stays cancelled.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.workdays import ONE_DAY, Workdays
from municipalities.models import Forum

Unit, Parity = Forum.CadenceUnit, Forum.YearParity


@dataclass(frozen=True)
class Frame:
    """What the dates of one year are reckoned from."""

    year: int
    first: date  # no date before this one; in the year
    weekday: int  # the forum's usual one, 0 to 4
    workdays: Workdays = field(default_factory=Workdays)
    base: date | None = None  # the latest meeting before `first`
    taken: tuple[date, ...] = ()  # what the meetings of the year were planned for
    busy: frozenset[date] = frozenset()  # days to which meetings of the forum have been moved
    last: date = date.max  # no date after this one: the forum ends

    def is_open(self, day: date) -> bool:
        """True for a day of the year that can be proposed."""
        return self.first <= day <= self.last and day.year == self.year and day not in self.busy and self.workdays.is_open(day)


@dataclass(frozen=True)
class Gap:
    """A date that the cadence asks for and that cannot be: when it would have been, and why not."""

    day: date | None
    sentence: str


@dataclass(frozen=True)
class Outcome:
    """The days to propose, in order, and what could not be."""

    days: list[date] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def calendar_days(forum: Forum, frame: Frame) -> Outcome:
    """The days of a cadence that goes by the calendar; nothing for the other forms."""
    ways: dict[str, Callable[[Forum, Frame], Outcome]] = {Unit.PER_YEAR: _spread, Unit.WEEKS: _weekly, Unit.MONTHS: _monthly}
    way = ways.get(forum.cadence_unit)
    if way is None:
        return Outcome()
    if not forum.meets_in(frame.year):
        years = _("in odd years") if forum.cadence_year_parity == Parity.ODD else _("in even years")
        return Outcome(gaps=[Gap(None, _("The forum meets only %(when)s.") % {"when": years})])
    return way(forum, frame)


def in_its_part(forum: Forum, day: date) -> bool:
    """True for a day in the months or weeks that the cadence is for; a window of weeks may go over New Year."""
    if forum.cadence_months and day.month not in forum.cadence_months:
        return False
    first, last = forum.cadence_week_from, forum.cadence_week_to
    if not first or not last:
        return True
    week = day.isocalendar().week
    return first <= week <= last if first <= last else week >= first or week <= last


def _days(forum: Forum, frame: Frame) -> Iterator[date]:
    left = (date(frame.year, 12, 31) - frame.first).days + 1
    return (day for day in (frame.first + n * ONE_DAY for n in range(left)) if frame.is_open(day) and in_its_part(forum, day))


# ---- so many a year -----------------------------------------------------------------------------------------------
def _spread(forum: Forum, frame: Frame) -> Outcome:
    """What is missing of the agreed number, spread evenly over the workdays that are left."""
    missing = forum.cadence_number - len(frame.taken)
    if missing <= 0:
        return Outcome()
    ahead = [day for day in frame.taken if day >= frame.first]
    days = list(_days(forum, frame))
    wanted = [_middle(part, frame.weekday) for part in _parts(days, missing + len(ahead), bool(forum.cadence_months))]
    found = left_over(wanted, ahead)
    if len(found) == missing:
        return Outcome(found)
    said = ngettext("Only %(n)s more day is left in this part of the year, and %(missing)s are missing.",
                    "Only %(n)s more days are left in this part of the year, and %(missing)s are missing.", len(found))  # fmt: skip
    return Outcome(found, [Gap(None, said % {"n": len(found), "missing": missing})])


def _parts(days: Sequence[date], count: int, by_month: bool) -> list[Sequence[date]]:
    """The days in so many even parts; with chosen months, the same number in each month where that goes up."""
    months = [[day for day in days if day.month == month] for month in sorted({day.month for day in days})] if by_month else []
    share = count // len(months) if months and count % len(months) == 0 else 0
    if share and all(len(month) >= share for month in months):
        return [part for month in months for part in _even(month, share)]
    return _even(days, count)


def _even(days: Sequence[date], count: int) -> list[Sequence[date]]:
    count = min(count, len(days))
    return [days[n * len(days) // count : (n + 1) * len(days) // count] for n in range(count)]


def _middle(days: Sequence[date], weekday: int) -> date:
    """The day of the usual weekday that lies nearest to the middle; without such a day, the middle one."""
    middle = days[len(days) // 2]
    return min([day for day in days if day.weekday() == weekday] or days, key=lambda day: abs(day - middle))


def left_over(wanted: Iterable[date], taken: Iterable[date], reach: int | None = None) -> list[date]:
    """The wanted days that no meeting takes: each takes the very day, or else the nearest within `reach` days."""
    left, astray = list(wanted), []
    for day in sorted(taken):
        if day in left:
            left.remove(day)
        else:
            astray.append(day)
    for day in astray:
        near = min(left, key=lambda other: abs(other - day), default=None)
        if near is not None and (reach is None or abs(near - day).days <= reach):
            left.remove(near)
    return left


# ---- every so many weeks or months --------------------------------------------------------------------------------
def _weekly(forum: Forum, frame: Frame) -> Outcome:
    """Every n weeks from the latest meeting on; a closed week gives way to the next one where two meetings leave room for it."""
    step, start = forum.cadence_number, date.fromisocalendar(frame.year, 1, 1)
    phase = _phase(forum, frame, step, _week_number)
    found = Outcome()
    for number in range(_week_number(start), _week_number(start) + 53):
        wish = date.fromordinal(number * 7 + 1 + frame.weekday)
        if number % step == phase and wish >= frame.first and wish.isocalendar().year == frame.year and in_its_part(forum, wish):
            near = [(week, date.fromordinal((number + week) * 7 + 1 + day)) for week in _around((step - 1) // 2) for day in range(5)]
            _choose(found, forum, frame, wish, near)
    return Outcome(left_over(found.days, frame.taken, reach=step * 7 // 2), found.gaps)


def _monthly(forum: Forum, frame: Frame) -> Outcome:
    """Every n months from the latest meeting on, in the middle of the month; a closed month gives way like a closed week."""
    step = forum.cadence_number
    phase = _phase(forum, frame, step, _month_number)
    found = Outcome()
    for number in range(frame.year * 12, frame.year * 12 + 12):
        wish = _middle(_days_of_month(number), frame.weekday)
        if number % step == phase and wish >= frame.first and any(in_its_part(forum, day) for day in _days_of_month(number)):
            near = [(month, day) for month in _around((step - 1) // 2) for day in _days_of_month(number + month)]
            _choose(found, forum, frame, wish, near)
    return Outcome(left_over(found.days, frame.taken, reach=step * 15), found.gaps)


def _choose(found: Outcome, forum: Forum, frame: Frame, wish: date, near: list[tuple[int, date]]) -> None:
    """Add the best open day near the wish; a gap when there is none. `near`: (weeks or months away, day)."""
    fitting = [(away, day) for away, day in near if frame.is_open(day) and in_its_part(forum, day)]
    if not fitting:
        found.gaps.append(Gap(wish, frame.workdays.reason(wish) or _("No workday is free.")))
        return
    centre = {away: wish if not away else _middle([day for other, day in near if other == away], frame.weekday) for away in {away for away, _day in fitting}}
    best = min(fitting, key=lambda one: (abs(one[0]), one[0] < 0, one[1].weekday() != frame.weekday, abs(one[1] - centre[one[0]])))
    found.days.append(best[1])


def _around(most: int) -> list[int]:
    return list(range(-most, most + 1))


def _phase(forum: Forum, frame: Frame, step: int, number_of: Callable[[date], int]) -> int:
    """Which of the `step` rows of weeks (or months) the forum meets in: that of most of its meetings, else of the latest one."""
    start = frame.base or next(_days(forum, Frame(frame.year, date(frame.year, 1, 1), frame.weekday, frame.workdays)), frame.first)
    own = number_of(start) % step
    votes = Counter(number_of(day) % step for day in frame.taken)
    return max(votes, key=lambda row: (votes[row], row == own), default=own) if votes and max(votes.values()) > 1 else own


def _week_number(day: date) -> int:
    """Weeks since the beginning of the calendar: two days of one week, Monday to Sunday, have the same."""
    return (day.toordinal() - 1) // 7


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days_of_month(number: int) -> list[date]:
    year, month = divmod(number, 12)
    first = date(year, month + 1, 1)
    return [day for day in (first + n * ONE_DAY for n in range(31)) if day.month == first.month]
