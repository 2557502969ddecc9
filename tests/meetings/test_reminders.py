"""Reminders of aftaler: three days before and when the day has passed, once each, and no mail ever says a word of what is written. A real mail server."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from access.context import actor_of, context_of
from access.models import MailChoice
from access.notices import Notice, Way
from meetings import actions, digest, reminders
from meetings.models import Agreement, Meeting
from municipalities.models import Tenant
from tests import harness
from tests.mails import text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thisted(transactional_db):
    return Tenant.objects.get(slug="thisted")


@pytest.fixture
def alone(cast, thisted):
    """Every aftale is done but one of SSP Grundskole, for which fnt alone is responsible; its id."""
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_agreement set status = 'DONE'")
        conn.execute("update cases_caseagreement set status = 'DONE'")
        query = """update meetings_agreement set status = 'OPEN' where id = (select a.id from meetings_agreement a join meetings_agreementparty p on p.agreement_id = a.id
          join municipalities_forum f on f.id = a.forum_id join meetings_agendaitem i on i.id = a.item_id
          where f.key = 'grundskole' and i.data_class in ('PUBLIC', 'INTERNAL') and a.tenant_id = %s order by a.id limit 1) returning id"""
        pk = conn.execute(query, [thisted.pk]).fetchone()[0]
        conn.execute("update meetings_agreementparty set user_id = %s, seat_id = null, seat_label = '', holder_id = null where agreement_id = %s", [cast.fnt.pk, pk])
    return pk


def due(pk, day):
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_agreement set due_on = %s where id = %s", [day, pk])


def case_agreement(conn, tenant_id):
    """(user, aftale) of a case: somebody who is responsible for it and holds a seat in its forum."""
    query = """select p.user_id, a.id from cases_caseagreement a join cases_caseagreementparty p on p.agreement_id = a.id and p.round = a.round
      join municipalities_seat s on s.user_id = p.user_id and s.forum_id = a.forum_id and s.valid_to is null where a.tenant_id = %s order by a.id limit 1"""
    return conn.execute(query, [tenant_id]).fetchone()


TODAY = date(2031, 6, 11)  # a Wednesday


# ---- when -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 7, 7, 4, 59, tzinfo=UTC), None),
        (datetime(2026, 7, 7, 5, 0, tzinfo=UTC), date(2026, 7, 7)),  # summer
        (datetime(2026, 1, 6, 5, 0, tzinfo=UTC), None),
        (datetime(2026, 1, 6, 6, 0, tzinfo=UTC), date(2026, 1, 6)),  # winter
        (datetime(2026, 7, 7, 15, 0, tzinfo=UTC), None),  # five in the afternoon
        (datetime(2026, 7, 11, 9, 0, tzinfo=UTC), None),  # Saturday
        (datetime(2026, 7, 12, 9, 0, tzinfo=UTC), None),  # Sunday
        (datetime(2026, 4, 2, 9, 0, tzinfo=UTC), None),  # Maundy Thursday
        (datetime(2026, 4, 6, 9, 0, tzinfo=UTC), None),  # Easter Monday
        (datetime(2026, 4, 7, 9, 0, tzinfo=UTC), date(2026, 4, 7)),
        (datetime(2026, 12, 24, 9, 0, tzinfo=UTC), None),
        (datetime(2026, 10, 14, 9, 0, tzinfo=UTC), date(2026, 10, 14)),  # in the schools' autumn holiday people are at work
    ],
)
def test_nobody_is_reminded_at_night_on_a_weekend_or_on_a_public_holiday(moment, expected):
    assert reminders.day_to_remind_on(moment) == expected


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2031, 6, 10), date(2031, 6, 13)),
        (date(2031, 6, 6), date(2031, 6, 11)),  # a Friday tells of what the weekend would have told of
        (date(2026, 4, 1), date(2026, 4, 9)),  # the Wednesday before Easter: work begins again on Tuesday the 7th
        (date(2026, 12, 30), date(2027, 1, 6)),  # New Year's Eve, New Year's Day and a weekend
    ],
)
def test_the_last_workday_tells_of_what_the_days_off_would_have_told_of(today, last):
    assert reminders.last_day(today) == last


# ---- once -----------------------------------------------------------------------------------------------------------
def test_before_and_after_the_day_once_each(cast, thisted, alone, post):
    due(alone, TODAY + timedelta(days=4))
    assert reminders.remind(cast.fnt, thisted, TODAY) is False
    due(alone, TODAY + timedelta(days=3))
    assert [reminders.remind(cast.fnt, thisted, TODAY + timedelta(days=n)) for n in (0, 0, 1, 2)] == [True, False, False, False]
    (mail,) = post.to(post.run(), cast.fnt)
    assert "Fristen for 1 af dine aftaler er nær" in text_of(mail) and "http://testserver/thisted/" in text_of(mail)
    assert [reminders.remind(cast.fnt, thisted, TODAY + timedelta(days=n)) for n in (4, 5, 12)] == [True, False, False]
    (mail,) = post.to(post.run(), cast.fnt)
    assert "er overskredet" in text_of(mail)


def test_another_day_is_another_reminder(cast, thisted, alone):
    due(alone, TODAY + timedelta(days=1))
    assert reminders.remind(cast.fnt, thisted, TODAY)
    due(alone, TODAY + timedelta(days=10))
    assert not reminders.remind(cast.fnt, thisted, TODAY)
    assert reminders.remind(cast.fnt, thisted, TODAY + timedelta(days=8))


@pytest.mark.parametrize("status", ["DONE", "DROPPED"])
def test_what_is_done_or_dropped_is_left_alone(cast, thisted, alone, status):
    due(alone, TODAY)
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_agreement set status = %s where id = %s", [status, alone])
    assert not reminders.remind(cast.fnt, thisted, TODAY)


def test_several_are_one_mail_and_only_the_responsible_gets_it(cast, thisted, alone, post):
    with context_of(actor_of(cast.konsulent, "thisted")):
        first = Agreement.objects.select_related("item").get(pk=alone)
    with harness.admin(harness.DATABASE) as conn:
        for number, day in enumerate((TODAY, TODAY - timedelta(days=9))):
            query = """insert into meetings_agreement (tenant_id, forum_id, meeting_id, item_id, what, due_on, status, created_by_id, created_at, public_id, round)
              select tenant_id, forum_id, meeting_id, item_id, 'Zebra', %s, 'OPEN', created_by_id, now(), %s, 1 from meetings_agreement where id = %s returning id"""
            pk = conn.execute(query, [day, f"zebra{number}zebrazebra", alone]).fetchone()[0]
            party = "insert into meetings_agreementparty (tenant_id, item_id, agreement_id, round, user_id, seat_label) values (%s, %s, %s, 1, %s, '')"
            conn.execute(party, [thisted.pk, first.item_id, pk, cast.fnt.pk])
    due(alone, TODAY + timedelta(days=2))
    morning = timezone.make_aware(datetime.combine(TODAY, datetime.min.time().replace(hour=8)))
    assert reminders.remind_everybody(morning) == 1
    (mail,) = post.run()
    assert mail["To"] == cast.fnt.email
    assert "Fristen for 2 af dine aftaler er nær" in text_of(mail) and "Fristen for 1 af dine aftaler er overskredet" in text_of(mail) and "Zebra" not in text_of(mail)
    assert reminders.remind_everybody(morning) == 0


def test_who_has_left_the_forum_is_not_reminded_of_it(cast, thisted, alone):
    due(alone, TODAY)
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("set session_replication_role = replica")  # past the guard of seats
        rule = "user_id = %s and forum_id = (select forum_id from meetings_agreement where id = %s)"
        conn.execute(f"update municipalities_seat set valid_to = now() - interval '1 hour' where {rule}", [cast.fnt.pk, alone])
    assert not reminders.remind(cast.fnt, thisted, TODAY)


def test_who_is_kept_out_of_the_item_is_not_reminded_of_it(cast, thisted, alone):
    due(alone, TODAY)
    with harness.admin(harness.DATABASE) as conn:
        query = """insert into meetings_itemrecusal (tenant_id, item_id, meeting_id, forum_id, user_id, noted_by_id, noted_at)
          select tenant_id, item_id, meeting_id, forum_id, %s, created_by_id, now() from meetings_agreement where id = %s"""
        conn.execute(query, [cast.fnt.pk, alone])
    assert not reminders.remind(cast.fnt, thisted, TODAY)


def test_off_and_weekly(cast, thisted, alone, post):
    due(alone, TODAY)
    with context_of(actor_of(cast.fnt, "thisted")) as actor:
        MailChoice.objects.create(tenant_id=actor.tenant_id, user=cast.fnt, notice=Notice.REMINDER, way=Way.OFF)
    assert reminders.remind(cast.fnt, thisted, TODAY)
    assert post.run() == [] and post.rows(recipient_id=cast.fnt.pk) == [("reminder", "off", 0)]


def test_a_case_agreement_is_counted_and_nothing_more(cast, thisted, alone, post):
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_agreement set status = 'DONE'")
        who, pk = case_agreement(conn, thisted.pk)
        conn.execute("update cases_caseagreement set status = 'OPEN', due_on = %s where id = %s", [TODAY, pk])
        secret = conn.execute("select what from cases_caseagreementtext where agreement_id = %s", [pk]).fetchone()[0]
    user = next(user for user in cast.users.values() if user.pk == who)
    assert reminders.remind(user, thisted, TODAY) and not reminders.remind(user, thisted, TODAY)
    (mail,) = post.run()
    assert mail["To"] == user.email and secret not in text_of(mail) and "/sager/" not in text_of(mail)
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update cases_caseagreement set due_on = %s where id = %s", [timezone.localdate() - timedelta(days=1), pk])
    with context_of(actor_of(user, "thisted")) as actor:
        found = digest.read_digest(actor, "thisted", TODAY)
    assert (found["open"], found["overdue"]) == (1, 1)


SEAT = """tenant_id, public_id, key, forum_id, role, kind, has_vote, may_convene,
  may_chair, may_minute, role_before, title, organisation_id, group_id, user_id, valid_from"""


# ---- who is asked -----------------------------------------------------------------------------------------------------
def asked(thisted, today=TODAY):
    return {user.pk for user in reminders.people_to_remind(thisted, today)}


def test_only_those_with_something_due_are_asked_and_each_once(cast, thisted, alone):
    due(alone, TODAY + timedelta(days=4))
    assert asked(thisted) == set()
    due(alone, TODAY + timedelta(days=3))
    assert asked(thisted) == {cast.fnt.pk}
    assert reminders.remind(cast.fnt, thisted, TODAY) and asked(thisted) == set()
    assert asked(thisted, TODAY + timedelta(days=5)) == {cast.fnt.pk}, "the day has passed"
    due(alone, TODAY + timedelta(days=1))
    assert asked(thisted) == {cast.fnt.pk}, "another day"


def test_a_seat_that_is_responsible_stands_for_who_holds_it_now(cast, thisted, alone):
    due(alone, TODAY)
    with harness.admin(harness.DATABASE) as conn:
        query = """select s.id, s.user_id from municipalities_seat s join meetings_agreement a on a.forum_id = s.forum_id
          where a.id = %s and s.user_id <> %s and s.valid_to is null and not exists (select from municipalities_seat other
            where other.forum_id = s.forum_id and other.title = s.title and other.organisation_id = s.organisation_id and other.id <> s.id)"""
        seat, holder = conn.execute(query, [alone, cast.konsulent.pk]).fetchone()
        conn.execute("update meetings_agreementparty set user_id = null, seat_id = %s, seat_label = 'x' where agreement_id = %s", [seat, alone])
        assert asked(thisted) == {holder}
        conn.execute("set session_replication_role = replica")  # past the guard of seats
        copy = f"""insert into municipalities_seat ({SEAT}) select tenant_id, 'zebrazebrazebra', key, forum_id, role, kind, has_vote,
          may_convene, may_chair, may_minute, role_before, title, organisation_id, group_id, %s, now() from municipalities_seat where id = %s"""
        conn.execute("update municipalities_seat set valid_to = now() where id = %s", [seat])
        conn.execute(copy, [cast.konsulent.pk, seat])
    assert asked(thisted) == {cast.konsulent.pk}
    assert reminders.remind_everybody(timezone.make_aware(datetime.combine(TODAY, datetime.min.time().replace(hour=8)))) == 1


def test_who_answers_for_a_case_is_asked_as_well(cast, thisted, alone):
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_agreement set status = 'DONE'")
        who, pk = case_agreement(conn, thisted.pk)
        conn.execute("update cases_caseagreement set status = 'OPEN', due_on = %s where id = %s", [TODAY, pk])
    assert asked(thisted) >= {who}
    for user in reminders.people_to_remind(thisted, TODAY):
        assert reminders.remind(user, thisted, TODAY)
    assert asked(thisted) == set()


@pytest.mark.parametrize("source", ["people_to_remind", "people_to_remind_of_cases"])
def test_the_functions_answer_the_system_alone_and_only_of_its_own_kommune(cast, thisted, source):
    from django.db import connection

    from meetings.seated import system_of

    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_agreement set status = 'OPEN', due_on = %s", [TODAY])
        conn.execute("update cases_caseagreement set status = 'OPEN', due_on = %s", [TODAY])

    def answer(actor):
        with context_of(actor), connection.cursor() as cursor:
            cursor.execute(f"select unnest(figures.{source}(%s, %s))", [TODAY, TODAY])
            return {row[0] for row in cursor.fetchall()}

    for user in (cast.konsulent, cast.it, cast.dpo):
        assert answer(actor_of(user, "thisted")) == set()
    found = answer(system_of(thisted))
    with harness.admin(harness.DATABASE) as conn:
        here = {row[0] for row in conn.execute("select user_id from municipalities_seat where tenant_id = %s", [thisted.pk]).fetchall()}
    assert found and found <= here


QUERIES = 5  # of a kommune in which nothing is due: its system's user, a transaction with its walls, and one for all sources


@pytest.mark.parametrize("more", [5, 500])
def test_a_round_takes_the_same_queries_for_five_holders_of_seats_as_for_five_hundred(thisted, alone, more, django_assert_num_queries):
    due(alone, TODAY + timedelta(days=30))
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("set session_replication_role = replica")
        user = """insert into access_user (password, is_superuser, username, first_name, last_name, is_staff, is_active, date_joined,
            public_id, email, title, mark, is_demo, is_system, is_operator)
          select '', false, 'zebra' || n, 'Zebra', n::text, false, true, now(), 'zebra' || n, 'zebra' || n || '@thisted.example', '', 'andre', true, false, false
          from generate_series(1, %s) n"""
        conn.execute(user, [more])
        seat = f"""insert into municipalities_seat ({SEAT})
          select s.tenant_id, u.username, '', s.forum_id, s.role, s.kind, s.has_vote, false, false, false, '', s.title, s.organisation_id, s.group_id,
            u.id, now() - interval '1 day'
          from access_user u, (select * from municipalities_seat where tenant_id = %s order by id limit 1) s where u.username like 'zebra%%'"""
        conn.execute(seat, [thisted.pk])
    tenants = Tenant.objects.filter(active=True).count()
    morning = timezone.make_aware(datetime.combine(TODAY, datetime.min.time().replace(hour=8)))
    with django_assert_num_queries(1 + QUERIES * tenants):
        assert reminders.remind_everybody(morning) == 0


# ---- never a word ---------------------------------------------------------------------------------------------------
MARKS = {
    "meetings_agendaitem": ("title", "text", "decision"), "meetings_agreement": ("what",), "cases_persondata": ("name", "address"), "cases_caseagreementtext": ("what",),
    "cases_discussion": ("facts", "assessment"), "cases_casetext": ("reason",), "meetings_itemproposal": ("title", "text", "sentence"),
}  # fmt: skip
WITH_TEXT = {"meetings_agendaitem": " where data_class not in ('PERSON_115', 'PERSON_INFOHUS')"}  # the others have none


def test_no_mail_says_an_item_an_agreement_or_a_person(cast, thisted, post):
    """Every text of every item, aftale, proposal, case and person is one marked word; then everything that mails is done, and all that left is read."""
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("set session_replication_role = replica")
        for table, columns in MARKS.items():
            conn.execute(f"update {table} set " + ", ".join(f"{column} = 'Zebra' || '{column}'" for column in columns) + WITH_TEXT.get(table, ""))
        conn.execute("update meetings_agreement set status = 'OPEN', due_on = current_date + 1")
        conn.execute("update cases_caseagreement set status = 'OPEN', due_on = current_date - 1")
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    with context_of(actor_of(cast.konsulent, "thisted")) as konsulent:
        for meeting in list(Meeting.objects.filter(tenant=thisted, status="CALLED", forum_id__in=konsulent.forums_with("convene")).select_related("forum", "tenant")):
            starts_at = timezone.now() + timedelta(days=20)
            actions.move_meeting(meeting, actor=konsulent, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), place="")
            actions.cancel_meeting(meeting, actor=konsulent)
        for meeting in list(Meeting.objects.filter(tenant=thisted, status="DRAFT", forum_id__in=konsulent.forums_with("convene")).select_related("forum", "tenant")):
            actions.call_meeting(meeting, actor=konsulent)
    with harness.admin(harness.DATABASE) as conn:
        people = [row[0] for row in conn.execute("select distinct user_id from municipalities_seat where tenant_id = %s and user_id is not null", [thisted.pk]).fetchall()]
    for user in (user for user in cast.users.values() if user.pk in people):
        digest.tell_of_week(user, thisted, monday)
        reminders.remind(user, thisted, today)
    sent = post.run()
    post.later(20)
    sent += post.run()
    assert {notice for notice, _outcome, _attempts in post.rows()} >= {"call", "cancelled", "change", "digest", "reminder"} and len(sent) > 20
    assert [line for message in sent for line in text_of(message).splitlines() if "Zebra" in line] == []
