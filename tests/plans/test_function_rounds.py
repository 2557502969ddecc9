"""Sending a funktionsbeskrivelse again and again, and approvals that belong to an older version: neither is let through."""

from importlib import import_module

import pytest
from django.db import DatabaseError, transaction

from access.context import actor_of, context_of
from plans import function_leader_actions, function_leaders, functions
from plans.actions import PlanStateError
from plans.models import FunctionDescription, FunctionRecord
from tests.mails import text_of
from tests.plans.test_functions import held, named

pytestmark = pytest.mark.django_db
rounds_of = import_module("plans.migrations.0004_function_leaders").rounds_of


# ---- old records get the round they were written in -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("steps", "status", "rounds"),
    [
        ([], "DRAFT", [1]),
        (["SENT"], "AT_LEADER", [1, 1]),
        (["SENT", "APPROVED", "FINAL"], "FINAL", [1, 1, 1, 1]),
        (["SENT", "APPROVED", "FINAL", "REOPENED", "SENT", "APPROVED"], "APPROVED", [1, 1, 1, 1, 2, 2, 2]),
        (["SENT", "SENT_BACK", "SENT", "APPROVED"], "APPROVED", [1, 1, 2, 2, 2]),
        (["SENT", "APPROVED"], "DRAFT", [1, 1, 2]),  # changed after the approval, of which nothing was written
        (["SENT", "APPROVED", "SENT"], "AT_LEADER", [1, 1, 2, 2]),
    ],
)
def test_old_records_get_their_real_rounds(steps, status, rounds):
    found, now = rounds_of(steps, status)
    assert [*found, now] == rounds


def test_an_approval_of_another_version_does_not_count(cast, as_actor):
    with as_actor(cast.direktoer):
        waiting = named("PPR")
        step = {"tenant_id": waiting.tenant_id, "description": waiting, "step": "APPROVED", "by": cast.direktoer, "round": waiting.round}
        FunctionRecord.objects.create(number=waiting.number + 1, **step)
        assert function_leaders.approvers(waiting) == set()
        FunctionRecord.objects.create(number=waiting.number, **step)
        assert function_leaders.approvers(waiting) == {cast.direktoer.pk}


# ---- sent, taken back, sent again -----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_row_of_sending_and_taking_back_is_one_mail(cast, post):
    """A leader is told once that it waits for him, and once that it no longer does, however often somebody clicks in between."""

    def click(*steps):
        with context_of(actor_of(cast.konsulent, "thisted")) as actor:
            for step in steps:
                functions.withdraw_function(named("PPR"), actor=actor) if step == "back" else functions.send_to_leaders(named("PPR"), held()[0], actor=actor)

    click("back", "send", "back", "send")
    assert post.run() == [], "it waits for second thoughts"
    post.later(5)
    (asked,) = post.to(post.run(), cast.direktoer)
    click("back")
    post.later(5)
    (taken_back,) = post.to(post.run(), cast.direktoer)
    assert "venter på din godkendelse" in text_of(asked) and "trukket tilbage" in text_of(taken_back)


def test_it_is_not_sent_all_the_time(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        for _time in range(functions.MOST_SENT):
            functions.withdraw_function(named("PPR"), actor=actor)
            functions.send_to_leaders(named("PPR"), held()[0], actor=actor)
        functions.withdraw_function(named("PPR"), actor=actor)
        with pytest.raises(PlanStateError, match="sendt 3 gange"):
            functions.send_to_leaders(named("PPR"), held()[0], actor=actor)
        assert named("PPR").status == "DRAFT"


def test_nobody_names_himself(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        FunctionDescription.objects.filter(title__startswith="FNT").update(author=None)
        with pytest.raises(PlanStateError, match="dig selv"):
            function_leader_actions.add_leader(named("FNT"), cast.konsulent, actor=actor)


# ---- what the database refuses, whatever a view forgets -------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "title", "values"),
    [
        ("konsulent", "PPR", {"tasks": "Skrevet om"}),
        ("konsulent", "SSP-kontaktperson", {"tasks": "Skrevet om"}),
        ("konsulent", "SSP-kontaktperson", {"status": "DRAFT"}),  # a draft in the round whose approvals stand
        ("direktoer", "PPR", {"author": None}),
        ("direktoer", "PPR", {"tasks": "Skrevet om", "status": "DRAFT", "round": 9}),
    ],
)
def test_what_is_no_draft_is_not_written(cast, as_actor, who, title, values):
    with as_actor(getattr(cast, who)), pytest.raises(DatabaseError, match=r"draft|leader"), transaction.atomic():
        FunctionDescription.objects.filter(title__startswith=title).update(**values)


def test_a_description_begins_as_a_draft_of_who_takes_the_minutes(cast, as_actor):
    with as_actor(cast.konsulent):
        waiting = named("PPR")
        new = {"tenant_id": waiting.tenant_id, "forum": waiting.forum, "organisation": waiting.organisation, "title": "Ny"}
        ready = {"status": "FINAL", "approved_on": waiting.drafted_on, "drafted_on": waiting.drafted_on, "leader_ids": [cast.direktoer.pk]}
        with pytest.raises(DatabaseError, match="begins as a draft"), transaction.atomic():
            FunctionDescription.objects.create(**new, **ready)
    with as_actor(cast.vpi), pytest.raises(DatabaseError), transaction.atomic():
        FunctionDescription.objects.create(**new)


def test_a_reader_and_a_leader_change_no_draft(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        function_leader_actions.add_leader(named("FNT"), cast.chef, actor=actor)
    with as_actor(cast.vpi):
        assert FunctionDescription.objects.filter(title__startswith="FNT").update(tasks="Skrevet om") == 0
    with as_actor(cast.chef), pytest.raises(DatabaseError, match="changes nothing else"), transaction.atomic():
        FunctionDescription.objects.filter(title__startswith="FNT").update(tasks="Skrevet om")
