"""The meeting book: who gets what in it, what is left out, how long it is his, and what the log says."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from access import notify
from access.actor import Actor
from access.context import actor_of, context_of
from access.looking_after import MOST_TURNS
from access.models import LogEntry, OutboxMessage
from access.roles import SeatRole
from access.vault import file_store
from access.worker_rows import LEASE
from cases.models import CaseItem, CaseRecusal
from meetings import actions, attachment_actions, book_actions, book_making, book_retention, tasks
from meetings.minutes import content_hash
from meetings.models import AgendaItem, Attachment, Meeting, MeetingBook
from municipalities.actions import add_seat
from municipalities.models import Organisation, Seat, Tenant
from municipalities.presets import setup_actor, system_user
from tests import harness
from tests.access.test_file_kinds import DOCX, PDF
from tests.access.test_pdf_pages import bare, blank
from tests.conftest import wait_for
from tests.documents import faults
from tests.rules.crawl import canaries, readable

pytestmark = pytest.mark.django_db(transaction=True)
Status = MeetingBook.Status
THREE = "<h1>{0}</h1><p style='break-before:page'>{0} to</p><p style='break-before:page'>{0} tre</p>"


@pytest.fixture(autouse=True)
def _outbox_waits(request, monkeypatch):
    """Jobs stay in the outbox; a test runs the one it means. With a real worker they go their way."""
    if "worker" not in request.fixturenames:
        monkeypatch.setattr(notify, "wake_outbox", lambda tenant_id: None)


def acting_as(user, slug="thisted"):
    return context_of(actor_of(user, slug))


def as_system(tenant):
    return context_of(Actor(user_id=system_user(tenant.slug).pk, tenant_id=tenant.pk, is_system=True))


@pytest.fixture
def thisted(db):
    return Tenant.objects.get(slug="thisted")


@pytest.fixture
def meeting(cast):
    """The coming meeting of the styregruppe with two items of its own: one for all members, one for those who read figures."""
    with acting_as(cast.konsulent) as actor:
        found = Meeting.objects.filter(forum__key="styregruppe", status="CALLED", tenant_id=actor.tenant_id).select_related("forum", "tenant").order_by("-starts_at").first()
        about = {"tenant_id": actor.tenant_id, "forum_id": found.forum_id, "meeting": found, "kind": "DROEFTELSE"}
        AgendaItem.objects.create(**about, order=90, title="Pelikanreden", data_class="INTERNAL")
        AgendaItem.objects.create(**about, order=91, title="Flamingotal", data_class="AGGREGATE")
        return found


@pytest.fixture
def contact(cast, thisted, meeting):
    """A contact of the styregruppe: sits in it, and may not read figures."""
    actor = setup_actor(thisted)
    with context_of(actor):
        school = Organisation.objects.filter(tenant=thisted).first()
        add_seat(meeting.forum, actor=actor, role=SeatRole.CONTACT, title="Kontaktlærer", organisation=school, user=cast.rusmiddel)
    return cast.rusmiddel


@pytest.fixture
def lay(cast, meeting):
    """`lay("Pelikanreden", "Plan.pdf", content)`: a file under the item of that title."""

    def put(title, name, content):
        with acting_as(cast.konsulent) as actor:
            item = AgendaItem.objects.get(meeting=meeting, title=title)
            return attachment_actions.add_attachment(item, actor=actor, name=name, content=content)

    return put


@pytest.fixture
def laid(lay):
    """A PDF of three pages for all members, one for those who read figures, and a file that is no PDF."""
    return lay("Pelikanreden", "Plan.pdf", bare(THREE.format("Havørn"))), lay("Flamingotal", "Tal.pdf", bare(THREE.format("Tejst"))), lay("Pelikanreden", "Brev.docx", DOCX)


def ordered(user, meeting):
    with acting_as(user) as actor:
        return book_actions.order_book(meeting, actor=actor)


def again(user, meeting):
    with acting_as(user) as actor:
        return book_actions.order_again(meeting, actor=actor)


def run(user, book, **more):
    book_making.make_book(book.tenant_id, user.pk, book.pk, book.edition, **more)
    return fresh(user, book)


def fresh(user, book):
    with acting_as(user):
        return MeetingBook.objects.filter(pk=book.pk).first()


def made(user, meeting):
    book = run(user, ordered(user, meeting))
    assert (book.status, book.error, book.progress) == (Status.DONE, "", 100)
    return book


def change(user, book, **values):
    with acting_as(user):
        MeetingBook.objects.filter(pk=book.pk).update(**values)


def text_of(book):
    return " ".join("\n".join(page.extract_text() for page in reader_of(book).pages).replace("\u2060", "").split())


def reader_of(book):
    return PdfReader(io.BytesIO(file_store().get(book.book_key)))


def page_of(meeting):
    return f"/thisted/moeder/{meeting.public_id}/moedebog/"


def file_of(meeting):
    return f"/thisted/moeder/{meeting.public_id}/moedebog.pdf"


# ---- what is in it, for whom ----------------------------------------------------------------------------------------
def test_it_holds_the_agenda_and_the_pages_of_the_files_and_lists_the_others(cast, meeting, laid):
    book = made(cast.konsulent, meeting)
    text = text_of(book)
    assert all(word in text for word in ("Pelikanreden", "Flamingotal", "Havørn tre", "Tejst tre", "Brev.docx", "Ikke med. Det er ikke en PDF."))
    assert book.pages == len(reader_of(book).pages) and book.left_out[laid[2].public_id] == "kind" and not {laid[0].public_id, laid[1].public_id} & set(book.left_out)
    content = file_store().get(book.book_key)
    assert content.startswith(b"%PDF") and book.file_size == len(content)
    assert b"%PDF" not in (file_store().folder / f"{book.book_key}.sealed").read_bytes()


def test_a_member_who_may_not_read_figures_has_neither_the_item_nor_its_file(cast, meeting, laid, contact):
    text = text_of(made(contact, meeting))
    assert "Pelikanreden" in text and "Havørn tre" in text
    assert not [word for word in ("Flamingotal", "Tejst", "Tal.pdf") if word in text]


def test_nobody_outside_the_forum_can_order_one(cast, meeting, visit):
    for user in (cast.chef, cast.dpo, cast.it, cast.users["kontakt-klit"], cast.users["mors-koordinator"]):
        window = visit(user)
        assert [window.get(page_of(meeting)).status_code, window.post(f"{page_of(meeting)}lav/").status_code, window.get(file_of(meeting)).status_code] == [404] * 3


def test_a_guest_has_no_book_as_he_has_no_agenda(cast, visit):
    from cases.models import AdHocGrant

    now = timezone.now()
    with acting_as(cast.konsulent):
        grant = AdHocGrant.objects.select_related("meeting").filter(user=cast.laerer).first()
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=now - timedelta(hours=1), valid_to=now + timedelta(hours=1))
    window = visit(cast.laerer)
    assert window.get(f"/thisted/moeder/{grant.meeting.public_id}/").status_code == 200
    assert [window.get(page_of(grant.meeting)).status_code, window.post(f"{page_of(grant.meeting)}lav/").status_code] == [404, 404]


def test_another_members_book_is_not_there(cast, meeting, visit, thisted):
    book = made(cast.konsulent, meeting)
    with acting_as(cast.kui):
        assert not MeetingBook.objects.exists()
    assert visit(cast.kui).get(file_of(meeting)).status_code == 404
    assert "Du har endnu ingen mødebog" in readable(visit(cast.kui).get(page_of(meeting)))
    with acting_as(cast.konsulent):
        assert MeetingBook.objects.get().pk == book.pk


def test_the_outline_leads_to_the_agenda_each_item_and_each_file(cast, meeting, laid):
    reader = reader_of(made(cast.konsulent, meeting))
    found = [(entry.title, reader.get_destination_page_number(entry)) for entry in flat(reader.outline)]
    titles = dict(found)
    assert found[0][0].startswith("Dagsorden") and found[0][1] == 0
    with acting_as(cast.konsulent):
        items = list(AgendaItem.objects.filter(meeting=meeting).exclude(data_class="PERSON_115").values_list("title", flat=True))
    assert set(items) <= set(titles)
    place = next(number for title, number in found if title.endswith("Plan.pdf"))
    assert "Havørn" in reader.pages[place + 1].extract_text()
    assert reader.page_labels[place + 1].endswith("-1") and reader.root_object["/Lang"] == "da" and reader.metadata.title.startswith("Mødebog")


def flat(outline):
    for entry in outline:
        yield from flat(entry) if isinstance(entry, list) else [entry]


def test_a_book_of_our_own_pages_is_pdf_ua(cast, meeting):
    with acting_as(cast.konsulent):
        Attachment.objects.filter(meeting=meeting, kind="PDF").delete()
    assert faults(file_store().get(made(cast.konsulent, meeting).book_key)) == []


def test_our_own_pages_stay_well_among_others(cast, meeting, laid):
    """What the checker says of a book with foreign pages is about those: no claim, header cells and running lines that others have made."""
    said = faults(file_store().get(made(cast.konsulent, meeting).book_key))
    foreign = ("PDFUA1-ID-", "running lines", "a header cell without a scope", "PDFUA1-TABLE-")
    assert [fault for fault in said if not fault.startswith(foreign)] == []


@pytest.mark.parametrize(("content", "said"), [(blank(user_password="x"), "Filen er låst med en adgangskode"), (PDF, "Filen er beskadiget")], ids=["locked", "broken"])
def test_a_file_that_cannot_be_put_in_costs_its_own_pages_and_is_named(cast, meeting, lay, laid, visit, content, said):
    bad = lay("Pelikanreden", "Slem.pdf", content)
    book = made(cast.konsulent, meeting)
    text = text_of(book)
    assert "Slem.pdf" in text and f"Ikke med. {said}" in text and "Havørn tre" in text
    assert bad.public_id in book.left_out and laid[0].public_id not in book.left_out
    page = readable(visit(cast.konsulent).get(page_of(meeting)))
    assert "Slem.pdf" in page and said in page and "Brev.docx" in page


def test_a_book_that_would_grow_too_large_leaves_out_what_does_not_fit(cast, meeting, laid, monkeypatch):
    monkeypatch.setattr(book_making, "MOST_PAGES", 4)
    assert "full" in made(cast.konsulent, meeting).left_out.values()


def test_a_file_whose_bytes_are_gone_is_named(cast, meeting, laid):
    file_store().remove(laid[0].file_key)
    assert made(cast.konsulent, meeting).left_out[laid[0].public_id] == "gone"


# ---- the closed part ------------------------------------------------------------------------------------------------
@pytest.fixture
def held(cast):
    """A held meeting at which a case was discussed, and the link of the case to it."""
    with harness.admin(harness.DATABASE) as conn:
        query = """select s.item_id from cases_discussion s join meetings_meeting m on m.id = s.meeting_id join municipalities_tenant t on t.id = s.tenant_id
          where t.slug = 'thisted' and m.status in ('CLOSED', 'APPROVED') and length(s.facts) > 40 order by s.item_id limit 1"""
        item_id = conn.execute(query).fetchone()[0]
    with acting_as(cast.konsulent):
        link = CaseItem.objects.select_related("meeting__forum", "case").get(item_id=item_id)
    return link.meeting, link


def test_minutes_show_what_the_readers_own_pdf_shows_and_each_person_is_logged(cast, held, visit, log):
    meeting, _link = held
    pdf = readable(visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/referat.pdf"))
    persons = {canary.person_id for canary in canaries() if canary.text in pdf}
    assert persons, "the demo's minutes say something of somebody"
    before = {entry.pk for entry in log()}
    book = made(cast.konsulent, meeting)
    text = text_of(book)
    assert {canary for canary in canaries() if canary.text in text} == {canary for canary in canaries() if canary.text in pdf}
    assert persons <= {subject for entry in log() if entry.pk not in before for subject in entry.subjects}
    before = {entry.pk for entry in log()}
    assert visit(cast.konsulent).get(file_of(meeting)).status_code == 200
    new = [entry for entry in log() if entry.pk not in before]
    assert persons <= {subject for entry in new for subject in entry.subjects}
    assert all(entry.actor_id == cast.konsulent.pk and entry.action in LogEntry.Action.READS for entry in new)


def test_the_page_of_the_book_reads_no_person(cast, held, visit, log):
    made(cast.konsulent, held[0])
    before = {entry.pk for entry in log()}
    page = visit(cast.konsulent).get(page_of(held[0]))
    assert "Hent mødebogen" in readable(page)
    assert not [entry for entry in log() if entry.pk not in before and entry.subjects]


def test_without_the_log_no_book_with_persons_is_made_or_handed_out(cast, held, visit, caplog):
    book = made(cast.konsulent, held[0])
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("revoke insert on audit.logentry from ssp_app")
        try:
            assert visit(cast.konsulent, raise_request_exception=False).get(file_of(held[0])).status_code == 500
        finally:
            conn.execute("grant insert on audit.logentry to ssp_app")
    assert fresh(cast.konsulent, book).is_ready


def test_who_is_kept_out_of_a_case_since_must_have_it_made_again(cast, held, visit, thisted):
    meeting, link = held
    made(cast.konsulent, meeting)
    with acting_as(cast.fnt) as actor:
        CaseRecusal.objects.create(tenant_id=actor.tenant_id, case_id=link.case_id, user=cast.konsulent, noted_by=cast.fnt)
    window = visit(cast.konsulent)
    answer = window.get(file_of(meeting))
    assert answer.status_code == 409 and "Få den lavet igen" in readable(answer)
    assert "Hent mødebogen" not in readable(window.get(page_of(meeting)))
    new = run(cast.konsulent, again(cast.konsulent, meeting))
    assert link.case.number not in text_of(new) and window.get(file_of(meeting)).status_code == 200


# ---- handing it out -------------------------------------------------------------------------------------------------
def test_it_is_handed_out_to_be_saved_and_the_log_says_what_was_read(cast, meeting, laid, visit, log):
    before = {entry.pk for entry in log()}
    book = made(cast.konsulent, meeting)
    files = [entry.object_id for entry in log() if entry.pk not in before and entry.action == LogEntry.Action.EXPORT]
    with acting_as(cast.konsulent):
        pdfs = list(Attachment.objects.filter(meeting=meeting, kind="PDF").values_list("pk", flat=True))
    assert sorted(files) == sorted(pdfs) and len(pdfs) >= 2, "one row for each file that was read: a Word file is only listed"
    assert [entry.object_id for entry in log() if entry.pk not in before and entry.action == LogEntry.Action.DOCUMENT] == [book.pk]
    before = {entry.pk for entry in log()}
    response = visit(cast.konsulent).get(file_of(meeting))
    assert response.headers["Content-Disposition"].startswith('attachment; filename="moedebog-styregruppe-')
    assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"], response.headers["Content-Type"]) == ("nosniff", "no-store", "application/pdf")
    (entry,) = [entry for entry in log() if entry.pk not in before]
    assert (entry.action, entry.object_id, entry.forum_id, entry.actor_id) == (LogEntry.Action.EXPORT, book.pk, meeting.forum_id, cast.konsulent.pk)
    assert entry.note == response.headers["Content-Disposition"].split("\"")[1]
    assert not [entry for entry in log() if "Plan.pdf" in f"{entry.note}{entry.object_repr}{entry.changes}"]


def end_seats(user, thisted):
    with context_of(setup_actor(thisted)):
        Seat.objects.filter(tenant=thisted, user=user).update(user=None)


def test_who_loses_his_seat_loses_his_book(cast, meeting, visit, thisted):
    book, window = made(cast.kui, meeting), visit(cast.kui)
    assert window.get(file_of(meeting)).status_code == 200
    end_seats(cast.kui, thisted)
    assert window.get(file_of(meeting)).status_code == 404 and window.get(page_of(meeting)).status_code == 404
    with context_of(Actor(user_id=cast.kui.pk, tenant_id=thisted.pk, is_member=True)):
        assert not MeetingBook.objects.filter(pk=book.pk).exists(), "the database itself shows it to nobody without a seat"


def test_a_right_that_ends_while_it_is_made_leaves_neither_row_nor_file(cast, meeting, thisted, monkeypatch):
    book, files, real = ordered(cast.kui, meeting), set(file_store().folder.glob("*")), book_making.exports.pdf_of
    monkeypatch.setattr(book_making.exports, "pdf_of", lambda html: (end_seats(cast.kui, thisted), real(html))[1])
    book_making.make_book(book.tenant_id, cast.kui.pk, book.pk, 1)
    with as_system(thisted):
        assert not MeetingBook.objects.filter(pk=book.pk).exists()
    assert set(file_store().folder.glob("*")) == files


# ---- when things change ---------------------------------------------------------------------------------------------
def test_a_changed_agenda_makes_it_stale_and_it_can_be_made_again(cast, meeting, laid, visit):
    book, window = made(cast.konsulent, meeting), visit(cast.konsulent)
    assert "Ændret siden" not in readable(window.get(page_of(meeting)))
    with acting_as(cast.konsulent):
        AgendaItem.objects.filter(meeting=meeting, title="Pelikanreden").update(title="Storkereden")
    page = readable(window.get(page_of(meeting)))
    assert "Ændret siden" in page and "Lav den igen" in page and "Hent mødebogen" not in page
    answer = window.get(file_of(meeting))  # what was taken out of the agenda does not go on in a file that waits
    assert answer.status_code == 409 and "Få den lavet igen" in readable(answer)
    assert window.post(f"{page_of(meeting)}lav/", {"igen": "1"}).status_code == 302
    new = run(cast.konsulent, fresh(cast.konsulent, book))
    assert (new.pk, new.edition) == (book.pk, 2) and "Storkereden" in text_of(new)
    with pytest.raises(FileNotFoundError):
        file_store().get(book.book_key)
    assert "Ændret siden" not in readable(window.get(page_of(meeting)))


def test_a_new_file_makes_it_stale(cast, meeting, laid, lay, visit):
    made(cast.konsulent, meeting)
    lay("Pelikanreden", "Mere.pdf", bare(THREE.format("Lom")))
    assert "Ændret siden" in readable(visit(cast.konsulent).get(page_of(meeting)))


def test_a_file_that_was_taken_away_is_not_handed_out_in_an_old_book(cast, meeting, laid, visit):
    made(cast.kui, meeting)
    with acting_as(cast.konsulent) as actor:
        attachment_actions.remove_attachment(Attachment.objects.select_related("item").get(pk=laid[0].pk), actor=actor)
    assert visit(cast.kui).get(file_of(meeting)).status_code == 409


def test_ordering_twice_is_one_book_and_not_while_it_is_being_made(cast, meeting, visit):
    assert ordered(cast.konsulent, meeting).pk == ordered(cast.konsulent, meeting).pk
    answer = visit(cast.konsulent).post(f"{page_of(meeting)}lav/", {"igen": "1"})
    assert answer.status_code == 409 and "er ved at blive lavet" in readable(answer)


def jobs(thisted, name):
    with as_system(thisted):
        return [row.payload for row in OutboxMessage.objects.filter(kind="job", payload__job=name).order_by("pk")]


def test_the_sixth_time_within_an_hour_is_refused_and_keeps_the_file(cast, meeting, visit):
    book = made(cast.konsulent, meeting)
    for _n in range(5):
        again(cast.konsulent, meeting)
        change(cast.konsulent, book, status=Status.DONE, book_key="kept")
    answer = visit(cast.konsulent).post(f"{page_of(meeting)}lav/", {"igen": "1"})
    assert answer.status_code == 409 and "Vent lidt, før du får den lavet igen" in readable(answer)
    found = fresh(cast.konsulent, book)
    assert (found.edition, found.book_key) == (6, "kept")
    change(cast.kui, ordered(cast.kui, meeting), status=Status.DONE)
    assert again(cast.kui, meeting).edition == 2, "another reader is not held up"


def test_the_order_leaves_ids_alone_in_the_outbox(cast, meeting, thisted):
    ordered(cast.konsulent, meeting)
    (make,), (look,) = jobs(thisted, "make_book"), jobs(thisted, "look_after_book")
    assert set(make) == {"job", "user_id", "book_id", "edition"} and set(look) == {*make, "turn"}


def test_an_old_order_writes_nothing_on_a_new_one(cast, meeting):
    made(cast.konsulent, meeting)
    new = again(cast.konsulent, meeting)
    book_making.make_book(new.tenant_id, cast.konsulent.pk, new.pk, 1)
    assert fresh(cast.konsulent, new).status == Status.QUEUED


def test_approval_takes_away_what_was_made_before(cast, thisted):
    with acting_as(cast.konsulent) as actor:
        meeting = Meeting.objects.filter(forum__key="ssp-plus", status="CLOSED", tenant=thisted).select_related("forum", "tenant").first()
        seen = content_hash(meeting)
    book = made(cast.konsulent, meeting)
    with acting_as(cast.konsulent) as actor:
        actions.approve_minutes(meeting, actor=actor, seen=seen)
    (job,) = jobs(thisted, "forget_books")
    new = ordered(cast.fnt, meeting) if meeting.forum_id in actor_of(cast.fnt, "thisted").forums_with("view_agenda") else None
    tasks.forget_books(tenant_id=thisted.pk, **{key: value for key, value in job.items() if key != "job"})
    assert fresh(cast.konsulent, book) is None and (new is None or fresh(cast.fnt, new) is not None)
    with pytest.raises(FileNotFoundError):
        file_store().get(book.book_key)


def test_it_is_taken_away_a_fortnight_after_the_meeting(cast, meeting, thisted):
    book = made(cast.konsulent, meeting)
    assert abs(book.keep_until - max(book.finished_at, meeting.ends_at) - book_retention.KEPT) < timedelta(minutes=1)
    assert book_retention.forget_old_books(thisted) == 0
    change(cast.konsulent, book, keep_until=timezone.now() - timedelta(minutes=1))
    tasks.forget_old_books()
    assert fresh(cast.konsulent, book) is None
    with pytest.raises(FileNotFoundError):
        file_store().get(book.book_key)


# ---- the worker -----------------------------------------------------------------------------------------------------
def lies_still(user, book, **values):
    change(user, book, **{"status": Status.RUNNING, "touched_at": timezone.now() - 2 * LEASE, **values})


def test_what_another_worker_has_in_hand_is_left_alone(cast, meeting, monkeypatch):
    book = ordered(cast.konsulent, meeting)
    lies_still(cast.konsulent, book, touched_at=timezone.now())
    monkeypatch.setattr(book_making, "_read_files", lambda *args: pytest.fail("two at it"))
    assert run(cast.konsulent, book).status == Status.RUNNING


def test_a_book_that_lies_still_is_taken_over_and_watched_on(cast, meeting, thisted):
    book = ordered(cast.konsulent, meeting)
    lies_still(cast.konsulent, book)
    book_making.look_after(book.tenant_id, cast.konsulent.pk, book.pk, 1, 1)
    assert fresh(cast.konsulent, book).status == Status.DONE
    assert sorted(job["turn"] for job in jobs(thisted, "look_after_book")) == [1, 2]
    book_making.look_after(book.tenant_id, cast.konsulent.pk, book.pk, 1, 2)
    assert len(jobs(thisted, "look_after_book")) == 2, "finished: nobody looks again"


def test_the_file_over_which_a_worker_died_is_left_out_by_the_next(cast, meeting, laid, log):
    book = ordered(cast.konsulent, meeting)
    lies_still(cast.konsulent, book, in_hand=laid[0].public_id)
    before = {entry.pk for entry in log()}
    book_making.look_after(book.tenant_id, cast.konsulent.pk, book.pk, 1, 1)
    done = fresh(cast.konsulent, book)
    assert done.status == Status.DONE and (done.left_out[laid[0].public_id], done.left_out[laid[2].public_id]) == ("slow", "kind")
    assert "Havørn" not in text_of(done) and "Tejst tre" in text_of(done)
    assert laid[0].pk not in [entry.object_id for entry in log() if entry.pk not in before and entry.action == LogEntry.Action.EXPORT]


def test_a_book_that_kills_its_workers_is_given_up_and_can_be_tried_again(cast, meeting, monkeypatch, visit, caplog):
    book = ordered(cast.konsulent, meeting)
    lies_still(cast.konsulent, book)
    book_making.look_after(book.tenant_id, cast.konsulent.pk, book.pk, 1, MOST_TURNS)
    failed = fresh(cast.konsulent, book)
    assert failed.status == Status.FAILED and failed.error.startswith("Noget gik galt")
    page = readable(visit(cast.konsulent).get(page_of(meeting)))
    assert "Noget gik galt" in page and "Prøv igen" in page
    assert run(cast.konsulent, again(cast.konsulent, meeting)).status == Status.DONE


def test_a_failure_is_a_sentence_without_a_secret(cast, meeting, monkeypatch, caplog):
    def fail(html):
        raise OSError("disk full at /secret/place")

    monkeypatch.setattr(book_making.exports, "pdf_of", fail)
    failed = run(cast.konsulent, ordered(cast.konsulent, meeting))
    assert failed.status == Status.FAILED and "secret" not in failed.error


def test_the_slower_of_two_workers_leaves_nothing_behind(cast, meeting, monkeypatch):
    book, files, real = ordered(cast.konsulent, meeting), set(file_store().folder.glob("*")), book_making.exports.pdf_of

    def slow(html):
        monkeypatch.setattr(book_making.exports, "pdf_of", real)
        lies_still(cast.konsulent, book)
        book_making.make_book(book.tenant_id, cast.konsulent.pk, book.pk, 1)
        return real(html)

    monkeypatch.setattr(book_making.exports, "pdf_of", slow)
    done = run(cast.konsulent, book)
    assert done.is_ready and len(set(file_store().folder.glob("*")) - files) == 1


def test_how_far_it_is_stands_on_the_row_and_on_the_page(cast, meeting, laid, visit, monkeypatch):
    book, seen, real = ordered(cast.konsulent, meeting), [], book_making._note
    window = visit(cast.konsulent)
    assert "<progress" in window.get(page_of(meeting)).content.decode()

    def note(order, percent, step, in_hand=""):
        real(order, percent, step, in_hand)
        part = window.get(page_of(meeting), headers={"HX-Request": "true"})
        assert f'value="{percent}"' in part.content.decode() and step in readable(part) and "<html" not in part.content.decode() and "HX-Refresh" not in part.headers
        seen.append(percent)

    monkeypatch.setattr(book_making, "_note", note)
    assert run(cast.konsulent, book).status == Status.DONE
    assert seen == sorted(seen) and len(seen) >= 4 and seen[-1] == 85
    assert window.get(page_of(meeting), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_through_the_outbox_and_a_real_worker(worker, cast, meeting, laid, visit):
    window = visit(cast.konsulent)
    assert window.post(f"{page_of(meeting)}lav/").url == page_of(meeting)
    wait_for(lambda: b"moedebog.pdf" in window.get(page_of(meeting)).content, timeout=60)
    assert window.get(file_of(meeting)).content.startswith(b"%PDF")


def test_the_button_stands_on_the_meetings_page(cast, meeting, visit):
    assert f'action="{page_of(meeting)}lav/"' in visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()


def test_only_registered_jobs_are_ordered():
    assert {"make_book", "look_after_book", "forget_books"} <= set(notify._jobs)
