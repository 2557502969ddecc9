"""A guest called in for one item: one case, one meeting, a day before until four hours after, and nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from access.models import LogEntry, OutboxMessage, User
from cases import guest_actions
from cases.errors import CaseStateError, GuestRefusedError
from cases.models import AdHocGrant, CaseItem, Discussion
from meetings.actions import cancel_meeting, move_meeting
from meetings.feed import meetings_of, open_feed
from meetings.models import Meeting
from municipalities.models import PLEDGE_VERSION, ConfidentialityPledge, Organisation, Seat
from municipalities.presets import setup_actor
from tests.conftest import acting


@pytest.fixture
def oliwia(know):
    """The case that the demo's teacher is called in for."""
    return know("017")


@pytest.fixture
def grant(cast, as_actor, oliwia):
    """His grant, with its window open now."""
    with as_actor(cast.konsulent):
        found = AdHocGrant.objects.select_related("meeting", "item").get(user=cast.laerer, case=oliwia.case)
        AdHocGrant.objects.filter(pk=found.pk).update(valid_from=Now() - timedelta(hours=1), valid_to=Now() + timedelta(hours=1))
        return found


@pytest.fixture
def guest(cast, grant, through_gate, oliwia):
    """The teacher, inside the case."""
    return through_gate(cast.laerer, oliwia)


def window(as_actor, cast, grant, start, end):
    with as_actor(cast.konsulent):
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=Now() + timedelta(minutes=start), valid_to=Now() + timedelta(minutes=end))


def test_the_demo_grant_runs_from_a_day_before_until_four_hours_after(cast, as_actor, oliwia):
    with as_actor(cast.konsulent):
        found = AdHocGrant.objects.select_related("meeting").get(user=cast.laerer, case=oliwia.case)
        assert (found.valid_from, found.valid_to) == (found.meeting.starts_at - timedelta(hours=24), found.meeting.ends_at + timedelta(hours=4))


@pytest.mark.parametrize(("start", "end", "opens"), [(1, 60, False), (-1, 1, True), (-60, -1, False)])
def test_the_clock_of_the_database_opens_and_closes(cast, visit, as_actor, grant, oliwia, start, end, opens):
    window(as_actor, cast, grant, start, end)
    client = visit(cast.laerer)
    for url in (oliwia.url + "formaal/", f"/thisted/moeder/{grant.meeting.public_id}/"):
        assert client.get(url).status_code == (200 if opens else 404), url


def test_a_page_that_was_open_is_missing_when_the_time_is_over(cast, guest, as_actor, grant, oliwia):
    assert oliwia.is_shown_in(guest.get(oliwia.url))
    window(as_actor, cast, grant, -60, -1)
    after = guest.get(oliwia.url)
    assert after.status_code == 404 and not oliwia.is_shown_in(after)


def test_the_guest_passes_the_gate_and_is_logged_as_a_guest(guest, oliwia, cast, log):
    before = len(log())
    assert oliwia.is_shown_in(guest.get(oliwia.url))
    (row,) = log()[before:]
    assert (row.actor_id, row.seat, row.subjects, row.action) == (cast.laerer.pk, "Gæst", [oliwia.case.person_id], LogEntry.Action.VIEW)


def test_the_guest_sees_no_earlier_discussion_text_parents_or_number(guest, oliwia, know):
    page = guest.get(oliwia.url).content.decode()
    assert oliwia.name in page
    hidden = [*oliwia.texts, oliwia.values["parents"], oliwia.values["address"], "begyndt på tegneholdet", "CPR"]
    assert not [text for text in hidden if text and text in page]


def test_the_guest_sees_what_is_said_under_his_own_item(guest, grant, cast, as_actor, oliwia, through_gate):
    desk = f"{oliwia.url}droeftelse/{grant.meeting.public_id}/"
    through_gate(cast.konsulent, oliwia).post(desk, {"facts": "Oliwia tegner meget.", "assessment": "", "concern_level": "2", "version": "0"})
    assert "Oliwia tegner meget." in guest.get(oliwia.url).content.decode()


@pytest.mark.parametrize("page", ["ret/", "afslut/", "sag.pdf"])
def test_the_guest_reads_one_page_and_no_other(guest, oliwia, page):
    assert guest.get(oliwia.url + page).status_code == 404


@pytest.mark.parametrize("page", ["ret/", "afslut/", "cpr/", "inddragelse/", "aftale/"])
def test_the_guest_writes_nothing(guest, oliwia, page):
    assert guest.post(oliwia.url + page, {}).status_code == 404


