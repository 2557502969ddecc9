"""A mail leaves only to who may still see what it is about, asked of the page it leads to. With a real mail server and real rounds."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.models.functions import Now
from django.urls import get_resolver
from django.utils import timezone
from icalendar import Calendar

from access import doors, notify
from access.context import actor_of, context_of
from access.models import OutboxMessage, User
from access.notices import Notice
from access.public_ids import new_public_id
from meetings import actions, digest, invitations, tasks
from meetings.models import Meeting
from meetings.seated import system_of
from municipalities import seat_actions
from municipalities.models import Seat, Tenant
from tests import harness
from tests.conftest import make_client
from tests.mails import free_port, mailers, text_of

pytestmark = pytest.mark.django_db(transaction=True)
SAME = ("UID", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "ORGANIZER", "ATTENDEE")


@pytest.fixture
def konsulent(cast):
    return actor_of(cast.konsulent, "thisted")


def called(forum):
    return Meeting.objects.filter(forum__key=forum, status="CALLED").select_related("forum", "tenant").latest("starts_at")


def move(actor, forum="grundskole"):
    """The forum's called meeting gets a new time, a month from now: its mails wait for more."""
    with context_of(actor):
        meeting = called(forum)
        starts_at = timezone.now() + timedelta(days=30)
        return actions.move_meeting(meeting, actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), place="Lokale 1")


def end_seat(cast, user, *forums):
    """His seats in these forums end now."""
    with context_of(actor_of(cast.it, "thisted")):
        assert Seat.objects.current().filter(user=user, forum__key__in=forums).update(valid_to=Now())


def test_a_mail_that_waited_while_the_seat_ended_is_not_sent_and_the_log_of_mails_says_so(cast, konsulent, post):
    move(konsulent)
    assert post.run() == []
    end_seat(cast, cast.fnt, "grundskole")
    post.later(20)
    sent = post.run()
    assert post.to(sent, cast.fnt) == [] and len(sent) > 2
    assert post.rows(recipient_id=cast.fnt.pk) == [("change", "closed", 1)]
    lines = make_client(cast.it).get("/thisted/mails/alle/").content.decode()
    assert "Ikke sendt: modtageren har ikke længere adgang til det, den handler om" in lines
    own = make_client(cast.fnt).get("/thisted/mails/").content.decode().split("<main", 1)[1]
    assert "Ikke sendt: modtageren har ikke længere adgang" in own and "SSP Grundskole" not in own
    post.later(60)
    assert post.run() == []


def test_of_a_bundle_only_what_he_may_still_see_leaves(cast, konsulent, post):
    with context_of(konsulent):
        path = f"/thisted/moeder/{called('grundskole').public_id}/"
        forum_id = called("grundskole").forum_id
        for subject, where, forum in (("Zebra i forummet", path, forum_id), ("Noget i kommunen", "/thisted/", None)):
            notify.send_mail(konsulent.tenant_id, [cast.fnt], subject=subject, path=where, notice=Notice.CHANGE, bundle="together", forum_id=forum)
    post.run()
    end_seat(cast, cast.fnt, "grundskole")
    post.later(20)
    (mail,) = post.to(post.run(), cast.fnt)
    assert "Noget i kommunen" in text_of(mail) and "Zebra" not in text_of(mail)
    assert sorted(outcome for _notice, outcome, _tries in post.rows(recipient_id=cast.fnt.pk)) == ["closed", "sent"]


def test_who_is_nobody_in_the_kommune_any_more_or_has_a_closed_account_gets_nothing(cast, konsulent, post):
    move(konsulent)
    post.run()
    with context_of(actor_of(cast.it, "thisted")):
        Seat.objects.current().filter(user=cast.fnt).update(valid_to=Now())
    User.objects.filter(pk=cast.gade.pk).update(is_active=False)
    post.later(20)
    sent = post.run()
    assert post.to(sent, cast.fnt) == post.to(sent, cast.gade) == []
    assert {row[1] for user in (cast.fnt, cast.gade) for row in post.rows(recipient_id=user.pk)} == {"closed"}


