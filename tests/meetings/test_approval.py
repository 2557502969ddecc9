"""Minutes that wait: those who were present approve by a click or comment under an item; the next meeting approves from its agenda."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from meetings import actions, approval_actions
from meetings.errors import MeetingStateError
from meetings.minutes import content_hash
from meetings.models import AgendaItem, Attendance, Fill, Meeting, MinutesAssent, MinutesComment
from meetings.recusal_actions import recuse


def begin(meeting, hours):
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() + timedelta(hours=hours), ends_at=timezone.now() + timedelta(hours=hours + 2))


@pytest.fixture
def closed(cast, as_actor, find):
    """Closed; fnt was there, kontakt-klit was not."""
    meeting = find("grundskole", "CALLED")
    with as_actor(cast.konsulent) as actor:
        begin(meeting, -3)
        rows = Attendance.objects.filter(meeting=meeting).values_list("pk", "user_id")
        actions.note_presence(meeting, actor=actor, presence={pk: "PRESENT" if user_id == cast.fnt.pk else "ABSENT" for pk, user_id in rows})
        return actions.close_meeting(Meeting.objects.select_related("forum").get(pk=meeting.pk), actor=actor)


@pytest.fixture
def item(closed, as_actor, cast):
    with as_actor(cast.konsulent):
        return AgendaItem.objects.filter(meeting=closed).first()


def page_of(meeting):
    return f"/thisted/moeder/{meeting.public_id}/godkend/"


def seen_on(page):
    return page.split('name="seen" value="')[1].split('"')[0]


def assent(client, meeting):
    return client.post(page_of(meeting) + "svar/", {"seen": seen_on(client.get(page_of(meeting)).content.decode())})


def comment(client, meeting, item, text="Klubben holder åbent til kl. 21, ikke kl. 20."):
    return client.post(f"/thisted/moeder/{meeting.public_id}/referat/{item.public_id}/bemaerkning/", {"text": text})


def test_who_was_present_approves_by_a_click_and_all_see_it(visit, cast, closed):
    client = visit(cast.fnt)
    assert page_of(closed) in client.get("/thisted/").content.decode()
    assert assent(client, closed).status_code == 302
    assert "Du har godkendt referatet" in client.get(page_of(closed)).content.decode()
    assert page_of(closed) not in client.get("/thisted/").content.decode()
    assert "Godkender referatet" in visit(cast.konsulent).get(page_of(closed)).content.decode()


def test_a_second_click_changes_nothing(visit, cast, as_actor, closed):
    with as_actor(cast.fnt) as actor:
        for _again in range(2):
            approval_actions.assent_to_minutes(closed, actor=actor, seen=content_hash(closed))
        assert MinutesAssent.objects.filter(meeting=closed).count() == 1


def test_a_text_that_was_changed_since_is_not_what_he_approved(visit, cast, as_actor, closed, item):
    client = visit(cast.fnt)
    seen = seen_on(client.get(page_of(closed)).content.decode())
    with as_actor(cast.konsulent) as actor:
        actions.save_item_text(item, actor=actor, text="Ændret imens.", decision="", version=item.text_version)
    assert client.post(page_of(closed) + "svar/", {"seen": seen}).status_code == 409
    with as_actor(cast.konsulent):
        assert not MinutesAssent.objects.filter(meeting=closed).exists()


def test_an_approval_of_an_earlier_text_is_shown_as_that(visit, cast, as_actor, closed, item):
    assent(visit(cast.fnt), closed)
    with as_actor(cast.konsulent) as actor:
        actions.save_item_text(item, actor=actor, text="Ændret bagefter.", decision="", version=item.text_version)
    assert "Godkendte en tidligere tekst" in visit(cast.konsulent).get(page_of(closed)).content.decode()
    assert 'name="seen"' in visit(cast.fnt).get(page_of(closed)).content.decode()  # he can approve the new one


@pytest.mark.parametrize(("user", "status"), [("kontakt-klit", 409), ("chef", 404), ("elev", 404)])
def test_who_was_not_present_answers_nothing(visit, cast, as_actor, closed, item, user, status):
    client = visit(getattr(cast, user))
    assert client.post(page_of(closed) + "svar/", {"seen": "x"}).status_code == status
    assert comment(client, closed, item).status_code == status
    with as_actor(cast.konsulent):
        assert not MinutesComment.objects.filter(meeting=closed).exists() and not MinutesAssent.objects.filter(meeting=closed).exists()


def test_a_comment_is_read_by_the_present_and_who_writes_and_by_nobody_else(visit, cast, closed, item):
    assert comment(visit(cast.fnt), closed, item).status_code == 302
    for user, reads in ((cast.fnt, True), (cast.konsulent, True), (getattr(cast, "kontakt-klit"), False)):
        assert ("Klubben holder åbent" in visit(user).get(page_of(closed)).content.decode()) is reads


def test_a_comment_is_no_part_of_the_minutes(visit, cast, as_actor, closed, item):
    with as_actor(cast.konsulent):
        before = content_hash(closed)
    comment(visit(cast.fnt), closed, item)
    with as_actor(cast.konsulent):
        assert content_hash(closed) == before


def test_who_is_kept_out_of_the_item_has_nothing_of_its_comments(visit, cast, as_actor, closed, item):
    comment(visit(cast.fnt), closed, item)
    with as_actor(cast.konsulent) as actor:
        recuse(item, actor=actor, user=cast.fnt)
    page = visit(cast.fnt).get(page_of(closed)).content.decode()
    assert "Klubben holder åbent" not in page and comment(visit(cast.fnt), closed, item).status_code == 404
    with as_actor(cast.fnt):
        assert not MinutesComment.objects.filter(item=item).exists()


@pytest.mark.parametrize("text", ["", "   ", "Om 010190-1234", "x" * 2001])
def test_a_bad_comment_is_refused_and_kept_in_the_form(visit, cast, as_actor, closed, item, text):
    response = comment(visit(cast.fnt), closed, item, text)
    assert response.status_code == 422 and text.strip() in response.content.decode()
    with as_actor(cast.konsulent):
        assert not MinutesComment.objects.filter(meeting=closed).exists()


def test_nothing_is_answered_once_they_are_approved(visit, cast, as_actor, closed, item):
    with as_actor(cast.konsulent) as actor:
        actions.approve_minutes(closed, actor=actor, seen=content_hash(closed))
    with as_actor(cast.fnt) as actor:
        with pytest.raises(MeetingStateError):
            approval_actions.assent_to_minutes(closed, actor=actor, seen=content_hash(closed))
        with pytest.raises(MeetingStateError):
            approval_actions.comment_on_minutes(item, actor=actor, text="For sent")


def test_the_database_takes_an_answer_from_nobody_but_himself(cast, as_actor, closed, item):
    shared = {"tenant_id": closed.tenant_id, "forum_id": closed.forum_id, "meeting": closed}
    rows = [
        MinutesAssent(**shared, user=cast.fnt, content_hash="x", sees_all=True),
        MinutesComment(**shared, item=item, author=cast.fnt, text="I en andens navn"),
        MinutesComment(**shared, item=item, author=cast.konsulent, text="Han var der ikke"),
    ]
    with as_actor(cast.konsulent):
        for row in rows:
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                row.save()


def test_a_closed_item_takes_no_comment(cast, as_actor, find):
    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent) as actor:
        begin(meeting, -3)
        mine = Attendance.objects.filter(meeting=meeting, user=cast.konsulent).values_list("pk", flat=True)
        actions.note_presence(meeting, actor=actor, presence=dict.fromkeys(mine, "PRESENT"))
        actions.close_meeting(Meeting.objects.select_related("forum").get(pk=meeting.pk), actor=actor)
        secret = AgendaItem.objects.filter(meeting=meeting, data_class="PERSON_115").first()
        with pytest.raises(MeetingStateError):
            approval_actions.comment_on_minutes(secret, actor=actor, text="navn")
        row = MinutesComment(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, item=secret, author=cast.konsulent, text="navn")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            row.save()


# ---- approved at the next meeting ----------------------------------------------------------------------------------
@pytest.fixture
def following(cast, as_actor, closed):
    """The forum's next meeting, called, with the item that fills itself with the latest minutes."""
    with as_actor(cast.konsulent) as actor:
        now = timezone.now()
        meeting = actions.create_meeting(closed.forum, actor=actor, starts_at=now + timedelta(days=30), ends_at=now + timedelta(days=30, hours=2))
        AgendaItem.objects.create(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, order=1, title="Godkendelse af referat", fill=Fill.LAST_MINUTES)
        actions.call_meeting(meeting, actor=actor)
        begin(meeting, -1)
        return Meeting.objects.select_related("forum").get(pk=meeting.pk)


