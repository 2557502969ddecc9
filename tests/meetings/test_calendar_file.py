"""The calendar file as RFC 5545 and 5546 want it, read by a real parser; and the mail that carries it, through a real mail server."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from access import notify
from access.models import OutboxMessage
from meetings import actions, documents
from meetings.models import AgendaItem
from tests.mails import mailers

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


def file_of(meeting, cast, as_actor, method="REQUEST", **changes):
    for name, value in changes.items():
        setattr(meeting, name, value)
    with as_actor(cast.konsulent):
        return documents.invitation(meeting, cast.fnt, method)


def event_of(ics):
    (event,) = Calendar.from_ical(ics).walk("VEVENT")
    return event


def test_lines_end_in_crlf_and_are_folded_at_75_octets(meeting, cast, as_actor):
    ics = file_of(meeting, cast, as_actor, place="Rådhuset på Åvej, " * 6 + "Østfløjen")
    lines = ics.encode().split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    assert max(map(len, lines)) <= 75 and any(line.startswith(b" ") for line in lines)
    assert all(line.decode() for line in lines[:-1]), "a fold never cuts a letter in two"
    assert str(event_of(ics)["LOCATION"]) == meeting.place


def test_text_that_means_something_in_a_calendar_is_escaped_and_comes_back(meeting, cast, as_actor):
    place = 'Lokale 2, 1. sal; "Huset" \\ baghuset\nBEGIN:VALARM'
    cast.fnt.first_name, cast.fnt.last_name = 'Fie; "Fif"', "Nør, Toft: å\r\nX-EVIL:1"
    ics = file_of(meeting, cast, as_actor, place=place)
    assert "\r\nBEGIN:VALARM" not in ics and "\r\nX-EVIL" not in ics
    event = event_of(ics)
    assert str(event["LOCATION"]) == place and event["ATTENDEE"] == f"mailto:{cast.fnt.email}"


def test_the_file_says_who_when_and_what_a_calendar_needs(meeting, cast, as_actor):
    ics = file_of(meeting, cast, as_actor)
    calendar, event = Calendar.from_ical(ics), event_of(ics)
    assert (calendar["VERSION"], calendar["METHOD"], event["STATUS"]) == ("2.0", "REQUEST", "CONFIRMED") and calendar["PRODID"]
    assert event["DTSTAMP"].dt.tzinfo is not None and event["DTSTAMP"].dt.utcoffset() == timedelta(0) and event["DTSTAMP"].to_ical().endswith(b"Z")
    assert str(event["ORGANIZER"]).startswith("mailto:") and "<" not in event["ORGANIZER"] and event["ORGANIZER"].params["CN"] == f"SSP {meeting.tenant.name}"
    assert {name: str(event["ATTENDEE"].params[name]) for name in ("CN", "CUTYPE", "PARTSTAT", "ROLE", "RSVP")} == {
        "CN": cast.fnt.name, "CUTYPE": "INDIVIDUAL", "PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE",
    }  # fmt: skip
    assert (event.start, event.end) == (meeting.starts_at, meeting.ends_at)


def test_a_meeting_without_a_place_has_no_empty_place(meeting, cast, as_actor):
    assert "LOCATION" not in file_of(meeting, cast, as_actor, place="")


@pytest.mark.parametrize(
    ("utc", "local", "name"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "20270328T013000", "CET"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "20270328T033000", "CEST"),
        (datetime(2027, 10, 30, 8, 0, tzinfo=UTC), "20271030T100000", "CEST"),
        (datetime(2027, 11, 1, 9, 0, tzinfo=UTC), "20271101T100000", "CET"),
        (datetime(2044, 7, 1, 8, 0, tzinfo=UTC), "20440701T100000", "CEST"),
    ],
)
def test_the_time_is_right_on_both_sides_of_summer_time_by_the_zone_in_the_file(meeting, cast, as_actor, utc, local, name):
    ics = file_of(meeting, cast, as_actor, starts_at=utc, ends_at=utc + timedelta(hours=1))
    event = event_of(ics)
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen" and event["DTSTART"].to_ical() == local.encode()
    (zone,) = Calendar.from_ical(ics).walk("VTIMEZONE")
    zone["TZID"] = "X-Only-What-The-File-Says"  # or the parser would use the zone that it knows
    by_the_file = zone.to_tz(lookup_tzid=False)
    assert by_the_file.tzname(utc.astimezone(COPENHAGEN).replace(tzinfo=None)) == name
    assert utc.astimezone(COPENHAGEN).replace(tzinfo=by_the_file).utcoffset() == utc.astimezone(COPENHAGEN).utcoffset()


def test_moving_and_cancelling_raise_the_sequence_of_the_same_entry(meeting, cast, as_actor, outbox):
    first = event_of(file_of(meeting, cast, as_actor))
    with as_actor(cast.konsulent) as actor:
        moved = actions.move_meeting(meeting, actor=actor, starts_at=meeting.starts_at + timedelta(days=1), ends_at=meeting.ends_at + timedelta(days=1), place="HUSET")
        actions.cancel_meeting(moved, actor=actor)
    sent = [Calendar.from_ical(mail.payload["ics"]) for mail in outbox(meeting) if mail.recipient == cast.fnt]
    events = [calendar.walk("VEVENT")[0] for calendar in sent]
    assert [str(calendar["METHOD"]) for calendar in sent] == ["REQUEST", "CANCEL"]
    assert [event["SEQUENCE"] for event in (first, *events)] == [first["SEQUENCE"] + n for n in range(3)]
    assert len({str(event["UID"]) for event in (first, *events)}) == 1 and events[1]["STATUS"] == "CANCELLED"
    assert events[1]["ATTENDEE"] == f"mailto:{cast.fnt.email}", "a cancellation names whom it is for"


@pytest.mark.parametrize(("reply", "said"), [("YES", "ACCEPTED"), ("NO", "DECLINED")])
def test_the_file_and_the_mail_of_a_change_say_what_the_reader_has_answered_and_nobody_elses_answer(meeting, cast, as_actor, visit, outbox, reply, said):
    def state(user, ics):
        attendee = event_of(ics)["ATTENDEE"]
        assert attendee == f"mailto:{user.email}"
        return str(attendee.params["PARTSTAT"])

    assert visit(cast.fnt).post(f"/thisted/moeder/{meeting.public_id}/svar/", {"reply": reply}).status_code == 302
    own, others = (state(user, visit(user).get(f"/thisted/moeder/{meeting.public_id}/kalender.ics").content) for user in (cast.fnt, cast.konsulent))
    assert (own, others) == (said, "NEEDS-ACTION")
    with as_actor(cast.konsulent) as actor:
        actions.move_meeting(meeting, actor=actor, starts_at=meeting.starts_at + timedelta(days=1), ends_at=meeting.ends_at + timedelta(days=1), place="HUSET")
    assert [state(cast.fnt, mail.payload["ics"]) for mail in outbox(meeting) if mail.recipient == cast.fnt] == [said]


def test_the_title_is_forum_and_date_and_no_text_of_the_agenda_leaves(find, cast, as_actor):
    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent):
        titles = list(AgendaItem.objects.filter(meeting=meeting).values_list("title", flat=True))
    event = event_of(file_of(meeting, cast, as_actor))
    local = timezone.localtime(meeting.starts_at)
    assert str(event["SUMMARY"]).startswith(f"{meeting.forum.name}, {local.day}. ") and str(event["SUMMARY"]).endswith(str(local.year))
    assert set(event) - {"LOCATION"} == {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "ORGANIZER", "ATTENDEE"}
    assert titles and not [title for title in titles if title in event.to_ical().decode().replace(meeting.forum.name, "")]
    assert str(event["DESCRIPTION"]).endswith(f"/thisted/moeder/{meeting.public_id}/")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_mail_carries_the_entry_as_a_body_and_as_a_file(meeting, cast, as_actor, settings, smtp, method):
    settings.MAILERS = mailers()
    ics = file_of(meeting, cast, as_actor, method, place="Rådhuset på Åvej, " * 5)
    payload = {"template": "mail/meeting_called.txt", "ics": ics, "method": method}
    notify._deliver(OutboxMessage(tenant_id=meeting.tenant_id, kind="mail", recipient=cast.fnt, subject="Indkaldelse: x", path="/thisted/", payload=payload))
    (mail,) = smtp.messages
    parts = [part for part in mail.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/calendar", "application/ics"]
    assert mail.get_content_type() == "multipart/mixed" and mail.get_payload()[0].get_content_type() == "multipart/alternative"
    body, file = parts[1], parts[2]
    assert (body.get_param("method"), body.get_param("charset"), body.get_filename()) == (method, "utf-8", None)
    assert (file.get_filename(), file.get_content_disposition()) == ("moede.ics", "attachment")
    assert file.get_payload(decode=True) == ics.encode()
    assert Calendar.from_ical(body.get_payload(decode=True)).to_ical() == Calendar.from_ical(ics).to_ical()
    assert f"METHOD:{method}" in ics
