"""How a refused write is answered: a sentence, and nothing saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from access.request import TenantRequest
from access.roles import Verb
from access.web import render_page_or_part
from meetings.agenda import fetch_meeting
from meetings.errors import MeetingStateError
from meetings.models import AgendaItem

TEXTS = ("text", "decision", "who", "what", "due")  # of minutes and their agreements


def answers_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of a view that writes: a MeetingStateError becomes 409 with its sentence, as a page or a part."""

    @wraps(view)
    def answered(request: TenantRequest, public_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, public_id, *args, **kwargs)
        except MeetingStateError as error:
            return refused(request, public_id, str(error))

    return answered


def answers_gone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of a view of one item: who reads the meeting is told that the item does not stand on its agenda, with the way there (410; 409 for a part).

    It says the same of an item that somebody has removed, of one that never was, and of one that the reader does not have: it tells nothing.
    """

    @wraps(view)
    def answered(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
        try:
            return view(request, public_id, item_id)
        except (Http404, AgendaItem.DoesNotExist):  # before, or between the look at it and the lock
            meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
        if request.headers.get("HX-Request"):
            return refused(request, public_id, item_gone())
        return TemplateResponse(request, "meetings/item_gone.html", {"meeting": meeting, "reason": item_gone()}, status=410)

    return answered


def item_gone() -> str:
    """What is said of an item that the reader does not find on the agenda."""
    return _("The item no longer stands on the agenda.")


def refused(request: TenantRequest, public_id: str, reason: str) -> HttpResponse:
    """409 with the sentence: a whole page, or the note alone for htmx and autosave."""
    context = {"public_id": public_id, "reason": reason, "unsaved": unsaved(request, *TEXTS)}
    if request.headers.get("X-Autosave"):
        return render_part(request, "meetings/_refused.html", context, status=409)
    answer = render_page_or_part(request, "meetings/meeting_refused.html", "meetings/_refused.html", context, status=409)
    answer.headers["HX-Reselect"] = "[role=alert]"  # whatever part of a page was asked for
    answer.headers["HX-Reswap"] = "afterbegin"  # the sentence stands on top of what is there
    return answer


def unsaved(request: TenantRequest, *names: str) -> list[str]:
    """What was written in these fields of a form that is not shown again."""
    return [text for name in names if (text := request.POST.get(name, "").strip())]


def render_part(request: TenantRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A part alone."""
    return render_page_or_part(request, template, template, context, status=status)
