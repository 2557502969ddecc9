"""Adgangslog: what is changed about a person stands there as what is read does. Whom it concerned, in which seat, why, and what."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.concerned import ConcernsNobodyError, about
from access.context import write_context
from access.gate import open_ticket
from access.log import entries_for_case
from access.logged import change_together, create_together
from access.models import LogEntry, Purpose, User
from cases.actions import create_case
from cases.agenda_actions import put_on_agenda, take_off_agenda
from cases.agreement_actions import tick_agreement
from cases.guest_actions import revoke_for_case
from cases.models import AdHocGrant, Case, CaseAgreement, CaseAgreementParty, CaseAgreementStep, CaseItem, CaseRecusal, ItemPresence, PersonData
from cases.recusal_actions import admit, recuse
from meetings.models import AgendaItem, Meeting
from municipalities.models import Seat

PAGE = "/thisted/adgangslog/"
Action = LogEntry.Action
pytestmark = pytest.mark.django_db


@pytest.fixture
def written(log):
    """`written()`: the changes since the test began as (model, kind, persons, purpose, seat, forum)."""
    start = max((entry.pk for entry in log()), default=0)

    def rows():
        found = [entry for entry in log(after=start) if entry.action < Action.VIEW]
        return [(entry.content_type.model, entry.action, entry.subjects, entry.purpose, entry.seat, entry.forum_id) for entry in found]

    return rows


@pytest.fixture
def upcoming(as_actor, cast, noah):
    """A called meeting of the case's forum that does not have it on its agenda."""
    with as_actor(cast.konsulent):
        return Meeting.objects.filter(forum_id=noah.case.forum_id, status__in=["DRAFT", "CALLED"], starts_at__gt=timezone.now()).exclude(
            pk__in=CaseItem.objects.filter(case=noah.case).values("meeting")
        ).first()  # fmt: skip


def another_member(case, user):
    """Somebody else with a seat in the case's forum."""
    return Seat.objects.current().filter(forum_id=case.forum_id).exclude(user=None).exclude(user=user).select_related("user").first().user


# ---- whom, in which seat, why -------------------------------------------------------------------------------------
def test_a_case_on_the_agenda_concerns_its_person_and_the_coming_meeting(cast, as_actor, noah, upcoming, written):
    case = noah.case
    with as_actor(cast.konsulent) as actor:
        link = put_on_agenda(case, upcoming, actor=actor)
        assert ("caseitem", Action.CREATE, [case.person_id], "meeting", actor.seat_in(case.forum_id), case.forum_id) in written()
        assert actor.seat_in(case.forum_id)
        take_off_agenda(link, actor=actor)
        assert ("caseitem", Action.DELETE, [case.person_id], "meeting", actor.seat_in(case.forum_id), case.forum_id) in written()


def test_who_is_kept_out_and_let_in_stands_by_the_person(cast, as_actor, noah, written):
    case = noah.case
    with as_actor(cast.konsulent) as actor:
        recusal = recuse(case, actor=actor, user=another_member(case, cast.konsulent))
        admit(CaseRecusal.objects.get(pk=recusal.pk), actor=actor)
    assert [row[:4] for row in written()] == [("caserecusal", kind, [case.person_id], "recusal") for kind in (Action.CREATE, Action.DELETE)]


def test_an_agreement_ticked_on_min_uge_is_a_follow_up(cast, as_actor, noah, written):
    with as_actor(cast.konsulent) as actor:
        agreement = CaseAgreement.objects.filter(case=noah.case, status="OPEN").first()
        tick_agreement(agreement, actor=actor)
    assert [row[:4] for row in written()] == [
        ("caseagreement", Action.UPDATE, [noah.case.person_id], "follow_up"), ("caseagreementstep", Action.CREATE, [noah.case.person_id], "follow_up"),
    ]  # fmt: skip


