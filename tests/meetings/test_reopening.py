"""Approved minutes are opened again with a reason: the old version stays, frozen and readable, and the new one is chained to it."""

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from meetings import actions, reopen_actions
from meetings.errors import LockedMinutesError, MeetingStateError
from meetings.minutes import content_hash, is_unchanged
from meetings.models import AgendaItem, Attendance, Meeting, MinutesVersion, MinutesVersionItem
from meetings.recusal_actions import recuse
from meetings.versions import read_earlier
from tests.meetings.test_approval import begin, page_of
from tests.rules.crawl import readable

REASON = "Beslutningen om klubben mangler."


def fresh(meeting):
    return Meeting.objects.select_related("forum", "tenant").get(pk=meeting.pk)


@pytest.fixture
def item(find, as_actor, cast):
    meeting = find("grundskole", "CALLED")
    with as_actor(cast.konsulent):
        return AgendaItem.objects.filter(meeting=meeting).first()


@pytest.fixture
def approved(cast, as_actor, find, item):
    """With a text, an agreement, and fnt present."""
    meeting = find("grundskole", "CALLED")
    with as_actor(cast.konsulent) as actor:
        begin(meeting, -3)
        actions.save_item_text(item, actor=actor, text="Vi talte om klubben.", decision="", version=0)
        actions.add_agreement(item, actor=actor, who=cast.fnt, what="Ringer til klubben", due_on=timezone.localdate())
        mine = Attendance.objects.filter(meeting=meeting, user=cast.fnt).values_list("pk", flat=True)
        actions.note_presence(meeting, actor=actor, presence=dict.fromkeys(mine, "PRESENT"))
        actions.close_meeting(fresh(meeting), actor=actor)
        return actions.approve_minutes(fresh(meeting), actor=actor, seen=content_hash(fresh(meeting)))


@pytest.fixture
def reopened(cast, as_actor, approved, item):
    """Opened, and written anew."""
    with as_actor(cast.konsulent) as actor:
        reopen_actions.reopen_minutes(approved, actor=actor, reason=REASON)
        actions.save_item_text(item, actor=actor, text="Vi talte om klubben.", decision="Klubben holder åbent til kl. 21.", version=1)
        return fresh(approved)


def test_the_page_opens_them_with_a_reason(visit, cast, as_actor, approved):
    client = visit(cast.konsulent)
    way = page_of(approved) + "aabn/"
    assert f'href="{way}"' in client.get(page_of(approved)).content.decode() and client.get(way).status_code == 200
    assert client.post(way, {"reason": REASON}).status_code == 302
    with as_actor(cast.konsulent):
        now = fresh(approved)
        assert (now.status, now.version, now.content_hash, now.approved_by_id) == ("CLOSED", 2, "", None)
    page = client.get(page_of(approved)).content.decode()
    assert "Version 1, godkendt" in page and REASON in page


@pytest.mark.parametrize("reason", ["", "   ", "Om 010190-1234", "x" * 301])
def test_without_a_reason_nothing_is_opened(visit, cast, as_actor, approved, reason):
    assert visit(cast.konsulent).post(page_of(approved) + "aabn/", {"reason": reason}).status_code == 422
    with as_actor(cast.konsulent):
        assert fresh(approved).status == "APPROVED" and not MinutesVersion.objects.exists()


@pytest.mark.parametrize(("user", "status"), [("fnt", 403), ("chef", 404), ("elev", 404)])
def test_a_member_opens_nothing(visit, cast, as_actor, approved, user, status):
    assert visit(getattr(cast, user)).post(page_of(approved) + "aabn/", {"reason": REASON}).status_code in (status, 404)
    with as_actor(cast.konsulent):
        assert fresh(approved).status == "APPROVED"


def test_those_who_were_present_are_told(reopened, outbox, cast):
    mail = outbox(reopened)[-1]
    assert mail.recipient == cast.fnt and mail.subject.startswith("Referatet er åbnet igen") and REASON not in str(mail.payload)


def test_the_old_version_says_what_it_said(visit, cast, reopened):
    client = visit(cast.fnt)
    old, new = (client.get(page_of(reopened) + tail).content.decode() for tail in ("?version=1", ""))
    for said in ("Vi talte om klubben.", "Ringer til klubben", cast.fnt.name):
        assert said in old and said in new
    assert "til kl. 21" in new and "til kl. 21" not in old and "Teksten er den, der blev godkendt" in old
    assert "version 2" in new and "version 1" in old


