"""Who writes one item or aftale after the other does not wait for the answer, and loses no letter by it."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.context import actor_of, context_of
from access.dates import clock
from meetings.models import Agreement, Meeting

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


def fill_line(page: Page, what: str) -> None:
    """An aftale in the line, not added."""
    day = timezone.localdate() + timedelta(days=20)
    for field, value in (("who", "Anders"), ("what", what), ("due", f"{day.day}/{day.month}")):
        page.locator(f"#aftale-{field}").fill(value)


@pytest.fixture
def made(cast):
    """`made(what)`: how many aftaler say so."""

    def count(what):
        with context_of(actor_of(cast.konsulent, "thisted")):
            return Agreement.objects.filter(what=what).count()

    return count


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 1440])
def test_an_aftale_that_nobody_added_goes_along(enter, eyes, path, made, script, width):
    page = enter(WRITER, java_script_enabled=script)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{path}referat/")
    page.locator("#punkt-text").fill("Vi talte om det.")
    fill_line(page, "Ringer til skolen")
    page.get_by_role("button", name="Færdig").click()
    expect(page.get_by_text("Aftalen er tilføjet.").first).to_be_visible()
    expect(page.locator("#aftale-what")).to_have_value("")
    assert made("Ringer til skolen") == 1


def test_one_that_is_on_its_way_is_made_once(enter, eyes, path, made):
    page = enter(WRITER)
    page.goto(f"{path}referat/")
    first = page.locator("#h-p").inner_text()
    slow(page, r"/aftale/$")
    page.locator("#punkt-text").fill("Vi talte om det.")
    fill_line(page, "Ringer til skolen")
    page.locator("#aftaler").get_by_role("button", name="Tilføj").click()
    page.get_by_role("button", name="Færdig").dblclick()
    expect(page.locator("#h-p")).not_to_have_text(first)
    expect(page.locator("#alle-aftaler, aside").get_by_text("Ringer til skolen")).to_have_count(1)
    assert made("Ringer til skolen") == 1


def test_it_outlives_the_login(enter, eyes, path, made):
    eyes.expected |= {401}
    page = enter(WRITER)
    page.goto(f"{path}referat/")
    fill_line(page, "Ringer til skolen")
    page.context.clear_cookies(name=re.compile("sessionid"))
    page.get_by_role("button", name="Færdig").click()
    expect(page.get_by_role("alert")).to_contain_text("Du er logget ud")
    expect(page.locator("#aftale-what")).to_have_value("Ringer til skolen")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log ind i en ny fane").click()
    opened.value.get_by_role("button", name=WRITER).click()
    expect(opened.value.get_by_role("heading", level=1, name="Min uge")).to_be_visible()
    opened.value.close()
    assert made("Ringer til skolen") == 0
    page.get_by_role("button", name="Færdig").click()
    expect(page.get_by_text("Aftalen er tilføjet.").first).to_be_visible()
    assert made("Ringer til skolen") == 1


def test_a_conflict_keeps_the_line(enter, eyes, path, made):
    eyes.expected |= {409}
    page, other = enter(WRITER), enter(WRITER)
    for each in (page, other):
        each.goto(f"{path}referat/")
    other.locator("#punkt-text").fill("Den andens ord.")
    other.get_by_role("button", name="Gem", exact=True).click()
    expect(other.get_by_text("Gemt kl.").first).to_be_visible()
    fill_line(page, "Ringer til skolen")
    page.locator("#punkt-text").fill("Mine ord.")
    page.get_by_role("button", name="Færdig").click()
    expect(page.get_by_text("Intet er overskrevet")).to_be_visible()
    expect(page.locator("#aftale-what")).to_have_value("Ringer til skolen")
    page.get_by_role("button", name="Gem min tekst").click()
    expect(page.get_by_text("Aftalen er tilføjet.").first).to_be_visible()
    expect(page.locator("#punkt-text")).to_have_value("Mine ord.")
    assert made("Ringer til skolen") == 1


def test_the_clock_of_a_saved_text_is_that_of_denmark_wherever_the_machine_is(enter, eyes, path):
    page = enter(WRITER, timezone_id="America/New_York")
    page.goto(f"{path}referat/")
    assert page.evaluate("new Intl.DateTimeFormat().resolvedOptions().timeZone") == "America/New_York"
    before = clock(timezone.now())
    page.locator("#punkt-text").fill("Vi talte om det.")
    saved = page.locator("[data-saved=punkt]")
    expect(saved).to_contain_text("Gemt kl.")
    assert saved.inner_text().rpartition(" ")[2] in {before, clock(timezone.now())}
