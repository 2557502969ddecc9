"""Live minutes: texts that two write at once, attendance, agreements, closing, approving, locking, correcting."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import date_format
from pypdf import PdfReader

from meetings import actions
from meetings.agenda_actions import APART
from meetings.differences import differences, merged
from meetings.errors import LockedMinutesError, MeetingStateError, StaleTextError
from meetings.figures import figures_by_forum
from meetings.last_saved import last_saved
from meetings.minutes import content_hash, in_runs, is_unchanged, read_minutes
from meetings.models import AgendaItem, Agreement, Attendance, CorrectionNote, Meeting
from municipalities.models import Seat
from municipalities.versions import fingerprint


@pytest.fixture
def meeting(find):
    return find("grundskole", "CALLED")


@pytest.fixture
def item(meeting, as_actor, cast):
    with as_actor(cast.konsulent):
        return AgendaItem.objects.filter(meeting=meeting).first()


def url_of(meeting, item=None, tail=""):
    return f"/thisted/moeder/{meeting.public_id}/referat/" + (f"{item.public_id}/{tail}" if item else "")


@pytest.fixture
def now(as_actor, cast):
    def read(row):
        with as_actor(cast.konsulent):
            return type(row).objects.get(pk=row.pk)

    return read


# ---- texts --------------------------------------------------------------------------------------------------------
def test_autosave_answers_with_the_next_version(visit, cast, meeting, item, now):
    response = visit(cast.konsulent).post(url_of(meeting, item), {"text": "Vi talte.", "decision": "Ja.", "version": 0}, headers={"X-Autosave": "1"})
    assert (response.status_code, response["X-Version"], response.json()["version"]) == (200, "1", 1)
    assert response.json()["saved"].startswith("Gemt kl.")
    assert (now(item).text, now(item).decision, now(item).text_version) == ("Vi talte.", "Ja.", 1)


def test_a_plain_button_saves_too(visit, cast, meeting, item, now):
    response = visit(cast.konsulent).post(url_of(meeting, item), {"text": "a\r\nb", "decision": "", "version": 0})
    assert response.status_code == 302 and now(item).text == "a\nb"


def test_done_goes_to_the_next_item(visit, cast, meeting, item, now, as_actor):
    response = visit(cast.konsulent).post(url_of(meeting, item), {"text": "x", "decision": "", "version": 0, "done": "1"})
    with as_actor(cast.konsulent):
        following = AgendaItem.objects.filter(meeting=meeting)[1]
    assert response["Location"].endswith(f"?punkt={following.public_id}") and now(item).is_done


@pytest.mark.parametrize("headers", [{"X-Autosave": "1"}, {}])
def test_a_stale_version_overwrites_nothing_and_shows_both_texts(visit, cast, meeting, item, now, headers):
    client = visit(cast.konsulent)
    client.post(url_of(meeting, item), {"text": "Deres tekst", "decision": "", "version": 0})
    response = client.post(url_of(meeting, item), {"text": "Deres nye ord", "decision": "", "version": 0}, headers=headers)
    page = response.content.decode()
    assert response.status_code == 409 and now(item).text == "Deres tekst"
    assert "<del>" in page and "<ins>" in page and 'name="mine" value="1"' in page


@pytest.mark.parametrize("merge", [{}, {"merge": "1"}])
def test_a_conflict_says_who_saved_last_and_when(visit, cast, as_actor, meeting, item, now, merge):
    client, mine = visit(cast.konsulent), {"text": "Min", "decision": "", "version": 0, **merge}
    client.post(url_of(meeting, item), {"text": "Deres", "decision": "", "version": 0})
    saved = now(item)
    at = f"{timezone.localtime(saved.saved_at):%-H.%M}"
    assert saved.saved_by == cast.konsulent and f"Du gemte selv kl. {at}" in client.post(url_of(meeting, item), mine).content.decode()
    with as_actor(cast.konsulent):
        AgendaItem.objects.filter(pk=item.pk).update(saved_by=cast.gade)
    assert f"{cast.gade.name} gemte kl. {at}" in client.post(url_of(meeting, item), mine).content.decode()


def test_a_text_of_another_day_is_said_to_be_so(cast, actor_for):
    at = timezone.make_aware(timezone.datetime(2026, 3, 13, 10, 5))
    said = last_saved(cast.gade, at, actor_for(cast.konsulent))
    assert said.startswith(f"{cast.gade.name} gemte fre") and said.endswith("kl. 10.05") and last_saved(None, None, actor_for(cast.konsulent)) == ""


def test_after_a_conflict_one_may_keep_either(visit, cast, meeting, item, now):
    client = visit(cast.konsulent)
    client.post(url_of(meeting, item), {"text": "deres", "decision": "", "version": 0})
    client.post(url_of(meeting, item), {"text": "min", "decision": "", "version": 0, "theirs": "1"})
    assert now(item).text == "deres"
    client.post(url_of(meeting, item), {"text": "min", "decision": "", "version": 0, "mine": "1"})
    assert (now(item).text, now(item).text_version) == ("min", 2)


def test_after_a_conflict_both_may_be_put_together(visit, cast, meeting, item, now):
    client = visit(cast.konsulent)
    client.post(url_of(meeting, item), {"text": "Fælles\nDeres", "decision": "Ja", "version": 0})
    page = client.post(url_of(meeting, item), {"text": "Fælles\nMin", "decision": "Ja", "version": 0, "merge": "1"})
    form = page.context["text_form"]
    assert page.status_code == 200 and "data-unsaved" in page.content.decode() and "Begge tekster" in page.content.decode()
    assert (form.initial["text"], form.initial["decision"], form.initial["version"]) == ("Fælles\nDeres\nMin", "Ja", 1)
    assert now(item).text == "Fælles\nDeres"  # nothing is saved by looking
    client.post(url_of(meeting, item), dict(form.initial))
    assert (now(item).text, now(item).text_version) == ("Fælles\nDeres\nMin", 2)


def test_a_third_writer_meets_the_one_who_puts_together(visit, cast, meeting, item, now):
    client = visit(cast.konsulent)
    client.post(url_of(meeting, item), {"text": "A", "decision": "", "version": 0})
    both = client.post(url_of(meeting, item), {"text": "B", "decision": "", "version": 0, "merge": "1"}).context["text_form"].initial
    client.post(url_of(meeting, item), {"text": "A og C", "decision": "", "version": 1})
    assert client.post(url_of(meeting, item), both).status_code == 409 and now(item).text == "A og C"


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [("a", "b", "a\nb"), ("a\nb", "a\nb", "a\nb"), ("a\nx", "y\na", "y\na\nx"), ("Vi", "Vi talte", "Vi talte"), ("Vi talte", "Vi", "Vi talte"), ("", "a", "a"), ("a", "", "a")],
)
def test_both_texts_in_one_lose_no_line(theirs, mine, both):
    assert merged(theirs, mine) == both


def test_the_same_text_again_is_no_conflict(cast, as_actor, item):
    with as_actor(cast.konsulent) as actor:
        actions.save_item_text(item, actor=actor, text="ens", decision="", version=0)
        assert actions.save_item_text(item, actor=actor, text="ens", decision="", version=0).text_version == 1
        with pytest.raises(StaleTextError) as stale:
            actions.save_item_text(item, actor=actor, text="andet", decision="", version=0)
    assert (stale.value.text, stale.value.version) == ("ens", 1)


@pytest.mark.parametrize("data", [{"text": "x"}, {"text": "x", "version": "-1"}, {"text": "x", "version": "nul"}, {"text": "x" * 20_001, "version": "0"}])
def test_a_broken_form_saves_nothing(visit, cast, meeting, item, now, data):
    assert visit(cast.konsulent).post(url_of(meeting, item), data).status_code == 422
    assert now(item).text_version == 0


def test_an_ended_login_answers_401_to_a_script(client, meeting, item):
    assert client.post(url_of(meeting, item), {"text": "x", "version": 0}, headers={"X-Requested-With": "fetch"}).status_code == 401


def test_an_item_of_another_meeting_is_not_there(visit, cast, find, meeting, as_actor):
    other = find("styregruppe", "CALLED")
    with as_actor(cast.konsulent):
        foreign = AgendaItem.objects.filter(meeting=other).first()
    assert visit(cast.konsulent).post(url_of(meeting, foreign), {"text": "x", "version": 0}).status_code == 404


def test_nobody_writes_text_under_an_item_of_the_closed_part(cast, as_actor, find):
    meeting = find("p115", "CALLED")
    with as_actor(cast.konsulent) as actor:
        closed = AgendaItem.objects.filter(meeting=meeting, data_class="PERSON_115").first()
        with pytest.raises(MeetingStateError):
            actions.save_item_text(closed, actor=actor, text="navn", decision="", version=0)


def test_who_reads_does_not_write(cast, as_actor, item):
    with as_actor(cast.fnt) as actor, pytest.raises(PermissionDenied):
        actions.save_item_text(item, actor=actor, text="x", decision="", version=0)


@pytest.mark.parametrize(("before", "after"), [("", "ny"), ("et to tre", "et fire tre"), ("a\nb", "a\nb"), ("x", "")])
def test_differences_lead_from_one_text_to_the_other(before, after):
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before


# ---- attendance and agreements ------------------------------------------------------------------------------------
def test_attendance_is_noted_for_this_meeting_only(visit, cast, meeting, find, as_actor):
    other = find("styregruppe", "CALLED")
    with as_actor(cast.konsulent):
        mine = Attendance.objects.filter(meeting=meeting).first()
        foreign = Attendance.objects.filter(meeting=other).first()
    data = {f"p{mine.pk}": "PRESENT", f"p{foreign.pk}": "PRESENT"}
    assert visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/fremmoede/", data, headers={"X-Autosave": "1"}).status_code == 204
    with as_actor(cast.konsulent):
        assert [Attendance.objects.get(pk=row.pk).presence for row in (mine, foreign)] == ["PRESENT", "UNKNOWN"]


def test_one_button_notes_the_rest_as_present_but_not_who_has_said_no(visit, cast, meeting, as_actor, log):
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))
        rows = list(Attendance.objects.filter(meeting=meeting).select_related("user").order_by("pk"))
        Attendance.objects.filter(pk=rows[0].pk).update(presence="EXCUSED")
        Attendance.objects.filter(pk=rows[1].pk).update(reply="NO")
    client, url = visit(cast.konsulent), f"/thisted/moeder/{meeting.public_id}/fremmoede/"
    assert 'name="rest" value="1"' in client.get(url_of(meeting)).content.decode()
    response = client.post(url, {f"p{rows[2].pk}": "ABSENT", "rest": "1"}, follow=True)
    assert f"plads er ophørt: {rows[1].user.name}." in response.content.decode().replace("\u00a0", " ")
    with as_actor(cast.konsulent):
        after = [Attendance.objects.get(pk=row.pk).presence for row in rows]
    assert after == ["EXCUSED", "UNKNOWN", "ABSENT", *["PRESENT"] * (len(rows) - 3)]
    noted = [entry for entry in log() if (entry.changes or {}).get("presence") == ["UNKNOWN", "PRESENT"] and entry.object_id in {row.pk for row in rows}]
    assert len(noted) == len(rows) - 3, "each stands in the log"
    assert visit(cast.fnt).post(url, {"rest": "1"}).status_code == 404  # who reads does not write


def test_who_saves_the_attendance_stays_at_the_item_that_is_written(visit, cast, meeting, as_actor):
    """He went to the first one that is not done, and the next aftale landed under that one."""
    with as_actor(cast.konsulent):
        third = list(AgendaItem.objects.filter(meeting=meeting))[2]
    client, url = visit(cast.konsulent), f"/thisted/moeder/{meeting.public_id}/fremmoede/"
    assert f'name="punkt" value="{third.public_id}"' in client.get(f"{url_of(meeting)}?punkt={third.public_id}").content.decode()
    assert client.post(url, {"punkt": third.public_id}).url == f"{url_of(meeting)}?punkt={third.public_id}#fremmoede"
    assert client.post(url, {"punkt": "x&y"}).url == f"{url_of(meeting)}#fremmoede", "an address of ours, whatever is sent"


def test_whose_seat_was_over_when_the_meeting_began_is_not_noted_with_the_rest(visit, cast, meeting, as_actor):
    """The meeting has left his calendar: the button does not say that he was there. Whose seat ended after it was."""
    begun = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(minutes=30))
        rows = list(Attendance.objects.filter(meeting=meeting).exclude(user=cast.konsulent).select_related("user").order_by("pk"))
    with as_actor(cast.it):
        for row, ended in zip(rows, (begun - timedelta(minutes=1), begun + timedelta(minutes=1)), strict=False):
            Seat.objects.filter(pk=row.seat_id).update(valid_to=ended)
    client = visit(cast.konsulent)
    response = client.post(f"/thisted/moeder/{meeting.public_id}/fremmoede/", {"rest": "1"}, follow=True)
    assert f"plads er ophørt: {rows[0].user.name}." in response.content.decode().replace("\u00a0", " ")
    with as_actor(cast.konsulent):
        assert [Attendance.objects.get(pk=row.pk).presence for row in rows[:2]] == ["UNKNOWN", "PRESENT"]
    assert 'name="rest"' not in client.get(url_of(meeting)).content.decode(), "nobody is left whom the button would note"


def test_nobody_has_been_present_before_the_day(visit, cast, meeting, as_actor):
    """Not from a page either that was opened before the meeting was moved."""
    client = visit(cast.konsulent)
    assert 'name="rest"' not in client.get(url_of(meeting)).content.decode()
    answer = client.post(f"/thisted/moeder/{meeting.public_id}/fremmoede/", {"rest": "1"}, follow=True)
    assert "noteres fra mødets dag" in answer.content.decode()
    with as_actor(cast.konsulent):
        assert not Attendance.objects.filter(meeting=meeting, presence="PRESENT").exists()


def test_an_exact_day_makes_the_agreement_at_once(visit, cast, meeting, item, as_actor):
    day = timezone.localdate() + timedelta(days=3)
    response = visit(cast.konsulent).post(url_of(meeting, item, "aftale/"), {"who": "anders", "what": "Sender oplægget", "due": day.isoformat()})
    assert response.status_code == 302
    with as_actor(cast.fnt):
        made = Agreement.objects.with_parties().get(what="Sender oplægget")
        assert (made.responsible_ids, made.due_on, made.item_id, made.created_by) == ({cast.fnt.pk}, day, item.pk, cast.konsulent)


def test_an_ambiguous_day_is_asked_back_before_it_is_saved(visit, cast, meeting, item, as_actor):
    today = f"{timezone.localdate():%A}".lower()  # said on that very day: today, or in a week?
    client, data = visit(cast.konsulent), {"who": "Anders Strandhede", "what": "Sender oplægget", "due": today}
    response = client.post(url_of(meeting, item, "aftale/"), data)
    page = response.content.decode()
    assert response.status_code == 422 and f"Forstået som {date_format(timezone.localdate(), 'l')} " in page.replace("\u00a0", " ")
    with as_actor(cast.konsulent):
        assert not Agreement.objects.filter(what="Sender oplægget").exists()
    confirmed = page.split('name="confirmed" value="')[1].split('"')[0]
    assert client.post(url_of(meeting, item, "aftale/"), {**data, "confirmed": confirmed}).status_code == 302
    with as_actor(cast.konsulent):
        assert Agreement.objects.get(what="Sender oplægget").due_on.isoformat() == confirmed


# ---- an agreement that was typed and not added ---------------------------------------------------------------------
def typed(due=None, **more):
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    return {"text": "Vi talte.", "decision": "", "version": 0, "who": "anders", "what": "Sender oplægget", "due": due or day, **more}


@pytest.fixture
def agreed(cast, as_actor, item):
    def found():
        with as_actor(cast.konsulent):
            return list(Agreement.objects.filter(item=item).values_list("what", flat=True))

    return found


@pytest.mark.parametrize("button", [{}, {"done": "1"}, {"add": "1"}])
def test_an_agreement_in_the_line_goes_along_with_the_text(visit, cast, meeting, item, now, agreed, button):
    client = visit(cast.konsulent)
    page = client.get(url_of(meeting) + f"?punkt={item.public_id}").content.decode()
    assert 'name="who" form="punkt"' in page and page.count('form="punkt"') >= 5, "without a script the line is sent with the text"
    assert client.post(url_of(meeting, item), typed(**button)).status_code == 302
    assert now(item).text == "Vi talte." and agreed() == ["Sender oplægget"]


def test_what_saves_itself_adds_no_agreement(visit, cast, meeting, item, now, agreed):
    assert visit(cast.konsulent).post(url_of(meeting, item), typed(), headers={"X-Autosave": "1"}).status_code == 200
    assert now(item).text == "Vi talte." and agreed() == []


@pytest.mark.parametrize("wrong", [{"who": "Nobody Here"}, {"due": "snart"}, {"what": ""}])
@pytest.mark.parametrize("button", [{}, {"done": "1"}])
def test_a_bad_agreement_comes_back_and_the_text_is_saved(visit, cast, meeting, item, now, agreed, wrong, button):
    data = typed(**wrong, **button)
    page = visit(cast.konsulent).post(url_of(meeting, item), data)
    assert page.status_code == 422 and page.context["agreement_form"].errors
    assert all(f'value="{data[name]}"' in page.content.decode() for name in ("who", "what", "due") if data[name] and data["what"])
    assert now(item).text == "Vi talte." and not now(item).is_done and agreed() == []


def test_a_bad_text_and_a_good_agreement_lose_neither(visit, cast, meeting, item, agreed):
    page = visit(cast.konsulent).post(url_of(meeting, item), typed(text="x" * 20_001))
    assert page.status_code == 422 and "x" * 20_001 in page.content.decode() and agreed() == ["Sender oplægget"]


@pytest.mark.parametrize("way", [{}, {"merge": "1"}, {"theirs": "1"}])
@pytest.mark.parametrize("due", [None, "snart"])
def test_a_conflict_loses_no_agreement(visit, cast, meeting, item, now, agreed, way, due):
    client = visit(cast.konsulent)
    client.post(url_of(meeting, item), {"text": "Deres tekst", "decision": "", "version": 0})
    page = client.post(url_of(meeting, item), typed(due=due, **way))
    assert now(item).text == "Deres tekst"
    if due:
        assert agreed() == [] and 'value="Sender oplægget"' in page.content.decode() and 'value="snart"' in page.content.decode()
    else:
        assert agreed() == ["Sender oplægget"] and page.status_code == {"theirs": 302, "merge": 200}.get(next(iter(way), ""), 409)


def test_the_same_agreement_twice_at_once_is_one(visit, cast, meeting, item, agreed, as_actor):
    client, data = visit(cast.konsulent), typed()
    assert client.post(url_of(meeting, item, "aftale/"), data).status_code == 302
    assert client.post(url_of(meeting, item), {**data, "done": "1"}).status_code == 302
    assert agreed() == ["Sender oplægget"]
    with as_actor(cast.konsulent) as actor:  # who agrees on it anew after it was done, means it
        actions.tick_agreement(Agreement.objects.get(item=item), actor=actor)
    client.post(url_of(meeting, item, "aftale/"), data)
    assert agreed() == ["Sender oplægget"] * 2


def test_one_whose_seat_has_ended_meanwhile_is_asked_about_and_the_text_is_saved(visit, cast, meeting, item, now, agreed, monkeypatch):
    def ended(*args, **kwargs):
        raise MeetingStateError("Pladsen er ophørt.")

    monkeypatch.setattr(actions, "add_agreement", ended)
    page = visit(cast.konsulent).post(url_of(meeting, item), typed())
    assert page.status_code == 422 and "Pladsen er ophørt." in page.content.decode() and now(item).text == "Vi talte."


@pytest.mark.parametrize(("field", "value"), [("who", "Nobody Here"), ("who", "e"), ("what", ""), ("due", "snart"), ("due", "2020-01-01")])
def test_an_agreement_that_does_not_fit_is_not_made(visit, cast, meeting, item, as_actor, field, value):
    data = {"who": "anders", "what": "Noget", "due": (timezone.localdate() + timedelta(days=2)).isoformat(), field: value}
    response = visit(cast.konsulent).post(url_of(meeting, item, "aftale/"), data, headers={"HX-Request": "true"})
    assert response.status_code == 422 and response.content.decode().lstrip().startswith("<section")
    with as_actor(cast.konsulent):
        assert not Agreement.objects.filter(item=item).exists()


@pytest.fixture
def agreement(cast, as_actor, item):
    with as_actor(cast.konsulent) as actor:
        return actions.add_agreement(item, actor=actor, who=cast.fnt, what="Ringer", due_on=timezone.localdate())


@pytest.mark.parametrize(("user", "status"), [("fnt", 302), ("konsulent", 302), ("kontakt-klit", 403), ("chef", 404), ("elev", 404)])
def test_only_he_or_who_writes_the_minutes_ticks_an_agreement(visit, cast, agreement, now, user, status):
    response = visit(getattr(cast, user)).post("/thisted/aftaler/udfoert/", {"aftale": agreement.public_id})
    assert response.status_code == status
    assert now(agreement).is_done is (status == 302)


def test_a_second_tick_opens_it_again_and_htmx_gets_the_line(visit, cast, agreement, now):
    client = visit(cast.fnt)
    for is_done in (True, False):
        response = client.post("/thisted/aftaler/udfoert/", {"aftale": agreement.public_id}, headers={"HX-Request": "true"})
        assert response.content.decode().strip().startswith("<li") and now(agreement).is_done is is_done


def test_a_tick_leads_nowhere_else(visit, cast, agreement):
    response = visit(cast.fnt).post("/thisted/aftaler/udfoert/", {"aftale": agreement.public_id, "next": "https://evil.example/"})
    assert response["Location"] == "/thisted/"


# ---- close, approve, lock, correct --------------------------------------------------------------------------------
def begins(meeting, hours):
    """Its time has come (or has not): the clock is the database's as well, so the row is moved, not the clock."""
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() + timedelta(hours=hours), ends_at=timezone.now() + timedelta(hours=hours + 2))


