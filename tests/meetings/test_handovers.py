"""Up and down: a forum sends an item, or a theme without a trace of a person, to another; its answer comes back."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.doors import may_open
from meetings import handover_actions, handover_mails
from meetings.errors import MeetingStateError
from meetings.handovers import way_of
from meetings.models import AgendaItem, Handover, Meeting
from municipalities.models import Forum, Seat
from tests.rules.crawl import canaries

TEXT = {"title": "Uro ved busterminalen", "text": "Netværket beder om fælles vagt i weekenden.", "data_class": "INTERNAL"}
THEME = {"title": "Sene aftener i hallen", "text": "Flere unge er ude sent, og forældrene savner et sted at spørge.", "data_class": "INTERNAL"}


@pytest.fixture
def forums(cast, as_actor):
    with as_actor(cast.konsulent):
        return {forum.key: forum for forum in Forum.objects.filter(tenant__slug="thisted").select_related("level", "tenant")}


@pytest.fixture
def item(cast, as_actor, find):
    meeting = find("grundskole", "APPROVED")
    with as_actor(cast.konsulent):
        return AgendaItem.objects.filter(meeting=meeting, data_class="INTERNAL").order_by("order").first()


@pytest.fixture
def sent(cast, as_actor, forums, item):
    """From the network to the styregruppe, with its item."""
    with as_actor(cast.konsulent) as actor:
        made = handover_actions.write_handover(forums["grundskole"], forums["styregruppe"], actor=actor, item=item, **TEXT)
        return handover_actions.send_handover(made, actor=actor)


@pytest.fixture
def theme(cast, as_actor, forums):
    """From the case forum to the Lokalråd; it waits for a second member."""
    with as_actor(cast.konsulent) as actor:
        made = handover_actions.write_handover(forums["p115"], forums["lokalraad"], actor=actor, **THEME)
        return handover_actions.send_handover(made, actor=actor)


def url(handover, what=""):
    return f"/thisted/overleveringer/{handover.public_id}/{what}"


def test_an_item_is_sent_by_the_page_taken_and_answered(cast, visit, as_actor, forums, item, find):
    page = f"/thisted/fora/{forums['grundskole'].public_id}/send/"
    shown = visit(cast.konsulent).get(page).content.decode()
    offered = re.findall(r'<option value="(\w+)"', shown.split('name="to_forum"')[1].split("</select>")[0])
    near = {key: forum for key, forum in forums.items() if forum.pk == forums["grundskole"].parent_id or forum.parent_id == forums["grundskole"].pk}
    assert set(offered[: len(near)]) == {forum.public_id for forum in near.values()} and forums["styregruppe"].public_id in offered
    assert not {forum.public_id for forum in forums.values() if forum.kind == "INFOHUS"} & set(offered)
    answer = visit(cast.konsulent).post(page, {**TEXT, "to_forum": forums["styregruppe"].public_id, "item": item.public_id})
    assert answer.status_code == 302
    with as_actor(cast.konsulent):
        row = Handover.objects.get(title=TEXT["title"])
        assert (row.status, row.direction, row.from_item_id, row.is_theme) == ("DRAFT", "UP", item.pk, False)
    assert visit(cast.kui).get(url(row)).status_code == 404  # a member of the styregruppe sees no draft
    with as_actor(cast.kui):
        assert not Handover.objects.filter(pk=row.pk).exists()
    assert visit(cast.konsulent).post(url(row, "send/")).status_code == 302
    seen = visit(cast.kui).get(url(row))
    assert seen.status_code == 200 and TEXT["text"] in seen.content.decode() and f"#punkt-{item.public_id}" not in seen.content.decode()
    assert f"#punkt-{item.public_id}" in visit(cast.konsulent).get(url(row)).content.decode()
    assert visit(cast.konsulent).post(url(row, "svar/"), {"answer": "Ja.", "svar": "svar"}).status_code == 409  # a decision needs a meeting
    meeting = find("styregruppe", "CALLED")
    assert visit(cast.konsulent).post(url(row, "tag/"), {"meeting": meeting.public_id}).status_code == 302
    with as_actor(cast.konsulent):
        row.refresh_from_db()
        taken = AgendaItem.objects.get(meeting=meeting, title=TEXT["title"])
        assert (row.status, row.to_item_id, taken.data_class) == ("TAKEN", taken.pk, "INTERNAL")
    assert visit(cast.konsulent).post(url(row, "tag/"), {"meeting": meeting.public_id}).status_code == 409
    assert visit(cast.konsulent).post(url(row, "svar/"), {"answer": "", "svar": "svar"}).status_code == 422
    assert visit(cast.konsulent).post(url(row, "svar/"), {"answer": "Styregruppen giver to ekstra vagter.", "svar": "svar"}).status_code == 302
    assert "to ekstra vagter" in visit(cast.users["kontakt-fjord"]).get(url(row)).content.decode()  # of the network
    assert visit(cast.konsulent).post(url(row, "svar/"), {"answer": "Igen", "svar": "afvis"}).status_code == 409


def test_it_fills_the_agendas_of_both(cast, visit, as_actor, forums, sent, find):
    styring, network = find("styregruppe", "CALLED"), find("grundskole", "CALLED")
    with as_actor(cast.konsulent) as actor:
        for meeting, fill in ((styring, "HANDOVER_BELOW"), (network, "HANDOVER_ABOVE"), (styring, "HANDOVER_ABOVE")):
            AgendaItem.objects.create(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, order=90, title=f"Nyt {fill}", fill=fill)
    below = visit(cast.kui).get(f"/thisted/moeder/{styring.public_id}/").content.decode()
    line = f"Fra {forums['grundskole'].name}: {TEXT['title']}"
    assert line in below and "Svar fra" not in below
    with as_actor(cast.konsulent) as actor:
        handover_actions.answer_handover(sent, actor=actor, answer="Det klarer netværket selv.", decline=True)
    reader = cast.users["kontakt-fjord"]
    above = visit(reader).get(f"/thisted/moeder/{network.public_id}/").content.decode()
    assert f"Svar fra {forums['styregruppe'].name}" in above and "Det klarer netværket selv." in above
    assert line not in visit(cast.kui).get(f"/thisted/moeder/{styring.public_id}/").content.decode()


def test_only_who_convenes_sends_and_only_who_convenes_there_answers(cast, visit, as_actor, forums, sent):
    assert visit(cast.kui).post(url(sent, "tag/"), {"meeting": "x"}).status_code in (403, 404)
    assert visit(cast.kui).post(url(sent, "svar/"), {"answer": "Nej", "svar": "afvis"}).status_code in (403, 404)
    assert visit(cast.kui).get(f"/thisted/fora/{forums['styregruppe'].public_id}/send/").status_code in (403, 404)
    with as_actor(cast.kui) as actor:
        with pytest.raises(PermissionDenied):
            handover_actions.answer_handover(sent, actor=actor, answer="Nej", decline=True)
        assert Handover.objects.filter(pk=sent.pk).update(status="DECLINED") == 0
    with as_actor(cast.konsulent) as actor, pytest.raises(MeetingStateError):  # once sent its text is what was sent
        handover_actions.change_handover(sent, actor=actor, **THEME)


def test_other_forums_and_other_kommuner_have_no_such_row(cast, visit, as_actor, sent):
    for stranger in (cast.chef, cast.it, cast.dpo, cast.natteravn if "natteravn" in cast.users else cast.it):
        assert visit(stranger).get(url(sent)).status_code == 404
        with as_actor(stranger):
            assert not Handover.objects.filter(pk=sent.pk).exists()
    with as_actor(cast.fnt, "morsoe"):
        assert not Handover.objects.filter(pk=sent.pk).exists()
    assert visit(cast.fnt).get(f"/morsoe/overleveringer/{sent.public_id}/").status_code == 404


def test_a_theme_needs_a_second_member(cast, visit, as_actor, theme):
    assert theme.status == "WAITS_FOR_SECOND" and theme.is_theme and theme.from_item_id is None
    assert visit(cast.chef).get(url(theme)).status_code == 404
    assert visit(cast.konsulent).post(url(theme, "godkend/"), {"svar": "godkend"}).status_code == 403  # the one who wrote it
    assert visit(cast.konsulent).post(url(theme, "send/")).status_code == 409
    with as_actor(cast.konsulent):
        for approved_by in (None, cast.konsulent, cast.gade):  # nor past the action
            with pytest.raises(DatabaseError), transaction.atomic():
                Handover.objects.filter(pk=theme.pk).update(status="SENT", approved_by=approved_by)
    assert visit(cast.gade).post(url(theme, "godkend/"), {"svar": "tilbage"}).status_code == 302
    assert visit(cast.gade).post(url(theme, "godkend/"), {"svar": "godkend"}).status_code == 409
    assert visit(cast.konsulent).post(url(theme, "ret/"), {**THEME, "text": "Om 010203-1234"}).status_code == 422
    assert visit(cast.konsulent).post(url(theme, "ret/"), {**THEME, "text": "Skrevet om."}).status_code == 302
    assert visit(cast.konsulent).post(url(theme, "send/")).status_code == 302
    assert "Godkend" in visit(cast.gade).get(url(theme)).content.decode()
    assert visit(cast.gade).post(url(theme, "godkend/"), {"svar": "godkend"}).status_code == 302
    seen = visit(cast.chef).get(url(theme)).content.decode()
    assert "Skrevet om." in seen and "#punkt-" not in seen
    with as_actor(cast.chef):
        row = Handover.objects.get(pk=theme.pk)
        assert (row.status, row.asked_by_id, row.approved_by_id) == ("SENT", cast.konsulent.pk, cast.gade.pk)


def test_no_item_and_no_case_can_be_in_a_theme(cast, visit, as_actor, forums, find, theme):
    closed = find("p115", "CALLED")
    with as_actor(cast.konsulent) as actor:
        items = list(AgendaItem.objects.filter(meeting=closed))
        assert items
        for item in items:
            with pytest.raises(MeetingStateError):
                handover_actions.write_handover(forums["p115"], forums["lokalraad"], actor=actor, item=item, **THEME)
            with pytest.raises(DatabaseError), transaction.atomic():
                Handover.objects.filter(pk=theme.pk).update(from_item=item)
        for is_theme in (True, False):
            with pytest.raises(DatabaseError), transaction.atomic():  # nor by calling itself a general forum
                Handover.objects.create(
                    tenant_id=actor.tenant_id, from_forum=forums["p115"], to_forum=forums["lokalraad"], from_item=items[0], is_theme=is_theme,
                    direction="UP", asked_by=cast.konsulent, **THEME,
                )  # fmt: skip
        links = {field.name for field in Handover._meta.get_fields() if field.is_relation and not field.auto_created}
        assert links == {"tenant", "from_forum", "to_forum", "from_item", "to_item", "asked_by", "approved_by", "answered_by"}
    form = visit(cast.konsulent).get(f"/thisted/fora/{forums['p115'].public_id}/send/").content.decode()
    assert 'name="item"' not in form and not any(canary.text in form for canary in canaries())
    page = visit(cast.konsulent).get(url(theme)).content.decode()
    assert not any(canary.text in page for canary in canaries()) and "/sager/" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    "bad", [{"title": ""}, {"text": ""}, {"text": "010203-1234"}, {"data_class": "PERSON_115"}, {"data_class": "x"}, {"to_forum": "x"}, {"item": "x"}, {"title": "\x00"}]
)
def test_bad_input_is_refused_whole(cast, visit, as_actor, forums, bad):
    data = {**TEXT, "to_forum": forums["styregruppe"].public_id, **bad}
    assert visit(cast.konsulent).post(f"/thisted/fora/{forums['grundskole'].public_id}/send/", data).status_code == 422
    with as_actor(cast.konsulent):
        assert not Handover.objects.filter(title=TEXT["title"]).exists()


def test_the_class_fits_both_forums(cast, visit, as_actor, forums):
    with as_actor(cast.konsulent) as actor:
        low = Forum(pk=forums["styregruppe"].pk, tenant_id=actor.tenant_id, kind="STYREGRUPPE", ceiling="PUBLIC", level=forums["styregruppe"].level)
        with pytest.raises(MeetingStateError):
            handover_actions.write_handover(forums["grundskole"], low, actor=actor, **TEXT)


def test_an_item_that_the_other_forum_may_not_hear_is_refused_at_the_item_itself(cast, visit, as_actor, forums):
    """Neither class helps: the item's own does not fit there, and a more open one does not fit the item."""
    with as_actor(cast.konsulent):
        item = AgendaItem.objects.filter(forum=forums["styregruppe"], meeting__status="APPROVED", data_class="AGGREGATE").order_by("-meeting__starts_at").first()
    told = {**TEXT, "to_forum": forums["grundskole"].public_id, "item": item.public_id}
    answer = visit(cast.konsulent).post(f"/thisted/fora/{forums['styregruppe'].public_id}/send/", told)
    assert answer.status_code == 422 and set(answer.context_data["form"].errors) == {"item"}


