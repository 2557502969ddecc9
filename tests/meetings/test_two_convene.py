"""Who may call a meeting follows the forum's rule: the chair and coordinator, any member, the police, the elected chair, or two together."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from access.roles import Convening, SeatRole, Verb
from meetings.actions import call_meeting, create_meeting, move_meeting
from meetings.digest import read_digest
from meetings.errors import MeetingStateError
from meetings.models import Attendance, Meeting
from municipalities.forum_actions import change_forum
from municipalities.models import Forum, Seat
from municipalities.seat_actions import change_seat, elect_chair


@pytest.fixture
def under(cast, as_actor):
    """`under("styregruppe", Convening.TWO)`: a forum of Thisted with another rule."""

    def change(key, convening, chairing="FIXED"):
        with as_actor(cast.it) as actor:
            forum = Forum.objects.select_related("level", "parent", "area").get(key=key, tenant__slug="thisted")
            return change_forum(forum, actor=actor, convening=convening, chairing=chairing, prevention_levels=list(forum.prevention_levels.all()))

    return change


def a_meeting(forum, actor):
    start = timezone.now() + timedelta(days=20)
    return create_meeting(forum, actor=actor, starts_at=start, ends_at=start + timedelta(hours=1))


def chair_of(forum, cast, as_actor, user):
    with as_actor(cast.it):
        seat = Seat.objects.current().get(forum=forum, user=user)
    return seat


def make_chair(seat, admin):
    """The holder of the seat becomes a chair, who convenes with the other."""
    change_seat(seat, actor=admin, seen=seat.seen, role=SeatRole.CHAIR, title=seat.title, organisation=seat.organisation, kind=seat.kind, deputy_for=None, has_vote=True, duties=[])


def test_two_call_together_and_the_first_alone_calls_nobody(under, cast, as_actor):
    forum = under("styregruppe", Convening.TWO)
    with as_actor(cast.it) as admin:
        make_chair(Seat.objects.current().select_related("organisation").get(forum=forum, user=cast.fnt), admin)
    with as_actor(cast.konsulent) as actor:
        meeting = call_meeting(a_meeting(forum, actor), actor=actor)
        assert (meeting.status, meeting.call_asked_by_id) == ("DRAFT", cast.konsulent.pk)
        assert not Attendance.objects.filter(meeting=meeting).exists()
        with pytest.raises(MeetingStateError, match="anden skal bekræfte"):
            call_meeting(meeting, actor=actor)
        assert read_digest(actor, "thisted", timezone.localdate())["calls"] == 0
    with as_actor(cast.fnt) as second:
        facts = read_digest(second, "thisted", timezone.localdate())
        assert facts["calls"] == 1 and "1 møde venter på, at du bekræfter indkaldelsen." in render_to_string("mail/digest.txt", facts)
        called = call_meeting(meeting, actor=second)
        assert read_digest(second, "thisted", timezone.localdate())["calls"] == 0
        assert called.status == "CALLED"
        assert Attendance.objects.filter(meeting=meeting).exists()


def test_a_meeting_that_is_moved_is_asked_for_anew(under, cast, as_actor):
    forum = under("styregruppe", Convening.TWO)
    with as_actor(cast.konsulent) as actor:
        meeting = call_meeting(a_meeting(forum, actor), actor=actor)
        moved = move_meeting(meeting, actor=actor, starts_at=meeting.starts_at + timedelta(days=1), ends_at=meeting.ends_at + timedelta(days=1), place="")
        assert moved.call_asked_by_id is None


def test_the_page_says_that_somebody_else_must_confirm(under, cast, as_actor, visit):
    forum = under("styregruppe", Convening.TWO)
    with as_actor(cast.konsulent) as actor:
        meeting = a_meeting(forum, actor)
    client, page = visit(cast.konsulent), f"/thisted/moeder/{meeting.public_id}/indkald/"
    assert "Bed om indkaldelsen" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    assert "Du har bedt om det" in client.get(page).content.decode()
    assert client.post(page).status_code == 409
    meeting_page = page.removesuffix("indkald/")
    shown = client.get(meeting_page).content.decode()
    assert "Du har bedt om indkaldelsen" in shown and "Venter på den anden person" in shown and page not in shown  # no button for what he has done
    with as_actor(cast.it) as admin:
        held = Seat.objects.current().select_related("organisation").get(forum=forum, user=cast.fnt)
        make_chair(held, admin)
    second = visit(cast.fnt)
    assert "Bekræft indkaldelsen" in second.get(meeting_page).content.decode() and page in second.get("/thisted/").content.decode()
    assert page not in visit(cast.konsulent).get("/thisted/").content.decode()


def test_a_call_that_waited_for_a_second_is_made_by_its_first_where_one_convenes_alone_now(under, cast, as_actor, visit):
    forum = under("styregruppe", Convening.TWO)
    with as_actor(cast.konsulent) as actor:
        meeting = call_meeting(a_meeting(forum, actor), actor=actor)
    under("styregruppe", Convening.ANY_MEMBER)
    assert "Venter på den anden person" not in visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    with as_actor(cast.konsulent) as actor:
        assert call_meeting(Meeting.objects.select_related("forum").get(pk=meeting.pk), actor=actor).status == "CALLED"


def test_a_call_that_waited_until_the_day_had_passed_asks_for_a_new_day_and_confirms_nothing(under, cast, as_actor, visit):
    forum = under("styregruppe", Convening.TWO)
    with as_actor(cast.it) as admin:
        make_chair(Seat.objects.current().select_related("organisation").get(forum=forum, user=cast.fnt), admin)
        reader = Seat.objects.current().filter(forum=forum, role=SeatRole.MEMBER, user__isnull=False).select_related("user").first().user
    with as_actor(cast.konsulent) as actor:
        meeting = call_meeting(a_meeting(forum, actor), actor=actor)
        start = timezone.now() - timedelta(days=12)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    page, edit = (f"/thisted/moeder/{meeting.public_id}/{end}/" for end in ("indkald", "ret"))
    for user in (cast.konsulent, cast.fnt):
        text = visit(user).get("/thisted/").content.decode()
        assert edit in text and "dagen er gået, og ingen har bekræftet indkaldelsen" in text and page not in text
    assert edit not in visit(reader).get("/thisted/").content.decode()
    refused = visit(cast.fnt).post(page)
    assert refused.status_code == 409 and "Vælg en ny dag" in refused.content.decode()
    with as_actor(cast.fnt) as second:
        assert read_digest(second, "thisted", timezone.localdate())["calls"] == 0
    day = timezone.localdate() + timedelta(days=9)
    assert visit(cast.fnt).post(edit, {"date": day.isoformat(), "time": "9.00", "duration": 60, "place": ""}).status_code == 302
    assert edit not in visit(cast.konsulent).get("/thisted/").content.decode()


def test_any_member_calls_where_that_is_the_rule_and_no_longer_when_it_is_not(under, cast, visit):
    start = timezone.localtime() + timedelta(days=9)
    forum = under("grundskole", Convening.ANY_MEMBER)
    form = {"forum": forum.public_id, "date": start.date().isoformat(), "time": "9.00", "duration": 60}
    client = visit(getattr(cast, "kontakt-klit"))
    assert client.post("/thisted/moeder/nyt/", form).status_code == 302
    under("grundskole", Convening.ROLE)
    assert client.post("/thisted/moeder/nyt/", form).status_code == 404


def test_where_the_police_convene_their_seats_may_and_the_coordinator_may_not(under, cast, actor_for):
    forum = under("lokalraad", Convening.POLICE)
    assert forum.pk in actor_for(cast.vpi).forums_with(Verb.CONVENE)
    assert forum.pk not in actor_for(cast.konsulent).forums_with(Verb.CONVENE)
    under("lokalraad", Convening.ROLE)
    assert forum.pk in actor_for(cast.konsulent).forums_with(Verb.CONVENE)


def test_whoever_writes_the_minutes_records_the_election(under, cast, as_actor, visit, actor_for):
    forum = under("styregruppe", Convening.ELECTED, "ELECTED")
    assert forum.pk not in actor_for(cast.fnt).forums_with(Verb.CONVENE)
    page, seat = f"/thisted/fora/{forum.public_id}/formand/", chair_of(forum, cast, as_actor, cast.fnt)
    client = visit(cast.konsulent)
    assert client.post(page, {"seat": seat.public_id, "elected_on": "2999-01-01"}).status_code == 422
    assert client.post(page, {"seat": seat.public_id, "elected_on": timezone.localdate().isoformat()}).status_code == 302
    assert forum.pk in actor_for(cast.fnt).forums_with(Verb.CONVENE)
    for other in (cast.fnt, cast.it, cast.chef, cast.elev):
        status = visit(other).get(page).status_code
        assert status == (200 if other == cast.fnt else 404)  # the chair writes minutes; an administrator reads none


def test_a_recorder_changes_nothing_of_a_seat_but_its_role(cast, as_actor, under):
    from django.db import IntegrityError, transaction

    forum = under("styregruppe", Convening.ELECTED, "ELECTED")
    with as_actor(cast.konsulent):
        seat = Seat.objects.current().get(forum=forum, user=cast.fnt)
        with pytest.raises(IntegrityError, match="only an administrator"), transaction.atomic():
            Seat.objects.filter(pk=seat.pk).update(user=cast.konsulent)


def test_a_member_who_writes_no_minutes_elects_nobody(under, cast, as_actor):
    from django.core.exceptions import PermissionDenied

    forum = under("styregruppe", Convening.ELECTED, "ELECTED")
    with as_actor(cast.fnt) as actor:
        seat = Seat.objects.current().get(forum=forum, user=cast.fnt)
        with pytest.raises(PermissionDenied):
            elect_chair(seat, actor=actor, seen=seat.seen, on=timezone.localdate())
