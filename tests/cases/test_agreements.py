"""One aftale in a case: done, moved, dropped, opened again, handed over, with its history behind the ticket; and who may."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.gate import open_ticket
from access.models import LogEntry, Purpose
from cases import actions, agreement_actions
from cases.errors import CaseStateError
from cases.models import AdHocGrant, Case, CaseAgreement, CaseAgreementRemark, CaseAgreementStep, CaseItem, CaseRecusal
from municipalities.models import Seat
from municipalities.seat_actions import change_holder
from tests.rules.crawl import readable

SECRET = "Faren vil ikke have besøg i hjemmet"


@pytest.fixture
def inside(as_actor):
    """`with inside(user, known):` acts as the user in a case that he has opened."""
    from contextlib import contextmanager

    @contextmanager
    def enter(user, known):
        with as_actor(user) as actor:
            open_ticket(actor, Case, [known.case.person_id], purpose=Purpose.OTHER, row=known.case, note="test")
            yield actor

    return enter


@pytest.fixture
def agreement(cast, inside, noah):
    """The officer calls the club, today."""
    with inside(cast.konsulent, noah) as actor:
        return agreement_actions.add_agreement(noah.case, actor=actor, who=cast.fnt, what="Ringer til klubben", due_on=timezone.localdate())


@pytest.fixture
def now(cast, as_actor):
    def read(row):
        with as_actor(cast.konsulent):
            return CaseAgreement.objects.with_parties().get(pk=row.pk)

    return read


@pytest.fixture
def steps(cast, inside, noah):
    def read(row):
        with inside(cast.konsulent, noah):
            return [(step.kind, step.remark, step.author_id) for step in CaseAgreementStep.objects.filter(agreement=row).select_related("said")]

    return read


def url_of(known, row):
    return f"{known.url}aftale/{row.public_id}/"


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"kind": "DONE"}, "DONE"), ({"kind": "DONE", "remark": SECRET}, "DONE"), ({"kind": "DROPPED", "remark": SECRET}, "DROPPED"),
        ({"kind": "MOVED", "due_on": 5, "remark": SECRET}, "OPEN"),
    ],
)  # fmt: skip
def test_each_act_is_kept_in_the_history(cast, through_gate, noah, agreement, now, steps, data, status):
    client, data = through_gate(cast.fnt, noah), {**data, **({"due_on": in_days(data["due_on"])} if "due_on" in data else {})}
    assert client.post(url_of(noah, agreement), data).status_code == 302
    assert now(agreement).status == status
    assert steps(agreement) == [(data["kind"], data.get("remark", ""), cast.fnt.pk)]
    page = readable(client.get(url_of(noah, agreement)))
    assert data.get("remark", "Udført") in page and f"{cast.fnt.name} · " in page and "Ringer til klubben" in page


def test_the_day_that_was_agreed_is_kept(cast, inside, noah, agreement, now):
    with inside(cast.konsulent, noah) as actor:
        for days in (4, 9):
            agreement_actions.move_agreement(agreement, actor=actor, due_on=timezone.localdate() + timedelta(days=days), remark="Ferie.")
    assert (now(agreement).agreed_day, now(agreement).due_on) == (timezone.localdate(), timezone.localdate() + timedelta(days=9))


@pytest.mark.parametrize(
    "data",
    [
        {}, {"kind": "SOLD"}, {"kind": "MOVED", "remark": "Ferie."}, {"kind": "MOVED", "due_on": "snart", "remark": "Ferie."}, {"kind": "MOVED", "due_on": "2099-01-01"},
        {"kind": "DROPPED"}, {"kind": "DROPPED", "remark": "  "}, {"kind": "DONE", "remark": "x" * 301}, {"kind": "DONE", "remark": "Det var 010190-1234"}, {"kind": "DONE\x00"},
    ],
)  # fmt: skip
def test_bad_input_changes_nothing(cast, through_gate, noah, agreement, now, steps, data):
    assert through_gate(cast.fnt, noah).post(url_of(noah, agreement), data).status_code == 422
    assert (now(agreement).status, now(agreement).due_on, steps(agreement)) == ("OPEN", agreement.due_on, [])


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_is_the_same_or_past_is_refused_with_a_sentence(cast, through_gate, noah, agreement, now, steps, days):
    response = through_gate(cast.fnt, noah).post(url_of(noah, agreement), {"kind": "MOVED", "due_on": in_days(days), "remark": "Ferie."})
    assert response.status_code == 409 and "Vælg" in readable(response)
    assert (now(agreement).due_on, steps(agreement)) == (agreement.due_on, [])


def test_what_is_no_longer_open_is_opened_first(cast, through_gate, noah, agreement, now, steps):
    client = through_gate(cast.fnt, noah)
    client.post(url_of(noah, agreement), {"kind": "DROPPED", "remark": "Ikke nødvendigt."})
    response = client.post(url_of(noah, agreement), {"kind": "DONE"})
    assert response.status_code == 409 and "Genåbn" in readable(response) and now(agreement).status == "DROPPED"
    back = client.post("/thisted/sager/aftaler/udfoert/", {"aftale": agreement.public_id, "next": url_of(noah, agreement)})
    assert back.url == url_of(noah, agreement)
    assert now(agreement).status == "OPEN" and [kind for kind, *_rest in steps(agreement)] == ["DROPPED", "REOPENED"]


def test_done_on_min_uge_needs_no_ticket_and_stands_in_the_history(cast, visit, agreement, now, steps, log):
    before = len(log())
    assert visit(cast.fnt).post("/thisted/sager/aftaler/udfoert/", {"aftale": agreement.public_id}).status_code == 302
    assert not [row for row in log()[before:] if row.action in LogEntry.Action.READS]
    assert now(agreement).is_done and steps(agreement) == [("DONE", "", cast.fnt.pk)]


def test_two_at_once_the_second_is_told(cast, inside, noah, agreement, steps):
    with inside(cast.fnt, noah) as actor:
        agreement_actions.finish_agreement(agreement, actor=actor, remark="")
        for act in (agreement_actions.finish_agreement, agreement_actions.drop_agreement):
            with pytest.raises(CaseStateError):
                act(agreement, actor=actor, remark="x")
    assert [kind for kind, *_rest in steps(agreement)] == ["DONE"]


def test_a_closed_case_has_lapsed_them_and_takes_no_more(cast, inside, through_gate, noah, agreement, now, steps):
    with inside(cast.konsulent, noah) as actor:
        actions.close_case(noah.case, actor=actor, delete_on=timezone.localdate())
        for act in (agreement_actions.finish_agreement, agreement_actions.drop_agreement):
            with pytest.raises(CaseStateError):
                act(agreement, actor=actor, remark="x")
        with pytest.raises(CaseStateError):
            agreement_actions.tick_agreement(agreement, actor=actor)
    assert now(agreement).status == "DROPPED" and steps(agreement) == [("DROPPED", "", cast.konsulent.pk)]
    page = readable(through_gate(cast.fnt, noah).get(url_of(noah, agreement)))
    assert "Sagen er afsluttet" in page and 'name="remark"' not in page and "Genåbn" not in page


# ---- who ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("user", ["chef", "kontakt-klit", "elev", "dpo", "it", "mors-koordinator", "laerer"])
def test_who_does_not_open_the_case_finds_nothing(cast, visit, noah, agreement, now, user):
    client = visit(cast.users[user])
    for address in (url_of(noah, agreement), url_of(noah, agreement) + "overdrag/"):
        for method in (client.get, client.post):
            assert method(address, {"kind": "DONE", "who": cast.huset.name}).status_code in (404, 405), address
    assert now(agreement).status == "OPEN" and now(agreement).round == 1


def test_a_guest_of_the_very_item_sees_no_aftale_and_no_history(cast, as_actor, inside, through_gate, know):
    oliwia = know("017")
    with inside(cast.konsulent, oliwia) as actor:
        grant = AdHocGrant.objects.get(user=cast.laerer, case=oliwia.case)
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=Now(), valid_to=grant.valid_to)
        link = CaseItem.objects.select_related("item").get(item_id=grant.item_id)
        made = agreement_actions.add_agreement(oliwia.case, actor=actor, who=cast.fnt, what="Ringer hjem", due_on=timezone.localdate(), item=link.item)
        agreement_actions.drop_agreement(made, actor=actor, remark=SECRET)
    guest = through_gate(cast.laerer, oliwia)
    assert guest.get(oliwia.url).status_code == 200 and "Ringer hjem" not in readable(guest.get(oliwia.url))
    assert guest.get(url_of(oliwia, made)).status_code == 404 and guest.post(url_of(oliwia, made), {"kind": "DONE"}).status_code == 404
    with inside(cast.laerer, oliwia):
        assert not CaseAgreementStep.objects.exists() and not CaseAgreementRemark.objects.exists()


def test_who_is_kept_out_of_the_case_finds_nothing(cast, as_actor, visit, noah, agreement):
    with as_actor(cast.konsulent) as actor:
        CaseRecusal.objects.create(tenant_id=actor.tenant_id, case=noah.case, user=cast.fnt, noted_by_id=actor.user_id)
    assert visit(cast.fnt).get(url_of(noah, agreement)).status_code == 404
    with as_actor(cast.fnt) as actor, pytest.raises(PermissionDenied):
        agreement_actions.finish_agreement(agreement, actor=actor, remark="")


def test_an_aftale_of_another_case_is_not_found_under_this_one(cast, through_gate, know, noah, agreement):
    other = know("017")
    assert through_gate(cast.konsulent, other).get(url_of(other, agreement)).status_code == 404


def test_before_the_purpose_is_given_nothing_is_shown_or_written(cast, visit, noah, agreement, now):
    client = visit(cast.konsulent)
    read, written = client.get(url_of(noah, agreement)), client.post(url_of(noah, agreement), {"kind": "DONE"})
    assert read.status_code == 302 and "formaal" in read["Location"]
    assert written.status_code == 409 and 'name="formaal-purpose"' in written.content.decode() and not noah.is_shown_in(written)
    assert now(agreement).status == "OPEN"


def test_every_look_is_logged_with_the_person(cast, through_gate, noah, agreement, log):
    client, before = through_gate(cast.konsulent, noah), len(log())
    client.get(url_of(noah, agreement))
    assert [(row.subjects, row.route) for row in log()[before:]] == [([noah.case.person_id], "case_agreement_detail")]


# ---- the wall -------------------------------------------------------------------------------------------------------
def test_the_remark_is_not_there_without_a_ticket_and_not_in_the_log(cast, as_actor, inside, noah, agreement, log):
    with inside(cast.fnt, noah) as actor:
        agreement_actions.drop_agreement(agreement, actor=actor, remark=SECRET)
    with as_actor(cast.fnt):
        assert CaseAgreementStep.objects.filter(agreement=agreement).exists()
        assert not CaseAgreementRemark.objects.exists()
        assert [step.remark for step in CaseAgreementStep.objects.filter(agreement=agreement).select_related("said")] == [""]
    said = [row for row in log() if row.content_type.model == "caseagreementremark" and row.subjects == [noah.case.person_id] and row.action == LogEntry.Action.CREATE]
    assert said and not [row for row in log() if SECRET in f"{row.object_repr}{row.changes}{row.note}"]


def test_the_history_is_written_once_in_ones_own_name_and_of_one_case(cast, inside, noah, know, agreement):
    other = know("017")
    with inside(cast.konsulent, noah) as actor:
        agreement_actions.drop_agreement(agreement, actor=actor, remark="Først sagt.")
        open_ticket(actor, Case, [other.case.person_id], purpose=Purpose.OTHER, row=other.case, note="test")
        step = CaseAgreementStep.objects.get(agreement=agreement)
        assert CaseAgreementStep.objects.filter(pk=step.pk).update(kind="DONE") == CaseAgreementRemark.objects.filter(pk=step.pk).update(remark="Siden sagt.") == 0
        about = {"tenant_id": actor.tenant_id, "agreement": agreement, "kind": "DONE"}
        for case, author in ((noah.case, cast.fnt), (other.case, cast.konsulent)):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                CaseAgreementStep.objects.create(**about, case=case, author=author)
        bare = CaseAgreementStep.objects.create(**about, case=noah.case, author=cast.konsulent)
        for case, person in ((other.case, other.case.person_id), (noah.case, other.case.person_id)):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                CaseAgreementRemark(tenant_id=actor.tenant_id, step=bare, case=case, person_id=person, remark="x").save(force_insert=True)
    with inside(cast.fnt, noah) as actor, pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        CaseAgreementRemark(tenant_id=actor.tenant_id, step=bare, case=noah.case, person_id=noah.case.person_id, remark="I en andens navn").save(force_insert=True)


# ---- handed over ----------------------------------------------------------------------------------------------------
def test_handed_over_with_a_remark_stands_in_the_history(cast, through_gate, noah, agreement, now, steps):
    client = through_gate(cast.konsulent, noah)
    assert "Overdrag aftalen" in readable(client.get(url_of(noah, agreement)))
    response = client.post(url_of(noah, agreement) + "overdrag/", {"who": f"{cast.myndighed.name} og {cast.gade.name}", "remark": SECRET})
    assert (response.status_code, response.url) == (302, url_of(noah, agreement))
    assert now(agreement).responsible_ids == {cast.myndighed.pk, cast.gade.pk} and steps(agreement) == [("HANDED", SECRET, cast.konsulent.pk)]
    page = readable(client.get(url_of(noah, agreement)))
    assert f"Aftalt med {cast.fnt.name}" in page and SECRET in page and "Overdraget til" in page and cast.gade.name in page


def test_handed_over_from_the_forums_page_without_a_ticket_stands_there_too(cast, visit, agreement, steps):
    visit(cast.konsulent).post("/thisted/sager/aftaler/overdrag/", {"aftale": agreement.public_id, "til": cast.gade.public_id})
    assert steps(agreement) == [("HANDED", "", cast.konsulent.pk)]


@pytest.mark.parametrize(
    ("data", "status"), [({}, 422), ({"who": "Nogen"}, 422), ({"who": "CHEF"}, 422), ({"who": "FNT"}, 409), ({"who": "GADE", "remark": "010190-1234"}, 422)]
)
def test_what_does_not_fit_hands_nothing_over(cast, through_gate, noah, agreement, now, steps, data, status):
    names = {"CHEF": cast.chef.name, "FNT": cast.fnt.name, "GADE": cast.gade.name}
    data = {key: names.get(value, value) for key, value in data.items()}
    assert through_gate(cast.konsulent, noah).post(url_of(noah, agreement) + "overdrag/", data).status_code == status
    assert now(agreement).round == 1 and steps(agreement) == []


def test_a_member_who_neither_calls_nor_writes_hands_nothing_over(cast, through_gate, noah, agreement, now):
    client = through_gate(cast.fnt, noah)
    assert "Overdrag aftalen" not in readable(client.get(url_of(noah, agreement)))
    assert client.post(url_of(noah, agreement) + "overdrag/", {"who": cast.gade.name}).status_code == 403
    assert now(agreement).round == 1


def test_a_seat_that_changes_holder_stands_in_the_history_while_it_is_responsible(cast, as_actor, inside, through_gate, noah, now):
    with as_actor(cast.it):
        seat = Seat.objects.current().select_related("forum", "organisation", "user", "group").get(forum_id=noah.case.forum_id, user=cast.fnt)
    with inside(cast.konsulent, noah) as actor:
        made, done = (agreement_actions.add_agreement(noah.case, actor=actor, who=seat, what=what, due_on=timezone.localdate()) for what in ("Ringer hjem", "Ringer ud"))
        agreement_actions.finish_agreement(done, actor=actor, remark="")
    with as_actor(cast.it) as actor:
        change_holder(seat, cast.huset, actor=actor, seen=seat.seen)
    assert now(made).responsible_ids == {cast.huset.pk}
    client, line = through_gate(cast.konsulent, noah), f"{cast.huset.name} overtog den med pladsen {seat}"
    assert line in readable(client.get(url_of(noah, made)))
    assert line not in readable(client.get(url_of(noah, done))), "it was done before"


# ---- what it costs --------------------------------------------------------------------------------------------------
def test_a_long_history_costs_no_more_queries(cast, inside, through_gate, noah, agreement):
    client = through_gate(cast.konsulent, noah)

    def count():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url_of(noah, agreement)).status_code == 200
        return len(found)

    count()
    few = count()
    with inside(cast.konsulent, noah) as actor:
        for days in range(1, 15):
            agreement_actions.move_agreement(agreement, actor=actor, due_on=timezone.localdate() + timedelta(days=days), remark=f"Nummer {days}")
    assert count() == few <= 12 + 8, "the page's own queries beside the walls and the session"
    assert readable(client.get(url_of(noah, agreement))).count("Nummer") == 14