def test_what_is_taken_off_again_can_be_taken_once_more(cast, visit, as_actor, sent, find, forums):
    called = find("styregruppe", "CALLED")
    with as_actor(cast.konsulent) as actor:
        meeting = Meeting.objects.create(tenant_id=actor.tenant_id, forum=forums["styregruppe"], starts_at=called.starts_at, ends_at=called.ends_at, number=9)
        item = handover_actions.take_handover(sent, meeting, actor=actor)
    remove = f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/fjern/"
    assert visit(cast.konsulent).post(remove).status_code == 302
    with as_actor(cast.konsulent) as actor:
        again = handover_actions.take_handover(Handover.objects.select_related("from_forum", "to_forum").get(pk=sent.pk), meeting, actor=actor)
        handover_actions.answer_handover(Handover.objects.select_related("to_forum").get(pk=sent.pk), actor=actor, answer="Aftalt.")
    assert visit(cast.konsulent).post(remove.replace(item.public_id, again.public_id)).status_code == 409


def test_an_item_that_was_sent_stays_on_its_agenda(cast, visit, as_actor, forums):
    with as_actor(cast.konsulent) as actor:
        called = Meeting.objects.filter(forum=forums["grundskole"]).first()
        meeting = Meeting.objects.create(tenant_id=actor.tenant_id, forum=forums["grundskole"], starts_at=called.starts_at, ends_at=called.ends_at, number=9)
        item = AgendaItem.objects.create(tenant_id=actor.tenant_id, forum=meeting.forum, meeting=meeting, order=1, title="Til styregruppen")
        made = handover_actions.write_handover(forums["grundskole"], forums["styregruppe"], actor=actor, item=item, **TEXT)
    remove = f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/fjern/"
    assert visit(cast.konsulent).post(remove).status_code == 409
    assert visit(cast.konsulent).post(url(made, "slet/")).status_code == 302
    assert visit(cast.konsulent).post(remove).status_code == 302


