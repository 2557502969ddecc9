"""A case at a meeting: on the agenda, in the round, discussed, in the minutes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from access.gate import open_ticket
from access.models import LogEntry, Purpose
from access.roles import DataClass, SeatRole
from cases import agenda_actions, discussion_actions
from cases.errors import CaseStateError
from cases.models import Case, CaseItem, Discussion, ItemPresence
from cases.parts import letter_of
from meetings.models import CLOSED_ITEM_TITLE, AgendaItem, Attendance, Meeting
from meetings.presence_actions import Reach, note_item_presence
from municipalities.actions import add_seat, open_forum
from municipalities.models import Forum, Organisation, Seat
from tests.rules.crawl import readable


@pytest.fixture
def coming(meeting_of, noah):
    """The item of the case at the coming meeting."""
    return meeting_of(noah, "CALLED")


@pytest.fixture
def today(coming, as_actor, cast):
    """The coming meeting is on this day."""
    return on_its_day(coming, as_actor, cast)


def on_its_day(link, as_actor, cast):
    with as_actor(cast.konsulent):
        day = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
        Meeting.objects.filter(pk=link.meeting_id).update(starts_at=day, ends_at=day + timedelta(hours=2))
    return link


@pytest.fixture
def desk(noah, today):
    """The address of the discussion, on the meeting's day."""
    return f"{noah.url}droeftelse/{today.meeting.public_id}/"


def said(version=0, **more):
    return {"facts": "Noah er i praktik.", "assessment": "Det går fremad.", "concern_level": "2", "version": version, **more}


def stored(as_actor, user, link):
    with as_actor(user) as actor:
        open_ticket(actor, Case, [link.person_id], purpose=Purpose.OTHER, note="test")
        return Discussion.objects.filter(pk=link.item_id).first()


def test_letters_go_on_after_z():
    assert [letter_of(n) for n in (0, 1, 25, 26, 27, 701, 702)] == ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]


def test_the_closed_part_shows_letters_and_numbers_and_nobody(cast, visit, coming, noah, log):
    before = len(log())
    page = visit(cast.konsulent).get(f"/thisted/moeder/{coming.meeting.public_id}/").content.decode()
    assert "Lukket del" in page and f"Sag {noah.case.number}" in page and noah.name not in page
    assert not [row for row in log()[before:] if row.subjects]


def test_an_open_case_is_put_on_the_agenda_without_a_word_about_it(cast, visit, know, as_actor, coming):
    other = know("009")
    with as_actor(cast.konsulent):
        assert not CaseItem.objects.filter(meeting=coming.meeting, case=other.case).exists()
    data = {"sag-case": other.case.public_id, "sag-presenter": "FNT-betjenten", "sag-minutes": "20"}
    assert visit(cast.fnt).post(f"/thisted/sager/paa-dagsorden/{coming.meeting.public_id}/", data).status_code == 302
    with as_actor(cast.konsulent):
        item = CaseItem.objects.get(meeting=coming.meeting, case=other.case).item
        assert (item.title, item.text, item.data_class, item.duration) == (CLOSED_ITEM_TITLE, "", DataClass.PERSON_115, 20)


def test_a_case_stands_once_on_an_agenda(cast, as_actor, coming, noah):
    with as_actor(cast.konsulent) as actor, pytest.raises(CaseStateError):
        agenda_actions.put_on_agenda(noah.case, coming.meeting, actor=actor)


def test_nothing_is_put_on_a_meeting_that_has_been_held(cast, as_actor, meeting_of, noah, know):
    held, other = meeting_of(noah, "CLOSED").meeting, know("009").case
    with as_actor(cast.konsulent) as actor, pytest.raises(CaseStateError):
        agenda_actions.put_on_agenda(other, held, actor=actor)


