"""The product as its users meet it: one walk in real Chromium through login, meetings, cases, plan, report and log.

Every page on the way is looked at (tests/browser/eyes.py). Each test starts from the demo and needs none of the others.
"""

import re
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.steps import agree, agree_in_case, call_participants, give_purpose, go, heading, is_tagged, move_meeting, path_of, pdf, plan_meeting, tab_to, text_of
from tests.conftest import wait_for

KONSULENT, FNT, CHEF, DPO, GUEST = "Ditte Havmark", "Anders Strandhede", "Hanne Kirkevang", "Inger Tangholt", "Morten Ravnsø"
NOTE, DECISION = "Alle skoler har holdt møde med forældrene.", "Fælles opslag til forældre sendes i uge 50."
FORUMS = ["Kredsråd", "Lokalråd", "SSP-styregruppe", "SSP Grundskole", "SSP+", re.compile("§.115.*møder"), "INFO-hus Thisted Kommune", "Trygt Natteliv"]

BESIDE = {
    "ny-sag": "/thisted/sager/ny/", "afsluttede-sager": "/thisted/sager/?vis=afsluttede", "aftaler": "/thisted/aftaler/", "ny-plan": "/thisted/handleplaner/ny/",
    "egne-opslag": "/thisted/adgangslog/?egne=1", "adgangskode": "/konto/kode/skift/", "glemt-kode": "/konto/kode/glemt/",
}  # fmt: skip


@pytest.fixture
def soon() -> datetime:
    """Less than a day ahead, on a whole hour: a guest who is called in to such a meeting has access now."""
    return (datetime.now(ZoneInfo("Europe/Copenhagen")) + timedelta(hours=20)).replace(minute=0, second=0, microsecond=0)


