"""Two kommuner full of texts, every page as every role: what is shown is the tenant's own, and logged."""

import pytest

from tests import harness
from tests.conftest import make_client
from tests.rules.crawl import canaries, other_texts, readable, shown_on, visits

ROLES = ("konsulent", "fnt", "gade", "vpi", "dpo", "it", "chef", "kontakt-hede", "elev", "laerer")
WITH_CASES = ("konsulent", "fnt")  # who do see persons: a walk that met none would prove nothing


@pytest.mark.parametrize(("role", "slug"), [*((role, "thisted") for role in ROLES), ("fnt", "morsoe")])
def test_whatever_is_shown_is_the_tenants_own_and_logged(walk, role, slug):
    """The police officer, who serves both, sees each kommune's persons there alone."""
    pages = walk(role, slug)
    shown = [(page, canary) for canary in canaries() for page in pages if canary.text in page.text]
    assert [(page.url, canary.text) for page, canary in shown if canary.slug != slug] == []
    assert [(page.url, canary.text) for page, canary in shown if canary.person_id not in page.named] == []
    assert [(page.url, text) for text in other_texts("morsoe" if slug == "thisted" else "thisted") for page in pages if text in page.text] == []
    assert bool(shown) or role not in WITH_CASES or slug != "thisted"


def test_no_page_shows_the_administrator_a_person_or_an_agenda(walk):
    """He sets everything up, and sees no content."""
    seen, items = walk("it"), agenda_texts()
    hidden = [*(canary.text for canary in canaries()), *items]
    assert [(page.url, text) for page in seen for text in hidden if text in page.text] == []
    assert sum(page.status == 200 for page in seen) > 10 and len(items) > 10


def agenda_texts():
    """How the texts and decisions of every agenda item begin, where they are long enough to be nobody else's words."""
    query = """select distinct left(t, 30) from (
      select text as t from meetings_agendaitem union all select decision from meetings_agendaitem) s where length(t) > 30"""
    with harness.admin(harness.DATABASE) as conn:
        return [" ".join(row[0].split()) for row in conn.execute(query).fetchall()]


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