def test_a_case_of_another_forum_cannot_be_chosen(cast, visit, as_actor, coming):
    with as_actor(cast.fnt, "morsoe"):
        foreign = Case.objects.filter(tenant__slug="morsoe").first()
    answer = visit(cast.konsulent).post(f"/thisted/sager/paa-dagsorden/{coming.meeting.public_id}/", {"sag-case": foreign.public_id, "sag-minutes": "5"})
    assert answer.status_code == 422 and "Vælg en anden" in readable(answer)
    with as_actor(cast.fnt, "morsoe"):
        assert not CaseItem.objects.filter(case=foreign, meeting=coming.meeting).exists()


def test_what_is_refused_comes_back_as_it_was_written(cast, visit, as_actor, coming, know):
    other = know("009").case
    address = f"/thisted/sager/paa-dagsorden/{coming.meeting.public_id}/"
    answer = visit(cast.fnt).post(address, {"sag-case": other.public_id, "sag-presenter": "Anders 010203-1234", "sag-minutes": "20"})
    page = readable(answer)
    assert answer.status_code == 422 and "CPR" in page and 'value="20"' in answer.content.decode()
    assert f'value="{other.public_id}" selected' in answer.content.decode() and "Anders" in answer.content.decode()
    with as_actor(cast.konsulent):
        assert not CaseItem.objects.filter(meeting=coming.meeting, case=other).exists()
    assert visit(cast.vpi).get(address).status_code == 404


def test_it_is_taken_off_before_it_is_discussed(cast, visit, as_actor, coming):
    assert visit(cast.konsulent).post(f"/thisted/sager/af-dagsorden/{coming.item.public_id}/").status_code == 302
    with as_actor(cast.konsulent):
        assert not AgendaItem.objects.filter(pk=coming.item_id).exists()


def test_it_stays_once_it_is_discussed(cast, visit, through_gate, as_actor, coming, noah, desk):
    through_gate(cast.konsulent, noah).post(desk, said())
    visit(cast.konsulent).post(f"/thisted/sager/af-dagsorden/{coming.item.public_id}/")
    with as_actor(cast.konsulent):
        assert AgendaItem.objects.filter(pk=coming.item_id).exists()


def test_the_round_lists_numbers_only(cast, visit, coming, noah):
    page = visit(cast.konsulent).get(f"/thisted/sager/runde/{coming.meeting.public_id}/").content.decode()
    assert noah.case.number in page and noah.name not in page


@pytest.mark.parametrize("who", ["chef", "dpo", "vpi", "it"])
def test_the_round_is_missing_for_others(cast, visit, coming, who):
    assert visit(getattr(cast, who)).get(f"/thisted/sager/runde/{coming.meeting.public_id}/").status_code == 404


def test_a_member_without_access_is_told_so_and_it_is_logged(cast, visit, as_actor, actor_for, log):
    """A mixed network: a school contact sits in it and reads the agenda, but opens no case."""
    from dataclasses import replace

    from access.roles import Verb
    from municipalities.actions import add_seat, write_forum_rights
    from municipalities.models import ClassChange
    from tests.conftest import acting

    admin = actor_for(cast.it)
    with acting(admin):
        forum = Forum.objects.filter(kind="NETVAERK", tenant__slug="thisted").first()
        ClassChange.objects.filter(forum=forum).update(status="WITHDRAWN")
        asked = ClassChange.objects.create(
            tenant=forum.tenant, forum=forum, from_kind=forum.kind, to_kind=forum.kind, from_class=forum.ceiling, to_class="PERSON_115", reason="Sager",
            asked_by=cast.it,
        )  # fmt: skip
    with acting(replace(admin, user_id=cast.chef.pk)):  # a second administrator
        ClassChange.objects.filter(pk=asked.pk).update(status="APPROVED", decided_by=cast.chef)
    with acting(admin):
        forum.ceiling = DataClass.PERSON_115
        forum.save()
        write_forum_rights(forum)
        organisation = Seat.objects.filter(forum=forum).first().organisation
        organisation.kind = "municipal_school"
        organisation.save()
        add_seat(forum, actor=admin, role=SeatRole.CONTACT, title="SSP-kontakt", organisation=organisation, user=cast.chef)
    with acting(replace(admin, forums={Verb.VIEW_AGENDA: frozenset({forum.pk})})):
        meeting = Meeting.objects.filter(forum=forum).first()
    before = len(log())
    response = visit(cast.chef).get(f"/thisted/sager/runde/{meeting.public_id}/")
    page = response.content.decode()
    assert response.status_code == 403 and "ikke adgang til den lukkede del" in page
    (row,) = log()[before:]
    assert (row.action, row.subjects) == (LogEntry.Action.DENIED, [])


