"""The weekly mail: when, to whom, once, with whose rights, and never a word of an item. With a real mail server and two workers."""

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from access.context import actor_of, context_of
from access.models import MailChoice
from access.notices import Notice, Way
from meetings import actions, digest
from meetings.models import Meeting, WeeklyMail
from municipalities.models import Tenant
from tests import harness
from tests.mails import text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def monday():
    """The Monday of this week, and the moment its mail is due. Meetings and aftaler are put beside it, so the day of the test does not matter."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


@pytest.fixture
def morning(monday):
    return timezone.make_aware(datetime.combine(monday, datetime.min.time().replace(hour=7, minute=5)))


@pytest.fixture
def thisted(transactional_db):
    return Tenant.objects.get(slug="thisted")


def put_in_week(monday, forum="grundskole", status="CALLED"):
    """The forum's newest called meeting is on this week's Wednesday at nine, local time."""
    starts_at = timezone.make_aware(datetime.combine(monday + timedelta(days=2), datetime.min.time().replace(hour=9)))
    with harness.admin(harness.DATABASE) as conn:
        query = """update meetings_meeting set starts_at = %s, ends_at = %s, status = %s where id =
          (select m.id from meetings_meeting m join municipalities_forum f on f.id = m.forum_id join municipalities_tenant t on t.id = m.tenant_id
           where f.key = %s and t.slug = 'thisted' order by m.starts_at desc limit 1) returning public_id"""
        return conn.execute(query, [starts_at, starts_at + timedelta(hours=1), status, forum]).fetchone()[0]


# ---- when -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 7, 6, 4, 59, tzinfo=UTC), None),  # summer: 6.59 in Copenhagen
        (datetime(2026, 7, 6, 5, 0, tzinfo=UTC), date(2026, 7, 6)),
        (datetime(2026, 1, 5, 5, 30, tzinfo=UTC), None),  # winter: 6.30
        (datetime(2026, 1, 5, 6, 0, tzinfo=UTC), date(2026, 1, 5)),
        (datetime(2026, 3, 30, 5, 0, tzinfo=UTC), date(2026, 3, 30)),  # the day after summer time began
        (datetime(2026, 10, 26, 5, 59, tzinfo=UTC), None),  # the day after it ended
        (datetime(2026, 10, 26, 6, 0, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2026, 7, 5, 22, 30, tzinfo=UTC), None),  # half past midnight on Monday
        (datetime(2026, 7, 6, 21, 59, tzinfo=UTC), date(2026, 7, 6)),  # a server that was down all day
        (datetime(2026, 7, 6, 22, 0, tzinfo=UTC), None),  # Tuesday
        (datetime(2026, 4, 6, 9, 0, tzinfo=UTC), None),  # Easter Monday
        (datetime(2026, 4, 7, 6, 0, tzinfo=UTC), date(2026, 4, 6)),  # the Tuesday after tells of its week
        (datetime(2026, 4, 8, 6, 0, tzinfo=UTC), None),
    ],
)
def test_it_is_due_on_the_first_workday_of_the_week_from_seven_where_the_kommuner_are(moment, expected):
    assert digest.monday_to_tell_of(moment) == expected


def test_a_meeting_stands_at_its_local_time_on_both_sides_of_summer_time(cast, thisted):
    for week, hour in ((date(2031, 3, 24), 8), (date(2031, 3, 31), 7)):  # nine o'clock, before and after 30 March 2031
        put_in_week(week)
        with context_of(actor_of(cast.fnt, "thisted")) as actor:
            (found,) = [line for line in digest.read_digest(actor, "thisted", week)["meetings"] if line["forum"] == "SSP Grundskole"]
            assert re.search(r" kl\. 9–1\d$", found["when"]), "as the mail of the call and the page of the meeting say it"
            assert Meeting.objects.get(public_id=found["path"].split("/")[-2]).starts_at.hour == hour


# ---- what and whom --------------------------------------------------------------------------------------------------
def test_it_says_meetings_numbers_and_links_and_nobody_gets_it_twice(cast, thisted, monday, morning, post):
    public_id = put_in_week(monday)
    assert digest.tell_everybody(morning) > 3
    sent = post.run()
    (mail,) = [message for message in post.to(sent, cast.fnt) if "Thisted" in text_of(message)]
    text = text_of(mail)
    assert "SSP Grundskole, onsdag" in text and f"http://testserver/thisted/moeder/{public_id}/" in text
    assert "http://testserver/thisted/mails/valg/" in text
    assert digest.tell_everybody(morning) == 0 == digest.tell_everybody(morning + timedelta(hours=3))
    assert post.run() == []


def test_nobody_with_nothing_to_say_gets_one_but_he_is_not_asked_again(cast, thisted, monday, post):
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_meeting set starts_at = starts_at - interval '5 years', ends_at = ends_at - interval '5 years'")
        conn.execute("update meetings_agreement set status = 'DONE'")
        conn.execute("update cases_caseagreement set status = 'DONE'")
        conn.execute("update meetings_meeting set status = 'CANCELLED' where status = 'CLOSED'")
        conn.execute("update plans_plan set status = 'DRAFT' where status = 'SUBMITTED'")
    assert digest.tell_of_week(cast.fnt, thisted, monday) is False
    assert post.run() == []
    with context_of(actor_of(cast.fnt, "thisted")):
        assert WeeklyMail.objects.filter(monday=monday).count() == 1


def test_a_draft_tells_nobody(cast, thisted, monday):
    public_id = put_in_week(monday, status="DRAFT")
    with context_of(actor_of(cast.konsulent, "thisted")) as actor:
        assert public_id not in str(digest.read_digest(actor, "thisted", monday))


def test_each_is_told_with_his_own_rights(cast, thisted, monday):
    public_id = put_in_week(monday, forum="p115")
    for user, sees in ((cast.konsulent, True), (cast.chef, False), (cast.elev, False)):
        with context_of(actor_of(user, "thisted")) as actor:
            assert (public_id in str(digest.read_digest(actor, "thisted", monday))) is sees


def test_who_has_no_seat_any_more_gets_nothing(cast, thisted, monday, morning, post):
    put_in_week(monday)
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("set session_replication_role = replica")  # past the guard of seats
        conn.execute("update municipalities_seat set valid_to = now() - interval '1 hour' where user_id = %s", [cast.fnt.pk])
    assert digest.tell_of_week(cast.fnt, thisted, monday) is False
    digest.tell_everybody(morning)
    assert post.to(post.run(), cast.fnt) == []


def test_who_wants_none_gets_none(cast, thisted, monday, post):
    put_in_week(monday)
    with context_of(actor_of(cast.fnt, "thisted")) as actor:
        MailChoice.objects.create(tenant_id=actor.tenant_id, user=cast.fnt, notice=Notice.DIGEST, way=Way.OFF)
    assert digest.tell_of_week(cast.fnt, thisted, monday) is False
    assert post.run() == []


def test_what_was_kept_for_the_weekly_mail_is_in_it_once(cast, thisted, monday, post):
    with context_of(actor_of(cast.fnt, "thisted")) as actor:
        MailChoice.objects.create(tenant_id=actor.tenant_id, user=cast.fnt, notice=Notice.CHANGE, way=Way.WEEKLY)
    with context_of(actor_of(cast.konsulent, "thisted")) as konsulent:
        meeting = Meeting.objects.filter(forum__key="grundskole", status="CALLED", tenant=thisted).select_related("forum", "tenant").latest("starts_at")
        for number in range(2):
            starts_at = timezone.now() + timedelta(days=40, minutes=number)
            actions.move_meeting(meeting, actor=konsulent, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), place="")
    assert post.to(post.run(), cast.fnt) == []
    following = monday + timedelta(days=7)
    assert digest.tell_of_week(cast.fnt, thisted, following)
    (mail,) = post.to(post.run(), cast.fnt)
    assert text_of(mail).count("Ændret: SSP Grundskole") == 1 and "Nyt siden sidste ugentlige mail" in text_of(mail)
    digest.tell_of_week(cast.fnt, thisted, following + timedelta(days=7))
    assert not [message for message in post.to(post.run(), cast.fnt) if "Ændret" in text_of(message)]


# ---- once -----------------------------------------------------------------------------------------------------------
def test_two_workers_make_one_mail_a_person(cast, thisted, monday, morning, post):
    put_in_week(monday)
    made, barrier = [], threading.Barrier(2)

    def work():
        try:
            barrier.wait(30)
            made.append(digest.tell_everybody(morning))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    digests = post.rows(notice="digest", tenant_id=thisted.pk)
    with harness.admin(harness.DATABASE) as conn:
        people = conn.execute("select count(distinct recipient_id) from access_outboxmessage where notice = 'digest' and tenant_id = %s", [thisted.pk]).fetchone()[0]
    assert len(made) == 2 and len(digests) == people > 3


def test_a_worker_that_is_killed_in_the_middle_is_taken_over(cast, thisted, monday, morning, post, monkeypatch):
    """The row and the mail are one transaction: whoever was not reached has neither, and the next round tells him."""
    put_in_week(monday)
    original, seen = digest.read_digest, []

    def die(actor, slug, day):
        if slug == "thisted":
            if len(seen) == 2:
                raise SystemExit
            seen.append((actor.tenant_id, actor.user_id))
        return original(actor, slug, day)

    monkeypatch.setattr(digest, "read_digest", die)
    with pytest.raises(SystemExit):
        digest.tell_everybody(morning)
    monkeypatch.setattr(digest, "read_digest", original)
    digest.tell_everybody(morning)
    with harness.admin(harness.DATABASE) as conn:
        query = "select tenant_id, recipient_id, count(*) from access_outboxmessage where notice = 'digest' group by 1, 2"
        counts = {(tenant, user): count for tenant, user, count in conn.execute(query).fetchall()}
    assert set(seen) & set(counts) and set(counts.values()) == {1} and (thisted.pk, cast.fnt.pk) in counts


def test_one_broken_week_keeps_nobody_elses_back(cast, thisted, monday, morning, post, monkeypatch, caplog):
    put_in_week(monday)
    original = digest.read_digest

    def break_for_one(actor, slug, day):
        if actor.user_id == cast.konsulent.pk:
            raise ValueError("broken")
        return original(actor, slug, day)

    monkeypatch.setattr(digest, "read_digest", break_for_one)
    digest.tell_everybody(morning)
    sent = post.run()
    assert post.to(sent, cast.fnt) and not post.to(sent, cast.konsulent) and "failed" in caplog.text
    monkeypatch.setattr(digest, "read_digest", original)
    digest.tell_everybody(morning)
    assert len(post.to(post.run(), cast.konsulent)) == 1


def test_the_row_is_written_by_oneself_and_never_changed(cast, thisted, monday):
    from django.db import DatabaseError

    with context_of(actor_of(cast.fnt, "thisted")):
        WeeklyMail.objects.create(tenant=thisted, user=cast.fnt, monday=monday)
        assert WeeklyMail.objects.update(monday=monday + timedelta(days=7)) == 0 and WeeklyMail.objects.all()._raw_delete("default") == 0
    with context_of(actor_of(cast.konsulent, "thisted")):
        assert not WeeklyMail.objects.exists()
    with pytest.raises(DatabaseError), context_of(actor_of(cast.konsulent, "thisted")):
        WeeklyMail.objects.create(tenant=thisted, user=cast.fnt, monday=monday + timedelta(days=7))


def test_the_scheduler_knows_the_rounds(settings):
    from ssp.celery import app

    app.loader.import_default_modules()
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    rounds = {"tell_of_the_week", "remind_of_agreements", "leave_calendars_after_last_days"}
    assert {f"meetings.tasks.{name}" for name in rounds} <= tasks <= set(app.tasks)
