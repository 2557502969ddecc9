"""When the responsible is gone: his agreements stand on the forum's page and are handed over, with a step in the history."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings import actions
from meetings.errors import MeetingStateError
from meetings.minutes import content_hash
from meetings.models import AgendaItem, Agreement, AgreementStep
from municipalities.models import Seat
from municipalities.people_actions import end_person
from municipalities.seat_actions import change_holder, vacate

TITLE = "Aftaler, som nogen skal overtage"


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def agree(cast, as_actor, meeting):
    def make(who, what="Ringer til klubben"):
        with as_actor(cast.konsulent) as actor:
            item = AgendaItem.objects.filter(meeting=meeting).first()
            return actions.add_agreement(item, actor=actor, who=who, what=what, due_on=timezone.localdate() + timedelta(days=2))

    return make


@pytest.fixture
def seat_of(cast, as_actor):
    def find(user):
        with as_actor(cast.it):
            return Seat.objects.current().select_related("forum", "organisation", "user", "group").get(forum__key="grundskole", user=user, tenant__slug="thisted")

    return find


@pytest.fixture
def leaves(cast, as_actor, seat_of):
    """Somebody's seat in the network goes to another, or to nobody."""

    def go(user, to=None):
        seat = seat_of(user)
        with as_actor(cast.it) as actor:
            return change_holder(seat, to, actor=actor, seen=seat.seen) if to else vacate(seat, actor=actor)

    return go


@pytest.fixture
def now(cast, as_actor):
    def read(row):
        with as_actor(cast.konsulent):
            return Agreement.objects.with_parties().get(pk=row.pk)

    return read


def plain(page):
    return page.content.decode().replace("\u00a0", " ")


def page_of(client, meeting):
    return plain(client.get(f"/thisted/fora/{meeting.forum.public_id}/"))


def hand(client, agreement, **data):
    return client.post(f"/thisted/aftaler/{agreement.public_id}/overdrag/", data)


def test_nobody_is_bothered_while_everybody_is_there(cast, visit, agree, meeting, seat_of):
    agree(cast.fnt)
    agree(seat_of(cast.fnt))
    assert TITLE not in page_of(visit(cast.konsulent), meeting)


def test_the_personal_agreements_of_who_left_are_listed_with_his_successor(cast, visit, agree, meeting, leaves, now):
    made = agree(cast.fnt)
    leaves(cast.fnt, to=cast.chef)
    page = page_of(visit(cast.konsulent), meeting)
    assert TITLE in page and f"{cast.fnt.name} har ikke længere en plads i forummet" in page and f"Overdrag til {cast.chef.name}" in page
    response = hand(visit(cast.konsulent), made, til=cast.chef.public_id)
    assert (response.status_code, now(made).responsible_ids) == (302, {cast.chef.pk})
    assert TITLE not in page_of(visit(cast.konsulent), meeting)


def test_the_agreements_of_a_seat_follow_and_are_listed_only_while_it_is_vacant(cast, as_actor, visit, agree, meeting, leaves, seat_of):
    seat = seat_of(cast.fnt)
    agree(seat)
    leaves(cast.fnt)
    assert f"{seat}: pladsen er ledig" in page_of(visit(cast.konsulent), meeting)
    with as_actor(cast.it) as actor:
        place = Seat.objects.current().select_related("forum", "organisation", "user", "group").get(forum=seat.forum, key=seat.key, user=None)
        change_holder(place, cast.chef, actor=actor, seen=place.seen)
    assert TITLE not in page_of(visit(cast.konsulent), meeting)


def test_who_left_the_kommune_is_gone_everywhere(cast, as_actor, visit, agree, meeting):
    agree(cast.huset)
    with as_actor(cast.it) as actor:
        end_person(cast.huset, actor=actor)
    page = page_of(visit(cast.konsulent), meeting)
    assert f"{cast.huset.name} har ikke længere en plads i forummet" in page and "Overdrag til" not in page  # the place is vacant


def test_a_member_sees_no_such_list(cast, visit, agree, meeting, leaves):
    agree(cast.huset)
    leaves(cast.huset)
    assert TITLE not in page_of(visit(getattr(cast, "kontakt-klit")), meeting)


def test_who_is_still_there_stays_responsible(cast, visit, agree, leaves, now, seat_of):
    seat = seat_of(cast.ppr)
    made = agree([cast.fnt, seat, cast.huset])
    leaves(cast.huset)
    assert hand(visit(cast.konsulent), made, til=getattr(cast, "kontakt-klit").public_id).status_code == 302
    assert now(made).responsible_ids == {cast.fnt.pk, cast.ppr.pk, getattr(cast, "kontakt-klit").pk}
    assert [one.seat for one in now(made).responsible if one.seat] == [str(seat)]


def test_the_history_and_the_minutes_say_what_happened(cast, as_actor, visit, agree, meeting, now):
    made = agree(cast.fnt)
    with as_actor(cast.konsulent):
        before = content_hash(meeting)
    assert hand(visit(cast.konsulent), made, who=f"{cast.huset.name} og {cast.ppr.name}", remark="Anders er på ferie.").status_code == 302
    with as_actor(cast.konsulent):
        assert content_hash(meeting) == before
        (step,) = AgreementStep.objects.filter(agreement=made)
    assert (step.kind, step.remark, step.author_id, step.round) == ("HANDED", "Anders er på ferie.", cast.konsulent.pk, 2)
    page = plain(visit(cast.huset).get(f"/thisted/aftaler/{made.public_id}/"))
    assert f"Aftalt med {cast.fnt.name}" in page and f"Overdraget til {cast.huset.name} og {cast.ppr.name}" in page
    assert now(made).agreed_names == cast.fnt.name


