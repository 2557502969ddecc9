"""What readers of several kinds find of an item in each channel, as tables: the classes without persons in a styregruppe, a school contact
in it, and the case of one person in a § 115 forum, for its members, its guest and everybody else."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from access.gate import open_ticket
from access.models import Purpose
from access.roles import SeatRole
from cases.models import AdHocGrant, Case, CaseItem, Discussion, PersonData
from meetings.models import AgendaItem, Meeting
from municipalities.actions import add_seat
from municipalities.models import Organisation
from municipalities.presets import setup_actor
from tests.conftest import acting
from tests.rules.crawl import readable

WORDS = {"PUBLIC": "kanariefugl", "INTERNAL": "pelikanreden", "AGGREGATE": "flamingotal"}
ALL, NONE = set(WORDS), set[str]()
CHANNELS = {
    "page": "/thisted/moeder/{meeting}/", "PDF": "/thisted/moeder/{meeting}/dagsorden.pdf", "calendar": "/thisted/moeder/{meeting}/kalender.ics",
    "search": "/thisted/soeg/?q={word}", "feed": "{feed}",
}  # fmt: skip
READERS = {
    # who: page, PDF, calendar, search, feed
    "konsulent": (ALL, ALL, NONE, ALL, NONE),  # convenes it
    "sektion": (ALL, ALL, NONE, ALL, NONE),  # leads it
    "kui": (ALL, ALL, NONE, ALL, NONE),  # a member
    "chef": (NONE, NONE, NONE, NONE, NONE),  # above it, without a seat in it
    "kontakt-klit": (NONE, NONE, NONE, NONE, NONE),  # sits in another forum
    "dpo": (NONE, NONE, NONE, NONE, NONE),
    "it": (NONE, NONE, NONE, NONE, NONE),
    "mors-koordinator": (NONE, NONE, NONE, NONE, NONE),  # of another kommune
    "operatoer": (NONE, NONE, NONE, NONE, NONE),
}


@pytest.fixture
def meeting(cast, as_actor, find):
    """The called meeting of the styregruppe with an item of each class that no person stands in, each with a word of its own."""
    found = find("styregruppe", "CALLED")
    with as_actor(cast.konsulent) as actor:
        for order, (data_class, word) in enumerate(WORDS.items(), 90):
            AgendaItem.objects.create(
                tenant_id=actor.tenant_id, forum_id=found.forum_id, meeting=found, order=order, kind="DROEFTELSE", title=f"Om {word}", text=f"Om {word}", data_class=data_class
            )
    return found


def address_of_feed(window, slug):
    """A new calendar address of the reader, as the page shows it; "/" for who has no such page."""
    page = window.post(f"/{slug}/kalender/ny/")
    return "/" if page.status_code == 404 else re.findall(r"/kalender/[\w-]+\.ics", page.content.decode())[0]


@pytest.mark.parametrize("reader", READERS)
def test_what_each_reader_finds_in_each_channel(cast, visit, meeting, reader):
    expected = READERS[reader]
    window = visit(cast.users[reader])
    feed = address_of_feed(window, "morsoe" if reader.startswith("mors") else "thisted")
    assert (feed != "/") == (reader != "operatoer"), "who is in no kommune has no page to make an address on"
    is_called = f"/thisted/moeder/{meeting.public_id}/" in window.get(feed).content.decode().replace("\r\n ", "")
    assert is_called == (expected[0] == ALL), "the feed has the meeting itself where the reader has a seat, and nowhere else"
    found = []
    for address in CHANNELS.values():
        pages = {data_class: window.get(address.format(meeting=meeting.public_id, word=word, feed=feed)) for data_class, word in WORDS.items()}
        shown = {data_class: readable(page) if page.status_code == 200 else "" for data_class, page in pages.items()}
        found.append({data_class for data_class, word in WORDS.items() if f"Om {word}" in shown[data_class]})
    assert dict(zip(CHANNELS, found, strict=True)) == dict(zip(CHANNELS, expected, strict=True))


def test_no_mail_about_the_meeting_says_a_word_of_its_items(cast, visit, meeting, outbox):
    assert visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/aflys/", {"reason": "Sygdom", "confirm": "on"}).status_code == 302
    mails = outbox(meeting)
    assert mails
    assert not [word for mail in mails for word in WORDS.values() if word in str(vars(mail))]


# ---- a school contact: public and internal items, no figures -----------------------------------------------------------
def test_a_contact_finds_public_and_internal_items_and_no_aggregated_ones(cast, visit, meeting):
    with acting(actor := setup_actor(meeting.tenant)):
        school = Organisation.objects.filter(tenant=meeting.tenant).first()
        add_seat(meeting.forum, actor=actor, role=SeatRole.CONTACT, title="Kontaktlærer", organisation=school, user=cast.rusmiddel)
    window = visit(cast.rusmiddel)
    feed, found = address_of_feed(window, "thisted"), {}
    for channel, address in CHANNELS.items():
        pages = {data_class: window.get(address.format(meeting=meeting.public_id, word=word, feed=feed)) for data_class, word in WORDS.items()}
        found[channel] = {data_class for data_class, word in WORDS.items() if pages[data_class].status_code == 200 and f"Om {word}" in readable(pages[data_class])}
    both = {"PUBLIC", "INTERNAL"}
    assert found == {"page": both, "PDF": both, "calendar": NONE, "search": both, "feed": NONE}


# ---- one person's case ---------------------------------------------------------------------------------------------------
FACTS = "Albatrossen er set ved havnen"
CLOSED = {
    "page": "/thisted/moeder/{meeting}/", "PDF": "/thisted/moeder/{meeting}/dagsorden.pdf", "minutes PDF": "/thisted/moeder/{meeting}/referat.pdf",
    "calendar": "/thisted/moeder/{meeting}/kalender.ics", "feed": "{feed}", "search": "/thisted/soeg/?q={word}", "screen": "/thisted/moeder/{meeting}/storskaerm/",
    "week": "/thisted/",
}  # fmt: skip
NUMBER, NAME, SAID = "number", "name", "said"
MEMBER = {"page": {NUMBER}, "PDF": {NUMBER}, "minutes PDF": {NUMBER, SAID}, "week": {NUMBER}}
CLOSED_READERS = {
    "konsulent": MEMBER,  # coordinates the forum
    "fnt": MEMBER,  # a member
    "laerer": {},  # the guest of this case: his page says «your case», and leads through the gate to it
    "chef": {}, "kontakt-klit": {}, "elev": {}, "dpo": {}, "it": {}, "mors-koordinator": {}, "operatoer": {},
}  # fmt: skip


@pytest.fixture
def case_item(cast, as_actor):
    """The item of the case to which the demo's teacher is called in, at a meeting under way, with something said about it."""
    with as_actor(cast.konsulent) as actor:
        return held_with_guest(actor, cast.laerer)


