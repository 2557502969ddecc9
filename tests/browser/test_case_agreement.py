"""An aftale in a case moved and done, and the day of deletion put off, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from access.context import actor_of, context_of
from cases.models import Case
from tests.browser.steps import give_purpose


@pytest.fixture
def case(cast):
    """The address of a case with an open aftale."""
    with context_of(actor_of(cast.konsulent, "thisted")):
        return f"/thisted/sager/{Case.objects.get(tenant__slug='thisted', number__endswith='-014', status='OPEN').public_id}/"


def test_an_aftale_is_moved_and_done_and_the_day_of_deletion_put_off(enter, eyes, case):
    eyes.expected.add(422)
    page = enter("Ditte Havmark")
    page.wait_for_url(lambda url: "login" not in url)
    eyes.look(page, "uge-med-slettefrist")
    page.goto(case)
    give_purpose(page, "Det kommende møde")
    page.get_by_role("link", name="Ringer til forældrene om fritidsjobbet").click()
    eyes.look(page, "sag-aftale")
    page.get_by_label("Den får en ny dag").check()
    page.get_by_role("textbox", name="Ny dag").fill((timezone.localdate() + timedelta(days=6)).isoformat())
    page.get_by_role("button", name="Gem").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    eyes.look(page, "sag-aftale-afvist")
    page.get_by_label("Bemærkning").first.fill("Faren er tilbage på torsdag.")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Faren er tilbage på torsdag.")).to_be_visible()
    page.get_by_label("Den er udført").check()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("button", name="Genåbn")).to_be_visible()
    eyes.look(page, "sag-aftale-udfoert")
    page.goto(case)
    page.get_by_role("link", name="Ret slettefristen").click()
    page.get_by_label("Slettes senest").fill((timezone.localdate() + timedelta(days=400)).isoformat())
    page.get_by_role("button", name="Gem").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    eyes.look(page, "sag-slettefrist-afvist")
    page.get_by_label("Hvorfor sagen skal gemmes længere").fill("Fritidsjobbet skal følges til sommer.")
    page.get_by_role("button", name="Gem").click()
    expect(page.locator("#opbevaring")).to_contain_text("Fritidsjobbet skal følges til sommer.")
    eyes.look(page, "sag-med-forlaenget-frist")
    page.goto("/thisted/sager/?vis=slettefrist")
    expect(page.get_by_role("heading", name="Skal slettes nu")).to_be_visible()
    eyes.look(page, "sager-der-skal-slettes")
