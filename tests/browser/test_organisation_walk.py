"""Bad input to the organisation, as an administrator meets it: a sentence, nothing lost, nothing half done. And the pages of the politikreds."""

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import NARROW

pytestmark = pytest.mark.django_db(transaction=True)

ADMINISTRATOR, SECRETARY = "Rasmus Ledsgård", "Niels Tranekilde"
BASE = "/thisted/opsaetning/"


def open_forum(page, name):
    page.goto(f"{BASE}fora/")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    return page.url


def refused(page, eyes, name, sentence):
    expect(page.get_by_text(sentence).first).to_be_visible()
    eyes.look(page, name)


def test_what_cannot_be_is_said_and_kept_in_the_form(enter, eyes):
    eyes.expected |= {409, 422}
    page = enter(ADMINISTRATOR)

    page.goto(open_forum(page, "Lokalråd") + "ret/")
    page.get_by_label("Formål").fill("Skrevet, før det blev afvist")
    page.get_by_label("Står under").select_option(label="SSP-styregruppe")
    page.get_by_role("button", name="Gem").click()
    refused(page, eyes, "walk-ring", "Et forum kan ikke stå over sig selv")
    assert page.get_by_label("Formål").input_value() == "Skrevet, før det blev afvist"

    page.goto(open_forum(page, "SSP Grundskole") + "rytme/")
    page.locator("[name=week_from]").fill("9")
    page.locator("[name=week_to]").fill("9")
    page.locator("[name=number]").fill("12")
    page.get_by_role("button", name="Gem").first.click()
    refused(page, eyes, "walk-rytme", "I de uger, du har valgt, er der plads til")

    page.goto(open_forum(page, "SSP Grundskole") + "pladser/ny/")
    page.locator("[name=title]").fill("Endnu en konsulent")
    page.locator("[name=organisation]").select_option(label="Grundskolerne")
    page.locator("[name=user]").select_option(label="Ditte Havmark")
    page.locator("[name=role]").select_option("COORDINATOR")
    page.locator("form .btn.go").last.click()
    refused(page, eyes, "walk-plads", "har allerede en plads med denne rolle")
    assert page.locator("[name=title]").input_value() == "Endnu en konsulent"

    page.goto(open_forum(page, "SSP+") + "klasse/")
    page.get_by_label("Højeste klasse").select_option("PERSON_115")
    page.get_by_role("button", name="Vis, hvem der får og mister").click()
    refused(page, eyes, "walk-klasse", "kan aldrig håndtere personoplysninger")


def test_a_file_that_cannot_be_read_is_said(enter, eyes):
    eyes.expected |= {422}
    page = enter(ADMINISTRATOR)
    page.goto(f"{BASE}personer/import/")
    page.set_input_files("input[type=file]", {"name": "personer.csv", "mimeType": "text/csv", "buffer": b"\xff\xfe\x00\x81\x8d" * 40})
    page.get_by_role("button", name="Læs filen").click()
    refused(page, eyes, "walk-import", "Bogstaverne i filen kan ikke læses")


def test_the_pages_of_the_politikreds(enter, eyes):
    page = enter(SECRETARY)
    for name in ("", "kommuner/", "samarbejdsplan/", "organisation/"):
        page.goto(f"/midt-og-vestjylland/{name}")
        eyes.look(page, f"kreds-{name.strip('/') or 'uge'}")
    page.get_by_role("link", name="Kredsråd").first.click()
    page.get_by_role("link", name="Vis listen").click()
    eyes.look(page, "kreds-adgang")
    what_he_may_do = page.locator(".may ul").first
    expect(what_he_may_do).to_be_visible()
    page.set_viewport_size(NARROW)
    expect(what_he_may_do).to_be_hidden()
    page.emulate_media(media="print")
    expect(what_he_may_do).to_be_visible()
    eyes.expected.add(404)
    assert page.goto("/thisted/organisation/").status == 404
