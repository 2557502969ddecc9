"""Two kommuner full of texts, every page as every role: what is shown is the tenant's own, and logged."""

import pytest

from access.models import LogEntry
from tests import harness
from tests.conftest import make_client
from tests.rules.crawl import addresses, canaries, other_texts, readable, shown_on, tenant_routes

ASKED = {"formaal": "meeting", "purpose": "meeting", "note": ""}  # how the purpose gate is passed


def visits(window, slug):
    """(url, response) of every page; cases are opened through the purpose gate, like a person does it."""
    for route in tenant_routes():
        if route.name == "case_purpose":
            for url in addresses(route, slug):
                yield url, window.post(url, ASKED)
        for url in addresses(route, slug, most=1 if route.pattern.endswith("pdf") else 3):
            yield url, window.get(url)


@pytest.mark.parametrize("role", ["konsulent", "fnt", "gade", "vpi", "dpo", "it", "kontakt-hede", "elev", "laerer"])
def test_whatever_is_shown_is_the_tenants_own_and_logged(cast, log, role):
    user = cast.users[role]
    window = make_client(user, raise_request_exception=False)
    watched, foreign = canaries(), [*other_texts("morsoe")]
    last = max((entry.pk for entry in log()), default=0)
    unlogged, leaked = [], []
    for url, response in visits(window, "thisted"):
        text = readable(response)
        shown = {canary for canary in watched if canary.text in text}
        leaked += [(url, canary.text) for canary in shown if canary.slug != "thisted"]
        leaked += [(url, sentence) for sentence in foreign if sentence in text]
        rows = [entry for entry in log() if entry.pk > last] if shown else []
        named = {subject for entry in rows if entry.actor_id == user.pk and entry.action in LogEntry.Action.READS for subject in entry.subjects}
        unlogged += [(url, canary.text) for canary in shown if canary.person_id not in named]
        last = max((entry.pk for entry in rows), default=last)
    assert leaked == []
    assert unlogged == []


def test_somebody_is_shown_something(cast):
    """The crawl can fail: the konsulent does see persons in it."""
    window = make_client(cast.konsulent, raise_request_exception=False)
    watched = canaries()
    assert any(shown_on(response, watched) for _, response in visits(window, "thisted"))


def test_the_police_officer_sees_each_kommunes_persons_there_alone(cast):
    watched = canaries()
    for slug in ("thisted", "morsoe"):
        window = make_client(cast.fnt, raise_request_exception=False)
        shown = {canary.slug for _, response in visits(window, slug) for canary in shown_on(response, watched)}
        assert shown <= {slug}


def test_kill_switch_no_log_no_person(cast):
    """With INSERT on the log revoked, every page of the konsulent is without a single canary."""
    watched = canaries()
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("revoke insert on audit.logentry from ssp_app")
        try:
            window = make_client(cast.konsulent, raise_request_exception=False)
            shown = [(url, canary.text) for url, response in visits(window, "thisted") for canary in shown_on(response, watched)]
        finally:
            conn.execute("grant insert on audit.logentry to ssp_app")
    assert shown == []


def test_lists_and_titles_never_name_a_person(cast):
    """Lists, Min uge, calendar and file names: case numbers only."""
    window = make_client(cast.konsulent, raise_request_exception=False)
    names = [canary.text for canary in canaries()]
    for path in ("", "sager/", "moeder/", "aftaler/", "organisation/", "rapporter/", "handleplaner/", "adgangslog/"):
        text = readable(window.get(f"/thisted/{path}"))
        assert [name for name in names if name in text] == [], path