def test_the_next_meeting_approves_from_its_own_item(visit, cast, as_actor, closed, following):
    client = visit(cast.konsulent)
    way = f"{page_of(closed)}?moede={following.public_id}"
    assert f'href="{way}"' in client.get(f"/thisted/moeder/{following.public_id}/referat/").content.decode()
    page = client.get(way).content.decode()
    assert "Det godkendes på mødet" in page and f'name="moede" value="{following.public_id}"' in page
    response = client.post(page_of(closed), {"seen": seen_on(page), "moede": following.public_id})
    assert response.status_code == 302 and response["Location"].endswith(f"{following.public_id}/referat/")
    with as_actor(cast.konsulent):
        approved = Meeting.objects.get(pk=closed.pk)
        assert (approved.status, approved.approved_at_meeting_id) == ("APPROVED", following.pk)
    assert "På mødet" in client.get(page_of(closed)).content.decode()


def test_a_member_is_not_offered_to_approve_there(visit, cast, closed, following):
    page = visit(cast.fnt).get(f"/thisted/moeder/{following.public_id}/").content.decode()
    assert page_of(closed) in page and "?moede=" not in page


def test_a_meeting_that_is_not_later_approves_nothing(visit, cast, as_actor, closed, following, find):
    foreign = find("styregruppe", "CALLED")
    client = visit(cast.konsulent)
    seen = seen_on(client.get(page_of(closed)).content.decode())
    assert client.post(page_of(closed), {"seen": seen, "moede": foreign.public_id}).status_code == 404
    with as_actor(cast.konsulent):
        begin(following, 5)
    assert client.post(page_of(closed), {"seen": seen, "moede": following.public_id}).status_code == 409
    with as_actor(cast.konsulent):
        assert Meeting.objects.get(pk=closed.pk).status == "CLOSED"