def test_a_discussion_is_saved_with_level_presence_and_follow_up(cast, through_gate, noah, coming, desk, as_actor):
    ahead = (timezone.localdate() + timedelta(days=30)).isoformat()
    data = said(follow_up_on=ahead, present=[cast.konsulent.public_id, cast.fnt.public_id])
    assert through_gate(cast.konsulent, noah).post(desk, data).status_code == 302
    found = stored(as_actor, cast.konsulent, coming)
    assert (found.facts, found.assessment, found.concern_level, found.version) == ("Noah er i praktik.", "Det går fremad.", 2, 1)
    with as_actor(cast.konsulent):
        case = Case.objects.get(pk=noah.case.pk)
        assert (case.concern_level, case.follow_up_on.isoformat()) == (2, ahead)
        assert {row.user_id for row in ItemPresence.objects.filter(item_id=coming.item_id)} == {cast.konsulent.pk, cast.fnt.pk}
        assert AgendaItem.objects.get(pk=coming.item_id).is_done


def test_before_its_day_the_meeting_is_prepared_and_nobody_has_heard_anything(cast, through_gate, noah, coming, as_actor):
    """The texts are kept; presence, level and follow-up are neither offered nor taken, and the case counts as not discussed."""
    client, address = through_gate(cast.konsulent, noah), f"{noah.url}droeftelse/{coming.meeting.public_id}/"
    page = client.get(address).content.decode()
    assert "Det, du skriver nu, er en forberedelse" in page and 'name="present"' not in page and 'name="concern_level"' not in page
    ahead = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert client.post(address, said(concern_level="1", follow_up_on=ahead, present=[cast.fnt.public_id])).status_code == 302
    found = stored(as_actor, cast.konsulent, coming)
    assert (found.facts, found.concern_level) == ("Noah er i praktik.", None)
    with as_actor(cast.konsulent) as actor:
        assert not ItemPresence.objects.filter(item_id=coming.item_id).exists()
        assert Case.objects.get(pk=noah.case.pk).concern_level == noah.case.concern_level
        assert not AgendaItem.objects.get(pk=coming.item_id).is_done
        open_ticket(actor, Case, [coming.person_id], purpose=Purpose.OTHER, row=noah.case, note="test")
        for early in ({"present": {cast.fnt.pk: "Politi"}}, {"concern_level": 1, "present": {}}):
            with pytest.raises(CaseStateError):
                discussion_actions.save_discussion(coming, actor=actor, facts="", assessment="", version=1, **early)


SEAT_TAKEN = "insert into cases_itempresence (tenant_id, item_id, case_id, user_id, seat_label) values (%s, %s, %s, %s, 'Politi')"
SPOKEN = (
    "insert into cases_discussion (tenant_id, item_id, case_id, person_id, meeting_id, facts, assessment, concern_level, version)"
    " values (%s, %s, %s, %s, %s, '', '', %s, 0)"
)
AGREED = "update cases_discussion set concern_level = 2 where item_id = %s"


