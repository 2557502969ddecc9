"""The file: tagged for a screen reader, and silent about whom it may not name."""

import io

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
from tests.documents import elements, faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(cast, as_actor):
    """(figures, bytes) of the report about the last half-year."""
    half_year = ended_half_years()[0]
    with as_actor(cast.konsulent) as actor, translation.override("da"):
        figures = read_figures(actor, half_year)
        audience = Forum.objects.get(kind="LOKALRAAD", tenant=actor.tenant_id)
        report = Report(tenant_id=actor.tenant_id, audience=audience, period_from=half_year.first_day, period_to=half_year.last_day, ordered_by=cast.konsulent)
        context = documents.report_document(report, figures, None, report.tenant.terms)
        return figures, render_pdf("reports/report_pdf.html", {**context, "tenant": Tenant.objects.get(slug="thisted")})


def test_the_document_is_pdf_ua(document):
    content = document[1]
    assert faults(content) == []
    assert "pdfuaid:part" in PdfReader(io.BytesIO(content)).root_object["/Metadata"].get_data().decode()
    assert "1. halvår" in PdfReader(io.BytesIO(content)).metadata.title


def test_both_kinds_of_header_and_the_charts_are_told(document):
    tree = list(elements(PdfReader(io.BytesIO(document[1])).root_object["/StructTreeRoot"]["/K"].get_object()))
    assert {element["/A"]["/Scope"] for element in tree if element["/S"] == "/TH"} == {"/Row", "/Column"}
    assert len([element for element in tree if element["/S"] == "/Figure"]) >= 3


def test_every_letter_has_its_font_in_the_file(document):
    for page in PdfReader(io.BytesIO(document[1])).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            name = font.get_object()["/BaseFont"]
            assert "Rapport" in name or "Source" in name, name


def test_no_young_person_is_named(document):
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document[1])).pages)
    content = read_demo("thisted")
    for person in [*content["persons"], *content["earlier"]["cases"]]:
        assert person["name"] not in text
    assert "halvår" in text


def test_sentence_table_and_chart_follow_one_rule():
    """Half of what is agreed a year, rounded down; a forum with one meeting a year is not judged by the half-year."""
    rows = [("Styregruppe", 2, 4), ("§ 115-møder", 7, 17), ("SSP Grundskole", 1, 3), ("Trygt Natteliv", 0, 1), ("Elevråd", 1, 4), ("Ad hoc", 1, None)]
    figures = {"meetings": [{"forum": name, "held": held, "held_in_year": held, "agreed_in_year": agreed} for name, held, agreed in rows]}
    with translation.override("da"):
        head, text = documents._meetings_in_short(figures["meetings"])
        table = documents.meeting_table(figures)
    assert head.startswith("2 af 4 fora") and "§ 115-møder (7 af 8), Elevråd (1 af 2)" in text
    assert [values[:2] for _forum, values in table.rows] == [[2, 2], [7, 8], [1, 1], [0, 0], [1, 2], [1, "–"]]
    assert "8.5" not in str(documents._meetings_chart(figures)) and "8,5" not in str(documents._meetings_chart(figures))