@pytest.fixture
def begun(cast, as_actor, meeting, now):
    with as_actor(cast.konsulent):
        begins(meeting, -1)
    return now(meeting)


@pytest.fixture
def closed(cast, as_actor, begun):
    meeting = begun
    with as_actor(cast.konsulent) as actor:
        actions.note_presence(meeting, actor=actor, presence=dict.fromkeys(Attendance.objects.filter(meeting=meeting, user=cast.fnt).values_list("pk", flat=True), "PRESENT"))
        return actions.close_meeting(meeting, actor=actor)


def test_closing_tells_those_who_were_present(closed, cast, outbox):
    (mail,) = outbox(closed)
    assert mail.recipient == cast.fnt and mail.subject.startswith("Referatet er klar til godkendelse: SSP Grundskole")
    assert mail.path.endswith("/godkend/") and not mail.payload["ics"]


def test_where_nobody_is_noted_as_present_the_page_says_that_nobody_is_told(visit, cast, as_actor, begun, outbox):
    page = f"/thisted/moeder/{begun.public_id}/"
    said = visit(cast.konsulent).get(f"{page}godkend/").content.decode()
    assert "Ingen er noteret som til stede" in said and "#fremmoede" in said and "får en mail om, at referatet" not in said
    answer = visit(cast.konsulent).post(f"{page}afslut/", follow=True).content.decode()
    assert "Ingen er noteret som til stede, så ingen får besked" in answer and not outbox(begun)