def test_it_can_be_handed_back_and_on(cast, visit, agree, now):
    made, client = agree(cast.fnt), visit(cast.konsulent)
    for user in (cast.huset, cast.fnt, cast.ppr):
        assert hand(client, made, who=user.name).status_code == 302
        assert now(made).responsible_ids == {user.pk}


@pytest.mark.parametrize(("user", "status"), [("fnt", 403), ("kontakt-klit", 403), ("chef", 404), ("elev", 404)])
def test_only_who_calls_or_writes_hands_over(cast, visit, agree, now, user, status):
    made = agree(cast.fnt)
    assert hand(visit(getattr(cast, user)), made, who=cast.huset.name).status_code == status
    assert now(made).responsible_ids == {cast.fnt.pk}


def test_what_does_not_fit_changes_nothing(cast, visit, agree, now):
    made, client = agree(cast.fnt), visit(cast.konsulent)
    number = {"who": cast.huset.name, "remark": "010190-1234"}
    for data, status in (({}, 422), ({"who": "Nogen"}, 422), ({"who": cast.fnt.name}, 409), ({"til": cast.elev.public_id}, 409), (number, 422)):
        assert hand(client, made, **data).status_code == status
    assert 'value="Nogen"' in plain(hand(client, made, who="Nogen"))
    assert now(made).round == 1


def test_what_is_done_is_not_handed_over(cast, as_actor, agree):
    made = agree(cast.fnt)
    with as_actor(cast.konsulent) as actor:
        actions.finish_agreement(made, actor=actor, remark="")
        with pytest.raises(MeetingStateError):
            actions.hand_over(made, actor=actor, who=[cast.huset])
    with as_actor(cast.fnt) as actor, pytest.raises(PermissionDenied):
        actions.hand_over(made, actor=actor, who=[cast.huset])


# ---- the list and the search ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "shown"), [("", "Åben"), ("?udfoert=1", "Gjort"), ("?bortfaldet=1", "Droppet"), ("?mine=1&bortfaldet=1", ""), ("?forum={}", "Åben"), ("?forum={}&udfoert=1", "Gjort")]
)
def test_the_list_by_whose_which_and_where(cast, as_actor, visit, agree, meeting, query, shown):
    names = {"Åben": "Åben aftale her", "Gjort": "Gjort aftale her", "Droppet": "Droppet aftale her"}
    for kind, what in names.items():
        made = agree(cast.fnt, what=what)
        with as_actor(cast.konsulent) as actor:
            {"Åben": lambda *_a, **_k: None, "Gjort": actions.finish_agreement, "Droppet": actions.drop_agreement}[kind](made, actor=actor, remark="Sådan.")
    page = plain(visit(cast.konsulent).get("/thisted/aftaler/" + query.format(meeting.forum.public_id)))
    assert {kind for kind, what in names.items() if what in page} == ({shown} if shown else set())


def test_one_forum_leaves_out_the_others(cast, visit, agree, find):
    agree(cast.fnt)
    other = find("styregruppe", "CALLED").forum
    page = plain(visit(cast.konsulent).get(f"/thisted/aftaler/?forum={other.public_id}"))
    assert "Ringer til klubben" not in page and "Hele forummet" in page
    assert "Ringer til klubben" in plain(visit(cast.konsulent).get("/thisted/aftaler/?forum=findes-ikke"))


def test_search_finds_by_who_is_responsible_now(cast, visit, agree, leaves, seat_of):
    seat = seat_of(cast.fnt)
    agree(seat, what="Låner kanariefuglen")
    agree([cast.huset, cast.ppr], what="Fodrer kanariefuglen")
    leaves(cast.fnt, to=cast.chef)
    client = visit(cast.konsulent)

    def found(key):
        page = plain(client.get("/thisted/soeg/", {"q": "kanariefuglen", "ansvarlig": key}))
        return {what for what in ("Låner", "Fodrer") if what in page}

    place = seat_of(cast.chef)
    assert found("") == {"Låner", "Fodrer"}
    assert (found(cast.chef.public_id), found(cast.huset.public_id), found(cast.ppr.public_id)) == ({"Låner"}, {"Fodrer"}, {"Fodrer"})
    assert found(f"plads-{place.public_id}") == {"Låner"} and found(cast.fnt.public_id) == set()


# ---- what it costs ----------------------------------------------------------------------------------------------------
def test_many_without_a_responsible_cost_no_more_queries_than_one(cast, visit, agree, meeting, leaves):
    client = visit(cast.konsulent)

    def count():
        with CaptureQueriesContext(connection) as found:
            page = page_of(client, meeting)
        return len(found), page.count('id="til-')

    agree(cast.fnt)
    leaves(cast.fnt, to=cast.chef)
    count()
    few, listed = count()
    for number in range(12):
        agree(cast.huset, f"Ringer til klub {number}")  # the same twice would be one
        agree([cast.ppr, cast.huset], f"Skriver til klub {number}")
    leaves(cast.huset)
    leaves(cast.ppr)
    many, listed_then = count()
    assert listed >= 1 and listed_then >= listed + 24 and many == few
