"""Writes of proposals: a member proposes an item or parks it; who convenes takes it on an agenda, parks it or declines it."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import DataClass, Verb
from meetings.agenda import classes_under
from meetings.agenda_actions import add_item, need
from meetings.invitations import tell_of_proposal
from meetings.models import AgendaItem, ItemProposal, Meeting
from meetings.proposals import meeting_that_takes_proposals
from meetings.rows import locked_meeting
from municipalities.models import Forum

Status = ItemProposal.Status


def set_proposals_until(meeting: Meeting, *, actor: Actor, day: date | None) -> None:
    """The last day on which members propose items. Without one they may until the meeting is called."""
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    need(meeting.is_planned, _("The meeting has been held or cancelled. The agenda cannot be changed."))
    meeting.proposals_until = day
    meeting.save(update_fields=["proposals_until"])


def propose(forum: Forum, *, actor: Actor, title: str, text: str, kind: str, park: bool) -> ItemProposal:
    """Propose an item for the forum's coming meeting, or put it in the parking lot. For whoever reads the forum's agenda."""
    require(actor, Verb.VIEW_AGENDA, forum)
    meeting = None if park else meeting_that_takes_proposals(forum.pk)
    need(park or meeting is not None, _("No coming meeting takes proposals now. Put the item in the parking lot instead."))
    proposal: ItemProposal = ItemProposal.objects.create(
        tenant_id=forum.tenant_id, forum=forum, meeting=meeting, title=title, text=text, kind=kind, status=Status.PARKED if park else Status.WAITING, proposed_by_id=actor.user_id
    )
    if not park:
        tell_of_proposal(proposal)
    return proposal


def take_proposal(proposal: ItemProposal, meeting: Meeting, *, actor: Actor, sentence: str = "") -> AgendaItem:
    """Put what was proposed last on the agenda of a planned meeting of the forum, as an internal item at most."""
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    proposal = _locked(proposal, actor)
    need(meeting.forum_id == proposal.forum_id, _("The item is put on the agenda of a meeting of the same forum."))
    chosen = DataClass.INTERNAL if DataClass.INTERNAL in classes_under(meeting.forum.ceiling) else DataClass.PUBLIC
    item = add_item(meeting, actor=actor, title=proposal.title, kind=proposal.kind, data_class=chosen, presenter=proposal.proposed_by.name)
    proposal.taken_to = item
    _decide(proposal, actor, Status.TAKEN, sentence)
    return item


def park_proposal(proposal: ItemProposal, *, actor: Actor, sentence: str) -> ItemProposal:
    """Put it in the parking lot, and tell the proposer why."""
    return _decide(_locked(proposal, actor), actor, Status.PARKED, sentence)


def decline_proposal(proposal: ItemProposal, *, actor: Actor, sentence: str) -> ItemProposal:
    """It comes on no agenda, and the proposer is told why."""
    return _decide(_locked(proposal, actor), actor, Status.DECLINED, sentence)


def _locked(proposal: ItemProposal, actor: Actor) -> ItemProposal:
    require(actor, Verb.CONVENE, proposal)
    found = ItemProposal.objects.select_for_update(of=("self",), no_key=True).select_related("proposed_by").get(tenant_id=proposal.tenant_id, pk=proposal.pk)
    need(found.is_undecided, _("The proposal has been answered already."))
    return found


def _decide(proposal: ItemProposal, actor: Actor, status: str, sentence: str) -> ItemProposal:
    proposal.status, proposal.sentence = status, sentence
    proposal.decided_by_id, proposal.decided_at = actor.user_id, timezone.now()
    proposal.save(update_fields=["status", "sentence", "taken_to", "decided_by", "decided_at"])
    tell_of_proposal(proposal, answered_by=actor.user_id)
    return proposal
