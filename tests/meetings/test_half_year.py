"""The half-year's meetings: who sees which dates, on the page and in the PDF."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.half_year import half_of, read_half_year
from meetings.models import Meeting
from municipalities.models import Forum
from tests.rules.crawl import readable

YEAR = timezone.localdate().year + 1
PAGE, PDF = f"/thisted/moeder/halvaar/?halvaar={YEAR}-1", f"/thisted/moeder/halvaar.pdf?halvaar={YEAR}-1"


@pytest.fixture
def meeting(cast, as_actor):
    """`meeting("grundskole", "CALLED", place="Aulaen")`: one more in next March."""

    def make(key, status="CALLED", place="", day=9):
        starts_at = datetime(YEAR, 3, day, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))
        with as_actor(cast.konsulent) as actor:
            forum = Forum.objects.get(key=key, tenant_id=actor.tenant_id)
            return Meeting.objects.create(tenant_id=actor.tenant_id, forum=forum, status=status, place=place, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))

    return make


@pytest.mark.parametrize("url", [PAGE, PDF])
def test_a_member_sees_the_open_dates_and_nothing_closed(visit, cast, meeting, url):
    made = (("grundskole", "CALLED", "Aulaen"), ("p115", "CALLED", "Lukkerummet"), ("styregruppe", "DRAFT", "Kladdelokalet"), ("ssp-plus", "CANCELLED", "Aflyst sted"))
    for key, status, place in made:
        meeting(key, status, place)
    for who in ("chef", "dpo", "it", "vpi"):
        text = readable(visit(cast.users[who]).get(url))
        assert "Aulaen" in text, who
        for closed in ("Lukkerummet", "115", "Kladdelokalet", "Aflyst sted"):
            assert closed not in text, (who, closed)


@pytest.mark.parametrize("url", [PAGE, PDF])
def test_the_forums_own_see_their_drafts_and_their_closed_dates(visit, cast, meeting, url):
    meeting("p115", "CALLED", "Lukkerummet")
    meeting("styregruppe", "DRAFT", "Kladdelokalet")
    text = readable(visit(cast.konsulent).get(url))
    assert "Lukkerummet" in text and "Kladdelokalet" in text


def test_a_guest_has_no_calendar(visit, cast):
    assert visit(cast.laerer).get(PAGE).status_code == 404


def test_the_calendar_has_every_day_once_and_marks_what_closes_it(cast, as_actor, meeting):
    meeting("grundskole")
    meeting("ssp-plus")
    with as_actor(cast.konsulent) as actor:
        found = read_half_year(actor, f"{YEAR}-1")
    days = [cell for month in found.months for _week, cells in month.weeks for cell in cells if cell]
    assert [cell.day for cell in days] == [date(YEAR, 1, 1) + timedelta(days=n) for n in range((date(YEAR, 7, 1) - date(YEAR, 1, 1)).days)]
    assert all(cells.index(cell) == cell.day.weekday() for month in found.months for _week, cells in month.weeks for cell in cells if cell)
    by_day = {cell.day: cell for cell in days}
    assert by_day[date(YEAR, 1, 1)].closed and len(by_day[date(YEAR, 3, 9)].meetings) == 2
    assert found.count == sum(len(cell.meetings) for cell in days)


@pytest.mark.parametrize(("text", "expected"), [("2027-1", (2027, 1)), ("2027-2", (2027, 2))])
def test_a_half_year_is_named_by_year_and_half(text, expected):
    assert half_of(text) == expected


@pytest.mark.parametrize("text", ["", "2027", "2027-3", "1999-1", "2101-1", "x-1", "2027-1 ", "９９９９-1", "-1"])
def test_whatever_else_is_the_half_we_are_in(visit, cast, text):
    today = timezone.localdate()
    assert half_of(text) == (today.year, 1 if today.month < 7 else 2)
    assert visit(cast.konsulent).get("/thisted/moeder/halvaar/", {"halvaar": text}).status_code == 200


def test_the_number_of_queries_does_not_follow_the_meetings(visit, cast, meeting):
    client = visit(cast.konsulent)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    queries()
    few = queries()
    for day in range(1, 20):
        meeting("grundskole", day=day)
    assert queries() == few <= 12
