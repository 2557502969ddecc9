"""An item while it is dealt with: who is in the room, and the clock."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access.policy import fetch, require
from access.request import TenantRequest
from access.roles import Verb
from access.web import requires, tenant_url
from meetings import clock_actions, presence_actions
from meetings.agenda import fetch_meeting
from meetings.models import AgendaItem, Meeting
from meetings.presence_forms import ItemPresenceForm
from meetings.views.minutes import at_item, desk, to_item
from meetings.views.refusals import answers_refusals


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def item_presence(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Note who was in the room for an item of the general part, for it alone or for those after or before it as well."""
    _meeting, minutes, line = at_item(request, public_id, item_id)
    form = ItemPresenceForm(request.POST, attendances=minutes.attendances, away=line.item.away)  # type: ignore[attr-defined]  # read_minutes puts it there
    if not form.is_valid():
        return TemplateResponse(request, "meetings/meeting_minutes.html", desk(request, minutes, item_id, room_form=form), status=422)
    presence_actions.note_item_presence(line.item, actor=request.actor, changes=form.changes, reach=form.cleaned_data["reach"])
    messages.success(request, _("It is noted who was in the room."))
    return to_item(request, public_id, item_id, "rum")


@require_POST
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def item_clock(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """Start the clock of an item, or stop it. Items of the closed part as well, for who has them: `next` is then the desk of the case."""
    _meeting, item = _item(request, public_id, item_id)
    if "stop" in request.POST:
        clock_actions.stop_item(item, actor=request.actor)
    else:
        clock_actions.start_item(item, actor=request.actor)
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect(tenant_url(request, "meeting_detail", public_id)) if item.is_closed else to_item(request, public_id, item_id)


def _item(request: TenantRequest, public_id: str, item_id: str) -> tuple[Meeting, AgendaItem]:
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.WRITE_MINUTES, meeting)
    item = fetch(request.actor, Verb.VIEW_AGENDA, AgendaItem.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting), public_id=item_id)
    if item.is_withdrawn:
        raise Http404("taken off: it takes no time")
    return meeting, item
