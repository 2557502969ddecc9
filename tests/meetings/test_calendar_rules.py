"""Every calendar file that leaves the product, read strictly: called, moved, cancelled, a deputy asked and released, who has left, fetched, subscribed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.models import User
from access.roles import SeatRole
from meetings import actions, documents, feed
from meetings.models import Attendance, Meeting
from municipalities.actions import add_seat
from municipalities.models import Forum, Seat
from tests.meetings.calendar_rules import checked, events_of

ODD = 'Rådhuset på Åvej; lokale 2, "Østfløjen" \\ baghuset ' * 2


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


def entry(ics):
    """The one entry of a file, by name."""
    (event,) = events_of(checked(ics.encode()))
    return {line.name: line for line in event}


ANYTHING = st.characters(codec="utf-8", exclude_categories=["Cs"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.text(ANYTHING, max_size=120), name=st.text(ANYTHING, max_size=80), method=st.sampled_from(["REQUEST", "CANCEL"]))
def test_whatever_a_place_or_a_name_is_made_of(cast, as_actor, meeting, place, name, method):
    meeting.place, cast.fnt.last_name = place, name
    with as_actor(cast.konsulent):
        checked(documents.invitation(meeting, cast.fnt, method).encode())


def test_a_meeting_that_is_called_moved_and_cancelled(cast, as_actor, meeting, outbox):
    later = {"starts_at": meeting.starts_at + timedelta(days=1), "ends_at": meeting.ends_at + timedelta(days=1)}
    with as_actor(cast.konsulent) as actor:
        first = documents.invitation(meeting, cast.fnt)
        actions.cancel_meeting(actions.move_meeting(meeting, actor=actor, place=ODD, **later), actor=actor)
    files = [first, *(mail.payload["ics"] for mail in outbox(meeting) if mail.recipient == cast.fnt), documents.cancellation_of(first)[0]]
    called, moved, cancelled, left = (entry(ics) for ics in files)
    sequence = int(called["SEQUENCE"].value)
    assert [int(one["SEQUENCE"].value) for one in (moved, cancelled, left)] == [sequence + 1, sequence + 2, sequence + 1]
    assert len({one["UID"].value for one in (called, moved, cancelled, left)}) == 1
    assert len({one["ORGANIZER"].value for one in (called, moved, cancelled, left)}) == 1
    assert (left["DTSTART"] == called["DTSTART"] and "LOCATION" not in left) or left["LOCATION"] == called["LOCATION"]


def test_a_deputy_has_an_entry_of_his_own_and_who_stays_away_has_declined(cast, as_actor, visit, meeting, outbox):
    """Neither file names the other: no address goes from the one to the other (RFC 5545 3.2.4 and 3.2.5 would)."""
    user = User.objects.create_user("inge", "inge@thisted.example", first_name="Inge", last_name="Stedholt", is_demo=True)
    with as_actor(cast.it) as admin:
        own = Seat.objects.current().select_related("organisation").get(forum_id=meeting.forum_id, user=cast.fnt)
        same = {"role": SeatRole.MEMBER, "title": "Suppleant", "organisation": own.organisation, "kind": Seat.Kind.DEPUTY}
        seat = add_seat(Forum.objects.get(pk=meeting.forum_id), actor=admin, user=user, deputy_for=own, **same)
    with as_actor(cast.fnt) as actor:
        actions.ask_deputy(meeting, actor=actor, seat=seat.public_id)
    asked = entry(next(mail.payload["ics"] for mail in outbox(meeting) if mail.recipient == user))
    absent = entry(visit(cast.fnt).get(f"/thisted/moeder/{meeting.public_id}/kalender.ics").content.decode())
    assert (asked["ATTENDEE"].value, asked["ATTENDEE"].params["PARTSTAT"]) == (f"mailto:{user.email}", "NEEDS-ACTION")
    assert (absent["ATTENDEE"].value, absent["ATTENDEE"].params["PARTSTAT"]) == (f"mailto:{cast.fnt.email}", "DECLINED")
    with as_actor(user) as actor:
        actions.answer_invitation(meeting, actor=actor, reply="YES")
    coming = entry(visit(user).get(f"/thisted/moeder/{meeting.public_id}/kalender.ics").content.decode())
    assert coming["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    with as_actor(cast.fnt) as actor:
        actions.withdraw_deputy(meeting, actor=actor)
    released = entry(next(mail.payload["ics"] for mail in outbox(meeting) if mail.recipient == user and mail.payload["method"] == "CANCEL"))
    assert (released["UID"], released["SEQUENCE"], released["STATUS"].value) == (asked["UID"], asked["SEQUENCE"], "CANCELLED")
    assert released["DTSTAMP"].value >= asked["DTSTAMP"].value, "of two with one number the later counts (RFC 5546 2.1.5)"
    for file, other in ((asked, cast.fnt), (released, cast.fnt), (absent, user)):
        assert not [line for line in file.values() if other.email in str(line) or other.last_name in str(line)]
        assert not [line for line in file.values() if {"DELEGATED-TO", "DELEGATED-FROM", "SENT-BY"} & set(line.params)]


def test_the_subscribed_calendar_with_meetings_that_are_coming_held_and_cancelled(cast, as_actor, meeting):
    with as_actor(cast.konsulent) as actor:
        Meeting.objects.filter(pk=meeting.pk).update(place=ODD)
        actions.cancel_meeting(meeting, actor=actor)
    lines = checked(feed.read_feed(cast.fnt).content.encode())
    found = [{line.name: line.value for line in event} for event in events_of(lines)]
    assert {"CANCELLED", "CONFIRMED"} == {event["STATUS"] for event in found} and len(found) > 2
    assert len({event["UID"] for event in found}) == len(found)


@pytest.mark.parametrize(
    "broken",
    [
        lambda ics: ics.replace(b"\r\n", b"\n"), lambda ics: ics.replace(b"UID:", b"UID:" + b"x" * 80), lambda ics: ics.replace(b"DTSTAMP:", b"X-NONE:"),
        lambda ics: ics.replace(b"SUMMARY:", b"SUMMARY:a,b"), lambda ics: ics.replace(b"METHOD:REQUEST", b"METHOD:PUBLISH"), lambda ics: ics.replace(b"END:VEVENT\r\n", b""),
        lambda ics: ics.replace(b"TZID:Europe/Copenhagen", b"TZID:Elsewhere"), lambda ics: ics.replace(b"DTEND;", b"DTSTART;"),
    ],
)  # fmt: skip
def test_the_rules_find_a_file_that_breaks_one(cast, as_actor, meeting, broken):
    with as_actor(cast.konsulent):
        good = documents.invitation(meeting, cast.fnt, reply=Attendance.Reply.NONE).encode()
    checked(good)
    with pytest.raises((AssertionError, IndexError)):
        checked(broken(good))


def test_now_is_not_before_the_stamp(cast, as_actor, meeting):
    with as_actor(cast.konsulent):
        stamp = entry(documents.invitation(meeting, cast.fnt))["DTSTAMP"].value
    assert stamp <= f"{timezone.now():%Y%m%dT%H%M%SZ}"
