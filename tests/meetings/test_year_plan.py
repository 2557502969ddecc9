"""The proposal for a forum's meetings of a year: who gets it, what becomes drafts, and what it never tells."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.roles import SeatRole
from meetings.models import AgendaItem, AgendaTemplate, Meeting
from meetings.year_plan import Usual, default_year, read_year_plan, usual_of
from meetings.year_plan_actions import accept_dates
from municipalities.models import Forum, Seat
from municipalities.school_holidays import usual_holidays

NEXT = timezone.localdate().year + 1
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
WISHES = {"year": str(NEXT), "weekday": "1", "time": "9.00", "duration": "90", "place": "Rådhuset"}


@pytest.fixture
def forum(cast, as_actor):
    """`forum("styregruppe")`: a forum of Thisted; with fields, its cadence is another from now on."""

    def find(key, **cadence):
        with as_actor(cast.it):
            Forum.objects.filter(key=key, tenant__slug="thisted").update(**{f"cadence_{name}": value for name, value in cadence.items()})
            return Forum.objects.select_related("cadence_of").get(key=key, tenant__slug="thisted")

    return find


@pytest.fixture
def plan(cast, as_actor):
    """`plan(forum)`: the proposal for next year, as the konsulent reads it."""

    def read(forum, user=None, usual=Usual(place="Rådhuset"), days=None):  # noqa: B008  # frozen
        with as_actor(user or cast.konsulent) as actor:
            return read_year_plan(actor, forum, NEXT, usual, days)

    return read


@pytest.fixture
def planned(cast, as_actor):
    """`planned(forum)`: its meetings of next year."""

    def rows(forum):
        with as_actor(cast.konsulent):
            return list(Meeting.objects.filter(forum=forum, starts_at__year=NEXT).order_by("starts_at"))

    return rows


def address(forum):
    return f"/thisted/fora/{forum.public_id}/aarsplan/"


def ticked(found):
    return WISHES | {f"on-{row.key}": "on" for row in found.rows} | {f"day-{row.key}": row.day.isoformat() for row in found.rows}


def at(day, hour=9, minutes=90):
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=COPENHAGEN)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}


# ---- the page -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "status"), [("konsulent", 200), ("chef", 404), ("dpo", 404), ("it", 404), ("elev", 404), ("kontakt-klit", 404)])
def test_only_who_convenes_gets_the_plan(visit, cast, forum, who, status):
    assert visit(cast.users[who]).get(address(forum("styregruppe"))).status_code == status


def test_a_year_without_school_holidays_says_so(forum, visit, cast):
    page, said = address(forum("styregruppe")), "Der er ikke lagt skoleferier ind for"
    assert said not in visit(cast.konsulent).get(page, WISHES).content.decode()
    assert said in visit(cast.konsulent).get(page, WISHES | {"year": str(NEXT + 1)}).content.decode()


def test_who_convenes_elsewhere_and_only_reads_here_gets_a_sentence(visit, cast, forum, as_actor):
    network = forum("grundskole")
    with as_actor(cast.it) as actor:
        from municipalities.actions import add_seat

        seat = Seat.objects.filter(forum=network).select_related("organisation").first()
        add_seat(network, actor=actor, role=SeatRole.MEMBER, title="Medlem", organisation=seat.organisation, user=cast.vpi)
    assert visit(cast.vpi).get(address(forum("lokalraad"))).status_code == 200
    response = visit(cast.vpi).get(address(network))
    assert response.status_code == 403 and "giver ikke adgang" in response.content.decode()


def test_a_forum_of_another_kommune_is_not_there(visit, cast, forum):
    assert visit(cast.konsulent).get(f"/morsoe/fora/{forum('styregruppe').public_id}/aarsplan/").status_code == 404


def test_the_page_proposes_what_the_cadence_asks_for(visit, cast, forum):
    html = visit(cast.konsulent).get(address(forum("styregruppe")), {**WISHES}).content.decode().replace("\u00a0", " ")
    assert f"Møderne i {NEXT}" in html and "Aftalt: min. 3 møder om året." in html
    assert len(re.findall(r'name="on-', html)) == 3 and "3 datoer er foreslået" in html


@pytest.mark.parametrize(
    "change", [{"year": "1999"}, {"year": ""}, {"weekday": "6"}, {"time": "25.00"}, {"duration": "0"}, {"duration": "601"}, {"place": "x" * 121}, {"place": "010203-4567"}],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_wishes_are_said_and_nothing_is_made(visit, cast, forum, planned, change, method):
    steering = forum("styregruppe")
    assert getattr(visit(cast.konsulent), method)(address(steering), {**WISHES, **change}).status_code == 422
    assert planned(steering) == []


def test_the_usual_time_and_place_are_those_of_the_latest_meetings(cast, as_actor, forum):
    steering = forum("styregruppe")
    with as_actor(cast.konsulent):
        usual = usual_of(steering)
    assert (f"{usual.time:%H:%M}", usual.minutes, usual.weekday in range(5)) == ("09:00", 90, True)
    assert usual.place


def test_from_october_on_the_coming_year_is_planned():
    assert (default_year(date(2026, 9, 30)), default_year(date(2026, 10, 1))) == (2026, 2027)


# ---- what becomes of it -------------------------------------------------------------------------------------------
def test_the_whole_proposal_becomes_drafts_with_numbers_and_agendas_and_tells_nobody(visit, cast, forum, plan, planned, as_actor, find, outbox):
    council, waiting = forum("lokalraad"), outbox(find("lokalraad", "CALLED"))
    found = plan(council)
    response = visit(cast.konsulent).post(address(council), ticked(found), follow=True)
    assert response.status_code == 200 and "4 møder er planlagt som kladder" in response.content.decode()
    made = planned(council)
    assert [(meeting.status, meeting.number, meeting.place) for meeting in made] == [("DRAFT", number, "Rådhuset") for number in (1, 2, 3, 4)]
    assert [meeting.planned_for for meeting in made] == [row.key for row in found.rows]
    with as_actor(cast.konsulent):
        assert all(AgendaItem.objects.filter(meeting=meeting).exists() for meeting in made)
    assert outbox(find("lokalraad", "CALLED")) == waiting
    assert plan(council).rows == []


def test_the_standing_agenda_of_the_number_is_used(cast, as_actor, forum, plan, planned):
    council = forum("lokalraad")
    with as_actor(cast.it):
        special = AgendaTemplate.objects.create(tenant_id=council.tenant_id, forum=council, name="Møde 2", meeting_numbers=[2])
    found = plan(council)
    with as_actor(cast.konsulent) as actor:
        accept_dates(council, actor=actor, year=NEXT, usual=Usual(), days={row.key: row.day for row in found.rows})
        counts = [AgendaItem.objects.filter(meeting=meeting).count() for meeting in Meeting.objects.filter(forum=council, starts_at__year=NEXT).order_by("starts_at")]
    assert special.pk and counts[1] == 0 and counts[0] == counts[2] == counts[3] > 0


def test_who_passes_dates_over_gets_the_agenda_of_the_number_that_the_meeting_has(cast, as_actor, forum, plan):
    council = forum("lokalraad")
    with as_actor(cast.it):
        AgendaTemplate.objects.create(tenant_id=council.tenant_id, forum=council, name="Møde 2", meeting_numbers=[2])
    first, *_, last = plan(council).rows
    with as_actor(cast.konsulent) as actor:
        made = [accept_dates(council, actor=actor, year=NEXT, usual=Usual(), days={row.key: row.day})[0] for row in (last, first)]
        shown = [(meeting.number, AgendaItem.objects.filter(meeting=meeting).count() > 0) for meeting in made]
    assert shown == [(1, True), (1, True)] and last.number == 4


def test_one_at_a_time_gives_the_same_meetings(visit, cast, forum, plan, planned):
    steering, client = forum("styregruppe"), visit(cast.konsulent)
    found = plan(steering)
    for row in reversed(found.rows):
        assert client.post(address(steering), {**ticked(plan(steering)), "one": row.key}).status_code == 302
    assert [(meeting.planned_for, meeting.number) for meeting in planned(steering)] == [(row.key, row.number) for row in found.rows]


def test_only_the_ticked_ones_are_made(visit, cast, forum, plan, planned):
    steering = forum("styregruppe")
    found = plan(steering)
    data = ticked(found)
    del data[f"on-{found.rows[1].key}"]
    visit(cast.konsulent).post(address(steering), data)
    assert [meeting.planned_for for meeting in planned(steering)] == [found.rows[0].key, found.rows[2].key]
    assert [row.key for row in plan(steering).rows] == [found.rows[1].key]


def test_accepting_twice_makes_nothing_twice(visit, cast, forum, plan, planned):
    steering, client = forum("styregruppe"), visit(cast.konsulent)
    data = ticked(plan(steering))
    client.post(address(steering), data)
    response = client.post(address(steering), data, follow=True)
    assert "allerede planlagt" in response.content.decode()
    assert len(planned(steering)) == 3


def test_a_page_from_yesterday_is_refused_and_makes_nothing(visit, cast, forum, plan, planned):
    steering = forum("styregruppe")
    response = visit(cast.konsulent).post(address(steering), {**ticked(plan(steering)), "on-2099-01-01": "on"})
    assert response.status_code == 409 and "Forslaget har ændret sig" in response.content.decode()
    assert planned(steering) == []


def test_another_day_can_be_chosen_and_the_date_is_not_proposed_again(visit, cast, forum, plan, planned):
    steering = forum("styregruppe")
    found = plan(steering)
    other = found.rows[0].day + timedelta(days=1)
    visit(cast.konsulent).post(address(steering), {**ticked(found), f"day-{found.rows[0].key}": other.isoformat()})
    assert timezone.localtime(planned(steering)[0].starts_at).date() == other
    assert plan(steering).rows == []


def test_a_changed_day_is_checked_before_it_is_planned(visit, cast, forum, plan, planned):
    steering = forum("styregruppe")
    found = plan(steering)
    summer = usual_holidays(NEXT)[2].starts_on + timedelta(days=9)
    response = visit(cast.konsulent).post(address(steering), {**ticked(found), f"day-{found.rows[0].key}": summer.isoformat(), "look": "1"})
    assert response.status_code == 200 and "Sommerferie" in response.content.decode()
    assert f'value="{summer.isoformat()}"' in response.content.decode()
    assert planned(steering) == []


@pytest.mark.parametrize("day", ["2020-01-07", "i morgen", "0001-01-01", "2027-02-30", "9999-12-31"])
def test_a_bad_day_is_said_and_nothing_is_made(visit, cast, forum, plan, planned, day):
    steering = forum("styregruppe")
    found = plan(steering)
    response = visit(cast.konsulent).post(address(steering), {**ticked(found), f"day-{found.rows[0].key}": day})
    assert response.status_code == 422 and planned(steering) == []


def test_a_day_of_another_year_is_no_day_of_this_plan(visit, cast, forum, plan, planned):
    steering = forum("styregruppe")
    found = plan(steering)
    other = found.rows[0].day.replace(year=found.year + 1, day=1)
    response = visit(cast.konsulent).post(address(steering), {**ticked(found), f"day-{found.rows[0].key}": other.isoformat()})
    assert response.status_code == 422 and planned(steering) == []
    assert f"Dagen ligger i {found.year + 1}, og her planlægges {found.year}." in response.content.decode()


def test_two_meetings_on_one_day_are_refused(visit, cast, forum, plan, planned):
    steering = forum("styregruppe")
    found = plan(steering)
    response = visit(cast.konsulent).post(address(steering), {**ticked(found), f"day-{found.rows[0].key}": found.rows[1].day.isoformat()})
    assert response.status_code == 422 and "samme dag" in response.content.decode() and planned(steering) == []


@pytest.mark.parametrize("button", [{}, {"look": "1"}])
def test_a_date_is_not_moved_to_a_day_on_which_the_forum_meets_already(visit, cast, forum, plan, planned, button):
    steering, client = forum("styregruppe"), visit(cast.konsulent)
    first, *rest = plan(steering).rows
    assert client.post(address(steering), {**ticked(plan(steering)), "one": first.key}).status_code == 302
    response = client.post(address(steering), {**ticked(plan(steering)), f"day-{rest[0].key}": first.day.isoformat(), **button})
    assert response.status_code == 422 and "Forummet har allerede et møde den dag" in response.content.decode()
    assert [meeting.planned_for for meeting in planned(steering)] == [first.key]


def test_no_tick_is_no_plan(visit, cast, forum, planned):
    steering = forum("styregruppe")
    assert visit(cast.konsulent).post(address(steering), WISHES).status_code == 422
    assert planned(steering) == []


def test_a_moved_and_a_cancelled_occurrence_stay_so(cast, as_actor, forum, plan, planned):
    from meetings.actions import cancel_meeting, move_meeting

    steering = forum("styregruppe")
    found = plan(steering)
    with as_actor(cast.konsulent) as actor:
        first, second, _third = accept_dates(steering, actor=actor, year=NEXT, usual=Usual(), days={row.key: row.day for row in found.rows})
        move_meeting(first, actor=actor, place="", **at(found.rows[0].day + timedelta(days=40)))
        cancel_meeting(second, actor=actor)
    again = plan(steering)
    assert again.rows == [] and len(again.meetings) == 3


def test_a_meeting_made_by_hand_counts_and_one_that_is_cancelled_does_not(cast, as_actor, forum, plan):
    from meetings.actions import cancel_meeting, create_meeting

    steering = forum("styregruppe")
    with as_actor(cast.konsulent) as actor:
        by_hand = create_meeting(steering, actor=actor, **at(date(NEXT, 5, 12)))
    assert len(plan(steering).rows) == 2
    with as_actor(cast.konsulent) as actor:
        cancel_meeting(by_hand, actor=actor)
    assert len(plan(steering).rows) == 3


def test_the_database_keeps_two_from_making_the_same_date(cast, as_actor, forum):
    from django.db import IntegrityError, transaction

    steering = forum("styregruppe")
    same = {"tenant_id": steering.tenant_id, "forum": steering, "planned_for": f"{NEXT}-05-12", **at(date(NEXT, 5, 12))}
    with as_actor(cast.konsulent):
        Meeting.objects.create(**same)
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.create(**same)


def test_notice_keeps_the_next_days_free(cast, as_actor, forum):
    weekly = forum("p115", unit="WEEKS", number=1, notice_days=60)
    today = timezone.localdate()
    with as_actor(cast.konsulent) as actor:
        found = read_year_plan(actor, weekly, (today + timedelta(days=61)).year, Usual())
    assert found.rows and min(row.day for row in found.rows) >= today + timedelta(days=60)


def test_a_forum_meets_only_while_it_is_active(cast, as_actor, forum, plan):
    steering = forum("styregruppe")
    with as_actor(cast.it):
        Forum.objects.filter(pk=steering.pk).update(active_from=date(NEXT, 3, 1), active_to=date(NEXT, 6, 30))
    found = plan(forum("styregruppe"))
    assert len(found.rows) == 3 and all(date(NEXT, 3, 1) <= row.day <= date(NEXT, 6, 30) for row in found.rows)
    with as_actor(cast.it):
        Forum.objects.filter(pk=steering.pk).update(active_from=date(NEXT + 1, 3, 1), active_to=None)
    assert plan(forum("styregruppe")).rows == [] and len(plan(forum("styregruppe")).gaps) == 1


# ---- relative forums ----------------------------------------------------------------------------------------------
def test_a_forum_that_follows_gets_a_date_for_each_meeting_it_may_know_of(cast, as_actor, forum, plan, planned):
    steering = forum("styregruppe")
    follower = forum("ssp-plus", unit="AFTER", of=steering, number=0)
    assert plan(follower).rows == [] and "endnu ingen møder" in plan(follower).gaps[0].sentence
    days = {row.key: row.day for row in plan(steering).rows}
    with as_actor(cast.konsulent) as actor:
        accept_dates(steering, actor=actor, year=NEXT, usual=Usual(), days=days)
    anchors, found = planned(steering), plan(follower)
    assert [row.key for row in found.rows] == [meeting.public_id for meeting in anchors]
    assert [row.starts_at for row in found.rows] == [timezone.localtime(meeting.ends_at) for meeting in anchors]
    with as_actor(cast.konsulent) as actor:
        accept_dates(follower, actor=actor, year=NEXT, usual=Usual(), days={row.key: row.day for row in found.rows})
    assert plan(follower).rows == [] and len(planned(follower)) == 3


def test_it_is_said_when_the_followed_meeting_has_moved_away(cast, as_actor, forum, plan, planned):
    from meetings.actions import move_meeting

    steering = forum("styregruppe")
    follower = forum("ssp-plus", unit="AFTER", of=steering, number=0)
    for one in (steering, follower):
        found = plan(one)
        with as_actor(cast.konsulent) as actor:
            accept_dates(one, actor=actor, year=NEXT, usual=Usual(), days={row.key: row.day for row in found.rows})
    anchor = planned(steering)[0]
    with as_actor(cast.konsulent) as actor:
        move_meeting(anchor, actor=actor, place="", **at(timezone.localtime(anchor.starts_at).date() + timedelta(days=35)))
    assert [gap for gap in plan(follower).gaps if "mødes nu" in gap.sentence]


# ---- who is in two places -----------------------------------------------------------------------------------------
def other_meeting(as_actor, user, key, day, status="CALLED", hour=10):
    with as_actor(user) as actor:
        other = Forum.objects.get(key=key, tenant_id=actor.tenant_id)
        return Meeting.objects.create(tenant_id=actor.tenant_id, forum=other, status=status, **at(day, hour))


def test_a_clash_names_the_forum_and_who_sits_in_both(cast, as_actor, forum, plan):
    steering = forum("styregruppe")
    day = plan(steering).rows[0].day
    other_meeting(as_actor, cast.konsulent, "grundskole", day)
    said = plan(steering).rows[0].clashes
    assert len(said) == 1 and said[0].startswith("SSP Grundskole mødes kl. 10.00: ") and "Ditte Havmark" in said[0]
    assert plan(steering).rows[1].clashes == []


@pytest.mark.parametrize("hour", [7, 11, 15])
def test_a_meeting_at_another_time_of_the_day_is_no_clash(cast, as_actor, forum, plan, hour):
    steering = forum("styregruppe")
    other_meeting(as_actor, cast.konsulent, "grundskole", plan(steering).rows[0].day, hour=hour)
    assert plan(steering).rows[0].clashes == []


@pytest.mark.parametrize("status", ["CANCELLED", "APPROVED"])
def test_a_cancelled_meeting_is_no_clash(cast, as_actor, forum, plan, status):
    steering = forum("styregruppe")
    other_meeting(as_actor, cast.konsulent, "grundskole", plan(steering).rows[0].day, status)
    assert plan(steering).rows[0].clashes == []


def test_members_of_a_closed_forum_see_its_clash_by_name(cast, as_actor, forum, plan):
    steering = forum("styregruppe")
    other_meeting(as_actor, cast.konsulent, "p115", plan(steering).rows[0].day)
    assert plan(steering).rows[0].clashes[0].startswith("§ 115-møder mødes kl. 10.00")


def test_who_may_not_see_a_closed_forum_learns_nothing_of_its_dates(visit, cast, as_actor, forum, plan):
    """The chair of the Lokalråd shares the konsulent with § 115: the page is the same with and without its meeting."""
    council = forum("lokalraad")
    day = plan(council, cast.vpi).rows[0].day
    client = visit(cast.vpi)

    def page():
        return re.sub(r'name="csrf\w+" value="\w+"', "", client.get(address(council), WISHES).content.decode())

    before = page()
    other_meeting(as_actor, cast.konsulent, "p115", day)
    assert plan(council).rows[0].clashes != []
    assert plan(council, cast.vpi).rows[0].clashes == []
    assert re.sub(r"nonce-\w+", "", page()) == re.sub(r"nonce-\w+", "", before)


def test_of_another_forums_draft_it_is_only_said_that_a_member_is_taken(cast, as_actor, forum, plan):
    council = forum("lokalraad")
    other_meeting(as_actor, cast.konsulent, "grundskole", plan(council, cast.vpi).rows[0].day, "DRAFT")
    assert plan(council, cast.vpi).rows[0].clashes == ["Et medlem er til et andet møde."]
    assert plan(council).rows[0].clashes[0].startswith("SSP Grundskole")


# ---- what it costs ------------------------------------------------------------------------------------------------
def test_the_number_of_queries_does_not_follow_dates_meetings_and_clashes(visit, cast, as_actor, forum):
    client = visit(cast.konsulent)
    few, many = forum("styregruppe"), forum("p115", unit="WEEKS", number=1)

    def queries(one):
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(one), WISHES).status_code == 200
        return len([query for query in found if "SAVEPOINT" not in query["sql"] and "set_config('ssp.tenant', ''" not in query["sql"]])

    queries(few)
    base = queries(few)
    for month in range(1, 13):
        other_meeting(as_actor, cast.konsulent, "grundskole", date(NEXT, month, 10))
    assert queries(few) <= base + 1  # who sits in both is asked only when somebody meets
    assert queries(many) <= base + 1 <= 18
