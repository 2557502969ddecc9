"""Who is responsible for an aftale in a case: several or a seat, only who opens the case; handed over when somebody is gone; done by one for all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import agreement_actions as actions
from cases.errors import CaseStateError
from cases.models import CaseAgreement, CaseAgreementParty, CaseRecusal
from municipalities.models import Seat
from municipalities.seat_actions import change_holder, vacate

TITLE = "Aftaler i sager, som nogen skal overtage"
DAY = (timezone.localdate() + timedelta(days=3)).isoformat()  # a run may go over midnight


@pytest.fixture
def seat_of(cast, as_actor, noah):
    def find(user):
        with as_actor(cast.it):
            return Seat.objects.current().select_related("forum", "organisation", "user", "group").get(forum_id=noah.case.forum_id, user=user)

    return find


@pytest.fixture
def leaves(cast, as_actor, seat_of):
    def go(user, to=None):
        seat = seat_of(user)
        with as_actor(cast.it) as actor:
            return change_holder(seat, to, actor=actor, seen=seat.seen) if to else vacate(seat, actor=actor)

    return go


@pytest.fixture
def agree(cast, through_gate, noah, as_actor):
    def make(who, what="Ringer til klubben"):
        response = through_gate(cast.konsulent, noah).post(noah.url + "aftale/", {"aftale-who": str(who), "aftale-what": what, "aftale-due": DAY})
        assert response.status_code == 302, response.content.decode()[:2000]
        with as_actor(cast.konsulent):
            return CaseAgreement.objects.filter(case=noah.case).order_by("-pk").first()

    return make


@pytest.fixture
def now(cast, as_actor):
    def read(row, user=None):
        with as_actor(user or cast.konsulent):
            return CaseAgreement.objects.with_parties().get(pk=row.pk)

    return read


def forum_page(client, noah):
    return client.get(f"/thisted/fora/{noah.case.forum.public_id}/").content.decode().replace("\u00a0", " ")


def test_several_and_a_seat_in_one_line(cast, agree, now, seat_of, visit):
    made = agree(f"{cast.fnt.name} og {seat_of(cast.myndighed)}")
    assert now(made).responsible_ids == {cast.fnt.pk, cast.myndighed.pk}
    for user in (cast.fnt, cast.myndighed):
        assert f"aftale-{made.public_id}" in visit(user).get("/thisted/").content.decode()


def test_a_whole_line_and_what_is_asked_back(cast, through_gate, noah, as_actor, now):
    client = through_gate(cast.konsulent, noah)
    assert client.post(noah.url + "aftale/", {"aftale-who": f"{cast.fnt.name}: ringer hjem senest {DAY}"}).status_code == 302
    with as_actor(cast.konsulent):
        made = CaseAgreement.objects.filter(case=noah.case).order_by("-pk").first()
    assert now(made).responsible_ids == {cast.fnt.pk}
    asked = client.post(noah.url + "aftale/", {"aftale-who": "Nogen ringer hjem senest fredag"})
    assert asked.status_code == 422 and 'value="Nogen ringer hjem senest fredag"' in asked.content.decode().replace("\u00a0", " ")


def test_only_who_opens_the_case_can_be_responsible(cast, through_gate, noah, as_actor):
    assert through_gate(cast.konsulent, noah).post(noah.url + "aftale/", {"aftale-who": cast.chef.name, "aftale-what": "x", "aftale-due": DAY}).status_code == 422
    with as_actor(cast.konsulent) as actor:
        for who in ([cast.chef], []):
            with pytest.raises(CaseStateError):
                actions.add_agreement(noah.case, actor=actor, who=who, what="x", due_on=timezone.localdate())


def test_one_marks_it_done_for_all_and_the_case_says_who(cast, through_gate, visit, noah, agree, now):
    made = agree(f"{cast.fnt.name} og {cast.myndighed.name}")
    assert visit(cast.myndighed).post("/thisted/sager/aftaler/udfoert/", {"aftale": made.public_id}).status_code == 302
    assert (now(made).is_done, now(made).done_by_id) == (True, cast.myndighed.pk)
    assert f"meldt udført af {cast.myndighed.name}" in through_gate(cast.konsulent, noah).get(noah.url).content.decode().replace("\u00a0", " ")
    visit(cast.fnt).post("/thisted/sager/aftaler/udfoert/", {"aftale": made.public_id})
    assert (now(made).is_done, now(made).done_by_id) == (False, None)


def test_a_seat_goes_on_with_its_new_holder(cast, agree, now, seat_of, leaves, as_actor):
    made = agree(seat_of(cast.fnt))
    leaves(cast.fnt, to=cast.huset)
    assert now(made).responsible_ids == {cast.huset.pk}
    with as_actor(cast.huset):
        assert CaseAgreement.objects.of(cast.huset).filter(pk=made.pk).exists()


def test_a_new_holder_who_is_kept_out_of_the_case_sees_nothing_of_it(cast, agree, seat_of, leaves, as_actor, noah):
    made = agree(seat_of(cast.fnt))
    with as_actor(cast.konsulent) as actor:
        CaseRecusal.objects.create(tenant_id=actor.tenant_id, case=noah.case, user=cast.huset, noted_by_id=actor.user_id)
    leaves(cast.fnt, to=cast.huset)
    with as_actor(cast.huset):
        assert not CaseAgreement.objects.of(cast.huset).filter(pk=made.pk).exists() and not CaseAgreementParty.objects.filter(agreement=made).exists()


def test_who_is_gone_is_listed_by_number_and_handed_over(cast, visit, noah, agree, leaves, now):
    made = agree(cast.fnt.name, what="Hemmeligt indhold om hjemmet")
    assert TITLE not in forum_page(visit(cast.konsulent), noah)
    leaves(cast.fnt, to=cast.huset)
    page = forum_page(visit(cast.konsulent), noah)
    assert TITLE in page and noah.case.number in page and "Hemmeligt indhold" not in page and noah.name not in page
    assert visit(cast.konsulent).post("/thisted/sager/aftaler/overdrag/", {"aftale": made.public_id, "til": cast.huset.public_id}).status_code == 302
    assert (now(made).responsible_ids, now(made).agreed_names) == ({cast.huset.pk}, cast.fnt.name)


def test_nobody_else_hands_over_and_to_nobody_without_access(cast, visit, noah, agree, now):
    made = agree(cast.fnt.name)
    address, client = "/thisted/sager/aftaler/overdrag/", visit(cast.konsulent)
    for user, status in ((cast.chef, 404), (cast.it, 404), (cast.myndighed, 403)):
        assert visit(user).post(address, {"aftale": made.public_id, "til": cast.konsulent.public_id}).status_code == status
    for to in (cast.chef.public_id, "", "x"):
        assert client.post(address, {"aftale": made.public_id, "til": to}).status_code == 302
    assert client.post(address, {"aftale": "x", "til": cast.fnt.public_id}).status_code == 404
    assert now(made).round == 1


def test_a_row_is_written_once_and_inside_the_forum(cast, agree, as_actor, noah):
    made = agree(cast.fnt.name)
    about = {"tenant_id": made.tenant_id, "case_id": made.case_id, "agreement": made}
    with as_actor(cast.konsulent):
        assert CaseAgreementParty.objects.filter(agreement=made).update(user=cast.konsulent) == 0
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseAgreementParty.objects.create(**about, user=cast.fnt)
    with as_actor(cast.chef):
        assert not CaseAgreementParty.objects.filter(agreement=made).exists()


def test_many_without_a_responsible_cost_no_more_queries_than_one(cast, visit, noah, agree, leaves):
    client = visit(cast.konsulent)

    def count():
        with CaptureQueriesContext(connection) as found:
            page = forum_page(client, noah)
        return len(found), page.split('id="sager-uden-ansvarlig"')[1].split("</section>")[0].count("<select")

    agree(cast.gade.name)
    leaves(cast.gade)  # he has one of a meeting as well: both parts of the page are there
    count()
    few, listed = count()
    for number in range(12):
        agree(f"{cast.fnt.name} og {cast.myndighed.name}", what=f"Nummer {number}")
    leaves(cast.fnt, to=cast.huset)
    leaves(cast.myndighed)
    assert listed >= 1
    many, listed_then = count()
    assert many == few and listed_then >= listed + 12
