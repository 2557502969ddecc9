"""The item of a meeting on the wall (projector): one at a time, nothing of what comes."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.request import TenantRequest
from access.roles import Verb
from access.web import requires
from meetings.agenda import fetch_meeting
from meetings.item_time import time_of
from meetings.screen import read_slide


@require_safe
@requires(Verb.VIEW_AGENDA)
def meeting_screen(request: TenantRequest, public_id: str) -> HttpResponse:
    """One item. Without a choice it follows the meeting; the page has no menu and shows no message that waits for its reader."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    chosen = request.GET.get("punkt", "")
    slide = read_slide(meeting, chosen) if chosen or not meeting.is_held else None  # it is over: nothing is followed
    time = time_of(slide.item, timezone.now()) if slide else None
    return TemplateResponse(request, "meetings/meeting_screen.html", {"meeting": meeting, "slide": slide, "time": time, "chosen": chosen, "nav": None, "messages": []})
