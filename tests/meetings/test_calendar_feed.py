"""The calendar feed: what stands in it, for whom, and how it ends. Fetched as a calendar does it: without a session."""

import logging
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from icalendar import Calendar

from access.actor import Actor
from access.models import LogEntry, User
from meetings import actions, feed
from meetings.models import AgendaItem, CalendarFeed, Meeting
from meetings.views.feed import MOST_WRONG
from municipalities.models import Forum, Seat
from ssp.log_text import SecretsOut
from tests import harness
from tests.conftest import acting, make_client

PAGE = "/thisted/kalender/"


def address_of(visit, user, slug="thisted"):
    """The path of a new address, as its page shows it."""
    answer = visit(user).post(f"/{slug}/kalender/ny/")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    (path,) = re.findall(r"(/kalender/[\w-]+\.ics)", answer.content.decode())
    return path


def fetch(path, **headers):
    """As a calendar asks for it: no cookie, no session."""
    return make_client().get(path, headers=headers)


def events(answer):
    assert answer.status_code == 200, answer.content
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def uid(meeting):
    return f"{meeting.public_id}@ssp.{meeting.tenant.slug}"


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def change(cast, as_actor):
    """`change(meeting, starts_at=…)`: as nobody does it but a test."""

    def write(meeting, **values):
        with as_actor(cast.konsulent):
            Meeting.objects.filter(pk=meeting.pk).update(**values)

    return write


# ---- the file -------------------------------------------------------------------------------------------------------
def test_it_says_of_a_meeting_what_the_mailed_file_says(visit, cast, as_actor, meeting, outbox):
    with as_actor(cast.konsulent) as actor:
        moved = actions.move_meeting(meeting, actor=actor, starts_at=meeting.starts_at + timedelta(days=1), ends_at=meeting.ends_at + timedelta(days=1), place="HUSET")
    mail = next(mail for mail in outbox(meeting) if mail.recipient == cast.fnt)
    (mailed,) = Calendar.from_ical(mail.payload["ics"]).walk("VEVENT")
    event = events(fetch(address_of(visit, cast.fnt)))[uid(meeting)]
    assert set(mailed) - set(event) == {"ATTENDEE"} and set(event) <= set(mailed)
    assert not [name for name in event if name != "DTSTAMP" and event[name].to_ical() != mailed[name].to_ical()]
    assert event["SEQUENCE"] == moved.sequence > 0 and event.start == moved.starts_at and event["LOCATION"] == "HUSET"


def test_the_calendar_has_a_name_and_asks_to_be_fetched_again(visit, cast):
    answer = fetch(address_of(visit, cast.fnt))
    calendar = Calendar.from_ical(answer.content)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    expected = {"VERSION": "2.0", "METHOD": "PUBLISH", "X-WR-CALNAME": "SSP-møder", "NAME": "SSP-møder", "X-PUBLISHED-TTL": "PT1H"}
    assert {name: str(calendar[name]) for name in expected} == expected
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer.content
    lines = answer.content.split(b"\r\n")
    assert lines[-2:] == [b"END:VCALENDAR", b""] and max(map(len, lines)) <= 75 and not [line for line in lines if b"\n" in line or b"\r" in line]
    found = list(calendar.walk("VEVENT"))
    assert found and len({str(event["UID"]) for event in found}) == len(found), "a UID stands there once"
    assert all(event["DTSTAMP"].to_ical().endswith(b"Z") and event["ORGANIZER"] for event in found)


