"""The file: tagged for a screen reader, and silent about whom it may not name."""

import io
from itertools import pairwise

import pytest
from django.utils import translation
from pypdf import PdfReader

from access.exports import render_pdf
from municipalities.models import Forum, Tenant
from reports import documents
from reports.figures import read_figures
from reports.models import Report
from reports.periods import ended_half_years
from ssp.demo.load import read_demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(cast, as_actor):
    """(figures, bytes) of the report about the last half-year."""
    half_year = ended_half_years()[0]
    with as_actor(cast.konsulent) as actor, translation.override("da"):
        figures = read_figures(actor, half_year)
        audience = Forum.objects.get(kind="LOKALRAAD", tenant=actor.tenant_id)
        report = Report(tenant_id=actor.tenant_id, audience=audience, period_from=half_year.first_day, period_to=half_year.last_day, ordered_by=cast.konsulent)
        context = documents.report_document(report, figures, None)
        return figures, render_pdf("reports/report_pdf.html", {**context, "tenant": Tenant.objects.get(slug="thisted")})


def walk(node):
    """Every element of a tag tree."""
    if isinstance(node, list):
        for kid in node:
            yield from walk(kid.get_object() if hasattr(kid, "get_object") else kid)
    elif hasattr(node, "get") and "/S" in node:
        yield node
        kids = node.get("/K", [])
        yield from walk(kids.get_object() if hasattr(kids, "get_object") else kids)


def test_the_pdf_says_what_pdf_ua_asks_of_its_head(document):
    root = PdfReader(io.BytesIO(document[1])).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "da"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "1. halvår" in PdfReader(io.BytesIO(document[1])).metadata.title


def test_every_header_cell_has_a_scope_and_every_figure_a_text(document):
    root = PdfReader(io.BytesIO(document[1])).trailer["/Root"]
    elements = list(walk(root["/StructTreeRoot"]["/K"].get_object()))
    scopes = [element["/A"].get("/Scope") for element in elements if element["/S"] == "/TH" and element.get("/A")]
    assert set(scopes) == {"/Row", "/Column"}
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert len(figures) >= 3
    assert all(element.get("/Alt") for element in figures)


def test_headings_follow_one_another(document):
    root = PdfReader(io.BytesIO(document[1])).trailer["/Root"]
    levels = [int(element["/S"][2]) for element in walk(root["/StructTreeRoot"]["/K"].get_object()) if element["/S"] in ("/H1", "/H2", "/H3", "/H4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_letter_has_its_font_in_the_file(document):
    for page in PdfReader(io.BytesIO(document[1])).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            name = font.get_object()["/BaseFont"]
            assert "Rapport" in name or "Source" in name, name


def test_no_young_person_is_named(document):
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document[1])).pages)
    for person in read_demo("thisted")["persons"]:
        assert person["name"] not in text
    assert "halvår" in text
