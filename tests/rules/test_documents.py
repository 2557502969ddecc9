"""Every PDF that has an address, found in the URLconf: fit for a screen reader, whatever stands in it."""

import pytest

from tests import harness
from tests.conftest import make_client
from tests.documents import faults
from tests.rules.crawl import addresses, tenant_routes

ROUTES = [route for route in tenant_routes() if route.pattern.endswith(".pdf")]
STORED = {"report_pdf", "meeting_book_pdf"}  # kept as a file that the worker makes: tests/reports/test_pdf.py, tests/meetings/test_book.py


def test_there_are_documents():
    assert len(ROUTES) >= 5 and {route.name for route in ROUTES} >= STORED


def forums_with_functions():
    """The document of the forums that have descriptions of functions; the others have none."""
    with harness.admin(harness.DATABASE) as conn:
        rows = conn.execute("select distinct f.public_id from plans_functiondescription d join municipalities_forum f on f.id = d.forum_id").fetchall()
    return [f"/thisted/funktionsbeskrivelser/forum/{row[0]}/funktioner.pdf" for row in rows]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.name not in STORED], ids=lambda route: route.name)
def test_a_document_is_pdf_ua(cast, route):
    window, wrong, seen = make_client(cast.konsulent), {}, 0
    for url in addresses(route, "thisted", most=4) if route.name != "function_pdf" else forums_with_functions():
        if route.name == "case_pdf":  # opened inside a purpose
            window.post(url.rpartition("/")[0] + "/formaal/", {"purpose": "other", "note": "Gennemsyn af dokumentet"})
        response = window.get(url)
        if response.status_code == 200:
            seen += 1
            wrong |= {url: found} if (found := faults(response.content)) else {}
    assert seen, "the demo holds none of these"
    assert wrong == {}
