"""Draft, styregruppe, Lokalråd, approved, next version: who may take which step, and what it leaves behind."""

import pytest
from django.core.exceptions import PermissionDenied

from access import notify
from access.roles import Verb
from plans import actions, editing
from plans.content import digest, is_intact, plan_content
from plans.models import Decision, Plan, PlanGroupPermission, PlanTemplate, PlanVersion
from tests.plans.world import approved, url, waiting

Status = Plan.Status
YEARS = "2026–2028"  # of the plan that waits


@pytest.fixture
def queued(monkeypatch):
    """(subject, recipients, path) of every mail put into the outbox."""
    found = []

    def keep(tenant_id, recipients, *, subject, path, **more):
        found.append((subject, {user.email for user in recipients}, path))

    monkeypatch.setattr(actions, "send_mail", keep)
    return found


@pytest.fixture
def konsulent(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        yield actor


def new_plan(actor, year=2031):
    from datetime import date

    from municipalities.models import Forum

    forums = {forum.kind: forum for forum in Forum.objects.filter(tenant_id=actor.tenant_id)}
    return actions.create_plan(
        PlanTemplate.objects.get(), actor=actor, forum=forums["STYREGRUPPE"], approving_forum=forums["LOKALRAAD"], period_from=date(year, 2, 1)
    )  # fmt: skip


def decide(client, plan, decision, comment="", seen=None):
    seen = seen or client.get(url(plan, "godkend/")).context["seen"]
    return client.post(url(plan, "godkend/"), {"decision": decision, "comment": comment, "seen": seen})


# ---- the draft ------------------------------------------------------------------------------------------------------
def test_a_new_plan_follows_the_template(konsulent):
    plan = new_plan(konsulent)
    assert (plan.title, plan.status, plan.version) == ("Handleplan 2031–2033", "DRAFT", 1)
    assert (plan.period_to.year, plan.period_to.month, plan.period_to.day) == (2033, 1, 31)
    assert plan.initiatives.count() == plan.template.min_initiatives


def test_there_is_one_plan_a_period(konsulent):
    new_plan(konsulent)
    with pytest.raises(actions.PlanStateError, match="allerede en plan"):
        new_plan(konsulent)


def test_only_the_styregruppe_reads_a_new_draft(cast, konsulent, actor_for):
    plan = new_plan(konsulent)
    assert plan.pk in actor_for(cast.fnt).plans_with(Verb.VIEW_PLAN)
    assert plan.pk not in actor_for(cast.chef).plans_with(Verb.VIEW_PLAN)


def test_sending_to_the_styregruppe_keeps_the_text_open(konsulent, queued):
    plan = new_plan(konsulent)
    actions.send_to_steering(plan, actor=konsulent)
    plan.refresh_from_db()
    assert plan.status == "STEERING" and plan.is_open
    assert queued[0][0] == "Handleplan 2031–2033 er klar til styregruppen"


def test_the_lokalraad_comes_after_the_styregruppe(konsulent):
    with pytest.raises(actions.PlanStateError, match="styregruppen"):
        actions.submit_plan(new_plan(konsulent), actor=konsulent)


def test_an_incomplete_plan_is_not_sent_and_says_what_is_missing(konsulent):
    plan = new_plan(konsulent)
    actions.send_to_steering(plan, actor=konsulent)
    with pytest.raises(actions.IncompletePlanError) as error:
        actions.submit_plan(plan, actor=konsulent)
    sentences = [item.sentence for item in error.value.missing]
    assert "Indsats 1: Formål mangler" in sentences
    assert "Indsats 1: Tilføj mindst ét delmål" in sentences
    assert "Handleplan 2031–2033: Baggrund og kriminalitetssituation mangler" in sentences
    assert not any("Sekundær målgruppe" in sentence for sentence in sentences), "an optional field is never missing"
    plan.refresh_from_db()
    assert plan.status == "STEERING"


def test_too_few_indsatser_stop_the_plan(cast, konsulent):
    plan = waiting()
    Plan.objects.filter(pk=plan.pk).update(status="STEERING")
    for initiative in list(plan.initiatives.all())[1:]:
        editing.remove_initiative(initiative, actor=konsulent)
    with pytest.raises(actions.IncompletePlanError) as error:
        actions.submit_plan(plan, actor=konsulent)
    assert [item.sentence for item in error.value.missing] == ["Planen skal have mindst 2 indsatser"]


# ---- the Lokalråd ---------------------------------------------------------------------------------------------------
def test_sent_back_the_draft_leaves_the_lokalraad(cast, visit, as_actor, actor_for):
    with as_actor(cast.konsulent):
        plan = waiting()
    client = visit(cast.chef)
    assert decide(client, plan, "send_back", "Skriv tallene ind.").status_code == 302
    with as_actor(cast.konsulent):
        plan.refresh_from_db()
        last = plan.decisions.last()
        assert (plan.status, last.step, last.comment, last.by) == ("DRAFT", "SENT_BACK", "Skriv tallene ind.", cast.chef)
    assert client.get(url(plan)).status_code == 404
    assert plan.pk not in actor_for(cast.vpi).plans_with(Verb.APPROVE_PLAN)
    assert "Skriv tallene ind." in visit(cast.konsulent).get(url(plan, "rediger/")).content.decode()


def test_sending_back_needs_a_comment(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = waiting()
    response = decide(visit(cast.chef), plan, "send_back", "  ")
    assert response.status_code == 422
    assert "Skriv, hvad der skal ændres." in response.content.decode()


def test_resubmitted_it_reaches_the_approvers_again(cast, as_actor, queued):
    with as_actor(cast.chef) as chef:
        actions.send_back(waiting(), actor=chef, comment="Ret.")
    with as_actor(cast.konsulent) as konsulent:
        plan = Plan.objects.select_related("template").get(status="DRAFT")
        actions.submit_plan(plan, actor=konsulent)
        mails = {subject: people for subject, people, _path in queued}
    assert mails[f"Handleplan {YEARS} er sendt tilbage"] == {cast.konsulent.email}
    assert cast.chef.email in mails[f"Handleplan {YEARS} venter på godkendelse"] and cast.vpi.email in mails[f"Handleplan {YEARS} venter på godkendelse"]
    assert cast.konsulent.email not in mails[f"Handleplan {YEARS} venter på godkendelse"]


def test_a_mail_stands_in_the_outbox_with_no_text_of_the_plan(cast, as_actor, monkeypatch):
    kept = []
    monkeypatch.setattr(notify, "_queue", kept.extend)
    with as_actor(cast.chef) as chef:
        plan = waiting()
        actions.send_back(plan, actor=chef, comment="Hemmelig kommentar")
    assert [mail.subject for mail in kept] == [f"Handleplan {YEARS} er sendt tilbage"]
    assert kept[0].path == url(plan, "rediger/")
    assert "Hemmelig" not in str(kept[0].payload)


def test_the_chef_approves_and_the_text_is_frozen(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = waiting()
        before = plan_content(plan)
    assert decide(visit(cast.chef), plan, "approve").status_code == 302
    with as_actor(cast.konsulent):
        plan.refresh_from_db()
        version = plan.versions.get()
    assert plan.status == "APPROVED" and plan.approved_on
    assert version.content == before and version.content_hash == digest(before) and is_intact(version)
    assert (version.approved_by, version.forum_name) == (cast.chef, "Lokalråd")
    assert visit(cast.elev).get(url(plan)).status_code == 200


def test_approval_puts_the_yearly_follow_ups_into_the_calendar(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = waiting()
    decide(visit(cast.chef), plan, "approve")
    with as_actor(cast.konsulent):
        assert [row.due_on.year for row in plan.follow_ups.all()] == [2027, 2028]


@pytest.mark.parametrize("field", ["author", "submitted_by"])
def test_who_wrote_or_sent_the_plan_cannot_approve_it(cast, as_actor, visit, field):
    with as_actor(cast.konsulent):
        plan = waiting()
        Plan.objects.filter(pk=plan.pk).update(**{field: cast.chef})
    client = visit(cast.chef)
    page = client.get(url(plan, "godkend/"))
    assert "Du har selv skrevet eller sendt denne plan" in page.content.decode()
    assert decide(client, plan, "approve", seen=page.context["seen"]).status_code == 403
    with as_actor(cast.chef) as chef, pytest.raises(PermissionDenied):
        actions.approve_plan(plan, actor=chef, seen=page.context["seen"])


def test_the_konsulent_has_no_approval_page(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = waiting()
    assert visit(cast.konsulent).get(url(plan, "godkend/")).status_code == 404
    assert visit(cast.konsulent).post(url(plan, "godkend/"), {"decision": "approve"}).status_code == 404


def test_the_second_of_two_approvers_is_told(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = waiting()
    chef, vpi = visit(cast.chef), visit(cast.vpi)
    seen = vpi.get(url(plan, "godkend/")).context["seen"]
    assert decide(chef, plan, "approve").status_code == 302
    late = decide(vpi, plan, "approve", seen=seen)
    assert late.status_code == 409
    assert "En anden kom før dig: Planen er nu »Godkendt«." in late.content.decode()
    with as_actor(cast.konsulent):
        assert PlanVersion.objects.filter(plan=plan).count() == 1


def test_what_is_approved_is_what_was_read(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        plan = waiting()
    response = decide(visit(cast.chef), plan, "approve", seen="0" * 64)
    assert response.status_code == 409
    assert "ændret, siden du åbnede den" in response.content.decode()


@pytest.mark.parametrize("data", [{}, {"decision": "maybe"}, {"decision": "approve"}, {"decision": "send_back", "comment": "x" * 5000, "seen": "1"}])
def test_broken_decisions_are_422(cast, visit, as_actor, data):
    with as_actor(cast.konsulent):
        plan = waiting()
    assert visit(cast.chef).post(url(plan, "godkend/"), data).status_code == 422


def test_a_seat_that_ended_cannot_approve(cast, visit, as_actor):
    from django.db.models.functions import Now

    from municipalities.models import Seat
    from municipalities.presets import setup_actor
    from tests.conftest import acting

    with as_actor(cast.konsulent):
        plan = waiting()
    with acting(setup_actor(plan.tenant)):
        Seat.objects.filter(user=cast.chef).update(valid_to=Now())
    assert visit(cast.chef).post(url(plan, "godkend/"), {"decision": "approve"}).status_code == 404
    with as_actor(cast.konsulent):
        plan.refresh_from_db()
        assert plan.status == "SUBMITTED"


# ---- the next version -----------------------------------------------------------------------------------------------
def test_a_new_version_leaves_the_approved_one_in_force(cast, konsulent, as_actor, visit):
    old = approved()
    copy = actions.reopen_plan(old, actor=konsulent)
    assert (copy.version, copy.status, copy.title, copy.period_from) == (2, "DRAFT", old.title, old.period_from)
    assert digest(plan_content(copy)) == digest(plan_content(old))
    assert copy.decisions.get().step == Decision.Step.REOPENED
    assert visit(cast.elev).get(url(old)).status_code == 200
    assert visit(cast.elev).get(url(copy)).status_code == 404
    assert "under udarbejdelse" not in visit(cast.elev).get(url(old)).content.decode()


def test_only_one_new_version_at_a_time(konsulent):
    actions.reopen_plan(approved(), actor=konsulent)
    with pytest.raises(actions.PlanStateError, match="nyere version"):
        actions.reopen_plan(approved(), actor=konsulent)


def test_follow_up_goes_on_while_the_new_version_is_written(cast, konsulent, as_actor, visit):
    old = approved()
    copy = actions.reopen_plan(old, actor=konsulent)
    late = old.milestones.get(status="DELAYED")
    old.milestones.filter(pk=late.pk).update(status="REACHED")
    actions.send_to_steering(copy, actor=konsulent)
    actions.submit_plan(copy, actor=konsulent)
    assert decide(visit(cast.chef), copy, "approve").status_code == 302
    with as_actor(cast.elev):
        assert copy.milestones.get(text=late.text).status == "REACHED"
        assert Plan.objects.get(pk=old.pk).status == "APPROVED"
    page = visit(cast.elev).get(url(old)).content.decode()
    assert "Version 2 er godkendt og afløser denne." in page
    listed = visit(cast.elev).get("/thisted/handleplaner/").content.decode()
    assert listed.index(copy.public_id) < listed.index(old.public_id)


def test_a_draft_is_not_reopened(konsulent):
    with pytest.raises(actions.PlanStateError):
        actions.reopen_plan(waiting(), actor=konsulent)


def test_guardians_rows_follow_the_table(cast, konsulent):
    plan = waiting()
    before = set(PlanGroupPermission.objects.filter(content_object=plan).values_list("group__name", "permission__codename"))
    actions.write_plan_rights(plan)
    assert set(PlanGroupPermission.objects.filter(content_object=plan).values_list("group__name", "permission__codename")) == before
    assert (f"forum:{plan.approving_forum_id}:CHAIR", "approve_plan") in before
    plan.status = "DRAFT"
    actions.write_plan_rights(plan)
    assert not PlanGroupPermission.objects.filter(content_object=plan, permission__codename="approve_plan").exists()
