"""Who writes one item or aftale after the other does not wait for the answer, and loses no letter by it."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.context import actor_of, context_of
from meetings.models import Meeting

WRITER = "Ditte Havmark"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def path(cast):
    """A called meeting's address."""
    with context_of(actor_of(cast.konsulent, "thisted")):
        meeting = Meeting.objects.filter(forum__key="grundskole", tenant__slug="thisted", status="CALLED").latest("starts_at")
    return f"/thisted/moeder/{meeting.public_id}/"


def slow(page: Page, address: str) -> None:
    """The answer takes a moment, as on a bad line."""

    def wait(route):
        time.sleep(0.4)
        route.continue_()

    page.route(re.compile(address), wait)


def test_the_next_item_is_typed_while_the_first_is_on_its_way(enter, eyes, path):
    page = enter(WRITER)
    page.goto(path)
    slow(page, r"/punkter/$")
    title = page.get_by_label("Titel")
    title.fill("Et punkt")
    page.get_by_role("button", name="Tilføj punkt").click()
    title.fill("Det næste punkt")
    expect(page.get_by_role("heading", name="Et punkt", exact=True)).to_be_visible()
    expect(title).to_have_value("Det næste punkt")
    page.get_by_role("button", name="Tilføj punkt").click()
    expect(page.get_by_role("heading", name="Det næste punkt")).to_be_visible()
    expect(title).to_have_value("")


def test_so_is_the_next_aftale(enter, eyes, path):
    page = enter(WRITER)
    page.goto(f"{path}referat/")
    slow(page, r"/aftale/$")
    fields, day = page.locator("#aftaler"), timezone.localdate() + timedelta(days=20)
    for name, value in (("Hvem", "Anders"), ("Gør hvad", "Ringer til skolen"), ("Senest", f"{day.day}/{day.month}")):
        fields.get_by_label(name).fill(value)
    fields.get_by_role("button", name="Tilføj").click()
    fields.get_by_label("Gør hvad").fill("Skriver til PPR")
    expect(fields.get_by_text("Ringer til skolen")).to_be_visible()
    expect(fields.get_by_label("Gør hvad")).to_have_value("Skriver til PPR")
    expect(fields.get_by_label("Hvem")).to_have_value("")


def test_what_was_refused_is_kept_beside_what_was_typed_meanwhile(enter, eyes, path):
    eyes.expected |= {422}
    page = enter(WRITER)
    page.goto(f"{path}referat/")
    slow(page, r"/aftale/$")
    fields = page.locator("#aftaler")
    for name, value in (("Hvem", "Anders"), ("Gør hvad", "Ringer til skolen"), ("Senest", "engang")):
        fields.get_by_label(name).fill(value)
    fields.get_by_role("button", name="Tilføj").click()
    fields.get_by_label("Gør hvad").fill("Skriver til PPR")
    expect(fields.get_by_role("alert")).to_contain_text("Der er noget at rette")
    expect(fields.get_by_label("Gør hvad")).to_have_value("Ringer til skolen / Skriver til PPR")
    expect(fields.get_by_label("Hvem")).to_have_value("Anders")
