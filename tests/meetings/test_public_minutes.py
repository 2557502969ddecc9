"""Public minutes: what stands on the page without a login, and how it goes away."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from access.actor import Actor
from access.roles import Verb
from meetings.errors import MeetingStateError
from meetings.minutes import content_hash
from meetings.models import AgendaItem, Attachment, Attendance, Meeting, PublicMinutes
from meetings.public_minutes import publish_minutes, withdraw_minutes
from meetings.reopen_actions import reopen_minutes
from municipalities.models import Forum, Tenant
from tests.conftest import acting, make_client
from tests.rules.crawl import readable

LIST = "/offentlig/thisted/referater/"
ITEMS = [("Tryghedsvandring", "PUBLIC"), ("Budgettets uro", "INTERNAL"), ("Lukkede tal", "INTERNAL"), ("Sommerens åbningstider", "PUBLIC")]


@pytest.fixture
def meeting(find, as_actor, cast):
    """Approved minutes of a forum whose minutes are public, with items of both classes that it may have."""
    found = find("grundskole", "CALLED")
    with as_actor(cast.konsulent) as actor:
        AgendaItem.objects.filter(meeting=found).update(data_class="INTERNAL")
        for place, (title, data_class) in enumerate(ITEMS):
            AgendaItem.objects.create(
                tenant_id=actor.tenant_id, forum_id=found.forum_id, meeting=found, order=100 + place, title=title, data_class=data_class, text=f"Tekst om {title}"
            )
        Attendance.objects.filter(meeting=found).update(presence="PRESENT")
        Meeting.objects.filter(pk=found.pk).update(status="APPROVED")
    opened(cast, as_actor, found, True)
    return found


def opened(cast, as_actor, meeting, is_public):
    with as_actor(cast.it):
        Forum.objects.filter(pk=meeting.forum_id).update(minutes_are_public=is_public)


def press(visit, user, meeting, **data):
    return visit(user).post(f"/thisted/moeder/{meeting.public_id}/offentliggoer/", data)


def page_of(meeting):
    client = make_client()
    listed = readable(client.get(LIST))
    kept = Tenant.objects.get(slug="thisted")
    with acting(Actor(public_tenant_id=kept.pk)):
        one = PublicMinutes.objects.get()
    answer = client.get(f"{LIST}{one.public_id}/")
    assert answer.status_code == 200 and one.public_id != meeting.public_id
    return listed, readable(answer), answer


def test_only_the_public_items_stand_there_numbered_without_gaps(visit, cast, meeting):
    assert make_client().get(LIST).status_code == 404
    assert press(visit, cast.konsulent, meeting).status_code == 302
    listed, text, answer = page_of(meeting)
    assert "1. Tryghedsvandring" in text and "2. Sommerens åbningstider" in text and "Tekst om Tryghedsvandring" in text
    for hidden in ("Budgettets uro", "Lukkede tal", cast.fnt.last_name, cast.konsulent.last_name, meeting.public_id):
        assert hidden not in text + listed + answer.content.decode(), hidden
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"


def test_withdrawn_they_are_gone_at_once(visit, cast, meeting):
    press(visit, cast.konsulent, meeting)
    assert press(visit, cast.konsulent, meeting, withdraw="1").status_code == 302
    assert make_client().get(LIST).status_code == 404


def test_a_forum_whose_minutes_are_no_longer_public_has_none(visit, cast, as_actor, meeting):
    press(visit, cast.konsulent, meeting)
    assert make_client().get(LIST).status_code == 200
    opened(cast, as_actor, meeting, False)
    assert make_client().get(LIST).status_code == 404
    assert press(visit, cast.konsulent, meeting).status_code == 409


def test_minutes_that_are_not_approved_are_not_published(visit, cast, as_actor, meeting):
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(status="CLOSED")
    assert press(visit, cast.konsulent, meeting).status_code == 409
    assert make_client().get(LIST).status_code == 404


def test_a_text_that_is_no_longer_the_approved_one_is_not_published(visit, cast, as_actor, meeting):
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(content_hash="0" * 64)
    assert press(visit, cast.konsulent, meeting).status_code == 409
    assert make_client().get(LIST).status_code == 404


def test_the_wall_takes_no_minutes_that_are_not_approved_whatever_the_code_asks(cast, as_actor, meeting):
    with as_actor(cast.konsulent) as actor:
        Meeting.objects.filter(pk=meeting.pk).update(status="CLOSED")
        row = PublicMinutes(tenant_id=actor.tenant_id, forum_id=meeting.forum_id, meeting=meeting, forum_name="x", held_on="2020-01-01", content=[], published_by=cast.konsulent)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            row.save()


def test_somebody_who_writes_no_minutes_publishes_none(visit, cast, actor_for, meeting):
    assert press(visit, cast.fnt, meeting).status_code in (403, 404)
    with acting(actor := actor_for(cast.fnt)), pytest.raises(PermissionDenied):
        publish_minutes(meeting, actor=actor)


def test_nothing_public_is_nothing_to_publish(visit, cast, as_actor, meeting):
    assert "Offentliggør de offentlige punkter" in page_of_minutes(visit, cast, meeting)
    with as_actor(cast.konsulent) as actor:
        AgendaItem.objects.filter(meeting=meeting).update(data_class="INTERNAL")
        with pytest.raises(MeetingStateError):
            publish_minutes(meeting, actor=actor)
    text = page_of_minutes(visit, cast, meeting)
    assert "Offentliggør de offentlige punkter" not in text and "så der er ikke noget at offentliggøre" in text


def page_of_minutes(visit, cast, meeting):
    return visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/godkend/").content.decode()


def test_who_is_not_logged_in_reads_the_copy_and_nothing_of_the_meeting(visit, cast, meeting):
    press(visit, cast.konsulent, meeting)
    with acting(Actor(public_tenant_id=meeting.tenant_id)):
        assert PublicMinutes.objects.count() == 1
        for model in (Meeting, AgendaItem, Attendance, Attachment, Forum):
            assert not model.objects.exists(), model
        assert PublicMinutes.objects.update(forum_name="x") == 0
        with connection.cursor() as cursor:
            cursor.execute("delete from meetings_publicminutes")
            assert cursor.rowcount == 0
    other = Tenant.objects.get(slug="morsoe")
    with acting(Actor(public_tenant_id=other.pk)):
        assert not PublicMinutes.objects.exists()
    assert make_client().get("/offentlig/morsoe/referater/").status_code == 404


# ---- reopened ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def published(cast, as_actor, meeting):
    """Approved by its text, and published."""
    with as_actor(cast.konsulent) as actor:
        Meeting.objects.filter(pk=meeting.pk).update(content_hash=content_hash(meeting), approved_by=cast.konsulent, approved_at=timezone.now())
        publish_minutes(meeting, actor=actor)
    assert make_client().get(LIST).status_code == 200
    return meeting


def test_reopened_minutes_are_withdrawn(visit, cast, log, published):
    assert visit(cast.konsulent).post(f"/thisted/moeder/{published.public_id}/godkend/aabn/", {"reason": "Et tal er forkert"}).status_code == 302
    assert make_client().get(LIST).status_code == 404
    assert [row for row in log() if row.action == 2 and row.content_type.model == "publicminutes"]


def approver(actor):
    """He may approve and write nothing."""
    return replace(actor, forums={verb: ids for verb, ids in actor.forums.items() if verb != Verb.WRITE_MINUTES})


def test_who_approves_and_writes_no_minutes_withdraws_them_too(cast, actor_for, published):
    actor = approver(actor_for(cast.konsulent))
    with acting(actor):
        with pytest.raises(PermissionDenied):
            withdraw_minutes(published, actor=actor)
        assert PublicMinutes.objects.all().delete()[0] == 0  # while they are approved, the wall holds
        reopen_minutes(published, actor=actor, reason="Et tal er forkert")
        assert not PublicMinutes.objects.exists()
    assert make_client().get(LIST).status_code == 404


def test_whichever_way_the_status_changes_the_copy_goes(cast, as_actor, published):
    with as_actor(cast.fnt):  # a member, past every action of the product
        Meeting.objects.filter(pk=published.pk).update(status="CLOSED")
        assert not PublicMinutes.objects.exists()


def test_a_copy_that_cannot_be_withdrawn_keeps_the_minutes_approved(cast, actor_for, published):
    with acting(replace(actor_for(cast.konsulent), is_member=False)):  # sees no copy, and so can take none away
        with pytest.raises(IntegrityError, match="not withdrawn"), transaction.atomic():
            Meeting.objects.filter(pk=published.pk).update(status="CLOSED")
        assert Meeting.objects.get(pk=published.pk).status == "APPROVED"
