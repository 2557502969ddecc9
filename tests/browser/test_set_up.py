"""A sixth kommune, of our own invention, is set up from empty: by mouse, and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import tab_to

OPERATOR = "Torben Vibelund"


@pytest.mark.django_db(transaction=True)
def test_a_kommune_is_set_up_by_mouse(enter, eyes):
    eyes.expected |= {422}
    page = enter(OPERATOR)
    page.get_by_role("link", name="Opret en kommune").click()
    eyes.look(page, "opret-vaelg")
    page.get_by_role("link", name="Guldborgsund Kommune").click()
    page.get_by_label("Kommunekode").fill("787")
    page.get_by_role("button", name="Vis, hvad der oprettes").click()
    expect(page.get_by_role("alert")).to_contain_text("Navn på den første it-administrator")
    eyes.look(page, "opret-fejl")
    page.get_by_label("Kommunens navn").fill("Sjette Kommune")
    page.get_by_label("Adresse (").fill("")
    page.get_by_label("Kommunekode").fill("996")
    page.get_by_label("Ingen lige nu").check()
    page.get_by_label("Områder").fill("Nord\nSyd")
    page.get_by_label("Navn på den første it-administrator").fill("Ida Opdigtet")
    page.get_by_label("Administratorens e-mailadresse").fill("ida@sjette.example")
    page.get_by_role("button", name="Vis, hvad der oprettes").click()
    expect(page.get_by_role("heading", name="SSP netværksgruppe, Syd")).to_be_visible()
    eyes.look(page, "opret-vis")
    page.get_by_role("button", name="Opret kommunen").click()
    expect(page.get_by_text("Sjette Kommune er oprettet")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_kommune_is_set_up_from_empty_by_keyboard_alone(enter):
    page = enter(OPERATOR)
    page.goto("/opret-kommune/")
    tab_to(page, "En tom kommune")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hvilken kommune er det?")).to_be_visible()
    for written in ("Tastaturets Kommune", "", "995"):
        page.keyboard.press("Tab")
        while page.evaluate("!['INPUT', 'TEXTAREA'].includes(document.activeElement.tagName)"):
            page.keyboard.press("Tab")
        page.keyboard.type(written)
    page.keyboard.press("Tab")  # the politikreds: none for now stays chosen
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Ida Opdigtet")
    page.keyboard.press("Tab")
    page.keyboard.type("ida@tastatur.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Det her oprettes for Tastaturets Kommune")).to_be_visible()
    tab_to(page, "Opret kommunen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tastaturets Kommune er oprettet")).to_be_visible()