def test_what_is_changed_in_an_opened_case_bears_the_purpose_it_was_opened_with(cast, through_gate, noah, written):
    client = through_gate(cast.konsulent, noah, purpose="family_request")
    answer = client.post(noah.url + "inddragelse/", {"party": "PARENTS", "status": "ASKED", "on": timezone.localdate().isoformat(), "note": ""})
    assert answer.status_code == 302
    [row] = written()
    assert row[:4] == ("involvement", Action.CREATE, [noah.case.person_id], "family_request") and row[5] == noah.case.forum_id and "SSP-konsulent" in row[4]


def test_a_new_case_concerns_its_person_from_its_first_row_on(cast, as_actor, noah, written):
    values = {**noah.values, "name": "Opfundet Navn", "delete_on": timezone.localdate() + timedelta(days=400), "follow_up_on": None}
    with as_actor(cast.konsulent) as actor:
        case = create_case(noah.case.forum, actor=actor, values=values)
    assert {row[0]: row[2:4] for row in written()} == dict.fromkeys(("person", "case", "persondata", "casetext"), ([case.person_id], "registration"))
    assert {row[5] for row in written()} == {case.forum_id}


def test_a_row_that_is_about_nobody_costs_nothing_and_names_the_seat(cast, as_actor, written):
    with as_actor(cast.konsulent) as actor:
        item = AgendaItem.objects.exclude(data_class="PERSON_115").first()
        with CaptureQueriesContext(connection) as asked:
            change_together([item], presenter="En anden")
        assert len(asked) == 2, "the change, and its line"
        assert written() == [("agendaitem", Action.UPDATE, [], "", actor.seat_in(item.forum_id), item.forum_id)]


# ---- what it costs ------------------------------------------------------------------------------------------------
def test_many_rows_at_once_ask_once_for_whom(cast, as_actor, noah, meeting_of, written):
    link = meeting_of(noah, "APPROVED")
    ContentType.objects.get_for_model(ItemPresence)  # known to every process before long
    with as_actor(cast.konsulent):
        users = list(User.objects.filter(is_demo=True).exclude(pk__in=ItemPresence.objects.filter(item=link.item_id).values("user"))[:5])
        made = [ItemPresence(tenant_id=link.tenant_id, item_id=link.item_id, case_id=link.case_id, user=user, seat_label="x") for user in users]
        with CaptureQueriesContext(connection) as asked:
            create_together(made)
        assert len(asked) == 3, "the rows, whom they are about, their lines"
        with CaptureQueriesContext(connection) as asked:
            change_together(list(ItemPresence.objects.filter(pk__in=[row.pk for row in made])), seat_label="y")
        assert len(asked) == 3, "the rows, the change, their lines: the case was met before"
        change_together(list(CaseItem.objects.filter(pk=link.pk)), files_edition=7)  # no line of the log, as when it is saved
    assert [row[:4] for row in written()] == [("itempresence", kind, [noah.case.person_id], "meeting") for kind in (0, 1) for _user in users]


def test_rows_of_a_case_that_goes_ask_once_for_whom_it_is_about(cast, as_actor, noah, upcoming):
    with as_actor(cast.konsulent) as actor:
        link = put_on_agenda(noah.case, upcoming, actor=actor)
        Meeting.objects.filter(pk=upcoming.pk).update(starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))  # before its day nobody is present
        for user in User.objects.filter(is_demo=True)[:4]:
            ItemPresence.objects.create(tenant_id=link.tenant_id, item_id=link.item_id, case=noah.case, user=user, seat_label="x")
        write_context(actor)  # as in a request of its own: nothing met yet
        with CaptureQueriesContext(connection) as asked:
            AgendaItem.objects.get(pk=link.item_id).delete()
        assert sum('from "cases_case"' in query["sql"].lower() for query in asked) == 1