def test_the_database_notes_nobody_and_no_level_before_the_day(cast, noah, coming, as_actor):
    """Whoever asks: the action is not the only one who knows."""
    first = (coming.tenant_id, coming.item_id, coming.case_id)
    said_of = (*first, coming.person_id, coming.meeting_id)

    def write(sql, *values):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount

    with as_actor(cast.konsulent) as actor:
        open_ticket(actor, Case, [coming.person_id], purpose=Purpose.OTHER, row=noah.case, note="test")
        for early in ((SEAT_TAKEN, *first, cast.fnt.pk), (SPOKEN, *said_of, 2)):
            with pytest.raises(IntegrityError, match="before the day of the meeting"):
                write(*early)
        assert write(SPOKEN, *said_of, None) == 1  # a preparation
        with pytest.raises(IntegrityError, match="before the day of the meeting"):
            write(AGREED, coming.item_id)
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        Meeting.objects.filter(pk=coming.meeting_id).update(starts_at=midnight + timedelta(hours=23, minutes=50), ends_at=midnight + timedelta(hours=25))
        assert write(SEAT_TAKEN, *first, cast.fnt.pk) == 1 and write(AGREED, coming.item_id) == 1  # on its day, whatever the hour
        Meeting.objects.filter(pk=coming.meeting_id).update(starts_at=midnight + timedelta(days=1, minutes=1), ends_at=midnight + timedelta(hours=26))
        with pytest.raises(IntegrityError, match="before the day of the meeting"):
            write(SEAT_TAKEN, *first, cast.gade.pk)
        assert write(AGREED, coming.item_id) == 1  # what was agreed before the meeting was moved stays


def test_a_meeting_that_is_moved_after_it_was_noted_keeps_who_heard_and_the_level(cast, through_gate, noah, coming, desk, as_actor):
    """Interrupted and moved: the preparation for the new day writes the texts, and takes nothing out of the record of who heard what."""
    client = through_gate(cast.konsulent, noah)
    assert client.post(desk, said(present=[cast.konsulent.public_id, cast.fnt.public_id])).status_code == 302
    with as_actor(cast.konsulent):
        later = timezone.now() + timedelta(days=7)
        Meeting.objects.filter(pk=coming.meeting_id).update(starts_at=later, ends_at=later + timedelta(hours=2))
    assert client.post(desk, {"facts": "Mere at sige.", "assessment": "", "version": 1}).status_code == 302
    found = stored(as_actor, cast.konsulent, coming)
    assert (found.facts, found.concern_level) == ("Mere at sige.", 2)
    with as_actor(cast.konsulent):
        assert {row.user_id for row in ItemPresence.objects.filter(item_id=coming.item_id)} == {cast.konsulent.pk, cast.fnt.pk}


def test_who_left_the_room_is_taken_out_again(cast, through_gate, noah, coming, desk, as_actor):
    client = through_gate(cast.konsulent, noah)
    client.post(desk, said(present=[cast.konsulent.public_id, cast.fnt.public_id]))
    client.post(desk, said(1, present=[cast.konsulent.public_id]))
    with as_actor(cast.konsulent):
        assert [row.user_id for row in ItemPresence.objects.filter(item_id=coming.item_id)] == [cast.konsulent.pk]


def test_somebody_without_a_seat_cannot_be_noted_as_present(cast, through_gate, noah, desk):
    assert through_gate(cast.konsulent, noah).post(desk, said(present=[cast.chef.public_id])).status_code == 422


def test_autosave_answers_with_the_new_version_and_no_text(cast, through_gate, noah, desk):
    client = through_gate(cast.konsulent, noah)
    first = client.post(desk, said(), headers={"X-Autosave": "1"})
    assert (first.status_code, first["X-Version"], first.content) == (204, "1", b"")
    assert client.post(desk, said(1), headers={"X-Autosave": "1"})["X-Version"] == "2"


