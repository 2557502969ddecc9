"""What is asked and taken back within minutes is one mail or none, and nobody asks all the time. With a real mail server and real rounds."""

import pytest
from icalendar import Calendar

from access.context import actor_of, context_of
from access.models import User
from access.roles import SeatRole
from meetings import actions
from meetings.errors import MeetingStateError
from meetings.models import Attendance, Meeting
from municipalities.actions import add_seat
from municipalities.models import Forum, Seat
from tests import harness
from tests.mails import text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(cast):
    with context_of(actor_of(cast.konsulent, "thisted")):
        return Meeting.objects.filter(forum__key="grundskole", status="CALLED").select_related("forum", "tenant").latest("starts_at")


@pytest.fixture
def deputy(cast, meeting):
    """Somebody new with a deputy's seat for that of fnt."""
    user = User.objects.create_user("inge", "inge@thisted.example", first_name="Inge", last_name="Stedholt", is_demo=True)
    with context_of(actor_of(cast.it, "thisted")) as actor:
        own = Seat.objects.current().select_related("organisation").get(forum_id=meeting.forum_id, user=cast.fnt)
        same = {"role": SeatRole.MEMBER, "title": "Suppleant", "organisation": own.organisation, "kind": Seat.Kind.DEPUTY}
        return add_seat(Forum.objects.get(pk=meeting.forum_id), actor=actor, user=user, deputy_for=own, **same)


@pytest.fixture
def click(cast, meeting, deputy):
    """`click("ask", "withdraw", …)`: fnt, or with «yes» and «no» his deputy, one after the other."""

    def one(what):
        user = deputy.user if what in ("yes", "no") else cast.fnt
        with context_of(actor_of(user, "thisted")) as actor:
            match what:
                case "ask":
                    actions.ask_deputy(meeting, actor=actor, seat=deputy.public_id)
                case "withdraw":
                    actions.withdraw_deputy(meeting, actor=actor)
                case _:
                    actions.answer_invitation(meeting, actor=actor, reply=what.upper())

    return lambda *clicks: [one(what) for what in clicks]


@pytest.mark.parametrize(
    ("clicks", "said"),
    [
        (("ask", "withdraw"), []),
        (("ask", "withdraw", "ask"), ["Kan du komme"]),
        (("ask", "withdraw", "ask", "withdraw"), []),
        (("ask", "withdraw") * 2 + ("ask",), ["Kan du komme"]),
    ],
)
def test_a_row_of_clicks_is_one_mail_or_none(cast, deputy, click, post, clicks, said):
    click(*clicks)
    assert post.run() == [], "it waits for second thoughts"
    post.later(5)
    sent = post.to(post.run(), deputy.user)
    post.later(60)
    sent += post.to(post.run(), deputy.user)
    assert [text_of(mail).count(words) > 0 for mail, words in zip(sent, said, strict=True)] == [True] * len(said)
    outcomes = [outcome for _notice, outcome, _tries in post.rows(recipient_id=deputy.user.pk)]
    assert outcomes.count("sent") == len(said) and outcomes.count("undone") == len(clicks) - len(said)


def test_what_has_left_is_taken_back_and_asked_again_with_one_mail_each(deputy, click, post):
    click("ask")
    post.later(5)
    (asked,) = post.to(post.run(), deputy.user)
    click("withdraw")
    post.later(5)
    (released,) = post.to(post.run(), deputy.user)
    assert [_method(mail) for mail in (asked, released)] == ["REQUEST", "CANCEL"]
    click("ask")
    post.later(1)
    click("withdraw")
    post.later(30)
    assert post.to(post.run(), deputy.user) == [], "he was told last that he need not come"


def test_asked_again_before_the_release_has_left_is_one_mail_that_asks(deputy, click, post):
    click("ask")
    post.later(5)
    post.run()
    click("withdraw", "ask")
    post.later(30)
    (again,) = post.to(post.run(), deputy.user)
    assert _method(again) == "REQUEST" and "Kan du komme" in text_of(again)


def test_a_mail_that_takes_the_waiting_along_takes_only_the_last_word(cast, meeting, deputy, click, post):
    click("ask", "withdraw", "ask")
    with context_of(actor_of(cast.konsulent, "thisted")) as actor:
        actions.cancel_meeting(meeting, actor=actor)
    (mail,) = post.to(post.run(), deputy.user)
    text = text_of(mail)
    assert "Aflyst: " in text and text.count("Kan du komme") == 1 and "Du behøver ikke" not in text


def test_a_deputy_who_cannot_decide_makes_no_row_of_mails(cast, click, post):
    click("ask", "no", "yes", "no", "yes")
    post.later(30)
    assert post.to(post.run(), cast.fnt) == []
    click("no")
    post.later(5)
    (told,) = post.to(post.run(), cast.fnt)
    assert "Din stedfortræder kommer ikke" in text_of(told)
    click("yes")
    post.later(5)
    (told,) = post.to(post.run(), cast.fnt)
    assert "Din stedfortræder kommer alligevel" in text_of(told)


def test_within_two_hours_of_the_meeting_nothing_waits(meeting, deputy, click, post):
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_meeting set starts_at = now() + interval '100 minutes', ends_at = now() + interval '3 hours' where id = %s", [meeting.pk])
    click("ask")
    assert len(post.to(post.run(), deputy.user)) == 1


def test_the_sixth_time_within_an_hour_is_refused_with_a_sentence_and_the_next_meeting_is_not_held_up(cast, deputy, click, post, meeting):
    click(*("ask", "withdraw") * 5)
    with pytest.raises(MeetingStateError, match="Du har spurgt 5 gange inden for en time"):
        click("ask")
    with context_of(actor_of(cast.fnt, "thisted")):
        assert not Attendance.objects.filter(meeting=meeting, seat=deputy).exists()
    with harness.admin(harness.DATABASE) as conn:  # another meeting of the same forum
        conn.execute("update meetings_meeting set status = 'DRAFT' where id = %s", [meeting.pk])
    with context_of(actor_of(cast.konsulent, "thisted")) as actor:
        other = actions.create_meeting(meeting.forum, actor=actor, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
        actions.call_meeting(other, actor=actor)
    with context_of(actor_of(cast.fnt, "thisted")) as actor:
        assert actions.ask_deputy(other, actor=actor, seat=deputy.public_id) == deputy.user


def test_a_deputy_who_flips_all_the_time_is_stopped_and_his_last_answer_stands(cast, meeting, deputy, click, post):
    with harness.admin(harness.DATABASE) as conn:
        conn.execute("update meetings_meeting set starts_at = now() + interval '100 minutes', ends_at = now() + interval '3 hours' where id = %s", [meeting.pk])
    click("ask", *("no", "yes") * 3)
    with pytest.raises(MeetingStateError, match="Du har ændret dit svar 6 gange inden for en time"):
        click("no")
    click("yes")  # what changes nothing, and is told to nobody, is not counted
    assert len(post.rows(recipient_id=cast.fnt.pk)) == 6
    with context_of(actor_of(cast.fnt, "thisted")):
        assert Attendance.objects.get(meeting=meeting, seat=deputy).reply == Attendance.Reply.YES


def test_the_page_says_it_too(cast, click, visit, meeting, deputy):
    click(*("ask", "withdraw") * 5)
    answer = visit(cast.fnt).post(f"/thisted/moeder/{meeting.public_id}/stedfortraeder/", {"deputy": deputy.public_id})
    assert answer.status_code == 409 and "Ring til din stedfortræder, eller vent lidt" in answer.content.decode()


def _method(mail):
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return str(Calendar.from_ical(part.get_payload(decode=True))["METHOD"])
