"""What leaves the house about a meeting: the calendar file, the calendar feed, and the contexts of the two PDFs."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from access.models import User
from access.request import TenantRequest
from meetings.agenda import read_agenda
from meetings.attachments import attach
from meetings.fillers import fill_in
from meetings.minutes import is_unchanged, read_minutes
from meetings.models import Attendance, Meeting
from meetings.parts import ClosedFile, closed_parts, rendered
from meetings.versions import read_earlier

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FETCHED_EVERY = timedelta(hours=1)
ANSWERED = {Attendance.Reply.YES: "ACCEPTED", Attendance.Reply.NO: "DECLINED"}  # RFC 5545 3.2.12


def invitation(meeting: Meeting, recipient: User, method: str = "REQUEST", reply: str = Attendance.Reply.NONE) -> str:
    """The calendar file of a meeting for one person: forum, date, place, a link, and what he has answered; never a text of the agenda.

    The UID is the same for the life of the meeting, so that a later SEQUENCE or a CANCEL finds the entry.
    """
    event = _event(meeting, is_cancelled=method == "CANCEL")
    event.add("attendee", _participant(recipient, reply), encode=False)
    return _text(_calendar(method), [event])


def called_in(meeting: Meeting, recipient: User, *, uid: str, hours: tuple[datetime, datetime], method: str = "REQUEST") -> str:
    """The calendar file of who is called in for one item: his hours, the place and constant words, neither the forum nor what the item is about.

    What takes it out again says his own former hours and no place: where and when the meeting is now is not his to know.
    """
    event = _event(meeting, is_cancelled=method == "CANCEL")
    starts_at, ends_at = (moment.astimezone(COPENHAGEN) for moment in hours)
    own = {"uid": f"{uid}@ssp.{meeting.tenant.slug}", "summary": _("Called in for one item at a meeting"), "dtstart": starts_at, "dtend": ends_at}
    for name, value in {**own, "sequence": meeting.sequence + (method == "CANCEL")}.items():
        del event[name]
        event.add(name, value)
    if method == "CANCEL":
        event.pop("location", None)
    event.add("attendee", _participant(recipient), encode=False)
    return _text(_calendar(method), [event])


def _participant(recipient: User, reply: str = Attendance.Reply.NONE) -> vCalAddress:
    attendee = _address(recipient.email, recipient.name)
    attendee.params.update({"CUTYPE": vText("INDIVIDUAL"), "ROLE": vText("REQ-PARTICIPANT"), "PARTSTAT": vText(ANSWERED.get(Attendance.Reply(reply), "NEEDS-ACTION"))})
    attendee.params["RSVP"] = vText("FALSE")  # the answer is given on the page, after login
    return attendee


def cancellation_of(ics: str) -> tuple[str, str]:
    """(calendar file, summary): what takes the entry of an invitation out of the calendar, with nothing in it that the invitation did not say."""
    calendar = Calendar.from_ical(ics)
    event: Any = calendar.walk("VEVENT")[0]  # a kind of value for each property
    new = ((calendar, "method", "CANCEL"), (event, "status", "CANCELLED"), (event, "sequence", event["sequence"] + 1), (event, "dtstamp", timezone.now().astimezone(UTC)))
    for component, name, value in new:
        del component[name]
        component.add(name, value)
    return calendar.to_ical().decode(), str(event["summary"])


def ends_at(ics: str) -> datetime:
    """When the meeting of a calendar file of ours is over."""
    event: Any = Calendar.from_ical(ics).walk("VEVENT")[0]
    found: datetime = event["dtend"].dt
    return found


def feed_event(meeting: Meeting) -> Event:
    """The meeting in its participant's calendar feed: what the mailed file says, under the same UID. It names no participant (RFC 5546 3.2.1)."""
    return _event(meeting, is_cancelled=meeting.status == Meeting.Status.CANCELLED)


def feed_calendar(events: Iterable[Event]) -> str:
    """The whole feed; calendars are asked to fetch it every hour (RFC 7986, and the older name of the same)."""
    calendar = _calendar("PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("SSP meetings"))
    calendar.add("x-wr-timezone", COPENHAGEN.key)
    calendar.add("refresh-interval", FETCHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return _text(calendar, events)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//SSP//SSP//DA")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_copenhagen())
    return calendar


def _text(calendar: Calendar, events: Iterable[Event]) -> str:
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content.decode()


def _copenhagen() -> Timezone:
    """The rule of Danish summer time since 1996: a rule never ends, while a list of dates does, and calendars read it alike."""
    zone, winter, summer = Timezone(), timedelta(hours=1), timedelta(hours=2)
    zone.add("tzid", COPENHAGEN.key)
    for part, name, hour, month, before, after in ((TimezoneDaylight(), "CEST", 2, 3, winter, summer), (TimezoneStandard(), "CET", 3, 10, summer, winter)):
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # RFC 5545 3.6.5: local time, without a zone
        part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _event(meeting: Meeting, *, is_cancelled: bool) -> Event:
    event = Event()
    event.add("uid", f"{meeting.public_id}@ssp.{meeting.tenant.slug}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(COPENHAGEN))
    event.add("dtend", meeting.ends_at.astimezone(COPENHAGEN))
    event.add("summary", f"{_without_controls(meeting.forum.name)}, {date_format(localtime(meeting.starts_at), 'j. F Y')}")
    if meeting.place:
        event.add("location", _without_controls(meeting.place))
    event.add("description", settings.SSP_BASE_URL + reverse("meeting_detail", args=[meeting.tenant.slug, meeting.public_id]))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("organizer", _address(settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"), f"SSP {meeting.tenant.name}"), encode=False)
    return event


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["cn"] = vText(_without_controls(name))
    return address


def _without_controls(text: str) -> str:
    """Without what no calendar file may hold (RFC 5545 3.1, CONTROL), and what is pasted from elsewhere all the same."""
    return "".join(letter for letter in text if letter in "\t\n" or (letter >= " " and letter != "\x7f"))


def agenda_context(request: TenantRequest, meeting: Meeting, files: Sequence[ClosedFile] = ()) -> dict[str, Any]:
    """The agenda as this reader sees it; the closed part comes from the app that owns it, which logs the persons. `files`: those of it in a book."""
    agenda = read_agenda(request.actor, meeting)
    fill_in(request, agenda)
    attach(agenda.lines, meeting)
    closed = rendered(request, closed_parts(request, meeting, pdf=True, files=files)) if agenda.closed_part else []
    return {"meeting": meeting, "agenda": agenda, "closed": closed, "made_at": timezone.now()}


def minutes_context(request: TenantRequest, meeting: Meeting, files: Sequence[ClosedFile] = ()) -> dict[str, Any]:
    """The minutes as this reader sees them. `files`: those of the closed part in a book."""
    minutes = read_minutes(request.actor, meeting)
    closed = rendered(request, closed_parts(request, meeting, pdf=True, files=files)) if minutes.agenda.closed_part else []
    return {"meeting": meeting, "agenda": minutes.agenda, "minutes": minutes, "closed": closed, "unchanged": is_unchanged(request.actor, meeting), "made_at": timezone.now()}


def earlier_context(request: TenantRequest, meeting: Meeting, number: str) -> dict[str, Any]:
    """An earlier version of the minutes, as this reader sees it. What is said about cases is in none: it has no versions."""
    earlier = read_earlier(request.actor, meeting, number)
    found = {"meeting": meeting, "agenda": earlier.minutes.agenda, "minutes": earlier.minutes, "version": earlier.row, "unchanged": earlier.unchanged}
    return {**found, "closed": [], "made_at": timezone.now()}
