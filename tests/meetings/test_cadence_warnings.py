"""«min. 3, kun 2 planlagt»: when it is said, and to whom."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from access.roles import SeatRole
from meetings.cadence_warnings import shortfall
from meetings.models import Meeting
from meetings.workdays import Workdays, public_holidays
from municipalities.actions import add_seat, open_forum
from municipalities.models import Forum, Organisation, Tenant

THIS_YEAR = timezone.localdate().year


@pytest.mark.parametrize(
    ("cadence", "count", "said"),
    [
        (("PER_YEAR", 3, "MIN", 0), 0, "min. 3, ingen planlagt"), (("PER_YEAR", 3, "MIN", 0), 2, "min. 3, kun 2 planlagt"), (("PER_YEAR", 3, "MIN", 0), 3, ""),
        (("PER_YEAR", 3, "MIN", 0), 9, ""), (("PER_YEAR", 4, "CA", 0), 3, ""), (("PER_YEAR", 4, "CA", 0), 2, "ca. 4, kun 2 planlagt"), (("PER_YEAR", 4, "CA", 0), 6, ""),
        (("PER_YEAR", 1, "CA", 0), 0, "ca. 1, ingen planlagt"), (("PER_YEAR", 3, "EXACTLY", 0), 2, "3 aftalt, kun 2 planlagt"), (("PER_YEAR", 3, "EXACTLY", 0), 3, ""),
        (("PER_YEAR", 3, "EXACTLY", 0), 4, "3 aftalt, 4 planlagt"), (("PER_YEAR", 3, "EXACTLY", 1), 4, ""), (("PER_YEAR", 3, "EXACTLY", 1), 5, "3 aftalt og 1 ad hoc, 5 planlagt"),
        (("AT_MEETING", 4, "EXACTLY", 0), 3, "4 aftalt, kun 3 planlagt"), (("AT_MEETING", 0, "EXACTLY", 0), 0, ""), (("NONE", 0, "EXACTLY", 0), 0, ""),
        (("AFTER", 0, "EXACTLY", 0), 0, ""),
        (("WEEKS", 3, "EXACTLY", 0), 17, ""), (("WEEKS", 3, "EXACTLY", 0), 8, "ca. 18 efter rytmen uden for ferierne, kun 8 planlagt"),
        (("MONTHS", 2, "EXACTLY", 0), 4, "ca. 6 efter rytmen uden for ferierne, kun 4 planlagt"),
        (("MONTHS", 2, "EXACTLY", 0), 5, ""),
    ],
)  # fmt: skip
def test_min_ca_and_exactly_are_kept_each_in_its_way(cadence, count, said):
    unit, number, qualifier, extra = cadence
    forum = Forum(cadence_unit=unit, cadence_number=number, cadence_qualifier=qualifier, cadence_extra=extra)
    with translation.override("da"):
        assert shortfall(forum, count, 2027, lambda: Workdays(public_holidays(2027, "da"))) == said


def test_nothing_is_missing_in_the_other_years():
    forum = Forum(cadence_unit="PER_YEAR", cadence_number=1, cadence_year_parity="ODD")
    assert (shortfall(forum, 0, 2026, Workdays), bool(shortfall(forum, 0, 2027, Workdays))) == ("", True)


@pytest.fixture
def forum(cast, as_actor):
    """`forum("styregruppe", 3)`: a forum that has this many meetings in this year and has agreed on at least five."""

    def find(key, meetings):
        with as_actor(cast.it):
            Forum.objects.filter(key=key, tenant__slug="thisted").update(cadence_unit="PER_YEAR", cadence_number=5, cadence_qualifier="MIN")
            found = Forum.objects.get(key=key, tenant__slug="thisted")
        with as_actor(cast.konsulent):
            Meeting.objects.filter(forum=found).update(status="CANCELLED")
            starts_at = timezone.make_aware(timezone.datetime.combine(date(THIS_YEAR, 12, 30), timezone.datetime.min.time()))
            for _ in range(meetings):
                Meeting.objects.create(tenant_id=found.tenant_id, forum=found, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        return found

    return find


def test_the_forums_page_warns_who_convenes_and_leads_to_the_plan(visit, cast, forum):
    steering = forum("styregruppe", 2)
    page = visit(cast.konsulent).get(f"/thisted/fora/{steering.public_id}/").content.decode()
    assert "min. 5, kun 2 planlagt" in page and f"/thisted/fora/{steering.public_id}/aarsplan/" in page


def test_a_member_is_told_but_has_no_plan_to_make(visit, cast, forum):
    network = forum("grundskole", 2)
    page = visit(cast.users["kontakt-klit"]).get(f"/thisted/fora/{network.public_id}/").content.decode()
    assert "min. 5, kun 2 planlagt" in page and "aarsplan" not in page


@pytest.mark.parametrize("who", ["chef", "dpo", "elev"])
def test_others_do_not_count_a_forums_drafts(visit, cast, forum, who):
    steering = forum("styregruppe", 2)
    page = visit(cast.users[who]).get(f"/thisted/fora/{steering.public_id}/").content.decode()
    assert "planlagt." not in page and "min. 5, kun" not in page


def test_a_closed_forum_tells_nobody_else_what_it_has_planned(visit, cast, forum):
    closed = forum("p115", 1)
    assert "min. 5, kun 1 planlagt" in visit(cast.konsulent).get(f"/thisted/fora/{closed.public_id}/").content.decode()
    for who in ("chef", "vpi", "dpo", "it", "kontakt-klit"):
        page = visit(cast.users[who]).get(f"/thisted/fora/{closed.public_id}/").content.decode()
        assert "min. 5, kun" not in page and "aarsplan" not in page, who


def test_min_uge_warns_only_who_convenes(visit, cast, forum):
    forum("grundskole", 1)
    assert "min. 5, kun 1 planlagt" in visit(cast.konsulent).get("/thisted/").content.decode()
    for who in ("chef", "kontakt-klit", "elev", "dpo"):
        assert "kun 1 planlagt" not in visit(cast.users[who]).get("/thisted/").content.decode(), who


def test_a_forum_that_keeps_what_it_agreed_is_left_in_peace(visit, cast, forum):
    steering = forum("styregruppe", 5)
    assert "min. 5, " not in visit(cast.konsulent).get("/thisted/").content.decode()
    page = visit(cast.konsulent).get(f"/thisted/fora/{steering.public_id}/").content.decode()
    assert "Årets møder: " not in page and "Planlæg årets møder" in page


def test_the_warning_names_its_year_and_leads_to_that_year(visit, cast, forum):
    """In the autumn the plan begins with the coming year: there nothing would be missing."""
    network = forum("grundskole", 1)
    page = visit(cast.konsulent).get("/thisted/").content.decode()
    link = f"/thisted/fora/{network.public_id}/aarsplan/?year={THIS_YEAR}"
    assert f"For få eller for mange møder i {THIS_YEAR}" in page and link in page
    assert f"Møderne i {THIS_YEAR}" in visit(cast.konsulent).get(link).content.decode()
    assert link in visit(cast.konsulent).get(f"/thisted/fora/{network.public_id}/").content.decode()


@pytest.mark.parametrize(
    ("unit", "said", "leads"), [("PER_YEAR", "Planlæg årets møder i", "/aarsplan/"), ("AT_MEETING", "Planlæg det første møde i", "/moeder/nyt/?forum="), ("NONE", "", "")]
)
def test_who_convenes_a_forum_that_has_never_met_is_led_to_its_first_meetings(visit, cast, as_actor, unit, said, leads):
    with as_actor(cast.it) as actor:
        level = Forum.objects.filter(tenant=actor.tenant_id).first().level
        new = open_forum(Tenant.objects.get(pk=actor.tenant_id), actor=actor, key="nyt", name="Ungegruppen", level=level, kind="NETVAERK", ceiling="INTERNAL", cadence_unit=unit,
                         cadence_number=4)  # fmt: skip
        sender = Organisation.objects.filter(tenant=actor.tenant_id, kind="municipal_other").first()
        add_seat(new, actor=actor, role=SeatRole.COORDINATOR, title="Konsulent", organisation=sender, key="nyt/konsulent", user=cast.konsulent)
    page = visit(cast.konsulent).get("/thisted/").content.decode()
    assert (f"{said} Ungegruppen" in page and leads in page) if said else "Ungegruppen" not in page
    assert ", ingen planlagt" not in page  # it is begun, not behind


def test_a_forum_without_a_rhythm_says_who_writes_one(visit, cast, forum, as_actor):
    network = forum("grundskole", 0)
    with as_actor(cast.it):
        Forum.objects.filter(pk=network.pk).update(cadence_unit="NONE")
    assert "forummet har ingen rytme at regne ud fra" in visit(cast.konsulent).get(f"/thisted/fora/{network.public_id}/aarsplan/").content.decode()


def test_a_forum_that_first_meets_next_year_lacks_nothing_in_this(visit, cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        steering = Forum.objects.get(tenant_id=actor.tenant_id, key="styregruppe")
        starts_at = timezone.make_aware(timezone.datetime(THIS_YEAR + 1, 2, 1, 9))
        Meeting.objects.filter(forum=steering).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), planned_for="")
    with as_actor(cast.it):
        Forum.objects.filter(pk=steering.pk).update(cadence_unit="PER_YEAR", cadence_number=5, cadence_qualifier="MIN")
    page = visit(cast.konsulent).get("/thisted/").content.decode()
    assert "min. 5, " not in page and f"møder i {steering.name}" not in page
