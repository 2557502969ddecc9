"""Seats in the browser: what they are, who holds them, and that a right follows the seat at once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from access.roles import Duty, SeatRole, Verb
from municipalities.actions import SeatTakenError, add_seat, end_of_day, hold_seat, hold_seats
from municipalities.models import Forum, Organisation, Seat
from municipalities.seat_actions import change_holder, change_seat, close_seat, new_seat, vacate

BASE = "/thisted/opsaetning"


@pytest.fixture
def forum(cast, as_actor):
    def find(key):
        with as_actor(cast.it):
            return Forum.objects.get(tenant__slug="thisted", key=key)

    return find


@pytest.fixture
def seat_of(cast, as_actor):
    def find(key, **more):
        with as_actor(cast.it):
            return Seat.objects.current().filter(forum__key=key, forum__tenant__slug="thisted", **more).select_related("forum", "user", "organisation").order_by("pk").first()

    return find


def fields(seat, **changes):
    form = {"title": seat.title, "organisation": seat.organisation_id, "role": seat.role, "kind": seat.kind, "deputy_for": "", "has_vote": "on", "seen": seat.seen}
    return {**form, **changes}


def test_the_list_shows_holders_and_vacant_seats_to_the_administrator_alone(cast, visit, forum, django_assert_max_num_queries):
    address = f"{BASE}/fora/{forum('grundskole').public_id}/pladser/"
    browser = visit(cast.it)
    browser.get(address)
    with django_assert_max_num_queries(12):
        page = browser.get(address)
    assert page.status_code == 200 and "Ditte Havmark" in page.content.decode()
    for key in ("konsulent", "chef", "dpo", "fnt", "gade"):
        assert visit(cast.users[key]).get(address).status_code == 404


def test_a_new_seat_gives_its_holder_the_rights_of_its_role(cast, visit, forum, as_actor, actor_for):
    network = forum("trygt-natteliv")
    with as_actor(cast.it):
        organisation = Organisation.objects.filter(tenant__slug="thisted", kind="municipal_other").first()
    what = {"title": "Ny referent", "organisation": organisation.pk, "role": "MEMBER", "kind": "FIXED", "deputy_for": "", "has_vote": "on"}
    data = {**what, "duties": ["MINUTES"], "user": cast.chef.public_id}
    assert visit(cast.it).post(f"{BASE}/fora/{network.public_id}/pladser/ny/", data).status_code == 302
    rights = actor_for(cast.chef)
    assert network.pk in rights.forums_with(Verb.WRITE_MINUTES) and network.pk not in rights.forums_with(Verb.CONVENE)


@pytest.fixture
def vacant(cast, as_actor):
    """A vacant seat in a network, as the administrator has read it."""
    with as_actor(cast.it) as actor:
        organisation = Organisation.objects.filter(tenant_id=actor.tenant_id, kind="municipal_other").first()
        seat = add_seat(Forum.objects.get(key="trygt-natteliv", tenant_id=actor.tenant_id), actor=actor, role=SeatRole.MEMBER, title="Ledig", organisation=organisation)
        return Seat.objects.select_related("forum", "organisation").get(pk=seat.pk)


def test_who_takes_a_seat_that_was_changed_meanwhile_has_the_rights_of_what_it_is_now(cast, as_actor, actor_for, vacant):
    with as_actor(cast.it) as actor:
        same = {"title": vacant.title, "organisation": vacant.organisation, "kind": vacant.kind, "deputy_for": None, "has_vote": True}
        change_seat(vacant, actor=actor, seen=vacant.seen, role=SeatRole.MEMBER, duties=[Duty.MINUTES], **same)
        before = set(cast.chef.groups.all())
        hold_seat(vacant, cast.chef, actor=actor)
        assert set(cast.chef.groups.all()) - before == {Seat.objects.get(pk=vacant.pk).group} != {vacant.group}
    assert vacant.forum_id in actor_for(cast.chef).forums_with(Verb.WRITE_MINUTES)


def test_a_seat_is_not_given_to_two_at_once(cast, as_actor, vacant):
    with as_actor(cast.it) as actor:
        with pytest.raises(SeatTakenError):
            hold_seats([(vacant, cast.chef), (vacant, cast.sektion)], actor=actor)
        assert Seat.objects.get(pk=vacant.pk).user is None


def test_a_change_of_role_follows_at_once(cast, visit, seat_of, actor_for):
    seat = seat_of("styregruppe", user=cast.fnt)
    response = visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/", fields(seat, role="OBSERVER"))
    assert response.status_code == 302
    assert seat.forum_id not in actor_for(cast.fnt).forums_with(Verb.VIEW_AGGREGATE)


def test_a_form_opened_before_anothers_change_overwrites_nothing(cast, visit, seat_of, as_actor):
    seat = seat_of("styregruppe", user=cast.fnt)
    old = fields(seat, title="Min titel")
    assert visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/", fields(seat, title="Den andens titel")).status_code == 302
    refused = visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/", old)
    assert refused.status_code == 409 and "En anden har ændret pladsen" in refused.content.decode() and "Min titel" in refused.content.decode()
    with as_actor(cast.it):
        assert Seat.objects.get(pk=seat.pk).title == "Den andens titel"


def test_a_new_holder_takes_over_and_the_old_one_is_out_at_his_next_click(cast, visit, seat_of, as_actor):
    seat = seat_of("p115", user=cast.gade)
    out, new = visit(cast.gade), cast.chef
    assert out.get("/thisted/sager/").status_code == 200
    answer = visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/indehaver/", {"user": new.public_id, "valid_from": "", "valid_to": "", "seen": seat.seen})
    assert answer.status_code == 302 and out.get("/thisted/sager/").status_code == 404
    with as_actor(cast.it):
        rows = list(Seat.objects.filter(forum=seat.forum, title=seat.title, organisation=seat.organisation).order_by("pk"))
        assert [(row.user, row.valid_to is None) for row in rows] == [(cast.gade, False), (new, True)]


def test_a_seat_may_be_vacated_and_held_from_a_day_to_a_day(cast, visit, seat_of, as_actor):
    seat = seat_of("styregruppe", user=cast.fnt)
    address = f"{BASE}/pladser/{seat.public_id}/indehaver/"
    assert visit(cast.it).post(address, {"user": "", "valid_from": "", "valid_to": "", "seen": seat.seen}).status_code == 422, "nobody has been chosen yet"
    assert visit(cast.it).post(address, {"user": "ingen", "valid_from": "", "valid_to": "", "seen": seat.seen}).status_code == 302
    vacant = seat_of("styregruppe", user=None, title=seat.title)
    first, last = (timezone.localdate() + timedelta(days=n) for n in (10, 40))
    wanted = {"user": cast.fnt.public_id, "valid_from": first, "valid_to": last, "seen": vacant.seen}
    answer = visit(cast.it).post(f"{BASE}/pladser/{vacant.public_id}/indehaver/", wanted)
    assert answer.status_code == 302
    with as_actor(cast.it):
        held = Seat.objects.get(pk=vacant.pk)
        assert (held.user, timezone.localtime(held.valid_from).date(), timezone.localtime(held.valid_to).date()) == (cast.fnt, first, last)
        place = Seat.objects.not_over().filter(forum=seat.forum, key=held.key, user=None).order_by("valid_from")
        assert [(row.valid_from < timezone.now(), row.valid_to) for row in place] == [(True, held.valid_from), (False, None)], "vacant before him and after him"
    for begins, ends in (("2020-01-01", ""), ("", "2020-01-01"), (last, first)):
        wrong = {"user": cast.chef.public_id, "valid_from": begins, "valid_to": ends, "seen": held.seen}
        assert visit(cast.it).post(f"{BASE}/pladser/{vacant.public_id}/indehaver/", wrong).status_code == 422


def test_who_comes_later_leaves_the_seat_to_its_holder_until_then_and_nobody_gets_in_between(cast, visit, seat_of, as_actor):
    """Also: one who has not begun can be changed, given an end, and taken out again."""
    seat, browser = seat_of("styregruppe", user=cast.fnt), visit(cast.it)
    first, last = (timezone.localdate() + timedelta(days=n) for n in (10, 40))

    def give(row, user, begins="", ends=""):
        with as_actor(cast.it):
            row = Seat.objects.get(pk=row.pk)
        return browser.post(f"{BASE}/pladser/{row.public_id}/indehaver/", {"user": user.public_id if user else "ingen", "valid_from": begins, "valid_to": ends, "seen": row.seen})

    def place():
        with as_actor(cast.it):
            rows = Seat.objects.not_over().filter(forum=seat.forum, title=seat.title, organisation=seat.organisation).order_by("valid_from")
            return [(row, row.user, row.valid_to and timezone.localtime(row.valid_to).date()) for row in rows.select_related("user")]

    assert give(seat, cast.chef, first).status_code == 302
    (_now, coming), said = [row for row, *_rest in place()], browser.get(f"{BASE}/fora/{seat.forum.public_id}/pladser/").content.decode()
    assert [row[1:] for row in place()] == [(cast.fnt, first), (cast.chef, None)] and 'mute"> fra ' in said and 'mute"> til ' in said
    assert re.search(rf"pladser/{seat.public_id}/(?:(?!pladser/).)*pladser/{coming.public_id}/", said, re.S)
    between = give(seat, cast.gade)
    assert between.status_code == 409 and "Hanne Kirkevang har denne plads" in between.content.decode()
    assert give(coming, cast.chef, first, last).status_code == 302 and [row[1:] for row in place()[1:]] == [(cast.chef, last), (None, None)]
    assert give(coming, None).status_code == 302 and [row[1:] for row in place()] == [(cast.fnt, first), (None, None)]
    assert give(seat, cast.fnt).status_code == 302 and [row[1:] for row in place()] == [(cast.fnt, None)]


def test_a_fixed_place_whose_holder_has_had_his_last_day_is_vacant(cast, visit, seat_of, as_actor):
    """Nobody has to write it that night; and until then it is one place, not two."""
    seat, browser, last = seat_of("styregruppe", user=cast.fnt), visit(cast.it), timezone.localdate() + timedelta(days=10)
    setup, page = f"{BASE}/fora/{seat.forum.public_id}/", f"/thisted/fora/{seat.forum.public_id}/"
    places = len(browser.get(setup).context["seats"])
    for day in (last + timedelta(days=9), "", last):  # thought better of, twice
        with as_actor(cast.it):
            seen = Seat.objects.get(pk=seat.pk).seen
        assert browser.post(f"{BASE}/pladser/{seat.public_id}/til/", {"valid_to": day, "seen": seen}).status_code == 302
    shown = browser.get(setup).context
    assert (len(shown["seats"]), shown["vacant"], browser.get(f"{setup}pladser/").context["places"]) == (places, 0, places)
    assert visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/", fields(seat_of("styregruppe", pk=seat.pk), title="Ny titel")).status_code == 302
    with as_actor(cast.it):
        held = Seat.objects.get(pk=seat.pk)
        (after,) = Seat.objects.not_over().filter(forum=seat.forum, key=held.key, user=None)
        assert (after.valid_from, after.valid_to, after.title) == (held.valid_to, None, "Ny titel")
        night = timezone.now() - timedelta(hours=1)  # that night has passed
        Seat.objects.filter(pk=held.pk).update(valid_from=night - timedelta(days=1), valid_to=night)
        Seat.objects.filter(pk=after.pk).update(valid_from=night)
    shown = browser.get(setup).context
    assert (len(shown["seats"]), shown["vacant"]) == (places, 1)
    (place,) = [place for place in visit(cast.konsulent).get(page).context["card"].places if place.title == "Ny titel"]
    assert place.holder is None


def test_a_new_holder_does_not_get_the_last_day_of_the_former(cast, visit, seat_of):
    seat, browser, last = seat_of("styregruppe", user=cast.fnt), visit(cast.it), timezone.localdate() + timedelta(days=10)
    assert browser.post(f"{BASE}/pladser/{seat.public_id}/til/", {"valid_to": last, "seen": seat.seen}).status_code == 302
    shown = browser.get(f"{BASE}/pladser/{seat.public_id}/").context
    assert shown["until_form"]["valid_to"].value() == last
    assert not shown["holder_form"]["valid_to"].value() and not shown["holder_form"]["user"].value()


def test_a_first_day_that_is_moved_gives_nothing_before_it_and_hides_no_place(cast, seat_of, as_actor):
    """Who was to begin and is to begin later does not begin on the first day as well; to begin sooner, and the place is vacant until then."""
    seat, today = seat_of("styregruppe", user=cast.fnt), timezone.localdate()
    with as_actor(cast.it) as actor:

        def rows():
            place = Seat.objects.not_over().filter(forum=seat.forum, title=seat.title, organisation=seat.organisation).order_by("valid_from")
            return [(row.user, row.valid_to and (timezone.localdate(row.valid_to) - today).days) for row in place.select_related("user")]

        for days, then in ((10, [(cast.fnt, 10), (cast.chef, None)]), (30, [(cast.fnt, 10), (None, 30), (cast.chef, None)]), (20, [(cast.fnt, 10), (None, 20), (cast.chef, None)])):
            made = change_holder(seat, cast.chef, actor=actor, seen=seat.seen, valid_from=end_of_day(today + timedelta(days=days - 1)))
            seat = Seat.objects.get(pk=made.pk)
            assert rows() == then


def test_a_deputy_stays_the_deputy_of_a_place_whose_holder_has_changed_overnight(cast, visit, seat_of, as_actor):
    """The seat that he was deputy for is over; the form offers who has its place now, and saving it as it stands changes nothing."""
    seat, night = seat_of("styregruppe", user=cast.fnt), timezone.now() - timedelta(hours=1)
    with as_actor(cast.it) as actor:
        what = {"title": "Suppleant", "organisation": seat.organisation, "role": seat.role, "kind": "DEPUTY", "deputy_for": seat, "duties": []}
        deputy = new_seat(seat.forum, actor=actor, **what)
        coming = change_holder(seat, cast.chef, actor=actor, seen=seat.seen, valid_from=end_of_day(timezone.localdate()))
        Seat.objects.filter(pk=seat.pk).update(valid_from=night - timedelta(days=1), valid_to=night)
        Seat.objects.filter(pk=coming.pk).update(valid_from=night)
    assert visit(cast.it).get(f"{BASE}/pladser/{deputy.public_id}/").context["form"]["deputy_for"].value() == coming.pk


def test_a_place_that_has_ended_meanwhile_is_given_to_nobody(cast, seat_of, as_actor):
    held = seat_of("styregruppe", user=cast.fnt)
    with as_actor(cast.it) as actor:
        vacate(held, actor=actor)
        seat = Seat.objects.current().get(forum=held.forum, user=None, title=held.title)
        close_seat(seat, actor=actor, seen=seat.seen)
        with pytest.raises(SeatTakenError):
            hold_seat(seat, cast.chef, actor=actor)


def test_two_who_hold_a_seat_of_one_kind_beside_each_other_do_not_stand_in_each_others_way(cast, as_actor):
    """Both rows have the key of the preset's seat: the one is ended, changed and closed, and the other stays."""
    with as_actor(cast.it) as actor:
        held = Seat.objects.current().select_related("forum", "organisation", "user", "group").filter(forum__key="p115", key="p115/myndighedsleder")
        one, other = held.get(user=cast.myndighed), held.get(user=cast.ny)
        coming = change_holder(one, cast.chef, actor=actor, seen=one.seen, valid_from=end_of_day(timezone.localdate()))
        vacate(coming, actor=actor)  # as for somebody who leaves the kommune before he begins
        vacate(held.get(pk=one.pk), actor=actor)
        place = held.get(user=None)
        place = change_holder(place, cast.myndighed, actor=actor, seen=place.seen)
        close_seat(place, actor=actor, seen=place.seen)
        other.refresh_from_db()
        assert other.valid_to is None and list(held) == [other]


