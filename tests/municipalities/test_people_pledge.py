"""The duty of confidentiality: nothing about a person before it is accepted, everything as before afterwards."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db.models.functions import Now

from access.actor import rights_statement
from access.context import NOBODY, actor_of, context_of, resolve_actor, write_context
from access.models import LogEntry
from access.roles import Verb
from cases.models import AdHocGrant, Case, CaseItem
from meetings.models import AgendaItem, Meeting
from municipalities.models import ConfidentialityPledge, Forum, Tenant
from tests.conftest import acting, make_client
from tests.rules.crawl import canaries, readable, shown_on, visits


def accept(window, target="/thisted/"):
    return window.post("/thisted/tavshedspligt/", {"accepted": "on", "next": target})


def p115_meeting(as_actor, cast):
    with as_actor(cast.konsulent):
        return Meeting.objects.filter(forum__key="p115", status="CALLED").order_by("starts_at").first()


def test_without_the_pledge_no_page_shows_a_person(cast, visit, log):
    """The crawl of the kill switch, as the new member: not one canary; after accepting, the cases show some."""
    watched = canaries()
    window = visit(cast.ny)
    shown = [(url, canary.text) for url, response in visits(window, "thisted") for canary in shown_on(response, watched)]
    assert shown == []
    assert not [entry for entry in log() if entry.actor_id == cast.ny.pk and entry.action in LogEntry.Action.READS and entry.subjects]
    assert accept(window).status_code == 302
    assert any(shown_on(response, watched) for _url, response in visits(window, "thisted", within="sager/"))


def test_without_the_pledge_the_database_shows_nothing(cast, actor_for):
    actor = actor_for(cast.ny)
    assert actor.owes_pledge and not actor.holds(Verb.VIEW_CASES)
    assert {actor.walls()[key] for key in ("case_forums", "guest_cases", "guest_meetings", "guest_items")} == {"{}"}
    with acting(actor):
        assert Case.objects.count() == CaseItem.objects.count() == 0
        assert not AgendaItem.objects.filter(data_class="PERSON_115").exists()


def test_a_seat_without_persons_owes_nothing(cast, actor_for, visit):
    assert not actor_for(cast.vpi).owes_pledge
    page = readable(visit(cast.it).get("/thisted/tavshedspligt/"))
    assert "Ingen af dine pladser" in page


def test_he_is_led_to_the_page_and_back(cast, visit):
    window = visit(cast.ny)
    first = window.get("/thisted/sager/?vis=alle")
    assert (first.status_code, first.headers["Location"]) == (302, "/thisted/tavshedspligt/?next=%2Fthisted%2Fsager%2F%3Fvis%3Dalle")
    page = window.get(first.headers["Location"])
    assert "§ 152" in readable(page) and 'value="/thisted/sager/?vis=alle"' in page.content.decode()
    back = accept(window, "/thisted/sager/?vis=alle")
    assert back.headers["Location"] == "/thisted/sager/?vis=alle"
    assert window.get("/thisted/sager/").status_code == 200
    assert "accepterede dette den" in readable(window.get("/thisted/tavshedspligt/"))


def test_the_box_must_be_ticked(cast, visit):
    window = visit(cast.ny)
    answer = window.post("/thisted/tavshedspligt/", {"next": "/thisted/sager/"})
    assert answer.status_code == 422 and "Sæt kryds" in readable(answer)
    assert window.get("/thisted/sager/").status_code == 302


@pytest.mark.parametrize("target", ["https://ondt.example/", "//ondt.example/thisted/", "/morsoe/sager/", "/thisted/\\ondt.example", ""])
def test_back_is_a_page_of_this_kommune(cast, visit, target):
    location = accept(visit(cast.ny), target).headers["Location"]
    assert location.startswith("/thisted/") and "//" not in location


def test_min_uge_and_the_meeting_tell_why(cast, visit, as_actor):
    window, meeting = visit(cast.ny), p115_meeting(as_actor, cast)
    assert "Læs og accepter" in readable(window.get("/thisted/"))
    page = window.get(f"/thisted/moeder/{meeting.public_id}/")
    assert page.status_code == 200
    assert "Lukket del" in readable(page) and f"/thisted/tavshedspligt/?next=/thisted/moeder/{meeting.public_id}/" in page.content.decode()
    accept(window)
    assert "/thisted/tavshedspligt/" not in window.get(f"/thisted/moeder/{meeting.public_id}/").content.decode()


def test_a_write_and_a_part_of_a_page_are_refused(cast, visit, as_actor):
    with as_actor(cast.konsulent):
        case = Case.objects.filter(forum__key="p115").first()
    window = visit(cast.ny)
    assert window.post(f"/thisted/sager/{case.public_id}/ret/", {"reason": "x"}).headers["Location"] == "/thisted/tavshedspligt/"
    assert window.post(f"/thisted/sager/{case.public_id}/ret/", {"reason": "x"}, headers={"X-Autosave": "1"}).status_code == 422


def test_a_guest_is_asked_too(cast, visit, as_actor):
    """A teacher is called in for one case: his meeting and his case lead to the page first, then open."""
    with as_actor(cast.konsulent):
        grant = AdHocGrant.objects.filter(user=cast.laerer).select_related("case", "meeting").first()
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=Now() - timedelta(hours=1), valid_to=Now() + timedelta(hours=1))
    window, case, meeting = visit(cast.laerer), grant.case.public_id, grant.meeting.public_id
    assert window.get(f"/thisted/moeder/{meeting}/").status_code == 200
    with raised_version():
        for path in (f"sager/{case}/", f"moeder/{meeting}/"):
            assert window.get(f"/thisted/{path}").headers["Location"].startswith("/thisted/tavshedspligt/"), path
        assert "Læs og accepter" in readable(window.get("/thisted/"))
        accept(window)
        assert window.get(f"/thisted/moeder/{meeting}/").status_code == 200
        assert window.get(f"/thisted/sager/{case}/").headers["Location"].startswith(f"/thisted/sager/{case}/")  # the purpose gate


class raised_version:  # noqa: N801
    """The text has been changed: the statement of the rights is compiled anew with the next version."""

    def __enter__(self):
        from municipalities import pledges, rights

        self.patch = pytest.MonkeyPatch()
        for module in (pledges, rights):
            self.patch.setattr(module, "PLEDGE_VERSION", 2)
        rights_statement.cache_clear()

    def __exit__(self, *error):
        self.patch.undo()
        rights_statement.cache_clear()


def test_a_new_text_is_asked_for_again(cast, visit):
    window = visit(cast.konsulent)
    assert window.get("/thisted/sager/").status_code == 200
    with raised_version():
        assert window.get("/thisted/sager/").status_code == 302
        accept(window)
        assert window.get("/thisted/sager/").status_code == 200


def test_it_counts_in_one_kommune_alone(cast, as_actor, actor_for):
    with as_actor(cast.fnt, "thisted"):
        assert set(ConfidentialityPledge.objects.values_list("tenant__slug", flat=True)) == {"thisted"}
    assert not actor_for(cast.fnt, "morsoe").owes_pledge


@pytest.mark.django_db(transaction=True)
def test_nobody_accepts_for_another_and_nothing_is_taken_back(cast):
    tenant = Tenant.objects.get(slug="thisted")
    with pytest.raises(DatabaseError, match="row-level security"), context_of(actor_of(cast.it, "thisted")):
        ConfidentialityPledge.objects.create(tenant=tenant, user=cast.ny, version=1)
    with context_of(actor_of(cast.konsulent, "thisted")):
        assert ConfidentialityPledge.objects.filter(user=cast.konsulent).update(version=9) == 0
        assert ConfidentialityPledge.objects.filter(user=cast.konsulent).delete()[0] == 0
        assert ConfidentialityPledge.objects.filter(user=cast.konsulent).exists()


def test_accepting_twice_is_once_and_stands_in_the_log(cast, visit, log):
    window = visit(cast.ny)
    for _ in range(2):
        assert accept(window).status_code in (200, 302)
    rows = [entry for entry in log() if entry.actor_id == cast.ny.pk and entry.action == LogEntry.Action.CREATE]
    assert len(rows) == 1


def test_the_pledge_costs_no_query(cast, django_assert_num_queries):
    """One query finds the tenant; the statement of all rights, which goes past Django's counting, asks for the pledge as well."""
    assert rights_statement().count("municipalities_confidentialitypledge") >= 1
    for user in (cast.ny, cast.konsulent):
        with django_assert_num_queries(1):
            assert resolve_actor(user, "thisted")
        write_context(NOBODY)


def test_general_work_goes_on_without_it(cast, as_actor, visit):
    """Seats in ordinary forums are not touched: only what concerns persons waits."""
    with as_actor(cast.konsulent):
        forum = Forum.objects.get(tenant__slug="thisted", key="styregruppe")
    window = make_client(cast.konsulent)
    with raised_version():
        assert window.get(f"/thisted/fora/{forum.public_id}/").status_code == 200
        assert window.get("/thisted/aftaler/").status_code == 200