def test_unfinished_items_are_named_before_closing(visit, cast, meeting):
    page = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/godkend/").content.decode()
    assert "har ingen tekst" in page and "Fremmøde er ikke noteret for 10 personer" in page


def test_a_meeting_that_has_not_begun_is_not_closed(visit, cast, meeting, now, outbox):
    client = visit(cast.konsulent)
    page = client.get(f"/thisted/moeder/{meeting.public_id}/godkend/").content.decode()
    assert "Mødet er ikke begyndt" in page and "Ret tid og sted" in page and f'action="/thisted/moeder/{meeting.public_id}/afslut/"' not in page
    response = client.post(f"/thisted/moeder/{meeting.public_id}/afslut/")
    assert response.status_code == 409 and "kan ikke afsluttes før" in response.content.decode()
    assert (now(meeting).status, now(meeting).closed_at) == ("CALLED", None) and not outbox(meeting)


def test_a_meeting_that_was_held_earlier_is_moved_and_then_closed(visit, cast, meeting, now):
    client, earlier = visit(cast.konsulent), timezone.localtime() - timedelta(hours=1)
    moved = {"date": f"{earlier:%Y-%m-%d}", "time": f"{earlier:%H.%M}", "duration": "60", "place": meeting.place}
    assert client.post(f"/thisted/moeder/{meeting.public_id}/ret/", moved).status_code == 302
    assert client.post(f"/thisted/moeder/{meeting.public_id}/afslut/").status_code == 302
    assert now(meeting).status == "CLOSED"


