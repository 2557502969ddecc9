"""Answers to a call: comes, does not, asks a deputy, says that there is none, takes it back. No right comes from it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from icalendar import Calendar

from access.models import User
from access.roles import SeatRole
from meetings import actions
from meetings.errors import MeetingStateError
from meetings.minutes import attendance_of, read_minutes
from meetings.models import AgendaItem, Attendance, Meeting
from municipalities.actions import add_seat
from municipalities.models import ConfidentialityPledge, Forum, Organisation, Seat
from tests.rules.crawl import readable

Reply, Presence = Attendance.Reply, Attendance.Presence


def newcomer(name):
    first, last = name.split()
    return User.objects.create_user(first.lower(), f"{first.lower()}@thisted.example", first_name=first, last_name=last, is_demo=True)


def seat_of(meeting, user):
    return Seat.objects.current().filter(forum_id=meeting.forum_id, user=user).select_related("organisation").first()


@pytest.fixture(params=["grundskole", "p115"])
def meeting(request, find):
    """A called meeting of an open forum, and of one with person data."""
    return find(request.param, "CALLED")


@pytest.fixture
def open_meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def deputy(cast, as_actor):
    """`deputy(meeting, "Inge Stedholt")`: somebody new with a deputy's seat for that of fnt, who has not been called."""

    def seated(meeting, name="Inge Stedholt", *, particular=True, of=None, kind=Seat.Kind.DEPUTY, forum=None):
        user = newcomer(name)
        with as_actor(cast.it) as actor:
            own = seat_of(meeting, of or cast.fnt)
            same = {"role": SeatRole.MEMBER, "title": "Suppleant", "organisation": own.organisation, "kind": kind}
            seat = add_seat(forum or Forum.objects.get(pk=meeting.forum_id), actor=actor, user=user, deputy_for=own if particular else None, **same)
        return user, seat

    return seated


def url(meeting, page="stedfortraeder"):
    return f"/thisted/moeder/{meeting.public_id}/{page}/"


def ask(visit, user, meeting, choice):
    """The answer's status, and the page that follows."""
    client = visit(user)
    answer = client.post(url(meeting), {"deputy": choice if isinstance(choice, str) else choice.public_id})
    return answer.status_code, readable(client.get(f"/thisted/moeder/{meeting.public_id}/"))


def reply(visit, user, meeting, said):
    return visit(user).post(url(meeting, "svar"), {"reply": said}).status_code


@pytest.fixture
def row(cast, as_actor):
    """`row(meeting, user)`: his attendance, or None."""

    def read(meeting, user):
        with as_actor(cast.konsulent):
            return Attendance.objects.filter(meeting=meeting, user=user).select_related("stands_in_for__user").first()

    return read


def mails(outbox, meeting, user):
    return [mail for mail in outbox(meeting) if mail.recipient == user]


