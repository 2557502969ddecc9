"""The files of public items: published with the minutes, fetched by anybody, gone with them; and the minutes as a document."""

from dataclasses import replace

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from access.actor import Actor
from access.roles import Verb
from meetings.attachment_actions import add_attachment
from meetings.minutes import content_hash
from meetings.models import AgendaItem, Attachment, Meeting, PublicAttachment, PublicMinutes
from meetings.public_minutes import publish_minutes
from meetings.reopen_actions import reopen_minutes
from municipalities.models import Forum, Tenant
from tests.access.test_file_kinds import PDF
from tests.conftest import acting, make_client
from tests.documents import faults
from tests.rules.crawl import readable

LIST = "/offentlig/thisted/referater/"


@pytest.fixture
def meeting(cast, as_actor, find):
    """Approved minutes with a file under a public item, and one under an internal item."""
    found = find("grundskole", "CALLED")
    with as_actor(cast.it):
        Forum.objects.filter(pk=found.forum_id).update(minutes_are_public=True)
    with as_actor(cast.konsulent) as actor:
        AgendaItem.objects.filter(meeting=found).update(data_class="INTERNAL")
        for place, (title, data_class) in enumerate([("Internt", "INTERNAL"), ("Åbent", "PUBLIC")]):
            item = AgendaItem.objects.create(tenant_id=actor.tenant_id, forum_id=found.forum_id, meeting=found, order=100 + place, title=title, data_class=data_class)
            add_attachment(item, actor=actor, name=f"{title.lower()}.pdf", content=PDF + title.encode())
        Meeting.objects.filter(pk=found.pk).update(status="APPROVED", content_hash=content_hash(found), approved_by=cast.konsulent, approved_at=timezone.now())
        publish_minutes(found, actor=actor)
    return found


def anybody():
    return acting(Actor(public_tenant_id=Tenant.objects.get(slug="thisted").pk))


def address():
    with anybody():
        return f"{LIST}{PublicMinutes.objects.get().public_id}/"


def file_address():
    with anybody():
        return f"{address()}bilag/{PublicAttachment.objects.get().public_id}/"


def test_the_file_of_a_public_item_is_fetched_by_anybody_and_only_saved(meeting):
    client = make_client()
    page = client.get(address())
    way = file_address()
    assert f'href="{way}"' in page.content.decode() and "åbent.pdf" in readable(page) and "internt.pdf" not in readable(page)
    answer = client.get(way)
    assert answer.content == PDF + "Åbent".encode()
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers


def test_the_document_says_what_the_page_says(meeting, cast):
    answer = make_client().get(f"{address()}referat.pdf")
    text = readable(answer)
    assert answer.headers["Content-Type"] == "application/pdf" and "Åbent" in text and "åbent.pdf" in text
    assert faults(answer.content) == []
    assert "Internt" not in text and cast.konsulent.last_name not in text


@pytest.mark.parametrize("tail", ["", "referat.pdf", "bilag/"])
def test_withdrawn_nothing_is_there_any_more(visit, cast, meeting, tail):
    way = file_address() if tail == "bilag/" else address() + tail
    assert visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/offentliggoer/", {"withdraw": "1"}).status_code == 302
    assert make_client().get(way).status_code == 404
    with anybody():
        assert not PublicAttachment.objects.exists()


def test_reopened_by_who_writes_no_minutes_the_files_go_too(actor_for, cast, meeting):
    way, actor = file_address(), actor_for(cast.konsulent)
    actor = replace(actor, forums={verb: ids for verb, ids in actor.forums.items() if verb != Verb.WRITE_MINUTES})
    with acting(actor):
        assert PublicAttachment.objects.all().delete()[0] == 0  # while they are approved, the wall holds
        reopen_minutes(meeting, actor=actor, reason="En fil er forkert")
        assert not PublicAttachment.objects.exists()
    assert make_client().get(way).status_code == 404


def test_the_wall_publishes_no_file_of_another_item(cast, as_actor, meeting):
    with as_actor(cast.konsulent) as actor:
        hidden = Attachment.objects.get(meeting=meeting, name="internt.pdf")
        for key, digest in ((hidden.file_key, hidden.sha256), ("0" * 32, "0" * 64)):
            row = PublicAttachment(
                tenant_id=actor.tenant_id, minutes=PublicMinutes.objects.get(meeting=meeting), place=0, name="x.pdf", kind="PDF", size=1, sha256=digest, file_key=key
            )
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                row.save()


def test_a_file_that_is_not_the_published_one_is_not_handed_out(meeting, monkeypatch):
    way = file_address()
    monkeypatch.setattr("access.vault.FileStore.get", lambda *_of: b"%PDF-1.4 another")
    assert make_client().get(way).status_code == 404


def test_another_kommune_has_no_way_to_it(meeting):
    way = file_address()
    assert make_client().get(way.replace("thisted", "morsoe")).status_code == 404
    with acting(Actor(public_tenant_id=Tenant.objects.get(slug="morsoe").pk)):
        assert not PublicAttachment.objects.exists()


def test_who_reads_the_forum_finds_the_public_page(visit, cast, meeting):
    way = address()
    for user in (cast.konsulent, cast.fnt, cast.chef):  # the chef has no seat in the forum: he sees the shell
        assert f'href="{way}"' in visit(user).get(f"/thisted/moeder/{meeting.public_id}/").content.decode(), user
    page = visit(cast.konsulent).get(f"/thisted/fora/{meeting.forum.public_id}/").content.decode()
    assert f'href="{way}"' in page


def test_before_publishing_the_files_are_named(visit, cast, meeting):
    page = readable(visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/godkend/"))
    assert page.count("åbent.pdf") == 2 and page.count("internt.pdf") == 1  # under its item, and among what everybody can fetch
