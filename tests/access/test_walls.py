"""The walls themselves: roles, row security, the ticket."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from access.gate import open_ticket, reveal
from access.models import Purpose
from access.roles import Verb
from cases.models import Case, CaseText, Discussion, Person, PersonData


def one(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone() if cursor.description else None


def test_who_we_are(db):
    assert one("select session_user, current_user") == ("ssp_app", "ssp_app")
    assert one("select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user") == (False, False, False)
    assert one("select count(*) from pg_tables where tableowner = 'ssp_app'") == (0,)
    assert one("select tableowner from pg_tables where tablename = 'cases_case'") == ("ssp_owner",)


@pytest.mark.parametrize(
    "sql",
    [
        "set role ssp_owner", "set role ssp_audit_owner", "set role ssp_figures", "truncate cases_case", "truncate audit.logentry", "select note from audit.logentry",
        "update audit.logentry set purpose = 'x'", "delete from audit.logentry", "alter table cases_case disable row level security", "select * from auditlog_logentry",
        "select * from audit.logentry_default",
    ],
)  # fmt: skip
def test_the_app_role_is_refused(db, sql):
    with pytest.raises(ProgrammingError), transaction.atomic():
        one(sql)


def test_without_context_nothing_is_there(db):
    assert [model.objects.count() for model in (Case, Person, PersonData, CaseText, Discussion)] == [0, 0, 0, 0, 0]


def test_a_log_row_needs_an_actor(db):
    with pytest.raises(ProgrammingError, match="no actor"), transaction.atomic():
        one("insert into audit.logentry (content_type_id, object_pk, object_repr, action, changes_text, seat, purpose, note, route, subjects, timestamp)"
            " values (1, '', '', 3, '', '', 'meeting', '', '', '{}', now())")  # fmt: skip


def test_no_ticket_no_name(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        case = Case.objects.filter(forum__key="p115").first()
        assert case is not None
        assert PersonData.objects.count() == 0
        (shown,) = reveal(actor, Verb.VIEW_CASES, Case.objects.filter(pk=case.pk), purpose=Purpose.MEETING)
        assert [data.person_id for data in PersonData.objects.all()] == [shown.person_id]
        assert CaseText.objects.get().case_id == case.pk


def test_the_actor_and_the_time_are_stamped_by_the_database(cast, as_actor, log):
    with as_actor(cast.konsulent) as actor:
        case = Case.objects.first()
        entry = open_ticket(actor, Case, [case.person_id], purpose=Purpose.MEETING, row=case)
    row = log()[-1]
    assert (row.pk, row.actor_id, row.tenant_id, row.subjects) == (entry.pk, cast.konsulent.pk, actor.tenant_id, [case.person_id])
    assert row.seat.startswith("SSP-konsulent")


def test_a_ticket_for_a_person_of_another_forum_opens_nothing(cast, as_actor):
    with as_actor(cast.konsulent, "thisted"):
        foreign = Person.objects.first().pk
    with as_actor(cast.fnt, "morsoe") as actor:
        open_ticket(actor, Case, [foreign], purpose=Purpose.MEETING)
        assert PersonData.objects.count() == 0


def test_the_chef_sees_no_case(cast, as_actor):
    with as_actor(cast.chef) as actor:
        assert not actor.holds(Verb.VIEW_CASES)
        assert (Case.objects.count(), Person.objects.count()) == (0, 0)