@pytest.mark.parametrize(
    ("utc", "local", "hours"),
    [(datetime(2044, 3, 27, 0, 30, tzinfo=UTC), "20440327T013000", 1), (datetime(2044, 3, 27, 1, 30, tzinfo=UTC), "20440327T033000", 2),
     (datetime(2044, 10, 31, 9, 0, tzinfo=UTC), "20441031T100000", 1)],
)  # fmt: skip
def test_the_time_is_right_on_both_sides_of_summer_time_by_the_zone_in_the_file(visit, cast, meeting, change, utc, local, hours):
    change(meeting, starts_at=utc, ends_at=utc + timedelta(hours=1))
    answer = fetch(address_of(visit, cast.fnt))
    start = events(answer)[uid(meeting)]["DTSTART"]
    assert start.params["TZID"] == "Europe/Copenhagen" and start.to_ical() == local.encode()
    (zone,) = Calendar.from_ical(answer.content).walk("VTIMEZONE")
    zone["TZID"] = "X-Only-What-The-File-Says"
    assert utc.astimezone(ZoneInfo("Europe/Copenhagen")).replace(tzinfo=zone.to_tz(lookup_tzid=False)).utcoffset() == timedelta(hours=hours)


# ---- which meetings ---------------------------------------------------------------------------------------------------
def test_called_held_and_cancelled_meetings_stand_there_and_drafts_do_not(visit, cast, as_actor, meeting, change):
    path = address_of(visit, cast.fnt)
    for status, shown in (("DRAFT", None), ("CALLED", "CONFIRMED"), ("CLOSED", "CONFIRMED"), ("APPROVED", "CONFIRMED"), ("CANCELLED", "CANCELLED")):
        change(meeting, status=status)
        event = events(fetch(path)).get(uid(meeting))
        assert (event and str(event["STATUS"])) == shown, status


def test_a_draft_that_is_cancelled_was_never_in_anybodys_calendar(visit, cast, as_actor):
    path = address_of(visit, cast.fnt)
    with as_actor(cast.konsulent) as actor:
        start = timezone.now() + timedelta(days=40)
        draft = actions.create_meeting(Forum.objects.get(key="grundskole"), actor=actor, starts_at=start, ends_at=start + timedelta(hours=1))
        draft = actions.cancel_meeting(draft, actor=actor)
    assert uid(draft) not in events(fetch(path))


def test_a_year_back_and_all_that_are_coming(visit, cast, meeting, change):
    path = address_of(visit, cast.fnt)
    for days, shown in ((-366, False), (-364, True), (900, True)):
        start = timezone.now() + timedelta(days=days)
        change(meeting, starts_at=start, ends_at=start + timedelta(hours=1))
        assert (uid(meeting) in events(fetch(path))) == shown, days


