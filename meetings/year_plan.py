"""The proposal for a forum's meetings of a year: what its cadence asks for, less what stands in the plan already."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.dates import day as said_day
from access.sentences import one_full_stop
from meetings.agenda import shells
from meetings.clashes import Span, clashes
from meetings.followers import Anchor, at_clock, followers
from meetings.models import Meeting
from meetings.numbers import in_year, known_number, numbered
from meetings.slots import Frame, Gap, calendar_days
from meetings.workdays import ONE_DAY, Workdays, workdays_of
from municipalities.cadence_rules import RELATIVE
from municipalities.models import Forum

Status = Meeting.Status
TUESDAY, REMEMBERED = 1, 8
ONE_WEEK, WEEKS_BETWEEN = timedelta(weeks=1), 10  # between two meetings, when nothing is known
NEAR = timedelta(days=21)  # how far a meeting may lie from the one it follows
NEXT_YEAR_FROM = 10  # from October on, people plan the coming year


@dataclass(frozen=True)
class Usual:
    """When and where the forum meets: what its latest meetings had most often."""

    weekday: int = TUESDAY
    time: time = time(9)
    minutes: int = 90
    place: str = ""


@dataclass(frozen=True)
class Row:
    """One proposed meeting. `key` is what Meeting.planned_for will remember."""

    key: str
    starts_at: datetime
    ends_at: datetime
    number: int = 1
    note: str = ""  # how it hangs together with another forum's meeting
    closed: str = ""  # what closes the day that somebody has chosen instead
    clashes: list[str] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day it is on."""
        return timezone.localtime(self.starts_at).date()

    @property
    def week(self) -> int:
        """The number of its week."""
        return self.day.isocalendar().week


@dataclass(frozen=True)
class YearPlan:
    """The proposal, and what stands already. Rows and meetings in the order of time."""

    forum: Forum
    year: int
    usual: Usual
    rows: list[Row]
    gaps: list[Gap]
    meetings: list[Any]
    knows_holidays: bool = True  # the kommune has entered the year's school holidays

    @property
    def taken(self) -> frozenset[str]:
        """The keys of dates that a meeting was made for, cancelled ones too."""
        return frozenset(meeting.planned_for for meeting in self.meetings if meeting.planned_for)

    @property
    def standing_days(self) -> frozenset[date]:
        """The days on which the forum meets already; a cancelled meeting leaves its day free."""
        return frozenset(timezone.localtime(meeting.starts_at).date() for meeting in self.meetings if meeting.status != Status.CANCELLED)


def default_year(today: date) -> int:
    """The year that is planned now."""
    return today.year + (today.month >= NEXT_YEAR_FROM)


