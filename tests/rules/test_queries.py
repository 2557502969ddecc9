"""How often a page asks the database: at most six times for its walls and twelve for what it shows, whoever reads it (script/bench has the times)."""

import pytest
from django.db import connection
from django.urls import reverse

from access.context import span
from bench.measure import GOALS, WALLS
from bench.pages import PAGES
from bench.visitors import address_of, prepare
from meetings.models import Attendance, Meeting
from ssp.demo.load import read_demo

LOGIN = ("django_session", "access_user")  # who it is: any page asks that of the session
READERS = [row["key"] for row in read_demo("thisted")["users"]]


@pytest.fixture
def asked():
    """`asked(client, address)`: (queries of the walls, queries of the page itself), as `script/bench` counts them."""

    def counted(client, address):
        walls, own = [], []

        def count(execute, sql, params, many, context):
            if not str(sql).startswith(("SAVEPOINT", "RELEASE")):  # of the transaction round a test
                is_wall = span.get() in WALLS or str(sql).startswith("select set_config")  # the test's own way out of the context
                (walls if is_wall else own).append(str(sql))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            assert client.get(address).status_code == 200
        identity = [sql for table in LOGIN if (sql := next((one for one in own if f'FROM "{table}"' in one), ""))]
        return len(walls), len(own) - len(identity)

    return counted


@pytest.mark.parametrize("key", READERS)
def test_everybodys_week_keeps_the_goals(key, visit, cast, asked):
    client, address = visit(cast.users[key]), reverse("week", args=["thisted"])
    if client.get(address).status_code == 404:
        pytest.skip("has nothing in Thisted")
    walls, own = asked(client, address)
    assert walls <= GOALS["wall_queries"]
    assert own <= GOALS["queries"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_of_the_bench_keep_the_goals(page, visit, cast, asked):
    client = visit(cast.users[page.user])
    prepare(client, page)
    address = address_of(page)
    client.get(address)  # what is compiled once is compiled
    walls, own = asked(client, address)
    assert walls <= GOALS["wall_queries"]
    assert own <= GOALS["queries"]


def test_a_draft_keeps_the_goals(visit, cast, as_actor, asked):
    """It asks who sits in the forum, for its presenters, and for the standing agenda of its number; and not who is called."""
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.filter(tenant__slug="thisted", forum__key="styregruppe", status="CALLED").first()
        Attendance.objects.filter(meeting=meeting).delete()
        Meeting.objects.filter(pk=meeting.pk).update(status="DRAFT")
    client, address = visit(cast.konsulent), reverse("meeting_detail", args=["thisted", meeting.public_id])
    client.get(address)
    walls, own = asked(client, address)
    assert walls <= GOALS["wall_queries"]
    assert own <= GOALS["queries"]