def test_one_person_holds_one_seat_of_a_role_at_a_time(cast, visit, seat_of, forum):
    seat = seat_of("styregruppe", user=cast.fnt)
    with_same = {"title": "Igen", "organisation": seat.organisation_id, "role": seat.role, "kind": "FIXED", "deputy_for": "", "user": cast.fnt.public_id}
    answer = visit(cast.it).post(f"{BASE}/fora/{seat.forum.public_id}/pladser/ny/", with_same)
    assert answer.status_code == 409 and "har allerede en plads" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"), [({"role": "PUPIL"}, "ikke part i § 115"), ({"private": True}, "ikke part i § 115"), ({"own": True}, "IT-administrator kan ikke have en plads")]
)
def test_a_forum_with_person_data_takes_no_pupil_private_member_or_its_own_administrator(cast, visit, forum, as_actor, changes, sentence):
    p115 = forum("p115")
    with as_actor(cast.it):
        kind = "private" if changes.pop("private", False) else "police"
        organisation = Organisation.objects.filter(tenant__slug="thisted", kind=kind).first()
    user = cast.it.public_id if changes.pop("own", False) else ""
    data = {"title": "X", "organisation": organisation.pk, "role": "MEMBER", "kind": "FIXED", "deputy_for": "", "user": user, **changes}
    answer = visit(cast.it).post(f"{BASE}/fora/{p115.public_id}/pladser/ny/", data)
    assert answer.status_code == 409 and sentence in answer.content.decode()


