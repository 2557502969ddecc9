"""The agenda's own rules: items under items, numbers that stay, what fills itself, what is carried over."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.roles import DataClass, Duty, SeatRole
from meetings.actions import add_item, carry_item, change_item, create_meeting, move_item, remove_item, restore_item
from meetings.agenda import letter_of, numbers_of, read_agenda
from meetings.errors import MeetingStateError
from meetings.models import AgendaItem, AgendaTemplate, AgendaTemplateItem, Fill, Meeting
from municipalities.actions import seat_group
from municipalities.models import Forum, Seat, Tenant
from tests.rules.crawl import readable


@pytest.fixture
def meeting(cast, as_actor):
    """A draft of the styregruppe with three items, the second with two under it; inside the konsulent's context."""
    with as_actor(cast.konsulent) as actor:
        forum = Forum.objects.get(tenant__slug="thisted", key="styregruppe")
        starts_at = timezone.now() + timedelta(days=40)
        made = create_meeting(forum, actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        one, two, three = (add_item(made, actor=actor, title=title, kind="DROEFTELSE") for title in ("Et", "To", "Tre"))
        add_item(made, actor=actor, title="To a", kind="DROEFTELSE", parent=two)
        add_item(made, actor=actor, title="To b", kind="DROEFTELSE", parent=two)
        made.actor, made.one, made.two, made.three = actor, one, two, three
        yield made


def shown(meeting):
    return [(line.number, line.item.title) for line in read_agenda(meeting.actor, meeting).lines]


def test_sub_items_are_lettered_and_stand_under_their_item(meeting):
    assert shown(meeting) == [("1", "Et"), ("2", "To"), ("2a", "To a"), ("2b", "To b"), ("3", "Tre")]


def test_an_item_moves_with_what_stands_under_it(meeting):
    assert move_item(meeting.two, actor=meeting.actor, up=True) == 1
    assert shown(meeting) == [("1", "To"), ("1a", "To a"), ("1b", "To b"), ("2", "Et"), ("3", "Tre")]
    assert move_item(meeting.two, actor=meeting.actor, to=3) == 3
    assert [title for _number, title in shown(meeting)] == ["Et", "Tre", "To", "To a", "To b"]


def test_a_sub_item_moves_among_its_own_and_no_further(meeting):
    last = AgendaItem.objects.get(meeting=meeting, title="To b")
    assert move_item(last, actor=meeting.actor, up=True) == 1
    assert move_item(last, actor=meeting.actor, up=True) == 1
    assert shown(meeting)[1:4] == [("2", "To"), ("2a", "To b"), ("2b", "To a")]


def test_what_stands_under_an_item_is_never_more_open_than_it(meeting):
    change_item(meeting.two, actor=meeting.actor, data_class="AGGREGATE")
    assert set(AgendaItem.objects.filter(parent=meeting.two).values_list("data_class", flat=True)) == {"AGGREGATE"}
    added = add_item(meeting, actor=meeting.actor, title="To c", kind="DROEFTELSE", data_class=DataClass.PUBLIC, parent=meeting.two)
    assert added.data_class == DataClass.AGGREGATE
    child = AgendaItem.objects.get(meeting=meeting, title="To a")
    assert change_item(child, actor=meeting.actor, data_class="PUBLIC").data_class == DataClass.AGGREGATE


def test_before_the_call_an_item_is_gone_and_after_it_keeps_its_number(meeting):
    remove_item(meeting.one, actor=meeting.actor)
    assert shown(meeting)[0] == ("1", "To")
    Meeting.objects.filter(pk=meeting.pk).update(status="CALLED")
    remove_item(meeting.two, actor=meeting.actor)
    agenda = read_agenda(meeting.actor, meeting)
    assert [(line.number, line.item.is_withdrawn) for line in agenda.lines] == [("1", True), ("1a", True), ("1b", True), ("2", False)]
    assert agenda.minutes == meeting.three.duration
    restore_item(meeting.two, actor=meeting.actor)
    assert not AgendaItem.objects.get(pk=meeting.two.pk).is_withdrawn


def test_an_item_is_carried_as_a_copy_that_points_back(meeting, cast):
    later = create_meeting(meeting.forum, actor=meeting.actor, starts_at=meeting.ends_at, ends_at=meeting.ends_at + (meeting.ends_at - meeting.starts_at))
    AgendaItem.objects.filter(pk=meeting.one.pk).update(text="Det blev sagt her")
    copy = carry_item(meeting.one, later, actor=meeting.actor)
    assert (copy.title, copy.text, copy.carried_from_id, copy.meeting_id) == ("Et", "", meeting.one.pk, later.pk)
    assert AgendaItem.objects.get(pk=meeting.one.pk).text == "Det blev sagt her"
    with pytest.raises(MeetingStateError):
        carry_item(meeting.one, later, actor=meeting.actor)
    with pytest.raises(MeetingStateError):
        carry_item(meeting.one, meeting, actor=meeting.actor)


def test_a_sub_item_of_another_agenda_or_of_a_sub_item_is_refused(meeting):
    other = AgendaItem.objects.exclude(meeting=meeting).filter(forum=meeting.forum).first()
    child = AgendaItem.objects.get(meeting=meeting, title="To a")
    for above in (other, child):
        with pytest.raises(MeetingStateError):
            add_item(meeting, actor=meeting.actor, title="x", kind="DROEFTELSE", parent=above)


def test_a_template_brings_its_nesting_and_its_fillers(meeting):
    template = AgendaTemplate.objects.create(tenant_id=meeting.tenant_id, forum=meeting.forum, name="Prøve")
    about = {"tenant_id": meeting.tenant_id, "template": template}
    top = AgendaTemplateItem.objects.create(**about, order=1, title="Opsamling", fill=Fill.OPEN_AGREEMENTS)
    AgendaTemplateItem.objects.create(**about, order=2, title="Evt. mere", parent=top, is_optional=True)
    later = create_meeting(meeting.forum, actor=meeting.actor, starts_at=meeting.ends_at, ends_at=meeting.ends_at + (meeting.ends_at - meeting.starts_at), template=template)
    first, second = AgendaItem.objects.filter(meeting=later).order_by("order")
    assert (first.fill, second.parent_id, second.is_optional) == (Fill.OPEN_AGREEMENTS, first.pk, True)


def test_items_fill_themselves_with_what_the_reader_may_see(cast, visit, as_actor, find):
    with as_actor(cast.konsulent) as actor:
        meeting = Meeting.objects.filter(forum__key="p115", status="DRAFT").select_related("forum").first()
        for order, fill in enumerate((Fill.LAST_MINUTES, Fill.OPEN_AGREEMENTS, Fill.CASES_DUE, Fill.NEXT_MEETING, Fill.PLAN_FOLLOW_UPS, Fill.NEW_DATA), start=80):
            AgendaItem.objects.create(tenant_id=actor.tenant_id, forum=meeting.forum, meeting=meeting, order=order, title=f"Fyldt {fill}", fill=fill)
    page = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    for said in ("venter på godkendelse", "har opfølgning senest til dette møde", "Næste møde er ikke planlagt endnu"):
        assert said in page, said
    assert "har opfølgning senest" in readable(visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/dagsorden.pdf"))


def test_a_follow_up_says_which_indsats_and_a_report_which_half_year(cast, as_actor, rf):
    from plans.models import FollowUp
    from plans.parts import follow_ups_due
    from reports.fillers import new_figures
    from reports.models import Report
    from reports.periods import ended_half_years

    last = ended_half_years()[0]
    with as_actor(cast.konsulent) as actor:
        request = rf.get("/")
        request.actor, request.tenant = actor, Tenant.objects.get(slug="thisted")
        meeting = Meeting.objects.filter(forum__key="lokalraad", status="CALLED").first()
        about = {"tenant_id": actor.tenant_id, "forum": meeting.forum, "audience": meeting.forum, "ordered_by": cast.konsulent}
        Report.objects.create(**about, period_from=last.first_day, period_to=last.last_day, status=Report.Status.DONE, finished_at=timezone.now())
        assert [line.text.split(" (")[0] for line in new_figures(request, meeting)] == [last.label]
        meeting.starts_at = timezone.now() + timedelta(days=400)
        said = [line.text for line in follow_ups_due(request, meeting)]
        assert len(set(said)) == len(said) > 1 and FollowUp.objects.filter(is_done=False).first().initiative.title in said[0]


def test_cases_due_say_nothing_to_who_opens_no_case(cast, as_actor, visit, rf):
    from cases.parts import cases_due

    with as_actor(cast.konsulent):
        meeting = Meeting.objects.filter(forum__key="p115", status="DRAFT").select_related("forum").first()
    with as_actor(cast.chef) as actor:
        request = rf.get("/")
        request.actor = actor
        assert cases_due(request, meeting) == []


def test_the_page_moves_drops_takes_off_and_puts_back(cast, visit, find):
    meeting = find("styregruppe", "CALLED")
    browser = visit(cast.konsulent)
    address = f"/thisted/moeder/{meeting.public_id}/"
    browser.post(f"{address}punkter/", {"title": "Kanariepunkt", "kind": "DROEFTELSE", "presenter": "", "duration": "5", "data_class": "INTERNAL", "parent": ""})
    page = browser.get(address).content.decode()
    place = page.split("Kanariepunkt")[0].rsplit('id="punkt-', 1)[1][:14]
    moved = browser.post(f"{address}punkter/{place}/flyt/", {"plads": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert moved.index("Kanariepunkt") < moved.index('<span class="no">2</span>')
    assert browser.post(f"{address}punkter/{place}/flyt/", {"plads": "x9"}).status_code == 302
    off = browser.post(f"{address}punkter/{place}/fjern/", headers={"HX-Request": "true"}).content.decode()
    assert "<del>Kanariepunkt</del>" in off and "Udgået" in off
    back = browser.post(f"{address}punkter/{place}/tilbage/", headers={"HX-Request": "true"}).content.decode()
    assert "<del>" not in back
    wrong = browser.post(f"{address}punkter/", {"title": "X", "kind": "DROEFTELSE", "duration": "5", "data_class": "INTERNAL", "parent": "findesikke"})
    assert wrong.status_code == 422


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4), max_size=12))
def test_numbers_have_no_gap(shape):
    """Each number is the next main one, or the next letter under the last main one."""
    items, parent = [], 0
    for pk, draw in enumerate(shape, start=1):
        under = parent if draw and parent else None
        items.append(AgendaItem(pk=pk, parent_id=under))
        parent = parent if under else pk
    main, letters = 0, 0
    for item, number in zip(items, numbers_of(items), strict=True):
        if item.parent_id:
            letters += 1
            assert number == f"{main}{letter_of(letters - 1).lower()}"
        else:
            main, letters = main + 1, 0
            assert number == str(main)


@pytest.fixture
def planned(cast, as_actor):
    """A draft of the forum Grundskole with one item, where two may plan, outside every context; `planned.url` is the item's page."""
    with as_actor(cast.konsulent) as actor:
        starts_at = timezone.now() + timedelta(days=40)
        made = create_meeting(Forum.objects.get(tenant__slug="thisted", key="grundskole"), actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        made.item = add_item(made, actor=actor, title="Punktet", kind="DROEFTELSE", presenter="Formanden")
    made.url = f"/thisted/moeder/{made.public_id}/punkter/{made.item.public_id}/"
    with as_actor(cast.it):
        seat = Seat.objects.current().get(forum=made.forum, user=cast.fnt)
        seat.group, seat.may_convene = seat_group(made.forum, SeatRole(seat.role), {Duty.CONVENE}), True
        seat.save()
    return made


class Fields(HTMLParser):
    """The fields of the first guarded form of a page, as a browser would send them."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.choice = {}, ""
        self.feed(page.content.decode().split("data-guard")[1].split("</form>")[0])

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag == "input" and "name" in given and (given["type"] != "checkbox" or "checked" in given):
            self.sent[given["name"]] = given.get("value") or ("on" if given["type"] == "checkbox" else "")
        if tag == "select":
            self.choice = given["name"]
        if tag == "option" and "selected" in given:
            self.sent[self.choice] = given["value"]


def form_on(page):
    return Fields(page).sent


def now_of(planned, cast, as_actor):
    with as_actor(cast.konsulent):
        return AgendaItem.objects.get(pk=planned.item.pk)


def test_who_is_overtaken_in_an_item_sees_both_and_keeps_his_own_with_one_click(cast, as_actor, visit, planned):
    one, two = visit(cast.konsulent), visit(cast.fnt)
    mine, theirs = form_on(one.get(planned.url)), form_on(two.get(planned.url))
    assert two.post(planned.url, {**theirs, "title": "Den andens", "duration": "25"}).status_code == 302
    answer = one.post(planned.url, {**mine, "title": "Mit", "is_optional": "on"})
    text = readable(answer)
    assert answer.status_code == 409 and "En anden har rettet punktet" in text and "Den andens" in text and "Du skrev: Mit" in text
    assert now_of(planned, cast, as_actor).title == "Den andens"
    again = form_on(answer)
    assert (again["title"], again["duration"], again["is_optional"]) == ("Mit", "25", "on"), "the other's own change stands beside mine"
    assert one.post(planned.url, again).status_code == 302
    now = now_of(planned, cast, as_actor)
    assert (now.title, now.duration, now.is_optional, now.presenter) == ("Mit", 25, True, "Formanden")


def test_who_is_overtaken_twice_is_told_twice_and_who_writes_the_same_is_not_asked(cast, as_actor, visit, planned):
    one, two = visit(cast.konsulent), visit(cast.fnt)
    first = form_on(one.get(planned.url))
    assert two.post(planned.url, {**form_on(two.get(planned.url)), "title": "Én gang"}).status_code == 302
    second = form_on(one.post(planned.url, {**first, "title": "Mit"}))
    assert two.post(planned.url, {**form_on(two.get(planned.url)), "title": "To gange", "is_optional": "on"}).status_code == 302
    answer = one.post(planned.url, second)
    assert answer.status_code == 409 and "To gange" in readable(answer) and form_on(answer)["is_optional"] == "on"
    assert one.post(planned.url, {**second, "title": "To gange", "is_optional": "on"}).status_code == 302


def test_the_order_and_the_minutes_of_an_item_are_no_reason_to_refuse_a_change(cast, as_actor, visit, planned):
    mine = form_on(visit(cast.konsulent).get(planned.url))
    with as_actor(cast.konsulent):
        AgendaItem.objects.filter(pk=planned.item.pk).update(order=7, text="Skrevet imens", text_version=1)
    assert visit(cast.konsulent).post(planned.url, {**mine, "title": "Mit"}).status_code == 302
    assert now_of(planned, cast, as_actor).text == "Skrevet imens"


def test_who_changes_an_item_that_another_has_taken_off_after_the_call_is_told_so(cast, as_actor, visit, planned):
    mine = form_on(visit(cast.konsulent).get(planned.url))
    with as_actor(cast.konsulent):
        AgendaItem.objects.filter(pk=planned.item.pk).update(is_withdrawn=True)
    answer = visit(cast.konsulent).post(planned.url, {**mine, "title": "Mit"})
    assert answer.status_code == 409 and "En anden har taget punktet af dagsordenen" in readable(answer)
    assert visit(cast.konsulent).post(planned.url, form_on(answer)).status_code == 302
    now = now_of(planned, cast, as_actor)
    assert (now.title, now.is_withdrawn) == ("Mit", True)


def test_who_writes_in_an_item_that_another_takes_off_keeps_his_text(cast, as_actor, visit):
    """Nothing is saved, and what he wrote stands in the form of a new item."""
    with as_actor(cast.konsulent) as actor:
        starts_at = timezone.now() + timedelta(days=40)
        made = create_meeting(Forum.objects.get(tenant__slug="thisted", key="styregruppe"), actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        item = add_item(made, actor=actor, title="Et", kind="DROEFTELSE")
    browser, url = visit(cast.konsulent), f"/thisted/moeder/{made.public_id}/punkter/{item.public_id}/"
    assert browser.post(f"{url}fjern/").status_code == 302
    answer = browser.post(url, {"title": "Langt og godt", "presenter": "Aftalt med skolen", "kind": "DROEFTELSE", "duration": "15", "data_class": "INTERNAL"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Punktet står ikke længere på dagsordenen" in text and "er ikke gemt" in text
    assert 'value="Langt og godt"' in text and 'value="Aftalt med skolen"' in text
    late = browser.post(f"{url}flyt/", {"retning": "op"}, headers={"HX-Request": "true"})
    assert late.status_code == 409 and "Punktet står ikke længere på dagsordenen" in late.content.decode()


def test_an_old_link_to_an_item_that_is_gone_says_so_to_who_reads_the_meeting_and_to_nobody_else(cast, visit, planned):
    browser = visit(cast.konsulent)
    assert browser.post(f"{planned.url}fjern/").status_code == 302
    for method, end in (("get", ""), ("get", "inhabil/"), ("post", "tilbage/"), ("post", "fjern/"), ("post", "naeste/")):
        answer = getattr(browser, method)(planned.url + end)
        text = readable(answer)
        assert answer.status_code == 410 and "Punktet står ikke længere på dagsordenen" in text and f"{planned.public_id}/#dagsorden" in text, end
        assert getattr(visit(cast.chef), method)(planned.url + end).status_code == 404, end
    part = browser.post(f"{planned.url}tilbage/", headers={"HX-Request": "true"})
    assert part.status_code == 409 and "Punktet står ikke længere" in readable(part) and "<html" not in part.content.decode()
    never = planned.url.replace(planned.item.public_id, "aaaaaaaaaaaaaa")
    assert readable(browser.get(never)).split("<main")[1].split("</main")[0] == readable(browser.get(planned.url)).split("<main")[1].split("</main")[0]
