"""Every page of meetings, as those who come: what each sees, and what nobody else does."""

import re

import pytest

from meetings.models import CLOSED_ITEM_TITLE, AgendaItem, Meeting

PAGES = ["", "indkald/", "ret/", "referat/", "godkend/", "dagsorden.pdf", "referat.pdf", "kalender.ics"]


@pytest.mark.parametrize("page", PAGES)
def test_the_coordinator_gets_every_page_of_a_called_meeting(visit, cast, find, page):
    meeting = find("grundskole", "CALLED")
    response = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/{page}")
    assert response.status_code == 200, page


@pytest.mark.parametrize("url", ["", "?uge=2026-40", "?uge=x", "?uge=0-0", "moeder/", "moeder/?forum=x&page=x", "moeder/nyt/", "aftaler/", "aftaler/?mine=1", "aftaler/?udfoert=1"])
def test_the_coordinator_gets_every_overview(visit, cast, url):
    assert visit(cast.konsulent).get(f"/thisted/{url}").status_code == 200


def test_who_convenes_finds_a_new_meeting_wherever_meetings_are_listed(visit, cast, find):
    forum = find("grundskole", "CALLED").forum
    own = f"/thisted/moeder/nyt/?forum={forum.public_id}"
    pages = {
        "": "/thisted/moeder/nyt/", "moeder/": "/thisted/moeder/nyt/", "moeder/halvaar/": "/thisted/moeder/nyt/", f"moeder/?forum={forum.public_id}": own,
        f"fora/{forum.public_id}/": own, f"fora/{forum.public_id}/aarsplan/": own,
    }  # fmt: skip
    convener, member = visit(cast.konsulent), visit(getattr(cast, "kontakt-klit"))
    for page, wanted in pages.items():
        assert f'href="{wanted}"' in convener.get(f"/thisted/{page}").content.decode(), page
        assert "moeder/nyt/" not in member.get(f"/thisted/{page}").content.decode(), page


@pytest.mark.parametrize("page", ["", "godkend/", "dagsorden.pdf", "referat.pdf", "kalender.ics"])
def test_a_member_reads_approved_minutes(visit, cast, find, page):
    meeting = find("grundskole", "APPROVED")
    client = visit(getattr(cast, "kontakt-klit"))
    assert client.get(f"/thisted/moeder/{meeting.public_id}/{page}").status_code == 200


@pytest.mark.parametrize("page", ["indkald/", "ret/", "referat/"])
def test_a_member_without_the_right_gets_no_writing_page(visit, cast, find, page):
    meeting = find("grundskole", "CALLED")
    assert visit(getattr(cast, "kontakt-klit")).get(f"/thisted/moeder/{meeting.public_id}/{page}").status_code == 404  # he has the verb nowhere


def test_who_writes_elsewhere_only_reads_here(visit, cast, find):
    meeting = find("styregruppe", "CALLED")
    response = visit(cast.vpi).get(f"/thisted/moeder/{meeting.public_id}/referat/")  # chair of the Lokalråd, no seat in the styregruppe
    assert response.status_code == 404


def test_members_of_the_tenant_see_the_date_of_a_general_meeting_and_nothing_of_its_agenda(visit, cast, find, as_actor):
    meeting = find("grundskole", "CALLED")
    with as_actor(cast.konsulent):
        titles = list(AgendaItem.objects.filter(meeting=meeting).values_list("title", flat=True))
    page = visit(cast.chef).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert meeting.place in page and titles
    assert not [title for title in titles if title in page]
    assert visit(cast.chef).get(f"/thisted/moeder/{meeting.public_id}/dagsorden.pdf").status_code == 404


@pytest.mark.parametrize("user", ["chef", "dpo", "it", "kontakt-klit", "elev"])
@pytest.mark.parametrize("page", PAGES)
def test_a_meeting_of_a_person_forum_is_not_there_for_others(visit, cast, find, user, page):
    meeting = find("p115", "CALLED")
    assert visit(getattr(cast, user)).get(f"/thisted/moeder/{meeting.public_id}/{page}").status_code == 404


def test_a_meeting_is_not_there_in_another_kommune(visit, cast, find):
    meeting = find("grundskole", "CALLED")
    assert visit(cast.fnt).get(f"/morsoe/moeder/{meeting.public_id}/").status_code == 404