def test_an_elected_chair_runs_the_forum_and_the_former_goes_back(cast, visit, seat_of, as_actor, actor_for):
    one, other = seat_of("styregruppe", user=cast.fnt), None
    with as_actor(cast.it):
        Forum.objects.filter(pk=one.forum_id).update(chairing="ELECTED")
        other = Seat.objects.current().filter(forum=one.forum, role="MEMBER", user__isnull=False).exclude(user=cast.fnt).select_related("user").first()
    today = timezone.localdate()
    assert visit(cast.it).post(f"{BASE}/pladser/{one.public_id}/valg/", {"on": today, "seen": one.seen}).status_code == 302
    assert one.forum_id in actor_for(cast.fnt).forums_with(Verb.APPROVE_MINUTES)
    assert visit(cast.it).post(f"{BASE}/pladser/{other.public_id}/valg/", {"on": today, "seen": other.seen}).status_code == 302
    assert one.forum_id not in actor_for(cast.fnt).forums_with(Verb.APPROVE_MINUTES)
    with as_actor(cast.it):
        former, chair = Seat.objects.get(pk=one.pk), Seat.objects.get(pk=other.pk)
        assert (former.role, former.elected_on, chair.role, chair.elected_on) == ("MEMBER", None, "CHAIR", today)
    long_ago = visit(cast.it).post(f"{BASE}/pladser/{one.public_id}/valg/", {"on": "1801-01-01", "seen": former.seen})
    assert long_ago.status_code == 422 and "ti år tilbage" in long_ago.content.decode()
    ahead = visit(cast.it).post(f"{BASE}/pladser/{one.public_id}/valg/", {"on": today + timedelta(days=1), "seen": former.seen})
    assert ahead.status_code == 422


