"""Who gets to a case at all, and what stands in the log when somebody does not."""

import re

import pytest

from access.models import LogEntry
from access.policy import visible
from access.roles import Verb
from cases.models import Case, PersonData
from municipalities.models import Seat
from tests import harness

READ = ["", "formaal/", "sag.pdf", "ret/", "afslut/"]
WRITE = ["formaal/", "cpr/", "ret/", "afslut/", "inddragelse/", "aftale/", "luk/"]
OUTSIDERS = ["chef", "dpo", "it", "vpi"]


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("page", READ)
def test_without_a_seat_in_the_forum_every_page_is_missing(cast, visit, noah, who, page):
    assert visit(getattr(cast, who)).get(noah.url + page).status_code == 404


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("page", WRITE)
def test_without_a_seat_in_the_forum_nothing_can_be_sent(cast, visit, noah, who, page):
    assert visit(getattr(cast, who)).post(noah.url + page, {"purpose": "meeting"}).status_code == 404


def test_a_case_that_is_there_looks_like_one_that_is_not(cast, visit, noah):
    client = visit(cast.chef)
    pages = []
    for public_id in (noah.case.public_id, "23456789abcdef"):
        page = client.get(f"/thisted/sager/{public_id}/")
        assert page.status_code == 404
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode()).replace(public_id, ""))
    assert pages[0] == pages[1]


def test_the_same_user_does_not_find_it_from_another_kommune(cast, visit, noah):
    assert visit(cast.fnt).get(noah.url.replace("thisted", "morsoe")).status_code == 404


def test_a_case_of_morsoe_is_missing_in_thisted(cast, visit, as_actor):
    with as_actor(cast.fnt, "morsoe") as actor:
        foreign = visible(actor, Verb.VIEW_CASES, Case.objects.all()).first()
    client = visit(cast.konsulent)
    assert client.get(f"/thisted/sager/{foreign.public_id}/").status_code == 404
    assert client.post(f"/thisted/sager/{foreign.public_id}/formaal/", {"purpose": "meeting"}).status_code == 404


def test_a_refused_attempt_is_written_down_without_naming_anybody(cast, visit, noah, log):
    visit(cast.chef).get(noah.url)
    row = log()[-1]
    assert (row.action, row.actor_id, row.note, row.route, row.subjects) == (LogEntry.Action.DENIED, cast.chef.pk, noah.case.public_id, "case_detail", [])


def test_a_seat_that_ends_ends_access_at_the_next_click(cast, through_gate, noah, as_actor):
    client = through_gate(cast.gade, noah)
    assert noah.is_shown_in(client.get(noah.url))
    with as_actor(cast.it):
        from municipalities.actions import database_now

        Seat.objects.filter(user=cast.gade).update(valid_to=database_now())
    after = client.get(noah.url)
    assert after.status_code == 404 and not noah.is_shown_in(after)


def test_when_the_log_cannot_be_written_nothing_is_shown(cast, through_gate, noah):
    client = through_gate(cast.konsulent, noah)
    client.raise_request_exception = False
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("revoke insert on audit.logentry from ssp_app")
        try:
            pages = [client.get(noah.url), client.get(noah.url + "ret/"), client.get(noah.url + "sag.pdf"), client.post(noah.url + "cpr/")]
        finally:
            conn.execute("grant insert on audit.logentry to ssp_app")
    assert [page.status_code for page in pages] == [500] * 4
    assert not any(noah.is_shown_in(page) for page in pages)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(cast, through_gate, noah, method):
    assert getattr(through_gate(cast.konsulent, noah), method)(noah.url).status_code == 405


def test_nobody_gets_more_than_one_case_in_a_document(cast, through_gate, noah, know):
    """There is no address for several cases, and a query string does not make one."""
    other = know("017")
    client = through_gate(cast.konsulent, noah)
    for query in ("?format=csv", "?page_size=1000", "?sag=2026-017", "?export=1"):
        for url in (noah.url, "/thisted/sager/"):
            assert not other.is_shown_in(client.get(url + query))


def test_the_ticket_of_one_case_opens_no_other(cast, as_actor, noah):
    from access.gate import reveal
    from access.models import Purpose

    with as_actor(cast.konsulent) as actor:
        reveal(actor, Verb.VIEW_CASES, Case.objects.filter(pk=noah.case.pk), purpose=Purpose.MEETING)
        assert [data.person_id for data in PersonData.objects.all()] == [noah.case.person_id]