def test_two_writers_see_both_texts_and_choose(cast, through_gate, noah, coming, desk, as_actor):
    first, second = through_gate(cast.konsulent, noah), through_gate(cast.fnt, noah)
    first.post(desk, said(facts="Den enes ord"))
    part = second.post(desk, said(facts="Den andens ord"), headers={"X-Autosave": "1"})
    assert part.status_code == 409 and "Den enes ord" in part.content.decode()
    assert f"{cast.konsulent.name} gemte kl. " in part.content.decode()
    page = second.post(desk, said(facts="Den andens ord"))
    assert page.status_code == 409 and "Den enes ord" in page.content.decode() and "Den andens ord" in page.content.decode()
    assert stored(as_actor, cast.konsulent, coming).facts == "Den enes ord"
    assert second.post(desk, said(facts="Den andens ord", keep="mine", theirs="1")).status_code == 302
    assert stored(as_actor, cast.konsulent, coming).facts == "Den andens ord"


def test_two_writers_may_put_their_texts_together(cast, through_gate, noah, coming, desk, as_actor):
    first, second = through_gate(cast.konsulent, noah), through_gate(cast.fnt, noah)
    first.post(desk, said(facts="Den enes ord"))
    page = second.post(desk, said(facts="Den andens ord", keep="both", theirs="1", concern_level="3"))
    form = page.context["form"]
    assert page.status_code == 200 and "Begge tekster" in page.content.decode() and 'value="1"' in str(form["version"])
    assert f"{cast.konsulent.name} gemte kl. " in page.content.decode()
    assert form["facts"].value() == "Den enes ord\nDen andens ord" and stored(as_actor, cast.konsulent, coming).facts == "Den enes ord"
    assert second.post(desk, said(1, facts=form["facts"].value(), concern_level="3")).status_code == 302
    assert stored(as_actor, cast.konsulent, coming).facts == "Den enes ord\nDen andens ord"


def test_an_autosave_without_a_purpose_is_not_taken_for_a_save(cast, visit, noah, desk):
    answer = visit(cast.konsulent).post(desk, said(), headers={"X-Autosave": "1"})
    assert answer.status_code == 422 and answer.headers["X-Purpose"] == noah.url + "formaal/"
    part = visit(cast.konsulent).post(noah.url + "aftale/", {"aftale-what": "x"}, headers={"HX-Request": "true"})
    assert part.status_code == 422 and part.headers["X-Purpose"] == noah.url + "formaal/"


def test_what_was_written_before_a_new_login_is_kept_while_the_purpose_is_asked_for_and_saved_with_a_row_of_its_own(cast, visit, as_actor, noah, coming, desk, log):
    client, before = visit(cast.konsulent), len(log())
    page = client.post(desk, said(facts='Første linje\nog "anden" <b>', next="1"))
    text = page.content.decode()
    assert page.status_code == 409 and "Det, du har skrevet, er bevaret" in text and not noah.is_shown_in(page)
    assert 'value="Første linje\nog &quot;anden&quot; &lt;b&gt;"' in text and f'action="{desk}"' in text
    assert not [row for row in log()[before:] if row.route == "case_discussion"], "nothing is opened, and nothing is read"
    assert stored(as_actor, cast.konsulent, coming) is None
    kept = dict(page.context["kept"])
    assert client.post(desk, {**kept, "formaal-purpose": "other", "formaal-note": ""}).status_code == 409  # a purpose that is none saves nothing
    assert stored(as_actor, cast.konsulent, coming) is None
    assert client.post(desk, {**kept, "formaal-purpose": "meeting"}).status_code == 302
    assert stored(as_actor, cast.konsulent, coming).facts.splitlines() == ["Første linje", 'og "anden" <b>']
    rows = [row for row in log()[before:] if row.purpose]
    assert rows and {(row.purpose, row.object_id, row.actor_id) for row in rows if row.route == "case_discussion"} == {("meeting", noah.case.pk, cast.konsulent.pk)}
    assert client.get(noah.url).status_code == 200


def test_a_purpose_that_comes_along_opens_nothing_to_who_may_not(cast, visit, noah, desk):
    assert visit(cast.chef).post(desk, said(**{"formaal-purpose": "meeting"})).status_code == 404
    assert visit(cast.chef).get(noah.url).status_code == 404