@pytest.fixture
def jobs(monkeypatch):
    """What the broker is asked to take out of calendars."""
    found = []
    monkeypatch.setitem(notify._jobs, "take_out_of_calendar", SimpleNamespace(apply_async=lambda kwargs: found.append(kwargs)))
    return found


@pytest.fixture
def left(cast, konsulent, post):
    """(meeting, the invitation that fnt got): he has left the kommune since."""
    with context_of(konsulent):
        meeting = called("grundskole")
        invitations.send(meeting, [cast.fnt, cast.gade], invitations.CALLED)
    (first,) = post.to(post.run(), cast.fnt)
    with context_of(actor_of(cast.it, "thisted")):
        Seat.objects.current().filter(user=cast.fnt).update(valid_to=Now())  # nobody in the kommune any more
    return meeting, first


def test_who_was_called_and_has_left_gets_the_cancellation_of_what_he_was_told_and_nothing_newer(cast, konsulent, post, jobs, left):
    meeting, first = left
    with context_of(konsulent):
        actions.cancel_meeting(meeting, actor=konsulent)
    assert post.to(post.run(), cast.fnt) == [] and [job["recipient_id"] for job in jobs] == [cast.fnt.pk]
    tasks.take_out_of_calendar(**jobs[0])
    (last,) = post.to(post.run(), cast.fnt)
    same_and_gone(first, last)
    assert "Aflyst: " in text_of(last)
    tasks.take_out_of_calendar(**jobs[0])  # the broker has it back from a worker that died
    assert post.run() == [] and post.rows(recipient_id=cast.fnt.pk, notice="cancelled") == [("cancelled", "sent", 1)]


def test_who_was_called_and_has_left_loses_the_entry_of_a_meeting_that_is_moved_and_learns_nothing_of_it(cast, konsulent, post, jobs, left):
    meeting, first = left
    move(konsulent)
    assert post.to(post.run(), cast.fnt) == [] and [job["recipient_id"] for job in jobs] == [cast.fnt.pk]
    tasks.take_out_of_calendar(**jobs[0])
    (last,) = post.to(post.run(), cast.fnt)
    same_and_gone(first, last)
    said = text_of(last)
    assert "Du er ikke længere indkaldt: " in said and "Lokale 1" not in said and "Aflyst" not in said
    with context_of(konsulent):
        actions.cancel_meeting(meeting, actor=konsulent)
    post.run()
    for job in jobs[1:]:  # a cancellation later finds nothing of his to take out
        tasks.take_out_of_calendar(**job)
    assert post.to(post.run(), cast.fnt) == []


@pytest.fixture
def invited(cast, konsulent, post, monkeypatch):
    """(the invitation that fnt got, what the broker is asked to do): his seat has not ended yet."""
    found = []
    monkeypatch.setitem(notify._jobs, "leave_calendar", SimpleNamespace(apply_async=lambda kwargs: found.append(kwargs)))
    with context_of(konsulent):
        invitations.send(called("grundskole"), [cast.fnt, cast.gade], invitations.CALLED)
    (first,) = post.to(post.run(), cast.fnt)
    return first, found


def close_seat_of(cast, user, *, keep=0):
    """The administrator ends his seats in SSP Grundskole, all but so many."""
    actor = actor_of(cast.it, "thisted")
    with context_of(actor):
        seats = list(Seat.objects.current().filter(user=user, forum__key="grundskole").select_related("forum", "group", "user", "organisation").order_by("pk"))
        for seat in seats[: len(seats) - keep]:
            seat_actions.close_seat(seat, actor=actor, seen=seat.seen)


