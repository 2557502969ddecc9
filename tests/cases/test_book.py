"""Cases in a meeting book: whose files stand in it, what the log says, and which change of a case makes whose book stale."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access import notify
from access.gate import open_ticket
from access.models import LogEntry, Purpose
from cases import agreement_actions, attachment_actions, discussion_actions
from cases.models import Case, CaseAttachment, CaseItem, CaseRecusal, Discussion, PersonData
from meetings import book_making, parts
from meetings.models import Meeting
from tests.access.test_file_kinds import PDF
from tests.access.test_pdf_pages import bare
from tests.meetings.test_book import THREE, acting_as, again, file_of, flat, made, ordered, page_of, reader_of, run, text_of
from tests.rules.crawl import readable

pytestmark = pytest.mark.django_db(transaction=True)
Action = LogEntry.Action


@pytest.fixture(autouse=True)
def _outbox_waits(monkeypatch):
    """Jobs stay in the outbox; a test makes the book it means."""
    monkeypatch.setattr(notify, "wake_outbox", lambda tenant_id: None)


@pytest.fixture
def link(cast):
    """The item of case 014 at the coming § 115 meeting."""
    with acting_as(cast.konsulent):
        found = CaseItem.objects.select_related("meeting__forum", "meeting__tenant", "case__forum", "item")
        return found.get(meeting__status="CALLED", tenant__slug="thisted", case__number__endswith="-014")


@pytest.fixture
def closed(cast, link):
    """The same, once the meeting is held and its minutes wait for approval."""
    with acting_as(cast.konsulent):
        Meeting.objects.filter(pk=link.meeting_id).update(status="CLOSED")
    link.meeting.status = "CLOSED"
    return link


@pytest.fixture
def inside():
    """`with inside(user, case):` acts as the user in a case that he has opened."""
    from contextlib import contextmanager

    @contextmanager
    def enter(user, case):
        with acting_as(user) as actor:
            open_ticket(actor, Case, [case.person_id], purpose=Purpose.OTHER, row=case, note="test")
            yield actor

    return enter


@pytest.fixture
def lay(inside):
    """`lay(user, link, "Brev.pdf", content)`: a file under the case at the meeting."""

    def put(user, link, name, content):
        with inside(user, link.case) as actor:
            return attachment_actions.add_case_attachment(link, actor=actor, name=name, content=content)

    return put


@pytest.fixture
def laid(cast, link, lay):
    """A PDF of three pages, and a file that is no PDF."""
    return lay(cast.fnt, link, "Havørnens brev.pdf", bare(THREE.format("Havørn"))), lay(cast.fnt, link, "Fravær.csv", b"uge;timer\n1;2\n")


def recuse(cast, user, case):
    with acting_as(cast.fnt) as actor:
        CaseRecusal.objects.create(tenant_id=actor.tenant_id, case_id=case.pk, user=user, noted_by=cast.fnt)


def is_stale(window, meeting):
    """What the page says and what the file's address does are one answer."""
    page, status = readable(window.get(page_of(meeting))), window.get(file_of(meeting)).status_code
    assert (status, "Hent mødebogen" in page) in ((409, False), (200, True))
    return status == 409


# ---- what is in it, for whom ----------------------------------------------------------------------------------------
def test_the_agenda_as_a_book_carries_the_files_of_its_cases(cast, link, laid):
    book = made(cast.konsulent, link.meeting)
    text, reader = text_of(book), reader_of(book)
    told = ("Havørnens brev.pdf", "Havørn tre", "Fravær.csv", "Ikke med. Det er ikke en PDF.", f"Sag {link.case.number}", "tilføjet efter indkaldelsen")
    assert all(word in text for word in told)
    assert "Bilag: Havørnens brev.pdf (PDF," in text.split(f"Sag {link.case.number}")[1], "under its own letter"
    titles = {entry.title: reader.get_destination_page_number(entry) for entry in flat(reader.outline)}
    [place] = [number for title, number in titles.items() if title.endswith("Havørnens brev.pdf")]
    assert "Havørn" in reader.pages[place + 1].extract_text() and reader.page_labels[place + 1][0].isalpha()
    assert book.left_out == {laid[1].public_id: "kind"}


