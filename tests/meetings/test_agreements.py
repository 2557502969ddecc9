"""One agreement: done, moved, dropped, opened again, with its history; and who may."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from meetings import actions
from meetings.errors import MeetingStateError
from meetings.minutes import content_hash
from meetings.models import AgendaItem, AgreementStep
from municipalities.models import Seat
from municipalities.seat_actions import change_holder
from tests.rules.crawl import readable


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def item(meeting, as_actor, cast):
    with as_actor(cast.konsulent):
        return AgendaItem.objects.filter(meeting=meeting).first()


@pytest.fixture
def agreement(cast, as_actor, item):
    with as_actor(cast.konsulent) as actor:
        return actions.add_agreement(item, actor=actor, who=cast.fnt, what="Ringer til klubben", due_on=timezone.localdate())


@pytest.fixture
def now(as_actor, cast):
    def read(row):
        with as_actor(cast.konsulent):
            return type(row).objects.get(pk=row.pk)

    return read


@pytest.fixture
def steps(as_actor, cast):
    def read(row):
        with as_actor(cast.konsulent):
            return [(step.kind, step.remark, step.author_id) for step in AgreementStep.objects.filter(agreement=row)]

    return read


def test_the_log_says_in_words_what_became_of_it():
    assert str(AgreementStep(agreement_id=3, kind="DROPPED")) == "3: Bortfaldet"


def url_of(agreement):
    return f"/thisted/aftaler/{agreement.public_id}/"


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


@pytest.mark.parametrize(("user", "status"), [("fnt", 200), ("konsulent", 200), ("kontakt-klit", 200), ("chef", 404), ("elev", 404)])
def test_whoever_sees_the_item_reads_the_agreement(visit, cast, agreement, user, status):
    response = visit(getattr(cast, user)).get(url_of(agreement))
    assert response.status_code == status
    assert ("Ringer til klubben" in response.content.decode().replace("\u00a0", " ")) is (status == 200)


@pytest.mark.parametrize(("user", "offered"), [("fnt", True), ("konsulent", True), ("kontakt-klit", False)])
def test_the_form_is_offered_to_who_may_use_it(visit, cast, agreement, user, offered):
    assert ('name="remark"' in visit(getattr(cast, user)).get(url_of(agreement)).content.decode()) is offered


@pytest.mark.parametrize(
    ("data", "status"), [({"kind": "DONE"}, "DONE"), ({"kind": "DROPPED", "remark": "Klubben er lukket."}, "DROPPED"), ({"kind": "MOVED", "due_on": 5, "remark": "Ferie."}, "OPEN")]
)
def test_each_act_is_kept_in_the_history(visit, cast, agreement, now, steps, data, status):
    client, data = visit(cast.fnt), {**data, **({"due_on": in_days(data["due_on"])} if "due_on" in data else {})}
    assert client.post(url_of(agreement), data).status_code == 302
    assert now(agreement).status == status
    assert steps(agreement) == [(data["kind"], data.get("remark", ""), cast.fnt.pk)]
    assert data.get("remark", "Udført") in client.get(url_of(agreement)).content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    "data",
    [
        {}, {"kind": "SOLD"}, {"kind": "MOVED", "remark": "Ferie."}, {"kind": "MOVED", "due_on": "snart", "remark": "Ferie."}, {"kind": "MOVED", "due_on": "2099-01-01"},
        {"kind": "DROPPED"}, {"kind": "DROPPED", "remark": "  "}, {"kind": "DONE", "remark": "x" * 301}, {"kind": "DONE", "remark": "Det var 010190-1234"},
    ],
)  # fmt: skip
def test_bad_input_changes_nothing(visit, cast, agreement, now, steps, data):
    assert visit(cast.fnt).post(url_of(agreement), data).status_code == 422
    assert (now(agreement).status, now(agreement).due_on, steps(agreement)) == ("OPEN", agreement.due_on, [])


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_is_the_same_or_past_is_refused_with_a_sentence(visit, cast, agreement, now, steps, days):
    response = visit(cast.fnt).post(url_of(agreement), {"kind": "MOVED", "due_on": in_days(days), "remark": "Ferie."})
    assert response.status_code == 409 and "Vælg" in response.content.decode()
    assert (now(agreement).due_on, steps(agreement)) == (agreement.due_on, [])


def test_what_is_no_longer_open_is_opened_first(visit, cast, agreement, now, steps):
    client = visit(cast.fnt)
    client.post(url_of(agreement), {"kind": "DROPPED", "remark": "Ikke nødvendigt."})
    response = client.post(url_of(agreement), {"kind": "DONE"})
    page = response.content.decode()
    assert response.status_code == 409 and "Genåbn" in page and now(agreement).status == "DROPPED"
    client.post("/thisted/aftaler/udfoert/", {"aftale": agreement.public_id, "next": url_of(agreement)})
    assert now(agreement).status == "OPEN" and [kind for kind, *_rest in steps(agreement)] == ["DROPPED", "REOPENED"]


@pytest.mark.parametrize(("user", "status"), [("kontakt-klit", 403), ("chef", 404), ("elev", 404)])
def test_nobody_else_decides_what_becomes_of_it(visit, cast, agreement, now, steps, user, status):
    assert visit(getattr(cast, user)).post(url_of(agreement), {"kind": "DONE"}).status_code == status
    assert now(agreement).status == "OPEN" and steps(agreement) == []


def test_the_actions_refuse_by_themselves(cast, as_actor, agreement):
    with as_actor(getattr(cast, "kontakt-klit")) as actor:
        for act in (actions.finish_agreement, actions.drop_agreement):
            with pytest.raises(PermissionDenied):
                act(agreement, actor=actor, remark="x")


def test_the_minutes_keep_the_day_that_was_agreed(visit, cast, as_actor, agreement, meeting, now):
    with as_actor(cast.konsulent) as actor:
        before = content_hash(meeting)
        for days in (4, 9):
            actions.move_agreement(agreement, actor=actor, due_on=timezone.localdate() + timedelta(days=days), remark="Ferie.")
        assert content_hash(meeting) == before
    assert (now(agreement).agreed_day, now(agreement).due_on) == (timezone.localdate(), timezone.localdate() + timedelta(days=9))


def test_a_moved_agreement_refuses_a_stale_second_act(cast, as_actor, agreement):
    with as_actor(cast.fnt) as actor:
        actions.finish_agreement(agreement, actor=actor, remark="")
        with pytest.raises(MeetingStateError):
            actions.finish_agreement(agreement, actor=actor, remark="")


def test_the_history_is_written_once(cast, as_actor, agreement):
    with as_actor(cast.konsulent) as actor:
        actions.drop_agreement(agreement, actor=actor, remark="Først sagt.")
        assert AgreementStep.objects.filter(agreement=agreement).update(remark="Siden sagt.") == 0
        assert AgreementStep.objects.get(agreement=agreement).remark == "Først sagt."


def test_the_list_leads_to_the_agreement(visit, cast, agreement):
    assert f'href="{url_of(agreement)}"' in visit(cast.fnt).get("/thisted/aftaler/").content.decode()


# ---- the wall -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("table", ["meetings_agreementparty", "meetings_agreementstep"])
def test_a_row_is_of_an_agreement_of_its_own_item(cast, as_actor, agreement, meeting, table):
    """Raw SQL as ssp_app: a party or a step of an agreement, written under another item that the writer has too."""
    columns = {"meetings_agreementparty": "round, user_id, seat_label", "meetings_agreementstep": "kind, author_id, remark, created_at"}[table]
    values = {"meetings_agreementparty": "9, %(user)s, ''", "meetings_agreementstep": "'DONE', %(user)s, '', now()"}[table]
    with as_actor(cast.konsulent) as actor:
        other = AgendaItem.objects.filter(meeting=meeting).exclude(pk=agreement.item_id).exclude(data_class="PERSON_115").first()
        about = {"tenant": actor.tenant_id, "agreement": agreement.pk, "user": actor.user_id}
        sql = f"insert into {table} (tenant_id, item_id, agreement_id, {columns}) values (%(tenant)s, %(item)s, %(agreement)s, {values})"
        with connection.cursor() as cursor:
            assert cursor.execute("select current_user").fetchone() == ("ssp_app",)
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                cursor.execute(sql, {**about, "item": other.pk})
            cursor.execute(sql, {**about, "item": agreement.item_id})


def test_a_step_is_written_in_ones_own_name(cast, as_actor, agreement):
    with as_actor(cast.konsulent) as actor, pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        AgreementStep.objects.create(tenant_id=actor.tenant_id, item_id=agreement.item_id, agreement=agreement, kind="DONE", author=cast.fnt)


def test_a_seat_that_changes_holder_stands_in_the_history(visit, cast, as_actor, item):
    with as_actor(cast.it):
        seat = Seat.objects.current().select_related("forum", "organisation", "user", "group").get(forum__key="grundskole", user=cast.fnt, tenant__slug="thisted")
    with as_actor(cast.konsulent) as actor:
        made = actions.add_agreement(item, actor=actor, who=seat, what="Ringer til klubben", due_on=timezone.localdate())
    with as_actor(cast.it) as actor:
        change_holder(seat, cast.chef, actor=actor, seen=seat.seen)
    page = readable(visit(cast.konsulent).get(url_of(made)))
    assert f"{cast.chef.name} overtog den med pladsen {seat}" in page and f"Aftalt med {seat} ({cast.fnt.name})" in page
