"""Every PDF that has an address, found in the URLconf: fit for a screen reader, whatever stands in it."""

import pytest

from tests.conftest import make_client
from tests.documents import faults
from tests.rules.crawl import addresses, tenant_routes

ROUTES = [route for route in tenant_routes() if route.pattern.endswith(".pdf")]
STORED = {"report_pdf"}  # kept as a file that the worker makes: tests/reports/test_pdf.py


def test_there_are_documents():
    assert len(ROUTES) >= 5 and {route.name for route in ROUTES} >= STORED


@pytest.mark.parametrize("route", [route for route in ROUTES if route.name not in STORED], ids=lambda route: route.name)
def test_a_document_is_pdf_ua(cast, route):
    window, wrong, seen = make_client(cast.konsulent), {}, 0
    for url in addresses(route, "thisted"):
        if route.name == "case_pdf":  # opened inside a purpose
            window.post(url.rpartition("/")[0] + "/formaal/", {"purpose": "other", "note": "Gennemsyn af dokumentet"})
        response = window.get(url)
        if response.status_code == 200:
            seen += 1
            wrong |= {url: found} if (found := faults(response.content)) else {}
    assert seen, "the demo holds none of these"
    assert wrong == {}
