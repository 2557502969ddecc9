"""Planning, calling, moving, cancelling and answering: who gets what, and what the calendar file says."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from icalendar import Calendar

from meetings import actions, documents
from meetings.errors import MeetingStateError
from meetings.invitations import span
from meetings.models import AgendaItem, AgendaTemplate, AgendaTemplateItem, Attendance, Meeting
from municipalities.models import Forum, Seat


def event_of(ics):
    calendar = Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.fixture
def draft(find):
    return find("ssp-plus", "DRAFT")


def test_a_new_meeting_is_a_draft_with_the_items_of_the_standing_agenda(cast, as_actor):
    with as_actor(cast.konsulent) as actor:
        forum = Forum.objects.get(key="grundskole")
        template = AgendaTemplate.objects.get(forum=forum)
        before = Meeting.objects.filter(forum=forum, starts_at__year=2031).count()
        starts_at = timezone.now().replace(year=2031, month=5, day=6)
        made = [actions.create_meeting(forum, actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), template=template) for _n in range(2)]
        items = list(made[0].items.values_list("title", flat=True))
        assert items == list(template.items.values_list("title", flat=True)) and items
    assert [meeting.number for meeting in made] == [before + 1, before + 2]
    assert {meeting.status for meeting in made} == {"DRAFT"}


def test_the_place_of_the_closed_part_is_never_copied_to_a_meeting(cast, as_actor):
    with as_actor(cast.it):
        forum = Forum.objects.get(key="p115")
        template = AgendaTemplate.objects.create(tenant=forum.tenant, forum=forum, name="Fast og sager")
        for order, data_class in enumerate(("INTERNAL", "PERSON_115"), start=1):
            AgendaTemplateItem.objects.create(tenant=forum.tenant, template=template, order=order, title=data_class, data_class=data_class)
    with as_actor(cast.konsulent) as actor:
        starts_at = timezone.now() + timedelta(days=40)
        made = actions.create_meeting(forum, actor=actor, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), template=template)
        assert list(made.items.values_list("title", flat=True)) == ["INTERNAL"]


def test_a_standing_agenda_is_read_by_its_forum_and_by_the_administrator_and_nobody_else(cast, as_actor):
    for user, sees in ((cast.konsulent, True), (cast.it, True), (cast.chef, False), (cast.elev, False)):
        with as_actor(user):
            assert AgendaTemplate.objects.filter(forum__key="p115").exists() is sees
            assert AgendaTemplateItem.objects.filter(template__forum__key="p115").exists() is sees


def test_the_standing_agendas_stand_under_their_forum_and_a_wrong_one_is_refused_with_a_sentence(visit, cast, as_actor):
    with as_actor(cast.konsulent):
        own = AgendaTemplate.objects.select_related("forum").get(forum__key="grundskole")
        other = AgendaTemplate.objects.filter(tenant_id=own.tenant_id).exclude(forum=own.forum).select_related("forum").first()
    client = visit(cast.konsulent)
    page = client.get("/thisted/moeder/nyt/").content.decode()
    assert f'<optgroup label="{own.forum.name}">' in page and f'<optgroup label="{other.forum.name}">' in page and 'data-of="forum"' in page
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    answer = client.post("/thisted/moeder/nyt/", {"forum": own.forum.public_id, "template": other.pk, "date": day, "time": "9.30", "duration": "90"})
    assert answer.status_code == 422 and "hører til et andet forum" in answer.content.decode()


def test_a_meeting_is_planned_in_the_browser(visit, cast, as_actor):
    with as_actor(cast.konsulent):
        forum = Forum.objects.get(key="grundskole")
        template = AgendaTemplate.objects.get(forum=forum)
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    data = {"forum": forum.public_id, "template": template.pk, "date": day, "time": "kl. 9.30", "duration": "90", "place": "HUSET"}
    response = visit(cast.konsulent).post("/thisted/moeder/nyt/", data)
    assert response.status_code == 302
    with as_actor(cast.konsulent):
        meeting = Meeting.objects.get(public_id=response["Location"].split("/")[-2])
    assert f"{timezone.localtime(meeting.starts_at):%H:%M}" == "09:30" and meeting.planned_minutes == 90


def test_a_new_meeting_begins_with_the_standing_agenda_of_its_number(visit, cast, as_actor):
    with as_actor(cast.konsulent):
        forum = Forum.objects.get(key="grundskole", tenant__slug="thisted")
        for number in (1, 2):
            template = AgendaTemplate.objects.create(tenant_id=forum.tenant_id, forum=forum, name=f"Møde {number}", meeting_numbers=[number])
            template.items.create(tenant_id=forum.tenant_id, order=1, title=f"Punkt til møde {number}")
    client = visit(cast.konsulent)
    assert '<option value="number" selected>Efter mødets nummer i året</option>' in client.get("/thisted/moeder/nyt/").content.decode()
    year = timezone.localdate().year + 2
    for number, month in ((1, 3), (2, 9)):
        form = {"forum": forum.public_id, "template": "number", "date": f"{year}-{month:02}-09", "time": "9", "duration": "90"}
        assert f"Punkt til møde {number}</h3>" in client.post("/thisted/moeder/nyt/", form, follow=True).content.decode()


def test_a_mail_says_the_time_as_the_page(cast, as_actor, visit, find):
    meeting = find("grundskole", "CALLED")
    with as_actor(cast.konsulent):
        said = span(meeting).partition(" kl. ")[2]
    assert said and f"kl. {said}</span>" in visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("date", "2020-01-01"), ("date", "i går"), ("time", "25:00"), ("duration", "0"), ("duration", "9999"), ("forum", "nowhere"), ("template", "p115"),
     ("place", "Rådhuset\n\nNyt login: https://evil.example/")],
)  # fmt: skip
def test_a_broken_form_plans_nothing_and_says_why(visit, cast, as_actor, field, value):
    with as_actor(cast.konsulent):
        forum = Forum.objects.get(key="grundskole")
        foreign = AgendaTemplate.objects.get(forum__key="p115").pk
        before = Meeting.objects.count()
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    data = {"forum": forum.public_id, "date": day, "time": "9.30", "duration": "90", field: foreign if value == "p115" else value}
    response = visit(cast.konsulent).post("/thisted/moeder/nyt/", data)
    assert response.status_code == 422 and "Der er noget" in response.content.decode()
    with as_actor(cast.konsulent):
        assert Meeting.objects.count() == before


def test_nobody_plans_a_meeting_where_he_may_not_convene(visit, cast, as_actor):
    with as_actor(cast.konsulent):
        forum = Forum.objects.get(key="styregruppe")
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    response = visit(cast.vpi).post("/thisted/moeder/nyt/", {"forum": forum.public_id, "date": day, "time": "9.30", "duration": "90"})
    assert response.status_code == 422
    with as_actor(cast.vpi) as actor, pytest.raises(PermissionDenied):
        actions.create_meeting(forum, actor=actor, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))


def test_calling_gives_each_holder_of_a_seat_an_attendance_and_a_mail(visit, cast, as_actor, draft, outbox):
    with as_actor(cast.konsulent):
        Attendance.objects.filter(meeting=draft).delete()
        holders = set(Seat.objects.current().filter(forum=draft.forum, user__isnull=False).values_list("user__email", flat=True))
        titles = list(draft.items.values_list("title", flat=True))
    client = visit(cast.konsulent)
    assert all(email in client.get(f"/thisted/moeder/{draft.public_id}/indkald/").content.decode() for email in holders)
    with as_actor(cast.konsulent):
        chosen = list(Seat.objects.current().filter(forum=draft.forum, user__isnull=False).values_list("public_id", flat=True))
    assert client.post(f"/thisted/moeder/{draft.public_id}/indkald/", {"seats": chosen}).status_code == 302
    with as_actor(cast.konsulent):
        assert Meeting.objects.get(pk=draft.pk).status == "CALLED"
        assert Attendance.objects.filter(meeting=draft, reply="NONE").count() == len(holders)
    mails = outbox(draft)
    assert {mail.recipient.email for mail in mails} == holders and len(mails) == len(holders)
    assert all(mail.subject.startswith("Indkaldelse: SSP+, ") and mail.payload["method"] == "REQUEST" for mail in mails)
    assert titles and not [title for title in titles for mail in mails if title in str(mail.payload) + mail.subject]


def test_calling_again_mails_only_those_who_are_new(cast, as_actor, draft, outbox):
    with as_actor(cast.konsulent) as actor:
        Attendance.objects.filter(meeting=draft).delete()
        called = actions.call_meeting(draft, actor=actor)
        first = len(outbox(draft))
        Attendance.objects.filter(meeting=draft, user=cast.fnt).delete()
        actions.call_meeting(called, actor=actor)
    assert [mail.recipient for mail in outbox(draft)[first:]] == [cast.fnt]


def test_the_calendar_file_holds_forum_date_and_link_and_nothing_of_the_agenda(cast, as_actor, find):
    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent):
        titles = list(AgendaItem.objects.filter(meeting=meeting).values_list("title", flat=True))
        ics = documents.invitation(meeting, cast.fnt)
    calendar, event = event_of(ics)
    local = timezone.localtime(meeting.starts_at)
    assert calendar["METHOD"] == "REQUEST" and calendar.walk("VTIMEZONE")
    assert str(event["SUMMARY"]).startswith(f"{meeting.forum.name}, {local.day}. ")
    assert str(event["DESCRIPTION"]).endswith(f"/thisted/moeder/{meeting.public_id}/") and "\n" not in str(event["DESCRIPTION"])
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen" and event.start == meeting.starts_at
    assert str(event["ATTENDEE"]) == f"mailto:{cast.fnt.email}" and event["SEQUENCE"] == 0
    assert titles and not [title for title in titles if title in ics.replace(meeting.forum.name, "")]


def test_moving_a_called_meeting_sends_the_same_uid_with_the_next_sequence(visit, cast, as_actor, find, outbox):
    meeting = find("grundskole", "CALLED")
    with as_actor(cast.konsulent):
        before = event_of(documents.invitation(meeting, cast.fnt))[1]
    day = timezone.localtime(meeting.starts_at).date()
    response = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/ret/", {"date": day.isoformat(), "time": "15.00", "duration": "60", "place": "Campus 10"})
    assert response.status_code == 302
    mails = outbox(meeting)
    _calendar, event = event_of(mails[0].payload["ics"])
    assert (str(event["UID"]), event["SEQUENCE"]) == (str(before["UID"]), 1)
    assert mails[0].subject.startswith("Ændret: ") and str(event["LOCATION"]) == "Campus 10"


def test_saving_the_same_time_again_sends_nothing(visit, cast, find, outbox):
    meeting = find("grundskole", "CALLED")
    from meetings.forms import WhenForm

    assert visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/ret/", WhenForm.initial_of(meeting)).status_code == 302
    assert outbox(meeting) == []


def test_a_cancelled_meeting_leaves_the_calendar(visit, cast, find, outbox):
    meeting = find("grundskole", "CALLED")
    client = visit(cast.konsulent)
    assert client.post(f"/thisted/moeder/{meeting.public_id}/aflys/").status_code == 302
    calendar, event = event_of(outbox(meeting)[0].payload["ics"])
    assert (str(calendar["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert client.post(f"/thisted/moeder/{meeting.public_id}/aflys/").status_code == 409


def test_a_mail_leaves_with_the_calendar_file_and_the_method(cast, find, visit, mailoutbox):
    meeting = find("grundskole", "CALLED")
    from access.models import OutboxMessage
    from access.notify import _deliver

    for method in ("REQUEST", "CANCEL"):
        payload = {"template": "mail/meeting_called.txt", "ics": documents.invitation(meeting, cast.fnt, method), "method": method}
        _deliver(OutboxMessage(tenant_id=meeting.tenant_id, kind="mail", recipient=cast.fnt, subject="Indkaldelse: x", path="/thisted/", payload=payload))
        sent = mailoutbox[-1].message().as_string()
        assert f"method={method}" in sent.replace('"', "") and "text/calendar" in sent
        assert mailoutbox[-1].body.startswith("Kære") and "http" in mailoutbox[-1].body


def test_one_answers_for_himself(visit, cast, as_actor, find):
    meeting = find("grundskole", "CALLED")
    response = visit(cast.fnt).post(f"/thisted/moeder/{meeting.public_id}/svar/", {"reply": "YES"})
    assert response.status_code == 302
    with as_actor(cast.konsulent):
        assert list(Attendance.objects.filter(meeting=meeting, reply="YES").values_list("user", flat=True)) == [cast.fnt.pk]


@pytest.mark.parametrize(("user", "reply", "status"), [("fnt", "PERHAPS", 400), ("fnt", "", 400), ("chef", "YES", 404), ("vpi", "YES", 404)])
def test_an_answer_that_does_not_fit_is_refused(visit, cast, find, user, reply, status):
    meeting = find("grundskole", "CALLED")
    assert visit(getattr(cast, user)).post(f"/thisted/moeder/{meeting.public_id}/svar/", {"reply": reply}).status_code == status


def test_nobody_answers_for_a_held_meeting(visit, cast, find):
    meeting = find("grundskole", "APPROVED")
    assert visit(cast.fnt).post(f"/thisted/moeder/{meeting.public_id}/svar/", {"reply": "YES"}).status_code == 409


@pytest.mark.parametrize("act", ["call_meeting", "cancel_meeting"])
def test_a_held_meeting_is_neither_called_nor_cancelled(cast, as_actor, find, act):
    meeting = find("grundskole", "APPROVED")
    with as_actor(cast.konsulent) as actor, pytest.raises(MeetingStateError):
        getattr(actions, act)(meeting, actor=actor)


def test_the_reader_fetches_his_own_calendar_file_and_it_is_logged(visit, cast, find, log):
    meeting = find("grundskole", "CALLED")
    response = visit(cast.fnt).get(f"/thisted/moeder/{meeting.public_id}/kalender.ics")
    assert cast.fnt.email in response.content.decode().replace("\r\n ", "") and response["Content-Type"].startswith("text/calendar")
    assert (log()[-1].action, log()[-1].object_id) == (7, meeting.pk)


def test_two_who_move_a_meeting_at_once_do_not_overwrite_each_other(cast, visit, find, as_actor):
    """The second sees when and where it is now, has his own in the fields, and saves it with one click."""
    meeting = find("grundskole", "CALLED")
    url, day = f"/thisted/moeder/{meeting.public_id}/ret/", timezone.localdate() + timedelta(days=25)
    one, two = visit(cast.konsulent), visit(cast.konsulent)
    seen = one.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]
    about = {"date": day.isoformat(), "duration": "60", "seen": seen}
    assert two.post(url, {**about, "time": "8.15", "place": "HUSET"}).status_code == 302
    answer = one.post(url, {**about, "time": "14.45", "place": "Rådhuset"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "En anden har ændret mødet" in text and "8.15" in text and "HUSET" in text
    assert 'value="14.45"' in text and 'value="Rådhuset"' in text
    with as_actor(cast.konsulent):
        assert Meeting.objects.get(pk=meeting.pk).place == "HUSET"
    again = text.split('name="seen" value="')[1].split('"')[0]
    assert one.post(url, {**about, "time": "14.45", "place": "Rådhuset", "seen": again}).status_code == 302
    with as_actor(cast.konsulent):
        assert Meeting.objects.get(pk=meeting.pk).place == "Rådhuset"
