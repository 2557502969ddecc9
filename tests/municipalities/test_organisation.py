"""The organisation and a forum's page: who sees what."""

import gzip
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.actor import Actor
from access.roles import DataClass, ForumKind, Verb
from meetings.actions import create_meeting
from municipalities.figures import ForumFigures
from municipalities.models import Area, Forum, Seat
from municipalities.organisation import ForumCard, forums_of, sees_inside, shows_more
from municipalities.picture import organisation_picture

PAGE = "/thisted/organisation/"
FORMER = "/thisted/organisation/tidligere-fora/"


@pytest.fixture
def forum(cast, as_actor):
    """`forum("p115")`: a forum of Thisted (or of its politikreds), read as the coordinator."""

    def find(key, slug="thisted", user=None):
        with as_actor(user or cast.konsulent, slug):
            return Forum.objects.get(key=key)

    return find


def text_of(response):
    html = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.replace("\u00a0", " ").replace("\u2060", "").split())


def address(forum, slug="thisted"):
    return f"/{slug}/fora/{forum.public_id}/"


def box_of(response, name):
    """The text of one forum's box in the picture, and whether it is a link."""
    html = response.content.decode().replace("\u00a0", " ").replace("\u2060", "")
    picture = html[html.index('<svg class="op"') : html.index('id="liste"')]
    (box,) = [piece for piece in re.split(r'<(?=(?:a|g) class="op-box)', picture)[1:] if f">{name}<" in piece]
    return " ".join(re.sub(r"<[^>]+>", " ", "<" + box).split()), box.startswith("a ")


def row_of(response, name):
    """The text of one forum's row in the list."""
    html = response.content.decode().replace("\u00a0", " ").replace("\u2060", "")
    (row,) = [piece for piece in html[html.index('id="liste"') :].split("<tr>")[2:] if f"{name}<" in piece.split("</th>")[0]]
    return " ".join(re.sub(r"<[^>]+>", " ", row.split("</tr>")[0]).split())


# ---- the picture and the list -------------------------------------------------------------------------------------
def test_the_tiers_stand_from_kredsraad_to_networks(visit, cast):
    html = visit(cast.konsulent).get(PAGE).content.decode()
    picture = html[html.index('<svg class="op"') : html.index('id="liste"')]
    order = [picture.index(f">{name}<") for name in ("Kredsråd", "Lokalråd", "SSP-styregruppe", "SSP Grundskole", "SSP+", "Trygt Natteliv")]
    assert order == sorted(order)
    assert "Samarbejdsplan og prioriteringer" in picture and ">Koordinerende<" in picture


def test_picture_and_list_hold_the_same_forums(visit, cast):
    html = visit(cast.konsulent).get(PAGE).content.decode()
    assert html[html.index('id="liste"') :].split("</table>")[0].count('<th scope="row">') == html.count('class="op-box') == 9


def test_every_box_that_leads_somewhere_is_a_link_with_its_name(visit, cast):
    text, is_link = box_of(visit(cast.elev).get(PAGE), "SSP Grundskole")
    assert is_link and text.startswith("SSP Grundskole 3 møder om året og kursus Ditte Havmark, SSP-konsulent Næste: ")
    assert text.endswith("Sk So Po 7 2 1")  # drawn; hidden from a screen reader, to whom the list says it in words


def test_a_draft_is_the_forums_own_until_it_is_called(visit, cast, as_actor, forum):
    """Picture, list and the forum's page: who plans sees the draft as the next meeting, other members do not."""
    grundskole, start = forum("grundskole"), (timezone.localtime() + timedelta(hours=1)).replace(second=7)
    with as_actor(cast.konsulent) as actor:
        create_meeting(grundskole, actor=actor, starts_at=start, ends_at=start + timedelta(hours=1), place="Kladdens sted")
    clock = f"kl. {start.hour}.{start.minute:02}"
    for user, sees in ((cast.konsulent, True), (cast.elev, False), (cast.it, False)):
        page = visit(user).get(PAGE)
        assert [clock in box_of(page, "SSP Grundskole")[0], clock in row_of(page, "SSP Grundskole")] == [sees, sees], user
        assert ("Kladdens sted" in text_of(visit(user).get(address(grundskole)))) is sees


def test_an_ordinary_forum_shows_every_member_its_meetings_held_against_agreed(visit, cast):
    assert re.search(r"\d+ af 3", row_of(visit(cast.elev).get(PAGE), "SSP Grundskole"))