def test_whom_it_is_about_is_at_hand_where_it_is_written(cast, as_actor, noah):
    """The actions hold the case: the log asks no more for it."""
    with as_actor(cast.konsulent) as actor:
        agreement = CaseAgreement.objects.filter(case=noah.case, status="OPEN").first()
        with CaptureQueriesContext(connection) as asked:
            tick_agreement(agreement, actor=actor)
        assert len([query for query in asked if 'from "cases_case"' in query["sql"].lower()]) == 2  # the agreement's case, and its lock
        with CaptureQueriesContext(connection) as asked:
            revoke_for_case(noah.case, actor)
        assert not any('from "cases_case" ' in query["sql"].lower() for query in asked)


# ---- the walls ----------------------------------------------------------------------------------------------------
def test_a_change_opens_nobody_and_is_no_look(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor:
        before = [entry.pk for entry in entries_for_case(noah.case.pk, 500)]
        recuse(noah.case, actor=actor, user=another_member(noah.case, cast.konsulent))
        assert not PersonData.objects.filter(person_id=noah.case.person_id).exists()
        assert [entry.pk for entry in entries_for_case(noah.case.pk, 500)] == before
        open_ticket(actor, Case, [noah.case.person_id], purpose=Purpose.MEETING, row=noah.case)
        assert len(entries_for_case(noah.case.pk, 500)) == len(before) + 1


def test_fifty_changes_push_no_look_out_of_who_has_seen_the_case(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [noah.case.person_id], purpose=Purpose.FAMILY_REQUEST, row=noah.case)
        agreement = CaseAgreement.objects.filter(case=noah.case, status="OPEN").first()
        for _ in range(10):
            tick_agreement(agreement, actor=actor)
        assert entries_for_case(noah.case.pk, 3)[0].purpose == "family_request"
        assert {entry.action for entry in entries_for_case(noah.case.pk, 500)} <= set(Action.READS)


def test_what_is_written_without_a_person_that_can_be_read_is_refused(cast, as_actor, noah):
    with as_actor(cast.dpo), pytest.raises(ConcernsNobodyError):
        about([CaseRecusal(tenant_id=noah.case.tenant_id, case_id=noah.case.pk, user=cast.dpo)])


# ---- what stands on the page --------------------------------------------------------------------------------------
def test_the_dpo_finds_the_changes_by_the_person_and_reads_why(visit, cast, as_actor, noah, upcoming):
    with as_actor(cast.konsulent) as actor:
        put_on_agenda(noah.case, upcoming, actor=actor)
        recuse(noah.case, actor=actor, user=cast.konsulent)
    page = visit(cast.dpo).get(PAGE, {"om": noah.case.person_id, "slags": "rettet"})
    lines = page.context["lines"]
    assert {line.persons for line in lines} == {f"Person {noah.case.person_id}"}
    told = {(line.entry.get_action_display(), line.what, str(line.entry.get_purpose_display())) for line in lines}
    assert {("oprettet", "Sag på dagsordenen", "Det kommende møde"), ("oprettet", "Inhabil i en sag", "Nogen er inhabil")} <= told
    assert noah.name not in page.content.decode()


def test_no_row_is_called_by_the_number_of_its_case_or_what_it_says(cast, as_actor, noah):
    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [noah.case.person_id], purpose=Purpose.OTHER, row=noah.case)
        agreement = CaseAgreement.objects.select_related("text").filter(case=noah.case).first()
        rows = [agreement, agreement.text, *CaseItem.objects.filter(case=noah.case), *noah.case.discussions.all(), *noah.case.involvements.all(), noah.case.text]
        rows += [PersonData.objects.get(person=noah.case.person_id), *CaseAgreementParty.objects.filter(case=noah.case), *CaseAgreementStep.objects.filter(case=noah.case)]
        rows += [*AdHocGrant.objects.filter(case=noah.case), CaseRecusal(pk=777777, case_id=noah.case.pk, user=cast.konsulent)]
        secret = [noah.name, *noah.name.split(), agreement.text.what, str(agreement.due_on)]
        for row in rows:
            said = str(row)
            assert not any(word in said for word in secret), type(row)
            assert f"{noah.case.pk}:" not in said and f"{noah.case.pk}/" not in said and not said.endswith(f" {noah.case.pk}"), type(row)