def held_with_guest(actor, guest):
    """The item of the case to which the guest is called, at a meeting that is held by now, with something said; and the words that tell of it."""
    grant = AdHocGrant.objects.get(user=guest, tenant_id=actor.tenant_id)
    AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=Now() - timedelta(hours=1), valid_to=Now() + timedelta(hours=1))
    Meeting.objects.filter(pk=grant.meeting_id).update(status="CLOSED")
    link = CaseItem.objects.select_related("meeting__tenant", "meeting__forum", "case", "item").get(item_id=grant.item_id)
    open_ticket(actor, Case, [link.person_id], purpose=Purpose.OTHER, row=link.case, note="test")
    said = {"tenant_id": link.tenant_id, "case": link.case, "person_id": link.person_id, "meeting": link.meeting}
    Discussion.objects.update_or_create(item_id=link.item_id, defaults={**said, "facts": FACTS})
    return link, {NUMBER: link.case.number, NAME: PersonData.objects.get(person_id=link.person_id).name, SAID: FACTS}


@pytest.mark.parametrize("reader", CLOSED_READERS)
def test_what_each_reader_finds_of_one_persons_case_in_each_channel(cast, visit, case_item, reader):
    link, words = case_item
    window = visit(cast.users[reader])
    feed, found = address_of_feed(window, "morsoe" if reader.startswith("mors") else "thisted"), {}
    for channel, address in CLOSED.items():
        pages = {key: window.get(address.format(meeting=link.meeting.public_id, word=word, feed=feed)) for key, word in words.items()}
        told = {key: _without_the_question(page) for key, page in pages.items()} if channel == "search" else {key: readable(page) for key, page in pages.items()}
        here = {key for key, word in words.items() if pages[key].status_code == 200 and word in told[key]}
        found |= {channel: here} if here else {}
    assert found == CLOSED_READERS[reader]


def _without_the_question(page):
    """What was found, as the page lists it: elsewhere it says the words that were looked for, which is no finding."""
    if page.status_code != 200:
        return ""
    text, hits = readable(page), '<ol class="rows two hits'
    assert hits in text or "Intet fundet" in text, "the page of a search lists what was found, or says that it found nothing"
    return text.partition(hits)[2].partition("</ol>")[0]


def test_no_mail_about_the_meeting_says_whose_case_it_is(cast, visit, as_actor, case_item, outbox):
    link, words = case_item
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=link.meeting_id).update(status="CALLED")
    assert visit(cast.konsulent).post(f"/thisted/moeder/{link.meeting.public_id}/aflys/", {"reason": "Sygdom", "confirm": "on"}).status_code == 302
    mails = outbox(link.meeting)
    assert mails
    assert not [key for mail in mails for key, word in words.items() if word in str(vars(mail))]
