"""A meeting with several people at once, each in a browser of his own: one follows it on the wall, two write the same item, one loses the network, one is logged out.

Nothing that was written is lost, and nothing is overwritten in silence.
"""

import re

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from access.context import actor_of, context_of
from access.roles import SeatRole
from cases.models import CaseItem
from meetings.models import AgendaItem, Meeting
from municipalities.actions import seat_group
from municipalities.models import Seat
from tests.browser.steps import give_purpose

WRITER, SECOND, THIRD = "Ditte Havmark", "Anders Strandhede", "Łukasz Hedelund"


@pytest.fixture
def meeting(cast):
    """The coming meeting of SSP Grundskole, where a second member may take minutes too: its path and its items."""
    with context_of(actor_of(cast.it, "thisted")):
        seat = Seat.objects.select_related("forum").get(forum__key="grundskole", tenant__slug="thisted", user=cast.fnt)
        seat.may_minute = True
        seat.group = seat_group(seat.forum, SeatRole(seat.role), seat.duties)
        seat.save()
    with context_of(actor_of(cast.konsulent, "thisted")):
        found = Meeting.objects.filter(forum__key="grundskole", status="CALLED", tenant__slug="thisted").order_by("-starts_at").first()
        return f"/thisted/moeder/{found.public_id}/", list(AgendaItem.objects.filter(meeting=found))


@pytest.fixture
def come(enter):
    """`come(name)`: the page of somebody whose login is through."""

    def logged_in(name: str) -> Page:
        page = enter(name)
        page.wait_for_url(lambda address: "login" not in address)
        return page

    return logged_in


def desk(page: Page, meeting: str, item: AgendaItem) -> None:
    page.goto(f"{meeting}referat/?punkt={item.public_id}")
    expect(minutes(page)).to_be_visible()


def minutes(page: Page):
    return page.get_by_role("textbox", name="Referat")


def is_saved(page: Page) -> None:
    expect(page.locator("[data-saved=punkt]")).to_contain_text("Gemt kl.")


def test_clock_room_and_wall_follow_one_meeting(come, eyes, meeting):
    path, items = meeting
    writer, reader = come(WRITER), come(THIRD)
    reader.goto(f"{path}storskaerm/")
    expect(reader.get_by_role("heading", level=1)).to_contain_text(items[0].title)
    desk(writer, path, items[1])
    minutes(writer).fill("Skrevet, før uret blev startet.")
    writer.get_by_role("button", name="Start punktet").click()
    expect(writer.locator("#ur [data-reading]")).to_have_text(re.compile(r"^0:0[2-9]"))  # it counts by itself
    expect(minutes(writer)).to_have_value("Skrevet, før uret blev startet.")
    expect(reader.get_by_role("heading", level=1)).to_contain_text(items[1].title)  # and the wall has come along by itself
    expect(reader.locator(".words")).to_have_text("Skrevet, før uret blev startet.")

    expect(writer.locator("#rum")).to_contain_text("Notér først")
    for person in writer.locator("#fremmoede fieldset").all():
        person.get_by_text("Til stede", exact=True).click()
    writer.locator("#rum").get_by_role("checkbox", name=SECOND).uncheck()  # the list has come by itself
    writer.locator("#rum").get_by_text("Herfra og frem").click()
    eyes.look(writer, "referat-punkt")
    writer.get_by_role("button", name="Gem, hvem der er i rummet").click()
    expect(writer.locator("#status")).to_have_text("Det er noteret, hvem der var i rummet.")
    writer.keyboard.press("Control+Enter")
    expect(writer.get_by_role("heading", level=2, name=re.compile(r"^3\. "))).to_be_visible()
    expect(writer.get_by_role("button", name="Stop uret")).to_be_visible()
    expect(writer.locator("#rum").get_by_role("checkbox", name=SECOND)).not_to_be_checked()
    expect(writer.locator("#rum").get_by_role("checkbox", name=WRITER)).to_be_checked()

    expect(reader.get_by_role("heading", level=1)).to_contain_text(items[2].title)
    reader.keyboard.press("ArrowLeft")
    expect(reader.get_by_role("heading", level=1)).to_contain_text(items[1].title)
    eyes.look(reader, "storskaerm")
    reader.keyboard.press("f")
    expect(reader.get_by_role("heading", level=1)).to_contain_text(items[2].title)


