"""The bare view that a page is compared with: the same bytes, one query, logged in, the same middleware but the context."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

answers: dict[str, tuple[bytes, str]] = {}  # path -> body and content type, as the product answered


def bare_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: this client's addresses lead to the bare view. In the place of access.context.ContextMiddleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = "bench.bare"
        return get_response(request)

    return middleware


@login_required
def bare_view(request: HttpRequest) -> HttpResponse:
    """One query, and the bytes; for a POST one UPDATE, and no more."""
    if request.method == "POST":
        with connection.cursor() as cursor:
            cursor.execute("update access_user set title = title where id = %s", [request.user.pk])
        return HttpResponse(status=204)
    with connection.cursor() as cursor:
        cursor.execute("select id, name from municipalities_tenant where slug = %s", ["thisted"])
        cursor.fetchone()
    body, content_type = answers[request.path]
    return HttpResponse(body, content_type=content_type)


urlpatterns = [re_path(r"^", bare_view)]