def test_the_minutes_as_a_book_carry_them_too_and_the_readers_own_pdf_names_them(cast, closed, laid, visit):
    text = text_of(made(cast.konsulent, closed.meeting))
    assert "Havørn tre" in text and "Havørnens brev.pdf" in text
    assert "Havørnens brev.pdf" in readable(visit(cast.konsulent).get(f"/thisted/moeder/{closed.meeting.public_id}/referat.pdf"))


def test_the_plain_agenda_names_no_file_of_a_case(cast, link, laid, visit):
    assert "Havørn" not in readable(visit(cast.konsulent).get(f"/thisted/moeder/{link.meeting.public_id}/dagsorden.pdf"))


def test_who_is_kept_out_of_the_case_has_neither_it_nor_its_files(cast, link, laid):
    recuse(cast, cast.konsulent, link.case)
    text = text_of(made(cast.konsulent, link.meeting))
    assert not [word for word in ("Havørn", "Fravær.csv", link.case.number) if word in text]


def test_each_file_that_is_read_and_each_person_stands_in_the_log(cast, link, laid, visit, log):
    before = {entry.pk for entry in log()}
    made(cast.konsulent, link.meeting)
    new = [entry for entry in log() if entry.pk not in before]
    [fetched] = [entry for entry in new if entry.action == Action.EXPORT]
    assert (fetched.object_id, fetched.subjects, fetched.note, fetched.actor_id) == (link.case_id, [link.case.person_id], f"bilag {laid[0].public_id}", cast.konsulent.pk)
    assert {subject for entry in new for subject in entry.subjects} == {link.case.person_id}, "an agenda with files names nobody of whom there are none"
    assert not [entry for entry in log() if "Havørn" in f"{entry.object_repr}{entry.note}{entry.changes}"]
    before = {entry.pk for entry in log()}
    assert visit(cast.konsulent).get(file_of(link.meeting)).status_code == 200
    handed_out = [entry for entry in log() if entry.pk not in before and entry.subjects]
    assert [(entry.action, entry.subjects) for entry in handed_out] == [(Action.EXPORT, [link.case.person_id])]


def test_a_damaged_file_costs_its_own_pages_and_the_page_does_not_name_it(cast, link, laid, lay, visit):
    bad = lay(cast.fnt, link, "Ulæselig Havørn.pdf", PDF)
    book = made(cast.konsulent, link.meeting)
    assert bad.public_id in book.left_out and "Ulæselig Havørn.pdf" in text_of(book) and "Havørn tre" in text_of(book)
    page = readable(visit(cast.konsulent).get(page_of(link.meeting)))
    assert "2 bilag i den lukkede del er ikke med" in page and "Havørn" not in page


def test_a_file_that_comes_while_the_book_is_made_is_not_named_and_makes_it_stale(cast, link, laid, lay, visit, monkeypatch):
    real = book_making._read_files

    def late(order, files):
        lay(cast.fnt, link, "Kom til sidst.pdf", bare(THREE.format("Rørhøne")))
        return real(order, files)

    monkeypatch.setattr(book_making, "_read_files", late)
    book = made(cast.konsulent, link.meeting)
    assert "Kom til sidst" not in text_of(book) and is_stale(visit(cast.konsulent), link.meeting)


# ---- stale ----------------------------------------------------------------------------------------------------------
def add_file(cast, link, inside):
    with inside(cast.fnt, link.case) as actor:
        attachment_actions.add_case_attachment(link, actor=actor, name="Nyt.txt", content=b"nyt")


def remove_file(cast, link, inside):
    with inside(cast.fnt, link.case) as actor:
        attachment_actions.remove_case_attachment(CaseAttachment.objects.select_related("meeting", "case__forum").filter(item_id=link.item_id, kind="PDF").first(), actor=actor)


def discuss(cast, link, inside, present=None):
    with inside(cast.fnt, link.case) as actor:
        said = Discussion.objects.filter(item_id=link.item_id).first()
        facts, version = (said.facts, said.version) if said else ("", 0)
        heard = {cast.fnt.pk: "Politi"} if link.meeting.is_its_day else {}  # before its day nobody has been present
        present = heard if present is None else present
        discussion_actions.save_discussion(link, actor=actor, facts=f"{facts} Nyt.", assessment="", version=version, present=present)