def test_a_seat_that_is_closed_is_gone_and_its_deputies_stay(cast, visit, seat_of, as_actor):
    seat = seat_of("styregruppe", user=cast.fnt)
    with as_actor(cast.it) as admin:
        deputy = new_seat(seat.forum, actor=admin, title="Suppleant", organisation=seat.organisation, role=seat.role, kind="DEPUTY", deputy_for=seat, duties=[])
    assert visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/nedlaeg/", {"seen": "en anden"}).status_code == 409
    assert visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/nedlaeg/", {"seen": seat.seen}).status_code == 302
    assert visit(cast.it).get(f"{BASE}/pladser/{seat.public_id}/").status_code == 404
    with as_actor(cast.it):
        assert Seat.objects.get(pk=deputy.pk).deputy_for is None


def test_where_the_police_convene_their_seats_may(cast, visit, seat_of, as_actor, actor_for):
    from municipalities.actions import write_forum_rights

    seat = seat_of("styregruppe", user=cast.fnt)
    with as_actor(cast.it):
        Forum.objects.filter(pk=seat.forum_id).update(convening="POLICE")
        write_forum_rights(Forum.objects.get(pk=seat.forum_id))
    assert seat.forum_id not in actor_for(cast.konsulent).forums_with(Verb.CONVENE)
    fresh = seat_of("styregruppe", user=cast.fnt)
    visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/", fields(fresh))
    assert seat.forum_id in actor_for(cast.fnt).forums_with(Verb.CONVENE)


