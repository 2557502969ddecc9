"""Files under the discussion of a case: who lays them up, who fetches them, what the log says, how they lie on disk and how they go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.db.models.functions import Now

from access.gate import open_ticket
from access.models import LogEntry, Purpose
from access.vault import file_store
from cases.models import AdHocGrant, Case, CaseAttachment, CaseItem, Discussion
from meetings.models import Meeting
from tests.access.test_file_kinds import PNG
from tests.access.test_pdf_pages import blank
from tests.rules.crawl import readable

SECRET = b"ord, som ingen finder i klar tekst"


@pytest.fixture
def oliwia(know):
    """The case that the demo's teacher is called in for."""
    return know("017")


@pytest.fixture
def link(cast, as_actor, oliwia):
    """Its item at the meeting that the teacher is called in to."""
    with as_actor(cast.konsulent):
        grant = AdHocGrant.objects.get(user=cast.laerer, case=oliwia.case)
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=Now(), valid_to=grant.valid_to)
        return CaseItem.objects.select_related("meeting", "case__forum", "item").get(item_id=grant.item_id)


def page_of(known, link):
    return f"{known.url}droeftelse/{link.meeting.public_id}/bilag/"


def lay(client, known, link, name="Underretning.txt", content=SECRET):
    return client.post(page_of(known, link), {"file": SimpleUploadedFile(name, content)})


def rows(as_actor, user, known, ticket=True):
    with as_actor(user) as actor:
        if ticket:
            open_ticket(actor, Case, [known.case.person_id], purpose=Purpose.OTHER, row=known.case, note="test")
        return list(CaseAttachment.objects.filter(case=known.case))


def address(known, row):
    return f"{known.url}bilag/{row.public_id}/"


@pytest.fixture
def member(cast, through_gate, oliwia):
    """The konsulent, inside the case."""
    return through_gate(cast.konsulent, oliwia)


@pytest.fixture
def laid(cast, as_actor, member, oliwia, link):
    """A file of hers."""
    assert lay(member, oliwia, link).status_code == 302
    (row,) = rows(as_actor, cast.konsulent, oliwia)
    return row


def test_a_file_is_shown_with_the_case_and_its_meeting_and_handed_out_to_be_saved(member, oliwia, link, laid):
    for url in (oliwia.url, page_of(oliwia, link), f"{oliwia.url}droeftelse/{link.meeting.public_id}/"):
        assert f'href="{address(oliwia, laid)}"' in member.get(url).content.decode(), url
    answer = member.get(address(oliwia, laid))
    assert answer.content == SECRET
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_fetching_it_stands_in_the_log_of_the_case_without_its_name(cast, member, oliwia, laid, log):
    before = len(log())
    member.get(address(oliwia, laid))
    ticket, fetched = log()[before:]
    assert (ticket.action, fetched.action) == (LogEntry.Action.VIEW, LogEntry.Action.EXPORT)
    assert (fetched.object_id, fetched.subjects, fetched.actor_id) == (oliwia.case.pk, [oliwia.case.person_id], cast.konsulent.pk)
    assert fetched.note == f"bilag {laid.public_id}"
    page = readable(member.get(oliwia.url))
    assert f"bilag {laid.public_id}" in page.split("Hvem har set")[1]
    assert not [row for row in log() if "Underretning" in f"{row.object_repr}{row.changes}{row.note}"]


def test_laying_it_up_is_logged_with_the_person(oliwia, laid, log):
    (made,) = [row for row in log() if row.action == 0 and row.content_type.model == "caseattachment" and row.object_id == laid.pk]
    assert made.subjects == [oliwia.case.person_id]


def test_a_colleague_cannot_take_it_away_with_its_item(cast, visit, as_actor, member, oliwia, link, laid):
    answer = visit(cast.konsulent).post(f"/thisted/sager/af-dagsorden/{link.item.public_id}/", follow=True)
    assert "ligger bilag under punktet" in readable(answer)
    assert rows(as_actor, cast.konsulent, oliwia) == [laid] and file_store().get(laid.file_key) == SECRET
    assert member.post(f"{address(oliwia, laid)}fjern/").status_code == 302
    visit(cast.konsulent).post(f"/thisted/sager/af-dagsorden/{link.item.public_id}/")
    with as_actor(cast.konsulent):
        assert not CaseItem.objects.filter(pk=link.pk).exists()


def test_it_lies_sealed_on_the_disk(laid):
    path = file_store()._path(laid.file_key)
    assert SECRET not in path.read_bytes() and file_store().get(laid.file_key) == SECRET


def test_without_a_ticket_there_is_no_row(cast, as_actor, oliwia, laid):
    assert rows(as_actor, cast.konsulent, oliwia, ticket=False) == []


@pytest.mark.parametrize("user", ["chef", "kontakt-klit", "elev", "dpo", "it", "mors-koordinator"])
def test_who_does_not_open_the_case_finds_nothing(cast, visit, oliwia, link, laid, user):
    client = visit(cast.users[user])
    for url in (address(oliwia, laid), page_of(oliwia, link)):
        assert client.get(url).status_code in (403, 404), url
        assert b"Underretning" not in client.get(url).content
    assert lay(client, oliwia, link).status_code in (403, 404)


def test_before_the_purpose_is_given_nothing_is_handed_out(cast, visit, oliwia, laid):
    answer = visit(cast.konsulent).get(address(oliwia, laid))
    assert answer.status_code == 302 and "formaal" in answer["Location"]