def test_the_guest_finds_no_other_case_list_or_round(guest, grant, know, noah):
    for url in (noah.url, noah.url + "formaal/", "/thisted/sager/", "/thisted/sager/ny/", f"/thisted/sager/runde/{grant.meeting.public_id}/"):
        assert guest.get(url).status_code == 404, url


def test_the_guest_finds_no_other_meeting_of_the_forum(guest, cast, as_actor, grant):
    with as_actor(cast.konsulent):
        other = Meeting.objects.filter(forum_id=grant.forum_id).exclude(pk=grant.meeting_id).first()
    assert guest.get(f"/thisted/moeder/{other.public_id}/").status_code == 404


def test_the_meeting_page_shows_the_guest_his_own_item_without_a_letter(guest, grant, know, as_actor, cast, oliwia):
    page = guest.get(f"/thisted/moeder/{grant.meeting.public_id}/").content.decode()
    assert "Din sag" in page and oliwia.case.public_id in page
    with as_actor(cast.konsulent):
        others = CaseItem.objects.filter(meeting=grant.meeting).exclude(case=oliwia.case).select_related("case")
        assert others and not [link for link in others if link.case.number in page or link.case.public_id in page]


def test_the_database_itself_shows_the_guest_one_case(cast, as_actor, grant, oliwia):
    from access.gate import open_ticket
    from access.models import Purpose
    from cases.models import Case, CaseAgreement

    with as_actor(cast.laerer) as actor:
        assert [case.pk for case in Case.objects.all()] == [oliwia.case.pk]
        open_ticket(actor, Case, [oliwia.case.person_id], purpose=Purpose.MEETING)
        assert (Discussion.objects.count(), CaseAgreement.objects.count(), CaseItem.objects.count()) == (0, 0, 1)


# ---- calling in ---------------------------------------------------------------------------------------------------
@pytest.fixture
def link(meeting_of, noah):
    """The item that somebody is called in to."""
    return meeting_of(noah, "CALLED")


@pytest.fixture
def form_url(noah, link):
    return f"{noah.url}gaest/{link.meeting.public_id}/"


def asked(user, **more):
    return {"email": user.email, "reason": "Kender hverdagen i klubben.", "is_party": "on", **more}


def test_a_guest_is_called_in_with_a_mail_that_tells_nothing(cast, visit, form_url, link, noah, as_actor):
    assert visit(cast.konsulent).post(form_url, asked(cast.rusmiddel)).status_code == 302
    with as_actor(cast.konsulent):
        found = AdHocGrant.objects.get(item=link.item, user=cast.rusmiddel)
        assert (found.valid_from, found.valid_to) == (link.meeting.starts_at - timedelta(hours=24), link.meeting.ends_at + timedelta(hours=4))
        assert found.granted_by == cast.konsulent
    with acting_system(link.tenant_id):
        mail = OutboxMessage.objects.filter(recipient=cast.rusmiddel).latest("created_at")
        assert mail.subject == "Indkaldt til ét punkt på et møde"
        secrets = (noah.name, noah.case.number, noah.name.split()[0], "klubben", noah.case.public_id)
        assert not [secret for secret in secrets if secret in f"{mail.subject}{mail.path}{mail.payload}"]