def test_who_loses_his_seat_loses_the_coming_meetings_from_his_calendar_at_once(cast, konsulent, post, invited):
    first, ordered = invited
    close_seat_of(cast, cast.fnt)
    post.run()
    assert [job["recipient_id"] for job in ordered] == [cast.fnt.pk]
    for _again in range(2):  # the broker may bring a job twice
        tasks.leave_calendar(**ordered[0])
    sent = post.run()
    (last,) = post.to(sent, cast.fnt)
    same_and_gone(first, last)
    assert "Du er ikke længere indkaldt: " in text_of(last) and post.to(sent, cast.gade) == []
    move(konsulent)
    assert post.to(post.run(), cast.fnt) == []  # and never hears of it again


def test_who_keeps_another_seat_in_the_forum_keeps_the_entry(cast, post, invited):
    _first, ordered = invited
    with context_of(actor_of(cast.it, "thisted")):
        seat = Seat.objects.current().filter(user=cast.fnt, forum__key="grundskole").first()
        seat.pk, seat.public_id, seat.key, seat.title = None, new_public_id(), "", "Også"
        seat.save(force_insert=True)
    close_seat_of(cast, cast.fnt, keep=1)
    post.run()
    tasks.leave_calendar(**ordered[0])
    assert post.to(post.run(), cast.fnt) == []


def test_a_meeting_that_is_over_stays_where_it_was(cast, konsulent, post, invited):
    _first, ordered = invited
    with context_of(konsulent):
        system = system_of(Tenant.objects.get(slug="thisted"))
    close_seat_of(cast, cast.fnt)
    post.run()
    with context_of(system):
        row = OutboxMessage.objects.filter(recipient=cast.fnt, outcome="sent").exclude(payload__ics="").latest("created_at")
        over = re.sub(r"(DT(?:START|END)[^:]*:)\d{4}", r"\g<1>2020", row.payload["ics"])
        OutboxMessage.objects.filter(pk=row.pk).update(payload={**row.payload, "ics": over})
    tasks.leave_calendar(**ordered[0])
    assert post.to(post.run(), cast.fnt) == []


def test_a_last_day_that_was_written_down_beforehand_takes_the_meetings_out_when_it_has_passed(cast, post, invited):
    first, ordered = invited
    with context_of(actor_of(cast.it, "thisted")):
        seats = Seat.objects.current().filter(user=cast.fnt, forum__key="grundskole")
        seats.update(valid_to=Now() + timedelta(hours=1))
    tasks.leave_calendars_after_last_days()
    assert post.to(post.run(), cast.fnt) == []  # it is not over
    with context_of(actor_of(cast.it, "thisted")):
        seats.update(valid_to=Now() - timedelta(hours=1))
    for _again in range(2):
        tasks.leave_calendars_after_last_days()
    (last,) = post.to(post.run(), cast.fnt)
    same_and_gone(first, last)
    assert ordered == []


def same_and_gone(first, last):
    """The second mail takes out what the first put in, and says nothing else of it."""
    before, after = (event_of(mail) for mail in (first, last))
    assert (after["STATUS"], after["SEQUENCE"]) == ("CANCELLED", before["SEQUENCE"] + 1) and "method=CANCEL" in last.as_string().replace('"', "")
    assert {name: before[name].to_ical() for name in SAME} == {name: after[name].to_ical() for name in SAME}


def event_of(mail):
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return event


def test_an_error_of_the_door_keeps_the_mail_back_and_is_tried_again(cast, konsulent, post, monkeypatch):
    with context_of(konsulent):
        notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="Noget venter", path="/thisted/", notice=Notice.ACTION)

    def broken(actor, message):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("select no_such_column")

    with monkeypatch.context() as patch:
        patch.setattr(doors, "_is_open", broken)
        assert post.run() == []
    assert post.rows() == [("action", "", 1)]
    post.later(2)
    assert len(post.run()) == 1 and post.rows() == [("action", "sent", 2)]


def test_a_mail_that_the_server_took_late_asks_again_at_each_try(cast, konsulent, post, settings):
    settings.MAILERS = mailers(free_port())  # nobody listens there
    with context_of(konsulent):
        notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="x", path=f"/thisted/moeder/{called('grundskole').public_id}/", notice=Notice.CALL)
    post.run()
    assert post.rows() == [("call", "", 1)]
    settings.MAILERS = mailers()
    end_seat(cast, cast.fnt, "grundskole")
    post.later(5)
    assert post.run() == [] and post.rows() == [("call", "closed", 2)]


