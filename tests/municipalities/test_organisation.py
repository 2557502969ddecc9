"""The organisation and a forum's page: who sees what."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.actor import Actor
from access.roles import DataClass, ForumKind, Verb
from municipalities.figures import ForumFigures
from municipalities.models import Forum, Seat
from municipalities.organisation import ForumCard, forums_of, sees_inside, shows_more, tiers

PAGE = "/thisted/organisation/"


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


def part_about(response, name):
    """The text of one forum's card in the picture."""
    (card,) = [piece for piece in response.content.decode().split('<li class="forum')[1:] if name in piece.split("</h3>")[0]]
    return " ".join(re.sub(r"<[^>]+>", " ", card.split("</details>")[0]).split())


# ---- the picture --------------------------------------------------------------------------------------------------
def test_the_tiers_stand_from_kredsraad_to_networks(visit, cast):
    html = visit(cast.konsulent).get(PAGE).content.decode()
    picture = html[html.index('class="orgmap"') : html.index('id="liste"')]
    order = [picture.index(f">{name}<") for name in ("Kredsråd", "Lokalråd", "SSP-styregruppe", "SSP Grundskole", "SSP+", "Trygt Natteliv")]
    assert order == sorted(order)
    assert "Samarbejdsplan og prioriteringer" in picture


def test_every_forum_stands_in_the_list_too(visit, cast):
    html = visit(cast.konsulent).get(PAGE).content.decode()
    rows = html[html.index('id="liste"') :].count('<th scope="row">')
    assert rows == 9


def test_an_ordinary_forum_shows_every_member_holders_and_meetings_held_against_agreed(visit, cast):
    card = part_about(visit(cast.elev).get(PAGE), "SSP Grundskole")
    assert "Ditte Havmark" in card
    assert re.search(r"\d+ af 3 møder holdt i år", visit(cast.elev).get(PAGE).content.decode())
    assert "Næste" in card


def test_a_forum_with_person_data_shows_others_seats_without_holders_dates_or_counts(visit, cast):
    card = part_about(visit(getattr(cast, "kontakt-klit")).get(PAGE), "115")
    assert "Gademedarbejder, HUSET" in card
    assert "hver 3. uge og ad hoc" in card
    for closed in ("Nermin", "Anders", "Ditte", "Næste", "ledig", "holdt i år"):
        assert closed not in card


def test_its_own_members_see_holders_and_the_next_meeting(visit, cast):
    card = part_about(visit(cast.gade).get(PAGE), "115")
    assert "Nermin Đorđević" in card
    assert "Næste" in card


@pytest.mark.parametrize(("who", "links"), [("konsulent", True), ("chef", False), ("dpo", False)])
def test_an_infohus_shows_others_its_name_and_nothing_more(visit, cast, forum, who, links):
    infohus = forum("infohus")
    response = visit(getattr(cast, who)).get(PAGE)
    assert "INFO-hus" in text_of(response)
    assert (address(infohus) in response.content.decode()) is links
    assert visit(getattr(cast, who)).get(address(infohus)).status_code == (200 if links else 404)


def test_a_guest_sees_no_organisation(visit, cast):
    assert visit(cast.laerer).get(PAGE).status_code == 404


def test_vacant_seats_are_marked(visit, cast):
    assert "Elevrepræsentant" in part_about(visit(cast.konsulent).get(PAGE), "SSP+")
    assert "ledig" in part_about(visit(cast.konsulent).get(PAGE), "SSP+")


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


def test_no_forums_no_tiers():
    assert tiers([]) == []


# ---- what it costs ------------------------------------------------------------------------------------------------
def test_the_number_of_queries_does_not_follow_the_number_of_forums_and_seats(visit, cast, as_actor):
    client = visit(cast.konsulent)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    queries()
    few = queries()
    with as_actor(cast.it) as actor:
        from municipalities.actions import add_seat, open_forum
        from municipalities.models import Organisation, Tenant

        known = Forum.objects.get(key="ssp-plus")
        for number in range(12):
            new = open_forum(
                Tenant.objects.get(pk=known.tenant_id), actor=actor, level=known.level, key=f"ny-{number}", name=f"Nyt {number}", kind="ARBEJDSGRUPPE", ceiling="INTERNAL", order=50
            )
            add_seat(new, actor=actor, role="MEMBER", title="Medlem", organisation=Organisation.objects.filter(tenant=known.tenant_id).first(), user=cast.kui)
    assert queries() == few
    assert few <= 18  # 6 of the walls (and the test's savepoints) + 12


def test_the_page_stays_light(visit, cast):
    assert len(visit(cast.konsulent).get(PAGE).content) <= 30_000
