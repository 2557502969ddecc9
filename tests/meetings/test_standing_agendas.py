"""Standing agendas in the browser: who changes them, what cannot be, what fills itself, and that meetings keep theirs."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from access.roles import Duty, SeatRole
from meetings import standing_actions
from meetings.actions import add_item, change_item, create_meeting, remove_item
from meetings.agenda import read_agenda
from meetings.errors import MeetingStateError
from meetings.item_time import ItemTime
from meetings.models import AgendaItem, AgendaTemplate, AgendaTemplateItem, Fill, Meeting
from meetings.parts import closed_minutes
from meetings.proposal_actions import propose, take_proposal
from meetings.standing_actions import add_agenda, add_standing_item, move_standing_item
from meetings.standing_agendas import lines_of, uses_of
from meetings.year_plan_actions import agenda_for, standing_agendas
from municipalities import preset_files
from municipalities.models import Forum, Seat
from municipalities.seat_actions import change_seat

ITEM = {
    "title": "Godkendelse", "fill": "LAST_MINUTES", "presenter": "Formanden", "duration": "5", "kind": "BESLUTNING", "data_class": "INTERNAL",
    "parent": "",
}  # fmt: skip
PLAIN = {"presenter": "", "duration": 10, "kind": "DROEFTELSE", "data_class": "INTERNAL", "fill": "", "is_optional": False}


@pytest.fixture
def made(cast, as_actor):
    """`made("styregruppe", "Et", "To")`: a standing agenda of a forum with these items, as the konsulent makes it."""

    def make(key, *titles, name="Prøve", numbers=(), user=None):
        with as_actor(user or cast.konsulent) as actor:
            template = add_agenda(Forum.objects.get(tenant__slug="thisted", key=key), actor=actor, name=name, meeting_numbers=list(numbers))
            for title in titles:
                add_standing_item(template, actor=actor, title=title, **PLAIN)
            return template

    return make


@pytest.fixture
def shown(cast, as_actor):
    """Numbers and titles of a standing agenda as they are now."""

    def read(template):
        with as_actor(cast.it):
            return [(line.number, line.item.title) for line in lines_of(template)]

    return read


def address(template, item=None, act=""):
    return f"/thisted/dagsordener/{template.public_id}/" + (f"punkter/{item.public_id}/{act}" if item else act)


def row_of(as_actor, user, template, title):
    with as_actor(user):
        return AgendaTemplateItem.objects.get(template=template, title=title)


@pytest.mark.parametrize("role", ["konsulent", "it"])
def test_from_nothing_to_a_meeting_that_fills_itself(cast, as_actor, visit, role):
    """The forum's page leads there; a new standing agenda, its items, and a meeting made of it."""
    with as_actor(cast.it):
        forum = Forum.objects.get(tenant__slug="thisted", key="styregruppe")
        AgendaTemplate.objects.filter(forum=forum).delete()
    browser, listed = visit(cast.users[role]), f"/thisted/fora/{forum.public_id}/dagsordener/"
    assert listed in browser.get(f"/thisted/fora/{forum.public_id}/").content.decode()
    assert "begynder et nyt møde med en tom dagsorden" in browser.get(listed).content.decode()
    answer = browser.post(listed, {"name": "Årets møder", "numbers": "", "like": ""})
    page = answer.headers["Location"]
    for more in ({}, {"title": "Alle taler", "presenter": "Alle", "fill": "NEXT_MEETING", "is_optional": "on"}):
        assert browser.post(f"{page}punkter/", {**ITEM, **more}).status_code == 302
    with as_actor(cast.konsulent) as actor:
        template, starts_at = AgendaTemplate.objects.get(forum=forum), timezone.now() + timedelta(days=40)
        meeting = create_meeting(forum, actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), template=agenda_for([template], 3))
        items = list(meeting.items.values_list("title", "fill", "presenter", "is_optional", "kind", "duration"))
    assert items == [("Godkendelse", "LAST_MINUTES", "Formanden", False, "BESLUTNING", 5), ("Alle taler", "NEXT_MEETING", "Alle", True, "BESLUTNING", 5)]
    text = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert "Referatet fra den" in text and "Næste møde" in text and listed in text
    assert "Udfyldes af sig selv: Seneste referat" in browser.get(page).content.decode()


