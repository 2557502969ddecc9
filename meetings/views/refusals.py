"""How a refused write is answered: a sentence, and nothing saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from access.request import TenantRequest
from access.web import render_page_or_part
from meetings.errors import MeetingStateError


def answers_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of a view that writes: a MeetingStateError becomes 409 with its sentence, as a page or a part."""

    @wraps(view)
    def answered(request: TenantRequest, public_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, public_id, *args, **kwargs)
        except MeetingStateError as error:
            return refused(request, public_id, str(error))

    return answered


def refused(request: TenantRequest, public_id: str, reason: str) -> HttpResponse:
    """409 with the sentence: a whole page, or the note alone for htmx and autosave."""
    context = {"public_id": public_id, "reason": reason}
    if request.headers.get("X-Autosave"):
        return render_part(request, "meetings/_refused.html", context, status=409)
    answer = render_page_or_part(request, "meetings/meeting_refused.html", "meetings/_refused.html", context, status=409)
    answer.headers["HX-Reselect"] = "[role=alert]"  # whatever part of a page was asked for
    answer.headers["HX-Reswap"] = "afterbegin"  # the sentence stands on top of what is there
    return answer


def render_part(request: TenantRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A part alone."""
    return render_page_or_part(request, template, template, context, status=status)