def test_a_meeting_from_the_standing_agenda_to_locked_minutes(enter, eyes, worker, smtp, soon):
    eyes.expected |= {409, 422}  # an aftale's day that is asked back; locked minutes
    page = enter(KONSULENT)
    heading(page, "Min uge")
    expect(page.get_by_role("region", name="Mine aftaler i sager").get_by_role("listitem").first.locator(".late")).to_be_visible()  # overdue first
    expect(page.get_by_role("heading", name="Sager til opfølgning")).to_be_visible()
    expect(page.get_by_role("heading", name="Venter på dig")).to_be_visible()
    eyes.look(page, "min-uge")
    page.get_by_role("link", name="Ugen efter").click()
    expect(page.locator(".week a").first).to_be_visible()  # the demo has a meeting in every coming week
    eyes.look(page, "min-uge-naeste", show="min-uge")

    go(page, "Organisation")
    heading(page, "Sådan er SSP-samarbejdet organiseret")
    expect(page.locator("#liste tbody th")).to_contain_text(FORUMS)
    expect(page.locator("#billede")).to_contain_text("Kredsråd")
    eyes.look(page, "organisation", show="organisation")
    page.locator("#liste").get_by_role("link", name="SSP Grundskole").click()
    heading(page, "SSP Grundskole")
    expect(page.get_by_role("rowheader", name="Łukasz Hedelund")).to_be_visible()
    eyes.look(page, "forum")

    go(page, "Møder")
    eyes.look(page, "moeder")
    page.get_by_role("link", name="Nyt møde").click()
    heading(page, "Nyt møde")
    eyes.look(page, "nyt-moede")
    meeting = plan_meeting(page, "SSP Grundskole", "Fast dagsorden, SSP Grundskole", soon)
    page.get_by_label("Titel").fill("Nyt punkt om digital trivsel")
    page.get_by_role("button", name="Tilføj punkt").click()
    expect(page.locator("#dagsorden li", has_text="Nyt punkt om digital trivsel")).to_be_visible()
    eyes.look(page, "moede-kladde")
    page.get_by_role("link", name="Indkald deltagerne").click()
    eyes.look(page, "indkald")
    page.goto(meeting)
    called = call_participants(page)
    eyes.look(page, "moede", show="moede")
    _the_invitations_tell_forum_and_date_only(smtp, called, soon)
    agenda = text_of(pdf(page, "PDF"))
    assert "SSP Grundskole" in agenda and "Nyt punkt om digital trivsel" in agenda

    page.get_by_role("link", name=re.compile("Forbered referatet|Start mødet")).click()
    page.get_by_role("textbox", name="Referat").fill(NOTE)
    expect(page.locator("[data-saved=punkt]")).to_contain_text("Gemt kl.")
    agree(page, "Ditte", "Skriver opslag til forældre", "fredag")
    page.get_by_label("Beslutning").fill(DECISION)
    page.get_by_role("button", name="Færdig, til punkt 2").click()
    expect(page.get_by_role("heading", level=2, name=re.compile(r"^2\. "))).to_be_visible()
    page.get_by_role("textbox", name="Referat").fill("Opfølgning er klaret.")
    expect(page.locator("[data-saved=punkt]")).to_contain_text("Gemt kl.")
    page.reload()
    expect(page.get_by_role("textbox", name="Referat")).to_have_value("Opfølgning er klaret.")
    for person in page.locator("#fremmoede fieldset").all():
        person.get_by_text("Til stede", exact=True).click()
    expect(page.locator("#fremmoede [data-saved]")).to_contain_text("Gemt kl.")
    eyes.look(page, "referat")

    page.get_by_role("link", name="Afslut mødet").click()
    heading(page, "Afslut mødet")
    expect(page.get_by_role("heading", name="Mødet er ikke begyndt")).to_be_visible()
    assert not page.get_by_role("button", name="Afslut mødet").count()
    eyes.look(page, "afslut-for-tidligt")
    page.get_by_role("link", name="Ret tid og sted").click()
    move_meeting(page, datetime.now(soon.tzinfo) - timedelta(minutes=10))  # it was held earlier than planned
    page.goto(f"{meeting}godkend/")
    eyes.look(page, "afslut")
    page.get_by_role("button", name="Afslut mødet").click()
    heading(page, "Godkend referatet")
    eyes.look(page, "godkend")
    page.get_by_role("button", name="Godkend referatet").click()
    expect(page.get_by_text("Låst", exact=True)).to_be_visible()
    page.get_by_text("Ret punkt 1 med en note").click()
    page.get_by_label("Rettelse til punkt 1").fill("To skoler holder mødet i næste uge.")
    page.get_by_role("button", name="Tilføj rettelsen").first.click()
    expect(page.get_by_text("To skoler holder mødet i næste uge.")).to_be_visible()
    eyes.look(page, "referat-godkendt")
    minutes = pdf(page, "PDF")
    for words in (NOTE, DECISION, "Skriver opslag til forældre", "To skoler holder mødet i næste uge.", "Łukasz Hedelund"):
        assert words in text_of(minutes)
    assert is_tagged(minutes)

    page.goto(f"{meeting}referat/")
    assert not page.locator("textarea:not([readonly])").count()  # locked: nothing to write in


def _mails(smtp, subject):
    """Those with a subject that begins so: the demo has others waiting."""
    return [message for message in smtp.messages if str(make_header(decode_header(message["Subject"]))).startswith(subject)]


def _the_invitations_tell_forum_and_date_only(smtp, called, soon):
    wait_for(lambda: len(_mails(smtp, "Indkaldelse: ")) == called, timeout=60)
    for message in _mails(smtp, "Indkaldelse: "):
        parts = [part for part in message.walk() if not part.is_multipart()]
        _plain, ics, _file = parts
        (event,) = Calendar.from_ical(ics.get_payload(decode=True)).walk("VEVENT")
        assert "SSP Grundskole" in event["SUMMARY"] and event.decoded("DTSTART") == soon
        for words in ("digital trivsel", "Velkomst", "Opfølgning"):
            assert words not in message.as_string() + "".join(part.get_payload(decode=True).decode() for part in parts)


