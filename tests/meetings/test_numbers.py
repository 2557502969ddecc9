"""The number of a meeting in the year follows its date, as long as nobody has been called."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting
from meetings.numbers import next_number, numbered
from meetings.year_plan import Usual, read_year_plan
from meetings.year_plan_actions import accept_dates
from municipalities.models import Forum

YEAR = 2031


@pytest.mark.parametrize(
    ("known", "found"),
    [([None, None, None], [1, 2, 3]), ([1, None, 3], [1, 2, 3]), ([None, 1, None], [2, 1, 3]), ([None, None, 1, 2], [3, 4, 1, 2]), ([5, None], [5, 2]), ([], [])],
)
def test_what_stands_stays_and_the_rest_follows_the_dates(known, found):
    assert numbered(known) == found


@pytest.fixture
def forum(cast, as_actor):
    with as_actor(cast.konsulent):
        return Forum.objects.get(key="grundskole", tenant__slug="thisted")


def at(month, year=YEAR):
    return timezone.make_aware(datetime(year, month, 10, 9))


@pytest.fixture
def plan(cast, as_actor, forum):
    """`plan(3, 6)`: drafts in these months."""

    def made(*months, year=YEAR):
        with as_actor(cast.konsulent) as actor:
            return [actions.create_meeting(forum, actor=actor, starts_at=at(month, year), ends_at=at(month, year) + timedelta(hours=1)) for month in months]

    return made


@pytest.fixture
def numbers(cast, as_actor, forum):
    """Month -> number of the meetings that stand."""

    def found(year=YEAR):
        with as_actor(cast.konsulent):
            rows = Meeting.objects.filter(forum=forum, starts_at__year=year).exclude(status="CANCELLED")
            return {timezone.localtime(row.starts_at).month: row.number for row in rows.order_by("starts_at")}

    return found


def test_one_that_is_planned_between_two_gets_its_place(plan, numbers, log):
    (march, june) = plan(3, 6)
    (april,) = plan(4)
    assert (march.number, april.number) == (1, 2) and numbers() == {3: 1, 4: 2, 6: 3}
    assert [entry for entry in log() if entry.object_id == june.pk and list(map(str, (entry.changes or {}).get("number", []))) == ["2", "3"]], "it stands in the log"


def test_a_move_and_a_cancellation_are_followed(cast, as_actor, plan, numbers):
    march, june, _september = plan(3, 6, 9)
    with as_actor(cast.konsulent) as actor:
        actions.move_meeting(march, actor=actor, starts_at=at(7), ends_at=at(7) + timedelta(hours=1), place="")
    assert numbers() == {6: 1, 7: 2, 9: 3}
    with as_actor(cast.konsulent) as actor:
        actions.cancel_meeting(june, actor=actor)
    assert numbers() == {7: 1, 9: 2}


def test_a_move_to_another_year_is_followed_in_both(cast, as_actor, plan, numbers):
    march, _june = plan(3, 6)
    plan(2, year=YEAR + 1)
    with as_actor(cast.konsulent) as actor:
        actions.move_meeting(march, actor=actor, starts_at=at(1, YEAR + 1), ends_at=at(1, YEAR + 1) + timedelta(hours=1), place="")
    assert numbers() == {6: 1} and numbers(YEAR + 1) == {1: 1, 2: 2}


def test_what_has_been_called_keeps_its_number_and_no_other_gets_it(cast, as_actor, plan, numbers):
    march, _june = plan(3, 6)
    with as_actor(cast.konsulent) as actor:
        actions.call_meeting(march, actor=actor)
    plan(1)
    assert numbers() == {1: 2, 3: 1, 6: 3}
    with as_actor(cast.konsulent) as actor:
        actions.cancel_meeting(march, actor=actor)
    assert numbers() == {1: 2, 6: 3}, "papers say «meeting 1» of the one that was called off"


def test_the_number_that_chooses_the_standing_agenda_is_that_of_the_date(cast, as_actor, forum, plan):
    plan(3, 6)
    with as_actor(cast.konsulent):
        assert [next_number(forum, at(month)) for month in (1, 4, 9)] == [1, 2, 3]


def test_one_that_has_been_called_and_moves_to_another_year_gets_a_number_of_that_year(cast, as_actor, plan, numbers):
    _march, june = plan(3, 6)
    (there,) = plan(2, year=YEAR + 1)
    with as_actor(cast.konsulent) as actor:
        actions.call_meeting(june, actor=actor)
        actions.call_meeting(there, actor=actor)
        actions.move_meeting(june, actor=actor, starts_at=at(1, YEAR + 1), ends_at=at(1, YEAR + 1) + timedelta(hours=1), place="")
    assert numbers() == {3: 1} and numbers(YEAR + 1) == {1: 2, 2: 1}, "no two of a year have the same"


def test_the_proposal_counts_a_meeting_that_was_called_off(cast, as_actor, forum, plan):
    (january,) = plan(1)
    with as_actor(cast.konsulent) as actor:
        actions.call_meeting(january, actor=actor)
        actions.cancel_meeting(january, actor=actor)
        rows = read_year_plan(actor, forum, YEAR, Usual()).rows
        made = accept_dates(forum, actor=actor, year=YEAR, usual=Usual(), days={rows[0].key: rows[0].day})
    assert rows[0].number == made[0].number == 2
