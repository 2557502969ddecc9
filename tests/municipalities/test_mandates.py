"""A forum's mandate on its page and in the documents: what it says, to whom, and how many queries it takes."""

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from municipalities.actions import add_seat, open_forum
from municipalities.documents import A3, A4, _sized
from municipalities.drawing import draw
from municipalities.drawing_rows import Node
from municipalities.figures import ForumFigures
from municipalities.mandate import _cadence
from municipalities.models import Area, ClassChange, Forum, Organisation, Seat, Tenant
from municipalities.organisation import ForumCard
from tests.documents import faults

PICTURE, ALL = "/thisted/organisation/organisation.pdf", "/thisted/organisation/mandater.pdf"


@pytest.fixture
def forum(cast, as_actor):
    """`forum("p115")`: a forum of Thisted, read as the coordinator."""

    def find(key):
        with as_actor(cast.konsulent):
            return Forum.objects.get(key=key, tenant__slug="thisted")

    return find


def tidy(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u2060", "").split())


def page_text(response):
    return tidy(re.sub(r"<[^>]+>", " ", response.content.decode()))


def pdf_text(response):
    assert response.headers["Content-Type"] == "application/pdf"
    return tidy(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages))


def addresses(forum):
    return f"/thisted/fora/{forum.public_id}/", f"/thisted/fora/{forum.public_id}/mandat.pdf"


@pytest.fixture
def shaped(cast, as_actor):
    """SSP Grundskole with everything that a mandate can say."""
    with as_actor(cast.vpi):  # a second person stands behind the class
        assert ClassChange.objects.filter(forum__key="grundskole").update(status="APPROVED", decided_by=cast.vpi)
    with as_actor(cast.it) as actor:
        found = Forum.objects.get(key="grundskole", tenant=actor.tenant_id)
        found.area = Area.objects.create(tenant_id=actor.tenant_id, name="Klitområdet")
        found.parent = Forum.objects.get(key="infohus", tenant=actor.tenant_id)
        found.convening, found.chairing, found.minutes_are_public, found.ceiling = "TWO", "ELECTED", True, "AGGREGATE"
        found.save()
        Seat.objects.filter(forum=found, user=cast.konsulent).update(elected_on=date(2026, 3, 2), may_minute=True)
        deputy = add_seat(found, actor=actor, role="OBSERVER", title="Reserve", organisation=Organisation.objects.filter(tenant=actor.tenant_id).first())
        Seat.objects.filter(pk=deputy.pk).update(kind="DEPUTY", deputy_for=Seat.objects.filter(forum=found, user=cast.konsulent).first(), has_vote=False, may_convene=True)
    return found


def test_the_page_and_the_document_say_the_same(visit, cast, shaped):
    page, pdf = addresses(shaped)
    client = visit(cast.konsulent)
    for text in (page_text(client.get(page)), pdf_text(client.get(pdf))):
        for part in (
            "Klitområdet", "To personer sammen", "Desuden: Reserve", "Ditte Havmark, valgt 2. marts 2026", "Suppleant for SSP-konsulent", "Uden stemme", "Observatør",
            "Offentlige: godkendte referater", "samlede tal", "3 møder om året og kursus", "INFO-hus Thisted Kommune", "Opbyggende",
        ):  # fmt: skip
            assert part.replace(" ", "") in text.replace(" ", ""), part  # a line may break anywhere


def test_who_convenes_is_not_said_of_the_chair(visit, cast, forum):
    """Nobody is decided to chair it: the words about who calls its meetings stand where that is said."""
    found = forum("grundskole")
    assert (found.chairing, found.chair_text) == ("NONE", "SSP-konsulenten indkalder")
    facts = [fact.lines for fact in visit(cast.konsulent).get(addresses(found)[0]).context["mandate"].facts]
    (convenes,) = [lines for lines in facts if "SSP-konsulenten indkalder" in lines]
    assert len(convenes) == 2 and facts[facts.index(convenes) + 1] == ["Ingen mødeleder er valgt. Forummet ledes af: SSP-konsulent"]  # as the list of all forums says


def test_a_forum_above_that_is_closed_to_the_reader_is_named_and_no_link(visit, cast, shaped):
    page, _pdf = addresses(shaped)
    infohus = f"/thisted/fora/{shaped.parent.public_id}/"
    assert infohus in visit(cast.konsulent).get(page).content.decode()
    closed = visit(cast.chef).get(page)
    assert infohus not in closed.content.decode() and "INFO-hus Thisted" in page_text(closed)