def test_a_case_is_opened_with_a_purpose_written_in_and_seen_in_the_log(enter, eyes, soon):
    page = enter(KONSULENT)
    go(page, "Møder")
    meeting = plan_meeting(page, "§ 115-møder", "Generel del, § 115-møde", soon)
    number = page.get_by_label("Sag", exact=True).locator("option").first.inner_text()
    page.get_by_label("Oplægsholder").last.fill("FNT-betjenten")
    page.get_by_role("button", name="Sæt på dagsordenen").click()
    expect(page.locator("#lukket-del").get_by_role("link", name=re.compile(r"Sag "))).to_be_visible()
    call_participants(page)
    eyes.look(page, "moede-115")

    with page.expect_navigation():
        page.locator("#lukket-del").get_by_role("link", name="Sagsrunde").click()
    eyes.look(page, "sagsrunde")
    go(page, "§ 115-sager")
    eyes.look(page, "sager")
    name_free = page.content()
    page.get_by_role("row", name=re.compile(re.escape(number.split(" ")[0]))).get_by_role("link").click()
    heading(page, "Hvorfor åbner du sagen?")
    eyes.look(page, "formaal")
    eyes.expected.add(422)
    page.get_by_role("radio", name="Andet").check()
    page.get_by_role("button", name="Åbn sagen").click()
    expect(page.get_by_role("alert")).to_be_visible()  # «Andet» needs words
    eyes.look(page, "formaal-fejl")
    give_purpose(page, "Andet", "Spørgsmål fra mødelederen")
    expect(page.get_by_role("region", name="§ 115-zone")).to_contain_text("Andet")
    case, name = path_of(page), page.get_by_role("heading", level=1).inner_text().split(",")[0]
    assert name not in name_free, "the list shows numbers, never names"
    expect(page.get_by_role("heading", name="Hvem har set")).to_be_visible()
    expect(page.locator(".seen")).to_contain_text("Spørgsmål fra mødelederen")
    expect(page.get_by_role("heading", name="Hvem har adgang")).to_be_visible()

    page.get_by_text("Notér en inddragelse").click()
    page.get_by_label("Notat, eller hvorfor der ikke er spurgt").fill("Moderen er glad for at blive ringet op.")
    page.get_by_role("button", name="Gem inddragelsen").click()
    expect(page.locator("#inddragelse")).to_contain_text("Moderen er glad for at blive ringet op.")
    agree_in_case(page, FNT, "Taler med forældrene", "fredag")
    eyes.look(page, "sag", show="sag")

    page.get_by_role("link", name="Til sagsrunden").click()
    expect(page.get_by_text("Det, du skriver nu, er en forberedelse")).to_be_visible()  # the day has not come: nobody has been present
    expect(page.get_by_role("checkbox", name=KONSULENT)).to_have_count(0)
    eyes.look(page, "droeftelse-forberedes")
    page.goto(f"{meeting}ret/")
    move_meeting(page, datetime.now(soon.tzinfo) - timedelta(minutes=10))
    page.goto(case)
    page.get_by_role("link", name="Til sagsrunden").click()
    page.get_by_label("Faktiske oplysninger").fill("Kom til tiden hver dag i to uger.")
    page.get_by_label("Vurdering").fill("Skolen og familien er på rette vej.")
    page.get_by_role("checkbox", name=KONSULENT).check()
    page.get_by_role("checkbox", name=FNT).check()
    with page.expect_navigation():  # the autosave says «gemt» as well
        page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="gemt").first).to_be_visible()
    eyes.look(page, "droeftelse")
    page.goto(case)
    expect(page.locator(".time")).to_contain_text("Kom til tiden hver dag i to uger.")
    expect(page.locator(".time")).to_contain_text(FNT)
    page.get_by_role("button", name="Forlad sagen").click()
    page.goto(case)
    heading(page, "Hvorfor åbner du sagen?")  # left: the next look asks again

    dpo = enter(DPO)
    go(dpo, "Adgangslog")
    row = dpo.get_by_role("row").filter(has_text="Spørgsmål fra mødelederen").first
    expect(row).to_contain_text(KONSULENT)
    expect(row).to_contain_text("Person ")
    assert name not in dpo.content(), "the log holds numbers, never names"
    eyes.look(dpo, "adgangslog")
    assert dpo.request.get(case).status == 404
    assert dpo.request.get(meeting).status == 404


