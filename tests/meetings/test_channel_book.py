"""The tables of test_channels once more, for the channel that a worker makes: what each reader finds in a mødebog of his own."""


import pytest

from access import notify
from access.context import context_of
from access.roles import SeatRole
from meetings.models import AgendaItem, Meeting, MeetingBook
from municipalities.actions import add_seat
from municipalities.models import Organisation
from municipalities.presets import setup_actor
from tests.meetings.test_book import acting_as, file_of, page_of, run
from tests.meetings.test_channels import CLOSED_READERS, MEMBER, READERS, WORDS, held_with_guest
from tests.rules.crawl import readable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _outbox_waits(monkeypatch):
    monkeypatch.setattr(notify, "wake_outbox", lambda tenant_id: None)


@pytest.fixture
def meeting(cast):
    """The called meeting of the styregruppe, with an item of each class that no person stands in."""
    with acting_as(cast.konsulent) as actor:
        found = Meeting.objects.filter(forum__key="styregruppe", status="CALLED", tenant_id=actor.tenant_id).select_related("forum", "tenant").order_by("-starts_at").first()
        about = {"tenant_id": actor.tenant_id, "forum_id": found.forum_id, "meeting": found, "kind": "DROEFTELSE"}
        for order, (data_class, word) in enumerate(WORDS.items(), 90):
            AgendaItem.objects.create(**about, order=order, title=f"Om {word}", data_class=data_class)
    return found


@pytest.fixture
def case_meeting(cast):
    """The meeting to which the demo's teacher is called for one case, held; and the words that are looked for."""
    with acting_as(cast.konsulent) as actor:
        link, words = held_with_guest(actor, cast.laerer)
    return link.meeting, words


def book_text(window, user, meeting):
    """Ordered, made and fetched as the reader does it; nothing where any of that is refused."""
    if window.post(f"{page_of(meeting)}lav/").status_code != 302:
        assert window.get(file_of(meeting)).status_code == 404
        return ""
    with acting_as(user):
        book = MeetingBook.objects.get(meeting=meeting, ordered_by=user)
    run(user, book)
    answer = window.get(file_of(meeting))
    assert answer.status_code == 200
    return readable(answer)


@pytest.mark.parametrize("reader", READERS)
def test_what_each_reader_finds_in_his_book(cast, visit, meeting, reader):
    text = book_text(visit(cast.users[reader]), cast.users[reader], meeting)
    assert {data_class for data_class, word in WORDS.items() if f"Om {word}" in text} == READERS[reader][0], "what his page shows"


def test_a_contact_has_no_figures_in_his_book(cast, visit, meeting):
    with context_of(actor := setup_actor(meeting.tenant)):
        school = Organisation.objects.filter(tenant=meeting.tenant).first()
        add_seat(meeting.forum, actor=actor, role=SeatRole.CONTACT, title="Kontaktlærer", organisation=school, user=cast.rusmiddel)
    text = book_text(visit(cast.rusmiddel), cast.rusmiddel, meeting)
    assert {data_class for data_class, word in WORDS.items() if f"Om {word}" in text} == {"PUBLIC", "INTERNAL"}


@pytest.mark.parametrize("reader", CLOSED_READERS)
def test_what_each_reader_finds_of_one_persons_case_in_his_book(cast, visit, case_meeting, reader):
    meeting, words = case_meeting
    text = book_text(visit(cast.users[reader]), cast.users[reader], meeting)
    expected = MEMBER["minutes PDF"] if CLOSED_READERS[reader] else set()
    assert {key for key, word in words.items() if word in text} == expected, "what his minutes as PDF say"
