"""The wall of the meeting room shows one item, and only what everybody in the room may read."""

import pytest
from django.utils import timezone

from meetings.actions import add_agreement
from meetings.clock_actions import start_item
from meetings.models import CLOSED_ITEM_TITLE, AgendaItem
from meetings.recusal_actions import recuse


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def items(meeting, as_actor, cast):
    with as_actor(cast.konsulent):
        return list(AgendaItem.objects.filter(meeting=meeting))


@pytest.fixture
def wall(visit, cast):
    def look(meeting, item=None, user=None):
        return visit(user or cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/storskaerm/" + (f"?punkt={item.public_id}" if item else ""))

    return look


def shown(page, element):
    return page.content.decode().split(f"<{element}")[1].split(f"</{element}>")[0]


def test_one_item_and_nothing_of_what_comes(wall, cast, as_actor, meeting, items):
    with as_actor(cast.konsulent) as actor:
        AgendaItem.objects.filter(pk=items[1].pk).update(text="Vi talte om cykler.", decision="Cykler er gode.")
        add_agreement(items[1], actor=actor, who=cast.fnt, what="Låner en pumpe", due_on=timezone.localdate())
    page = wall(meeting, items[1], cast.fnt).content.decode()
    assert items[1].title in page and "Vi talte om cykler." in page and "Cykler er gode." in page and "Låner en pumpe" in page
    for other in [*items[:1], *items[2:]]:
        assert other.title not in page
    assert f"?punkt={items[0].public_id}" in page and f"?punkt={items[2].public_id}" in page and 'id="fodmenu"' not in page


def test_it_follows_the_meeting(wall, cast, as_actor, meeting, items):
    assert items[0].title in wall(meeting).content.decode()
    with as_actor(cast.konsulent) as actor:
        start_item(items[2], actor=actor)
    page = wall(meeting).content.decode()
    assert items[2].title in page and "data-clock=" in page


def test_when_the_meeting_is_over_the_wall_says_so(wall, cast, as_actor, meeting, items):
    with as_actor(cast.konsulent):
        type(meeting).objects.filter(pk=meeting.pk).update(status="CLOSED")
    over = shown(wall(meeting), "main")
    assert "Mødet er slut" in over and not any(item.title in over for item in items)
    assert items[1].title in shown(wall(meeting, items[1]), "h1")  # who chooses an item sees it


def test_no_case_and_no_number_of_them_is_on_the_wall(wall, cast, as_actor, find):
    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent) as actor:
        closed = list(AgendaItem.objects.filter(meeting=meeting, data_class="PERSON_115"))
        general = list(AgendaItem.objects.filter(meeting=meeting).exclude(data_class="PERSON_115"))
    assert closed and all(wall(meeting, item).status_code == 404 for item in closed)
    for item in general:
        assert item.title in shown(wall(meeting, item), "h1")
    with as_actor(cast.konsulent) as actor:
        start_item(closed[0], actor=actor)
    page = shown(wall(meeting), "main")
    assert "ikke til storskærmen" in page and CLOSED_ITEM_TITLE not in shown(wall(meeting), "h1") and not any(item.title in page for item in general)


@pytest.mark.parametrize("how", ["aggregate", "recused", "withdrawn"])
def test_what_not_everybody_reads_is_not_there(wall, cast, as_actor, meeting, find, items, how):
    if how == "aggregate":
        meeting = find("styregruppe", "CALLED")  # figures fit under its class
    with as_actor(cast.konsulent) as actor:
        items = list(AgendaItem.objects.filter(meeting=meeting))
        if how == "recused":
            recuse(items[1], actor=actor, user=cast.fnt)
        else:
            AgendaItem.objects.filter(pk=items[1].pk).update(**({"data_class": "AGGREGATE"} if how == "aggregate" else {"is_withdrawn": True}))
    assert wall(meeting, items[1]).status_code == 404
    following = wall(meeting, items[0]).content.decode()
    assert f"?punkt={items[1].public_id}" not in following and f"?punkt={items[2].public_id}" in following
    number = "3." if how == "withdrawn" else "2."  # what was taken off keeps its number; what is hidden leaves no gap
    assert f'<span class="no">{number}</span>' in wall(meeting, items[2]).content.decode()


def test_a_message_for_the_reader_waits_for_another_page(visit, cast, meeting, items):
    client = visit(cast.konsulent)
    client.post(f"/thisted/moeder/{meeting.public_id}/referat/{items[0].public_id}/", {"text": "x", "decision": "", "version": 0})
    wall = f"/thisted/moeder/{meeting.public_id}/storskaerm/"
    assert "Gemt kl." not in shown(client.get(wall), "main")
    assert "Gemt kl." in shown(client.get(f"/thisted/moeder/{meeting.public_id}/"), "main")


@pytest.mark.parametrize("user", ["chef", "elev", "dpo"])
def test_who_has_no_seat_in_the_forum_has_no_wall(wall, cast, meeting, user):
    assert wall(meeting, user=getattr(cast, user)).status_code == 404
