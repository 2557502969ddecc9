"""A sixth kommune, of our own invention, is set up: from another's preset, and from empty to its first forum, seat and person, by mouse and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import path_of, tab_to

pytestmark = pytest.mark.django_db(transaction=True)
OPERATOR, ADMINISTRATOR, ADDRESS = "Torben Vibelund", "Rasmus Ledsgård", "rasmus.ledsgaard@thisted.example"  # he administers Thisted too, and has logged in before


def test_a_kommune_is_set_up_from_a_preset(enter, eyes):
    eyes.expected |= {422}
    page = enter(OPERATOR)
    page.get_by_role("link", name="Opret en kommune").click()
    eyes.look(page, "opret-vaelg")
    page.get_by_role("link", name="Guldborgsund Kommune").click()
    page.get_by_label("Kommunekode").fill("787")
    page.get_by_role("button", name="Vis, hvad der oprettes").click()
    expect(page.get_by_role("alert")).to_contain_text("Navn på den første IT-administrator")
    eyes.look(page, "opret-fejl")
    page.get_by_label("Kommunens navn").fill("Sjette Kommune")
    page.get_by_role("textbox", name="Adresse (valgfri)", exact=True).fill("")
    page.get_by_label("Kommunekode").fill("996")
    page.get_by_label("Ingen lige nu").check()
    page.get_by_label("Områder").fill("Nord\nSyd")
    page.get_by_label("Navn på den første IT-administrator").fill("Ida Opdigtet")
    page.get_by_label("Administratorens e-mailadresse").fill("ida@sjette.example")
    page.get_by_role("button", name="Vis, hvad der oprettes").click()
    expect(page.get_by_role("heading", name="SSP netværksgruppe, Syd")).to_be_visible()
    eyes.look(page, "opret-vis")
    page.get_by_role("button", name="Opret kommunen").click()
    expect(page.get_by_text("Sjette Kommune er oprettet")).to_be_visible()


class Mouse:
    """Points and clicks."""

    def press(self, page: Page, name: str) -> None:
        """A link or a button, and the page that follows."""
        whole = re.compile(rf"^{re.escape(name)}(\s|$)")  # a link may go on with a line about itself
        with page.expect_navigation():
            page.get_by_role("link", name=whole).or_(page.get_by_role("button", name=whole)).filter(visible=True).first.click()

    def write(self, page: Page, label: str, text: str) -> None:
        """Into a field."""
        page.get_by_label(label, exact=True).fill(text)

    def choose(self, page: Page, label: str, option: str) -> None:
        """In a list."""
        page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, page: Page, label: str) -> None:
        """A box."""
        page.get_by_label(label).click()


class Keyboard:
    """Tab, letters, Space and Enter: what has the focus shows it, and nothing else is touched."""

    def press(self, page: Page, name: str) -> None:
        """A link or a button, and the page that follows."""
        tab_to(page, name, is_start=True)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def write(self, page: Page, label: str, text: str) -> None:
        """What stands there is selected as the field is entered."""
        self._to(page, label)
        page.keyboard.press("Control+A")
        page.keyboard.type(text)

    def choose(self, page: Page, label: str, option: str) -> None:
        """A list jumps to the first letters."""
        self._to(page, label)
        page.keyboard.type(option[:4])
        assert page.evaluate("document.activeElement.selectedOptions[0].label") == option

    def tick(self, page: Page, label: str) -> None:
        """Space."""
        self._to(page, label)
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.checked")

    def _to(self, page: Page, label: str) -> None:
        tab_to(page, label, is_start=True)


@pytest.mark.parametrize("hands", [Mouse(), Keyboard()], ids=["mouse", "keyboard"])
def test_a_kommune_is_set_up_from_empty(enter, eyes, hands):
    page = enter(OPERATOR)
    hands.press(page, "Opret en kommune")
    hands.press(page, "En tom kommune")
    hands.write(page, "Kommunens navn", "Ottende Kommune")
    hands.write(page, "Kommunekode", "995")
    hands.write(page, "Navn på den første IT-administrator", ADMINISTRATOR)
    hands.write(page, "Administratorens e-mailadresse", ADDRESS)
    hands.press(page, "Vis, hvad der oprettes")
    expect(page.get_by_role("heading", name="Det her oprettes for Ottende Kommune")).to_be_visible()
    hands.press(page, "Opret kommunen")
    expect(page.get_by_text("Ottende Kommune er oprettet")).to_be_visible()

    page = enter(ADMINISTRATOR)
    hands.press(page, "Ottende Kommune")
    hands.press(page, "Opsætning")
    hands.press(page, "Niveauer")
    hands.write(page, "Navn", "Lokalt")
    hands.press(page, "Tilføj")
    expect(page.get_by_role("link", name="Lokalt")).to_be_visible()
    hands.press(page, "Opsætning")
    hands.press(page, "Organisationer")
    hands.write(page, "Navn", "Ottende Skole")
    hands.choose(page, "Type", "Kommunal skole")
    hands.choose(page, "Mærke", "Skole")
    hands.press(page, "Tilføj")
    expect(page.get_by_role("link", name="Ottende Skole")).to_be_visible()
    hands.press(page, "Opsætning")
    hands.press(page, "Fora og pladser")
    hands.press(page, "Opret et forum")
    hands.write(page, "Navn", "Ungegruppen")
    hands.choose(page, "Niveau", "Lokalt")
    hands.choose(page, "Art", "Netværk")
    hands.choose(page, "Højeste klasse", "Internt")
    hands.press(page, "Opret forummet")
    expect(page.get_by_role("heading", level=1, name="Ungegruppen")).to_be_visible()
    hands.press(page, "Ret pladserne")
    hands.press(page, "Ny plads")
    hands.write(page, "Titel", "Kontaktlærer")
    hands.press(page, "Opret pladsen")
    expect(page.get_by_role("link", name="Kontaktlærer")).to_be_visible()
    eyes.look(page, f"opret-tom-pladser-{type(hands).__name__.lower()}")

    hands.press(page, "Personer")
    hands.press(page, "Inviter en person")
    hands.write(page, "Navn", "Ane Opdigtet")
    hands.write(page, "E-mailadresse", "ane@ottende.example")
    hands.tick(page, "Ungegruppen · Kontaktlærer, Ottende Skole")
    hands.press(page, "Send invitationen")
    expect(page.get_by_text("Invitationen er på vej til ane@ottende.example.")).to_be_visible()
    hands.press(page, "Organisation")
    expect(page.get_by_role("link", name="Ungegruppen").first).to_be_visible()
    assert path_of(page) == "/ottende/organisation/"
    eyes.look(page, f"opret-tom-organisation-{type(hands).__name__.lower()}")
