"""The demo on any day of the year: its dates are counted from the day of loading, and half-years are not."""

from datetime import date, timedelta

from django.db.models.functions import Now

from meetings.models import Meeting
from reports.periods import ended_half_years
from ssp.demo.load import read_demo
from tests.reports.test_figures import suppress


def test_the_newest_report_shows_two_levels_of_concern_whenever_the_demo_is_loaded(db):
    content = read_demo("thisted")
    cases = [(row["opened_days"], row["concern_level"]) for row in [*content["cases"], *content["earlier"]["cases"]]]
    tables = []
    for today in (date(2027, 1, 1) + timedelta(days) for days in range(365)):
        half_year = ended_half_years(today)[0]
        inside = [level for days, level in cases if half_year.first_day <= today + timedelta(days) <= half_year.last_day]
        tables.append([inside.count(level) for level in (1, 2, 3, 4)])
    assert min(sum(bool(number) for number in shown[:4]) for shown in suppress(*tables)) >= 2


def test_numbers_and_persons_of_the_earlier_cases_are_their_own():
    content = read_demo("thisted")
    earlier = content["earlier"]["cases"]
    assert len({row["number"] for row in [*content["cases"], *earlier]}) == len(content["cases"]) + len(earlier)
    assert len({row["name"] for row in [*content["persons"], *earlier]}) == len(content["persons"]) + len(earlier)
    assert len({row["reason"][:30] for row in earlier}) == len(earlier), "the crawl knows a person by what is written of him"


def test_nobody_is_called_in_the_future(cast, as_actor):
    with as_actor(cast.konsulent):
        assert not Meeting.objects.filter(called_at__gt=Now()).exists()