def test_a_change_reaches_the_next_meeting_and_none_that_is_made(cast, as_actor, visit, made):
    template = made("styregruppe", "Før")
    with as_actor(cast.konsulent) as actor:
        when = timezone.now() + timedelta(days=40)
        first, later = ({"starts_at": when + timedelta(days=n), "ends_at": when + timedelta(days=n, hours=1), "template": template} for n in (0, 7))
        meeting = create_meeting(template.forum, actor=actor, **first)
    item = row_of(as_actor, cast.konsulent, template, "Før")
    browser = visit(cast.konsulent)
    assert "Møder, der allerede er lavet, beholder deres dagsorden" in browser.get(address(template)).content.decode()
    assert browser.post(address(template, item), {**ITEM, "title": "Efter", "seen": seen_on(browser, address(template, item))}).status_code == 302
    with as_actor(cast.konsulent) as actor:
        new = create_meeting(template.forum, actor=actor, **later)
        assert [list(made.items.values_list("title", "fill")) for made in (meeting, new)] == [[("Før", "")], [("Efter", "LAST_MINUTES")]]
    visit(cast.konsulent).post(address(template, act="slet/"))
    with as_actor(cast.konsulent):
        assert not AgendaTemplate.objects.filter(pk=template.pk).exists() and AgendaItem.objects.filter(meeting=meeting).count() == 1


def seen_on(browser, url):
    return browser.get(url).content.decode().split('name="seen" value="')[-1].split('"')[0]


def test_who_is_overtaken_sees_both_and_saves_with_open_eyes(cast, as_actor, visit, made, monkeypatch):
    template = made("styregruppe", "Punktet")
    item = row_of(as_actor, cast.konsulent, template, "Punktet")
    one, two, url = visit(cast.konsulent), visit(cast.it), address(template, item)
    seen = seen_on(one, url)
    assert two.post(url, {**ITEM, "title": "Den andens", "seen": seen}).status_code == 302
    answer = one.post(url, {**ITEM, "title": "Mit", "seen": seen})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Det står der nu" in text and "Den andens" in text and 'value="Mit"' in text
    again = text.split('name="seen" value="')[1].split('"')[0]
    assert one.post(url, {**ITEM, "title": "Mit", "seen": again}).status_code == 302
    assert row_of(as_actor, cast.it, template, "Mit").pk == item.pk
    assert two.post(address(template, item, "fjern/")).status_code == 302
    for gone in (one.post(url, {**ITEM, "title": "Langt og godt", "presenter": "Aftalt med skolen", "seen": again}), *lost_meanwhile(one, made, as_actor, cast, monkeypatch)):
        page = gone.content.decode()
        assert gone.status_code == 409 and page.count("En anden har fjernet punktet") == 2 and "er ikke gemt" in page  # on top, and where the text stands
        assert 'value="Langt og godt"' in page and 'value="Aftalt med skolen"' in page
    assert "En anden har fjernet punktet" in one.post(address(template, item, "flyt/"), {"retning": "op"}, follow=True).content.decode()
    assert two.post(address(template, act="slet/")).status_code == 302
    for written in (url, address(template, act="punkter/"), address(template)):
        answer = one.post(written, {**ITEM, "title": "Langt og godt", "name": "Årets møder"})
        assert answer.status_code == 409 and "<dd>Langt og godt</dd>" in answer.content.decode() and "<dd>Årets møder</dd>" in answer.content.decode()
        assert one.get(written).status_code in (404, 405)


def lost_meanwhile(browser, made, as_actor, cast, monkeypatch):
    """The item goes between the look at it and the lock."""
    template = made("styregruppe", "Andet", name="Anden")
    item = row_of(as_actor, cast.konsulent, template, "Andet")
    seen, locked = seen_on(browser, address(template, item)), standing_actions._locked

    def late(template, actor):
        AgendaTemplateItem.objects.filter(pk=item.pk).delete()
        return locked(template, actor)

    with monkeypatch.context() as patch:
        patch.setattr(standing_actions, "_locked", late)
        yield browser.post(address(template, item), {**ITEM, "title": "Langt og godt", "presenter": "Aftalt med skolen", "seen": seen})


