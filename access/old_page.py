"""A form from before a new login, or from after the login ended. Nothing is changed, and what was written comes back in a form that can be sent again.

Only when the browser says that one of our own pages sent it: another site lays no words in anybody's mouth. And only to who wrote it
(`access.form_mark`): to somebody of the kommune when the form is from a page of his own, and where nobody is logged in to the browser
that has just sent it, while nobody has logged in or out there since.
A file cannot come back; a CPR number must not (`access.cpr`): its field is asked for again, and a text that holds one is left where it
was written.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from access.actor import NOBODY
from access.cpr import LOOKS_LIKE_CPR, NUMBER
from access.form_mark import is_as_left, is_of
from access.models import User


def logged_out(request: HttpRequest) -> HttpResponse | None:
    """401 to a form that one of our pages sends when the login has ended: log in in another tab, and send it again. None for what is no such form.

    Sent again it has the token of the old login, so `too_old` says in whose name it will be saved before it is.
    """
    if request.method != "POST" or not _is_sent_by_our_page(request):
        return None
    fields = _written(request) if is_as_left(request) else []
    response = HttpResponse(render_to_string("401.html", _again(request, fields) if fields else {}), status=401)
    response.headers["Cache-Control"] = "no-store"
    return response


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, with what was written where it may come back. Django calls it (settings.CSRF_FAILURE_VIEW), in the transaction of the page that was asked for."""
    fields = _written(request) if _is_sent_by_our_page(request) and _is_by_who_is_here(request) else []
    response = HttpResponseForbidden(render_to_string("403_csrf.html", _again(request, fields) if fields else {}))
    response.headers["Cache-Control"] = "no-store"
    return response


def _again(request: HttpRequest, fields: list[tuple[str, str]]) -> dict[str, Any]:
    """What the form needs that sends them again, in the name of who is logged in now."""
    return {
        "kept": [(name, value) for name, value in fields if name != NUMBER], "number": NUMBER if dict(fields).get(NUMBER) else "",
        "here": request.get_full_path(), "token": get_token(request), "who": request.user,
    }  # fmt: skip


def _is_sent_by_our_page(request: HttpRequest) -> bool:
    """Sent by a page of ours, as the browser tells; not by a script, which keeps its text itself."""
    by_script = request.headers.get("X-Autosave") or request.headers.get("HX-Request") or request.headers.get("X-Requested-With")
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = site == "same-origin" if site else origin == f"{request.scheme}://{request.get_host()}"
    return is_ours and not by_script


def _is_by_who_is_here(request: HttpRequest) -> bool:
    """Sent from a page of who is logged in now, and is somebody of the kommune."""
    return getattr(request, "actor", NOBODY) != NOBODY and isinstance(request.user, User) and is_of(request, request.user)


def _written(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields in their order; none when something among them may not come back, for half a form would be saved as if it were all."""
    fields = [(name, str(value)) for name in request.POST if name != "csrfmiddlewaretoken" for value in request.POST.getlist(name)]
    has_number = any(LOOKS_LIKE_CPR.search(value) for name, value in fields if name != NUMBER)
    return [] if request.FILES or has_number else fields