def test_a_forum_with_person_data_shows_others_seats_and_cadence_but_no_dates_or_counts(visit, cast):
    client = visit(getattr(cast, "kontakt-klit"))
    text, _is_link = box_of(client.get(PAGE), "§ 115-møder")
    assert "Personoplysninger, § 115" in text and "hver 3. uge og ad hoc" in text
    row = row_of(client.get(PAGE), "§ 115-møder")
    assert "Næste" not in text and "Havmark" not in text + row
    assert row.count("lukket") == 3 and "behandler personoplysninger" in row and not re.search(r"\d+ af \d+", row)


def test_its_own_members_see_the_next_meeting(visit, cast):
    page = visit(cast.gade).get(PAGE)
    assert "lukket" not in row_of(page, "§ 115-møder") and "Ditte Havmark SSP-konsulent" in row_of(page, "§ 115-møder")
    assert "Ditte Havmark" in box_of(page, "§ 115-møder")[0] and "Næste: " in box_of(page, "§ 115-møder")[0]


def test_a_chair_stands_before_the_coordinator_and_who_has_not_come_yet_under_the_invited_name(visit, cast, as_actor):
    from municipalities.actions import add_seat
    from municipalities.models import Invitation, Organisation

    with as_actor(cast.it) as actor:
        forum = Forum.objects.get(key="grundskole", tenant=actor.tenant_id)
        organisation = Organisation.objects.filter(tenant=actor.tenant_id).first()
        add_seat(forum, actor=actor, role="CHAIR", title="Rektor", organisation=organisation, user=cast.kui)
        later = timezone.now() + timedelta(days=9)
        Invitation.objects.create(tenant_id=actor.tenant_id, user=cast.kui, name="Som Indbudt", sent_at=timezone.now(), expires_at=later, invited_by=cast.it)
    for user, name in ((cast.konsulent, cast.kui.name), (cast.it, "Som Indbudt")):
        page = visit(user).get(PAGE)
        assert f"{name} Formand" in row_of(page, "SSP Grundskole")
        assert f"{name}, formand" in box_of(page, "SSP Grundskole")[0]


@pytest.mark.parametrize(("who", "links"), [("konsulent", True), ("chef", False), ("dpo", False)])
def test_an_infohus_shows_others_its_name_and_nothing_more(visit, cast, forum, who, links):
    infohus = forum("infohus")
    response = visit(getattr(cast, who)).get(PAGE)
    text, is_link = box_of(response, "INFO-hus Thisted Kommune")
    assert is_link is links
    assert links or text == "INFO-hus Thisted Kommune"
    assert (address(infohus) in response.content.decode()) is links
    assert visit(getattr(cast, who)).get(address(infohus)).status_code == (200 if links else 404)


def test_a_guest_sees_no_organisation(visit, cast):
    assert visit(cast.laerer).get(PAGE).status_code == 404
    assert visit(cast.laerer).get(FORMER).status_code == 404


def test_a_forum_that_has_ended_is_not_drawn_but_found(visit, cast, as_actor):
    client = visit(cast.konsulent)
    assert "Tidligere fora" not in client.get(PAGE).content.decode()
    with as_actor(cast.it):
        Forum.objects.filter(key="trygt-natteliv").update(active_to=timezone.localdate() - timedelta(days=1))
    page = client.get(PAGE).content.decode()
    assert "Trygt Natteliv" not in page and FORMER in page
    assert "Trygt Natteliv" in client.get(FORMER).content.decode()
    assert "Ingen fora er sluttet" in visit(cast.kredssekretaer).get("/midt-og-vestjylland/organisation/tidligere-fora/").content.decode()


def test_a_forum_that_ends_today_is_still_there(visit, cast, as_actor):
    with as_actor(cast.it):
        Forum.objects.filter(key="trygt-natteliv").update(active_to=timezone.localdate())
    assert "Trygt Natteliv" in visit(cast.konsulent).get(PAGE).content.decode()


def test_a_kommune_without_forums_is_led_on_to_what_there_is(visit, cast, as_actor):
    with as_actor(cast.it):
        Forum.objects.filter(tenant__slug="thisted").update(active_to=timezone.localdate() - timedelta(days=1))
    page = text_of(visit(cast.konsulent).get(PAGE))
    assert "Kommunen har ikke selv beskrevet nogen fora endnu" in page and "Forebyggelsestrekanten" in page
    assert "Kredsråd" in page  # of its politikreds, all the same