def test_the_weekly_mail_leaves_without_the_meeting_of_a_seat_that_ended(cast, konsulent, post):
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    with context_of(konsulent):
        for forum in ("grundskole", "p115"):
            starts_at = timezone.make_aware(timezone.datetime(monday.year, monday.month, monday.day, 10)) + timedelta(days=3)
            Meeting.objects.filter(pk=called(forum).pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        names = [called(forum).forum.name for forum in ("grundskole", "p115")]
    assert digest.tell_of_week(cast.fnt, Tenant.objects.get(slug="thisted"), monday)
    end_seat(cast, cast.fnt, "grundskole")
    (mail,) = post.to(post.run(), cast.fnt)
    assert names[1] in text_of(mail) and names[0] not in text_of(mail)


def test_a_line_that_leads_nowhere_any_more_is_left_out_and_the_rest_leaves(cast, konsulent, post):
    with context_of(konsulent):
        doorless = f"/thisted/moeder/{called('grundskole').public_id}/referat/"
        lines = [{"forum": name, "when": "onsdag", "path": path} for name, path in (("Zebra", "/thisted/no/such/page/"), ("Giraf", doorless), ("Okapi", "/thisted/"))]
        facts = {"meetings": lines, "open": 0}
        notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="Ugen", path="/thisted/", notice=Notice.DIGEST, template="mail/digest.txt", facts=facts)
        notify.send_mail(konsulent.tenant_id, [cast.gade], subject="Ugen", path="/thisted/", notice=Notice.ACTION)
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update access_outboxmessage set path = '/thisted/no/such/page/' where recipient_id = %s", [cast.gade.pk])
    (mail,) = post.run()
    assert "Okapi" in text_of(mail) and "Zebra" not in text_of(mail) and "Giraf" not in text_of(mail)
    assert post.rows(recipient_id=cast.gade.pk) == [("action", "closed", 1)]


def test_the_worker_has_its_own_walls_back_after_it_has_asked(cast, konsulent, post):
    from access.context import eyes_of
    from access.models import OutboxMessage
    from access.notify import system_actor
    from access.writing import writing_now

    move(konsulent)
    with context_of(system_actor(konsulent.tenant_id)) as system:
        waiting = OutboxMessage.objects.count()
        with eyes_of(cast.fnt, system) as actor:
            assert actor.forums == actor_rights(cast.fnt) and OutboxMessage.objects.exclude(recipient=cast.fnt).count() == 0
        assert OutboxMessage.objects.count() == waiting > 2
        with pytest.raises(KeyError), eyes_of(cast.fnt, system):
            raise KeyError
        assert OutboxMessage.objects.count() == waiting
        assert writing_now().actor == system, "and what it writes next bears nobody's seat in the log"


def actor_rights(user):
    from django.db import transaction

    from access.context import resolve_actor

    with transaction.atomic():
        return resolve_actor(user, "thisted")[0].forums


def test_no_mail_can_be_written_that_leads_to_a_page_without_a_door(cast, konsulent):
    with context_of(konsulent):
        path = f"/thisted/moeder/{called('grundskole').public_id}/referat/"
        with pytest.raises(LookupError, match="has no door"):
            notify.send_mail(konsulent.tenant_id, [cast.fnt], subject="x", path=path, notice=Notice.ACTION)


def test_every_page_with_a_door_opens_it_by_the_names_of_its_address():
    pages = [pattern for pattern in _patterns(get_resolver().url_patterns) if hasattr(pattern.callback, "door")]
    assert len(pages) >= 11
    for pattern in pages:
        names = set(pattern.pattern.converters) - {"slug"}
        assert names and names <= set(pattern.callback.door.__code__.co_varnames), pattern.name


def _patterns(found):
    for pattern in found:
        yield from _patterns(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]
