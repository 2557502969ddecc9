"""Which cadences are possible. Asked by the form and by the action, so that neither lets through what the other refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from municipalities.models import Forum
from municipalities.models.forum import LAST_WEEK, weeks_between

Unit = Forum.CadenceUnit
COUNTED = (Unit.PER_YEAR, Unit.WEEKS, Unit.MONTHS)  # those with a number that must be there
RELATIVE = (Unit.BEFORE, Unit.AFTER)
MOST = {Unit.PER_YEAR: 60, Unit.WEEKS: 52, Unit.MONTHS: 12, Unit.AT_MEETING: 60}
MOST_EXTRA, MOST_NOTICE, WIDEST_WRAP = 20, 90, 26
WEEKS_OF_A_MONTH = 5  # a month touches so many, at the most six

# what belongs to a form: the rest is put back, so that a half-changed form leaves no remains behind
BELONGS: Mapping[str, tuple[str, ...]] = {
    Unit.PER_YEAR: ("cadence_number", "cadence_qualifier", "cadence_extra", "cadence_months", "cadence_week_from", "cadence_week_to", "cadence_year_parity"),
    Unit.WEEKS: ("cadence_number", "cadence_qualifier", "cadence_extra", "cadence_months", "cadence_week_from", "cadence_week_to", "cadence_year_parity"),
    Unit.MONTHS: ("cadence_number", "cadence_qualifier", "cadence_extra", "cadence_week_from", "cadence_week_to", "cadence_year_parity"),
    Unit.BEFORE: ("cadence_of", "cadence_extra"),
    Unit.AFTER: ("cadence_of", "cadence_extra"),
    Unit.AT_MEETING: ("cadence_number", "cadence_qualifier", "cadence_extra"),
    Unit.NONE: (),
}
EMPTY: Mapping[str, Any] = {
    "cadence_number": 0, "cadence_qualifier": Forum.CadenceQualifier.EXACTLY, "cadence_extra": 0, "cadence_of": None, "cadence_months": [],
    "cadence_week_from": None, "cadence_week_to": None, "cadence_year_parity": Forum.YearParity.EVERY, "cadence_note": "", "cadence_notice_days": 0,
}  # fmt: skip
ALWAYS = ("cadence_unit", "cadence_note", "cadence_notice_days")
FIELDS = ("cadence_unit", *EMPTY)


@dataclass(frozen=True)
class Fault:
    """Why a cadence is impossible: the field that is wrong, and a sentence."""

    field: str
    sentence: str


def tidy(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with what does not belong to the chosen form put back to nothing."""
    kept = (*ALWAYS, *BELONGS[fields["cadence_unit"]])
    return {name: fields[name] if name in kept and name in fields else EMPTY[name] for name in FIELDS}


def faults(forum: Forum, followed: Mapping[int, int | None]) -> list[Fault]:
    """Every reason why the cadence of this (unsaved) forum is impossible.

    `followed`: forum id -> the id it is relative to, of the tenant's forums as they are now.
    """
    return [*_number(forum), *_relative(forum, followed), *_part_of_year(forum)]


def _number(forum: Forum) -> Iterator[Fault]:
    unit, number = Unit(forum.cadence_unit), forum.cadence_number
    if unit in COUNTED and not number:
        yield Fault("cadence_number", _("Write a number from 1 up: nobody meets every 0 weeks."))
    if unit in MOST and number > MOST[unit]:
        yield Fault("cadence_number", _("At most %(n)s can be agreed here.") % {"n": MOST[unit]})
    if forum.cadence_extra > MOST_EXTRA:
        yield Fault("cadence_extra", _("At most %(n)s extra meetings can be agreed.") % {"n": MOST_EXTRA})
    if forum.cadence_notice_days > MOST_NOTICE:
        yield Fault("cadence_notice_days", _("The notice is at most %(n)s days.") % {"n": MOST_NOTICE})


def _relative(forum: Forum, followed: Mapping[int, int | None]) -> Iterator[Fault]:
    other = forum.cadence_of
    if forum.cadence_unit == Unit.NONE and forum.pk in followed.values():
        yield Fault("cadence_unit", _("Another forum meets before or after this one. Give it a rhythm of its own first."))
    if forum.cadence_unit not in RELATIVE:
        return
    if other is None:
        yield Fault("cadence_of", _("Choose the forum whose meetings it follows."))
    elif other.pk == forum.pk:
        yield Fault("cadence_of", _("A forum cannot meet before or after itself."))
    elif _comes_back(forum.pk, other.pk, followed):
        yield Fault("cadence_of", _("%(forum)s itself follows this forum, so neither of them would ever get a date.") % {"forum": other})
    elif other.cadence_unit == Unit.NONE:
        yield Fault("cadence_of", _("%(forum)s has no rhythm to follow. Give it one first.") % {"forum": other})
    elif other.is_person_forum and not forum.is_person_forum:
        # whoever sees this forum's dates would know those of a forum that keeps them to its members
        yield Fault("cadence_of", _("The dates of %(forum)s are its members' alone. An open forum cannot follow it.") % {"forum": other})


def _comes_back(start: int | None, other: int, followed: Mapping[int, int | None]) -> bool:
    """True when following the followed ends at the start, or never ends."""
    seen: set[int | None] = {start}
    step: int | None = other
    while step is not None:
        if step in seen:
            return True
        seen.add(step)
        step = followed.get(step)
    return False


def _part_of_year(forum: Forum) -> Iterator[Fault]:
    first, last, months = forum.cadence_week_from, forum.cadence_week_to, forum.cadence_months
    if any(not 1 <= month <= 12 for month in months):
        yield Fault("cadence_months", _("A year has 12 months."))
    wrong = [name for name, week in (("cadence_week_from", first), ("cadence_week_to", last)) if week is not None and not 1 <= week <= LAST_WEEK]
    for name in wrong:
        yield Fault(name, _("There is no such week. Write a number from 1 to 53."))
    if wrong:
        return
    if (first is None) != (last is None):
        yield Fault("cadence_week_to" if last is None else "cadence_week_from", _("Write both the first and the last week, or none of them."))
    elif first is not None and months:
        yield Fault("cadence_months", _("Choose either months or weeks."))
    elif months:
        yield from _months(forum, len(set(months)))
    elif first is not None and last is not None:
        yield from _window(forum, first, last)


def _months(forum: Forum, months: int) -> Iterator[Fault]:
    most = months * WEEKS_OF_A_MONTH
    if forum.cadence_unit == Unit.PER_YEAR and forum.cadence_number > most:
        yield Fault("cadence_number", _("The months you have chosen have room for %(n)s meetings, one each week. Write a smaller number, or choose more months.") % {"n": most})


def _window(forum: Forum, first: int, last: int) -> Iterator[Fault]:
    weeks = weeks_between(first, last)
    if first > last and weeks > WIDEST_WRAP:
        yield Fault("cadence_week_to", _("The last week comes before the first. Only a window over New Year, for example 48 to 5, may do that."))
    elif forum.cadence_unit == Unit.PER_YEAR and forum.cadence_number > weeks:
        yield Fault("cadence_number", _("The weeks you have chosen have room for %(n)s meetings, one each week. Write a smaller number, or choose more weeks.") % {"n": weeks})
    elif forum.cadence_unit == Unit.WEEKS and forum.cadence_number > weeks:
        yield Fault("cadence_number", _("The weeks you have chosen are fewer than those between two meetings."))