def test_a_guest_sees_the_one_case_at_the_one_meeting_and_nothing_else(enter, eyes, soon):
    page = enter(KONSULENT)
    meeting = plan_meeting(page, "§ 115-møder", "Generel del, § 115-møde", soon)
    page.get_by_role("button", name="Sæt på dagsordenen").click()
    page.get_by_role("button", name="Sæt på dagsordenen").click()
    expect(page.locator("#lukket-del").get_by_role("link", name=re.compile("^Sag "))).to_have_count(2)
    call_participants(page)
    mine, other = [link.get_attribute("href") for link in page.locator("#lukket-del").get_by_role("link", name=re.compile("^Sag ")).all()]
    mine, other = (re.sub(r"droeftelse/.*", "", address) for address in (mine, other))
    page.get_by_role("link", name=re.compile("Indkald en gæst")).first.click()
    page.get_by_label("E-mailadresse").fill("morten.ravnsoe@thisted.example")
    page.get_by_label("Hvorfor personen skal med").fill("Kender hverdagen i klassen")
    page.get_by_label(re.compile("Gæsten arbejder for en myndighed")).check()
    eyes.look(page, "gaest-indkald")
    page.get_by_role("button", name="Indkald", exact=True).click()
    expect(page.locator("#lukket-del")).to_contain_text(GUEST)

    guest = enter(GUEST)
    heading(guest, "Min uge")
    eyes.look(guest, "gaest-uge")
    guest.goto(meeting)
    expect(guest.get_by_role("link", name="Din sag")).to_be_visible()
    expect(guest.locator("#lukket-del li")).to_have_count(1)
    expect(guest.locator("#dagsorden")).to_have_count(0)
    eyes.look(guest, "gaest-moede")
    guest.get_by_role("link", name="Din sag").click()
    give_purpose(guest, "Det kommende møde")
    assert path_of(guest) == mine
    expect(guest.get_by_role("heading", level=1)).not_to_have_text("")
    assert not guest.get_by_role("link", name="PDF").count() and not guest.get_by_role("heading", name="Hvem har set").count()
    eyes.look(guest, "gaest-sag")
    unseen = ["sager/", "sager/ny/", "organisation/", "moeder/", "handleplaner/", "rapporter/"]
    for address in [other, f"{other}formaal/", f"{mine}sag.pdf", f"{mine}ret/", f"{meeting}referat/", f"{meeting}dagsorden.pdf", *(f"/thisted/{part}" for part in unseen)]:
        assert guest.request.get(address).status in (403, 404), address
    assert "aftale-" not in guest.request.get("/thisted/aftaler/").text()

    page.get_by_role("button", name=re.compile("^Tilbagekald")).click()
    expect(page.locator("#lukket-del")).not_to_contain_text(GUEST)
    assert guest.request.get(mine).status == 404, "called back: gone at the next click"


def test_the_police_officer_chooses_a_kommune_and_sees_only_that_one(enter, eyes, soon):
    page = enter(FNT)
    heading(page, "Vælg kommune")
    eyes.look(page, "vaelg-kommune")
    page.get_by_role("link", name="Thisted Kommune").click()
    heading(page, "Min uge")
    go(page, "Møder")
    here = {link.get_attribute("href") for link in page.locator("main a[href*='/moeder/']").all()} - {"/thisted/moeder/", "/thisted/moeder/nyt/"}
    go(page, "§ 115-sager")
    cases = {link.get_attribute("href") for link in page.locator("main th a").all()}
    assert len(here) > 3 and len(cases) > 3

    page.locator("summary.me").click()
    page.get_by_role("link", name="Skift kommune").first.click()
    page.get_by_role("link", name="Morsø Kommune").click()
    heading(page, "Min uge")
    eyes.look(page, "morsoe-uge")
    go(page, "Møder")
    there = {link.get_attribute("href") for link in page.locator("main a[href*='/moeder/']").all()}
    assert there and all(address.startswith("/morsoe/") for address in there)
    eyes.look(page, "morsoe-moeder")
    go(page, "Organisation")
    heading(page, "Sådan er SSP-samarbejdet organiseret")
    assert "Trygt Natteliv" not in page.content()  # Thisted's own forum
    eyes.look(page, "morsoe-organisation")
    # the Kredsråd is shown in every kommune of the politikreds; everything else is Thisted's own
    own = sorted(address for address in here if address.replace("/thisted/", "/morsoe/") not in there)
    assert 3 < len(own) < len(here)
    for address in [*own[:4], *sorted(cases)[:2]]:
        assert page.request.get(address.replace("/thisted/", "/morsoe/")).status == 404, address

    eyes.expected.add(404)
    page.goto(own[0].replace("/thisted/", "/morsoe/"))
    heading(page, re.compile("ikke"))
    eyes.look(page, "findes-ikke")


