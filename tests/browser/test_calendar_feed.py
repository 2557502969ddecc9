"""A calendar address is made from one's own menu, fetched by a calendar that is not logged in, and closed."""

import re

from icalendar import Calendar
from playwright.sync_api import expect


def test_an_address_is_made_fetched_and_closed(enter, visitor, eyes):
    page = enter("Anders Strandhede")
    page.get_by_role("link", name="Thisted").first.click()
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Møder i min kalender").click()
    expect(page.get_by_text("Du har ingen adresse.")).to_be_visible()
    eyes.look(page, "kalenderadresse-ingen")
    page.get_by_role("button", name="Lav en adresse").click()
    address = page.locator("#adresse").inner_text()
    eyes.look(page, "kalenderadresse-vist")
    path = re.sub(r"^https?://[^/]+", "", address)
    calendar = visitor().request
    answer = calendar.get(path)
    assert answer.status == 200 and Calendar.from_ical(answer.body()).walk("VEVENT")
    page.get_by_role("link", name="Jeg har kopieret den").click()
    expect(page.get_by_text("Hentet sidst den")).to_be_visible()
    assert path not in page.content()
    eyes.look(page, "kalenderadresse-hentet")
    page.get_by_role("button", name="Luk adressen").click()
    expect(page.get_by_text("Adressen er lukket.")).to_be_visible()
    assert calendar.get(path).status == 404