def event_in(ics):
    calendar = Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def test_the_calendar_file_says_his_hours_in_constant_words_and_ends_with_his_access(cast, visit, guest, grant, oliwia, as_actor):
    address, page = f"/thisted/sager/gaest/{grant.meeting.public_id}/kalender.ics", f"/thisted/moeder/{grant.meeting.public_id}/"
    assert address in guest.get(page).content.decode()
    answer = guest.get(address)
    method, event = event_in(answer.content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (method, str(event["SUMMARY"])) == ("REQUEST", "Indkaldt til ét punkt på et møde")
    said = answer.content.decode().replace("\r\n ", "")
    with as_actor(cast.konsulent):
        forum = Meeting.objects.select_related("forum").get(pk=grant.meeting_id).forum.name
    assert not [word for word in (oliwia.name, oliwia.name.split()[0], oliwia.case.number, oliwia.case.public_id, forum, grant.reason) if word in said]
    assert address not in visit(cast.konsulent).get(page).content.decode() and visit(cast.konsulent).get(address).status_code == 404
    window(as_actor, cast, grant, -60, -1)
    assert guest.get(address).status_code == 404


def test_the_mails_put_it_in_the_calendar_and_take_it_out_again(cast, as_actor, link):
    """One entry for each grant. What takes it out says nothing of where or when the meeting is now."""
    with as_actor(cast.konsulent) as actor:
        given = guest_actions.call_guest(link, actor=actor, user=cast.rusmiddel, reason="x")
        was = link.meeting.starts_at
        move_meeting(link.meeting, actor=actor, starts_at=was, ends_at=link.meeting.ends_at, place="Lokale 2")
        move_meeting(link.meeting, actor=actor, starts_at=was + timedelta(days=1), ends_at=link.meeting.ends_at + timedelta(days=1), place="Et hemmeligt sted")
    with acting_system(link.tenant_id):
        mails = OutboxMessage.objects.filter(recipient=cast.rusmiddel, payload__template__startswith="mail/guest")
        found = sorted(((event_in(mail.payload["ics"]), mail.subject) for mail in mails), key=lambda one: one[0][1]["SEQUENCE"])
    assert [(method, subject.split(":")[0]) for (method, _event), subject in found] == [
        ("REQUEST", "Indkaldt til ét punkt på et møde"), ("REQUEST", "Andet sted"), ("CANCEL", "Ikke længere indkaldt til et punkt på et møde"),
    ]  # fmt: skip
    events = [event for (_method, event), _subject in found]
    assert {str(event["UID"]) for event in events} == {f"{given.public_id}@ssp.thisted"} and {event["DTSTART"].dt for event in events} == {was}
    assert str(events[1]["LOCATION"]) == "Lokale 2" and "LOCATION" not in events[2]
    numbers = [event["SEQUENCE"] for event in events]
    assert numbers == sorted(set(numbers))


def acting_system(tenant_id):
    from access.actor import Actor
    from access.models import User
    from tests.conftest import acting

    return acting(Actor(user_id=User.objects.get(username="system:thisted").pk, tenant_id=tenant_id, is_system=True))


@pytest.mark.parametrize(
    "change", [{"email": "findes.ikke@example.org"}, {"email": "x"}, {"reason": ""}, {"reason": "om 010203-1234"}, {"is_party": ""}]
)  # fmt: skip
def test_a_call_that_does_not_fit_is_shown_again(cast, visit, form_url, as_actor, link, change):
    assert visit(cast.konsulent).post(form_url, {**asked(cast.rusmiddel), **change}).status_code == 422
    with as_actor(cast.konsulent):
        assert not AdHocGrant.objects.filter(item=link.item).exists()


def test_a_member_of_the_forum_cannot_be_a_guest(cast, visit, form_url):
    page = visit(cast.konsulent).post(form_url, asked(cast.fnt))
    assert page.status_code == 422 and "har en plads i forummet" in page.content.decode()


def test_a_private_organisation_is_no_party(cast, as_actor, link):
    with acting(setup_actor(link.tenant)):
        club = Organisation.objects.create(tenant=link.tenant, name="Foreningen Fritid", kind=Organisation.Kind.PRIVATE)
        seats = Seat.objects.current().filter(tenant_id=link.tenant_id, user=cast.chef).exclude(forum__ceiling__startswith="PERSON")
        assert seats.update(organisation=club)
    with as_actor(cast.konsulent) as actor, pytest.raises(GuestRefusedError):
        guest_actions.call_guest(link, actor=actor, user=cast.chef, reason="x")


def test_nobody_is_called_in_twice(cast, as_actor, link):
    with as_actor(cast.konsulent) as actor:
        guest_actions.call_guest(link, actor=actor, user=cast.rusmiddel, reason="x")
        with pytest.raises(GuestRefusedError):
            guest_actions.call_guest(link, actor=actor, user=cast.rusmiddel, reason="x")


def test_nobody_is_called_in_to_a_meeting_that_has_been_held(cast, as_actor, meeting_of, noah):
    held = meeting_of(noah, "APPROVED")
    with as_actor(cast.konsulent) as actor, pytest.raises(CaseStateError):
        guest_actions.call_guest(held, actor=actor, user=cast.rusmiddel, reason="x")


def test_an_ordinary_member_cannot_call_anybody_in(cast, visit, form_url, as_actor, link):
    assert visit(cast.gade).get(form_url).status_code == 404
    with as_actor(cast.gade) as actor, pytest.raises(PermissionDenied):
        guest_actions.call_guest(link, actor=actor, user=cast.rusmiddel, reason="x")


def test_calling_back_ends_it_at_the_next_click(cast, visit, guest, grant, oliwia):
    assert visit(cast.konsulent).post(f"/thisted/sager/gaest/{grant.public_id}/tilbagekald/").status_code == 302
    assert guest.get(oliwia.url).status_code == 404


def test_taking_the_case_off_the_agenda_ends_it(cast, visit, guest, grant, oliwia):
    visit(cast.konsulent).post(f"/thisted/sager/af-dagsorden/{grant.item.public_id}/")
    assert guest.get(oliwia.url).status_code == 404
    with acting_system(grant.tenant_id):
        assert OutboxMessage.objects.filter(recipient=cast.laerer, subject="Ikke længere indkaldt til et punkt på et møde").count() == 1


@pytest.fixture
def fitting(cast, as_actor, grant):
    """The teacher's grant as it was given: a day before until four hours after."""
    with as_actor(cast.konsulent):
        AdHocGrant.objects.filter(pk=grant.pk).update(valid_from=grant.meeting.starts_at - timedelta(hours=24), valid_to=grant.meeting.ends_at + timedelta(hours=4))
        return AdHocGrant.objects.select_related("meeting").get(pk=grant.pk)


def test_moving_the_meeting_ends_it_and_the_guest_is_told(cast, as_actor, fitting):
    with as_actor(cast.konsulent) as actor:
        meeting = fitting.meeting
        later = {"starts_at": meeting.starts_at + timedelta(days=1), "ends_at": meeting.ends_at + timedelta(days=1), "place": meeting.place}
        move_meeting(meeting, actor=actor, **later)
        assert AdHocGrant.objects.get(pk=fitting.pk).revoked_at is not None
    with acting_system(fitting.tenant_id):
        assert OutboxMessage.objects.filter(recipient=cast.laerer, subject="Ikke længere indkaldt til et punkt på et møde").count() == 1


def test_cancelling_the_meeting_ends_it(cast, as_actor, fitting):
    with as_actor(cast.konsulent) as actor:
        cancel_meeting(fitting.meeting, actor=actor)
        assert AdHocGrant.objects.get(pk=fitting.pk).revoked_at is not None


def test_another_room_at_the_same_time_keeps_the_guest(cast, as_actor, fitting):
    with as_actor(cast.konsulent) as actor:
        meeting = fitting.meeting
        move_meeting(meeting, actor=actor, starts_at=meeting.starts_at, ends_at=meeting.ends_at, place="Lokale 2")
        assert AdHocGrant.objects.get(pk=fitting.pk).revoked_at is None


def test_my_week_leads_the_guest_to_his_meeting_and_tells_nothing_more(cast, visit, grant, oliwia):
    page = visit(cast.laerer).get("/thisted/").content.decode()
    assert grant.meeting.public_id in page and "indkaldt til ét punkt" in page
    assert oliwia.case.number not in page and oliwia.name not in page


def test_a_grant_never_renews_itself(cast, as_actor, grant):
    """A new call after a revoked one is a new row, with its own reason and its own giver."""
    with as_actor(cast.konsulent) as actor:
        guest_actions.revoke_for_meeting(grant.meeting, actor)
        link = CaseItem.objects.select_related("meeting", "item", "case", "tenant").get(item=grant.item)
        again = guest_actions.call_guest(link, actor=actor, user=cast.laerer, reason="Igen")
        assert again.pk != grant.pk and again.granted_at >= timezone.now() - timedelta(minutes=1)
        assert AdHocGrant.objects.get(pk=grant.pk).revoked_at is not None


def test_a_guest_has_nothing_of_it_in_his_calendar(visit, as_actor, cast, noah, link):
    """Somebody who is new, called in while the meeting is near: his rights are there, and his calendar stays empty."""
    stranger = User.objects.create_user("gaest", "gaest@thisted.example", first_name="Gerda", last_name="Gæst", is_demo=True)
    with as_actor(cast.konsulent) as actor:
        granted = guest_actions.call_guest(link, actor=actor, user=stranger, reason="Kender hverdagen.")
        AdHocGrant.objects.filter(pk=granted.pk).update(valid_from=Now() - timedelta(hours=1), valid_to=Now() + timedelta(hours=1))
    with as_actor(stranger) as guest:
        ConfidentialityPledge.objects.create(tenant_id=guest.tenant_id, user=stranger, version=PLEDGE_VERSION)
    client = visit(stranger)
    assert client.get(f"/thisted/moeder/{link.meeting.public_id}/").status_code == 200, "he is called in"
    with as_actor(stranger) as guest:
        assert guest.guests and not list(meetings_of(guest))
        path = reverse("feed_calendar", args=[open_feed(guest)])
    answer = client.get(path)
    assert answer.status_code == 200 and Calendar.from_ical(answer.content).walk("VEVENT") == []
    assert link.meeting.public_id not in answer.content.decode().replace("\r\n ", "")
