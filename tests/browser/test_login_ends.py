"""The login ends while somebody writes about a case: the text stays on the page, and is saved by the new login with a purpose of its own."""

import re

import pytest
from playwright.sync_api import Page, expect

from access.context import actor_of, context_of
from cases.models import CaseItem
from meetings.models import ItemProposal
from municipalities.models import Forum
from tests import harness
from tests.browser.steps import give_purpose

WRITER, FACTS = "Ditte Havmark", "Faktiske oplysninger"
TEXT = "Skrevet, efter at loginet var udløbet."

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(cast):
    """A case at a called meeting."""
    with context_of(actor_of(cast.konsulent, "thisted")):
        return CaseItem.objects.select_related("case", "meeting").filter(meeting__status="CALLED", tenant__slug="thisted").order_by("item__order").first()


@pytest.fixture
def desk(enter, link):
    """The writer at the case, with his purpose given; then his login ends."""
    page, address = enter(WRITER), f"/thisted/sager/{link.case.public_id}/droeftelse/{link.meeting.public_id}/"
    page.goto(address)
    give_purpose(page, "Det kommende møde")
    page.goto(address)
    expect(page.get_by_label(FACTS)).to_be_visible()
    page.context.clear_cookies(name=re.compile("sessionid"))
    return page


def purposes_of(link):
    """The purposes of the rows that the discussion of the case has written into the log."""
    with harness.admin(harness.DATABASE) as conn:
        rows = conn.execute("select purpose from audit.logentry where object_id = %s and route = 'case_discussion' order by id", [link.case.pk]).fetchall()
    return [purpose for (purpose,) in rows]


def in_new_tab(page: Page, name: str) -> Page:
    with page.expect_popup() as opened:
        page.get_by_role("link", name=name).click()
    return opened.value


def back_to(page: Page, tab: Page) -> None:
    tab.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")  # headless windows do not tell that they are in front again


def log_in_again(page: Page) -> None:
    tab = in_new_tab(page, "Log ind i en ny fane")
    tab.get_by_role("button", name=WRITER).click()
    expect(tab.get_by_role("heading", level=1, name="Min uge")).to_be_visible()
    back_to(page, tab)


def test_the_text_of_a_discussion_outlives_the_login_and_is_saved_with_a_new_purpose(desk, eyes, link):
    eyes.expected |= {401, 422}
    before = len(purposes_of(link))
    desk.get_by_label(FACTS).fill(TEXT)
    desk.get_by_role("button", name="Gem", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("Du er logget ud")
    log_in_again(desk)
    expect(desk.get_by_role("alert")).to_contain_text("Angiv, hvorfor du åbner sagen")
    expect(desk.get_by_label(FACTS)).to_have_value(TEXT)
    assert len(purposes_of(link)) == before, "without a purpose nothing of the case is opened"
    eyes.look(desk, "sag-formaal-igen")
    tab = in_new_tab(desk, "Angiv dit formål i en ny fane")
    give_purpose(tab, "Andet", "Skrev videre efter nyt login")
    expect(tab.get_by_role("heading", name="Hvorfor åbner du sagen?")).to_have_count(0)
    back_to(desk, tab)
    expect(desk.locator("[data-saved]").first).to_contain_text("Gemt kl.")
    assert set(purposes_of(link)[before:]) == {"other"}
    desk.get_by_role("button", name="Gem", exact=True).click()
    expect(desk.get_by_text("Drøftelsen er gemt.")).to_be_visible()
    expect(desk.get_by_label(FACTS)).to_have_value(TEXT)


def test_who_logs_in_again_and_saves_by_the_button_answers_and_has_saved(desk, eyes, link):
    """The page that was sent without its script's help: the answer carries the text along."""
    eyes.expected |= {401, 409, 422}
    desk.get_by_label(FACTS).fill(TEXT)
    desk.keyboard.press("Control+s")
    expect(desk.get_by_role("alert")).to_contain_text("Du er logget ud")
    log_in_again(desk)
    expect(desk.get_by_role("alert")).to_contain_text("Angiv, hvorfor du åbner sagen")
    desk.on("dialog", lambda asked: asked.accept())
    # as a browser without scripts sends it, with the token of the new login
    desk.evaluate("() => { const form = document.getElementById('droeftelse'); form.csrfmiddlewaretoken.value = window.ssp.freshToken(); form.submit(); }")
    expect(desk.get_by_text("Det, du har skrevet, er bevaret")).to_be_visible()
    eyes.look(desk, "sag-formaal-med-tekst")
    desk.get_by_role("radio", name="Det kommende møde").check()
    desk.get_by_role("button", name="Svar og gem").click()
    expect(desk.get_by_text("Drøftelsen er gemt.")).to_be_visible()
    expect(desk.get_by_label(FACTS)).to_have_value(TEXT)


def test_a_page_left_open_is_saved_in_nobody_elses_name(enter, eyes, cast):
    """A colleague logs in in another tab: the script renews no token for him, and what stood on the page is neither saved nor shown."""
    eyes.expected |= {401, 403}
    page, said = enter(WRITER), "Skrevet af Ditte"
    with context_of(actor_of(cast.konsulent, "thisted")):
        path = f"/thisted/fora/{Forum.objects.get(tenant__slug='thisted', key='styregruppe').public_id}/forslag/"
    for ended_first in (False, True):
        page.goto(path)
        page.get_by_label("Punkt").fill(said)
        page.context.clear_cookies(name=re.compile("sessionid"))
        if ended_first:
            page.get_by_role("button", name="Send forslaget").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ud")
        tab = page.context.new_page()
        tab.goto("/konto/login/")
        tab.get_by_role("button", name="Anders Strandhede").click()
        tab.close()
        page.get_by_role("button", name="Send igen" if ended_first else "Send forslaget").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Siden var for gammel til at blive gemt")
        assert said not in page.content()
        page.context.clear_cookies(name=re.compile("sessionid"))
        page.goto("/konto/login/")
        page.get_by_role("button", name=WRITER).click()
    with context_of(actor_of(cast.konsulent, "thisted")):
        assert not ItemProposal.objects.filter(title=said).exists()