def test_the_kredsraad_is_a_date_in_each_kommune(visit, cast, find):
    meeting = find("kredsraad", "CALLED", user=cast.kredssekretaer, slug=_kreds(cast))
    page = visit(cast.chef).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert meeting.place in page
    assert visit(cast.chef).get(f"/thisted/moeder/{meeting.public_id}/dagsorden.pdf").status_code == 404
    assert visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/aflys/").status_code == 404


def _kreds(cast):
    from access.tenants import own_tenants

    return next(tenant.slug for tenant in own_tenants(cast.kredssekretaer))


def test_a_draft_is_the_forums_own(visit, cast, find):
    meeting = find("ssp-plus", "DRAFT")
    assert visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").status_code == 200
    assert visit(cast.chef).get(f"/thisted/moeder/{meeting.public_id}/").status_code == 404
    assert meeting.public_id not in visit(cast.chef).get("/thisted/moeder/").content.decode()


def test_items_of_the_closed_part_are_never_among_the_general_ones(visit, cast, find, as_actor):
    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent) as actor:
        from meetings.agenda import read_agenda

        agenda = read_agenda(actor, meeting)
        assert AgendaItem.objects.filter(meeting=meeting, data_class="PERSON_115").count() == 4
    assert CLOSED_ITEM_TITLE not in [line.item.title for line in agenda.lines]
    assert [line.place for line in agenda.lines] == list(range(1, len(agenda.lines) + 1))
    assert agenda.closed_part and not agenda.closed_line and agenda.lines[0].at == meeting.starts_at


@pytest.mark.parametrize("count", [0, 1, 20])
def test_the_closed_part_is_one_constant_line_for_a_member_without_access(cast, as_actor, actor_for, find, count):
    """Whatever stands behind it: the same markup, no clock times, no gap in the numbers, the same sum of minutes."""
    from dataclasses import replace

    from django.template.loader import render_to_string

    from access.roles import Verb
    from meetings.agenda import read_agenda
    from tests.conftest import acting

    meeting = find("p115", "DRAFT")
    with as_actor(cast.konsulent):
        for order in range(count):
            AgendaItem.objects.create(tenant_id=meeting.tenant_id, forum=meeting.forum, meeting=meeting, order=order, title=CLOSED_ITEM_TITLE, kind="SAG", data_class="PERSON_115")
    full = actor_for(cast.konsulent)
    without = replace(full, forums={verb: ids for verb, ids in full.forums.items() if verb in (Verb.VIEW_FORUM, Verb.VIEW_AGENDA)})
    with acting(without):
        agenda = read_agenda(without, meeting)
        shown = render_to_string("meetings/_agenda.html", {"agenda": agenda, "meeting": meeting})
    assert agenda.closed_line and not agenda.closed_part and agenda.minutes == 40
    assert [line.at for line in agenda.lines] == [None] * 6
    assert shown.count("lockrow") == 1 and "§ 115" not in shown and shown.rindex("lockrow") > shown.rindex("punkt-")


def test_a_reader_without_aggregate_sees_no_gap(cast, as_actor, actor_for, find):
    from dataclasses import replace

    from access.roles import Verb
    from meetings.agenda import read_agenda
    from tests.conftest import acting

    meeting = find("lokalraad", "CALLED")
    full = actor_for(cast.konsulent)
    without = replace(full, forums={verb: ids for verb, ids in full.forums.items() if verb != Verb.VIEW_AGGREGATE})
    with acting(full):
        everything = read_agenda(full, meeting)
    with acting(without):
        agenda = read_agenda(without, meeting)
    assert 0 < len(agenda.lines) < len(everything.lines)
    assert [line.place for line in agenda.lines] == list(range(1, len(agenda.lines) + 1))
    assert not any(line.at for line in agenda.lines) and all(line.at for line in everything.lines)


@pytest.mark.parametrize("url", ["/thisted/", "/thisted/moeder/"])
def test_an_overview_asks_the_same_whatever_the_number_of_rows(visit, cast, as_actor, url):
    client = visit(cast.konsulent)
    client.get(url)
    few = _queries(client, url)
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.filter(forum__key="grundskole", status="CALLED").first()
        for n in range(20):
            Meeting.objects.create(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, starts_at=meeting.starts_at, ends_at=meeting.ends_at, number=n + 10, status="CALLED")
    assert _queries(client, url) == few
    assert few <= 18  # 12 of the page and 6 of the walls


