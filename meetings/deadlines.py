"""When an aftale is due, as people say it: «fredag», «uge 48», «fredag uge 48», «20/11», «20. nov», «i morgen», 2026-11-20.

`parse_deadline` gives a date or raises DeadlineError with a sentence for the screen. What can be read in more than
one way is asked back before it is saved: `agreed_deadline`.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

EXAMPLE_AHEAD = timedelta(days=14)
FURTHEST = timedelta(days=3 * 366)
SOON = timedelta(days=183)  # «uge 2», said in November, can only be the coming one
SAID_DAYS = {
    "i dag": 0, "idag": 0, "today": 0, "i morgen": 1, "imorgen": 1, "tomorrow": 1, "i overmorgen": 2, "overmorgen": 2,
}  # fmt: skip
WEEKDAYS = (
    ("mandag", "man", "monday", "mon"), ("tirsdag", "tir", "tirs", "tuesday", "tue"), ("onsdag", "ons", "wednesday", "wed"),
    ("torsdag", "tor", "tors", "thursday", "thu"), ("fredag", "fre", "friday", "fri"), ("lørdag", "lør", "saturday", "sat"),
    ("søndag", "søn", "sunday", "sun"),
)  # fmt: skip
MONTHS = (
    ("jan", "januar", "january"), ("feb", "februar", "february"), ("mar", "marts", "march"), ("apr", "april"), ("maj", "may"), ("jun", "juni", "june"),
    ("jul", "juli", "july"), ("aug", "august"), ("sep", "sept", "september"), ("okt", "oktober", "oct", "october"), ("nov", "november"), ("dec", "december"),
)  # fmt: skip
WEEKDAY_OF = {word: number for number, words in enumerate(WEEKDAYS) for word in words}
MONTH_OF = {word: number for number, words in enumerate(MONTHS, start=1) for word in words}
FRIDAY = 4

ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
NUMBERS = re.compile(r"(?P<day>\d{1,2})\s*[./-]\s*(?P<month>\d{1,2})\.?(?:\s*[./-]?\s*(?P<year>\d{4}|\d{2}))?")
WORDS = re.compile(r"(?P<day>\d{1,2})\.?\s*(?P<name>[a-zæøå]+)\.?(?:\s+(?P<year>\d{4}))?")
WEEK = re.compile(r"(?:(?P<weekday>[a-zæøå]+)\.?\s+)?(?:i\s+|in\s+)?(?:uge|week)\s*(?P<week>\d{1,2})(?:\s+(?P<year>\d{4}))?")
NEXT_WEEK = ("næste uge", "next week")


class DeadlineError(ValueError):
    """The text is no day that an aftale can be due; the message is a sentence for the screen."""


class UnconfirmedDeadlineError(ValueError):
    """The text can be read in more than one way: ask whether `day` is the one that was meant."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


class Reading(NamedTuple):
    """A day, and whether nothing else could have been meant."""

    day: date
    is_exact: bool


def example() -> dict[str, int | str]:
    """A day that comes, `day` and `week` for a sentence that shows how one is written: a past one would be refused itself."""
    day = timezone.localdate() + EXAMPLE_AHEAD
    return {"day": f"{day.day}/{day.month}", "week": day.isocalendar().week}


def parse_deadline(text: str, today: date | None = None) -> date:
    """The day that a text means. Raises DeadlineError when it means none, or one that has passed."""
    return read_deadline(text, today).day


def agreed_deadline(text: str, confirmed: str, today: date | None = None) -> date:
    """The day to save. `confirmed` is the ISO date that was shown and accepted, or empty.

    Raises DeadlineError, or UnconfirmedDeadlineError when the text must be asked back first.
    """
    reading = read_deadline(text, today)
    if not reading.is_exact and confirmed != reading.day.isoformat():
        raise UnconfirmedDeadlineError(reading.day)
    return reading.day


def read_deadline(text: str, today: date | None = None) -> Reading:
    """The day, and whether it was said exactly. Raises DeadlineError."""
    today = today or timezone.localdate()
    said = " ".join(text.lower().replace(",", " ").split())
    for starter in ("senest ", "inden ", "på ", "den ", "d. ", "by ", "on "):
        said = said.removeprefix(starter)
    if not said:
        raise DeadlineError(_("Write by when, for example %(day)s, Friday or week %(week)s.") % example())
    try:
        reading = _read(said, today)
    except (ValueError, OverflowError):  # the 31st of February, week 54
        reading = None
    if reading is None:
        raise DeadlineError(_("“%(text)s” is not a day. Write for example %(day)s, Friday or week %(week)s.") % {"text": text.strip()[:40], **example()})
    if reading.day < today:
        raise DeadlineError(_("The day has passed. Write a day from today on."))
    if reading.day - today > FURTHEST:
        raise DeadlineError(_("The day is more than three years ahead. Write a nearer one."))
    return reading


def _read(said: str, today: date) -> Reading | None:
    if said in SAID_DAYS:
        return Reading(today + timedelta(days=SAID_DAYS[said]), True)
    if said in NEXT_WEEK:
        return Reading(_weekday_of_week(today + timedelta(days=7), FRIDAY), False)
    if said in WEEKDAY_OF:
        days = (WEEKDAY_OF[said] - today.weekday() - 1) % 7 + 1
        return Reading(today + timedelta(days=days), days < 7)  # on a Friday: this one, or the next?
    if found := ISO.fullmatch(said):
        return Reading(date(int(found["year"]), int(found["month"]), int(found["day"])), True)
    if found := WEEK.fullmatch(said):
        return _week(found, today)
    if found := NUMBERS.fullmatch(said):
        return _day_of_month(int(found["day"]), int(found["month"]), found["year"], today)
    if (found := WORDS.fullmatch(said)) and found["name"] in MONTH_OF:
        return _day_of_month(int(found["day"]), MONTH_OF[found["name"]], found["year"], today)
    return None


def _day_of_month(day: int, month: int, year: str | None, today: date) -> Reading:
    if year:
        return Reading(date(int(year) if len(year) == 4 else 2000 + int(year), month, day), True)
    found = _next_year_with(day, month, today)
    return Reading(found, found.year == today.year or found - today <= SOON)


def _next_year_with(day: int, month: int, today: date) -> date:
    """The next such day; a leap day may be some years ahead. Raises ValueError when no year has it."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError("no year has that day")


def _week(found: re.Match[str], today: date) -> Reading | None:
    name = found["weekday"]
    if name and name not in WEEKDAY_OF:
        return None
    weekday = (WEEKDAY_OF[name] if name else FRIDAY) + 1
    if found["year"]:
        return Reading(date.fromisocalendar(int(found["year"]), int(found["week"]), weekday), True)
    this_year = today.isocalendar().year
    for year in range(this_year, this_year + 8):  # not every year has a week 53
        try:
            day = date.fromisocalendar(year, int(found["week"]), weekday)
        except ValueError:
            continue
        if day >= today:
            return Reading(day, year == this_year or day - today <= SOON)  # the one that has passed, or nearly a year ahead?
    return None


def _weekday_of_week(day: date, weekday: int) -> date:
    return day + timedelta(days=weekday - day.weekday())
