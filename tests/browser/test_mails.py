"""The pages of mails in a real browser: one's own, what one chooses, and the administrator's list."""

import pytest
from playwright.sync_api import expect

from access import notify
from access.context import actor_of, context_of
from access.notices import Notice

pytestmark = pytest.mark.django_db(transaction=True)


def test_mails_to_me_what_i_choose_and_what_the_administrator_sees(enter, eyes, cast, monkeypatch):
    monkeypatch.setattr(notify, "wake_outbox", lambda tenant_id: None)
    with context_of(actor_of(cast.konsulent, "thisted")) as actor:
        for notice, subject in ((Notice.CALL, "Indkaldelse: SSP Grundskole, 7. december 2026"), (Notice.MINUTES, "Referatet er klar til godkendelse: SSP Grundskole")):
            notify.send_mail(actor.tenant_id, [cast.konsulent, cast.fnt], subject=subject, path="/thisted/moeder/", notice=notice)
    eyes.expected.add(422)
    page = enter("Ditte Havmark")
    page.locator("summary.me").click()
    page.get_by_role("link", name="Mails til dig").click()
    expect(page.get_by_role("heading", level=1, name="Mails til dig")).to_be_visible()
    expect(page.get_by_role("link", name="Indkaldelse: SSP Grundskole")).to_be_visible()
    eyes.look(page, "mails-egne")

    page.get_by_role("link", name="Vælg, hvilke mails du får").click()
    changes = page.get_by_label("Et møde har fået ny tid, nyt sted eller ny dagsorden")
    changes.select_option("I den ugentlige mail")
    page.get_by_label("Ugen: møder, aftaler og godkendelser").select_option("Ingen mail")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("så det her ville aldrig nå dig").first).to_be_visible()
    eyes.look(page, "mails-valg-afvist")
    changes.select_option("Ingen mail")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Det gælder for mails fra nu af")).to_be_visible()
    expect(changes).to_have_value("off")
    eyes.look(page, "mails-valg")

    page = enter("Rasmus Ledsgård")
    page.wait_for_url("**/thisted/**")
    page.goto("/thisted/mails/")
    page.get_by_role("link", name="Alle mails fra kommunen").click()
    expect(page.get_by_role("rowheader").first).to_be_visible()
    expect(page.get_by_text("Ditte Havmark").first).to_be_visible()
    assert "SSP Grundskole" not in page.locator("main").inner_text()
    eyes.look(page, "mails-alle")