def test_both_pdfs_say_which_version_they_are(visit, cast, reopened):
    client = visit(cast.fnt)
    address = f"/thisted/moeder/{reopened.public_id}/referat.pdf"
    old, new = readable(client.get(address + "?version=1")), readable(client.get(address))
    assert "Version 1, gælder ikke længere" in old and "til kl. 21" not in old
    assert "Version 2" in new and "til kl. 21" in new


@pytest.mark.parametrize("number", ["0", "2", "9", "x", "1\x00"])
def test_a_version_that_is_not_there(visit, cast, reopened, number):
    assert visit(cast.fnt).get(page_of(reopened), {"version": number}).status_code == 404


def test_who_is_kept_out_of_an_item_has_it_in_no_version(visit, cast, as_actor, reopened, item):
    with as_actor(cast.konsulent) as actor:
        recuse(item, actor=actor, user=cast.fnt)
    page = visit(cast.fnt).get(page_of(reopened) + "?version=1").content.decode()
    assert "Vi talte om klubben." not in page and "Teksten er den" not in page
    with as_actor(cast.fnt):
        assert not MinutesVersionItem.objects.filter(item=item).exists()


def test_the_next_approval_is_chained_to_the_old_version(cast, as_actor, reopened):
    with as_actor(cast.konsulent) as actor:
        now = actions.approve_minutes(reopened, actor=actor, seen=content_hash(reopened))
        assert is_unchanged(actor, now) is True
        first = MinutesVersion.objects.get(meeting=reopened)
        reopen_actions.reopen_minutes(now, actor=actor, reason="Endnu en gang")
        second = MinutesVersion.objects.get(meeting=reopened, number=2)
        assert second.content["after"] == first.link
        assert [read_earlier(actor, fresh(reopened), number).unchanged for number in ("1", "2")] == [True, True]


def test_a_frozen_row_cannot_be_changed(cast, as_actor, reopened):
    with as_actor(cast.konsulent) as actor:
        assert MinutesVersion.objects.update(reason="Ingen") == 0 and MinutesVersionItem.objects.update(place=9) == 0
        assert MinutesVersion.objects.get(meeting=reopened).reason == REASON
        assert read_earlier(actor, reopened, "1").unchanged is True


def test_nobody_writes_a_version_of_minutes_that_are_open(cast, as_actor, reopened, item):
    row = MinutesVersion(
        tenant_id=reopened.tenant_id, forum=reopened.forum, meeting=reopened, number=2, content={}, content_hash="", approved_by=cast.konsulent,
        approved_at=timezone.now(), reason="Falsk", reopened_by=cast.konsulent, reopened_at=timezone.now(),
    )  # fmt: skip
    with as_actor(cast.konsulent):
        version = MinutesVersion.objects.get(meeting=reopened)
        late = MinutesVersionItem(tenant_id=reopened.tenant_id, version=version, item=item, place=99, content={})
        for forged in (row, late):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                forged.save()


def test_only_what_is_approved_and_untouched_is_opened(cast, as_actor, approved, item):
    with as_actor(cast.konsulent) as actor:
        AgendaItem.objects.filter(pk=item.pk).update(text="bag om produktet")
        with pytest.raises(MeetingStateError):
            reopen_actions.reopen_minutes(approved, actor=actor, reason=REASON)
        AgendaItem.objects.filter(pk=item.pk).update(text="Vi talte om klubben.")
        reopen_actions.reopen_minutes(approved, actor=actor, reason=REASON)
        with pytest.raises(MeetingStateError):  # the second of two at once
            reopen_actions.reopen_minutes(approved, actor=actor, reason=REASON)
        assert MinutesVersion.objects.count() == 1


def test_a_correction_is_a_note_until_they_are_opened(cast, as_actor, approved, item):
    with as_actor(cast.konsulent) as actor:
        with pytest.raises(LockedMinutesError):
            actions.save_item_text(item, actor=actor, text="x", decision="", version=1)
        actions.add_correction(item, actor=actor, text="Det var kl. 20.")
        reopen_actions.reopen_minutes(approved, actor=actor, reason=REASON)
        (line,) = [line for line in read_earlier(actor, fresh(approved), "1").minutes.lines if line.item.pk == item.pk]
        assert [note.text for note in line.item.corrections] == ["Det var kl. 20."]


def test_the_discussion_of_a_case_has_no_versions_and_stays(cast, as_actor, find):
    from cases.discussion_actions import need_writable
    from cases.errors import CaseStateError

    meeting = find("p115", "CALLED")
    meeting.status, meeting.version = "CLOSED", 2
    with pytest.raises(CaseStateError):
        need_writable(meeting)