def test_the_list_of_the_room_keeps_what_is_ticked_while_it_is_drawn_anew(come, meeting):
    """Each save of the attendance draws the list anew: also at the moment when somebody ticks a box or has one pressed."""
    path, items = meeting
    page = come(WRITER)
    asked: list[Dialog] = []
    desk(page, path, items[0])
    people = page.locator("#fremmoede fieldset").all()
    for person in people:
        person.get_by_text("Til stede", exact=True).click()
    boxes = page.locator("#rum").get_by_role("checkbox")
    second, own = boxes.and_(page.get_by_label(SECOND)), boxes.and_(page.get_by_label(WRITER))
    expect(boxes).to_have_count(len(people))
    for choice, gone in (("Udeblevet", 1), ("Til stede", 0)):
        people[-1].get_by_text(choice, exact=True).click()
        second.press("Space")  # leaves the attendance, which is saved at once
        expect(boxes).to_have_count(len(people) - gone)
        expect(second).to_be_checked(checked=not gone)
    second.uncheck()
    page.locator("#rum").get_by_text("Herfra og frem").click()

    waiting: list[Route] = []
    page.route("**/referat/?punkt=*", lambda route: waiting.append(route))
    people[-1].get_by_text("Afbud", exact=True).click()
    own.hover()
    page.mouse.down()
    while not waiting:
        page.wait_for_timeout(50)
    waiting.pop().continue_()
    page.unroute("**/referat/?punkt=*")
    page.wait_for_timeout(500)  # the new list has come, and waits for the finger
    page.mouse.up()
    expect(boxes).to_have_count(len(people) - 1)
    for box in (own, second):
        expect(box).not_to_be_checked()
    expect(page.locator("#rum").get_by_role("radio", name="Herfra og frem")).to_be_checked()
    page.get_by_role("button", name="Gem, hvem der er i rummet").click()
    expect(page.locator("#status")).to_have_text("Det er noteret, hvem der var i rummet.")
    page.on("dialog", lambda dialog: (asked.append(dialog), dialog.accept()))
    desk(page, path, items[1])
    assert not asked, "what is saved is not asked about when the page is left"
    for box in (own, second):
        expect(box).not_to_be_checked()


def test_the_room_stays_under_the_finger_when_the_attendance_is_saved_for_the_first_time(come, eyes, meeting):
    """A press in the room leaves the attendance, which is saved: the line that says so has its place already."""
    eyes.expected |= {422}
    path, items = meeting
    page = come(WRITER)
    desk(page, path, items[0])
    people = page.locator("#fremmoede fieldset").all()
    people[0].get_by_text("Til stede", exact=True).click()
    before = page.locator("#rum").bounding_box()
    expect(page.locator("#fremmoede [data-saved]")).to_contain_text("Gemt kl.")
    assert page.locator("#rum").bounding_box()["y"] == before["y"]
    page.locator("#aftaler").get_by_role("button", name="Tilføj").click()
    expect(page.locator("#aftaler").get_by_text("Skriv, hvad der skal gøres").first).to_be_visible()
    page.goto(path)
    page.get_by_role("button", name="Tilføj punkt").click()
    expect(page.locator("#dagsorden").get_by_text("Skriv titlen.").first).to_be_visible()
    expect(page.locator("#status")).to_have_text("")  # what is refused is not said to be done


def test_two_who_write_the_same_item_put_their_texts_together(come, eyes, meeting):
    eyes.expected |= {409}
    path, items = meeting
    first, second = come(WRITER), come(SECOND)
    desk(first, path, items[0])
    desk(second, path, items[0])
    minutes(first).fill("Referat fra sidst er godkendt.")
    is_saved(first)
    minutes(second).fill("Alle bød velkommen.")
    expect(second.get_by_text("Intet er overskrevet")).to_be_visible()
    eyes.look(second, "referat-konflikt")
    second.get_by_role("button", name="Sæt begge sammen").click()
    expect(minutes(second)).to_have_value("Referat fra sidst er godkendt.\nAlle bød velkommen.")
    eyes.look(second, "referat-samlet")
    minutes(second).fill("Alle bød velkommen. Referat fra sidst er godkendt.")
    is_saved(second)
    minutes(first).fill("Referat fra sidst er godkendt, næsten.")
    expect(first.get_by_text("Intet er overskrevet")).to_be_visible()
    first.get_by_role("button", name="Behold den gemte tekst").click()
    expect(minutes(first)).to_have_value("Alle bød velkommen. Referat fra sidst er godkendt.")