def test_members_without_the_closed_part_see_one_line_and_outsiders_nothing(enter, eyes, soon):
    page = enter(KONSULENT)
    meeting = plan_meeting(page, "INFO-hus Thisted Kommune", "Uden fast dagsorden", soon)
    call_participants(page)
    expect(page.locator("#dagsorden .lockrow")).to_have_text("Lukket del")
    assert not page.locator("#lukket-del").count()
    eyes.look(page, "lukket-del")
    chef = enter(CHEF)
    go(chef, "Møder")
    assert meeting not in chef.content() and "Lukket del" not in chef.content()
    assert chef.request.get(meeting).status == 404


def test_the_chef_approves_the_plan_and_its_text_is_frozen(enter, eyes):
    page = enter(CHEF)
    heading(page, "Min uge")
    go(page, "Handleplan")
    eyes.look(page, "handleplaner")
    page.get_by_role("link", name="Handleplan 2024–2026").first.click()
    heading(page, "Handleplan 2024–2026")
    eyes.look(page, "handleplan", show="handleplan")
    current = text_of(pdf(page, "Hent PDF"))
    assert "Social pejling" in current and "Godkendt" in current
    go(page, "Handleplan")
    page.get_by_role("link", name="Handleplan 2026–2028").click()
    page.get_by_role("link", name="Læs og tag stilling").click()
    eyes.look(page, "plan-godkend")
    page.get_by_role("radio", name=re.compile("^Godkend")).check()
    page.get_by_role("button", name="Send din beslutning").click()
    expect(page.get_by_text("Planen er godkendt.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Godkendt den \d+\. "))).to_be_visible()
    eyes.look(page, "plan-godkendt")
    plan = path_of(page)
    document = pdf(page, "Hent PDF")
    assert "Digital trivsel" in text_of(document) and re.search(r"Godkendt den \d+\. ", text_of(document)) and is_tagged(document)

    author = enter(KONSULENT)
    author.goto(plan)
    expect(author.get_by_role("link", name="Rediger")).to_have_count(0)
    expect(author.get_by_role("button", name=re.compile("ny version"))).to_be_visible()
    eyes.expected.add(409)
    author.goto(f"{plan}rediger/")
    assert not author.locator("main textarea").count()  # frozen: nothing to write in


def test_the_report_is_made_by_the_worker_and_fetched_as_a_tagged_pdf(enter, eyes, worker, smtp):
    page = enter(KONSULENT)
    go(page, "Rapporter")
    heading(page, "Rapporter")
    eyes.look(page, "rapporter")
    page.get_by_role("button", name="Bestil rapport").click()
    heading(page, re.compile("^Rapport"))
    link = page.get_by_role("link", name="Hent PDF")
    expect(page.locator("#fremdrift").or_(link).first).to_be_visible()  # the bar, unless the worker was faster
    expect(link).to_be_visible(timeout=90_000)
    eyes.look(page, "rapport")
    document = pdf(page, "Hent PDF")
    words = text_of(document)
    assert is_tagged(document) and len(document.pages) >= 3
    assert "Thisted Kommune" in words and "Unge i § 115-sager" in words
    assert not re.search(r"Klintmark|Żurowska|\d{6}-\d{4}", words)
    wait_for(lambda: _mails(smtp, "Rapporten til Lokalrådet er klar"), timeout=30)