def told(outbox, handover):
    return {(mail.recipient.pk, mail.notice) for mail in outbox(handover)}


def test_who_is_to_act_is_told_and_the_answer_is_told_to_who_asked(cast, visit, as_actor, theme, find, outbox):
    seconds = told(outbox, theme)
    assert (cast.fnt.pk, "action") in seconds and {notice for _user, notice in seconds} == {"action"} and cast.konsulent.pk not in {user for user, _notice in seconds}
    assert not any(word in str(mail.payload) + mail.subject for mail in outbox(theme) for word in (THEME["title"], "hallen"))
    for user, opens in ((cast.fnt, True), (cast.vpi, False)):  # what the worker asks before a mail leaves
        with as_actor(user) as actor:
            assert may_open(actor, url(theme)) is opens
    assert THEME["title"] in visit(cast.fnt).get("/thisted/").content.decode()
    assert not any(THEME["title"] in visit(user).get("/thisted/").content.decode() for user in (cast.konsulent, cast.vpi)), "the writer, and who knows no cases"
    with as_actor(cast.fnt) as actor:
        handover_actions.approve_handover(theme, actor=actor)
    assert THEME["title"] not in visit(cast.fnt).get("/thisted/").content.decode()
    assert {(cast.vpi.pk, "proposal"), (cast.konsulent.pk, "proposal")} <= told(outbox, theme), "who plans the meetings of the Lokalråd"
    assert cast.direktoer.pk not in {user for user, _notice in told(outbox, theme)}, "and not who only sits there"
    before = len(outbox(theme))
    with as_actor(cast.vpi) as actor:
        handover_actions.answer_handover(theme, actor=actor, answer="Vi tager det op i foråret.", decline=True)
    new = outbox(theme)[before:]
    assert cast.konsulent.pk in {mail.recipient.pk for mail in new} and not any("foråret" in str(mail.payload) + mail.subject for mail in new)