def test_minutes_are_not_approved_before_the_meeting_has_begun(visit, cast, closed, now, as_actor):
    """Closed before the rule was there."""
    with as_actor(cast.konsulent):
        begins(closed, 3)
        seen = content_hash(now(closed))
    client = visit(cast.konsulent)
    page = client.get(f"/thisted/moeder/{closed.public_id}/godkend/").content.decode()
    assert "Mødet er ikke begyndt" in page and 'name="seen"' not in page
    response = client.post(f"/thisted/moeder/{closed.public_id}/godkend/", {"seen": seen})
    assert response.status_code == 409 and "kan godkendes derefter" in response.content.decode() and now(closed).status == "CLOSED"


def test_a_meeting_is_closed_once(closed, cast, as_actor):
    with as_actor(cast.konsulent) as actor, pytest.raises(MeetingStateError):
        actions.close_meeting(closed, actor=actor)


def approve(client, meeting):
    page = client.get(f"/thisted/moeder/{meeting.public_id}/godkend/").content.decode()
    return client.post(f"/thisted/moeder/{meeting.public_id}/godkend/", {"seen": page.split('name="seen" value="')[1].split('"')[0]})


def test_approving_locks_the_minutes_with_a_checksum(visit, cast, closed, now, as_actor):
    assert approve(visit(cast.konsulent), closed).status_code == 302
    approved = now(closed)
    assert (approved.status, approved.approved_by) == ("APPROVED", cast.konsulent) and len(approved.content_hash) == 64
    with as_actor(cast.konsulent) as actor:
        assert is_unchanged(actor, approved) is True
    page = visit(cast.konsulent).get(f"/thisted/moeder/{closed.public_id}/godkend/").content.decode()
    assert approved.content_hash in page and "Låst" in page