def test_the_pages_beside_the_path_are_in_order_too(enter, eyes):
    page = enter(KONSULENT)
    heading(page, "Min uge")
    for name, address in BESIDE.items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        eyes.look(page, name)
    page.goto("/thisted/handleplaner/")
    page.get_by_role("link", name="Handleplan 2024–2026").first.click()
    page.get_by_role("button", name="Begynd ny version").click()
    page.locator("main textarea").first.fill("Vi fortsætter, fordi det virker.")
    expect(page.locator("[data-saved]").first).to_contain_text("Gemt kl.")
    eyes.look(page, "plan-rediger")
    page.reload()
    expect(page.locator("main textarea").first).to_have_value("Vi fortsætter, fordi det virker.")


def test_the_language_is_changed_and_changed_back(enter, eyes):
    page = enter(KONSULENT)
    heading(page, "Min uge")
    page.locator("summary.me").click()
    page.get_by_role("button", name="English").click()
    heading(page, "My week")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    eyes.look(page, "my-week")
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Meetings").click()
    heading(page, "Meetings")
    page.locator("summary.me").click()
    page.get_by_role("button", name="Dansk").click()
    heading(page, "Møder")


def test_the_keyboard_alone_leads_from_login_to_a_meeting(visitor, eyes):
    page = visitor()
    page.goto("/konto/login/")
    eyes.look(page, "login")
    tab_to(page, KONSULENT)
    page.keyboard.press("Enter")
    heading(page, "Min uge")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Gå til indhold")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "indhold"
    tab_to(page, "Ugen efter")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("uge="))
    tab_to(page, page.locator(".week a").first.inner_text())
    page.keyboard.press("Enter")
    expect(page.locator("#dagsorden")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_item_is_finished_below_its_agreements_by_keyboard(enter, scripts):
    page = enter(KONSULENT, java_script_enabled=scripts)
    go(page, "Møder")
    page.get_by_role("link", name="SSP Grundskole").first.click()
    page.get_by_role("link", name=re.compile("Forbered referatet|Start mødet")).click()
    page.get_by_role("textbox", name="Referat").focus()
    page.keyboard.type(NOTE)
    passed = []
    while "Færdig, til punkt 2" not in passed and len(passed) < 12:
        page.keyboard.press("Tab")
        passed.append(page.locator(":focus").evaluate("it => (it.labels?.[0] || it).innerText.trim()"))
    assert passed == ["Beslutning (valgfri)", "Gem", "Hvem", "Gør hvad", "Senest", "Tilføj", "Færdig, til punkt 2"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name=re.compile(r"^2\. "))).to_be_visible()
    page.get_by_role("navigation", name="Dagsordenens punkter").get_by_role("link").first.click()
    expect(page.get_by_role("textbox", name="Referat")).to_have_value(NOTE)


def test_the_essentials_work_without_javascript(enter, eyes):
    eyes.expected.add(422)  # an aftale's day that is asked back
    page = enter(KONSULENT, java_script_enabled=False)
    heading(page, "Min uge")
    go(page, "§ 115-sager")
    page.locator("main th a").first.click()
    give_purpose(page, "Nye oplysninger")
    expect(page.get_by_role("heading", name="Hvem har set")).to_be_visible()
    agree_in_case(page, KONSULENT, "Ringer til skolen", "uge 52")

    chef = enter(CHEF, java_script_enabled=False)
    go(chef, "Handleplan")
    chef.get_by_role("link", name="Handleplan 2026–2028").click()
    chef.get_by_role("link", name="Læs og tag stilling").click()
    chef.get_by_role("radio", name=re.compile("^Godkend")).check()
    chef.get_by_role("button", name="Send din beslutning").click()
    expect(chef.get_by_text("Planen er godkendt.")).to_be_visible()
