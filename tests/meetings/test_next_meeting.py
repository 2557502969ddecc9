"""«Aftal næste møde»: the next meeting is set at this one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import AgendaItem, Meeting
from municipalities.models import Forum

DAY = timezone.localdate() + timedelta(days=400)
WHEN = {"date": DAY.isoformat(), "time": "10.30", "duration": "60", "place": "HUSET"}


@pytest.fixture
def meeting(cast, as_actor, find):
    """The latest meeting of SSP Grundskole, whose next date is set at each meeting."""
    with as_actor(cast.it):
        Forum.objects.filter(key="grundskole", tenant__slug="thisted").update(cadence_unit="AT_MEETING", cadence_number=0)
    found = find("grundskole", "CALLED")
    with as_actor(cast.konsulent):
        Meeting.objects.filter(forum_id=found.forum_id, starts_at__gt=found.starts_at).update(status="CANCELLED")
    return found


def address(meeting):
    return f"/thisted/moeder/{meeting.public_id}/naeste/"


def test_the_meetings_page_offers_it_only_where_dates_are_set_like_that(visit, cast, meeting, find):
    client = visit(cast.konsulent)
    assert "Aftal næste møde" in client.get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert "Aftal næste møde" not in client.get(f"/thisted/moeder/{find('styregruppe', 'CALLED').public_id}/").content.decode()
    assert "Aftal næste møde" not in visit(cast.users["kontakt-klit"]).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()


def test_the_form_proposes_a_workday_and_the_same_time(visit, cast, meeting):
    response = visit(cast.konsulent).get(address(meeting))
    form = response.context["form"]
    day = form.initial["date"]
    assert response.status_code == 200 and day > timezone.localdate() and day.weekday() == timezone.localtime(meeting.starts_at).weekday()
    assert form.initial["place"] == meeting.place


def test_the_next_meeting_becomes_a_draft_with_its_standing_agenda_and_tells_nobody(visit, cast, meeting, as_actor, outbox):
    waiting = outbox(meeting)
    response = visit(cast.konsulent).post(address(meeting), WHEN)
    with as_actor(cast.konsulent):
        made = Meeting.objects.select_related("tenant").get(forum_id=meeting.forum_id, starts_at__date=DAY)
        items = AgendaItem.objects.filter(meeting=made).count()
    assert response.headers["Location"] == f"/thisted/moeder/{made.public_id}/"
    assert (made.status, made.place, items > 0) == ("DRAFT", "HUSET", True)
    assert outbox(made) == waiting
    page = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert "Aftal næste møde" not in page and made.public_id in page


def test_a_second_next_meeting_is_refused(visit, cast, meeting, as_actor):
    client = visit(cast.konsulent)
    client.post(address(meeting), WHEN)
    assert client.get(address(meeting)).status_code == 302
    response = client.post(address(meeting), {**WHEN, "date": (DAY + timedelta(days=7)).isoformat()})
    assert response.status_code == 409 and "allerede planlagt" in response.content.decode()
    with as_actor(cast.konsulent):
        assert Meeting.objects.filter(forum_id=meeting.forum_id, starts_at__date__gte=DAY).count() == 1


def test_it_comes_after_this_one(visit, cast, meeting):
    response = visit(cast.konsulent).post(address(meeting), {**WHEN, "date": timezone.localdate().isoformat(), "time": "0.00"})
    assert response.status_code == 409 and "Vælg en senere dag" in response.content.decode()


@pytest.mark.parametrize("change", [{"date": "snart"}, {"time": "halv"}, {"duration": "1"}, {"place": "010203-4567"}])
def test_bad_input_is_said(visit, cast, meeting, change):
    assert visit(cast.konsulent).post(address(meeting), {**WHEN, **change}).status_code == 422


@pytest.mark.parametrize("who", ["chef", "kontakt-klit", "elev", "dpo", "it"])
def test_others_cannot(visit, cast, meeting, who):
    assert visit(cast.users[who]).post(address(meeting), WHEN).status_code == 404