def test_forums_of_one_area_stand_in_its_frame_and_a_nested_one_under_its_parent(visit, cast, as_actor):
    before = len(visit(cast.konsulent).get(PAGE).context["drawing"].lines)
    with as_actor(cast.it) as actor:
        nord = Area.objects.create(tenant_id=actor.tenant_id, name="Nord")
        school = Area.objects.create(tenant_id=actor.tenant_id, name="Klitskolen", kind="school", parent=nord)
        Forum.objects.filter(key="grundskole").update(area=nord)
        Forum.objects.filter(key="ssp-plus").update(area=school)
        Forum.objects.filter(key="trygt-natteliv").update(parent=Forum.objects.get(key="grundskole", tenant=actor.tenant_id))
    response = visit(cast.konsulent).get(PAGE)
    assert response.content.decode().count('class="op-frame"') == 1
    assert "Klitskolen" in box_of(response, "SSP+")[0]
    assert "SSP Grundskole" in row_of(response, "Trygt Natteliv")
    assert len(response.context["drawing"].lines) == before + 1


# ---- one forum ----------------------------------------------------------------------------------------------------
def test_a_forums_page_names_its_members_and_meetings(visit, cast, forum):
    page = text_of(visit(cast.chef).get(address(forum("grundskole"))))
    for part in ("Ditte Havmark", "Seneste møder", "Næste møde", "Rytme", "3 møder om året og kursus"):
        assert part in page


def test_only_those_who_read_agendas_get_links_and_the_standing_agenda(visit, cast, forum):
    grundskole = forum("grundskole")
    inside, outside = (visit(user).get(address(grundskole)).content.decode() for user in (cast.konsulent, cast.chef))
    assert "Fast dagsorden" in inside and "/thisted/moeder/" in inside.split('id="indhold"')[1]
    assert "Fast dagsorden" not in outside and "/thisted/moeder/" not in outside.split('id="indhold"')[1].split("<footer")[0]


def test_the_page_of_a_forum_with_person_data_is_closed_to_others(visit, cast, forum):
    page = text_of(visit(cast.chef).get(address(forum("p115"))))
    assert "Myndighedsleder" in page and "Kun forummets medlemmer ser" in page
    for closed in ("Birgitte", "Nermin", "Næste møde", "Seneste møder", "holdt i år"):
        assert closed not in page


def test_the_kredsraad_of_the_politikreds_is_shown_in_its_kommuner(visit, cast, forum):
    kreds = forum("kredsraad", "midt-og-vestjylland", cast.kredssekretaer)
    page = text_of(visit(cast.chef).get(address(kreds)))
    assert "Ellen Riishede" in page and "Næste møde" in page


def test_the_politikreds_sees_no_forum_of_its_kommuner(visit, cast, forum):
    page = text_of(visit(cast.kredssekretaer).get("/midt-og-vestjylland/organisation/"))
    assert "Kredsråd" in page and "Lokalråd" not in page
    assert visit(cast.kredssekretaer).get(address(forum("lokalraad"), "midt-og-vestjylland")).status_code == 404


def test_a_forum_of_the_neighbour_looks_like_a_missing_one(visit, cast, forum):
    client, foreign = visit(cast.fnt), forum("lokalraad")
    missing, other = client.get("/morsoe/fora/zzzzzzzzzzzzzz/"), client.get(address(foreign, "morsoe"))
    assert (missing.status_code, other.status_code) == (404, 404)
    assert text_of(missing) == text_of(other)


def test_a_seat_that_ends_closes_the_next_click(visit, cast, as_actor):
    client = visit(cast.elev)
    assert client.get(PAGE).status_code == 200
    with as_actor(cast.it) as actor:
        from municipalities.actions import end_seat

        for seat in Seat.objects.current().filter(user=cast.elev):
            end_seat(seat, actor=actor)
    assert client.get(PAGE).status_code == 404


# ---- rules without a page -----------------------------------------------------------------------------------------
def test_who_is_no_member_knows_of_no_forum(db):
    assert not forums_of(Actor(user_id=1, tenant_id=1)).exists()


