"""Publish a decision of the Kredsråd to its kommuner."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access.policy import fetch, require
from access.request import TenantRequest
from access.roles import Verb
from access.web import requires, tenant_url
from meetings.agenda import fetch_meeting, general_items
from meetings.kreds_decisions import publish_decision
from meetings.views.refusals import answers_gone, answers_refusals


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
@answers_gone
def decision_publish(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Every kommune of the politikreds reads the decision from now on."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.WRITE_MINUTES, meeting)
    publish_decision(fetch(request.actor, Verb.VIEW_AGENDA, general_items(meeting), public_id=item_id), actor=request.actor)
    messages.success(request, _("The decision is published. Each kommune sees it on its next agenda."))
    return redirect(tenant_url(request, "meeting_detail", public_id))