def test_another_place_is_no_other_text(cast, as_actor, visit, made, shown):
    """Who moves an item does not overtake who writes in it."""
    template = made("styregruppe", "Et", "To", "Tre")
    item, browser = row_of(as_actor, cast.konsulent, template, "Et"), visit(cast.konsulent)
    seen = seen_on(browser, address(template, item))
    part = browser.post(address(template, item, "flyt/"), {"plads": "3"}, headers={"HX-Request": "true"}).content.decode()
    assert part.index("Tre") < part.index(">Et<") and "<html" not in part
    assert browser.post(address(template, item), {**ITEM, "title": "Et igen", "seen": seen}).status_code == 302
    assert shown(template) == [("1", "To"), ("2", "Tre"), ("3", "Et igen")]


def test_the_name_is_stale_and_a_number_is_taken_once(cast, as_actor, visit, made):
    first, second = made("styregruppe", name="Første", numbers=[1]), made("styregruppe", name="Andet")
    browser = visit(cast.konsulent)
    seen = seen_on(browser, address(second))
    assert browser.post(address(second), {"name": "Andet", "numbers": "1 og 2", "seen": seen}).status_code == 409
    assert browser.post(address(second), {"name": "FØRSTE", "numbers": "2", "seen": seen}).status_code == 409
    assert browser.post(address(second), {"name": "Andet", "numbers": "2,3 og 4", "seen": seen}).status_code == 302
    late = browser.post(address(second), {"name": "For sent", "numbers": "", "seen": seen})
    assert late.status_code == 409 and "En anden har rettet" in late.content.decode()
    for wrong in ("nul", "0", "101", "1-3", "²", "000000001" + "9" * 5000):
        assert browser.post(address(second), {"name": "Andet", "numbers": wrong, "seen": seen}).status_code == 422, wrong
    with as_actor(cast.konsulent):
        templates = standing_agendas(first.forum)
        assert [agenda_for(templates, number).name for number in (1, 4)] == ["Første", "Andet"]
        assert uses_of(templates)[second.pk] == "Årets møde 2, 3 og 4"


def test_items_stand_under_items_one_level_deep(cast, as_actor, visit, made, shown):
    template = made("styregruppe", "Et", "To")
    one, two = (row_of(as_actor, cast.konsulent, template, title) for title in ("Et", "To"))
    browser = visit(cast.konsulent)
    browser.post(address(template, act="punkter/"), {**ITEM, "title": "Et a", "parent": one.public_id})
    assert shown(template) == [("1", "Et"), ("1a", "Et a"), ("2", "To")]
    under = row_of(as_actor, cast.konsulent, template, "Et a")
    assert browser.post(address(template, act="punkter/"), {**ITEM, "parent": under.public_id}).status_code == 422
    assert browser.post(address(template, one), {**ITEM, "title": "Et", "parent": two.public_id}).status_code == 422
    assert browser.post(address(template, two), {**ITEM, "title": "To", "parent": one.public_id, "seen": seen_on(browser, address(template, two))}).status_code == 302
    assert shown(template) == [("1", "Et"), ("1a", "Et a"), ("1b", "To")]
    with as_actor(cast.konsulent) as actor:
        move_standing_item(under, actor=actor, up=False)
    assert shown(template)[1:] == [("1a", "To"), ("1b", "Et a")]
    browser.post(address(template, one, "fjern/"))
    assert shown(template) == []


