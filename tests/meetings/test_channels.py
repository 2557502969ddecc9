"""The classes of item without persons in a styregruppe, through the channels, for readers of several kinds: one table of what is there."""

import re

import pytest

from meetings.models import AgendaItem
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