def agree(cast, link, inside):
    with inside(cast.fnt, link.case) as actor:
        return discussion_actions.agree_at_meeting(link, actor=actor, who=cast.fnt, what="Ringer hjem", due_on=timezone.localdate())


@pytest.mark.parametrize("act", [add_file, remove_file, discuss, agree])
def test_what_is_done_in_a_case_makes_the_book_stale_for_who_has_it_and_for_nobody_else(cast, closed, laid, inside, visit, act):
    recuse(cast, cast.gade, closed.case)
    for user in (cast.konsulent, cast.gade):
        made(user, closed.meeting)
    assert not is_stale(visit(cast.konsulent), closed.meeting) and not is_stale(visit(cast.gade), closed.meeting)
    act(cast, closed, inside)
    assert is_stale(visit(cast.konsulent), closed.meeting)
    assert not is_stale(visit(cast.gade), closed.meeting), "whoever may not see the case learns nothing of it"
    run(cast.konsulent, again(cast.konsulent, closed.meeting))
    assert not is_stale(visit(cast.konsulent), closed.meeting)


def test_looking_whether_it_is_stale_is_no_access(cast, closed, laid, inside, visit, log):
    made(cast.konsulent, closed.meeting)
    discuss(cast, closed, inside)
    before = {entry.pk for entry in log()}
    assert is_stale(visit(cast.konsulent), closed.meeting)
    assert not [entry for entry in log() if entry.pk not in before and entry.subjects]


def test_the_book_of_the_agenda_does_not_hold_what_is_said(cast, link, laid, inside, visit):
    made(cast.konsulent, link.meeting)
    discuss(cast, link, inside)
    agree(cast, link, inside)
    assert not is_stale(visit(cast.konsulent), link.meeting)
    add_file(cast, link, inside)
    assert is_stale(visit(cast.konsulent), link.meeting)


def test_what_becomes_of_an_aftale_stands_in_no_minutes_and_makes_none_stale(cast, closed, inside, visit):
    agreed = agree(cast, closed, inside)
    made(cast.konsulent, closed.meeting)
    with inside(cast.fnt, closed.case) as actor:
        agreement_actions.move_agreement(agreed, actor=actor, due_on=timezone.localdate() + timedelta(days=9), remark="Ferie.")
        agreement_actions.finish_agreement(agreed, actor=actor, remark="")
    assert not is_stale(visit(cast.konsulent), closed.meeting)


def test_another_forums_member_has_no_book_of_it(cast, link, laid, visit):
    with acting_as(cast.konsulent):
        assert PersonData.objects.count() == 0, "without a ticket nobody reads a person"
    for user in (cast.chef, cast.users["kontakt-klit"], cast.laerer):
        assert visit(user).post(f"{page_of(link.meeting)}lav/").status_code == 404


def test_a_right_that_ends_takes_the_book_away(cast, link, laid):
    from municipalities.actions import end_seat
    from municipalities.models import Seat

    book = ordered(cast.gade, link.meeting)
    with acting_as(cast.it) as actor:
        for seat in Seat.objects.current().filter(user=cast.gade):
            end_seat(seat, actor=actor)
    book_making.make_book(book.tenant_id, cast.gade.pk, book.pk, book.edition)
    from tests import harness

    with harness.admin(harness.DATABASE) as conn:
        assert conn.execute("select count(*) from meetings_meetingbook where id = %s", [book.pk]).fetchone() == (0,)


def test_files_and_what_makes_them_stale_go_through_one_gate(cast, laid, link):
    """A class that the kommune has lowered takes the closed part away: with it the files, whatever rights the seats still give."""
    with acting_as(cast.konsulent) as actor:
        meeting = Meeting.objects.select_related("forum").get(pk=link.meeting_id)
        assert parts.closed_files(actor, meeting, Action.LIST) and parts.closed_editions(actor, meeting)
        meeting.forum.ceiling = "INTERNAL"
        assert parts.closed_files(actor, meeting, Action.LIST) == parts.closed_editions(actor, meeting) == []