def test_no_class_above_the_ceiling_and_nothing_more_open_under_an_item(cast, as_actor, visit, made):
    """Grundskole holds internal items at most; in a case forum the class of cases marks the closed part, which comes to no meeting."""
    browser = visit(cast.konsulent)
    with as_actor(cast.it):
        low = Forum.objects.filter(tenant__slug="thisted", ceiling="INTERNAL").exclude(kind="EKSTERN").first()
    template = made(low.key, user=cast.it)
    assert visit(cast.it).post(address(template, act="punkter/"), {**ITEM, "data_class": "AGGREGATE"}).status_code == 422
    assert 'value="CASES_DUE"' not in visit(cast.it).get(address(template)).content.decode()
    closed = made("p115", "Sagerne")
    top = row_of(as_actor, cast.konsulent, closed, "Sagerne")
    browser.post(address(closed, act="punkter/"), {**ITEM, "title": "Opsamling", "parent": top.public_id, "fill": "CASES_DUE"})
    browser.post(address(closed, top), {**ITEM, "title": "Sagerne", "data_class": "PERSON_115", "seen": seen_on(browser, address(closed, top))})
    with as_actor(cast.konsulent) as actor:
        assert set(closed.items.values_list("data_class", "kind")) == {("PERSON_115", "SAG")}
        when = timezone.now() + timedelta(days=40)
        assert not create_meeting(closed.forum, actor=actor, starts_at=when, ends_at=when + timedelta(hours=1), template=closed).items.exists()
        copy = add_agenda(Forum.objects.get(tenant__slug="thisted", key="styregruppe"), actor=actor, name="Kopi", meeting_numbers=[], like=closed)
        assert not copy.items.exists()


def test_what_a_lowered_ceiling_leaves_behind_comes_to_no_meeting(cast, as_actor, visit, made):
    template = made("styregruppe", "Tal")
    item = row_of(as_actor, cast.konsulent, template, "Tal")
    browser = visit(cast.konsulent)
    assert browser.post(address(template, item), {**ITEM, "title": "Tal", "data_class": "AGGREGATE", "seen": seen_on(browser, address(template, item))}).status_code == 302
    with as_actor(cast.it):
        Forum.objects.filter(pk=template.forum_id).update(ceiling="INTERNAL")
    assert 'value="INTERNAL" selected' in browser.get(address(template, item)).content.decode()
    with as_actor(cast.konsulent) as actor:
        forum, when = Forum.objects.get(pk=template.forum_id), timezone.now() + timedelta(days=40)
        assert not create_meeting(forum, actor=actor, starts_at=when, ends_at=when + timedelta(hours=1), template=template).items.exists()


def test_who_reads_no_figures_plans_without_the_aggregated_items_and_is_told(cast, as_actor, visit, made):
    """A contact who may call meetings has no item of a class that his seat does not read."""
    template = made("styregruppe", "Nyt")
    forum = template.forum
    with as_actor(cast.it) as admin:
        seat = Seat.objects.current().select_related("organisation").get(forum=forum, user=cast.users["kontakt-hede"])
        same = {name: getattr(seat, name) for name in ("title", "organisation", "kind", "has_vote")}
        change_seat(seat, actor=admin, seen=seat.seen, role=SeatRole.CONTACT, deputy_for=None, duties=[Duty.CONVENE], **same)
    with as_actor(cast.konsulent) as actor:
        add_standing_item(template, actor=actor, title="Årets tal", **{**PLAIN, "data_class": "AGGREGATE"})
    browser, start = visit(cast.users["kontakt-hede"]), timezone.localtime() + timedelta(days=40)
    form = {"forum": forum.public_id, "template": template.pk, "date": start.date().isoformat(), "time": "9.00", "duration": 60}
    answer = browser.post("/thisted/moeder/nyt/", form, follow=True)
    text, page = answer.content.decode(), answer.redirect_chain[-1][0]
    assert "Nyt" in text and "Årets tal" not in text and "Din plads læser dem ikke" in text and 'value="AGGREGATE"' not in text
    item = {"title": "Tal", "kind": "DATA", "presenter": "", "duration": "5", "data_class": "AGGREGATE", "parent": ""}
    assert browser.post(f"{page}punkter/", item).status_code == 422
    with as_actor(cast.users["kontakt-hede"]) as actor:
        meeting = Meeting.objects.get(public_id=page.split("/")[-2])
        with pytest.raises(MeetingStateError, match="læser ikke"):
            add_item(meeting, actor=actor, title="Tal", kind="DATA", data_class="AGGREGATE")
        with pytest.raises(MeetingStateError, match="læser ikke"):
            change_item(meeting.items.get(), actor=actor, data_class="AGGREGATE")
    with as_actor(cast.konsulent) as actor:
        proposed = take_proposal(propose(forum, actor=actor, title="Forslag", text="", kind="DATA", park=True), meeting, actor=actor)
        under = add_item(meeting, actor=actor, title="Tal", kind="DATA", data_class="AGGREGATE", parent=proposed)
    with as_actor(cast.users["kontakt-hede"]) as actor:
        with pytest.raises(MeetingStateError, match="din plads ikke viser dig"):
            remove_item(proposed, actor=actor)
        assert [row.status for row in proposed.proposals.all()] == ["TAKEN"], "nothing of what was refused stays"
    with as_actor(cast.konsulent):
        assert AgendaItem.objects.filter(pk__in=[proposed.pk, under.pk]).count() == 2