@pytest.mark.parametrize("data", [{"concern_level": "7"}, {"concern_level": ""}, {"version": "x"}, {"version": "-1"}, {"follow_up_on": "snart"}])
def test_a_discussion_that_does_not_fit_is_shown_again(cast, through_gate, noah, desk, data):
    assert through_gate(cast.konsulent, noah).post(desk, {**said(), **data}).status_code == 422


@pytest.mark.parametrize(("status", "word"), [("DRAFT", "ikke indkaldt"), ("APPROVED", "låst"), ("CANCELLED", "aflyst")])
def test_nothing_is_written_at_a_meeting_that_is_not_under_way(cast, through_gate, noah, coming, desk, as_actor, status, word):
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=coming.meeting_id).update(status=status)
    response = through_gate(cast.konsulent, noah).post(desk, said())
    assert response.status_code == 409 and word in response.content.decode()
    assert stored(as_actor, cast.konsulent, coming) is None


def test_what_is_written_while_the_minutes_are_approved_is_shown_and_an_autosave_gets_a_sentence_alone(cast, through_gate, noah, coming, desk, as_actor):
    client = through_gate(cast.konsulent, noah)
    with as_actor(cast.konsulent):
        Meeting.objects.filter(pk=coming.meeting_id).update(status="APPROVED")
    part = client.post(desk, said(facts="Et langt afsnit"), headers={"X-Autosave": "1"})
    assert part.status_code == 409 and "låst" in part.content.decode() and "<html" not in part.content.decode()
    page = client.post(desk, {**said(facts="Et langt afsnit"), **LINE, "aftale-who": cast.fnt.name}).content.decode()
    assert "Det, du skrev, er ikke gemt" in page and "Et langt afsnit" in page and LINE["aftale-what"] in page
    assert "er ikke gemt" not in client.get(desk).content.decode()


def test_an_agreement_made_at_the_meeting_belongs_to_its_item(cast, through_gate, noah, coming, desk):
    data = {"aftale-who": cast.fnt.name, "aftale-what": "Ringer hjem", "aftale-due": "2027-03-01", "aftale-meeting": coming.meeting.public_id}
    page = through_gate(cast.konsulent, noah).post(noah.url + "aftale/", data, follow=True)
    made = next(agreement for agreement in page.context["file"].open_agreements if agreement.text.what == "Ringer hjem")
    assert page.redirect_chain[-1][0].startswith(desk) and made.item_id == coming.item_id


LINE = {"aftale-who": "", "aftale-what": "Ringer hjem i morgen tidlig", "aftale-due": "2027-03-01"}


def typed(page):
    return [agreement for agreement in page.context["file"].open_agreements if agreement.text.what == LINE["aftale-what"]]


@pytest.mark.parametrize("button", [{}, {"add": "1"}, {"next": "1"}])
def test_an_aftale_that_is_typed_and_not_added_goes_along_with_the_discussion(cast, through_gate, noah, coming, desk, as_actor, button):
    client = through_gate(cast.konsulent, noah)
    line = {**LINE, "aftale-who": cast.fnt.name}
    assert client.post(desk, {**said(facts="Et opdigtet ord"), **line}, headers={"X-Autosave": "1"}).status_code == 204
    assert typed(client.get(desk)) == []  # it saves itself again and again
    assert client.post(desk, {**said(1, facts="Et opdigtet ord mere"), **line, **button}).status_code == 302
    (made,) = typed(client.get(desk))
    assert made.item_id == coming.item_id and stored(as_actor, cast.konsulent, coming).facts == "Et opdigtet ord mere"
    client.post(desk, {**said(2), **dict.fromkeys(LINE, ""), "add": "1"})  # an empty line is no aftale
    assert len(typed(client.get(desk))) == 1


