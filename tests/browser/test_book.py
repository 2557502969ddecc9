"""A member's meeting book in a real browser: ordered by one click, followed, fetched, grown old, made again."""

import io
import re

import pytest
from django.db import transaction
from playwright.sync_api import expect
from pypdf import PdfReader

from access.context import context_of, resolve_actor
from access.models import User
from meetings import attachment_actions
from meetings.models import AgendaItem, Meeting
from tests.access.test_pdf_pages import bare, blank


@pytest.fixture
def meeting(live_server, worker):
    """The coming meeting of the styregruppe, with a file that can be put in and one that is locked."""
    with transaction.atomic():
        actor = resolve_actor(User.objects.get(email="ditte.havmark@thisted.example"), "thisted")[0]
    with context_of(actor):
        found = Meeting.objects.filter(forum__key="styregruppe", status="CALLED", tenant_id=actor.tenant_id).select_related("forum").order_by("-starts_at").first()
        item = AgendaItem.objects.filter(meeting=found, data_class="INTERNAL").order_by("order").first()
        attachment_actions.add_attachment(item, actor=actor, name="Trivselsmåling.pdf", content=bare())
        attachment_actions.add_attachment(item, actor=actor, name="Låst.pdf", content=blank(user_password="x"))
        return found, item, actor


def test_a_book_is_ordered_followed_fetched_and_made_again(enter, eyes, meeting):
    found, item, actor = meeting
    page = enter("Ditte Havmark")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"/thisted/moeder/{found.public_id}/")
    eyes.look(page, "moede-med-moedebog")
    page.get_by_role("button", name="Mødebog").click()
    get = page.get_by_role("link", name="Hent mødebogen")
    expect(get).to_be_visible(timeout=60_000)  # the page asks by itself until it is there
    eyes.look(page, "moedebog")
    expect(page.get_by_text("Filen er låst med en adgangskode.")).to_be_visible()
    with page.expect_download() as download:
        get.click()
    assert re.fullmatch(r"moedebog-styregruppe-\d{4}-\d\d-\d\d\.pdf", download.value.suggested_filename)
    book = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    assert "Side tre" in "".join(sheet.extract_text() for sheet in book.pages)
    with context_of(actor):
        AgendaItem.objects.filter(pk=item.pk).update(title="Et punkt med en ny overskrift")
    page.reload()
    expect(page.get_by_text("Ændret siden", exact=True)).to_be_visible()
    eyes.look(page, "moedebog-aendret")
    page.get_by_role("button", name="Lav den igen").click()
    expect(page.get_by_text("Klar", exact=True)).to_be_visible(timeout=60_000)


def test_the_progress_is_shown_and_the_page_works_without_scripts(enter, eyes, meeting, monkeypatch):
    from access import notify

    found, _item, _actor = meeting
    monkeypatch.setattr(notify, "wake_outbox", lambda tenant_id: None)  # nobody begins
    page = enter("Ditte Havmark", java_script_enabled=False)
    page.goto(f"/thisted/moeder/{found.public_id}/")
    page.get_by_role("button", name="Mødebog").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("link", name="Opdater")).to_be_visible()
    with_scripts = enter("Ditte Havmark")
    expect(with_scripts.get_by_role("heading", level=1)).to_be_visible()
    with_scripts.goto(f"/thisted/moeder/{found.public_id}/moedebog/")
    eyes.look(with_scripts, "moedebog-undervejs")
