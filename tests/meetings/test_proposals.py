"""A member proposes an item; who convenes takes it, parks it or declines it; the proposer sees what became of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from meetings import proposal_actions
from meetings.models import AgendaItem, ItemProposal, Meeting
from municipalities.models import Forum

NEW = {"title": "Lysning ved hallen", "text": "Flere unge mødes der om aftenen.", "kind": "DROEFTELSE"}


@pytest.fixture
def draft(find):
    """The coming meeting of SSP+, not called yet; Ayşe (kui) is a member there, Ditte convenes, Mona has no seat."""
    return find("ssp-plus", "DRAFT")


def address(meeting):
    return f"/thisted/fora/{meeting.forum.public_id}/forslag/"


@pytest.fixture
def proposed(cast, visit, as_actor, draft):
    assert visit(cast.kui).post(address(draft), {**NEW, "place": "meeting"}).status_code == 302
    with as_actor(cast.konsulent):
        return ItemProposal.objects.get(title=NEW["title"])


def decide(visit, user, proposal, **data):
    return visit(user).post(f"/thisted/forslag/{proposal.public_id}/", data)


def test_a_member_proposes_and_who_convenes_takes_it(cast, visit, as_actor, draft, proposed):
    assert proposed.status == "WAITING" and proposed.meeting_id == draft.pk and proposed.proposed_by_id == cast.kui.pk
    page = f"/thisted/moeder/{draft.public_id}/"
    assert f"/forslag/{proposed.public_id}/" in visit(cast.konsulent).get(page).content.decode()
    seen = visit(cast.kui).get(page).content.decode()
    assert NEW["text"] in seen and f"/forslag/{proposed.public_id}/" not in seen
    answer = decide(visit, cast.konsulent, proposed, answer="take", meeting=draft.public_id, sentence="")
    assert answer.status_code == 302 and "#punkt-" in answer.url
    with as_actor(cast.kui):
        proposed.refresh_from_db()
        item = AgendaItem.objects.get(meeting=draft, title=NEW["title"])
        assert (proposed.status, proposed.taken_to_id, item.data_class, item.kind) == ("TAKEN", item.pk, "INTERNAL", "DROEFTELSE")
    assert f"#punkt-{item.public_id}" in visit(cast.kui).get(address(draft)).content.decode()
    assert decide(visit, cast.konsulent, proposed, answer="decline", sentence="For sent.").status_code == 409


def test_it_is_put_on_with_one_press_beside_the_agenda_by_who_convenes_alone(cast, visit, as_actor, draft, proposed):
    page, put = f"/thisted/moeder/{draft.public_id}/", f'<input type="hidden" name="meeting" value="{draft.public_id}">'
    before, member = (visit(user).get(page).content.decode().count(put) for user in (cast.konsulent, cast.kui))
    after = decide(visit, cast.konsulent, proposed, answer="take", meeting=draft.public_id)
    assert before > 0 and member == 0 and after.status_code == 302
    assert visit(cast.konsulent).get(page).content.decode().count(put) == before - 1


def test_the_proposer_sees_why_it_was_parked_and_declined(cast, visit, as_actor, draft, proposed):
    refused = decide(visit, cast.konsulent, proposed, answer="park", sentence="")
    assert refused.status_code == 422 and "(valgfri)" not in refused.content.decode()  # each is needed for some answer, and says for which
    assert decide(visit, cast.konsulent, proposed, answer="park", sentence="Vi tager det til foråret.").status_code == 302
    forum = visit(cast.kui).get(f"/thisted/fora/{draft.forum.public_id}/").content.decode()
    assert NEW["title"] in forum.split("Parkeringsplads")[1]
    assert "Vi tager det til foråret." in visit(cast.kui).get(address(draft)).content.decode()
    assert decide(visit, cast.konsulent, proposed, answer="decline", sentence="Kommunen har svaret.").status_code == 302
    assert "Kommunen har svaret." in visit(cast.kui).get(address(draft)).content.decode()


def test_a_member_decides_nothing_and_a_stranger_sees_nothing(cast, visit, as_actor, draft, proposed):
    assert decide(visit, cast.kui, proposed, answer="decline", sentence="Nej").status_code in (403, 404)
    for stranger in (cast.users["kontakt-fjord"], cast.it, cast.dpo):
        assert visit(stranger).get(address(draft)).status_code == 404
        with as_actor(stranger):
            assert not ItemProposal.objects.filter(pk=proposed.pk).exists()
    with as_actor(cast.kui) as actor:
        with pytest.raises(PermissionDenied):
            proposal_actions.decline_proposal(proposed, actor=actor, sentence="Nej")
        assert ItemProposal.objects.filter(pk=proposed.pk).update(status="DECLINED") == 0  # row security says so too
    with as_actor(cast.konsulent) as actor, pytest.raises(DatabaseError), transaction.atomic():
        ItemProposal.objects.create(tenant_id=actor.tenant_id, forum=draft.forum, title="I en andens navn", proposed_by=cast.kui)


def test_another_kommune_has_no_such_row(cast, visit, as_actor, draft, proposed):
    with as_actor(cast.fnt, "morsoe"):
        assert not ItemProposal.objects.filter(pk=proposed.pk).exists()
    assert visit(cast.fnt).get(f"/morsoe/forslag/{proposed.public_id}/").status_code == 404


def test_the_deadline_and_the_call_close_it(cast, visit, as_actor, draft):
    edit = f"/thisted/moeder/{draft.public_id}/ret/"
    local = timezone.localtime(draft.starts_at)
    same = {"date": local.date().isoformat(), "time": f"{local:%H:%M}", "duration": draft.planned_minutes, "place": draft.place}
    assert visit(cast.konsulent).post(edit, {**same, "proposals_until": (local + timedelta(days=1)).date().isoformat()}).status_code == 422
    yesterday = timezone.localdate() - timedelta(days=1)
    assert visit(cast.konsulent).post(edit, {**same, "proposals_until": yesterday.isoformat()}).status_code == 302
    with as_actor(cast.konsulent):
        assert Meeting.objects.get(pk=draft.pk).proposals_until == yesterday
    assert visit(cast.kui).post(address(draft), {**NEW, "place": "meeting"}).status_code == 422
    assert visit(cast.kui).post(address(draft), {**NEW, "place": "park"}).status_code == 302
    meeting = Meeting(status="CALLED", proposals_until=None)
    assert not meeting.takes_proposals
    meeting.proposals_until = timezone.localdate()
    assert meeting.takes_proposals


@pytest.mark.parametrize(
    "bad",
    [{"title": ""}, {"title": "Om 010203-1234"}, {"text": "010203 1234"}, {"kind": "SAG"}, {"kind": "x"}, {"place": "x"}, {"place": ""}, {"title": "a" * 201}, {"title": "\x00"}],
)
def test_bad_input_is_refused_whole(cast, visit, as_actor, draft, bad):
    assert visit(cast.kui).post(address(draft), {**NEW, "place": "park", **bad}).status_code == 422
    with as_actor(cast.kui):
        assert not ItemProposal.objects.filter(proposed_by=cast.kui, status="PARKED").exists()


def test_the_item_taken_from_a_person_forum_is_internal_at_most(cast, as_actor, find):
    meeting = find("p115", "DRAFT")
    with as_actor(cast.gade) as actor:
        made = proposal_actions.propose(Forum.objects.get(pk=meeting.forum_id), actor=actor, park=False, **NEW)
    with as_actor(cast.konsulent) as actor:
        assert proposal_actions.take_proposal(made, meeting, actor=actor).data_class == "INTERNAL"


def test_who_is_kept_out_of_the_item_does_not_see_the_proposal_either(cast, visit, as_actor, draft, proposed):
    decide(visit, cast.konsulent, proposed, answer="take", meeting=draft.public_id, sentence="")
    with as_actor(cast.konsulent):
        item = AgendaItem.objects.get(meeting=draft, title=NEW["title"])
    assert visit(cast.konsulent).post(f"/thisted/moeder/{draft.public_id}/punkter/{item.public_id}/inhabil/", {"user": cast.kui.public_id}).status_code == 302
    for page in (address(draft), f"/thisted/moeder/{draft.public_id}/", f"/thisted/fora/{draft.forum.public_id}/"):
        assert NEW["title"] not in visit(cast.kui).get(page).content.decode()
    with as_actor(cast.kui):
        assert not ItemProposal.objects.filter(pk=proposed.pk).exists()


def test_an_item_taken_off_a_draft_waits_again(cast, visit, as_actor, draft, proposed):
    decide(visit, cast.konsulent, proposed, answer="take", meeting=draft.public_id, sentence="")
    with as_actor(cast.konsulent):
        item = AgendaItem.objects.get(meeting=draft, title=NEW["title"])
    assert visit(cast.konsulent).post(f"/thisted/moeder/{draft.public_id}/punkter/{item.public_id}/fjern/").status_code == 302
    with as_actor(cast.kui):
        proposed.refresh_from_db()
        assert proposed.status == "WAITING" and proposed.taken_to_id is None
