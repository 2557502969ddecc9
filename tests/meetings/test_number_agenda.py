"""A draft that gets another number: the agenda of that number is one press away while nothing can be lost, and otherwise the page says what to do."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from meetings import actions
from meetings.actions import lay_agenda
from meetings.models import AgendaItem, AgendaTemplate, Attachment, Meeting
from meetings.standing_actions import add_agenda, add_standing_item
from meetings.year_plan_actions import plan_by_number
from municipalities.models import Forum

YEAR = 2031
PLAIN = {"presenter": "Alle", "duration": 10, "kind": "DROEFTELSE", "data_class": "INTERNAL", "fill": "", "is_optional": False}
BUTTON = "Brug dagsordenen for møde 1"


@pytest.fixture
def forum(cast, as_actor):
    """The styregruppe with an agenda for the first and one for the second meeting; the second has an item under an item."""
    with as_actor(cast.konsulent) as actor:
        found = Forum.objects.get(key="styregruppe", tenant__slug="thisted")
        AgendaTemplate.objects.filter(forum=found).delete()
        one = add_agenda(found, actor=actor, name="Til møde et", meeting_numbers=[1])
        two = add_agenda(found, actor=actor, name="Til møde to", meeting_numbers=[2])
        for title in ("Fælles", "Valg af fokusområde"):
            add_standing_item(one, actor=actor, title=title, **PLAIN)
        above = add_standing_item(two, actor=actor, title="Fælles", **PLAIN)
        add_standing_item(two, actor=actor, title="Under det", parent=above, **PLAIN)
        return found


@pytest.fixture
def drafts(cast, as_actor, forum):
    """Two drafts of one year, each with the agenda of its number."""
    with as_actor(cast.konsulent) as actor:
        days = [timezone.make_aware(datetime(YEAR, month, 10, 9)) for month in (3, 6)]
        return [plan_by_number(forum, actor=actor, starts_at=day, ends_at=day + timedelta(hours=1), place="Rådhuset") for day in days]


@pytest.fixture
def second(cast, as_actor, drafts):
    """The second of them, which is the first now: the one before it is dropped."""
    with as_actor(cast.konsulent) as actor:
        actions.cancel_meeting(drafts[0], actor=actor)
        found = Meeting.objects.get(pk=drafts[1].pk)
        assert found.number == 1
        return found


def titles(cast, as_actor, meeting):
    with as_actor(cast.konsulent):
        return [(item.title, item.parent.title if item.parent else "") for item in AgendaItem.objects.filter(meeting=meeting).select_related("parent").order_by("order")]


def address(meeting):
    return f"/thisted/moeder/{meeting.public_id}/"


def use(window, meeting, number=1):
    return window.post(f"{address(meeting)}fast-dagsorden/", {"nummer": number})


def test_nothing_is_said_while_the_agenda_is_that_of_the_number(cast, visit, drafts):
    for draft in drafts:
        assert "fast-dagsorden/" not in visit(cast.konsulent).get(address(draft)).content.decode()


def test_one_press_gives_it_the_agenda_of_its_number(cast, visit, as_actor, second):
    assert titles(cast, as_actor, second) == [("Fælles", ""), ("Under det", "Fælles")]
    page = visit(cast.konsulent).get(address(second)).content.decode()
    assert BUTTON in page and "Til møde et" in page and "Til møde to" in page
    assert use(visit(cast.konsulent), second).status_code == 302
    assert titles(cast, as_actor, second) == [("Fælles", ""), ("Valg af fokusområde", "")]
    page = visit(cast.konsulent).get(address(second)).content.decode()
    assert BUTTON not in page and "Til møde to" not in page


def test_who_only_reads_it_is_offered_nothing_and_may_not(cast, visit, second):
    assert BUTTON not in visit(cast.fnt).get(address(second)).content.decode()
    assert use(visit(cast.fnt), second).status_code == 404


@pytest.mark.parametrize("what", ["title", "more", "fewer", "text"])
def test_what_somebody_has_changed_stays_and_the_page_says_what_to_do(cast, visit, as_actor, second, what):
    with as_actor(cast.konsulent) as actor:
        item = second.items.get(title="Fælles")
        if what == "title":
            actions.change_item(item, actor=actor, title="Fælles og mere")
        elif what == "more":
            actions.add_item(second, actor=actor, title="Mit eget", kind="DROEFTELSE")
        elif what == "fewer":
            actions.add_item(second, actor=actor, title="Valg", kind="DROEFTELSE")
            actions.remove_item(second.items.get(title="Valg"), actor=actor)
            actions.change_item(second.items.get(title="Under det"), actor=actor, duration=25)
        else:
            AgendaItem.objects.filter(pk=item.pk).update(text="Skrevet på forhånd.")
    before = titles(cast, as_actor, second)
    page = visit(cast.konsulent).get(address(second)).content.decode()
    assert BUTTON not in page and "er rettet siden" in page and "Til møde et" in page
    answer = use(visit(cast.konsulent), second)
    assert answer.status_code == 409 and "Den bliver, som den er" in answer.content.decode()
    assert titles(cast, as_actor, second) == before


def test_a_file_under_an_item_is_not_lost_by_the_press(cast, visit, as_actor, second):
    with as_actor(cast.konsulent):
        item = second.items.get(title="Fælles")
        file = {"name": "bilag.pdf", "kind": "PDF", "size": 3, "file_key": "a" * 40, "sha256": "0" * 64, "uploaded_by": cast.konsulent}
        Attachment.objects.create(tenant_id=item.tenant_id, forum_id=item.forum_id, meeting=second, item=item, **file)
    assert BUTTON not in visit(cast.konsulent).get(address(second)).content.decode()
    assert use(visit(cast.konsulent), second).status_code == 409
    assert len(titles(cast, as_actor, second)) == 2


def test_a_page_that_knows_another_number_changes_nothing(cast, visit, as_actor, second):
    answer = use(visit(cast.konsulent), second, number=2)
    assert answer.status_code == 409 and "andet nummer" in answer.content.decode()
    assert use(visit(cast.konsulent), second, number="x").status_code == 409
    assert titles(cast, as_actor, second)[1] == ("Under det", "Fælles")


def test_a_called_meeting_keeps_its_agenda(cast, visit, as_actor, second):
    with as_actor(cast.konsulent) as actor:
        actions.call_meeting(second, actor=actor)
    assert "fast-dagsorden/" not in visit(cast.konsulent).get(address(second)).content.decode()
    assert use(visit(cast.konsulent), second).status_code == 409


def test_an_agenda_of_ones_own_is_left_alone(cast, visit, as_actor, second):
    """Nothing of it comes from a standing agenda: nobody asks. An empty one is offered that of its number."""
    with as_actor(cast.konsulent) as actor:
        for item in second.items.filter(parent=None):
            actions.remove_item(item, actor=actor)
    page = visit(cast.konsulent).get(address(second)).content.decode()
    assert BUTTON in page and "Dagsordenen her er tom" in page
    with as_actor(cast.konsulent) as actor:
        actions.add_item(second, actor=actor, title="Helt mit eget", kind="DROEFTELSE")
    assert "Til møde et" not in visit(cast.konsulent).get(address(second)).content.decode()
    with as_actor(cast.konsulent) as actor:
        actions.remove_item(second.items.get(), actor=actor)
    assert use(visit(cast.konsulent), second).status_code == 302
    assert titles(cast, as_actor, second) == [("Fælles", ""), ("Valg af fokusområde", "")]


def test_an_agenda_that_two_numbers_share_is_the_right_one(cast, visit, as_actor, forum, second):
    """The standing agenda of the number has the same items by now."""
    with as_actor(cast.konsulent) as actor:
        AgendaTemplate.objects.get(forum=forum, name="Til møde et").items.all().delete()
        AgendaItem.objects.filter(meeting=second).delete()
        two = AgendaTemplate.objects.get(forum=forum, name="Til møde to")
        one = AgendaTemplate.objects.get(forum=forum, name="Til møde et")
        above = add_standing_item(one, actor=actor, title="Fælles", **PLAIN)
        add_standing_item(one, actor=actor, title="Under det", parent=above, **PLAIN)
        lay_agenda(second, two, actor)
    assert "fast-dagsorden/" not in visit(cast.konsulent).get(address(second)).content.decode()
