"""Files under an item: who lays them up, who gets them, how they lie on disk."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from access.models import LogEntry
from access.roles import SeatRole
from access.vault import file_store
from meetings import actions, attachment_actions
from meetings.minutes import content_hash
from meetings.models import AgendaItem, Attachment, Meeting
from municipalities.actions import add_seat
from municipalities.models import Organisation
from municipalities.presets import setup_actor
from tests.access.test_file_kinds import PDF, PNG
from tests.access.test_pdf_pages import blank
from tests.conftest import acting
from tests.rules.crawl import readable

SECRET = b"words that nobody finds on the disk"


@pytest.fixture
def meeting(find):
    return find("styregruppe", "CALLED")


@pytest.fixture
def item(meeting, as_actor, cast):
    with as_actor(cast.konsulent):
        return AgendaItem.objects.filter(meeting=meeting, data_class="INTERNAL").order_by("order").first()


def page_of(meeting, item):
    return f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/bilag/"


def lay(visit, user, meeting, item, name="Oplæg.txt", content=SECRET):
    return visit(user).post(page_of(meeting, item), {"file": SimpleUploadedFile(name, content)})


def rows(as_actor, user, item):
    with as_actor(user):
        return list(Attachment.objects.filter(item=item))


def address(meeting, row):
    return f"/thisted/moeder/{meeting.public_id}/bilag/{row.public_id}/"


def seated(meeting, role, as_actor, cast):
    from municipalities.models import Seat

    with as_actor(cast.konsulent):
        seats = Seat.objects.current().filter(forum_id=meeting.forum_id, role=role, user__isnull=False).exclude(user=cast.konsulent).select_related("user")
        return seats.first().user


def test_the_page_of_files_keeps_the_menu_of_who_reads_it(cast, visit, meeting, item):
    assert cast.konsulent.name in readable(visit(cast.konsulent).get(page_of(meeting, item))).split("<main")[0]


def test_a_file_is_laid_up_shown_and_handed_out_to_be_saved(cast, visit, as_actor, log, meeting, item):
    assert lay(visit, cast.konsulent, meeting, item).status_code == 302
    (row,) = rows(as_actor, cast.konsulent, item)
    assert (row.name, row.kind, row.size, row.is_late) == ("Oplæg.txt", "TXT", len(SECRET), True)
    assert row.sha256 == hashlib.sha256(SECRET).hexdigest()
    assert all("Lagt ind efter indkaldelsen" in readable(visit(cast.konsulent).get(page)) for page in (page_of(meeting, item), f"/thisted/moeder/{meeting.public_id}/"))
    member = seated(meeting, "MEMBER", as_actor, cast)
    page = readable(visit(member).get(f"/thisted/moeder/{meeting.public_id}/"))
    assert "Oplæg.txt" in page and "TXT, 35" in page
    before = len(log())
    response = visit(member).get(address(meeting, row))
    assert response.content == SECRET
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''Opl%C3%A6g.txt"
    assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"]) == ("nosniff", "no-store")
    (entry,) = log()[before:] if log()[0].pk < log()[-1].pk else log()[: len(log()) - before]
    assert (entry.action, entry.object_id, entry.actor_id) == (LogEntry.Action.EXPORT, row.pk, member.pk)
    assert not [entry for entry in log() if "Oplæg.txt" in f"{entry.note}{entry.object_repr}{entry.changes}"]


def test_a_pdf_is_saved_not_shown_and_named_in_the_documents(cast, visit, as_actor, meeting, item):
    assert lay(visit, cast.konsulent, meeting, item, "Plan.pdf", PDF).status_code == 302
    (row,) = rows(as_actor, cast.konsulent, item)
    assert visit(cast.konsulent).get(address(meeting, row)).headers["Content-Disposition"].startswith("attachment")
    assert "Plan.pdf" in readable(visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/dagsorden.pdf"))


@pytest.mark.parametrize(
    ("content", "word", "said", "advice"),
    [
        (blank(user_password="hemmelig"), "locked", "Filen er låst med en adgangskode.", "Gem den uden adgangskode"),
        (PDF, "broken", "Filen er beskadiget og kan ikke åbnes.", "gem den som PDF på ny"),
    ],
    ids=["locked", "broken"],
)  # fmt: skip
def test_a_pdf_that_cannot_stand_in_the_book_is_taken_and_that_is_said_at_once_and_lastingly(cast, visit, as_actor, meeting, item, content, word, said, advice):
    response = lay(visit, cast.konsulent, meeting, item, "Slem.pdf", content)
    assert response.status_code == 302
    (row,) = rows(as_actor, cast.konsulent, item)
    assert row.unfit == word and visit(cast.konsulent).get(address(meeting, row)).content == content
    for _look in range(2):  # not only in the message that is gone with the next page
        page = readable(visit(cast.konsulent).get(page_of(meeting, item)))
        assert "ikke stå i mødebogen" in page and said in page and advice in page
    reader = readable(visit(seated(meeting, "MEMBER", as_actor, cast)).get(f"/thisted/moeder/{meeting.public_id}/"))
    assert "Ikke med i mødebogen" in reader and said in reader and advice not in reader


def test_what_is_said_after_the_upload_names_no_file(cast, visit, meeting, item):
    client = visit(cast.konsulent)
    page = client.post(page_of(meeting, item), {"file": SimpleUploadedFile("Slem.pdf", PDF)}, follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert len(told) == 2 and "ikke stå i mødebogen" in told[1] and "Slem" not in "".join(told)


@pytest.mark.parametrize(("name", "content"), [("God.pdf", blank(2)), ("Laast-mod-rettelser.pdf", blank(user_password="", owner_password="x")), ("Plan.txt", SECRET)])
def test_nothing_is_said_of_what_can_stand_there_or_is_no_pdf(cast, visit, as_actor, meeting, item, name, content):
    lay(visit, cast.konsulent, meeting, item, name, content)
    (row,) = rows(as_actor, cast.konsulent, item)
    assert row.unfit == row.why_unfit == row.told_unfit == "" and "ikke med i mødebogen" not in readable(visit(cast.konsulent).get(page_of(meeting, item))).lower()


def test_who_may_not_add_a_file_starts_no_process(cast, as_actor, meeting, item, monkeypatch):
    member = seated(meeting, "MEMBER", as_actor, cast)
    monkeypatch.setattr(attachment_actions, "why_unfit", lambda _content: pytest.fail("judged"))
    with as_actor(member) as actor, pytest.raises(PermissionDenied):
        attachment_actions.add_attachment(item, actor=actor, name="Slem.pdf", content=PDF)


def test_on_disk_it_is_sealed_and_bound_to_its_name(cast, visit, as_actor, meeting, item):
    lay(visit, cast.konsulent, meeting, item)
    (row,) = rows(as_actor, cast.konsulent, item)
    files = list(file_store().folder.rglob("*"))
    assert len(files) > 1 and not [file for file in files if file.is_file() and SECRET in file.read_bytes()]
    assert file_store().get(row.file_key) == SECRET
    assert not [file for file in files if "Opl" in file.name]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ" + b"\0" * 80, "kan ikke lægges op"), ("a.pdf", PNG, "ikke det, som navnet siger"), ("a.txt", b"", "Filen er tom"),
        ("010110-1234.txt", b"x", "ligner et CPR-nummer"), ("a.html", b"<html>", "kan ikke lægges op"),
    ],
    ids=["program", "other content", "empty", "number", "web"],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_a_sentence(cast, visit, as_actor, meeting, item, name, content, said):
    files = set(file_store().folder.glob("*"))
    response = lay(visit, cast.konsulent, meeting, item, name, content)
    assert response.status_code == 422 and said in readable(response)
    assert rows(as_actor, cast.konsulent, item) == [] and set(file_store().folder.glob("*")) == files


def test_too_large_is_said_whether_it_was_read_or_cut_off(cast, visit, as_actor, meeting, item, settings):
    settings.SSP_ATTACHMENT_BYTES = 1000
    assert "Filen er større end" in readable(lay(visit, cast.konsulent, meeting, item, content=b"x" * 1001))
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2000
    cut = lay(visit, cast.konsulent, meeting, item, content=b"x" * 5000)
    assert cut.status_code == 422 and "Filen er større end" in readable(cut) and "Vælg en fil" not in readable(cut) and "['" not in readable(cut)
    assert lay(visit, cast.konsulent, meeting, item, content=b"x" * 1000).status_code == 302
    assert len(rows(as_actor, cast.konsulent, item)) == 1


def test_nothing_chosen_is_a_sentence(cast, visit, meeting, item):
    response = visit(cast.konsulent).post(page_of(meeting, item), {})
    assert response.status_code == 422 and "Vælg en fil" in readable(response)


def test_who_only_reads_may_not_add_and_who_is_outside_finds_nothing(cast, visit, as_actor, meeting, item):
    member = seated(meeting, "MEMBER", as_actor, cast)
    assert lay(visit, member, meeting, item).status_code in (403, 404)
    assert lay(visit, cast.dpo, meeting, item).status_code == 404
    lay(visit, cast.konsulent, meeting, item)
    (row,) = rows(as_actor, cast.konsulent, item)
    for user in (cast.dpo, cast.it):
        assert visit(user).get(address(meeting, row)).status_code == 404
    other = visit(cast.konsulent).get(address(meeting, row).replace("/thisted/", "/morsoe/"))
    assert other.status_code == 404
    assert visit(member).post(f"{address(meeting, row)}fjern/").status_code in (403, 404)


def test_an_aggregated_item_keeps_its_file_from_who_may_not_read_figures(cast, visit, as_actor, meeting, item):
    actor = setup_actor(meeting.tenant)
    with acting(actor):
        school = Organisation.objects.filter(tenant=meeting.tenant).first()
        add_seat(meeting.forum, actor=actor, role=SeatRole.CONTACT, title="Kontaktlærer", organisation=school, user=cast.rusmiddel)
    lay(visit, cast.konsulent, meeting, item)
    (row,) = rows(as_actor, cast.konsulent, item)
    contact = cast.rusmiddel
    assert visit(contact).get(address(meeting, row)).content == SECRET
    with as_actor(cast.konsulent):
        AgendaItem.objects.filter(pk=item.pk).update(data_class="AGGREGATE")
    assert visit(cast.konsulent).get(address(meeting, row)).content == SECRET
    assert visit(contact).get(address(meeting, row)).status_code == 404
    assert row.name not in readable(visit(contact).get(f"/thisted/moeder/{meeting.public_id}/"))
    with as_actor(contact):
        assert not Attachment.objects.filter(pk=row.pk).exists()


def test_who_is_disqualified_from_the_item_has_no_file_of_it(cast, visit, as_actor, meeting, item):
    lay(visit, cast.konsulent, meeting, item)
    (row,) = rows(as_actor, cast.konsulent, item)
    member = seated(meeting, "MEMBER", as_actor, cast)
    assert visit(member).get(address(meeting, row)).status_code == 200
    visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/inhabil/", {"user": member.public_id})
    assert visit(member).get(address(meeting, row)).status_code == 404
    assert "Oplæg.txt" not in readable(visit(member).get(f"/thisted/moeder/{meeting.public_id}/"))


def test_an_item_that_was_taken_off_shows_no_file_until_it_is_put_back(cast, visit, as_actor, meeting, item):
    lay(visit, cast.konsulent, meeting, item)
    (row,) = rows(as_actor, cast.konsulent, item)
    edit = f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/"
    visit(cast.konsulent).post(f"{edit}fjern/")
    assert visit(cast.konsulent).get(address(meeting, row)).status_code == 404
    assert "Oplæg.txt" not in readable(visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/"))
    assert lay(visit, cast.konsulent, meeting, item).status_code == 409
    visit(cast.konsulent).post(f"{edit}tilbage/")
    assert visit(cast.konsulent).get(address(meeting, row)).status_code == 200


def test_only_who_laid_it_up_removes_it_and_the_file_goes_after_commit(cast, visit, as_actor, meeting, item, django_capture_on_commit_callbacks):
    lay(visit, cast.konsulent, meeting, item)
    (row,) = rows(as_actor, cast.konsulent, item)
    with as_actor(cast.konsulent):
        Attachment.objects.filter(pk=row.pk).update(uploaded_by=cast.fnt)
    assert visit(cast.konsulent).post(f"{address(meeting, row)}fjern/").status_code == 409
    with as_actor(cast.konsulent):
        Attachment.objects.filter(pk=row.pk).update(uploaded_by=cast.konsulent)
    with django_capture_on_commit_callbacks(execute=True):
        assert visit(cast.konsulent).post(f"{address(meeting, row)}fjern/").status_code == 302
        assert file_store().get(row.file_key) == SECRET  # not before COMMIT
    with pytest.raises(FileNotFoundError):
        file_store().get(row.file_key)
    assert rows(as_actor, cast.konsulent, item) == []


def test_after_the_meeting_files_stay_and_after_approval_none_comes(cast, visit, as_actor, find):
    held, approved = find("ssp-plus", "CLOSED"), find("styregruppe", "APPROVED")
    with as_actor(cast.konsulent):
        one, other = (AgendaItem.objects.filter(meeting=meeting, data_class="INTERNAL").first() for meeting in (held, approved))
    assert lay(visit, cast.konsulent, held, one).status_code == 302
    (row,) = rows(as_actor, cast.konsulent, one)
    assert visit(cast.konsulent).post(f"{address(held, row)}fjern/").status_code == 409
    assert lay(visit, cast.konsulent, approved, other).status_code == 409
    assert "Oplæg.txt" in readable(visit(cast.konsulent).get(f"/thisted/moeder/{held.public_id}/godkend/"))


def test_what_is_approved_names_the_files_by_their_checksum(cast, visit, as_actor, find):
    held = find("ssp-plus", "CLOSED")
    with as_actor(cast.konsulent):
        item = AgendaItem.objects.filter(meeting=held, data_class="INTERNAL").first()
        before = content_hash(held)
    lay(visit, cast.konsulent, held, item)
    with as_actor(cast.konsulent):
        assert content_hash(held) != before


def test_a_draft_item_takes_its_files_with_it(cast, visit, as_actor, find, django_capture_on_commit_callbacks):
    draft = find("ssp-plus", "DRAFT") or find("grundskole", "DRAFT")
    with as_actor(cast.konsulent) as actor:
        item = actions.add_item(draft, actor=actor, title="Nyt punkt", kind="ORIENTERING")
    lay(visit, cast.konsulent, draft, item)
    (row,) = rows(as_actor, cast.konsulent, item)
    assert not row.is_late
    with django_capture_on_commit_callbacks(execute=True), as_actor(cast.konsulent) as actor:
        actions.remove_item(item, actor=actor)
    with pytest.raises(FileNotFoundError):
        file_store().get(row.file_key)


def test_no_file_under_an_item_of_the_closed_part(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        closed = AgendaItem.objects.filter(data_class="PERSON_115", meeting__status="CALLED").select_related("meeting").first()
        meeting = Meeting.objects.get(pk=closed.meeting_id)
    assert lay(visit, cast.konsulent, meeting, closed).status_code == 404
