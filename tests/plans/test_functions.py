"""Funktionsbeskrivelser: draft at one meeting, approved by the leader and by nobody else, final at the next; versions; what is missing."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from access.context import actor_of, context_of
from meetings.models import Meeting
from municipalities.models import Appointment, Forum, Organisation, Seat
from plans import function_leader_actions, functions
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
        functions.send_to_leaders(draft, held()[0], actor=konsulent)
    functions.write_function(draft, actor=konsulent, seen=functions.version_of(draft), title=draft.title, organisation=draft.organisation, tasks=" ", duties="")
    with pytest.raises(PlanStateError, match="overordnede opgaver"):
        functions.send_to_leaders(named("FNT"), held()[0], actor=konsulent)


def test_only_the_named_leader_approves(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        waiting, seen = named("PPR"), functions.version_of(named("PPR"))
    step = f"{BASE}/{waiting.public_id}/trin/"
    for other in (cast.konsulent, cast.chef, cast.elev, cast.it, cast.vpi):
        response = visit(other).post(step, {"step": "APPROVED", "seen": seen})
        assert response.status_code == 403
    assert "Kun en leder, der står på beskrivelsen" in readable(visit(cast.chef).post(step, {"step": "APPROVED", "seen": seen}))
    assert visit(cast.direktoer).post(step, {"step": "APPROVED", "seen": "old"}).status_code == 409
    assert visit(cast.direktoer).post(step, {"step": "APPROVED", "seen": seen}).status_code == 302
    assert visit(cast.direktoer).post(step, {"step": "APPROVED", "seen": seen}).status_code == 409
    assert visit(cast.dpo).get("/morsoe/funktionsbeskrivelser/").status_code == 404


def test_the_writer_is_never_the_approver(cast, as_actor):
    with as_actor(cast.it) as admin:
        function_leader_actions.name_leader(named("FNT").organisation, cast.konsulent, actor=admin)
    with as_actor(cast.konsulent) as actor:
        draft = named("FNT")
        functions.write_function(draft, actor=actor, seen=functions.version_of(draft), title=draft.title, organisation=draft.organisation, tasks="Nyt", duties="")
        with pytest.raises(PlanStateError, match="selv skrevet"):
            functions.send_to_leaders(named("FNT"), held()[0], actor=actor)
        waiting = named("PPR")
        with pytest.raises(DatabaseError), transaction.atomic():
            FunctionDescription.objects.filter(pk=waiting.pk).update(leader_ids=[waiting.author_id])


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
        assert (named("PPR").status, named("PPR").approved_on, named("PPR").drafted_on) == ("DRAFT", None, None)


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
        function_leader_actions.name_leader(organisation, cast.chef, actor=admin)
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
        function_leader_actions.name_leader(organisation, cast.konsulent, actor=actor)


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
    assert "Hos lederne" in text
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
    with as_actor(cast.konsulent) as actor:
        function_leader_actions.add_leader(draft, cast.direktoer, actor=actor)
        FunctionDescription.objects.filter(pk=draft.pk).update(author=None)
        functions.send_to_leaders(draft, meetings[0], actor=actor)
    with as_actor(cast.direktoer) as leader:
        assert functions.approve_function(draft, actor=leader, seen=functions.version_of(draft))
    shown = client.get(page).content.decode()
    assert meetings[0].public_id not in shown and meetings[-1].public_id in shown
    with as_actor(cast.konsulent):
        FunctionDescription.objects.filter(pk=draft.pk).update(drafted_at=meetings[-1], drafted_on=timezone.localdate())
    assert last < timezone.now() and "Forummet har ikke holdt møde på en senere dag end den, udkastet blev lavet på" in readable(client.get(page))


def test_a_cpr_number_is_not_taken_in_a_comment(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        step = f"{BASE}/{named('PPR').public_id}/trin/"
    assert visit(cast.direktoer).post(step, {"step": "SENT_BACK", "comment": "Se 010203-1234"}).status_code == 409
    with as_actor(cast.konsulent):
        assert named("PPR").status == "AT_LEADER"


# ---- several leaders ------------------------------------------------------------------------------------------------
@pytest.fixture
def shared(cast, as_actor):
    """The description that waits for the director, now for the chief as well."""
    with as_actor(cast.konsulent) as actor:
        function_leader_actions.add_leader(named("PPR"), cast.chef, actor=actor)
        return named("PPR")


def say(cast, visit, who, **posted):
    return visit(getattr(cast, who)).post(f"{BASE}/{posted.pop('to').public_id}/{posted.pop('at', 'trin')}/", posted)


def end_seats(user):
    for model in (Seat, Appointment):
        model.objects.filter(user=user).update(valid_to=timezone.now())


def test_it_is_approved_when_every_leader_has_said_yes(cast, visit, as_actor, shared):
    with as_actor(cast.konsulent):
        seen = functions.version_of(shared)
    assert say(cast, visit, "direktoer", to=shared, step="APPROVED", seen=seen).status_code == 302
    with as_actor(cast.konsulent) as actor:
        assert named("PPR").status == "AT_LEADER"
        with pytest.raises(PlanStateError):
            functions.finish_function(named("PPR"), held()[-1], actor=actor)
    again = say(cast, visit, "direktoer", to=shared, step="APPROVED", seen=seen)
    assert again.status_code == 409 and "allerede godkendt" in readable(again)
    assert "PPR-psykolog" not in readable(visit(cast.direktoer).get("/thisted/")) and "PPR-psykolog" in readable(visit(cast.chef).get("/thisted/"))
    assert say(cast, visit, "chef", to=shared, step="APPROVED", seen=seen).status_code == 302
    with as_actor(cast.konsulent):
        assert (named("PPR").status, named("PPR").approved_on) == ("APPROVED", timezone.localdate())


def test_the_final_version_and_the_document_name_every_leader(cast, visit, as_actor, shared):
    for user in (cast.direktoer, cast.chef):
        with as_actor(user) as leader:
            functions.approve_function(named("PPR"), actor=leader, seen=functions.version_of(shared))
    with as_actor(cast.konsulent) as actor:
        FunctionDescription.objects.filter(pk=shared.pk).update(drafted_at=held()[0], drafted_on=held()[0].starts_at.date())
        version = functions.finish_function(named("PPR"), held()[-1], actor=actor)
        forum = Forum.objects.get(key="grundskole")
    assert [row["name"] for row in version.approvals] == [cast.direktoer.name, cast.chef.name]
    text = " ".join(readable(visit(cast.konsulent).get(f"{BASE}/forum/{forum.public_id}/funktioner.pdf")).split())
    assert f"{cast.direktoer.name}, godkendt den" in text and f"{cast.chef.name}, godkendt den" in text


def test_one_who_sends_back_ends_the_others_approvals_and_it_is_said_why(cast, visit, as_actor, shared):
    with as_actor(cast.konsulent):
        seen = functions.version_of(shared)
    say(cast, visit, "direktoer", to=shared, step="APPROVED", seen=seen)
    assert say(cast, visit, "chef", to=shared, step="SENT_BACK", comment="Skriv om sparring").status_code == 302
    page = " ".join(readable(visit(cast.konsulent).get(f"{BASE}/{shared.public_id}/")).split())
    assert f"{cast.chef.name} sendte den tilbage" in page and "Skriv om sparring" in page
    assert f"De skal godkende den igen: {cast.direktoer.name}." in page and "gælder ikke længere" in page
    with as_actor(cast.konsulent) as actor:
        assert named("PPR").status == "DRAFT" and named("PPR").leader_ids == [cast.direktoer.pk, cast.chef.pk]
        functions.send_to_leaders(named("PPR"), held()[0], actor=actor)
    assert say(cast, visit, "chef", to=shared, step="APPROVED", seen=seen).status_code == 302
    with as_actor(cast.konsulent):
        assert named("PPR").status == "AT_LEADER"  # the director's first yes belongs to the text that came back
    assert say(cast, visit, "direktoer", to=shared, step="APPROVED", seen=seen).status_code == 302
    with as_actor(cast.konsulent):
        assert named("PPR").status == "APPROVED"


def test_the_forum_takes_it_back(cast, visit, as_actor, shared):
    assert say(cast, visit, "chef", to=shared, step="WITHDRAWN").status_code == 403
    assert say(cast, visit, "konsulent", to=shared, step="WITHDRAWN").status_code == 302
    assert say(cast, visit, "konsulent", to=shared, step="WITHDRAWN").status_code == 409
    with as_actor(cast.konsulent):
        assert named("PPR").status == "DRAFT"
    assert say(cast, visit, "chef", to=shared, step="APPROVED", seen="x").status_code == 409


def test_only_a_leader_who_has_left_is_taken_off_while_it_waits(cast, visit, as_actor, shared):
    """Nobody gets rid of a leader because he says no; of one whose seat has ended, whoever writes may, and the others decide."""
    with as_actor(cast.konsulent):
        seen = functions.version_of(shared)
    say(cast, visit, "direktoer", to=shared, step="APPROVED", seen=seen)
    refused = say(cast, visit, "konsulent", to=shared, at="leder", do="remove", leader=cast.chef.public_id)
    assert refused.status_code == 409 and "hvis plads er ophørt" in readable(refused)
    with as_actor(cast.it):
        end_seats(cast.chef)
    assert "har ikke længere en plads i kommunen" in readable(visit(cast.konsulent).get(f"{BASE}/{shared.public_id}/"))
    assert visit(cast.chef).get(f"{BASE}/{shared.public_id}/").status_code == 404
    assert say(cast, visit, "konsulent", to=shared, at="leder", do="remove", leader=cast.chef.public_id).status_code == 302
    with as_actor(cast.konsulent):
        assert (named("PPR").status, named("PPR").leader_ids) == ("APPROVED", [cast.direktoer.pk])
        assert FunctionRecord.objects.get(step="REMOVED").leader == cast.chef


def test_the_last_leader_is_replaced_before_he_is_taken_off(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        waiting = named("PPR")
    with as_actor(cast.it):
        end_seats(cast.direktoer)
    assert say(cast, visit, "konsulent", to=waiting, at="leder", do="remove", leader=cast.direktoer.public_id).status_code == 409
    assert say(cast, visit, "konsulent", to=waiting, at="leder", leader=cast.chef.public_id).status_code == 302
    assert say(cast, visit, "konsulent", to=waiting, at="leder", do="remove", leader=cast.direktoer.public_id).status_code == 302
    with as_actor(cast.konsulent):
        assert (named("PPR").status, named("PPR").leader_ids) == ("AT_LEADER", [cast.chef.pk])
    assert "PPR-psykolog" in readable(visit(cast.chef).get("/thisted/"))


def test_a_draft_is_not_sent_to_somebody_who_has_left(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        function_leader_actions.add_leader(named("FNT"), cast.chef, actor=actor)
    with as_actor(cast.it):
        end_seats(cast.chef)
    with as_actor(cast.konsulent) as actor, pytest.raises(PlanStateError, match="ikke længere en plads"):
        functions.send_to_leaders(named("FNT"), held()[0], actor=actor)


@pytest.mark.parametrize(("who", "status"), [("", 422), ("x" * 20, 422), ("direktoer", 409), ("konsulent", 409), ("other", 422)])
def test_nobody_is_named_who_cannot_approve(cast, visit, as_actor, shared, who, status):
    """Nobody, an unknown one, one named already, who has written it, and somebody of another kommune."""
    key = cast.users["mors-koordinator"].public_id if who == "other" else getattr(cast, who).public_id if who in ("direktoer", "konsulent") else who
    assert say(cast, visit, "konsulent", to=shared, at="leder", leader=key).status_code == status
    with as_actor(cast.konsulent):
        assert named("PPR").leader_ids == [cast.direktoer.pk, cast.chef.pk]


def test_only_who_writes_names_the_leaders(cast, visit, shared):
    for who, status in (("vpi", 403), ("direktoer", 404), ("it", 404), ("dpo", 404)):
        assert say(cast, visit, who, to=shared, at="leder", leader=cast.vpi.public_id).status_code == status
        assert visit(getattr(cast, who)).get(f"{BASE}/{shared.public_id}/leder/").status_code in (404, 405)


def test_the_database_takes_no_approval_in_another_persons_name(cast, as_actor, shared):
    """Whatever an action forgets: an approval is a leader's own, of the round that runs, and without all of them it is not approved."""
    step = {"tenant_id": shared.tenant_id, "description": shared, "step": "APPROVED", "number": shared.number}
    forged = [(cast.konsulent, cast.chef, 0), (cast.konsulent, cast.konsulent, 0), (cast.chef, cast.direktoer, 0), (cast.chef, cast.chef, 1)]
    for user, by, ahead in forged:
        with as_actor(user), pytest.raises(DatabaseError), transaction.atomic():
            FunctionRecord.objects.create(by=by, round=shared.round + ahead, **step)
    with as_actor(cast.chef), pytest.raises(DatabaseError), transaction.atomic():
        FunctionDescription.objects.filter(pk=shared.pk).update(status="APPROVED", approved_on=timezone.localdate())


@pytest.mark.django_db(transaction=True)
def test_the_last_two_leaders_at_the_same_moment(cast, as_actor):
    """Neither sees the other's yes before the lock: the one who comes second is the last, and it is approved once."""
    with context_of(actor_of(cast.konsulent, "thisted")) as actor:
        function_leader_actions.add_leader(named("PPR"), cast.chef, actor=actor)
        seen, description = functions.version_of(named("PPR")), named("PPR")
    last, together = [], threading.Barrier(2)

    def approve(user):
        try:
            actor = actor_of(user, "thisted")
            together.wait(10)
            with context_of(actor):
                last.append(functions.approve_function(description, actor=actor, seen=seen))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=(user,)) for user in (cast.direktoer, cast.chef)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with context_of(actor_of(cast.konsulent, "thisted")):
        assert sorted(last) == [False, True] and named("PPR").status == "APPROVED"
        assert FunctionRecord.objects.filter(description=description, step="APPROVED").count() == 2