def test_what_was_changed_after_it_was_shown_is_not_approved(visit, cast, closed, item, as_actor, now):
    client = visit(cast.konsulent)
    page = client.get(f"/thisted/moeder/{closed.public_id}/godkend/").content.decode()
    with as_actor(cast.konsulent) as actor:
        actions.save_item_text(item, actor=actor, text="ændret imens", decision="", version=0)
    response = client.post(f"/thisted/moeder/{closed.public_id}/godkend/", {"seen": page.split('name="seen" value="')[1].split('"')[0]})
    assert response.status_code == 409 and now(closed).status == "CLOSED"


def test_a_member_may_read_but_not_approve(visit, cast, closed):
    client = visit(cast.fnt)
    page = client.get(f"/thisted/moeder/{closed.public_id}/godkend/").content.decode()
    assert "Din beslutning" not in page and '<form method="post">' not in page
    assert client.post(f"/thisted/moeder/{closed.public_id}/godkend/", {"seen": ""}).status_code == 403


@pytest.fixture
def approved(visit, cast, closed, now):
    approve(visit(cast.konsulent), closed)
    return now(closed)


def test_approved_minutes_refuse_every_write(visit, cast, approved, item, as_actor, now):
    client = visit(cast.konsulent)
    base = f"/thisted/moeder/{approved.public_id}/"
    with as_actor(cast.konsulent):
        row = Attendance.objects.filter(meeting=approved).first()
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    posts = {
        url_of(approved, item): {"text": "x", "decision": "", "version": 0}, url_of(approved, item, "aftale/"): {"who": "anders", "what": "x", "due": day},
        base + "fremmoede/": {f"p{row.pk}": "ABSENT"}, base + "afslut/": {}, base + "godkend/": {"seen": approved.content_hash}, base + "aflys/": {}, base + "indkald/": {},
        base + "ret/": {"date": day, "time": "9.00", "duration": "60"}, base + "punkter/": {"title": "x", "kind": "DATA", "duration": "5", "data_class": "INTERNAL"},
        base + f"punkter/{item.public_id}/": {"title": "x", "kind": "DATA", "duration": "5", "data_class": "INTERNAL"},
        base + f"punkter/{item.public_id}/flyt/": {"retning": "op"}, base + f"punkter/{item.public_id}/fjern/": {}, base + "svar/": {"reply": "YES"},
    }  # fmt: skip
    assert {url: client.post(url, data).status_code for url, data in posts.items()} == dict.fromkeys(posts, 409)
    assert client.get(base + "referat/").status_code == 409
    after = now(approved)
    with as_actor(cast.konsulent) as actor:
        assert is_unchanged(actor, after) is True
        with pytest.raises(LockedMinutesError):
            actions.save_item_text(item, actor=actor, text="x", decision="", version=0)