def test_who_is_not_among_the_few_that_are_called_gets_nothing(visit, cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        start = timezone.now() + timedelta(days=2)
        acute = actions.create_meeting(Forum.objects.get(key="grundskole"), actor=actor, starts_at=start, ends_at=start + timedelta(hours=1))
        seats = {seat.user: seat for seat in actions.seats_to_call(acute)}
        actions.call_meeting(acute, actor=actor, chosen={seats[cast.fnt].public_id})
        left_out = next(user for user in seats if user not in (cast.fnt, cast.konsulent))
        late = next(seat for user, seat in seats.items() if user not in (cast.fnt, cast.konsulent, left_out))
    assert uid(acute) in events(fetch(address_of(visit, cast.fnt)))
    assert uid(acute) not in events(fetch(address_of(visit, left_out)))
    with as_actor(cast.it):
        Seat.objects.filter(pk=late.pk).update(valid_from=Now())  # came to the forum after the call: nobody left him out
    assert uid(acute) in events(fetch(address_of(visit, late.user)))


def test_the_feed_is_of_all_his_kommuner_and_of_each_with_his_own_rights(visit, cast, find):
    here, there = find("grundskole", "CALLED"), find("p115", "CALLED", cast.fnt, "morsoe") or find("styregruppe", "CALLED", cast.fnt, "morsoe")
    assert here and there
    found = events(fetch(address_of(visit, cast.fnt)))
    assert {uid(here), uid(there)} <= set(found)
    assert uid(there) not in events(fetch(address_of(visit, cast.konsulent)))


@pytest.mark.parametrize("reader", ["konsulent", "fnt", "chef", "gade", "kontakt-klit", "mors-koordinator", "elev", "dpo", "it"])
def test_it_holds_meetings_of_his_seats_and_of_nothing_else(visit, cast, reader):
    """An open forum's meetings are seen by every member of the kommune; in a calendar stand one's own alone."""
    user = cast.users[reader]
    slug = "morsoe" if reader.startswith("mors") else "thisted"
    with harness.admin(harness.DATABASE) as conn:
        held = "select f.name from municipalities_seat s join municipalities_forum f on f.id = s.forum_id where s.user_id = %s and (s.valid_to is null or s.valid_to > now())"
        names = {row[0] for row in conn.execute(held, [user.pk]).fetchall()}
    said = [str(event["SUMMARY"]) for event in events(fetch(address_of(visit, user, slug))).values()]
    assert not [text for text in said if not any(text.startswith(f"{name}, ") for name in names)]
    assert bool(said) == bool(names) == (reader not in ("dpo", "it"))


def test_a_seat_that_ends_is_gone_at_the_next_fetch(visit, cast, as_actor, meeting):
    path = address_of(visit, cast.fnt)
    assert uid(meeting) in events(fetch(path))
    with as_actor(cast.it):
        Seat.objects.filter(forum_id=meeting.forum_id, user=cast.fnt).update(valid_to=Now())
    after = events(fetch(path))
    assert uid(meeting) not in after and after, "his other seats are still there"


def test_who_has_no_seat_left_gets_an_empty_calendar(visit, cast, as_actor):
    path = address_of(visit, cast.elev)
    assert events(fetch(path))
    with as_actor(cast.it):
        Seat.objects.filter(user=cast.elev).update(valid_to=Now())
    assert events(fetch(path)) == {}


def test_no_text_of_an_agenda_is_in_it(visit, cast, as_actor):
    path = address_of(visit, cast.konsulent)
    with as_actor(cast.konsulent):
        titles = set(AgendaItem.objects.exclude(title="").values_list("title", flat=True)) - set(Forum.objects.values_list("name", flat=True))
    text = fetch(path).content.decode().replace("\r\n ", "")
    assert len(titles) > 10 and not [title for title in titles if len(title) > 8 and title in text]


# ---- the address ------------------------------------------------------------------------------------------------------
def test_the_address_is_long_random_kept_as_a_hash_and_shown_once(visit, cast):
    path = address_of(visit, cast.fnt)
    token = path.removeprefix("/kalender/").removesuffix(".ics")
    assert len(token) == 43, "256 bits"
    with acting(Actor(user_id=cast.fnt.pk)):
        row = CalendarFeed.objects.get()
        assert row.token_hash == feed.hash_of(token) and token not in str(vars(row))
    assert token not in visit(cast.fnt).get(PAGE).content.decode()


def test_a_new_address_ends_the_old_one_and_closing_ends_it(visit, cast):
    first = address_of(visit, cast.fnt)
    second = address_of(visit, cast.fnt, "morsoe")
    assert first != second and (fetch(first).status_code, fetch(second).status_code) == (404, 200)
    assert "Luk adressen" in visit(cast.fnt).get(PAGE).content.decode()
    assert visit(cast.konsulent).post(f"{PAGE}luk/").status_code == 302 and fetch(second).status_code == 200, "another's is not closed"
    assert visit(cast.fnt).post(f"{PAGE}luk/").status_code == 302
    closed, wrong = fetch(second), fetch("/kalender/" + "x" * 43 + ".ics")
    assert (closed.status_code, closed.content) == (wrong.status_code, wrong.content) and closed.status_code == 404
    assert "Du har ingen adresse" in visit(cast.fnt).get(PAGE).content.decode()


def test_an_account_that_is_not_active_has_no_calendar(visit, cast):
    path = address_of(visit, cast.fnt)
    User.objects.filter(pk=cast.fnt.pk).update(is_active=False)
    assert fetch(path).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a%00b", "æøå" * 10, "../../thisted", "' or 1=1 --", "%2e%2e"])
def test_no_wrong_address_is_anything_but_missing(db, token):
    assert make_client(raise_request_exception=False).get(f"/kalender/{token}.ics").status_code == 404


def test_wrong_addresses_are_held_up_and_right_ones_are_not(visit, cast):
    path = address_of(visit, cast.fnt)
    statuses = [fetch(f"/kalender/{n:043}.ics").status_code for n in range(MOST_WRONG + 3)]
    assert statuses == [404] * MOST_WRONG + [429] * 3
    assert fetch(path).status_code == 200


def test_only_reading_is_possible_and_no_session_is_looked_at_or_made(visit, cast):
    path = address_of(visit, cast.fnt)
    assert [getattr(make_client(), method)(path).status_code for method in ("post", "put", "delete", "patch")] == [405] * 4
    answer, as_another = fetch(path), visit(cast.chef).get(path)
    assert not answer.cookies and events(answer).keys() == events(as_another).keys()
    assert answer.headers["Cache-Control"] == "private, no-store" and answer.headers["Referrer-Policy"] == "same-origin"
    assert "Cookie" not in answer.headers.get("Vary", "") and answer.headers["X-Content-Type-Options"] == "nosniff"
    head = make_client().head(path)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])


