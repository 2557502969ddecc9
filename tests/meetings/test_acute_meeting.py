"""An acute meeting: some of the seats at short notice. Only they get a mail and stand as called."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import User
from access.roles import Convening, SeatRole
from meetings import actions
from meetings.models import Attendance, Meeting
from municipalities.actions import add_seat
from municipalities.models import Forum, Seat
from municipalities.seat_actions import vacate
from tests.rules.crawl import readable


@pytest.fixture
def acute(cast, as_actor):
    """A draft of the Grundskole network the day after tomorrow."""
    with as_actor(cast.konsulent) as actor:
        start = timezone.now() + timedelta(days=2)
        return actions.create_meeting(Forum.objects.get(key="grundskole"), actor=actor, starts_at=start, ends_at=start + timedelta(hours=1))


@pytest.fixture
def seats(acute, cast, as_actor):
    with as_actor(cast.konsulent):
        return list(actions.seats_to_call(acute))


def page_of(meeting):
    return f"/thisted/moeder/{meeting.public_id}/indkald/"


def called_to(meeting, cast, as_actor):
    with as_actor(cast.konsulent):
        return set(Attendance.objects.filter(meeting=meeting).values_list("seat__public_id", flat=True))


def test_only_the_chosen_get_a_mail_and_stand_as_called_and_the_rest_can_be_called_later(visit, cast, as_actor, acute, seats, outbox):
    client, few = visit(cast.konsulent), seats[:2]
    page = client.get(page_of(acute)).content.decode()
    assert page.count('name="seats"') == len(seats) == page.count(" checked") and len(seats) > 2
    assert client.post(page_of(acute), {"seats": [seat.public_id for seat in few]}).status_code == 302
    assert called_to(acute, cast, as_actor) == {seat.public_id for seat in few}
    assert {mail.recipient_id for mail in outbox(acute)} == {seat.user_id for seat in few}
    assert client.get(page_of(acute)).content.decode().count('name="seats"') == len(seats) - 2
    assert client.post(page_of(acute), {"seats": [seats[2].public_id]}).status_code == 302
    assert called_to(acute, cast, as_actor) == {seat.public_id for seat in seats[:3]}


def test_moving_it_tells_the_called_alone(cast, as_actor, acute, seats, outbox):
    with as_actor(cast.konsulent) as actor:
        called = actions.call_meeting(acute, actor=actor, chosen={seats[0].public_id})
        actions.move_meeting(called, actor=actor, starts_at=acute.starts_at, ends_at=acute.ends_at, place="HUSET")
    assert {mail.recipient_id for mail in outbox(acute)} == {seats[0].user_id} and len(outbox(acute)) == 2


@pytest.mark.parametrize("chosen", [[], ["nowhere"], ["another forum"]])
def test_a_choice_that_does_not_fit_calls_nobody_and_says_why(visit, cast, as_actor, acute, seats, outbox, chosen):
    with as_actor(cast.konsulent):
        foreign = Seat.objects.current().exclude(forum_id=acute.forum_id).first().public_id
    response = visit(cast.konsulent).post(page_of(acute), {"seats": [foreign if one == "another forum" else one for one in chosen]})
    assert response.status_code == 422 and ("Vælg mindst én deltager" if not chosen else "Gå listen igennem") in response.content.decode()
    assert called_to(acute, cast, as_actor) == set() and outbox(acute) == []
    with as_actor(cast.konsulent):
        assert Meeting.objects.get(pk=acute.pk).status == "DRAFT"


def test_who_was_called_meanwhile_is_not_called_twice(visit, cast, as_actor, acute, seats, outbox):
    client, data = visit(cast.konsulent), {"seats": [seats[0].public_id]}
    assert [client.post(page_of(acute), data).status_code for _n in range(2)] == [302, 422]
    assert len(outbox(acute)) == 1


@pytest.mark.parametrize(("agreed", "is_said"), [(0, False), (2, False), (14, True)])
def test_short_notice_is_said_when_the_forum_has_agreed_a_longer_one(visit, cast, as_actor, acute, agreed, is_said):
    with as_actor(cast.it):
        assert Forum.objects.filter(key="grundskole", tenant__slug="thisted").update(cadence_notice_days=agreed)
    assert ("Kort varsel: forummet har aftalt at indkalde 14 dage før, og der er 2 tilbage." in visit(cast.konsulent).get(page_of(acute)).content.decode()) is is_said


def test_a_member_who_may_not_convene_calls_nobody(visit, cast, as_actor, acute, seats):
    assert visit(cast.fnt).post(page_of(acute), {"seats": [seats[0].public_id]}).status_code in (403, 404)
    assert called_to(acute, cast, as_actor) == set()


def test_where_two_convene_the_others_are_asked_by_mail_and_nobody_is_called_yet(visit, cast, as_actor, acute, seats, outbox):
    other = next(seat for seat in seats if seat.user_id != cast.konsulent.pk and seat.role == "MEMBER")
    with as_actor(cast.it):
        Forum.objects.filter(key="grundskole", tenant__slug="thisted").update(convening=Convening.TWO)
        Seat.objects.filter(pk=other.pk).update(may_convene=True)
    assert visit(cast.konsulent).post(page_of(acute)).status_code == 302
    mails = outbox(acute)
    assert other.user_id in {mail.recipient_id for mail in mails} and cast.konsulent.pk not in {mail.recipient_id for mail in mails}
    assert all(mail.subject.startswith("Bekræft indkaldelsen: ") and mail.path == page_of(acute) and not mail.payload["ics"] for mail in mails)
    assert called_to(acute, cast, as_actor) == set()


def page_now(client, meeting):
    return client.get(page_of(meeting)).content.decode()


# ---- deputies ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def suppleant(acute, seats, cast, as_actor):
    """`suppleant()`: somebody new whose seat is deputy for that of fnt; `particular=False`: for nobody in particular."""

    def seated(*, particular=True):
        user = User.objects.create_user("inge", "inge@thisted.example", first_name="Inge", last_name="Stedholt", is_demo=True)
        own = next(seat for seat in seats if seat.user_id == cast.fnt.pk)
        with as_actor(cast.it) as actor:
            same = {"role": SeatRole.MEMBER, "title": "Suppleant", "organisation": own.organisation, "kind": Seat.Kind.DEPUTY}
            return add_seat(Forum.objects.get(pk=acute.forum_id), actor=actor, user=user, deputy_for=own if particular else None, **same)

    return seated


@pytest.mark.parametrize("particular", [True, False])
def test_a_deputy_is_not_called_with_the_others_and_the_preview_says_whose_deputy_he_is(visit, cast, as_actor, acute, seats, outbox, suppleant, particular):
    deputy, client = suppleant(particular=particular), visit(cast.konsulent)
    page = readable(client.get(page_of(acute)))
    whose = cast.fnt.name if particular else str(deputy.organisation)
    assert f"Suppleant for {whose}: får ingen mail endnu" in page and deputy.user.email not in page
    assert f'value="{deputy.public_id}" form="indkald">' in client.get(page_of(acute)).content.decode(), "not chosen beforehand"
    assert client.post(page_of(acute), {"seats": [seat.public_id for seat in seats]}).status_code == 302
    assert deputy.public_id not in called_to(acute, cast, as_actor) and deputy.user_id not in {mail.recipient_id for mail in outbox(acute)}
    assert visit(deputy.user).get(f"/thisted/moeder/{acute.public_id}/").status_code == 200, "he reads it by his own seat"
    assert "Alle undtagen suppleanterne er indkaldt." in readable(client.get(page_of(acute)))


def test_a_call_without_a_choice_leaves_the_deputies_out(cast, as_actor, acute, seats, suppleant):
    deputy = suppleant()
    with as_actor(cast.konsulent) as actor:
        actions.call_meeting(acute, actor=actor)
    assert called_to(acute, cast, as_actor) == {seat.public_id for seat in seats} and deputy.public_id not in {seat.public_id for seat in seats}


def test_a_deputy_is_called_when_the_convener_ticks_him_on_also_later(visit, cast, as_actor, acute, seats, outbox, suppleant):
    deputy, client = suppleant(), visit(cast.konsulent)
    client.post(page_of(acute), {"seats": [seat.public_id for seat in seats]})
    assert client.post(page_of(acute), {"seats": [deputy.public_id]}).status_code == 302
    (mail,) = [mail for mail in outbox(acute) if mail.recipient_id == deputy.user_id]
    assert mail.payload["method"] == "REQUEST" and mail.subject.startswith("Indkaldelse: ")
    assert page_now(client, acute).count(">Indkaldt<") == len(seats) + 1


def test_a_deputy_who_was_left_out_is_called_when_the_holder_asks_him(visit, cast, as_actor, acute, seats, outbox, suppleant):
    deputy = suppleant()
    visit(cast.konsulent).post(page_of(acute), {"seats": [seat.public_id for seat in seats]})
    assert visit(cast.fnt).post(f"/thisted/moeder/{acute.public_id}/stedfortraeder/", {"deputy": deputy.public_id}).status_code == 302
    assert deputy.public_id in called_to(acute, cast, as_actor)
    assert [mail.subject.split("?")[0] for mail in outbox(acute) if mail.recipient_id == deputy.user_id] == ["Kan du komme som stedfortræder"]


def test_the_deputy_of_a_vacant_seat_is_pointed_out(visit, cast, as_actor, acute, suppleant):
    deputy = suppleant()
    with as_actor(cast.it) as actor:
        vacate(Seat.objects.select_related("forum", "group", "organisation", "user").get(pk=deputy.deputy_for_id), actor=actor)
    assert "som er ledig: derfra kommer ingen anden" in readable(visit(cast.konsulent).get(page_of(acute)))
