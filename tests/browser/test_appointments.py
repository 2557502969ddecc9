"""A second IT administrator: asked for, approved by the chair, carried out; and what the last administrator is told."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import go, heading

pytestmark = pytest.mark.django_db(transaction=True)
ADMINISTRATOR, CHAIR, OPERATOR = "Rasmus Ledsgård", "Claus Bjergmark", "Torben Vibelund"


def test_two_persons_appoint_a_second_administrator(enter, eyes):
    eyes.expected |= {409}
    page = enter(ADMINISTRATOR)
    go(page, "Personer")
    page.get_by_role("link", name=ADMINISTRATOR).click()
    page.get_by_role("link", name="Afslut udpegningen").click()
    page.get_by_role("button", name="Afslut udpegningen").click()
    expect(page.get_by_role("alert")).to_contain_text("sidste administrator")
    eyes.look(page, "udpeg-sidste")
    page.get_by_role("link", name="Udpeg", exact=True).click()
    heading(page, "Udpeg en DPO eller en IT-administrator")
    expect(page.get_by_label("IT-administrator", exact=True)).to_be_checked()
    page.get_by_label("Navn").fill("Nina Opdigtet")
    page.get_by_label("E-mailadresse").fill("nina@thisted.example")
    page.get_by_label("Hvorfor?").fill("Skal kunne tage over.")
    eyes.look(page, "udpeg")
    page.get_by_role("button", name="Bed om godkendelse").click()
    heading(page, "Skal Nina Opdigtet være IT-administrator?")
    expect(page.get_by_role("button", name="Godkend")).to_have_count(0)

    chair = enter(CHAIR)
    chair.get_by_role("link", name=re.compile("Nina Opdigtet")).click()
    eyes.look(chair, "udpeg-anden-person")
    chair.get_by_role("button", name="Godkend").click()
    expect(chair.get_by_text("Du har godkendt det")).to_be_visible()

    go(page, "Min uge")
    page.get_by_role("link", name=re.compile("Nina Opdigtet")).click()
    page.get_by_role("button", name="Udpeg IT-administrator").click()
    expect(page.get_by_text("Nina Opdigtet er udpeget")).to_be_visible()
    go(page, "Personer")
    expect(page.get_by_role("row", name=re.compile("Nina Opdigtet"))).to_contain_text("IT-administrator")


def test_an_operator_appoints_where_nobody_has_come(enter, eyes):
    page = enter(OPERATOR)
    page.goto("/opret-kommune/udpeg/midt-og-vestjylland/")
    page.locator("#id_admin-name").fill("Karen Opdigtet")
    page.locator("#id_admin-email").fill("karen@kreds.example")
    page.get_by_role("button", name="Udpeg IT-administrator").click()
    expect(page.get_by_text("karen@kreds.example er udpeget")).to_be_visible()
    expect(page.get_by_role("button", name="Send igen")).to_be_visible()
    eyes.look(page, "udpeg-udefra")