def test_a_change_behind_the_back_of_the_product_is_seen(cast, approved, item, as_actor, visit):
    with as_actor(cast.konsulent) as actor:
        AgendaItem.objects.filter(pk=item.pk).update(text="forfalsket")
        assert is_unchanged(actor, approved) is False
    assert "ikke længere den, der blev godkendt" in visit(cast.konsulent).get(f"/thisted/moeder/{approved.public_id}/godkend/").content.decode()


def test_an_agreement_may_be_ticked_after_approval_without_breaking_the_checksum(cast, agreement, approved, as_actor):
    with as_actor(cast.fnt) as actor:
        actions.tick_agreement(agreement, actor=actor)
    with as_actor(cast.konsulent) as actor:
        assert is_unchanged(actor, approved) is True


def test_a_correction_is_a_note_under_the_item(visit, cast, approved, item, as_actor):
    client = visit(cast.konsulent)
    response = client.post(url_of(approved, item, "rettelse/"), {"text": "Der var syv, ikke otte."})
    assert response.status_code == 302
    page = visit(cast.fnt).get(f"/thisted/moeder/{approved.public_id}/godkend/").content.decode()
    assert "Der var syv, ikke otte." in page and "Rettelse af Ditte Havmark" in page
    with as_actor(cast.konsulent) as actor:
        assert is_unchanged(actor, approved) is True