def test_a_guest_has_the_files_of_his_own_meeting_and_lays_up_none(cast, as_actor, through_gate, member, oliwia, link, laid):
    with as_actor(cast.konsulent):
        other = CaseItem.objects.select_related("meeting").filter(case=oliwia.case).exclude(pk=link.pk).first()
        Meeting.objects.filter(pk=other.meeting_id).update(status="CLOSED")
    assert lay(member, oliwia, other, name="Fra et andet møde.txt").status_code == 302
    elsewhere = next(row for row in rows(as_actor, cast.konsulent, oliwia) if row.item_id == other.item_id)
    guest = through_gate(cast.laerer, oliwia)
    page = guest.get(oliwia.url).content.decode()
    assert "Underretning.txt" in page and "Fra et andet møde.txt" not in page
    assert guest.get(address(oliwia, laid)).content == SECRET
    assert guest.get(address(oliwia, elsewhere)).status_code == 404
    assert guest.get(page_of(oliwia, link)).status_code in (403, 404) and lay(guest, oliwia, link).status_code in (403, 404)
    assert [row.pk for row in rows(as_actor, cast.laerer, oliwia)] == [laid.pk]


@pytest.mark.parametrize(
    ("name", "content"), [("billede.pdf", PNG), ("side.txt", b"<html><script>1</script>"), ("program.exe", b"MZ"), ("010190-1234.txt", b"x"), ("tom.txt", b"")]
)
def test_a_bad_file_is_refused_and_nothing_is_kept(cast, as_actor, member, oliwia, link, name, content):
    assert lay(member, oliwia, link, name, content).status_code == 422
    assert rows(as_actor, cast.konsulent, oliwia) == []


def test_too_large_is_refused(cast, as_actor, member, oliwia, link, settings):
    settings.SSP_ATTACHMENT_BYTES = 10
    answer = lay(member, oliwia, link)
    assert answer.status_code == 422 and "større end" in readable(answer)
    assert rows(as_actor, cast.konsulent, oliwia) == []


def test_approved_minutes_take_no_file_and_give_none_away(cast, as_actor, member, oliwia, link, laid):
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=link.meeting_id).update(status="APPROVED")
    assert lay(member, oliwia, link).status_code == 422
    member.post(f"{address(oliwia, laid)}fjern/")
    assert len(rows(as_actor, cast.konsulent, oliwia)) == 1


def test_only_who_laid_it_up_takes_it_away_and_the_bytes_go_too(cast, as_actor, through_gate, member, oliwia, laid, django_capture_on_commit_callbacks):
    assert through_gate(cast.fnt, oliwia).post(f"{address(oliwia, laid)}fjern/").status_code == 302
    assert len(rows(as_actor, cast.konsulent, oliwia)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        member.post(f"{address(oliwia, laid)}fjern/")
    assert rows(as_actor, cast.konsulent, oliwia) == []
    with pytest.raises(FileNotFoundError):
        file_store().get(laid.file_key)


def test_deleted_with_the_case_the_bytes_are_gone(cast, as_actor, oliwia, laid, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [oliwia.case.person_id], purpose=Purpose.OTHER, row=oliwia.case, note="test")
        CaseItem.objects.filter(case=oliwia.case).delete()  # it protects its case
        Discussion.objects.filter(case=oliwia.case).delete()
        oliwia.case.delete()
    with pytest.raises(FileNotFoundError):
        file_store().get(laid.file_key)


def test_the_wall_takes_no_file_in_anothers_name_nor_under_another_case(cast, as_actor, oliwia, noah, link, laid):
    values = {"tenant_id": laid.tenant_id, "meeting": link.meeting, "item_id": link.item_id, "name": "x.txt", "kind": "TXT", "size": 1, "sha256": "", "file_key": "x"}
    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [oliwia.case.person_id, noah.case.person_id], purpose=Purpose.OTHER, note="test")
        for case, user in ((oliwia.case, cast.fnt), (noah.case, cast.konsulent)):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                CaseAttachment(**values, case=case, person_id=case.person_id, uploaded_by=user).save(force_insert=True)
        assert CaseAttachment.objects.filter(pk=laid.pk).update(name="y") == 0


def test_the_document_of_the_case_lists_it_with_day_and_name_and_marks_what_came_late(cast, as_actor, member, oliwia, link, laid):
    text = readable(member.get(f"{oliwia.url}sag.pdf"))
    assert "Underretning.txt" in text and "tilføjet efter indkaldelsen" in text and cast.konsulent.name in text.split("Underretning.txt")[1]
    assert SECRET.decode() not in text
    assert "Lagt ind efter indkaldelsen" in readable(member.get(page_of(oliwia, link)))


def test_a_file_that_was_there_at_the_call_is_not_marked(cast, as_actor, member, oliwia, link):
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=link.meeting_id).update(status="DRAFT")
    assert lay(member, oliwia, link).status_code == 302
    (row,) = rows(as_actor, cast.konsulent, oliwia)
    assert row.is_late is False and "tilføjet efter indkaldelsen" not in readable(member.get(f"{oliwia.url}sag.pdf"))


def test_a_pdf_that_cannot_stand_in_the_book_is_taken_and_said_so_where_it_stands(cast, as_actor, member, oliwia, link):
    content = blank(user_password="hemmelig")
    page = member.post(page_of(oliwia, link), {"file": SimpleUploadedFile("Underretning.pdf", content)}, follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert len(told) == 2 and "ikke stå i mødebogen" in told[1] and "Underretning" not in "".join(told)
    assert [row.unfit for row in rows(as_actor, cast.konsulent, oliwia) if row.name == "Underretning.pdf"] == ["locked"]
    assert "Gem den uden adgangskode" in readable(member.get(page_of(oliwia, link)))
    for where in (f"{oliwia.url}droeftelse/{link.meeting.public_id}/", oliwia.url):
        assert "Filen er låst med en adgangskode." in readable(member.get(where))