@pytest.mark.parametrize(
    ("ceiling", "holds", "inside", "more"),
    [
        (DataClass.INTERNAL, False, True, True), (DataClass.PERSON_115, False, False, True), (DataClass.PERSON_115, True, True, True),
        (DataClass.PERSON_INFOHUS, False, False, False), (DataClass.PERSON_INFOHUS, True, True, True),
    ],
)  # fmt: skip
def test_three_degrees_of_openness(ceiling, holds, inside, more):
    forum = Forum(pk=7, kind=ForumKind.NETVAERK, ceiling=ceiling)
    actor = Actor(user_id=1, tenant_id=1, is_member=True, forums={Verb.VIEW_FORUM: frozenset({7} if holds else ())})
    assert (sees_inside(actor, forum), shows_more(actor, forum)) == (inside, more)


def test_figures_of_a_forum_with_none_are_empty():
    assert ForumCard(Forum(), is_inside=True, shows_more=True).figures == ForumFigures(None, 0)


def test_no_forums_no_boxes():
    assert organisation_picture([], {}).boxes == []


def test_a_vacant_seat_is_said_where_the_holders_are_shown_and_nowhere_else(visit, cast, as_actor):
    from municipalities.actions import add_seat
    from municipalities.models import Organisation

    before = {card.forum.key: card.vacant for card in visit(cast.konsulent).get(PAGE).context["cards"]}
    with as_actor(cast.it) as actor:
        for key in ("styregruppe", "p115"):
            forum = Forum.objects.get(key=key, tenant=actor.tenant_id)
            add_seat(forum, actor=actor, role="MEMBER", title="Ledig", organisation=Organisation.objects.filter(tenant=actor.tenant_id, kind="municipal_other").first())
    response = visit(cast.konsulent).get(PAGE)
    now = {card.forum.key: card.vacant for card in response.context["cards"]}
    assert (now["styregruppe"], now["p115"]) == (before["styregruppe"] + 1, before["p115"] + 1)  # he sits in both
    assert f"{now['styregruppe']} plads" in text_of(response) and "er ledig" in text_of(response)
    closed = {card.forum.key: card.vacant for card in visit(cast.chef).get(PAGE).context["cards"]}
    assert closed["p115"] == 0 and closed["styregruppe"] == now["styregruppe"]


# ---- what it costs ------------------------------------------------------------------------------------------------
def test_three_forums_and_sixty_take_the_same_queries(visit, cast, as_actor):
    """Whatever they have: an area, a forum above, a rhythm that follows another's, seats of every authority."""
    client = visit(cast.konsulent)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    with as_actor(cast.it) as actor:
        thisted = Forum.objects.filter(tenant=actor.tenant_id)
        thisted.exclude(key__in=("lokalraad", "ssp-plus")).update(active_to=timezone.localdate() - timedelta(days=1))
    queries()
    few = queries()
    with as_actor(cast.it) as actor:
        from municipalities.actions import add_seat, open_forum
        from municipalities.models import Organisation, Tenant

        known, tenant = thisted.get(key="ssp-plus"), Tenant.objects.get(pk=actor.tenant_id)
        organisations = list(Organisation.objects.filter(tenant=tenant))
        above = known
        for number in range(57):
            above = open_forum(
                tenant, actor=actor, level=known.level, key=f"ny-{number}", name=f"Nyt {number}", kind="ARBEJDSGRUPPE", ceiling="INTERNAL", order=50,
                parent=above if number % 3 else known, area=Area.objects.create(tenant=tenant, name=f"Område {number}"), cadence_unit="AFTER", cadence_of=known,
            )  # fmt: skip
            add_seat(above, actor=actor, role="MEMBER", title="Medlem", organisation=organisations[number % len(organisations)], user=cast.kui)
    response = client.get(PAGE)
    assert len(response.context["drawing"].boxes) == 60
    assert queries() == few
    assert few <= 14  # 12, and the savepoint of the test


def test_the_page_stays_light(visit, cast):
    """Weighed as it is sent: the picture repeats itself, and so packs well."""
    assert len(gzip.compress(visit(cast.konsulent).get(PAGE).content, compresslevel=6)) <= 8_000


def test_vacant_seats_are_said_in_words_on_a_line_of_their_own(cast, visit):
    html = visit(cast.konsulent).get("/thisted/organisation/").content.decode()
    assert re.search(r'<br><span class="sm mute nw">\d+ plads(er)? er ledige?</span>', html)