def test_an_aftale_that_is_sent_twice_is_made_once(cast, through_gate, noah, coming, desk):
    """A button pressed twice, or one after the other; and on a page that was there already."""
    client = through_gate(cast.konsulent, noah)
    line = {**LINE, "aftale-who": cast.fnt.name}
    for _press in range(2):
        client.post(desk, {**said(facts="Et opdigtet ord"), **line})
    client.post(f"{noah.url}aftale/", {**line, "aftale-meeting": coming.meeting.public_id})
    assert len(typed(client.get(desk))) == 1
    client.post(desk, {**said(1), **line, "aftale-who": cast.konsulent.name})  # another one does the same: another aftale
    assert len(typed(client.get(desk))) == 2


def test_an_aftale_that_cannot_be_read_comes_back_and_the_discussion_is_saved(cast, through_gate, noah, coming, desk, as_actor):
    client = through_gate(cast.konsulent, noah)
    page = client.post(desk, {**said(facts="Gemt alligevel"), **LINE, "aftale-who": "Ingen Kendt"})
    assert page.status_code == 422 and LINE["aftale-what"] in page.content.decode() and page.context["agreement_form"].errors
    assert stored(as_actor, cast.konsulent, coming).facts == "Gemt alligevel" and typed(page) == []


def test_a_conflict_of_the_discussion_loses_no_aftale(cast, through_gate, noah, coming, desk):
    client = through_gate(cast.konsulent, noah)
    client.post(desk, said(facts="Den første"))
    page = client.post(desk, {**said(facts="Den anden"), **LINE, "aftale-who": cast.fnt.name})
    assert page.status_code == 409 and len(typed(page)) == 1
    page = client.post(desk, {**said(facts="Den tredje"), **LINE, "aftale-who": "Ingen Kendt"})
    assert page.status_code == 409 and page.context["agreement_form"].errors and LINE["aftale-what"] in page.content.decode()


def test_an_earlier_meeting_does_not_set_the_level_back(cast, through_gate, noah, meeting_of, as_actor):
    earlier = meeting_of(noah, "CLOSED")
    client = through_gate(cast.konsulent, noah)
    coming = on_its_day(meeting_of(noah, "CALLED"), as_actor, cast)
    client.post(f"{noah.url}droeftelse/{coming.meeting.public_id}/", said(concern_level="1"))
    version = stored(as_actor, cast.konsulent, earlier).version
    assert client.post(f"{noah.url}droeftelse/{earlier.meeting.public_id}/", said(version, concern_level="4")).status_code == 302
    with as_actor(cast.konsulent):
        assert Case.objects.get(pk=noah.case.pk).concern_level == 1


def text_of(response):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())


def test_the_agenda_as_a_document_holds_numbers_only(cast, visit, coming, noah, log):
    before = len(log())
    text = text_of(visit(cast.konsulent).get(f"/thisted/moeder/{coming.meeting.public_id}/dagsorden.pdf"))
    assert noah.case.number in text and noah.name not in text
    assert not [row for row in log()[before:] if row.subjects]


def test_the_minutes_as_a_document_name_every_person_in_the_log(cast, visit, meeting_of, noah, as_actor, log):
    link = meeting_of(noah, "CLOSED")
    before = len(log())
    text = text_of(visit(cast.konsulent).get(f"/thisted/moeder/{link.meeting.public_id}/referat.pdf"))
    assert "ikke truffet ved havnen siden sidst" in text
    with as_actor(cast.konsulent):
        persons = sorted(CaseItem.objects.filter(meeting=link.meeting).values_list("person_id", flat=True))
    assert [(row.action, row.subjects) for row in log()[before:] if row.subjects] == [(LogEntry.Action.DOCUMENT, persons)]


# ---- the record of who heard it -----------------------------------------------------------------------------------
@pytest.fixture
def came(cast, as_actor, coming):
    """Both were at the meeting."""
    with as_actor(cast.konsulent):
        Attendance.objects.filter(meeting=coming.meeting, user__in=[cast.konsulent, cast.fnt]).update(presence="PRESENT")


def ticked(client, desk):
    return set(client.get(desk).context["form"].initial["present"])


