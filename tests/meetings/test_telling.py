"""What the participants are told when the convener says so: the agenda was changed after the call; an answer is missing."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from meetings.actions import add_item, answer_invitation, call_meeting, change_item, create_meeting, move_item, remove_item, restore_item
from meetings.models import Attendance, Meeting
from meetings.telling import is_today
from municipalities.models import Forum
from tests.rules.crawl import readable


@pytest.fixture
def meeting(cast, as_actor):
    """The styregruppe, called a month ahead, with an internal and an aggregated item; what the call sent is forgotten."""
    with as_actor(cast.konsulent) as actor:
        forum = Forum.objects.get(tenant__slug="thisted", key="styregruppe")
        starts_at = timezone.now() + timedelta(days=30)
        made = create_meeting(forum, actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        made.internal = add_item(made, actor=actor, title="Et internt punkt", kind="DROEFTELSE")
        made.figures = add_item(made, actor=actor, title="Tal", kind="DATA", data_class="AGGREGATE")
        call_meeting(made, actor=actor)
    return made


@pytest.fixture
def told(meeting, outbox):
    """`told("agenda_changed")`: the mails of this kind that wait."""
    return lambda kind: [mail for mail in outbox(meeting) if mail.payload["template"] == f"mail/{kind}.txt"]


def page(visit, cast, meeting, who="konsulent"):
    return readable(visit(getattr(cast, who)).get(f"/thisted/moeder/{meeting.public_id}/"))


BANNER, BUTTON = "Dagsordenen er rettet, siden deltagerne blev indkaldt", "mind-om-svar"


@pytest.mark.parametrize(
    "change",
    [
        lambda meeting, actor: add_item(meeting, actor=actor, title="Nyt", kind="DROEFTELSE"),
        lambda meeting, actor: change_item(meeting.internal, actor=actor, title="Et andet ord"),
        lambda meeting, actor: change_item(meeting.internal, actor=actor, data_class="AGGREGATE"),
        lambda meeting, actor: change_item(meeting.figures, actor=actor, data_class="INTERNAL"),
        lambda meeting, actor: move_item(meeting.internal, actor=actor, up=False),
        lambda meeting, actor: remove_item(meeting.internal, actor=actor),
        lambda meeting, actor: restore_item(remove_item(meeting.internal, actor=actor), actor=actor),
    ],
)
def test_a_change_after_the_call_is_told_when_the_convener_says_so_and_once(visit, cast, as_actor, meeting, told, change):
    assert BANNER not in page(visit, cast, meeting)
    with as_actor(cast.konsulent) as actor:
        change(meeting, actor)
    assert told("agenda_changed") == [] and BANNER in page(visit, cast, meeting) and BANNER not in page(visit, cast, meeting, "fnt")
    answer = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/rettelser/", follow=True)
    sent = told("agenda_changed")
    assert f"{len(sent)} deltagere får en mail" in readable(answer) and BANNER not in readable(answer)
    assert len(sent) > 2 and cast.konsulent.email not in {mail.recipient.email for mail in sent}
    assert all("Dagsordenen er rettet: SSP-styregruppe" in mail.subject and "Et internt punkt" not in str(mail.payload) for mail in sent)
    again = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/rettelser/")
    assert again.status_code == 409 and "har fået besked" in readable(again) and len(told("agenda_changed")) == len(sent)


def test_the_banner_stands_by_the_agenda_as_soon_as_it_is_changed(visit, cast, meeting):
    facts = {"title": "Nyt punkt", "kind": "DROEFTELSE", "duration": "5", "data_class": "INTERNAL"}
    part = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/punkter/", facts, headers={"HX-Request": "true"})
    assert part.status_code == 200 and BANNER in readable(part)


def test_a_change_of_what_not_everybody_reads_is_no_news(visit, cast, as_actor, meeting):
    with as_actor(cast.konsulent) as actor:
        change_item(meeting.figures, actor=actor, title="Andre tal")
        add_item(meeting, actor=actor, title="Flere tal", kind="DATA", data_class="AGGREGATE")
    assert BANNER not in page(visit, cast, meeting)


@pytest.mark.parametrize(
    "press",
    [
        lambda meeting, actor: move_item(meeting.internal, actor=actor, up=True),
        lambda meeting, actor: move_item(meeting.internal, actor=actor, to=1),
        lambda meeting, actor: change_item(meeting.internal, actor=actor, title="Et internt punkt", data_class="INTERNAL"),
    ],
)
def test_what_changes_nothing_is_no_news(visit, cast, as_actor, meeting, press):
    with as_actor(cast.konsulent) as actor:
        press(meeting, actor)
    assert BANNER not in page(visit, cast, meeting)


def test_nothing_is_noted_before_the_call(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        forum = Forum.objects.get(tenant__slug="thisted", key="styregruppe")
        starts_at = timezone.now() + timedelta(days=31)
        draft = create_meeting(forum, actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        add_item(draft, actor=actor, title="Nyt", kind="DROEFTELSE")
        assert Meeting.objects.get(pk=draft.pk).agenda_changed_at is None


# ---- answers ---------------------------------------------------------------------------------------------------------
def test_who_has_not_answered_is_reminded_once_a_day(visit, cast, as_actor, meeting, told):
    with as_actor(cast.fnt) as actor:
        answer_invitation(meeting, actor=actor, reply="YES")
    assert BUTTON in page(visit, cast, meeting) and BUTTON not in page(visit, cast, meeting, "fnt")
    answer = readable(visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/mind-om-svar/", follow=True))
    people = {mail.recipient.email for mail in told("answer_missing")}
    assert people and not people & {cast.fnt.email, cast.konsulent.email}
    assert "bliver mindet om at svare" in answer and "Mindet om svar i dag kl." in answer and BUTTON not in answer
    again = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/mind-om-svar/")
    assert again.status_code == 409 and "mindet i dag" in readable(again) and len(told("answer_missing")) == len(people)


@pytest.mark.parametrize(("asked", "today"), [("2026-11-27T23:30Z", True), ("2026-11-27T22:30Z", False), ("2026-11-28T22:30Z", True), ("2026-11-28T23:30Z", False)])
def test_the_day_of_a_reminder_is_that_of_the_kommune(time_machine, asked, today):
    time_machine.move_to(datetime.fromisoformat("2026-11-28T10:00Z"), tick=False)
    assert is_today(datetime.fromisoformat(asked)) is today
    assert not is_today(None)


def test_nobody_is_reminded_when_all_have_answered(visit, cast, as_actor, meeting, told):
    with as_actor(cast.konsulent):
        Attendance.objects.filter(meeting=meeting).exclude(user=cast.konsulent).update(reply="NO")
    assert BUTTON not in page(visit, cast, meeting)
    answer = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/mind-om-svar/")
    assert answer.status_code == 409 and "Alle har svaret" in readable(answer) and told("answer_missing") == []


@pytest.mark.parametrize("path", ["rettelser", "mind-om-svar"])
def test_only_who_convenes_tells_and_only_before_the_meeting(visit, cast, as_actor, meeting, path):
    for who in (cast.fnt, cast.it, cast.chef):
        assert visit(who).post(f"/thisted/moeder/{meeting.public_id}/{path}/").status_code == 404
    with as_actor(cast.konsulent):
        now = timezone.now()
        Meeting.objects.filter(pk=meeting.pk).update(agenda_changed_at=now, starts_at=now - timedelta(minutes=1))
    answer = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/{path}/")
    assert answer.status_code == 409 and "Mødet er begyndt" in readable(answer)
