"""The dates that a cadence gives: never on a closed day, as many as agreed or a reason, and nothing twice."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.followers import DAY_BEGINS, DAY_ENDS, Anchor, followers
from meetings.slots import Frame, calendar_days, in_its_part, left_over
from meetings.workdays import Workdays, public_holidays
from municipalities.cadence_rules import faults, tidy
from municipalities.models import Forum
from municipalities.school_holidays import usual_holidays

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
YEARS = st.integers(2024, 2060)
ONE_DAY = timedelta(days=1)


def workdays_of_year(year, periods=()):
    """Public holidays and school holidays of a year, as a kommune has them."""
    closed = {}
    for name, first, last in [*usual_holidays(year - 1), *usual_holidays(year), *periods]:
        closed |= {first + n * ONE_DAY: name for n in range((last - first).days + 1)}
    return Workdays(closed | public_holidays(year, "da"))


@st.composite
def cadences(draw, units=("PER_YEAR", "WEEKS", "MONTHS")):
    """A forum with any cadence that is possible and goes by the calendar."""
    unit = draw(st.sampled_from(units))
    fields = {
        "cadence_unit": unit, "cadence_number": draw(st.integers(1, {"PER_YEAR": 20, "WEEKS": 26, "MONTHS": 12}[unit])),
        "cadence_qualifier": draw(st.sampled_from(["MIN", "CA", "EXACTLY"])), "cadence_year_parity": draw(st.sampled_from(["", "", "ODD", "EVEN"])),
    }  # fmt: skip
    part = draw(st.sampled_from(["", "months", "weeks"]))
    if part == "months":
        fields["cadence_months"] = draw(st.lists(st.integers(1, 12), min_size=1, max_size=5, unique=True))
    if part == "weeks":
        fields |= {"cadence_week_from": draw(st.integers(1, 53)), "cadence_week_to": draw(st.integers(1, 53))}
    forum = Forum(ceiling="INTERNAL", **tidy(fields))
    return forum if not faults(forum, {}) else Forum(ceiling="INTERNAL", cadence_unit=unit, cadence_number=3)


@st.composite
def frames(draw):
    """A year, from New Year or from a day in it, with holidays of the kommune's own and perhaps an earlier meeting."""
    year = draw(YEARS)
    days = st.dates(date(year, 1, 1), date(year, 12, 31))
    first = draw(st.one_of(st.just(date(year, 1, 1)), days))
    own = draw(st.lists(st.tuples(days, st.integers(0, 20)), max_size=3))
    workdays = workdays_of_year(year, [("Lukket", start, start + length * ONE_DAY) for start, length in own])
    base = draw(st.none() | st.dates(first - timedelta(days=200), first - ONE_DAY))
    return Frame(year, first, draw(st.integers(0, 4)), workdays, base)


@given(cadences(), frames())
def test_no_date_is_closed_outside_its_part_or_before_the_first_day(forum, frame):
    found = calendar_days(forum, frame)
    for day in found.days:
        assert day.weekday() < 5 and frame.workdays.reason(day) == "" and day >= frame.first and day.year == frame.year and in_its_part(forum, day), day
    assert found.days == sorted(set(found.days))
    if not forum.meets_in(frame.year):
        assert found.days == [] and len(found.gaps) == 1
    assert all(gap.sentence.endswith(".") or gap.day for gap in found.gaps)


@given(cadences(["PER_YEAR"]), frames())
def test_so_many_a_year_are_so_many_or_the_reason_is_said(forum, frame):
    found = calendar_days(forum, frame)
    if forum.meets_in(frame.year):
        assert len(found.days) == forum.cadence_number or (len(found.days) < forum.cadence_number and len(found.gaps) == 1)


@given(cadences(["PER_YEAR"]), YEARS)
def test_a_whole_year_has_room_for_what_is_agreed(forum, year):
    if not forum.cadence_months and not forum.cadence_week_from and forum.meets_in(year):
        assert len(calendar_days(forum, Frame(year, date(year, 1, 1), 1, workdays_of_year(year))).days) == forum.cadence_number