# ---- asking ---------------------------------------------------------------------------------------------------------
def test_a_deputy_is_asked_gets_the_date_and_stands_on_the_list(visit, cast, meeting, deputy, row, outbox):
    user, seat = deputy(meeting)
    assert row(meeting, user) is None
    status, page = ask(visit, cast.fnt, meeting, seat)
    assert status == 302 and "Inge Stedholt er bedt om at komme i stedet for dig" in page
    asked, own = row(meeting, user), row(meeting, cast.fnt)
    assert (own.reply, asked.reply, asked.stands_in_for) == (Reply.NO, Reply.NONE, own)
    (mail,) = mails(outbox, meeting, user)
    (event,) = Calendar.from_ical(mail.payload["ics"]).walk("VEVENT")
    assert mail.payload["method"] == "REQUEST" and event["UID"] == f"{meeting.public_id}@ssp.thisted" and event["SEQUENCE"] == meeting.sequence
    assert mail.path == f"/thisted/moeder/{meeting.public_id}/" and mail.subject.startswith(f"Kan du komme som stedfortræder? {meeting.forum.name}, ")
    convener = readable(visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/"))
    assert f"i stedet for {cast.fnt.name}" in convener and "Inge Stedholt" in convener


def test_the_mail_says_no_word_of_the_agenda(visit, cast, as_actor, meeting, deputy, outbox):
    user, seat = deputy(meeting)
    ask(visit, cast.fnt, meeting, seat)
    with as_actor(cast.konsulent):
        titles = [title for title in AgendaItem.objects.filter(meeting=meeting).values_list("title", flat=True) if title not in meeting.forum.name]
    assert titles and not [title for title in titles for mail in mails(outbox, meeting, user) if title in str(vars(mail))]


def test_the_deputy_accepts(visit, cast, meeting, deputy, row):
    user, seat = deputy(meeting)
    ask(visit, cast.fnt, meeting, seat)
    assert f"Kommer du i stedet for {cast.fnt.name}?" in readable(visit(user).get(f"/thisted/moeder/{meeting.public_id}/"))
    assert reply(visit, user, meeting, "YES") == 302
    assert row(meeting, user).reply == Reply.YES and row(meeting, cast.fnt).reply == Reply.NO
    page = readable(visit(cast.fnt).get(f"/thisted/moeder/{meeting.public_id}/"))
    assert "Hvem kommer i stedet for dig?" in page and "Inge Stedholt" in page and "Træk tilbage" in page


def test_the_deputy_declines_who_asked_is_told_once_and_asks_another(visit, cast, meeting, deputy, row, outbox):
    user, seat = deputy(meeting)
    other, second = deputy(meeting, "Otto Nabogaard", particular=False)
    ask(visit, cast.fnt, meeting, seat)
    assert [reply(visit, user, meeting, "NO") for _ in range(2)] == [302, 302]
    told = [mail for mail in mails(outbox, meeting, cast.fnt) if mail.subject.startswith("Din stedfortræder kommer ikke")]
    assert len(told) == 1 and not told[0].payload["ics"]
    assert ask(visit, cast.fnt, meeting, second)[0] == 302
    assert row(meeting, user) is None and row(meeting, other).stands_in_for == row(meeting, cast.fnt)
    assert len(mails(outbox, meeting, user)) == 1, "who has declined himself is not told that he need not come"


@pytest.mark.parametrize("again", ["withdraw", "none", "comes"])
def test_withdrawing_takes_the_deputy_off_the_list_and_the_date_out_of_his_calendar(visit, cast, meeting, deputy, row, outbox, again):
    user, seat = deputy(meeting)
    ask(visit, cast.fnt, meeting, seat)
    assert reply(visit, user, meeting, "YES") == 302
    if again == "comes":
        assert reply(visit, cast.fnt, meeting, "YES") == 302
    else:
        assert ask(visit, cast.fnt, meeting, again)[0] == 302
    own = row(meeting, cast.fnt)
    assert row(meeting, user) is None
    assert (own.reply, own.is_without_deputy) == {"withdraw": (Reply.NO, False), "none": (Reply.NO, True), "comes": (Reply.YES, False)}[again]
    first, last = mails(outbox, meeting, user)
    (event,) = Calendar.from_ical(last.payload["ics"]).walk("VEVENT")
    assert (last.payload["method"], str(event["STATUS"])) == ("CANCEL", "CANCELLED") and event["UID"] in first.payload["ics"]


def test_nobody_comes_is_noted_seen_by_the_convener_and_taken_back(visit, cast, meeting, row):
    status, page = ask(visit, cast.fnt, meeting, "none")
    assert status == 302 and "Du har sagt, at ingen kommer i stedet for dig." in page
    assert "Afbud, ingen stedfortræder" in readable(visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/"))
    assert ask(visit, cast.fnt, meeting, "withdraw")[0] == 302 and not row(meeting, cast.fnt).is_without_deputy
    ask(visit, cast.fnt, meeting, "none")
    assert reply(visit, cast.fnt, meeting, "YES") == 302 and not row(meeting, cast.fnt).is_without_deputy


def test_a_deputy_who_was_called_anyway_stays_called_when_he_is_let_go(visit, cast, as_actor, open_meeting, deputy, row, outbox):
    user, seat = deputy(open_meeting)
    with as_actor(cast.konsulent) as actor:
        actions.call_meeting(open_meeting, actor=actor, chosen={seat.public_id})
    ask(visit, cast.fnt, open_meeting, seat)
    assert row(open_meeting, user).stands_in_for == row(open_meeting, cast.fnt)
    ask(visit, cast.fnt, open_meeting, "withdraw")
    assert row(open_meeting, user).stands_in_for is None
    assert [mail.payload["method"] for mail in mails(outbox, open_meeting, user) if mail.payload["ics"]] == ["REQUEST", "REQUEST"], "no cancellation: he is still called"


def test_asking_the_same_again_changes_nothing(visit, cast, meeting, deputy, outbox):
    user, seat = deputy(meeting)
    assert [ask(visit, cast.fnt, meeting, seat)[0] for _ in range(2)] == [302, 302]
    assert len(mails(outbox, meeting, user)) == 1


# ---- who may be asked -------------------------------------------------------------------------------------------------
def refused(visit, cast, meeting, seat):
    status, page = ask(visit, cast.fnt, meeting, seat)
    return status == 409 and f"Spørg {seat.user.name}" not in page


def test_only_a_deputy_of_the_same_seat_or_organisation_can_be_asked(visit, cast, as_actor, meeting, deputy, row, outbox):
    with as_actor(cast.konsulent):
        fixed = Seat.objects.current().filter(forum_id=meeting.forum_id, kind="FIXED", user__isnull=False).exclude(user=cast.fnt)
        others = list(fixed.select_related("user", "organisation"))
    elsewhere = next(seat for seat in others if seat.organisation_id != seat_of_fnt(as_actor, cast, meeting).organisation_id)
    foreign = [deputy(meeting, "Frida Fremmed", of=elsewhere.user)[1], deputy(meeting, "Anna Andenstol", of=elsewhere.user, particular=False)[1]]
    plain = deputy(meeting, "Fast Plads", particular=False, kind=Seat.Kind.FIXED)[1]
    with as_actor(cast.it) as actor:
        same = {"role": SeatRole.MEMBER, "title": "Suppleant", "organisation": Organisation.objects.get(pk=plain.organisation_id), "kind": Seat.Kind.DEPUTY}
        outside = add_seat(Forum.objects.get(key="styregruppe", tenant=actor.tenant_id), actor=actor, user=newcomer("Sanne Styre"), **same)
    for seat in (*foreign, plain, outside, elsewhere):
        assert refused(visit, cast, meeting, seat), seat.user
        assert (held := row(meeting, seat.user)) is None or held.stands_in_for is None
    assert row(meeting, cast.fnt).stands_in_for is None
    for user in (seat.user for seat in (*foreign, plain, outside)):
        assert not mails(outbox, meeting, user)


def seat_of_fnt(as_actor, cast, meeting):
    with as_actor(cast.konsulent):
        return seat_of(meeting, cast.fnt)


def test_a_deputy_whose_seat_has_ended_or_whose_account_is_closed_cannot_be_asked(visit, cast, as_actor, meeting, deputy):
    from django.db.models.functions import Now

    _user, ended = deputy(meeting)
    _other, closed = deputy(meeting, "Otto Nabogaard")
    with as_actor(cast.it):
        Seat.objects.filter(pk=ended.pk).update(valid_to=Now())
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    assert refused(visit, cast, meeting, ended) and refused(visit, cast, meeting, closed)


def test_one_who_stands_in_already_is_asked_by_nobody_else_and_asks_nobody(visit, cast, as_actor, open_meeting, deputy):
    user, seat = deputy(open_meeting, particular=False)
    with as_actor(cast.it) as actor:
        own = seat_of(open_meeting, cast.fnt)
        colleague = newcomer("Kaj Kollega")
        add_seat(Forum.objects.get(pk=open_meeting.forum_id), actor=actor, user=colleague, role=SeatRole.MEMBER, title="Medlem", organisation=own.organisation)
    with as_actor(cast.konsulent) as actor:
        actions.call_meeting(open_meeting, actor=actor)
        actions.call_meeting(open_meeting, actor=actor, chosen={seat.public_id})
    assert ask(visit, colleague, open_meeting, seat)[0] == 302
    assert refused(visit, cast, open_meeting, seat)
    with as_actor(user) as actor, pytest.raises(MeetingStateError):
        actions.ask_deputy(open_meeting, actor=actor, seat=seat.public_id)


# ---- no right comes from it ---------------------------------------------------------------------------------------------
def test_the_deputy_of_a_person_forum_sees_by_his_own_seat_and_nothing_more(visit, cast, as_actor, find, actor_for, deputy):
    meeting = find("p115", "CALLED")
    user, seat = deputy(meeting)
    before = actor_for(user)
    ask(visit, cast.fnt, meeting, seat)
    assert actor_for(user) == before, "being asked changes no right"
    assert before.owes_pledge and not ConfidentialityPledge.objects.filter(user=user).exists()
    with as_actor(cast.it):
        from django.db.models.functions import Now

        Seat.objects.filter(pk=seat.pk).update(valid_to=Now())
    assert visit(user).get(f"/thisted/moeder/{meeting.public_id}/").status_code == 404, "the place on the list opens nothing"


def test_somebody_without_a_seat_in_a_person_forum_cannot_be_named_and_gets_no_right(visit, cast, as_actor, find, row):
    meeting = find("p115", "CALLED")
    stranger = newcomer("Gerda Udenfor")
    with as_actor(cast.konsulent):
        elsewhere = Seat.objects.current().filter(forum__key="grundskole", user__isnull=False).exclude(user__seats__forum_id=meeting.forum_id).first()
    for choice in (stranger.public_id, elsewhere.public_id, "", "\x00", "x" * 300):
        assert ask(visit, cast.fnt, meeting, choice)[0] == 409, choice
    assert row(meeting, stranger) is None and row(meeting, elsewhere.user) is None
    assert visit(stranger).get(f"/thisted/moeder/{meeting.public_id}/").status_code == 404


@pytest.mark.parametrize("who", ["chef", "dpo", "it", "laerer", "mors-koordinator"])
def test_who_is_not_called_answers_nothing(visit, cast, open_meeting, deputy, row, who):
    _user, seat = deputy(open_meeting)
    for choice in (seat.public_id, "none", "withdraw"):
        assert visit(cast.users[who]).post(url(open_meeting), {"deputy": choice}).status_code in (403, 404, 409)
    assert row(open_meeting, seat.user) is None and not row(open_meeting, cast.fnt).is_without_deputy


@pytest.mark.parametrize("status", ["DRAFT", "CLOSED", "APPROVED", "CANCELLED"])
def test_only_while_it_is_called(visit, cast, as_actor, open_meeting, deputy, row, status):
    _user, seat = deputy(open_meeting)
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=open_meeting.pk).update(status=status)
    assert [ask(visit, cast.fnt, open_meeting, choice)[0] for choice in (seat, "none", "withdraw")] == [409] * 3
    assert row(open_meeting, seat.user) is None


def test_the_database_takes_no_answer_that_contradicts_itself(cast, as_actor, open_meeting):
    with as_actor(cast.konsulent):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.filter(meeting=open_meeting, user=cast.fnt).update(reply="YES", is_without_deputy=True)
        own, second, third = Attendance.objects.filter(meeting=open_meeting).order_by("pk")[:3]
        with pytest.raises(IntegrityError), transaction.atomic():  # one stands in for one
            Attendance.objects.filter(pk__in=[second.pk, third.pk]).update(stands_in_for=own)


# ---- at the meeting -------------------------------------------------------------------------------------------------------
def test_the_live_minutes_show_whose_place_it_is_and_count_it_once(visit, cast, as_actor, open_meeting, deputy):
    user, seat = deputy(open_meeting)
    with as_actor(cast.konsulent):
        places = len(attendance_of(open_meeting))
    ask(visit, cast.fnt, open_meeting, seat)
    reply(visit, user, open_meeting, "YES")
    with as_actor(cast.konsulent) as actor:
        by_user = {row.user: row.pk for row in attendance_of(open_meeting)}
        actions.note_presence(open_meeting, actor=actor, presence={by_user[user]: "PRESENT", by_user[cast.fnt]: "EXCUSED"})
        minutes = read_minutes(actor, open_meeting)
        assert (minutes.place_count, minutes.present_count) == (places, 1)
        assert minutes.present == [f"{user.name} (for {cast.fnt.name})"] and minutes.excused == [cast.fnt.name]
        actions.note_presence(open_meeting, actor=actor, presence={by_user[cast.fnt]: "PRESENT"})
        assert read_minutes(actor, open_meeting).present_count == 1, "both came: still one place"
    page = readable(visit(cast.konsulent).get(url(open_meeting, "referat")))
    assert f"i stedet for {cast.fnt.name}" in page and f"1 af {places}" in page


def test_moving_and_cancelling_tell_the_deputy_as_well(visit, cast, as_actor, open_meeting, deputy, outbox):
    user, seat = deputy(open_meeting)
    ask(visit, cast.fnt, open_meeting, seat)
    with as_actor(cast.konsulent) as actor:
        moved = actions.move_meeting(open_meeting, actor=actor, starts_at=open_meeting.starts_at + timedelta(days=1), ends_at=open_meeting.ends_at + timedelta(days=1), place="x")
        actions.cancel_meeting(moved, actor=actor)
    assert [mail.payload["method"] for mail in mails(outbox, open_meeting, user)] == ["REQUEST", "REQUEST", "CANCEL"]


def test_a_plain_answer_still_works_and_another_kommune_has_no_such_address(visit, cast, open_meeting, row):
    for said in ("YES", "NO"):
        assert reply(visit, cast.fnt, open_meeting, said) == 302 and row(open_meeting, cast.fnt).reply == said
    assert reply(visit, cast.fnt, open_meeting, "MAYBE") == 400
    assert visit(cast.fnt).post(url(open_meeting).replace("thisted", "morsoe"), {"deputy": "none"}).status_code == 404
