"""A forum's year in numbers: what is counted, what is too small to be told, and who reads it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.models import AgendaItem, Attendance, Meeting
from meetings.statistics import read_statistics, year_asked
from municipalities.models import Forum, Seat
from tests.rules.crawl import readable

YEAR = 2019  # the demo has nothing there


@pytest.fixture
def forum(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        return Forum.objects.get(key="grundskole", tenant_id=actor.tenant_id)


@pytest.fixture
def held(cast, as_actor, forum):
    """`held(3, present=2)`: so many meetings, at each of which one police seat's presence was noted; present at the first ones."""

    def make(count, present=0, status="CLOSED", year=YEAR):
        made = []
        with as_actor(cast.konsulent) as actor:
            seat = Seat.objects.filter(forum=forum, user=cast.fnt).first()
            for n in range(count):
                starts_at = datetime(year, 1, 1, 9, tzinfo=ZoneInfo("Europe/Copenhagen")) + timedelta(days=n)
                row = {"tenant_id": actor.tenant_id, "forum": forum}
                meeting = Meeting.objects.create(**row, status=status, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
                Attendance.objects.create(**row, meeting=meeting, seat=seat, user=cast.fnt, presence="PRESENT" if n < present else "EXCUSED")
                made.append(meeting)
        return made

    return make


@pytest.fixture
def numbers(cast, as_actor, forum):
    def read(year=YEAR):
        with as_actor(cast.konsulent):
            return read_statistics(forum, year)

    return read


def url(forum, year=YEAR):
    return f"/thisted/fora/{forum.public_id}/tal/?aar={year}"


def test_one_and_his_deputy_have_one_place_together(cast, as_actor, held, numbers, forum):
    [meeting] = held(1)
    with as_actor(cast.konsulent) as actor:
        own = Attendance.objects.get(meeting=meeting)
        row = {"tenant_id": actor.tenant_id, "forum": forum, "meeting": meeting, "stands_in_for": own, "presence": "PRESENT"}
        Attendance.objects.create(**row, user=cast.konsulent, seat=Seat.objects.filter(forum=forum, user=cast.konsulent).order_by("pk")[0])
    assert [(row.present, row.noted) for row in numbers().organisations] == [(1, 1)]


def test_held_meetings_are_counted_by_the_danish_year_and_no_other_ones(held, numbers):
    held(3)
    held(1, status="CALLED")
    held(2, year=YEAR - 1)
    found = numbers()
    assert [(row.year, row.held) for row in found.years] == [(YEAR, 3), (YEAR - 1, 2), (YEAR - 2, 0)]


@pytest.mark.parametrize(("count", "present", "expected"), [(1, 0, (0, 1, None)), (3, 1, (1, 3, None)), (19, 19, (19, 19, None)), (20, 15, (15, 20, 75))])
def test_a_partner_with_a_single_seat_is_told_and_a_percent_is_of_twenty_at_least(held, numbers, count, present, expected):
    held(count, present)
    (row,) = numbers().organisations
    assert (row.present, row.noted, row.percent) == expected


def test_presence_that_was_never_noted_counts_nowhere(held, numbers, as_actor, cast):
    made = held(6, 6)
    with as_actor(cast.konsulent):
        Attendance.objects.filter(meeting__in=made[:1]).update(presence="UNKNOWN")
    assert [(row.present, row.noted) for row in numbers().organisations] == [(5, 5)]


def test_items_that_ran_over_by_their_clock_and_never_a_person_item(held, numbers, as_actor, cast, forum):
    (meeting,) = held(1)
    begins = meeting.starts_at
    clocks = [(600, 0), (601, 0), (300, 301), (None, 0)]  # of ten minutes: just in time, over, over in two stretches, never timed
    with as_actor(cast.konsulent) as actor:
        row = {"tenant_id": actor.tenant_id, "forum": forum, "meeting": meeting, "duration": 10}
        for order, (seconds, before) in enumerate(clocks):
            clock = {"started_at": begins, "ended_at": begins + timedelta(seconds=seconds), "spent_before": before} if seconds else {}
            AgendaItem.objects.create(**row, order=order, title="Punkt", **clock)
    items = numbers().items
    assert (items.timed, items.over, items.planned, items.used) == (3, 2, 30, 30)


def test_the_page_tells_numbers_and_no_names(visit, cast, forum, held):
    held(20, 15)
    text = readable(visit(cast.konsulent).get(url(forum)))
    assert "15 af 20 pladser" in text and "75 %" in text
    assert cast.fnt.last_name not in text


def test_one_place_is_said_as_one(visit, cast, forum, held):
    held(1, 1)
    assert "1 af 1 plads<" in readable(visit(cast.konsulent).get(url(forum)))


def test_who_does_not_read_the_forums_agendas_gets_404(visit, cast, as_actor, forum):
    with as_actor(cast.konsulent) as actor:
        closed = Forum.objects.get(key="p115", tenant_id=actor.tenant_id)
    assert visit(cast.konsulent).get(url(closed)).status_code == 200
    for who in ("it", "laerer"):
        assert visit(cast.users[who]).get(url(closed)).status_code == 404, who


@pytest.mark.parametrize("asked", ["", "x", "-1", "0", "1999", "99999999999999999999", "²", "3000"])
def test_a_year_that_is_none_is_this_one(asked):
    assert year_asked(asked) == timezone.localdate().year


def test_the_number_of_statements_stands_still(visit, cast, forum, held):
    client = visit(cast.konsulent)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(forum)).status_code == 200
        return len(found)

    held(1)
    queries()
    few = queries()
    held(25)
    assert queries() == few <= 12