def test_the_case_number_is_refused_where_no_form_has_read_it(cast, as_actor, forums):
    with as_actor(cast.konsulent) as actor, pytest.raises(MeetingStateError, match="nummeret på en sag"):
        handover_actions.write_handover(forums["p115"], forums["lokalraad"], actor=actor, **{**THEME, "title": "Om 2026-014"})


def test_whose_seat_has_ended_is_told_nothing(cast, as_actor, forums, outbox):
    with as_actor(cast.it):
        assert Seat.objects.current().filter(forum=forums["p115"], user=cast.fnt).update(valid_to=timezone.now() - timedelta(minutes=1))
    with as_actor(cast.konsulent) as actor:
        made = handover_actions.send_handover(handover_actions.write_handover(forums["p115"], forums["lokalraad"], actor=actor, **THEME), actor=actor)
    assert told(outbox, made) and cast.fnt.pk not in {user for user, _notice in told(outbox, made)}


def test_who_wrote_it_hears_the_answer_though_another_plans_the_meetings(cast, as_actor, theme, outbox):
    with as_actor(cast.vpi):
        theme.asked_by = cast.fnt
        handover_mails.tell_of_answer(theme, cast.vpi.pk)
    assert {(cast.fnt.pk, "proposal"), (cast.konsulent.pk, "proposal")} <= told(outbox, theme)