def test_a_cpr_number_stands_on_no_standing_agenda(cast, as_actor, visit, made):
    template = made("styregruppe")
    for field in ("title", "presenter"):
        assert visit(cast.konsulent).post(address(template, act="punkter/"), {**ITEM, field: "Om 010203-1234"}).status_code == 422


def test_others_read_it_and_change_nothing(cast, as_actor, visit, made):
    """A member of the forum gets a sentence, whoever reads no agenda of it a missing page, and the database lets neither write."""
    template = made("styregruppe", "Punktet")
    with as_actor(cast.chef) as actor:
        assert template.forum_id in actor.forums_with("view_agenda") or not actor.holds("convene")
    for role in ("fnt", "kontakt-hede", "elev", "dpo"):
        for url in (address(template), f"/thisted/fora/{template.forum.public_id}/dagsordener/"):
            assert visit(cast.users[role]).get(url).status_code in (403, 404), role
        assert visit(cast.users[role]).post(address(template, act="slet/")).status_code in (403, 404), role
    with as_actor(cast.fnt) as actor:
        assert template.forum_id in actor.forums_with("view_agenda"), "a member who only reads it"
        assert AgendaTemplate.objects.filter(pk=template.pk).exists()
        assert AgendaTemplate.objects.filter(pk=template.pk).delete()[0] == AgendaTemplateItem.objects.filter(template=template).delete()[0] == 0


def test_another_kommunes_standing_agenda_is_not_there(cast, as_actor, visit, made):
    template = made("styregruppe", "Punktet")
    item = row_of(as_actor, cast.konsulent, template, "Punktet")
    for act in ("", "punkter/", "slet/"):
        assert visit(cast.fnt).post(f"/morsoe/dagsordener/{template.public_id}/{act}", ITEM).status_code == 404
    with as_actor(cast.fnt, "morsoe"):
        assert not AgendaTemplateItem.objects.filter(pk=item.pk).exists()


def test_the_planner_is_led_to_the_forums_own(cast, as_actor, visit, find):
    meeting = find("styregruppe", "CALLED")
    browser, listed = visit(cast.konsulent), f"/thisted/fora/{meeting.forum.public_id}/dagsordener/"
    assert listed in browser.get(f"/thisted/moeder/nyt/?forum={meeting.forum.public_id}").content.decode()
    assert '"/thisted/dagsordener/"' in browser.get("/thisted/moeder/nyt/").content.decode()
    assert listed in browser.get("/thisted/dagsordener/").content.decode()
    assert listed in visit(cast.it).get(f"/thisted/opsaetning/fora/{meeting.forum.public_id}/").content.decode()


def test_thisteds_own_fill_themselves(cast, as_actor):
    """F1: each asks for the latest minutes and the next meeting, and where the paper follows up, for the open agreements."""
    with as_actor(cast.it):
        templates = AgendaTemplate.objects.filter(tenant__slug="thisted").select_related("forum")
        fills = {template.forum.key: set(template.items.values_list("fill", flat=True)) for template in templates}
    followed = {key for key, found in fills.items() if Fill.OPEN_AGREEMENTS in found}
    assert followed == {"styregruppe", "grundskole", "ssp-plus"}
    assert {key for key, found in fills.items() if Fill.LAST_MINUTES in found} == fills.keys() - {"trygt-natteliv"}
    assert all(Fill.NEXT_MEETING in found for found in fills.values() if found)
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.filter(forum__key="styregruppe", status="CALLED").first()
        assert {"LAST_MINUTES", "OPEN_AGREEMENTS", "NEXT_MEETING"} <= set(meeting.items.values_list("fill", flat=True))


