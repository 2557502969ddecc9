"""Who was in the room for an item: came later, left earlier, stepped out, is disqualified. Shown in the minutes, and part of what is approved."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings import actions
from meetings.errors import MeetingStateError
from meetings.minutes import content_hash, read_minutes
from meetings.models import AgendaItem, Attendance, ItemAbsence, Meeting
from meetings.presence import room_of
from meetings.presence_actions import Reach, note_item_presence
from meetings.recusal_actions import recuse
from tests.rules.crawl import readable


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def items(meeting, as_actor, cast):
    with as_actor(cast.konsulent):
        return list(AgendaItem.objects.filter(meeting=meeting))


@pytest.fixture
def came(cast, as_actor, meeting):
    """Both were at the meeting."""
    with as_actor(cast.konsulent):
        Attendance.objects.filter(meeting=meeting, user__in=[cast.konsulent, cast.fnt]).update(presence="PRESENT")


@pytest.fixture
def away(cast, as_actor, meeting):
    """`away()`: the places of the items that the police officer was away from."""

    def places():
        with as_actor(cast.konsulent):
            out = set(ItemAbsence.objects.filter(meeting=meeting, user=cast.fnt).values_list("item_id", flat=True))
            return [n for n, item in enumerate(AgendaItem.objects.filter(meeting=meeting)) if item.pk in out]

    return places


def url_of(meeting, item):
    return f"/thisted/moeder/{meeting.public_id}/referat/{item.public_id}/rum/"


def both(cast):
    return [cast.konsulent.public_id, cast.fnt.public_id]


@pytest.mark.parametrize(("reach", "expected"), [("ITEM", [1]), ("UNTIL", [0, 1]), ("ONWARD", "rest")])
def test_one_steps_out_comes_later_or_leaves_earlier(visit, cast, meeting, items, came, away, reach, expected):
    data = {"was": both(cast), "here": [cast.konsulent.public_id], "reach": reach}
    response = visit(cast.konsulent).post(url_of(meeting, items[1]), data)
    assert response.status_code == 302 and response["Location"].endswith(f"?punkt={items[1].public_id}#rum")
    assert away() == (list(range(1, len(items))) if expected == "rest" else expected)


def test_he_comes_back(visit, cast, meeting, items, came, away):
    client = visit(cast.konsulent)
    client.post(url_of(meeting, items[0]), {"was": both(cast), "here": [cast.konsulent.public_id], "reach": "ONWARD"})
    client.post(url_of(meeting, items[2]), {"was": [cast.konsulent.public_id], "here": both(cast), "reach": "ONWARD"})
    assert away() == [0, 1]


def test_who_notes_another_name_undoes_nothing(visit, cast, meeting, items, came, away):
    """Both had the page with everybody ticked; the first has noted since that the officer stepped out."""
    first, second = visit(cast.konsulent), visit(cast.konsulent)
    first.post(url_of(meeting, items[0]), {"was": both(cast), "here": [cast.konsulent.public_id], "reach": "ITEM"})
    second.post(url_of(meeting, items[0]), {"was": both(cast), "here": [cast.fnt.public_id], "reach": "ITEM"})
    assert away() == [0]


@pytest.mark.parametrize("data", [{"reach": "ALWAYS"}, {"reach": ""}, {"here": ["findesikke"], "reach": "ITEM"}])
def test_what_does_not_fit_is_refused(visit, cast, meeting, items, came, away, data):
    assert visit(cast.konsulent).post(url_of(meeting, items[0]), {"was": both(cast), **data}).status_code == 422
    assert away() == []


def test_one_whose_absence_is_saved_meanwhile_does_not_stop_the_others(visit, cast, as_actor, meeting, items, came, away):
    """The attendance saves itself: the page was shown with a third who has been noted as away since."""
    with as_actor(cast.konsulent):
        third = Attendance.objects.filter(meeting=meeting).exclude(user__in=[cast.konsulent, cast.fnt]).select_related("user").first()
        Attendance.objects.filter(pk=third.pk).update(presence="EXCUSED")
    name = third.user.public_id
    response = visit(cast.konsulent).post(url_of(meeting, items[0]), {"was": [*both(cast), name], "here": [cast.konsulent.public_id, name], "reach": "ITEM"})
    assert response.status_code == 302 and away() == [0]
    with as_actor(cast.konsulent):
        assert not ItemAbsence.objects.filter(meeting=meeting, user=third.user).exists()


def test_who_was_not_at_the_meeting_is_not_offered(visit, cast, meeting, items, came):
    page = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/referat/?punkt={items[0].public_id}").content.decode()
    assert page.count('name="here"') == 2 and f'value="{cast.fnt.public_id}"' in page


def test_who_reads_notes_nothing_and_approved_minutes_stay(cast, as_actor, meeting, items, came):
    with as_actor(cast.fnt) as actor, pytest.raises(PermissionDenied):
        note_item_presence(items[0], actor=actor, changes={cast.fnt.pk: False})
    with as_actor(cast.konsulent) as actor:
        Meeting.objects.filter(pk=meeting.pk).update(status="APPROVED")
        with pytest.raises(MeetingStateError):
            note_item_presence(items[0], actor=actor, changes={cast.fnt.pk: False})


def test_the_room_follows_attendance_absence_and_disqualification(cast, as_actor, meeting, items, came):
    with as_actor(cast.konsulent) as actor:
        note_item_presence(items[0], actor=actor, changes={cast.fnt.pk: False})
        recuse(items[1], actor=actor, user=cast.fnt)
        Attendance.objects.filter(meeting=meeting).exclude(user__in=[cast.konsulent, cast.fnt]).update(presence="EXCUSED")
        for item in items[:2]:
            room = room_of(meeting, item.pk)
            assert room.inside == {cast.konsulent.pk} and cast.fnt.pk in room.outside and len(room.outside) > 1
        assert room_of(meeting, items[2].pk).inside == {cast.konsulent.pk, cast.fnt.pk}


def test_minutes_and_pdf_say_who_was_out(visit, cast, as_actor, meeting, items, came):
    with as_actor(cast.konsulent) as actor:
        note_item_presence(items[0], actor=actor, changes={cast.fnt.pk: False})
        recuse(items[1], actor=actor, user=cast.fnt)
    client = visit(cast.konsulent)
    page = client.get(f"/thisted/moeder/{meeting.public_id}/godkend/").content.decode()
    assert page.count("Ikke i rummet:") == 2 and f"{cast.fnt.name} (inhabil)" in page
    text = " ".join(readable(client.get(f"/thisted/moeder/{meeting.public_id}/referat.pdf")).split())
    assert text.count("Ikke i rummet:") == 2 and "(inhabil)" in text


def test_the_checksum_holds_who_was_out(cast, as_actor, meeting, items, came):
    with as_actor(cast.konsulent) as actor:
        before = content_hash(meeting)
        note_item_presence(items[0], actor=actor, changes={cast.fnt.pk: False}, reach=Reach.ITEM)
        changed = content_hash(meeting)
        note_item_presence(items[0], actor=actor, changes={cast.fnt.pk: True}, reach=Reach.ITEM)
        assert changed != before == content_hash(meeting)


def test_the_statements_do_not_follow_the_number_of_rows(cast, as_actor, meeting, items, came, django_assert_num_queries):
    with as_actor(cast.konsulent) as actor:
        read_minutes(actor, meeting)
        note_item_presence(items[0], actor=actor, changes={cast.fnt.pk: False, cast.konsulent.pk: False}, reach=Reach.ONWARD)
        with django_assert_num_queries(6):
            found = read_minutes(actor, meeting)
    assert all(len(line.item.away) == 2 for line in found.lines)


# ---- the clock ----------------------------------------------------------------------------------------------------
@pytest.fixture
def tick(visit, cast, meeting):
    def press(item, user=None, **data):
        return visit(user or cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/referat/{item.public_id}/ur/", data)

    return press


@pytest.fixture
def now(as_actor, cast):
    def read(item):
        with as_actor(cast.konsulent):
            return AgendaItem.objects.get(pk=item.pk)

    return read


def earlier(as_actor, cast, item, minutes):
    with as_actor(cast.konsulent):
        AgendaItem.objects.filter(pk=item.pk).update(started_at=timezone.now() - timedelta(minutes=minutes))


def test_one_clock_runs_at_a_time_and_goes_on_from_what_was_spent(tick, as_actor, cast, items, now):
    assert tick(items[0]).status_code == 302 and now(items[0]).is_running
    earlier(as_actor, cast, items[0], 4)
    tick(items[1])
    first, second = now(items[0]), now(items[1])
    assert not first.is_running and second.is_running and 240 <= first.seconds_spent(timezone.now()) < 260
    tick(items[0])
    assert now(items[0]).spent_before >= 240 and now(items[0]).is_running and not now(items[1]).is_running
    assert not now(items[0]).is_done
    tick(items[0], stop="1")
    assert not now(items[0]).is_running


def test_over_time_is_marked_and_told_in_words(tick, visit, as_actor, cast, meeting, items):
    tick(items[0])
    page = f"/thisted/moeder/{meeting.public_id}/referat/?punkt={items[0].public_id}"
    assert "data-over hidden" in visit(cast.konsulent).get(page).content.decode()
    earlier(as_actor, cast, items[0], items[0].duration + 1)
    shown = visit(cast.konsulent).get(page).content.decode()
    assert "data-over>" in shown and "Stop uret" in shown and f"{items[0].duration + 1}:0" in shown


def test_the_clock_goes_on_with_the_meeting(tick, visit, cast, meeting, items, now):
    client, address = visit(cast.konsulent), f"/thisted/moeder/{meeting.public_id}/referat/"
    client.post(f"{address}{items[0].public_id}/", {"text": "x", "decision": "", "version": 0, "done": "1"})
    assert now(items[1]).started_at is None  # nobody has started a clock: none runs
    tick(items[1])
    client.post(f"{address}{items[1].public_id}/", {"text": "x", "decision": "", "version": 0, "done": "1"})
    assert not now(items[1]).is_running and now(items[2]).is_running
    client.post(f"{address}{items[-1].public_id}/", {"text": "x", "decision": "", "version": 0, "done": "1"})
    assert now(items[2]).is_running  # it was not the last one that ran


def test_closing_the_meeting_stops_the_clock(tick, as_actor, cast, meeting, items, now):
    tick(items[0])
    with as_actor(cast.konsulent) as actor:
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - timedelta(hours=1))
        actions.close_meeting(meeting, actor=actor)
    assert not now(items[0]).is_running and tick(items[0]).status_code == 409


def test_who_reads_starts_no_clock_and_next_leads_nowhere_else(tick, cast, meeting, items, now):
    assert tick(items[0], cast.fnt).status_code == 404 and now(items[0]).started_at is None
    assert tick(items[0], next="https://evil.example/")["Location"].startswith("/thisted/")


def test_htmx_gets_a_refusal_whatever_part_it_asked_for(visit, as_actor, cast, meeting, items):
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(status="CLOSED")
    answer = visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/referat/{items[0].public_id}/ur/", headers={"HX-Request": "true"})
    assert answer.status_code == 409 and answer["HX-Reselect"] == "[role=alert]" and 'role="alert"' in answer.content.decode()
