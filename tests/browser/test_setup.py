"""The set-up at both widths, and by keyboard alone: the administrator changes the organisation without a mouse."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)

ADMINISTRATOR = "Rasmus Ledsgård"
BASE = "/thisted/opsaetning/"


def test_every_page_of_the_set_up_is_looked_at(enter, eyes):
    page = enter(ADMINISTRATOR)
    for name in ("", "niveauer/", "omraader/", "organisationer/", "forebyggelse/", "trin/", "navne/", "matrix/", "fora/", "fora/nyt/"):
        page.goto(BASE + name)
        eyes.look(page, f"opsaetning-{name.strip('/').replace('/', '-') or 'forside'}")
    page.goto("/thisted/organisation/matrix/")
    eyes.look(page, "opsaetning-matrix-medlem")
    page.goto(f"{BASE}niveauer/")
    page.get_by_role("link", name="Koordinerende").click()
    eyes.look(page, "opsaetning-niveau")
    page.goto(f"{BASE}fora/")
    page.get_by_role("link", name="SSP Grundskole").click()
    eyes.look(page, "opsaetning-forum")
    page.get_by_role("link", name="Ret forummet").click()
    eyes.look(page, "opsaetning-forum-ret")
    page.goto(BASE)
    page.get_by_role("link", name="SSP Grundskole").click()
    eyes.look(page, "opsaetning-klasse-venter")


def test_a_class_is_lowered_after_a_look_at_who_loses(enter, eyes):
    page = enter(ADMINISTRATOR)
    page.goto(f"{BASE}fora/")
    page.get_by_role("link", name="SSP-styregruppe").click()
    page.get_by_role("link", name="Skift art eller klasse").click()
    page.get_by_label("Højeste klasse").select_option("INTERNAL")
    page.get_by_role("button", name="Vis, hvem der får og mister").click()
    expect(page.get_by_role("heading", name="Hvad der ville ske")).to_be_visible()
    eyes.look(page, "opsaetning-klasse")
    page.get_by_role("button", name="Sænk den nu").click()
    expect(page.get_by_role("heading", name="SSP-styregruppe")).to_be_visible()


def test_a_level_and_a_forum_by_keyboard_alone(enter):
    page = enter(ADMINISTRATOR)
    page.goto(f"{BASE}niveauer/")
    page.get_by_label("Navn").focus()
    page.keyboard.type("Lokalt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Lokalt")).to_be_visible()
    page.goto(f"{BASE}fora/nyt/")
    page.get_by_label("Navn").focus()
    page.keyboard.type("Ungegruppen")
    page.keyboard.press("Tab")
    page.keyboard.type("Lokalt")
    page.keyboard.press("Tab")
    page.keyboard.type("Netv")
    page.keyboard.press("Tab")  # what each kind is for
    page.keyboard.press("Tab")
    page.keyboard.type("Inte")
    page.get_by_role("button", name="Opret forummet").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/opsaetning/fora/\w{14}/$"))
    expect(page.get_by_role("heading", name="Ungegruppen", level=1)).to_be_visible()
    expect(page.get_by_text("Lokalt").first).to_be_visible()