def test_a_calendar_that_has_it_already_gets_no_more(visit, cast, meeting, change):
    path = address_of(visit, cast.fnt)
    first = fetch(path)
    again = fetch(path, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content, again.headers["Cache-Control"]) == (304, b"", "private, no-store")
    change(meeting, place="Et andet sted")
    assert fetch(path, if_none_match=first.headers["ETag"]).status_code == 200


# ---- the walls, the logs ----------------------------------------------------------------------------------------------
def test_nobody_sees_or_writes_anothers_address(visit, cast, as_actor):
    address_of(visit, cast.fnt)
    for user in (cast.it, cast.konsulent, cast.dpo):
        with as_actor(user) as actor:
            assert not CalendarFeed.objects.exists()
            with pytest.raises(DatabaseError), transaction.atomic():
                CalendarFeed.objects.create(user=cast.chef, token_hash="x" * 64, made_at=timezone.now())
            feed.close_feed(actor)
    with acting(Actor(user_id=cast.fnt.pk)):
        assert CalendarFeed.objects.count() == 1


def test_the_access_log_says_what_left_once_a_day_and_when_it_changes(visit, cast, log, meeting, change):
    path = address_of(visit, cast.fnt)
    tenants = set()

    def exports():
        rows = [row for row in log() if row.actor_id == cast.fnt.pk and row.action == LogEntry.Action.EXPORT]
        tenants.update(row.tenant_id for row in rows)
        return len(rows)

    make_client().head(path)
    assert exports() == 0
    answer = fetch(path)
    once = exports()
    assert once == len(tenants) >= 2, "one a kommune"
    fetch(path)
    fetch(path, if_none_match=answer.headers["ETag"])
    assert exports() == once
    change(meeting, place="Et andet sted")
    fetch(path)
    assert exports() == 2 * once
    with acting(Actor(user_id=cast.fnt.pk)):
        CalendarFeed.objects.update(noted_at=timezone.now() - timedelta(hours=25))
    fetch(path)
    assert exports() == 3 * once
    token = path.removeprefix("/kalender/").removesuffix(".ics")
    rows = [str(vars(row)) for row in log()]
    assert not [row for row in rows if token in row or feed.hash_of(token) in row]


def test_the_page_says_when_it_was_last_fetched_and_that_is_written_seldom(visit, cast):
    path = address_of(visit, cast.fnt)
    assert "Ingen kalender har hentet den endnu" in visit(cast.fnt).get(PAGE).content.decode()
    fetch(path)
    with acting(Actor(user_id=cast.fnt.pk)):
        first = CalendarFeed.objects.get().fetched_at
    fetch(path)
    with acting(Actor(user_id=cast.fnt.pk)):
        assert first and CalendarFeed.objects.get().fetched_at == first
        CalendarFeed.objects.update(fetched_at=first - timedelta(minutes=16))
    fetch(path)
    with acting(Actor(user_id=cast.fnt.pk)):
        latest = CalendarFeed.objects.get().fetched_at
        assert latest >= first
    assert f"kl. {timezone.localtime(latest):%-H.%M}" in visit(cast.fnt).get(PAGE).content.decode().replace("\u00a0", " ")


