"""Funktionsbeskrivelser: draft at one meeting, approved by the leader and by nobody else, final at the next; versions; what is missing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from meetings.models import Meeting
from municipalities.models import Forum, Organisation
from plans import functions
from plans.actions import PlanStateError
from plans.models import FunctionDescription, FunctionRecord, FunctionVersion
from tests.rules.crawl import readable

pytestmark = pytest.mark.django_db
BASE = "/thisted/funktionsbeskrivelser"


def named(title):
    return FunctionDescription.objects.select_related("organisation__leader", "forum", "tenant").get(title__startswith=title)


def held():
    return list(Meeting.objects.filter(forum__key="grundskole", status__in=["CLOSED", "APPROVED"]).order_by("starts_at"))


@pytest.fixture
def konsulent(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        yield actor


# ---- the way --------------------------------------------------------------------------------------------------------
def test_the_demo_has_one_of_each(konsulent):
    assert [named(title).status for title in ("SSP-kontaktperson", "PPR", "FNT")] == ["FINAL", "AT_LEADER", "DRAFT"]
    assert FunctionVersion.objects.count() == 1


def test_a_draft_without_a_leader_or_without_tasks_is_not_sent(konsulent):
    draft = named("FNT")
    with pytest.raises(PlanStateError, match="ingen leder"):
        functions.send_to_leader(draft, held()[0], actor=konsulent)
    functions.write_function(draft, actor=konsulent, seen=functions.version_of(draft), title=draft.title, organisation=draft.organisation, tasks=" ", duties="")
    with pytest.raises(PlanStateError, match="overordnede opgaver"):
        functions.send_to_leader(named("FNT"), held()[0], actor=konsulent)


def test_only_the_named_leader_approves(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        waiting, seen = named("PPR"), functions.version_of(named("PPR"))
    step = f"{BASE}/{waiting.public_id}/trin/"
    for other in (cast.konsulent, cast.chef, cast.elev, cast.it, cast.vpi):
        response = visit(other).post(step, {"step": "APPROVED", "seen": seen})
        assert response.status_code == 403
    assert "Kun lederen af" in readable(visit(cast.chef).post(step, {"step": "APPROVED", "seen": seen}))
    assert visit(cast.direktoer).post(step, {"step": "APPROVED", "seen": "old"}).status_code == 409
    assert visit(cast.direktoer).post(step, {"step": "APPROVED", "seen": seen}).status_code == 302
    assert visit(cast.direktoer).post(step, {"step": "APPROVED", "seen": seen}).status_code == 409
    assert visit(cast.dpo).get("/morsoe/funktionsbeskrivelser/").status_code == 404


def test_the_writer_is_never_the_approver(cast, as_actor):
    with as_actor(cast.it) as admin:
        functions.name_leader(named("FNT").organisation, cast.konsulent, actor=admin)
    with as_actor(cast.konsulent) as actor:
        draft = named("FNT")
        functions.write_function(draft, actor=actor, seen=functions.version_of(draft), title=draft.title, organisation=draft.organisation, tasks="Nyt", duties="")
        with pytest.raises(PlanStateError, match="selv skrevet"):
            functions.send_to_leader(named("FNT"), held()[0], actor=actor)
        waiting = named("PPR")
        with pytest.raises(DatabaseError), transaction.atomic():
            FunctionDescription.objects.filter(pk=waiting.pk).update(approved_by=waiting.author_id, status="APPROVED")


def test_final_only_at_a_later_meeting_and_after_the_leader(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        first, second = held()[0], held()[-1]
        with pytest.raises(PlanStateError):
            functions.finish_function(named("PPR"), second, actor=actor)
    with as_actor(cast.direktoer) as leader:
        waiting = named("PPR")
        functions.approve_function(waiting, actor=leader, seen=functions.version_of(waiting))
    with as_actor(cast.konsulent) as actor:
        approved = named("PPR")
        for meeting in (approved.drafted_at, first):
            with pytest.raises(PlanStateError, match="senere møde"):
                functions.finish_function(approved, meeting, actor=actor)
        FunctionDescription.objects.filter(pk=approved.pk).update(drafted_at=first, drafted_on=first.starts_at.date())
        version = functions.finish_function(approved, second, actor=actor)
        assert version.content["title"] == "PPR-psykolog i netværket"


def test_a_change_after_the_approval_goes_to_the_leader_again(cast, as_actor):
    with as_actor(cast.direktoer) as leader:
        functions.approve_function(named("PPR"), actor=leader, seen=functions.version_of(named("PPR")))
    with as_actor(cast.konsulent) as actor:
        found = named("PPR")
        functions.write_function(found, actor=actor, seen=functions.version_of(found), title=found.title, organisation=found.organisation, tasks="Ændret", duties="")
        assert (named("PPR").status, named("PPR").approved_by_id, named("PPR").drafted_on) == ("DRAFT", None, None)


def test_two_people_writing_at_once(konsulent):
    draft = named("FNT")
    seen = functions.version_of(draft)
    words = {"title": draft.title, "organisation": draft.organisation, "duties": ""}
    functions.write_function(draft, actor=konsulent, seen=seen, tasks="Den ene", **words)
    with pytest.raises(PlanStateError, match="En anden har ændret"):
        functions.write_function(draft, actor=konsulent, seen=seen, tasks="Den anden", **words)


def test_the_leader_sends_back_with_a_comment(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        step = f"{BASE}/{named('PPR').public_id}/trin/"
    client = visit(cast.direktoer)
    assert client.post(step, {"step": "SENT_BACK", "comment": " "}).status_code == 409
    assert client.post(step, {"step": "SENT_BACK", "comment": "Skriv om sparring"}).status_code == 302
    with as_actor(cast.konsulent):
        assert named("PPR").status == "DRAFT"
        assert FunctionRecord.objects.filter(step="SENT_BACK").get().comment == "Skriv om sparring"


def test_versions_and_records_are_kept_for_good(konsulent):
    final = named("SSP-kontaktperson")
    functions.reopen_function(final, actor=konsulent)
    assert (named("SSP-kontaktperson").number, named("SSP-kontaktperson").status) == (2, "DRAFT")
    assert FunctionVersion.objects.update(content={}) == 0
    assert FunctionRecord.objects.update(comment="x") == 0
    assert FunctionVersion.objects.get().number == 1


# ---- who sees and writes --------------------------------------------------------------------------------------------
def test_others_cannot_write(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        draft, forum = named("FNT"), Forum.objects.get(key="grundskole")
    for user in (cast.elev, cast.dpo, cast.it):
        assert visit(user).get(f"{BASE}/{draft.public_id}/rediger/").status_code == 404
        assert visit(user).get(f"{BASE}/forum/{forum.public_id}/ny/").status_code == 404
    assert visit(cast.vpi).get(f"{BASE}/{draft.public_id}/rediger/").status_code == 403
    assert visit(cast.vpi).post(f"{BASE}/{draft.public_id}/trin/", {"step": "SENT", "meeting": "x"}).status_code == 403


def test_descriptions_of_a_closed_forum_are_its_members_and_the_leaders(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        closed = Forum.objects.get(kind="SAGSFORUM")
        organisation = Organisation.objects.get(tenant=actor.tenant_id, name="HUSET")
        functions.add_function(closed, actor=actor, title="Gademedarbejder", organisation=organisation, tasks="x", duties="")
    for user, sees in ((cast.gade, True), (cast.elev, False), (cast.chef, False)):
        with as_actor(user):
            assert FunctionDescription.objects.filter(title="Gademedarbejder").exists() is sees
    with as_actor(cast.it) as admin:
        functions.name_leader(organisation, cast.chef, actor=admin)
        assert not FunctionDescription.objects.filter(title="Gademedarbejder").exists()
    with as_actor(cast.chef):
        assert FunctionDescription.objects.filter(title="Gademedarbejder").exists()


@pytest.mark.parametrize(
    "data", [{"title": ""}, {"title": "FNT-betjent i netværket"}, {"tasks": "010203-1234"}, {"title": "y" * 121}, {"organisation": "999999"}, {"organisation": "x"}]
)
def test_bad_input_is_said_and_nothing_is_saved(cast, visit, as_actor, data):
    with as_actor(cast.konsulent):
        forum, organisation = Forum.objects.get(key="grundskole"), named("FNT").organisation
    response = visit(cast.konsulent).post(f"{BASE}/forum/{forum.public_id}/ny/", {"title": "Ny", "organisation": organisation.pk, "tasks": "", "duties": "", **data})
    assert response.status_code == 422
    with as_actor(cast.konsulent):
        assert FunctionDescription.objects.count() == 3


def test_only_the_administrator_names_leaders(cast, visit, as_actor):
    with as_actor(cast.it):
        organisation = Organisation.objects.get(name=named("FNT").organisation.name)
    client = visit(cast.it)
    assert client.get(f"{BASE}/ledere/").status_code == 200
    for user in (cast.konsulent, cast.vpi, cast.dpo):
        assert visit(user).get(f"{BASE}/ledere/").status_code == 404
    assert client.post(f"{BASE}/ledere/", {f"o{organisation.pk}": "nobody"}).status_code == 422
    assert client.post(f"{BASE}/ledere/", {f"o{organisation.pk}": cast.users["mors-koordinator"].public_id}).status_code == 422
    with as_actor(cast.it) as admin:
        leaders = {row.pk: row.leader.public_id for row in Organisation.objects.filter(tenant=admin.tenant_id).select_related("leader") if row.leader}
    given = {f"o{pk}": public_id for pk, public_id in leaders.items()} | {f"o{organisation.pk}": cast.vpi.public_id}
    assert client.post(f"{BASE}/ledere/", given).status_code == 302
    with as_actor(cast.it):
        assert Organisation.objects.get(pk=organisation.pk).leader == cast.vpi
    with as_actor(cast.konsulent) as actor, pytest.raises(PermissionDenied):
        functions.name_leader(organisation, cast.konsulent, actor=actor)


# ---- what other pages show ------------------------------------------------------------------------------------------
def test_the_forum_the_next_meeting_and_the_leader_are_reminded(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        forum = Forum.objects.get(key="grundskole")
        coming = Meeting.objects.filter(forum=forum, status__in=["DRAFT", "CALLED"]).first()
        past = held()[0]
    page = readable(visit(cast.konsulent).get(f"/thisted/fora/{forum.public_id}/"))
    assert "2 er ikke endelige" in page
    assert "Funktionsbeskrivelser, der mangler" in readable(visit(cast.konsulent).get(f"/thisted/moeder/{coming.public_id}/"))
    assert "Funktionsbeskrivelser, der mangler" not in readable(visit(cast.konsulent).get(f"/thisted/moeder/{past.public_id}/"))
    assert "PPR-psykolog" in readable(visit(cast.direktoer).get("/thisted/"))
    assert "PPR-psykolog" not in readable(visit(cast.chef).get("/thisted/"))


def test_the_document_holds_all_of_a_forum(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        forum = Forum.objects.get(key="grundskole")
        none = Forum.objects.get(key="ssp-plus")
    text = readable(visit(cast.elev).get(f"{BASE}/forum/{forum.public_id}/funktioner.pdf"))
    for title in ("SSP-kontaktperson på skolen", "PPR-psykolog i netværket", "FNT-betjent i netværket"):
        assert title in text
    assert "Hos lederen" in text
    assert visit(cast.elev).get(f"{BASE}/forum/{none.public_id}/funktioner.pdf").status_code == 404


def test_the_list_costs_the_same_with_many(cast, visit, as_actor, django_assert_max_num_queries):
    with as_actor(cast.konsulent) as actor:
        forum, organisation = Forum.objects.get(key="grundskole"), named("FNT").organisation
        for number in range(30):
            functions.add_function(forum, actor=actor, title=f"Rolle {number}", organisation=organisation, tasks="x", duties="")
    client = visit(cast.konsulent)
    with django_assert_max_num_queries(12):
        assert client.get(f"{BASE}/forum/{forum.public_id}/").status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(f"{BASE}/").status_code == 200


def test_guldborgsund_begins_with_eight_drafts_in_each_of_its_eight_networks(db):
    from access.context import write_context
    from municipalities.presets import NOBODY, make_tenant, read_preset

    made = make_tenant(read_preset("guldborgsund"))
    from dataclasses import replace

    from access.roles import Verb

    networks = [forum.pk for forum in Forum.objects.filter(tenant=made.tenant, kind="NETVAERK")]
    write_context(replace(made.actor, forums={Verb.VIEW_AGENDA: frozenset(networks)}))
    found = list(FunctionDescription.objects.filter(tenant=made.tenant))
    write_context(NOBODY)
    assert (len(networks), len(found), {row.status for row in found}) == (8, 64, {"DRAFT"})
    assert {row.title for row in found} == {
        "Formand for netværksgruppen", "SSP konsulent", "Sagsbehandler", "Lokalpoliti", "Klubmedarbejder", "Afdelingsleder fra ungdomsskolen", "SSP kontaktlærer", "SFO2 kontakt",
    }  # fmt: skip
    assert all("forældrene med" in row.tasks and row.duties for row in found)


def test_what_lies_at_the_leader_is_not_opened_for_writing(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        page = f"{BASE}/{named('PPR').public_id}/"
    answer = visit(cast.konsulent).get(f"{page}rediger/", follow=True)
    assert answer.redirect_chain == [(page, 302)] and "Teksten kan ikke ændres" in readable(answer)


def test_the_meeting_is_chosen_among_those_that_can_be(cast, visit, as_actor):
    """For the draft any that has been held; to make it final only a later one; and without any a sentence in place of an empty list."""
    with as_actor(cast.konsulent):
        draft, meetings = named("FNT"), held()
        page = f"{BASE}/{draft.public_id}/"
    client = visit(cast.konsulent)
    assert all(meeting.public_id in client.get(page).content.decode() for meeting in meetings)
    last = meetings[-1].starts_at
    with as_actor(cast.konsulent):
        FunctionDescription.objects.filter(pk=draft.pk).update(status="APPROVED", approved_by=cast.direktoer, drafted_at=meetings[0], drafted_on=meetings[0].starts_at.date())
    shown = client.get(page).content.decode()
    assert meetings[0].public_id not in shown and meetings[-1].public_id in shown
    with as_actor(cast.konsulent):
        FunctionDescription.objects.filter(pk=draft.pk).update(drafted_at=meetings[-1], drafted_on=timezone.localdate())
    assert last < timezone.now() and "Forummet har ikke holdt møde, siden udkastet blev lavet" in readable(client.get(page))


def test_a_cpr_number_is_not_taken_in_a_comment(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        step = f"{BASE}/{named('PPR').public_id}/trin/"
    assert visit(cast.direktoer).post(step, {"step": "SENT_BACK", "comment": "Se 010203-1234"}).status_code == 409
    with as_actor(cast.konsulent):
        assert named("PPR").status == "AT_LEADER"