def test_the_record_begins_with_those_who_were_in_the_room(cast, through_gate, as_actor, noah, coming, desk, came):
    client = through_gate(cast.konsulent, noah)
    assert ticked(client, desk) == {cast.konsulent.public_id, cast.fnt.public_id}
    with as_actor(cast.konsulent) as actor:
        first = AgendaItem.objects.filter(meeting=coming.meeting).first()
        note_item_presence(first, actor=actor, changes={cast.fnt.pk: False}, reach=Reach.ONWARD)  # he has left for good
    assert ticked(client, desk) == {cast.konsulent.public_id}


def test_a_record_without_anybody_still_follows_the_attendance(cast, through_gate, as_actor, noah, coming, desk):
    """The text was saved by itself before the attendance was noted."""
    client = through_gate(cast.konsulent, noah)
    client.post(desk, said(), headers={"X-Autosave": "1"})
    assert ticked(client, desk) == set()
    with as_actor(cast.konsulent):
        Attendance.objects.filter(meeting=coming.meeting, user=cast.fnt).update(presence="PRESENT")
    assert ticked(client, desk) == {cast.fnt.public_id}


def test_what_attendance_and_record_do_not_agree_on_is_told(cast, through_gate, as_actor, noah, coming, desk, came):
    client = through_gate(cast.konsulent, noah)
    client.post(desk, said(present=[cast.konsulent.public_id, cast.fnt.public_id]))
    assert "er ikke enige" not in client.get(desk).content.decode()
    with as_actor(cast.konsulent) as actor:
        note_item_presence(coming.item, actor=actor, changes={cast.fnt.pk: False})
    page = client.get(desk)
    assert "er ikke enige" in page.content.decode() and [cast.fnt.name in label for label in page.context["differs"]] == [True]
    assert ticked(client, desk) == {cast.konsulent.public_id, cast.fnt.public_id}  # the record is a human's to change


def test_the_minutes_as_a_document_say_who_heard_it(cast, visit, through_gate, coming, noah, desk, came):
    through_gate(cast.konsulent, noah).post(desk, said(present=[cast.fnt.public_id]))
    text = text_of(visit(cast.konsulent).get(f"/thisted/moeder/{coming.meeting.public_id}/referat.pdf"))
    assert f"Til stede: {cast.fnt.name}, " in text


def test_the_clock_of_a_case_leads_back_to_its_desk(cast, through_gate, as_actor, noah, coming, desk):
    client = through_gate(cast.konsulent, noah)
    address = f"/thisted/moeder/{coming.meeting.public_id}/referat/{coming.item.public_id}/ur/"
    assert address in client.get(desk).content.decode()
    assert client.post(address, {"next": desk})["Location"] == desk
    with as_actor(cast.konsulent):
        assert AgendaItem.objects.get(pk=coming.item_id).is_running


def test_a_closed_part_without_a_case_to_put_on_leads_to_making_one(cast, visit, as_actor, noah, coming):
    """The first meeting of a new kommune; with one open case the form is there."""
    with as_actor(cast.it) as actor:
        like = noah.case.forum
        new = open_forum(like.tenant, actor=actor, key="ny-kreds", name="Ny kreds", level=like.level, kind="SAGSFORUM", ceiling="PERSON_115")
        sender = Organisation.objects.filter(tenant=like.tenant, kind="municipal_other").first()
        add_seat(new, actor=actor, role=SeatRole.COORDINATOR, title="Konsulent", organisation=sender, key="ny-kreds/konsulent", user=cast.konsulent)
    with as_actor(cast.konsulent):
        starts_at = timezone.now() + timedelta(days=3)
        meeting = Meeting.objects.create(tenant_id=new.tenant_id, forum=new, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    said = visit(cast.konsulent).get(f"/thisted/moeder/{meeting.public_id}/").content.decode()
    assert "Forummet har ingen åben sag at sætte på." in said and '<a href="/thisted/sager/ny/">Ny sag</a>' in said
    assert "ingen åben sag at sætte på" not in visit(cast.konsulent).get(f"/thisted/moeder/{coming.meeting.public_id}/").content.decode()
