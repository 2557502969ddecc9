"""Who is responsible for an agreement: one or several, persons or seats; a seat follows its place, the minutes keep who it was."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings import actions
from meetings.errors import MeetingStateError
from meetings.minutes import content_hash, content_of
from meetings.models import AgendaItem, Agreement, AgreementParty, Meeting
from municipalities import actions as seats
from municipalities.models import Seat
from municipalities.places import seats_of_place
from municipalities.seat_actions import change_holder, change_seat, vacate


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def item(meeting, as_actor, cast):
    with as_actor(cast.konsulent):
        return AgendaItem.objects.filter(meeting=meeting).first()


@pytest.fixture
def seat_of(cast, as_actor):
    """The seat of the grundskole network that somebody holds now; as the administrator reads it."""

    def find(user):
        with as_actor(cast.it):
            return Seat.objects.current().select_related("forum", "organisation", "user", "group").get(forum__key="grundskole", user=user, tenant__slug="thisted")

    return find


@pytest.fixture
def agree(cast, as_actor, item):
    def make(who, what="Ringer til klubben", days=0):
        with as_actor(cast.konsulent) as actor:
            return actions.add_agreement(item, actor=actor, who=who, what=what, due_on=timezone.localdate() + timedelta(days=days))

    return make


@pytest.fixture
def give(cast, as_actor, seat_of):
    """The seat of one goes to another, or to nobody."""

    def to(former, user):
        seat = seat_of(former)
        with as_actor(cast.it) as actor:
            return change_holder(seat, user, actor=actor, seen=seat.seen)

    return to


@pytest.fixture
def read(cast, as_actor):
    def fresh(row):
        with as_actor(cast.konsulent):
            return Agreement.objects.with_parties().get(pk=row.pk)

    return fresh


@pytest.fixture
def mine(as_actor):
    def of(user):
        with as_actor(user):
            return set(Agreement.objects.of(user).values_list("pk", flat=True))

    return of


def plain(page):
    return page.content.decode().replace("\u00a0", " ")


def test_several_are_responsible_and_each_has_it_in_his_week(cast, visit, agree, read, mine):
    made = agree([cast.fnt, cast.huset])
    assert read(made).names == f"{cast.fnt.name} og {cast.huset.name}" and read(made).is_shared
    for user in (cast.fnt, cast.huset):
        assert made.pk in mine(user)
        assert "Ringer til klubben" in plain(visit(user).get("/thisted/"))
    assert made.pk not in mine(cast.konsulent)


def test_a_seat_is_shown_with_who_holds_it(cast, visit, agree, read, seat_of, mine):
    seat = seat_of(cast.fnt)
    made = agree(seat)
    assert read(made).names == f"{seat} ({cast.fnt.name})" and made.pk in mine(cast.fnt)
    assert f"{seat} ({cast.fnt.name})" in plain(visit(cast.konsulent).get("/thisted/aftaler/"))


def test_one_marks_it_done_for_all_and_the_history_says_who(cast, visit, agree, read):
    made = agree([cast.fnt, cast.huset])
    assert visit(cast.huset).post("/thisted/aftaler/udfoert/", {"aftale": made.public_id}).status_code == 302
    assert read(made).is_done
    page = plain(visit(cast.fnt).get(f"/thisted/aftaler/{made.public_id}/"))
    assert "Udført" in page and cast.huset.name in page


def test_a_new_holder_is_responsible_at_once_and_the_minutes_keep_the_former(cast, as_actor, visit, agree, read, mine, give, seat_of, meeting):
    made, label = agree(seat_of(cast.fnt)), str(seat_of(cast.fnt))
    with as_actor(cast.konsulent):
        before = content_hash(meeting)
    give(cast.fnt, cast.chef)
    assert (made.pk in mine(cast.chef), made.pk in mine(cast.fnt)) == (True, False)
    assert read(made).names == f"{label} ({cast.chef.name})" and read(made).agreed_names == f"{label} ({cast.fnt.name})"
    with as_actor(cast.konsulent):
        assert content_hash(meeting) == before
    assert "Ringer til klubben" in plain(visit(cast.chef).get("/thisted/"))
    assert visit(cast.chef).post("/thisted/aftaler/udfoert/", {"aftale": made.public_id}).status_code == 302 and read(made).is_done


def test_a_second_change_is_followed_too(cast, agree, mine, give, seat_of):
    made = agree(seat_of(cast.fnt))
    give(cast.fnt, cast.chef)
    give(cast.chef, cast.sektion)
    assert (made.pk in mine(cast.sektion), made.pk in mine(cast.chef)) == (True, False)


def test_a_vacant_seat_says_so_and_a_new_holder_of_it_takes_over(cast, as_actor, agree, read, mine, seat_of):
    seat = seat_of(cast.fnt)
    made = agree(seat)
    with as_actor(cast.it) as actor:
        vacate(seat, actor=actor)
    assert read(made).names == f"{seat} (pladsen er ledig)" and read(made).responsible[0].is_vacant
    assert read(made).responsible_ids == set() and made.pk not in mine(cast.fnt)
    with as_actor(cast.it) as actor:
        seats.hold_seat(Seat.objects.current().get(forum=seat.forum, key=seat.key, user=None), cast.chef, actor=actor)
    assert made.pk in mine(cast.chef)


def test_seats_of_one_kind_do_not_take_over_from_each_other(cast, as_actor, agree, mine, seat_of):
    """Several contacts have the same title and organisation; each place is followed by itself."""
    klit = getattr(cast, "kontakt-klit")
    seat = seat_of(klit)
    made = agree(seat)
    with as_actor(cast.it) as actor:
        like = list(Seat.objects.current().filter(forum=seat.forum, title=seat.title).exclude(pk=seat.pk).select_related("user"))
        assert like
        seats.end_seat(seat, actor=actor)
        for row in like:
            assert row.user is None or made.pk not in mine(row.user)


def test_a_seat_without_a_key_that_is_called_something_else_after_a_change_of_holder_is_still_its_place(cast, as_actor, agree, read, mine, give, seat_of, log):
    former = seat_of(cast.fnt)
    with as_actor(cast.it):
        assert Seat.objects.filter(pk=former.pk).update(key="") == 1
    made = agree(seat_of(cast.fnt))
    given = give(cast.fnt, cast.chef)
    with as_actor(cast.it) as actor:
        now = Seat.objects.select_related("forum", "organisation").get(pk=given.pk)
        same = {"role": now.role, "organisation": now.organisation, "kind": now.kind, "deputy_for": None, "has_vote": now.has_vote, "duties": now.duties}
        renamed = change_seat(now, actor=actor, seen=now.seen, title="Ny titel", **same)
    assert renamed.key and read(made).names.startswith("Ny titel") and not read(made).responsible[0].is_vacant
    assert made.pk in mine(cast.chef) and made.pk not in mine(cast.fnt)
    keyed = [row.object_id for row in log() if row.content_type.model == "seat" and (row.changes or {}).get("key") == ["", renamed.key]]
    assert sorted(keyed) == [former.pk, renamed.pk], "each row of the place has its line in the log"
    give(cast.chef, cast.sektion)
    assert made.pk in mine(cast.sektion)


def test_of_a_place_all_rows_are_known(cast, as_actor, give, seat_of):
    first = seat_of(cast.fnt)
    second = give(cast.fnt, cast.chef)
    with as_actor(cast.it):
        assert ({first.pk, second.pk} <= seats_of_place(second), seats_of_place(first)) == (True, set())


def test_what_is_approved_of_one_person_is_written_as_ever(cast, as_actor, agree, meeting, seat_of):
    seat = seat_of(cast.huset)
    agree(cast.fnt)
    agree([cast.fnt, seat], what="Låner en pumpe")
    with as_actor(cast.konsulent):
        said = [agreed[:2] for row in content_of(meeting)["items"] for agreed in row["agreements"]]
    assert [cast.fnt.public_id, "Ringer til klubben"] in said
    assert [[cast.fnt.public_id, [str(seat), cast.huset.public_id]], "Låner en pumpe"] in said
    json.dumps(said)


def test_only_who_sits_in_the_forum_can_be_responsible(cast, agree, as_actor, seat_of):
    gone = seat_of(cast.fnt)
    with as_actor(cast.it) as actor:
        seats.end_seat(gone, actor=actor)
    for who in (cast.elev, [cast.huset, cast.elev], gone, []):
        with pytest.raises(MeetingStateError):
            agree(who)


def test_a_row_names_a_person_or_a_seat_and_is_written_once(cast, as_actor, agree, seat_of):
    made, seat = agree(cast.fnt), seat_of(cast.fnt)
    with as_actor(cast.konsulent):
        assert AgreementParty.objects.filter(agreement=made).update(user=cast.huset) == 0
        Meeting.objects.filter(pk=made.meeting_id).update(status="APPROVED")  # while the minutes are open it is put right: test_correcting.py
        assert AgreementParty.objects.filter(agreement=made).delete()[0] == 0
        about = {"tenant_id": made.tenant_id, "item_id": made.item_id, "agreement": made}
        for wrong in ({}, {"user": cast.huset, "seat": seat}, {"user": cast.fnt}):
            with pytest.raises(IntegrityError), transaction.atomic():
                AgreementParty.objects.create(**about, **wrong)


def test_lists_ask_no_more_for_many(cast, visit, agree, seat_of):
    client = visit(cast.fnt)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(url):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    agree(cast.fnt)
    few = [queries(url) for url in ("/thisted/", "/thisted/aftaler/", "/thisted/aftaler/?mine=1")]
    for n in range(8):
        agree([cast.fnt, seat_of(cast.huset)], what=f"Aftale {n}", days=n)
    assert [queries(url) for url in ("/thisted/", "/thisted/aftaler/", "/thisted/aftaler/?mine=1")] == few


# ---- the line in the minutes ------------------------------------------------------------------------------------------
@pytest.fixture
def line(cast, visit, meeting, item):
    def post(**data):
        return visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/referat/{item.public_id}/aftale/", data)

    return post


DAY = (timezone.localdate() + timedelta(days=3)).isoformat()


def test_several_names_in_the_field(cast, line, read, as_actor):
    assert line(who=f"{cast.fnt.name} og {cast.huset.name}", what="Sender oplægget", due=DAY).status_code == 302
    with as_actor(cast.konsulent):
        made = Agreement.objects.get(what="Sender oplægget")
    assert read(made).responsible_ids == {cast.fnt.pk, cast.huset.pk}


def test_a_whole_line_in_one_field(cast, line, read, as_actor, seat_of):
    for name, said in (("who", f"{seat_of(cast.fnt)}: låner en pumpe senest {DAY}"), ("what", f"{cast.fnt.name} låner en stige senest {DAY}")):
        assert line(**{name: said}).status_code == 302
    with as_actor(cast.konsulent):
        pump, ladder = Agreement.objects.get(what="Låner en pumpe"), Agreement.objects.get(what="Låner en stige")
    assert pump.due_on.isoformat() == DAY and read(pump).responsible[0].seat == str(seat_of(cast.fnt)) and read(ladder).responsible_ids == {cast.fnt.pk}


def test_what_is_asked_back_loses_nothing(cast, line):
    page = line(who=f"{cast.fnt.name} sender oplægget senest næste uge")
    said = plain(page)
    assert page.status_code == 422 and "Forstået som fredag" in said
    for value in (cast.fnt.name, "Sender oplægget", "næste uge"):
        assert f'value="{value}"' in said
    page = line(who="Nogen sender oplægget senest fredag")
    assert page.status_code == 422 and 'value="Nogen sender oplægget senest fredag"' in plain(page)