@pytest.mark.parametrize(("text", "status"), [("", 422), ("   ", 422)])
def test_an_empty_correction_is_refused(visit, cast, approved, item, as_actor, text, status):
    assert visit(cast.konsulent).post(url_of(approved, item, "rettelse/"), {"text": text}).status_code == status
    with as_actor(cast.konsulent):
        assert not CorrectionNote.objects.filter(item=item).exists()


def test_what_is_not_approved_is_changed_and_not_corrected(visit, cast, closed, item):
    assert visit(cast.konsulent).post(url_of(closed, item, "rettelse/"), {"text": "x"}).status_code == 409


def test_the_demos_approved_minutes_carry_a_checksum_that_fits(cast, find, as_actor):
    meeting = find("grundskole", "APPROVED")
    with as_actor(cast.konsulent) as actor:
        assert meeting.content_hash == content_hash(meeting) and is_unchanged(actor, meeting)


# ---- before it begins, and what is missing -------------------------------------------------------------------------
def test_what_is_missing_is_said_in_runs():
    held = [SimpleNamespace(number=number) for number in ["1", "2", "2a", "3", "4", "5", "6", "7"]]
    assert in_runs(held, ["2", "2a", "3", "5", "7"]) == "2–3, 5, 7" and in_runs(held, ["1", "2"]) == "1, 2" and in_runs(held, ["6"]) == "6"


@pytest.mark.parametrize(("hours", "user", "said", "way_on"), [
    (0.5, "konsulent", "begynder først", "Ret tid og sted"), (72, "konsulent", "Indtil da forbereder du referatet", None), (-1, "konsulent", None, None),
])  # fmt: skip
def test_minutes_that_are_opened_early_say_when_the_meeting_begins(visit, cast, as_actor, meeting, hours, user, said, way_on, monkeypatch):
    at = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr(Meeting, "is_its_day", property(lambda self: hours < 1))  # half an hour from now may be tomorrow
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=at, ends_at=at + timedelta(hours=2))
    page = visit(getattr(cast, user)).get(url_of(meeting)).content.decode().replace("\u00a0", " ")
    assert (said in page) if said else ("begynder først" not in page and "Indtil da" not in page)
    assert (f"/thisted/moeder/{meeting.public_id}/ret/" in page) is bool(way_on)


# ---- documents ----------------------------------------------------------------------------------------------------
def pdf_text(response):
    from io import BytesIO

    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)


def test_the_minutes_as_pdf_are_the_readers_own_and_logged(visit, cast, find, as_actor, log):
    meeting = find("lokalraad", "APPROVED")
    with as_actor(cast.konsulent) as actor:
        line = read_minutes(actor, meeting).lines[0]
    response = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/referat.pdf")
    assert line.item.title.split()[0] in pdf_text(response)
    assert (log()[-1].action, log()[-1].object_id) == (6, meeting.pk)
    assert response["Cache-Control"] == "no-store"