@pytest.mark.parametrize(("text", "is_kept"), [("Sag 2026-014 fylder meget.", False), ("Det gælder 2026-1004.", True), ("Planen for 2024-2026 og 2026-27.", True)])
def test_a_theme_names_no_case(cast, visit, forums, text, is_kept):
    page = f"/thisted/fora/{forums['p115'].public_id}/send/"
    answer = visit(cast.konsulent).post(page, {**THEME, "text": text, "to_forum": forums["styregruppe"].public_id})
    assert (answer.status_code == 302) is is_kept and (is_kept or "nummeret på en sag" in answer.content.decode())


def test_on_one_level_the_lokalraad_is_above_the_styregruppe(cast, as_actor, forums):
    """Fredericia's stand on one level, and neither is the other's parent."""
    one, other, network = (Forum(pk=pk, level=forums["styregruppe"].level, kind=kind) for pk, kind in ((1, "STYREGRUPPE"), (2, "LOKALRAAD"), (3, "ARBEJDSGRUPPE")))
    ways = [way_of(one, other), way_of(other, one), way_of(network, one), way_of(other, network), way_of(network, network)]
    assert ways == ["UP", "DOWN", "UP", "DOWN", "DOWN"]
    below = Forum(pk=4, level=forums["grundskole"].level, kind="LOKALRAAD")
    assert (way_of(one, below), way_of(below, one)) == ("DOWN", "UP"), "the levels that the kommune has given come first"


def test_what_the_meeting_decided_is_what_the_answer_begins_with(cast, visit, as_actor, sent, find):
    meeting = find("styregruppe", "CALLED")
    with as_actor(cast.konsulent) as actor:
        item = handover_actions.take_handover(sent, meeting, actor=actor)
        AgendaItem.objects.filter(pk=item.pk).update(decision="Vagt hver fredag.")
    assert "Vagt hver fredag." not in visit(cast.konsulent).get(url(sent)).content.decode(), "the meeting has not decided yet"
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(status="CLOSED")
    page = f"/thisted/moeder/{meeting.public_id}/"
    assert "Svar mangler" in visit(cast.konsulent).get(page).content.decode()
    assert "Vagt hver fredag.</textarea>" in visit(cast.konsulent).get(url(sent)).content.decode()
    for data_class, is_told in (("AGGREGATE", False), ("INTERNAL", True)):  # it may have become more closed than what was sent
        with as_actor(cast.konsulent):
            AgendaItem.objects.filter(pk=item.pk).update(data_class=data_class)
        assert ("Vagt hver fredag." in visit(cast.konsulent).get(url(sent)).content.decode()) == is_told
    assert visit(cast.konsulent).post(url(sent, "svar/"), {"answer": "Vagt hver fredag.", "svar": "svar"}).status_code == 302
    assert "Svar mangler" not in visit(cast.konsulent).get(page).content.decode()