def test_no_line_of_the_servers_log_holds_an_address(visit, cast, settings, caplog):
    path = address_of(visit, cast.fnt)
    visit(cast.fnt).post(f"{PAGE}luk/")
    assert settings.LOGGING["formatters"]["line"]["()"] == "ssp.log_text.SecretsOut"
    with caplog.at_level(logging.DEBUG):
        fetch(path)
        fetch(path.removesuffix(".ics"))
        make_client(enforce_csrf_checks=True).post(path)
    token = path.removeprefix("/kalender/").removesuffix(".ics")
    assert token in caplog.text, "Django writes the path of what it refuses"
    written = "\n".join(SecretsOut("%(message)s").format(record) for record in caplog.records)
    assert "Not Found: /kalender/…" in written and "Forbidden (CSRF cookie not set.): /kalender/…" in written and token not in written


def test_the_menu_of_everybody_leads_to_the_page(visit, cast):
    for user in (cast.konsulent, cast.elev, cast.dpo):
        page = visit(user).get("/thisted/").content.decode()
        assert f'href="{PAGE}"' in page and visit(user).get(PAGE).status_code == 200


# ---- a mail to its owner ----------------------------------------------------------------------------------------------
def test_who_makes_or_renews_an_address_gets_a_mail_without_it(visit, cast, as_actor):
    from access.models import OutboxMessage
    from access.notices import ALWAYS

    tokens = [re.search(r"/kalender/([\w-]{40,})", visit(cast.fnt).post(PAGE + "ny/").content.decode())[1] for _n in range(2)]
    with as_actor(cast.fnt):
        first, second = OutboxMessage.objects.filter(notice="access", path=PAGE).order_by("created_at")
        assert (first.subject, second.subject) == ("En kalenderadresse er lavet", "En kalenderadresse er fornyet")
        assert not [token for token in tokens for mail in (first, second) if token in str(vars(mail))]
    assert "access" in ALWAYS, "nobody switches it off"


def test_the_mail_of_a_new_address_says_what_to_do_if_it_was_not_oneself(visit, cast, as_actor, mailoutbox):
    from access.models import OutboxMessage
    from access.notify import _deliver

    visit(cast.fnt).post(PAGE + "ny/")
    visit(cast.fnt).post(PAGE + "ny/")
    with as_actor(cast.fnt):
        for message in OutboxMessage.objects.filter(notice="access", path=PAGE).select_related("recipient").order_by("created_at"):
            _deliver(message)
    made, renewed = (mail.body for mail in mailoutbox)
    assert "Der er lavet en kalenderadresse til dine møder." in made and "Den gamle er lukket." in renewed
    assert all("Var det ikke dig, så vælg en ny adgangskode" in body and body.count("http://testserver" + PAGE) == 1 for body in (made, renewed))


def test_the_sixth_address_of_a_day_is_refused_so_that_no_heap_of_mails_hides_the_first(visit, cast, as_actor):
    from access.models import OutboxMessage

    path = [address_of(visit, cast.fnt) for _n in range(5)][-1]
    answer = visit(cast.fnt).post(PAGE + "ny/", follow=True)
    assert "Du har lavet 5 adresser inden for et døgn" in answer.content.decode() and "/kalender/ny/" in answer.content.decode()
    assert fetch(path).status_code == 200, "the last one still works"
    with as_actor(cast.fnt):
        assert OutboxMessage.objects.filter(notice="access", path=PAGE).count() == 5
    address_of(visit, cast.konsulent)