def test_minutes_that_are_not_held_are_no_document_for_a_reader(visit, cast, meeting):
    assert visit(cast.fnt).get(f"/thisted/moeder/{meeting.public_id}/referat.pdf").status_code == 403
    assert visit(cast.fnt).get(f"/thisted/moeder/{meeting.public_id}/godkend/").status_code == 403


# ---- the agenda ---------------------------------------------------------------------------------------------------
def orders(cast, as_actor, meeting):
    with as_actor(cast.konsulent):
        return list(AgendaItem.objects.filter(meeting=meeting).values_list("title", flat=True))


def test_an_item_moves_one_place_and_stops_at_the_ends(visit, cast, as_actor, meeting, item):
    before = orders(cast, as_actor, meeting)
    client = visit(cast.konsulent)
    url = f"/thisted/moeder/{meeting.public_id}/punkter/{item.public_id}/flyt/"
    assert client.post(url, {"retning": "op"}).status_code == 302 and orders(cast, as_actor, meeting) == before
    response = client.post(url, {"retning": "ned"}, headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith("<section")
    assert orders(cast, as_actor, meeting) == [before[1], before[0], *before[2:]]


@pytest.mark.parametrize("data_class", ["PERSON_115", "PERSON_INFOHUS", "AGGREGATE", "SECRET"])
def test_no_item_above_the_ceiling_or_of_a_person_class(visit, cast, as_actor, meeting, data_class):
    before = orders(cast, as_actor, meeting)
    data = {"title": "Nyt", "kind": "DATA", "duration": "10", "data_class": data_class}
    assert visit(cast.konsulent).post(f"/thisted/moeder/{meeting.public_id}/punkter/", data).status_code == 422
    assert orders(cast, as_actor, meeting) == before
    with as_actor(cast.konsulent) as actor, pytest.raises((MeetingStateError, ValueError)):
        actions.add_item(meeting, actor=actor, title="Nyt", kind="DATA", data_class=data_class)


def test_an_item_is_added_last_changed_and_taken_off(visit, cast, as_actor, meeting):
    client, base = visit(cast.konsulent), f"/thisted/moeder/{meeting.public_id}/punkter/"
    data = {"title": "Energidrikke", "kind": "DROEFTELSE", "duration": "10", "data_class": "PUBLIC", "presenter": "Alle"}
    client.post(base, data)
    assert orders(cast, as_actor, meeting)[-1] == "Energidrikke"
    with as_actor(cast.konsulent):
        made = AgendaItem.objects.get(meeting=meeting, title="Energidrikke")
    assert client.post(f"{base}{made.public_id}/", {**data, "title": "Energidrik", "duration": "-1"}).status_code == 422
    data["seen"] = fingerprint(made, APART)
    assert client.post(f"{base}{made.public_id}/", {**data, "title": "Energidrik"}).status_code == 302
    assert orders(cast, as_actor, meeting)[-1] == "Energidrik"
    assert client.post(f"{base}{made.public_id}/fjern/").status_code == 302
    with as_actor(cast.konsulent):  # those who are called have seen it: it stays, as taken off
        assert AgendaItem.objects.get(pk=made.pk).is_withdrawn


def test_an_item_with_minutes_stays_on_the_agenda(cast, as_actor, item):
    with as_actor(cast.konsulent) as actor:
        actions.save_item_text(item, actor=actor, text="noget", decision="", version=0)
        with pytest.raises(MeetingStateError):
            actions.remove_item(item, actor=actor)


def test_the_figures_of_a_forum_name_the_next_meeting_and_those_held(cast, as_actor, meeting):
    year = timezone.localdate().year
    with as_actor(cast.konsulent) as actor:
        counts = figures_by_forum(SimpleNamespace(actor=actor), [meeting.forum_id])
        held = Meeting.objects.filter(forum=meeting.forum).held_in(year).count()
        following = Meeting.objects.filter(forum=meeting.forum, starts_at__gte=timezone.now()).coming().first()
    assert counts[meeting.forum_id].held == held
    assert following is not None and counts[meeting.forum_id].next_at == following.starts_at


def test_what_is_written_while_the_minutes_are_approved_is_shown(visit, cast, meeting, item, as_actor):
    client = visit(cast.konsulent)
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=meeting.pk).update(status="APPROVED")
    data = {"text": "Et langt afsnit", "decision": "", "version": 0, "who": "", "what": "Noget, der blev aftalt", "due": ""}
    page = client.post(url_of(meeting, item), data)
    assert page.status_code == 409 and "Det, du skrev, er ikke gemt" in page.content.decode()
    assert "Et langt afsnit" in page.content.decode() and "Noget, der blev aftalt" in page.content.decode()
    assert "Et langt afsnit" not in client.post(url_of(meeting, item), data, headers={"X-Autosave": "1"}).content.decode()