def usual_of(forum: Forum) -> Usual:
    """What the latest meetings had most often; meetings to come when none has been held. One query."""
    rows = Meeting.objects.filter(forum=forum).exclude(status=Status.CANCELLED).order_by("-starts_at").values_list("starts_at", "ends_at", "place")[: 2 * REMEMBERED]
    found = [(timezone.localtime(starts_at), int((ends_at - starts_at).total_seconds() // 60), place) for starts_at, ends_at, place in rows]
    held = [row for row in found if row[0] <= timezone.now()][:REMEMBERED] or found
    if not held:
        return Usual()
    weekday, clock, minutes = (Counter(values).most_common(1)[0][0] for values in zip(*((at.weekday(), at.time(), length) for at, length, _place in held), strict=True))
    return Usual(min(weekday, 4), clock, minutes, held[0][2])


def suggested_next(meeting: Meeting) -> date:
    """A day for the next meeting: as long after this one as this one is after the former, on the same weekday if that is a workday. Two queries."""
    own, today = timezone.localtime(meeting.starts_at).date(), timezone.localdate()
    former = Meeting.objects.filter(forum_id=meeting.forum_id, starts_at__lt=meeting.starts_at).exclude(status=Status.CANCELLED).order_by("-starts_at").first()
    gap = (own - timezone.localtime(former.starts_at).date()) // ONE_WEEK if former else 0
    day = max(own + ONE_WEEK * (gap or WEEKS_BETWEEN), today + ONE_DAY)
    workdays = workdays_of(meeting.tenant_id, {day.year, day.year + 1})
    same = (day + ONE_WEEK * n for n in range(9))
    return next((found for found in same if workdays.is_open(found)), day)


def read_year_plan(actor: Actor, forum: Forum, year: int, usual: Usual, days: Mapping[str, date] | None = None) -> YearPlan:
    """The proposal for a year. `days`: other days that somebody has chosen, by key. At most seven queries."""
    first = max(date(year, 1, 1), timezone.localdate() + max(1, forum.cadence_notice_days) * ONE_DAY, forum.active_from or date.min)
    workdays = workdays_of(actor.tenant_id, {year - 1, year, year + 1})
    anchors = _anchors(actor, forum, year) if forum.cadence_unit in RELATIVE else []
    meetings = _meetings(forum, year, [anchor.key for anchor in anchors])
    if forum.cadence_unit in RELATIVE:
        rows, gaps = _following(forum, anchors, first, workdays, usual, meetings)
    else:
        rows, gaps = _by_calendar(forum, year, first, workdays, usual, meetings)
    rows = sorted((_moved(row, days or {}, usual, workdays) for row in rows), key=lambda row: row.starts_at)
    found = clashes(actor, forum, [Span(row.starts_at, row.ends_at) for row in rows])
    rows = [replace(row, clashes=said, number=number) for row, said, number in zip(rows, found, _numbers(forum, year, rows), strict=True)]
    return YearPlan(forum, year, usual, rows, gaps, meetings, year in workdays.known)


def _anchors(actor: Actor, forum: Forum, year: int) -> list[Anchor]:
    """The other forum's meetings of the year, as far as the actor may know of them: a draft is its own forum's."""
    rows = shells(actor).filter(forum=forum.cadence_of, tenant_id=forum.tenant_id, starts_at__year=year).exclude(status=Status.CANCELLED)
    return [Anchor(row.public_id, timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)) for row in rows.order_by("starts_at")]


def _meetings(forum: Forum, year: int, keys: list[str]) -> list[Any]:
    """What stands in the plan of the year: its meetings, and what was planned for a date of it; a meeting made by hand and cancelled does not."""
    planned = Q(planned_for__startswith=f"{year}-") | Q(planned_for__in=keys)
    rows = Meeting.objects.filter(planned | Q(starts_at__year=year), forum=forum).exclude(status=Status.CANCELLED, planned_for="")
    return list(rows.order_by("starts_at"))


def _planned_day(meeting: Any) -> date:
    """What a meeting was planned for, wherever it has been moved to; the day itself when it was made by hand."""
    try:
        return date.fromisoformat(meeting.planned_for)
    except ValueError:
        return timezone.localtime(meeting.starts_at).date()


def _by_calendar(forum: Forum, year: int, first: date, workdays: Workdays, usual: Usual, meetings: list[Any]) -> tuple[list[Row], list[Gap]]:
    if first.year != year:
        return [], [Gap(None, _("The forum has no days left in this year: it is over, too near for the notice, or before the forum begins."))]
    days = {_planned_day(meeting): timezone.localtime(meeting.starts_at).date() for meeting in meetings}
    taken = tuple(sorted(day for meeting in meetings if (day := _planned_day(meeting)).year == year))
    moved = frozenset(day for planned, day in days.items() if planned != day)
    outcome = calendar_days(forum, Frame(year, first, usual.weekday, workdays, _latest_before(forum, first), taken, moved, forum.active_to or date.max))
    length = timedelta(minutes=usual.minutes)
    starts = [at_clock(day, usual.time) for day in outcome.days]
    return [Row(day.isoformat(), at, at + length) for day, at in zip(outcome.days, starts, strict=True)], outcome.gaps


def _latest_before(forum: Forum, first: date) -> date | None:
    """The day of the latest meeting before the plan begins."""
    rows = Meeting.objects.filter(forum=forum, starts_at__lt=at_clock(first, time(0))).exclude(status=Status.CANCELLED, planned_for="")
    latest = rows.order_by("-starts_at").first()
    return _planned_day(latest) if latest else None


def _following(forum: Forum, anchors: list[Anchor], first: date, workdays: Workdays, usual: Usual, meetings: list[Any]) -> tuple[list[Row], list[Gap]]:
    taken = {meeting.planned_for for meeting in meetings}
    by_hand = {timezone.localtime(meeting.starts_at).date() for meeting in meetings if not meeting.planned_for}
    free = [anchor for anchor in anchors if anchor.key not in taken and anchor.starts_at.date() >= first and anchor.starts_at.date() not in by_hand]
    free = [anchor for anchor in free if anchor.starts_at.date() <= (forum.active_to or date.max)]
    found, gaps = followers(forum, free, first=first, workdays=workdays, usual=usual.time, minutes=usual.minutes)
    if not anchors:
        gaps = [Gap(None, _("%(forum)s has no meetings in the year yet. Plan them first.") % {"forum": forum.cadence_of})]
    gaps += _astray(forum, anchors, meetings)
    length = timedelta(minutes=usual.minutes)
    near = _("The nearest workday to %(forum)s") % {"forum": forum.cadence_of}
    beside = (_("Right before %(forum)s") if forum.cadence_unit == Forum.CadenceUnit.BEFORE else _("Right after %(forum)s")) % {"forum": forum.cadence_of}
    return [Row(one.key, one.starts_at, one.starts_at + length, note=beside if one.is_same_day else near) for one in found], gaps


def _astray(forum: Forum, anchors: list[Anchor], meetings: list[Any]) -> list[Gap]:
    """Coming meetings that no longer stand beside the one they were made for, because one of the two was moved."""
    before = forum.cadence_unit == Forum.CadenceUnit.BEFORE
    own = {meeting.planned_for: meeting for meeting in meetings if meeting.is_planned}
    found: list[Gap] = []
    for anchor in anchors:
        meeting = own.get(anchor.key)
        if meeting is None:
            continue
        day = timezone.localtime(meeting.starts_at).date()
        is_wrong_side = meeting.starts_at >= anchor.ends_at if before else meeting.ends_at <= anchor.starts_at
        if is_wrong_side or abs(day - anchor.starts_at.date()) > NEAR:
            words = _("This meeting stands, but %(forum)s now meets %(day)s.") % {"forum": forum.cadence_of, "day": said_day(anchor.starts_at)}
            found.append(Gap(day, one_full_stop(words)))
    return found


def _moved(row: Row, days: Mapping[str, date], usual: Usual, workdays: Workdays) -> Row:
    """The row on the day that somebody has chosen instead, at the usual time; what closes that day is said."""
    day = days.get(row.key, row.day)
    if day == row.day:
        return row
    starts_at = at_clock(day, usual.time)
    return replace(row, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=usual.minutes), note="", closed=workdays.reason(day))


def _numbers(forum: Forum, year: int, rows: list[Row]) -> list[int]:
    """Each row's number in the year, as if all of them were planned (`meetings.numbers`)."""
    both: list[Any] = sorted([*in_year(forum, year), *rows], key=lambda one: one.starts_at)
    numbers = numbered([None if isinstance(one, Row) else known_number(one) for one in both])
    return [number for one, number in zip(both, numbers, strict=True) if isinstance(one, Row)]