def test_a_closed_forum_names_no_holder_and_no_election_to_others(visit, cast, forum, as_actor):
    closed_one = forum("p115")
    with as_actor(cast.it):
        assert Seat.objects.filter(forum=closed_one, user=cast.gade).update(elected_on=date(2026, 3, 2)) == 1
    page, pdf = addresses(closed_one)
    for text in (page_text(visit(cast.chef).get(page)), pdf_text(visit(cast.chef).get(pdf))):
        assert "Gademedarbejder" in text and "Kun forummets medlemmer ser" in text
        for closed in ("Nermin", "2. marts 2026", "holdt i år", "Ledig"):
            assert closed not in text
    assert "valgt 2. marts 2026" in pdf_text(visit(cast.gade).get(pdf))


def test_only_those_who_read_agendas_get_the_standing_agenda(visit, cast, forum):
    _page, pdf = addresses(forum("grundskole"))
    assert "Bordet rundt: tendenser" in pdf_text(visit(cast.konsulent).get(pdf))
    assert "Bordet rundt: tendenser" not in pdf_text(visit(cast.chef).get(pdf))


@pytest.mark.parametrize(("who", "sees"), [("konsulent", True), ("chef", False)])
def test_all_mandates_are_each_readers_own(visit, cast, who, sees):
    text = pdf_text(visit(getattr(cast, who)).get(ALL))
    assert "Indhold" in text and "Lokalråd" in text and "Kredsråd" in text
    assert ("INFO-hus" in text) is sees
    assert ("Nermin" in text) is sees


@pytest.mark.parametrize("who", ["chef", "dpo", "elev"])
def test_the_picture_as_a_document_names_an_infohus_and_no_more(visit, cast, who):
    text = pdf_text(visit(getattr(cast, who)).get(PICTURE))
    assert "INFO-hus Thisted Kommune" in text and "Politisk og strategisk" in text and "Forebyggelsestrekanten" in text


def test_the_documents_are_logged_and_closed_to_guests(visit, cast, forum, log):
    _page, pdf = addresses(forum("grundskole"))
    before = len(log())
    assert visit(cast.chef).get(pdf).status_code == 200
    assert len(log()) == before + 1
    for address in (PICTURE, ALL, pdf):
        assert visit(cast.laerer).get(address).status_code == 404
    assert visit(cast.chef).get(f"/thisted/fora/{forum('infohus').public_id}/mandat.pdf").status_code == 404


def test_a_large_organisation_takes_larger_paper(cast, visit):
    small = draw([Node(1, "Lokalråd")])
    large = draw([Node(key, f"Gruppe {key}", "Udførende", notes=("hver måned",), marks=(("skole", 2),)) for key in range(60)], across=8)
    assert (_sized(small)["paper"], _sized(large)["paper"]) == (A4.name, A3.name)
    for drawing, paper in ((small, A4), (large, A3)):
        size = _sized(drawing)
        assert float(size["width"][:-2]) <= paper.width + 0.1 and float(size["height"][:-2]) <= paper.height + 0.1


def test_many_forums_take_no_more_queries_and_make_a_sound_document(visit, cast, as_actor):
    client = visit(cast.konsulent)

    def queries(address):
        with CaptureQueriesContext(connection) as found:
            response = client.get(address)
            assert response.status_code == 200
        return len(found), response.content

    queries(ALL)
    few = {address: queries(address)[0] for address in (ALL, PICTURE)}
    with as_actor(cast.it) as actor:
        known = Forum.objects.get(key="ssp-plus", tenant=actor.tenant_id)
        tenant = Tenant.objects.get(pk=actor.tenant_id)
        organisation = Organisation.objects.filter(tenant=tenant).first()
        for number in range(26):
            new = open_forum(tenant, actor=actor, level=known.level, key=f"ny-{number}", name=f"Nyt {number}", kind="ARBEJDSGRUPPE", ceiling="INTERNAL", order=50, parent=known)
            add_seat(new, actor=actor, role="MEMBER", title="Medlem", organisation=organisation, user=cast.kui)
    for address in (ALL, PICTURE):
        count, content = queries(address)
        assert count == few[address]
        assert faults(content) == []


@pytest.mark.parametrize(("held", "table", "page"), [(2, "2 af 3", "2 af 3 møder holdt i år"), (4, "3 af 3 og 1 mere", "3 af 3 møder holdt i år og 1 mere")])
def test_a_meeting_beside_those_that_are_agreed_is_told_apart(forum, held, table, page):
    """DOMAIN.md: «3 a year + 1 ad hoc». Nobody reads «4 of 3»."""
    agreed = forum("grundskole")
    agreed.cadence_unit, agreed.cadence_number, agreed.cadence_extra = "PER_YEAR", 3, 1
    card = ForumCard(agreed, is_inside=True, shows_more=True, figures=ForumFigures(held=held))
    assert card.held == table and _cadence(card).lines[1] == page
