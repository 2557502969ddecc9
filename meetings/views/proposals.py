"""Proposals of a forum: for who reads its agenda. What becomes of one is decided by who convenes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.actor import Actor
from access.policy import fetch, may, require
from access.request import TenantRequest
from access.roles import Verb
from access.web import door, in_menu, requires, tenant_url
from meetings import proposal_actions, proposals
from meetings.errors import MeetingStateError
from meetings.models import ItemProposal, Meeting
from meetings.proposal_forms import DecisionForm, ProposalForm
from municipalities.models import Forum


def _forum(actor: Actor, forum_id: str) -> Forum:
    return fetch(actor, Verb.VIEW_AGENDA, Forum.objects.all(), public_id=forum_id)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.VIEW_AGENDA)
@door(_forum)
def proposal_list(request: TenantRequest, forum_id: str) -> HttpResponse:
    """Propose an item, and see what became of what was proposed."""
    forum = _forum(request.actor, forum_id)
    meeting = proposals.meeting_that_takes_proposals(forum.pk)
    form = ProposalForm(request.POST if request.method == "POST" else None, meeting=meeting)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = proposal_actions.propose(forum, actor=request.actor, **form.cleaned_data)
        except MeetingStateError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            parked = made.status == ItemProposal.Status.PARKED
            messages.success(request, _("The item stands in the parking lot.") if parked else _("The item is proposed. Here you see what becomes of it."))
            return redirect(tenant_url(request, "proposal_list", forum_id))
    context = {"forum": forum, "meeting": meeting, "form": form, "may_decide": bool(may(request.actor, Verb.CONVENE, forum)), **proposals.grouped(request, forum)}
    return TemplateResponse(request, "meetings/proposal_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
def proposal_decide(request: TenantRequest, proposal_id: str) -> HttpResponse:
    """Take a proposal on an agenda, park it or decline it."""
    rows = ItemProposal.objects.select_related("forum", "proposed_by", "decided_by", "taken_to__meeting")
    proposal = fetch(request.actor, Verb.VIEW_AGENDA, rows, public_id=proposal_id)
    require(request.actor, Verb.CONVENE, proposal)
    coming = list(Meeting.objects.filter(forum_id=proposal.forum_id).coming()[:12])
    form = DecisionForm(request.POST if request.method == "POST" else None, proposal=proposal, meetings=coming)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            return _decided(request, proposal, form)
        except MeetingStateError as error:
            form.add_error(None, str(error))
            status = 409
    return TemplateResponse(request, "meetings/proposal_decide.html", {"proposal": proposal, "form": form}, status=status)


def _decided(request: TenantRequest, proposal: ItemProposal, form: DecisionForm) -> HttpResponse:
    answer, sentence = form.cleaned_data["answer"], form.cleaned_data["sentence"]
    if answer == "take":
        meeting = form.cleaned_data["meeting"]
        item = proposal_actions.take_proposal(proposal, meeting, actor=request.actor, sentence=sentence)
        messages.success(request, _("The item stands last on the agenda."))
        return redirect(tenant_url(request, "meeting_detail", meeting.public_id) + f"#punkt-{item.public_id}")
    if answer == "park":
        proposal_actions.park_proposal(proposal, actor=request.actor, sentence=sentence)
        messages.success(request, _("The item stands in the parking lot."))
    else:
        proposal_actions.decline_proposal(proposal, actor=request.actor, sentence=sentence)
        messages.success(request, _("The proposal is declined, and the proposer sees your answer."))
    return redirect(tenant_url(request, "proposal_list", proposal.forum.public_id))
