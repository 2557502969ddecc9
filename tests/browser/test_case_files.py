"""A file under the discussion of a case, laid up and fetched in a real browser."""

import pytest
from playwright.sync_api import expect

from access.context import actor_of, context_of
from cases.models import CaseItem
from tests.browser.steps import give_purpose


@pytest.fixture
def case(cast):
    """The address of a case that the coming meeting discusses, and of its desk there."""
    with context_of(actor_of(cast.konsulent, "thisted")):
        link = CaseItem.objects.select_related("case", "meeting").filter(meeting__status="CALLED", tenant__slug="thisted", case__number__endswith="-014").first()
        address = f"/thisted/sager/{link.case.public_id}/"
        return address, f"{address}droeftelse/{link.meeting.public_id}/"


def test_a_file_is_laid_up_fetched_and_stands_in_who_has_seen(enter, eyes, case):
    eyes.expected.add(422)
    address, desk = case
    page = enter("Ditte Havmark")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto(address)
    give_purpose(page, "Det kommende møde")
    page.goto(desk)
    eyes.look(page, "sag-droeftelse-bilag")
    page.get_by_role("link", name="Tilføj bilag").click()
    upload = page.get_by_label("Fil")
    upload.set_input_files({"name": "program.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    page.get_by_role("button", name="Tilføj bilaget").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    eyes.look(page, "sag-bilag-afvist")
    upload.set_input_files({"name": "Underretning.txt", "mimeType": "text/plain", "buffer": b"Skolen er bekymret."})
    page.get_by_role("button", name="Tilføj bilaget").click()
    expect(page.get_by_text("Bilaget ligger nu i sagen.")).to_be_visible()
    expect(page.locator("summary.me")).to_contain_text("Ditte Havmark")
    eyes.look(page, "sag-bilag")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Underretning.txt").click()
    assert fetched.value.path().read_text() == "Skolen er bekymret."
    page.goto(address)
    expect(page.get_by_role("link", name="Underretning.txt")).to_be_visible()
    expect(page.locator(".seen")).to_contain_text("hentet ud")
    eyes.look(page, "sag-med-bilag")