def test_who_saves_by_the_keyboard_writes_on_where_he_is(come, meeting):
    path, items = meeting
    page = come(WRITER)
    desk(page, path, items[0])
    decision = page.get_by_role("textbox", name="Beslutning")
    decision.press_sequentially("Vi tager det op igen")
    page.keyboard.press("Control+s")
    is_saved(page)
    expect(page.locator("#status")).to_contain_text("Gemt kl.")
    expect(decision).to_be_focused()
    page.keyboard.type(" til foråret.")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Control+s")
    page.reload()
    expect(decision).to_have_value("Vi tager det op igen til foråret.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=2, name=re.compile(r"^2\. "))).to_be_visible()
    expect(minutes(page)).to_be_focused()


def test_a_lost_network_loses_no_word(come, eyes, meeting):
    path, items = meeting
    page, other = come(WRITER), come(SECOND)
    desk(page, path, items[0])
    page.context.set_offline(True)
    minutes(page).fill("Skrevet i et lokale uden net.")
    page.keyboard.press("Control+Enter")  # done with the item: it cannot be
    expect(page.locator("[data-saved=punkt]")).to_contain_text("Din tekst er her stadig")
    page.get_by_role("button", name="Færdig, til punkt 2").click()
    expect(minutes(page)).to_have_value("Skrevet i et lokale uden net.")
    desk(other, path, items[0])
    expect(minutes(other)).to_have_value("")
    page.context.set_offline(False)
    is_saved(page)  # by itself, as soon as the network is back
    other.reload()
    expect(minutes(other)).to_have_value("Skrevet i et lokale uden net.")
    page.get_by_role("button", name="Færdig, til punkt 2").click()
    expect(page.get_by_role("heading", level=2, name=re.compile(r"^2\. "))).to_be_visible()
    eyes.faults[:] = [fault for fault in eyes.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_an_ended_login_is_renewed_in_place_and_the_text_is_kept(come, eyes, meeting):
    eyes.expected |= {401}
    path, items = meeting
    page = come(WRITER)
    desk(page, path, items[0])
    page.context.clear_cookies(name=re.compile("sessionid"))
    minutes(page).fill("Skrevet efter otte timer.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Du er logget ud")
    expect(minutes(page)).to_have_value("Skrevet efter otte timer.")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log ind i en ny fane").click()
    opened.value.get_by_role("button", name=WRITER).click()
    expect(opened.value.get_by_role("heading", level=1, name="Min uge")).to_be_visible()
    opened.value.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")  # headless windows do not tell that they are in front again
    is_saved(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=2, name=re.compile(r"^2\. "))).to_be_visible()
    desk(page, path, items[0])
    expect(minutes(page)).to_have_value("Skrevet efter otte timer.")


def test_an_ended_login_without_scripts_loses_neither_the_text_nor_half_an_aftale(enter, eyes, meeting):
    eyes.expected |= {401, 403, 422}
    path, items = meeting
    page = enter(WRITER, java_script_enabled=False)
    page.wait_for_url(lambda address: "login" not in address)
    desk(page, path, items[0])
    page.context.clear_cookies(name=re.compile("sessionid"))
    minutes(page).fill("Skrevet uden script.\nOg en linje til.")
    page.get_by_label("Hvem").fill(SECOND)
    page.get_by_label("Gør hvad").fill("Halvskrevet aft")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Du er logget ud")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log ind i en ny fane").click()
    opened.value.get_by_role("button", name=WRITER).click()
    expect(opened.value.get_by_role("heading", level=1, name="Min uge")).to_be_visible()
    opened.value.close()
    page.get_by_role("button", name="Send igen").click()
    expect(page.get_by_text(f"gemt under dit navn, {WRITER}")).to_be_visible()
    page.get_by_role("button", name="Send igen").click()
    expect(page.get_by_text("Skriv senest hvornår")).to_be_visible()  # the text is saved, and the half aftale stands in its line
    expect(page.get_by_label("Gør hvad")).to_have_value("Halvskrevet aft")
    desk(page, path, items[0])
    expect(minutes(page)).to_have_value("Skrevet uden script.\nOg en linje til.")


def test_two_who_write_about_the_same_case_put_their_texts_together(come, eyes, cast):
    eyes.expected |= {409}
    with context_of(actor_of(cast.konsulent, "thisted")):
        link = CaseItem.objects.select_related("case", "meeting").filter(meeting__status="CALLED", tenant__slug="thisted").order_by("item__order").first()
        address = f"/thisted/sager/{link.case.public_id}/droeftelse/{link.meeting.public_id}/"
    first, second = come(WRITER), come(SECOND)
    for page in (first, second):
        page.goto(address)
        give_purpose(page, "Det kommende møde")
        page.goto(address)
    facts = "Faktiske oplysninger"
    first.get_by_label(facts).fill("Skolen ser fremgang.")
    expect(first.locator("[data-saved]").first).to_contain_text("Gemt kl.")
    second.get_by_label(facts).fill("Politiet har intet nyt.")
    expect(second.get_by_text("Intet er overskrevet")).to_be_visible()
    eyes.look(second, "sag-konflikt")
    second.get_by_role("button", name="Sæt begge sammen").click()
    expect(second.get_by_label(facts)).to_have_value("Skolen ser fremgang.\nPolitiet har intet nyt.")
    eyes.look(second, "sag-samlet")
    second.get_by_role("button", name="Gem", exact=True).click()
    expect(second.get_by_text("Drøftelsen er gemt.")).to_be_visible()
    first.goto(address)
    expect(first.get_by_label(facts)).to_have_value("Skolen ser fremgang.\nPolitiet har intet nyt.")