@given(cadences(["WEEKS"]), frames())
def test_every_week_of_the_rhythm_has_a_day_or_a_gap(forum, frame):
    found, step = calendar_days(forum, frame), forum.cadence_number
    if not forum.meets_in(frame.year):
        return
    mondays = [day - day.weekday() * ONE_DAY for day in found.days]
    for earlier, later in pairwise(mondays):
        assert (later - earlier).days >= 7 * max(1, step - 2 * ((step - 1) // 2)), "two meetings of the rhythm never come nearer than that"
    if frame.base and not (forum.cadence_months or forum.cadence_week_from):
        weeks = {(day - timedelta(days=day.weekday())).toordinal() // 7 for day in found.days}
        base = (frame.base - timedelta(days=frame.base.weekday())).toordinal() // 7
        assert all(min((week - base) % step, (base - week) % step) <= (step - 1) // 2 for week in weeks)


@given(cadences(), frames())
def test_what_is_accepted_is_not_proposed_again(forum, frame):
    found = calendar_days(forum, frame)
    again = calendar_days(forum, Frame(frame.year, frame.first, frame.weekday, frame.workdays, frame.base, tuple(found.days)))
    assert again.days == []


@given(cadences(), frames(), st.data())
def test_accepting_some_leaves_the_others_to_be_proposed(forum, frame, data):
    """One by one or as a whole: together as many, and none on a day that is taken."""
    found = calendar_days(forum, frame)
    taken = tuple(day for day in found.days if data.draw(st.booleans()))
    again = calendar_days(forum, Frame(frame.year, frame.first, frame.weekday, frame.workdays, frame.base, taken))
    assert not set(again.days) & set(taken)
    assert len(again.days) == len(found.days) - len(taken) or forum.cadence_unit != "PER_YEAR"
    done = calendar_days(forum, Frame(frame.year, frame.first, frame.weekday, frame.workdays, frame.base, tuple(sorted((*taken, *again.days)))))
    assert done.days == []


@given(cadences(["PER_YEAR"]), frames(), st.data())
def test_meetings_made_by_hand_count_too(forum, frame, data):
    if not forum.meets_in(frame.year):
        return
    by_hand = tuple(sorted(data.draw(st.lists(st.dates(date(frame.year, 1, 1), date(frame.year, 12, 31)), max_size=8))))
    found = calendar_days(forum, Frame(frame.year, frame.first, frame.weekday, frame.workdays, frame.base, by_hand))
    assert len(found.days) <= max(0, forum.cadence_number - len(by_hand))


@given(st.integers(1, 12), YEARS, st.integers(0, 4))
def test_a_few_meetings_are_spread_over_the_year(number, year, weekday):
    forum = Forum(cadence_unit="PER_YEAR", cadence_number=number)
    days = calendar_days(forum, Frame(year, date(year, 1, 1), weekday, workdays_of_year(year))).days
    assert len(days) == number
    assert all((later - earlier).days >= 365 / number / 3 for earlier, later in pairwise(days))


# ---- those that are easier to read as a calendar ------------------------------------------------------------------
def days_of(year=2027, *, base=None, first=None, weekday=1, taken=(), **cadence):
    forum = Forum(**{f"cadence_{name}": value for name, value in cadence.items()})
    found = calendar_days(forum, Frame(year, first or date(year, 1, 1), weekday, workdays_of_year(year), base, taken))
    return [f"{day:%-d/%-m}" for day in found.days], [gap.sentence for gap in found.gaps]


def test_four_a_year_on_tuesdays():
    days, gaps = days_of(unit="PER_YEAR", number=4)
    assert (days, gaps) == (["2/2", "4/5", "31/8", "16/11"], [])


def test_one_in_february_of_odd_years():
    assert days_of(unit="PER_YEAR", number=1, months=[2], year_parity="ODD") == (["9/2"], [])
    days, gaps = days_of(2028, unit="PER_YEAR", number=1, months=[2], year_parity="ODD")
    assert (days, gaps) == ([], ["Forummet mødes kun i ulige år."])


def test_two_months_get_one_meeting_each():
    assert days_of(unit="PER_YEAR", number=2, months=[3, 10], weekday=3)[0] == ["11/3", "14/10"]


def test_once_in_weeks_2_to_10():
    assert days_of(unit="PER_YEAR", number=1, week_from=2, week_to=10, weekday=2)[0] == ["10/2"]


def test_every_third_week_goes_on_from_the_last_meeting_and_gives_way_to_holidays():
    days, gaps = days_of(unit="WEEKS", number=3, base=date(2026, 12, 8), weekday=1)
    assert days[:4] == ["19/1", "9/2", "2/3", "30/3"]  # Tuesday after Easter instead of Easter week
    assert len(gaps) >= 1
    assert all("ferie" in gap for gap in gaps)


def test_every_month_but_not_in_the_summer():
    days, gaps = days_of(unit="MONTHS", number=1)
    assert len(days) == 11 and len(gaps) == 1 and not [day for day in days if day.endswith("/7")]


def test_every_second_month_goes_on_from_the_last_one():
    days, _gaps = days_of(unit="MONTHS", number=2, base=date(2026, 11, 12))
    assert [day.split("/")[1] for day in days] == ["1", "3", "5", "9", "11"]


def test_the_rest_of_the_year_gets_what_is_missing():
    days, gaps = days_of(unit="PER_YEAR", number=4, first=date(2027, 9, 1), taken=(date(2027, 2, 9), date(2027, 5, 11)))
    assert len(days) == 2 and all(int(day.split("/")[1]) >= 9 for day in days) and gaps == []


def test_a_reason_is_said_when_the_year_has_no_room():
    days, gaps = days_of(unit="PER_YEAR", number=4, months=[2], first=date(2027, 2, 25))
    assert len(days) == 2 and len(gaps) == 1


@pytest.mark.parametrize("unit", ["BEFORE", "AFTER", "AT_MEETING", "NONE"])
def test_the_other_forms_give_no_dates_by_the_calendar(unit):
    assert days_of(unit=unit) == ([], [])


def test_a_moved_meeting_keeps_the_date_it_was_made_for_and_nothing_is_put_on_its_new_day():
    forum = Forum(cadence_unit="PER_YEAR", cadence_number=4)
    frame = Frame(2027, date(2027, 1, 1), 1, workdays_of_year(2027))
    first, second, *_rest = calendar_days(forum, frame).days
    moved = Frame(2027, date(2027, 1, 1), 1, frame.workdays, None, (first,), frozenset({second}))
    days = calendar_days(forum, moved).days
    assert len(days) == 3 and second not in days and first not in days


def test_each_meeting_takes_the_nearest_date():
    wanted = [date(2027, 2, 9), date(2027, 5, 11), date(2027, 8, 31)]
    assert left_over(wanted, [date(2027, 5, 20)]) == [wanted[0], wanted[2]]
    assert left_over(wanted, [wanted[0], date(2027, 2, 10)]) == [wanted[2]]
    assert left_over(wanted, [date(2027, 12, 24)], reach=10) == wanted


# ---- relative to another forum ------------------------------------------------------------------------------------
@st.composite
def anchors(draw):
    year = draw(YEARS)
    days = draw(st.lists(st.dates(date(year, 1, 1), date(year, 12, 31)), max_size=6, unique=True))
    found = []
    for number, day in enumerate(sorted(days)):
        starts_at = datetime.combine(day, time(draw(st.integers(7, 20)), draw(st.sampled_from([0, 30]))), COPENHAGEN)
        found.append(Anchor(f"m{number}", starts_at, starts_at + timedelta(minutes=draw(st.integers(15, 240)))))
    return year, found


@given(anchors(), st.sampled_from(["BEFORE", "AFTER"]), st.integers(15, 240), st.integers(0, 250))
def test_followers_follow(anchored, unit, minutes, offset):
    year, found = anchored
    workdays, first = workdays_of_year(year), date(year, 1, 1) + offset * ONE_DAY
    made, gaps = followers(Forum(cadence_unit=unit), found, first=first, workdays=workdays, usual=time(9), minutes=minutes)
    assert len(made) + len(gaps) == len(found)
    by_key = {anchor.key: anchor for anchor in found}
    for one in made:
        anchor, ends_at = by_key[one.key], one.starts_at + timedelta(minutes=minutes)
        assert workdays.is_open(one.starts_at.date()) and one.starts_at.date() >= first
        assert one.starts_at >= anchor.ends_at if unit == "AFTER" else ends_at <= anchor.starts_at
        assert one.is_same_day == (one.starts_at.date() == anchor.starts_at.date())
        if one.is_same_day:
            assert one.starts_at.time() >= DAY_BEGINS and ends_at.time() <= DAY_ENDS
        between = range(1, abs((one.starts_at.date() - anchor.starts_at.date()).days))
        step = ONE_DAY if unit == "AFTER" else -ONE_DAY
        assert not any(workdays.is_open(anchor.starts_at.date() + n * step) for n in between), "a nearer workday was passed over"


def test_right_after_and_right_before():
    at = datetime(2027, 3, 9, 9, tzinfo=COPENHAGEN)
    anchor, workdays = Anchor("m", at, at + timedelta(minutes=90)), workdays_of_year(2027)
    (after,), _ = followers(Forum(cadence_unit="AFTER"), [anchor], first=date(2027, 1, 1), workdays=workdays, usual=time(9), minutes=60)
    (before,), _ = followers(Forum(cadence_unit="BEFORE"), [anchor], first=date(2027, 1, 1), workdays=workdays, usual=time(10), minutes=60)
    assert (after.starts_at.hour, after.starts_at.minute, before.starts_at.hour) == (10, 30, 8)
    (earlier,), _ = followers(Forum(cadence_unit="BEFORE"), [anchor], first=date(2027, 1, 1), workdays=workdays, usual=time(10), minutes=90)
    assert f"{earlier.starts_at:%d.%m. %H}" == "08.03. 10"  # no room before nine: the workday before, at the usual time


def test_every_public_holiday_is_closed():
    closed = public_holidays(2026, "da")
    for day in ("2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25", "2026-06-05", "2026-12-24", "2026-12-25"):
        assert not Workdays(closed).is_open(date.fromisoformat(day)), day
    assert date(2026, 5, 1) in closed and Workdays(closed).is_open(date(2026, 5, 4))
    assert Workdays({}).reason(date(2026, 5, 2)) and not Workdays({}).is_open(date(2026, 5, 2))
