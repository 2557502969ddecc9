"""Who presents an item: what the field offers to whom, and that the kind follows the words."""

import re
from html import unescape

import pytest

from access.roles import Verb
from cases import agenda_actions
from cases.models import Case
from cases.parts import open_cases
from meetings.actions import add_item, change_item
from meetings.models import AgendaItem, AgendaTemplate, AgendaTemplateItem, Meeting, PresenterKind
from meetings.standing_actions import change_standing_item
from municipalities.models import Forum, Seat

LIST = re.compile(r'<datalist id="fremlaeggere">(.*?)</datalist>', re.DOTALL)


def offered(page):
    """What the page's list of presenters holds."""
    lists = LIST.findall(page)
    assert len(lists) == 1
    return [unescape(name) for name in re.findall(r'<option value="([^"]*)"', lists[0])]


def planned(key):
    return Meeting.objects.filter(tenant__slug="thisted", forum__key=key, status__in=("DRAFT", "CALLED")).order_by("starts_at").first()


@pytest.fixture
def meeting(cast, as_actor):
    with as_actor(cast.konsulent):
        return planned("styregruppe")


def test_an_agenda_offers_everybody_the_forum_its_roles_and_its_people(cast, as_actor, visit, meeting):
    with as_actor(cast.konsulent):
        seats = list(Seat.objects.current().filter(forum=meeting.forum).select_related("user"))
        item = meeting.items.filter(parent=None).first()
    wanted = {"Alle", meeting.forum.name, *(seat.title for seat in seats), *(seat.user.name for seat in seats if seat.user)}
    browser, page = visit(cast.konsulent), f"/thisted/moeder/{meeting.public_id}/"
    for address in (page, f"{page}punkter/{item.public_id}/"):
        said = browser.get(address).content.decode()
        assert set(offered(said)) == wanted and len(offered(said)) == len(wanted)
        assert re.search(r'name="presenter"[^>]* list="fremlaeggere"', said)


def test_who_only_reads_the_agenda_gets_no_list(cast, visit, as_actor, meeting):
    with as_actor(cast.chef) as actor:
        assert meeting.forum_id not in actor.forums_with(Verb.CONVENE)
    assert "fremlaeggere" not in visit(cast.chef).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()


def test_the_kind_follows_the_words(cast, as_actor, meeting):
    with as_actor(cast.konsulent) as actor:
        person = Seat.objects.current().filter(forum=meeting.forum, user__isnull=False).first().user.name
        kinds = {"alle": PresenterKind.ALL, f" {meeting.forum.name}": PresenterKind.BODY, **dict.fromkeys((person, "Forfatteren til bogen", ""), PresenterKind.ROLE)}
        for said, kind in kinds.items():
            assert add_item(meeting, actor=actor, title="Prøve", kind="DROEFTELSE", presenter=said).presenter_kind == kind
        item = change_item(add_item(meeting, actor=actor, title="Prøve", kind="DROEFTELSE", presenter=person), actor=actor, presenter="Alle")
        assert AgendaItem.objects.get(pk=item.pk).presenter_kind == PresenterKind.ALL


def test_a_standing_agenda_has_one_field_for_it_and_keeps_what_a_preset_said_of_the_words(cast, as_actor, visit, meeting):
    with as_actor(cast.konsulent):
        template = AgendaTemplate.objects.filter(forum=meeting.forum).first()
        item = template.items.first()
        AgendaTemplateItem.objects.filter(pk=item.pk).update(presenter="Styregruppen", presenter_kind="BODY")
    address = f"/thisted/dagsordener/{template.public_id}/"
    page = visit(cast.konsulent).get(address).content.decode()
    assert {"Alle", "Ditte Havmark", meeting.forum.name} <= set(offered(page)) and "presenter_kind" not in page
    page = visit(cast.konsulent).get(f"{address}punkter/{item.public_id}/").content.decode()
    assert "Ditte Havmark" in offered(page) and "presenter_kind" not in page
    with as_actor(cast.konsulent) as actor:
        item = AgendaTemplateItem.objects.get(pk=item.pk)
        same = {name: getattr(item, name) for name in ("presenter", "duration", "kind", "data_class", "fill", "is_optional")}
        for more, kind in (({"title": "Nyt navn"}, "BODY"), ({"title": "Nyt navn", "presenter": "SSP-konsulenten"}, "ROLE"), ({"title": "Nyt navn", "presenter": "Alle"}, "ALL")):
            change_standing_item(item, actor=actor, seen=None, parent=None, **{**same, **more})
            assert AgendaTemplateItem.objects.get(pk=item.pk).presenter_kind == kind


@pytest.mark.parametrize(("key", "roles"), [("p115", True), ("infohus", False)])
def test_nobody_is_named_to_who_may_not_see_who_holds_the_seats(cast, as_actor, visit, key, roles):
    """The administrator sets the standing agendas up, and sees of a forum with person data no more than its roles."""
    with as_actor(cast.it) as actor:
        forum = Forum.objects.get(tenant__slug="thisted", key=key)
        assert forum.pk not in actor.forums_with(Verb.VIEW_FORUM)
        template = AgendaTemplate.objects.filter(forum=forum).first() or AgendaTemplate.objects.create(tenant_id=forum.tenant_id, forum=forum, name="Prøve")
        seats = list(Seat.objects.current().filter(forum=forum).select_related("user"))
    page = visit(cast.it).get(f"/thisted/dagsordener/{template.public_id}/").content.decode()
    assert set(offered(page)) == {"Alle", forum.name, *(seat.title for seat in seats if roles)}
    assert not [seat.user.name for seat in seats if seat.user and seat.user.name in page]


def test_a_case_on_an_agenda_is_offered_the_same_and_takes_no_cpr_number(cast, as_actor, visit):
    with as_actor(cast.konsulent):
        meeting = planned("p115")
        case = open_cases(meeting).first()
    browser, address = visit(cast.konsulent), f"/thisted/sager/paa-dagsorden/{meeting.public_id}/"
    page = browser.get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert "Anders Strandhede" in offered(page) and re.search(r'name="sag-presenter"[^>]* list="fremlaeggere"', page)
    said = browser.post(address, {"sag-case": case.public_id, "sag-presenter": "010203-1234", "sag-minutes": "10"}, follow=True).content.decode()
    assert "ligner et CPR-nummer" in said
    with as_actor(cast.konsulent) as actor:
        case = Case.objects.get(pk=case.pk)
        assert agenda_actions.put_on_agenda(case, meeting, actor=actor, presenter="Alle").item.presenter_kind == PresenterKind.ALL
