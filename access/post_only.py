"""An address that takes only what a page sends, opened by itself: as after a login that came in between, or from the address bar."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class PostOnlyMiddleware:
    """Where Django answers such a GET with an empty 405, of which a browser makes a page of its own: say what happened and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with a page in it when it would be empty. Its headers stay."""
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET":
            response.content = render_to_string("405.html").encode()
        return response
