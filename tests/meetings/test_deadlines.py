"""When an aftale is due, as people say it."""

import re
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from meetings.deadlines import DeadlineError, UnconfirmedDeadlineError, agreed_deadline, parse_deadline, read_deadline

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day", "is_exact"),
    [
        ("i dag", date(2026, 11, 22), True),
        ("I morgen", date(2026, 11, 23), True),
        ("2026-11-27", date(2026, 11, 27), True),
        ("27/11", date(2026, 11, 27), True),
        ("27.11", date(2026, 11, 27), True),
        ("27-11-2026", date(2026, 11, 27), True),
        ("1.12.26", date(2026, 12, 1), True),
        ("27. nov", date(2026, 11, 27), True),
        ("den 27. november 2026", date(2026, 11, 27), True),
        ("senest 27 nov.", date(2026, 11, 27), True),
        ("fredag", date(2026, 11, 27), True),
        ("på fre", date(2026, 11, 27), True),
        ("søndag", date(2026, 11, 29), False),  # said on a Sunday: the next one
        ("uge 48", date(2026, 11, 27), True),  # the Friday
        ("fredag uge 48", date(2026, 11, 27), True),
        ("tirsdag i uge 49", date(2026, 12, 1), True),
        ("uge 2", date(2027, 1, 15), True),  # this year's has passed: it can only be the coming one
        ("20/1", date(2027, 1, 20), True),
        ("uge 46", date(2027, 11, 19), False),  # last week, or nearly a year ahead: ask
        ("uge 53", date(2027, 1, 1), True),
        ("næste uge", date(2026, 11, 27), False),
        ("20/11", date(2027, 11, 20), False),  # this year's has passed: ask
        ("29/2", date(2028, 2, 29), False),
        ("tomorrow", date(2026, 11, 23), True),
        ("friday week 48", date(2026, 11, 27), True),
    ],
)
def test_what_people_say_is_understood(text, day, is_exact):
    assert read_deadline(text, SUNDAY) == (day, is_exact)


@pytest.mark.parametrize("text", ["", "   ", "snart", "31/2", "32/1", "uge 54", "uge 0", "hugdag uge 48", "2026-13-01", "20/13", "0/0", "fredag uge", "1" * 40, "²/3"])
def test_what_is_no_day_gives_a_sentence(text):
    with pytest.raises(DeadlineError) as found:
        parse_deadline(text, SUNDAY)
    assert str(found.value).endswith(".")


@pytest.mark.parametrize("text", ["2026-11-21", "1/1 2020", "2031-01-01", "mandag uge 47 2026"])
def test_a_day_that_has_passed_or_lies_far_ahead_is_refused(text):
    with pytest.raises(DeadlineError):
        parse_deadline(text, SUNDAY)


@given(st.text(max_size=30) | st.from_regex(r"(fredag |man )?(uge )?\d{1,4}([./-]\d{1,4}){0,2}( \d{4})?", fullmatch=True), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_whatever_is_written_is_a_coming_day_or_a_sentence(text, today):
    with suppress(DeadlineError):
        day = parse_deadline(text, today)
        assert today <= day <= today + timedelta(days=3 * 366)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_every_coming_day_can_be_written_in_full(day):
    assert parse_deadline(day.isoformat(), day) == parse_deadline(f"{day.day}/{day.month}-{day.year}", day) == day


def test_an_ambiguous_day_is_asked_back_and_saved_when_confirmed():
    with pytest.raises(UnconfirmedDeadlineError) as asked:
        agreed_deadline("søndag", "", SUNDAY)
    assert agreed_deadline("søndag", asked.value.day.isoformat(), SUNDAY) == date(2026, 11, 29)


def test_what_was_confirmed_counts_only_for_the_same_day():
    with pytest.raises(UnconfirmedDeadlineError):
        agreed_deadline("søndag", "2026-11-27", SUNDAY)


@pytest.mark.parametrize("text", ["", "snart", "31/2"])
def test_the_example_in_a_refusal_is_a_day_that_comes(text):
    """«Skriv fx 20/11» was said on the 28th, beside a hint that said another day."""
    with translation.override("da"), pytest.raises(DeadlineError) as refused:
        parse_deadline(text)
    day, week = re.search(r"fx (\S+), fredag eller (uge \d+)\.", str(refused.value)).groups()
    assert parse_deadline(week) >= timezone.localdate() and parse_deadline(day) - timezone.localdate() == timedelta(days=14)
    assert f"{day}, fredag eller {week}" in str(refused.value)