def test_the_database_keeps_an_item_under_one_of_its_own_agenda(cast, as_actor, made, find):
    item, other = (row_of(as_actor, cast.konsulent, made("styregruppe", title, name=title), title) for title in ("Et", "To"))
    meetings = [find(forum, "CALLED") for forum in ("styregruppe", "grundskole")]
    with as_actor(cast.konsulent):
        first, second = (AgendaItem.objects.filter(meeting=meeting, parent=None).first() for meeting in meetings)
        for model, row, above in ((AgendaTemplateItem, item, other), (AgendaItem, first, second)):
            with transaction.atomic():
                assert model.objects.filter(pk=row.pk).update(parent=above)
                with pytest.raises(IntegrityError, match="parent_same"):
                    connection.check_constraints()
                transaction.set_rollback(True)


def test_no_title_stands_in_the_log(cast, as_actor, visit, made, log):
    """It is never erased, and a title may hold a name."""
    template = made("styregruppe", "Zebra Hansen", name="Zebraens møder")
    with as_actor(cast.konsulent) as actor:
        when = timezone.now() + timedelta(days=40)
        meeting = create_meeting(template.forum, actor=actor, starts_at=when, ends_at=when + timedelta(hours=1), template=template)
        change_item(meeting.items.get(), actor=actor, title="Zebra Jensen", presenter="Zebra Olsen")
        propose(template.forum, actor=actor, title="Zebra igen", text="", kind="DROEFTELSE", park=True)
    browser = visit(cast.konsulent)
    assert ">Zebraens møder</option>" in browser.get("/thisted/moeder/nyt/").content.decode()
    assert browser.post(address(template, act="slet/")).status_code == 302
    assert not [entry for entry in log() if "Zebra" in f"{entry.object_repr}{entry.note}{entry.changes}"]


@pytest.mark.parametrize(
    ("preset", "minutes"), [("guldborgsund", {"netvaerk": 95}), ("fredericia", {"styregruppe-1": 60, "styregruppe-2": 50, "distriktsgruppe": 70, "arbejdsgruppe": 40})]
)
def test_a_heading_of_a_shipped_agenda_takes_no_time_beside_its_sub_items(preset, minutes):
    def told(rows):
        return sum((0 if row.get("data_class") == "PERSON_115" else row.get("minutes", 10)) + told(row.get("items", [])) for row in rows)

    content = tomllib.loads((Path(preset_files.__file__).parent / "presets" / f"{preset}.toml").read_text())
    assert {row["key"]: told(row["items"]) for row in content["agenda_templates"] if row["key"] in minutes} == minutes


def test_an_item_of_no_minutes_shows_none_and_is_never_over_time(cast, visit, as_actor, find):
    meeting = find("styregruppe", "CALLED")
    base = f"/thisted/moeder/{meeting.public_id}/"
    form = {"title": "Overskriften", "kind": "DROEFTELSE", "duration": "0", "data_class": "INTERNAL"}
    assert visit(cast.konsulent).post(f"{base}punkter/", form).status_code == 302
    row = visit(cast.konsulent).get(base).content.decode().split("<h3>Overskriften")[1].split("</li>")[0]
    assert " min." not in row
    assert not ItemTime(0, 999, is_running=True, is_begun=True).is_over and ItemTime(1, 61, is_running=True, is_begun=True).is_over


def test_the_closed_part_counts_in_the_time_of_who_has_it_and_of_nobody_else(cast, visit, as_actor, find):
    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent) as actor:
        general, closed = read_agenda(actor, meeting).minutes, closed_minutes(actor, meeting)
    with as_actor(cast.ny) as actor:  # has not accepted the duty of confidentiality
        assert closed_minutes(actor, meeting) == 0
    assert closed > 0
    page = f"/thisted/moeder/{meeting.public_id}/"
    assert f"<b>{general + closed}</b> af" in visit(cast.konsulent).get(page).content.decode() and f"<b>{general}</b> af" in visit(cast.ny).get(page).content.decode()