def test_each_change_stands_in_the_log(cast, visit, seat_of, log):
    seat = seat_of("styregruppe", user=cast.fnt)
    visit(cast.it).post(f"{BASE}/pladser/{seat.public_id}/", fields(seat, title="Anden titel"))
    row = [found for found in log() if found.object_pk == str(seat.pk) and found.action == 1][-1]
    assert row.actor_id == cast.it.pk and "title" in row.changes


def test_who_is_to_hold_a_seat_that_is_changed_gets_it_as_it_is_now(cast, seat_of, as_actor, actor_for):
    """The day has been said, and then the seat is changed: he does not begin with the former title and the former rights."""
    seat = seat_of("styregruppe", user=cast.fnt)
    with as_actor(cast.it) as actor:
        coming = change_holder(seat, cast.chef, actor=actor, seen=seat.seen, valid_from=end_of_day(timezone.localdate()))
        seat.refresh_from_db()
        what = {"organisation": seat.organisation, "kind": "FIXED", "deputy_for": None, "has_vote": False, "duties": [Duty.MINUTES]}
        change_seat(seat, actor=actor, seen=seat.seen, role=SeatRole.MEMBER, title="Ny betjent", **what)
        coming.refresh_from_db()
        seat.refresh_from_db()
        assert (coming.title, coming.has_vote, coming.may_minute, coming.group_id) == ("Ny betjent", False, True, seat.group_id)
        assert coming.user == cast.chef and coming.group in cast.chef.groups.all()
        night = timezone.now() - timedelta(minutes=1)
        Seat.objects.filter(pk=seat.pk).update(valid_from=night - timedelta(days=1), valid_to=night)
        Seat.objects.filter(pk=coming.pk).update(valid_from=night)
    assert seat.forum_id in actor_for(cast.chef).forums_with(Verb.WRITE_MINUTES)


def test_two_places_of_one_key_that_both_have_a_last_day_are_two_vacant_places(cast, as_actor):
    with as_actor(cast.it) as actor:
        rows = Seat.objects.not_over().select_related("forum", "organisation", "user", "group").filter(forum__key="p115", key="p115/myndighedsleder")
        one, other = rows.get(user=cast.myndighed), rows.get(user=cast.ny)
        for seat, days in ((one, 10), (other, 20)):
            seat.refresh_from_db()
            last = end_of_day(timezone.localdate() + timedelta(days=days))
            change_holder(seat, seat.user, actor=actor, seen=seat.seen, valid_to=last)
        vacant = Seat.objects.not_over().filter(forum=one.forum, user=None, valid_from__gt=timezone.now()).order_by("valid_from")
        assert [(timezone.localdate(row.valid_from) - timezone.localdate()).days for row in vacant] == [11, 21]
        assert {row.valid_to for row in vacant} == {None} and len({row.key for row in vacant}) == 2
