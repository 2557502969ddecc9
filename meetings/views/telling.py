"""Two buttons of a meeting that is called: tell the participants that the agenda was changed, and remind who has not answered."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from access.policy import require
from access.request import TenantRequest
from access.roles import Verb
from access.web import requires, tenant_url
from meetings.agenda import fetch_meeting
from meetings.telling import ask_for_answers, tell_of_changes
from meetings.views.refusals import answers_refusals


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
def meeting_tell_changes(request: TenantRequest, public_id: str) -> HttpResponse:
    """Tell who is called that the agenda was changed after the call."""
    return _tell(request, public_id, tell_of_changes, lambda count: ngettext("%(count)s participant gets a mail.", "%(count)s participants get a mail.", count))


@require_POST
@requires(Verb.CONVENE)
@answers_refusals
def meeting_ask_answers(request: TenantRequest, public_id: str) -> HttpResponse:
    """Remind who has not answered the call."""
    return _tell(request, public_id, ask_for_answers, lambda count: ngettext("%(count)s participant is reminded by mail.", "%(count)s participants are reminded by mail.", count))


def _tell(request: TenantRequest, public_id: str, tell: Callable[..., int], words: Callable[[int], str]) -> HttpResponse:
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.CONVENE, meeting)
    count = tell(meeting, actor=request.actor)
    messages.success(request, words(count) % {"count": count})
    return redirect(tenant_url(request, "meeting_detail", public_id))
