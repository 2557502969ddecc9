"""Inhabil: to him who is kept out of an item or a case it is not there, whatever seat he holds."""

import pytest

from access.roles import Verb
from cases.models import Case, CaseRecusal
from meetings.models import AgendaItem, ItemRecusal, Meeting
from municipalities.models import Seat
from tests.rules.crawl import readable


def first_item(meeting):
    return AgendaItem.objects.filter(meeting=meeting).exclude(data_class="PERSON_115").order_by("order").first()


@pytest.fixture
def styring(cast, as_actor):
    """The coming meeting of the styregruppe, its first item, and a member who is not the one who writes."""
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.filter(forum__key="styregruppe", status="CALLED").select_related("forum").first()
        member = Seat.objects.current().filter(forum=meeting.forum, role="MEMBER", user__isnull=False).select_related("user").first().user
        return meeting, first_item(meeting), member


def recuse(visit, cast, meeting, item, user):
    return visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/inhabil/", {"user": user.public_id})


def test_the_item_is_gone_from_page_and_pdf_without_a_gap(cast, visit, styring):
    meeting, item, member = styring
    page = f"/thisted/moeder/{meeting.public_id}/"
    before = visit(member).get(page).content.decode()
    assert item.title in before and recuse(visit, cast, meeting, item, member).status_code == 302
    after = visit(member).get(page)
    assert item.title not in after.content.decode() and '<span class="no">1</span>' in after.content.decode()
    assert before.count('<li class="ag"') == after.content.decode().count('<li class="ag"') + 1
    assert item.title not in readable(visit(member).get(f"{page}dagsorden.pdf"))
    assert item.title in visit(cast.konsulent).get(page).content.decode()


def test_the_database_itself_hides_the_item_and_what_hangs_on_it(cast, visit, as_actor, styring):
    meeting, item, member = styring
    recuse(visit, cast, meeting, item, member)
    with as_actor(member) as actor:
        assert not AgendaItem.objects.filter(pk=item.pk).exists()
        assert AgendaItem.objects.filter(pk=item.pk).update(text="x") == 0
        assert actor.recused_from("meetings.AgendaItem") == {item.pk}
        own = ItemRecusal.objects.filter(user=member)  # he may know that he is kept out; he cannot undo it
        assert own.exists() and own.delete()[0] == 0


def test_he_may_be_let_in_again_by_who_writes_the_minutes(cast, visit, styring):
    meeting, item, member = styring
    recuse(visit, cast, meeting, item, member)
    address = f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/inhabil/ophaev/"
    assert visit(member).post(address, {"user": member.public_id}).status_code in (403, 404)
    assert visit(cast.konsulent).post(address, {"user": member.public_id}).status_code == 302
    assert item.title in visit(member).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()


def test_who_does_not_see_all_cannot_approve(cast, visit, as_actor, find):
    from meetings.actions import approve_minutes
    from meetings.errors import MeetingStateError
    from meetings.minutes import content_hash

    meeting = find("ssp-plus", "CLOSED")
    with as_actor(cast.konsulent):
        item = first_item(meeting)
    assert recuse(visit, cast, meeting, item, cast.konsulent).url == f"/thisted/moeder/{meeting.public_id}/"
    with as_actor(cast.konsulent) as actor, pytest.raises(MeetingStateError):
        approve_minutes(meeting, actor=actor, seen=content_hash(meeting))


def test_nobody_outside_the_forum_can_be_chosen_and_nothing_after_approval(cast, visit, as_actor, styring, find):
    meeting, item, _member = styring
    assert recuse(visit, cast, meeting, item, cast.dpo).status_code == 422
    held = find("styregruppe", "APPROVED")
    with as_actor(cast.konsulent):
        old = first_item(held)
        member = Seat.objects.current().filter(forum=held.forum, role="MEMBER", user__isnull=False).select_related("user").first().user
    assert recuse(visit, cast, held, old, member).status_code == 409


@pytest.fixture
def case(cast, as_actor):
    with as_actor(cast.konsulent):
        return Case.objects.filter(forum__key="p115", status="OPEN").select_related("forum").first()


def test_nobody_is_chosen_beforehand_for_an_item_or_a_case(cast, visit, styring, case):
    meeting, item, _member = styring
    for address in (f"moeder/{meeting.public_id}/punkter/{item.public_id}/inhabil/", f"sager/{case.public_id}/inhabil/"):
        asked = visit(cast.konsulent).get(f"/thisted/{address}")
        assert next(value for value, _name in asked.context["form"].fields["user"].choices) == ""
        slip = visit(cast.konsulent).post(f"/thisted/{address}", {"user": ""})
        assert slip.status_code == 422 and "Vælg, hvem der er inhabil." in slip.content.decode()


def test_a_case_is_gone_for_who_is_disqualified(cast, visit, as_actor, case):
    address = f"/thisted/sager/{case.public_id}/"
    purpose = {"purpose": "follow_up", "note": "", "next": ""}
    browser = visit(cast.fnt)
    browser.post(f"{address}formaal/", purpose)
    assert browser.get(address).status_code == 200
    assert visit(cast.konsulent).post(f"{address}inhabil/", {"user": cast.fnt.public_id}).status_code == 302
    assert browser.get(address).status_code == 404
    assert case.number not in browser.get("/thisted/sager/").content.decode()
    with as_actor(cast.fnt) as actor:
        assert not Case.objects.filter(pk=case.pk).exists()
        assert actor.holds(Verb.VIEW_CASES)
    asking = visit(cast.konsulent)
    asking.post(f"{address}formaal/", purpose)
    access = asking.get(address).content.decode().split("Hvem har adgang")[1].split("</ul>")[0]
    assert cast.fnt.name not in access


def test_everybody_may_note_himself_but_not_another_nor_undo_it(cast, visit, as_actor, case):
    address = f"/thisted/sager/{case.public_id}/inhabil/"
    assert visit(cast.fnt).post(address, {"user": cast.konsulent.public_id}).status_code == 422
    assert visit(cast.fnt).post(address, {"user": cast.fnt.public_id}).url == "/thisted/sager/"
    assert visit(cast.fnt).post(f"{address}ophaev/", {"user": cast.fnt.public_id}).status_code in (403, 404)
    assert visit(cast.konsulent).post(f"{address}ophaev/", {"user": cast.fnt.public_id}).status_code == 302
    with as_actor(cast.fnt):
        assert not CaseRecusal.objects.filter(case=case).exists()
        assert Case.objects.filter(pk=case.pk).exists()
