"""An aftale that is typed beside a discussion and not added is sent with it, with a script and without, once."""

import re

import pytest
from playwright.sync_api import expect

from access.context import actor_of, context_of
from cases.models import CaseItem
from tests.browser.steps import give_purpose

WHAT = "Ringer til den opdigtede klub"


@pytest.fixture
def address(cast):
    """The desk of a case at the coming meeting."""
    with context_of(actor_of(cast.konsulent, "thisted")):
        link = CaseItem.objects.select_related("case", "meeting").filter(meeting__status="CALLED", tenant__slug="thisted").order_by("item__order").first()
    return f"/thisted/sager/{link.case.public_id}/droeftelse/{link.meeting.public_id}/"


@pytest.fixture
def desk(enter, address):
    """`desk(script)`: a page that stands there, with its purpose given."""

    def opened(script):
        page = enter("Ditte Havmark", java_script_enabled=script)
        page.goto(address)
        give_purpose(page, "Det kommende møde")
        page.goto(address)
        return page

    return opened


def fill(page, words):
    """Something in the discussion, and an aftale in its line."""
    page.locator("#droeftelse textarea").first.fill(words)
    line = page.locator("#aftaler form.line")
    line.get_by_label("Hvem").fill("Anders Strandhede")
    line.get_by_label("Gør hvad").fill(WHAT)
    line.get_by_label("Frist").fill("1/3 2027")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("button", ["Gem", "Tilføj"])
def test_neither_the_text_nor_the_aftale_is_lost(desk, eyes, script, button):
    page = desk(script)
    fill(page, "Det, der blev sagt")
    where = page.locator("#aftaler") if button == "Tilføj" else page.locator("#droeftelse")
    where.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#aftaler li", has_text=WHAT)).to_have_count(1)
    expect(page.locator("#droeftelse textarea").first).to_have_value("Det, der blev sagt")
    expect(page.locator("#aftaler form.line").get_by_label("Gør hvad")).to_have_value("")
    if script:  # what looks for faults is one itself
        eyes.look(page, f"droeftelse-aftale-{button.lower()}")


def test_an_aftale_waits_for_the_text_that_is_on_its_way(desk, eyes):
    """Or the next page came with the text of before, and the first word on it were a conflict with oneself."""
    page, held = desk(True), []
    page.route(re.compile("/droeftelse/"), lambda route: held.append(route) if "x-autosave" in route.request.headers else route.continue_())
    fill(page, "Det, der blev sagt")
    page.locator("#aftaler").get_by_role("button", name="Tilføj", exact=True).click()
    page.wait_for_timeout(300)
    expect(page.locator("#aftaler li", has_text=WHAT)).to_have_count(0)
    assert len(held) == 1
    held.pop().continue_()
    page.unroute_all()
    expect(page.locator("#aftaler li", has_text=WHAT)).to_have_count(1)
    text = page.locator("#droeftelse textarea").first
    expect(text).to_have_value("Det, der blev sagt")
    text.fill("Det, der blev sagt siden")
    text.blur()
    expect(page.get_by_text("Gemt kl.").first).to_be_visible()
    expect(page.locator("[data-conflict]")).to_be_empty()


@pytest.mark.parametrize("script", [True, False])
def test_an_aftale_that_cannot_be_read_comes_back(desk, eyes, script):
    eyes.expected.add(422)
    page = desk(script)
    fill(page, "Det, der blev sagt om noget andet")
    page.locator("#aftaler form.line").get_by_label("Hvem").fill("En helt ukendt")
    page.locator("#droeftelse").get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator("#aftaler [data-errors]")).to_be_visible()
    expect(page.locator("#aftaler form.line").get_by_label("Gør hvad")).to_have_value(WHAT)
    expect(page.locator("#droeftelse textarea").first).to_have_value("Det, der blev sagt om noget andet")
