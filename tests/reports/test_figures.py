"""The figures: suppression that nobody can undo, and the walls round the functions that count."""

from itertools import product

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.models import Attendance
from reports.figures import ONE_EACH
from reports.figures_sql import GRANTS
from reports.periods import HalfYear, ended_half_years

pytestmark = pytest.mark.django_db


def suppress(*tables):
    """What the database shows of each table of counts: the cells and, last, their total; None where hidden."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select figures.suppress(t::int[]) from unnest(%s::text[]) with ordinality as u(t, i) order by i", [[str(list(t)).replace("[", "{").replace("]", "}") for t in tables]]
        )
        return [tuple(row[0]) for row in cursor.fetchall()]


@pytest.mark.parametrize(("width", "most"), [(1, 40), (2, 40), (3, 26), (4, 22), (5, 11)])
def test_no_hidden_number_can_be_told_even_by_who_knows_the_rule(width, most):
    tables = [table for table in product(range(most + 1), repeat=width) if sum(table) <= most]
    behind = {}
    for table, shown in zip(tables, suppress(*tables), strict=True):
        behind.setdefault(shown, []).append((*table, sum(table)))
    for shown, possible in behind.items():
        for place, value in enumerate(shown):
            if value is None:
                assert len({table[place] for table in possible}) > 1, f"{shown} gives away number {place} of {possible}"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_what_is_shown_is_true_and_never_1_to_4(table):
    (shown,) = suppress(table)
    assert all(value is None or (value == real and value not in (1, 2, 3, 4)) for value, real in zip(shown, (*table, sum(table)), strict=True))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_hidden_cells_are_two_or_more_and_together_five_or_more(table):
    (shown,) = suppress(table)
    hidden = [real for value, real in zip(shown, table, strict=False) if value is None]
    if shown[-1] is not None and hidden:
        assert len(hidden) >= 2
        assert sum(hidden) >= 5


def test_large_numbers_and_zeros_are_shown_as_they_are():
    assert suppress([0, 7, 12], [0, 0]) == [(0, 7, 12, 19), (0, 0, 0)]


def test_a_total_of_1_to_4_hides_everything():
    assert suppress([0, 3, 0]) == [(None, None, None, None)]


def test_the_next_smallest_goes_with_a_single_small_number():
    assert suppress([3, 9, 20]) == [(None, None, 20, 32)]


LAST = ended_half_years()[0]


def call(name, first_day):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"select * from figures.{name}(%s)", [first_day])
        return cursor.fetchall()


@pytest.mark.parametrize("name", ONE_EACH)
def test_a_figure_answers_nobody_without_a_right_to_reports(cast, as_actor, name):
    with as_actor(cast.fnt), pytest.raises(ProgrammingError, match="no right to a report"):
        call(name, LAST.first_day)


@pytest.mark.parametrize("name", ONE_EACH)
def test_a_figure_answers_nobody_without_a_context(name):
    with pytest.raises(ProgrammingError, match="no right to a report"):
        call(name, LAST.first_day)


@pytest.mark.parametrize(("first_day", "reason"), [("2025-02-01", "begins on"), ("2025-01-02", "begins on"), ("2099-01-01", "not ended")])
def test_a_figure_answers_only_for_half_years_that_have_ended(cast, as_actor, first_day, reason):
    with as_actor(cast.konsulent), pytest.raises(DataError, match=reason):
        call("young_by_level", first_day)


def test_the_half_year_that_runs_is_refused(cast, as_actor):
    with as_actor(cast.konsulent), pytest.raises(DataError, match="not ended"):
        call("meetings", HalfYear.of(timezone.localdate()).first_day)


def test_the_owner_of_the_figures_reads_no_table_with_names(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public' and "
            "(has_any_column_privilege('ssp_figures', format('%I.%I', table_schema, table_name), 'select'))"
        )
        readable = {name for (name,) in cursor.fetchall()}
    # beside the figures' own: mails that wait, whose calendar an address is, who is responsible for an aftale and has been reminded of it: ids and days, never a name
    ids = {"access_outboxmessage", "meetings_calendarfeed"}
    reminded = {f"{agreements}{of}" for agreements in ("meetings_agreement", "cases_caseagreement") for of in ("", "party", "reminder")}
    assert readable == {*GRANTS, *ids, *reminded}


def test_the_owner_of_the_figures_changes_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema in ('public', 'audit') and "
            "has_table_privilege('ssp_figures', format('%I.%I', table_schema, table_name), 'insert, update, delete, truncate')"
        )
        assert cursor.fetchall() == []


def test_who_came_in_anothers_place_takes_no_second_place(cast, as_actor):
    with as_actor(cast.konsulent):
        before = call("attendance", LAST.first_day)
        rows = Attendance.objects.filter(meeting__status="APPROVED", meeting__starts_at__date__range=(LAST.first_day, LAST.last_day)).exclude(presence="UNKNOWN")
        absent = rows.filter(presence="ABSENT").select_related("seat__organisation").first()
        came = rows.filter(meeting=absent.meeting, presence="PRESENT", seat__organisation__mark=absent.seat.organisation.mark).first()
        Attendance.objects.filter(pk=came.pk).update(stands_in_for=absent)
        after = call("attendance", LAST.first_day)
    mark = absent.seat.organisation.mark
    counted = {row[0]: row[1:3] for row in before}
    assert {row[0]: row[1:3] for row in after} == counted | {mark: (counted[mark][0], counted[mark][1] - 1)}