@pytest.mark.parametrize("page", ["", "referat/", "godkend/"])
def test_a_meeting_page_asks_the_same_whatever_the_number_of_items(visit, cast, as_actor, find, page):
    meeting = find("grundskole", "CALLED")
    client = visit(cast.konsulent)
    url = f"/thisted/moeder/{meeting.public_id}/{page}"
    client.get(url)
    few = _queries(client, url)
    with as_actor(cast.konsulent):
        for n in range(20):
            AgendaItem.objects.create(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, order=n + 20, title=f"x{n}")
    assert _queries(client, url) == few <= 12


def _queries(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len([query for query in found if "SAVEPOINT" not in query["sql"] and "set_config('ssp.tenant', ''" not in query["sql"]])


@pytest.fixture
def guest(cast, as_actor, find):
    """The teacher, called in for one case of the coming § 115 meeting: open now, by the database's clock."""
    from datetime import timedelta

    from django.utils import timezone

    from cases.models import AdHocGrant, CaseItem

    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent):
        link = CaseItem.objects.filter(meeting=meeting).order_by("item__order").first()
        now = timezone.now()
        AdHocGrant.objects.filter(user=cast.laerer).delete()
        AdHocGrant.objects.create(
            tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, case_id=link.case_id, meeting=meeting, item_id=link.item_id, user=cast.laerer, reason="x",
            granted_by=cast.konsulent, valid_from=now - timedelta(hours=1), valid_to=now + timedelta(hours=1),
        )  # fmt: skip
    return meeting


def test_a_guest_sees_forum_date_place_and_his_own_item_only(visit, cast, guest, as_actor):
    with as_actor(cast.konsulent):
        general = list(AgendaItem.objects.filter(meeting=guest).exclude(data_class="PERSON_115").values_list("title", flat=True))
    response = visit(cast.laerer).get(f"/thisted/moeder/{guest.public_id}/")
    page = response.content.decode()
    assert response.status_code == 200 and guest.place in page and "Din sag" in page
    assert general and not [title for title in general if title in page]
    assert "Ditte Havmark" not in page and response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", [page for page in PAGES if page])
def test_a_guest_has_no_other_page_of_the_meeting(visit, cast, guest, page):
    assert visit(cast.laerer).get(f"/thisted/moeder/{guest.public_id}/{page}").status_code == 404


def test_a_guests_week_holds_his_meeting_and_nothing_else(visit, cast, guest):
    local = guest.starts_at.isocalendar()
    page = visit(cast.laerer).get(f"/thisted/?uge={local.year}-{local.week}").content.decode()
    assert set(re.findall(r"/thisted/moeder/(\w+)/", page)) == {guest.public_id}
    assert "Mine aftaler" not in page
    assert visit(cast.laerer).get("/thisted/moeder/").status_code == 404


def test_a_forum_with_several_standing_agendas_shows_each_with_its_sub_items(visit, cast, as_actor):
    from meetings.models import AgendaTemplate, AgendaTemplateItem
    from municipalities.models import Forum

    with as_actor(cast.it):
        forum = Forum.objects.get(key="styregruppe")
        template = AgendaTemplate.objects.create(tenant=forum.tenant, forum=forum, name="Årets andet møde", meeting_numbers=[2])
        above = AgendaTemplateItem.objects.create(tenant=forum.tenant, template=template, order=1, title="Nyt fra distrikterne")
        AgendaTemplateItem.objects.create(tenant=forum.tenant, template=template, order=2, title="Justering af fokus", parent=above, is_optional=True)
    page = visit(cast.konsulent).get(f"/thisted/fora/{forum.public_id}/").content.decode()
    part = page.split('id="h-agenda"')[1].split("</section>")[0]
    assert "Årets andet møde" in part and "Fast dagsorden, styregruppe" in part
    assert part.index("Nyt fra distrikterne") < part.index("<ul>") < part.index("Justering af fokus") < part.index("</ul>")
