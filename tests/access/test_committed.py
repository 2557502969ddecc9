"""Walls across transactions and connections: what a plain test's single transaction cannot show."""

import contextlib
import threading

import pytest
from django.db import connection, connections

from access.context import actor_of, context_of
from access.gate import open_ticket
from access.models import Purpose, User
from cases.models import Case, PersonData
from tests.conftest import make_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.access.trap_urls")]


def person(email):
    return User.objects.get(email=email)


@pytest.fixture
def konsulent():
    from ssp.demo.load import read_demo

    return person(next(row["email"] for row in read_demo("thisted")["users"] if row["key"] == "konsulent"))


@pytest.fixture
def fnt():
    from ssp.demo.load import read_demo

    return person(next(row["email"] for row in read_demo("thisted")["users"] if row["key"] == "fnt"))


def test_a_replayed_ticket_shows_nothing(konsulent):
    actor = actor_of(konsulent, "thisted")
    with context_of(actor):
        case = Case.objects.first()
        entry = open_ticket(actor, Case, [case.person_id], purpose=Purpose.MEETING)
        assert PersonData.objects.count() == 1
    with context_of(actor), connection.cursor() as cursor:
        cursor.execute("select set_config('ssp.tickets', %s, true)", [str(entry.pk)])
        assert PersonData.objects.count() == 0


def test_another_actors_ticket_shows_nothing(konsulent, fnt):
    actor = actor_of(konsulent, "thisted")
    with context_of(actor), connection.cursor() as cursor:
        case = Case.objects.first()
        open_ticket(actor, Case, [case.person_id], purpose=Purpose.MEETING)
        cursor.execute("select set_config('ssp.user', %s, true)", [str(fnt.pk)])
        assert PersonData.objects.count() == 0


def test_connections_of_the_pool_do_not_carry_a_context(konsulent, fnt):
    """Two people alternate over the same few connections, also in other threads: neither sees the other's kommune."""
    found, clients = [], {"thisted": make_client(konsulent), "morsoe": make_client(fnt)}

    def look(slug):
        try:
            for _ in range(15):
                found.append((slug, clients[slug].get(f"/{slug}/trap/open_ok/").content.decode()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look, args=(slug,)) for slug in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = {slug: {name for seen, name in found if seen == slug} for slug in clients}
    assert len(found) == 30
    assert [len(names["thisted"]), len(names["morsoe"])] == [1, 1]
    assert names["thisted"] != names["morsoe"]
    assert Case.objects.count() == 0


def test_a_lost_ticket_in_a_job_is_an_error(konsulent):
    from django.db import transaction

    from access.context import LostTicketError

    actor = actor_of(konsulent, "thisted")

    def job():
        with context_of(actor), contextlib.suppress(KeyError), transaction.atomic():
            open_ticket(actor, Case, [Case.objects.first().person_id], purpose=Purpose.MEETING)
            raise KeyError

    with pytest.raises(LostTicketError):
        job()


def test_the_private_hook_that_the_tests_replace_still_exists():
    from django.test import TransactionTestCase

    assert callable(TransactionTestCase._fixture_teardown)
