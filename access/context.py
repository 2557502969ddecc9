"""Tenant scope, the one place: the transaction round a request or a job, and what the database knows in it.

The settings are transaction-local and written inside a transaction that we open ourselves. ATOMIC_REQUESTS would not
do (its transaction starts after the middleware), and a session-level SET leaks through pooled connections.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from time import perf_counter
from typing import Any, cast

from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, get_urlconf, resolve

from access.actor import NOBODY, Actor, build_actor
from access.kept import forget_ahead
from access.models import LogEntry, User
from access.request import TenantRequest
from access.scope import Tenant
from access.writing import Writing, opened_entries, writing, writing_now

KEYS = tuple(f"ssp.{key}" for key in NOBODY.walls())
spans: ContextVar[dict[str, float] | None] = ContextVar("spans", default=None)  # script/bench asks how long the walls took
span: ContextVar[str] = ContextVar("span", default="")  # … and which wall a query belongs to


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Add the time of a block to the request's spans, when somebody measures."""
    found, token = spans.get(), span.set(name)
    start = perf_counter()
    try:
        yield
    finally:
        span.reset(token)
        if found is not None:
            found[name] = found.get(name, 0.0) + perf_counter() - start


def write_context(actor: Actor) -> None:
    """Set every wall for the rest of the transaction; what an earlier actor left is overwritten, tickets and rows that were read ahead for him too."""
    forget_ahead()
    writing.set(Writing(actor))
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"set_config('{key}', %s, true)" for key in KEYS), list(actor.walls().values()))


def enter_tenant(user_id: int, slug: str) -> Tenant | None:
    """Name the user and the tenant to the database, with no right yet: enough to look up his own seats."""
    empty = {**NOBODY.walls(), "user": str(user_id)}
    sets = ", ".join(f"set_config('{key}', %s, true)" for key in KEYS if key != "ssp.tenant")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id, slug, name, parent_id, is_demo, kind = 'KOMMUNE', has_sparring_door, terms, set_config('ssp.tenant', id::text, true), {sets} "  # noqa: S608  # names of our own settings
            "from municipalities_tenant where slug = %s and active",
            [*(value for key, value in empty.items() if key != "tenant"), slug],
        )
        row = cursor.fetchone()
    return Tenant(*row[:7], *_json(row[7])) if row else None


def _json(value: Any) -> list[Any]:
    """A JSON column as a plain cursor gives it: text, unless the driver reads it itself."""
    return [json.loads(value) if isinstance(value, str) else value]


def resolve_actor(user: User, slug: str) -> tuple[Actor, Tenant] | None:
    """Who this user is in the kommune that the URL names; None when he is nobody there. Two queries."""
    tenant = enter_tenant(user.pk, slug)
    if tenant is None:
        return None
    actor = build_actor(user.pk, tenant.id, tenant.parent_id, is_system=user.is_system)
    return (actor, tenant) if actor.is_member or actor.guests or actor.owes_pledge else None


@contextmanager
def context_of(actor: Actor) -> Iterator[Actor]:
    """The way in for tasks and commands: a short transaction of its own with the actor's context."""
    with _collected_entries() as opened, transaction.atomic(durable=True):
        write_context(actor)
        yield actor
        if _tickets_lost(opened):
            raise LostTicketError("An access-log row was rolled back after person data had been read.")


def read_only() -> None:
    """From here to its end the transaction may only read: PostgreSQL refuses every write, whatever the walls would let through."""
    with connection.cursor() as cursor:
        cursor.execute("set transaction read only")


def actor_of(user: User, slug: str) -> Actor:
    """The actor of a job, resolved anew in a transaction of its own; a right that has ended is gone here as well.

    Raises PermissionError when the user is nobody in that tenant any more.
    """
    return _resolved(user, slug)[0]


def request_of(user: User, slug: str) -> TenantRequest:
    """A request of this user with the rights he has now, for a job that renders what his own page would show. Raises as `actor_of`.

    It is only handed to what reads and renders; enter `context_of(request.actor)` first.
    """
    request = TenantRequest()
    request.method, request.user, request.failed, request.page_context = "GET", user, False, None
    request.actor, request.tenant = _resolved(user, slug)
    return request


@contextmanager
def eyes_of(user: User, worker: Actor) -> Iterator[Actor]:
    """Inside a worker's transaction in a tenant: this user's walls and the rights he has now; without any right when he is nobody there.

    At the end the worker has his own walls back, after an error as well. Only for asking: what somebody reads here is in no log.
    """
    own = writing.set(writing_now())
    try:
        with transaction.atomic():  # a savepoint: what is set in the database is undone with it
            found = resolve_actor(user, _slug_of_tenant(worker.tenant_id))
            actor = found[0] if found else Actor(user_id=user.pk, tenant_id=worker.tenant_id)
            write_context(actor)
            yield actor
            write_context(worker)
    finally:
        writing.reset(own)


def _slug_of_tenant(tenant_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select slug from municipalities_tenant where id = %s", [tenant_id])
        return str(cursor.fetchone()[0])


def _resolved(user: User, slug: str) -> tuple[Actor, Tenant]:
    with transaction.atomic(durable=True):
        found = resolve_actor(user, slug) if user.is_active else None
    if found is None:
        raise PermissionError(f"{user} has no seat in {slug}")
    return found


class LostTicketError(Exception):
    """Person data was read under a log row that will not be committed."""


def _tickets_lost(opened: list[LogEntry]) -> bool:
    if not opened:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select audit.missing(%s)", [[entry.pk for entry in opened]])
        return bool(cursor.fetchone()[0])


class ContextMiddleware:
    """Opens the transaction round a request to a tenant's page. Stands last: its transaction is the innermost layer.

    The response leaves after COMMIT. When the transaction is rolled back, what was read is written to the log as
    attempted, and the user gets an error page without data.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponse:
        request = cast("TenantRequest", plain)  # from here on it carries what a view may ask for
        request.actor = NOBODY
        request.failed = False
        request.page_context = None
        slug = tenant_slug(request.path_info)
        if slug is None:
            return self.get_response(request)
        user = request.user
        if not isinstance(user, User):
            return _login_first(request)
        with _collected_entries() as opened:
            response, rolled_back = self._inside(request, user, slug, opened)
            if rolled_back and opened:
                _log_attempts(request.actor, opened)
                if response.status_code < 400:
                    response = server_error(request)
        return response

    def _inside(self, request: TenantRequest, user: User, slug: str, opened: list[LogEntry]) -> tuple[HttpResponse, bool]:
        block = transaction.atomic(durable=True)
        with timed("context"):
            block.__enter__()
        try:
            response = self._answer(request, user, slug)
            if request.failed or response.status_code >= 500:
                transaction.set_rollback(True)
            rolled_back = connection.needs_rollback
            if not rolled_back:
                with timed("log"):
                    rolled_back = _tickets_lost(opened) or bool(opened and response.streaming)
                if rolled_back:
                    transaction.set_rollback(True)
        except BaseException as error:
            block.__exit__(type(error), error, error.__traceback__)
            raise
        with timed("commit"):
            block.__exit__(None, None, None)
        response.headers["Cache-Control"] = "no-store"  # every page of a kommune: machines are shared, and so is their history
        return response, rolled_back

    def _answer(self, request: TenantRequest, user: User, slug: str) -> HttpResponse:
        with timed("context"):
            found = resolve_actor(user, slug)
            if found is not None:
                request.actor, request.tenant = found
                write_context(request.actor)
        if found is None:
            raise Http404("no such kommune for this user")
        return self.get_response(request)

    def process_exception(self, request: TenantRequest, exception: Exception) -> None:
        """A view that raised has become an error response by the time we see it: remember to roll back."""
        request.failed = True


def tenant_slug(path: str) -> str | None:
    """The slug in a URL, if the URL is one of a tenant's pages. The slug decides the tenant of each request."""
    return _slug_of(path, get_urlconf())


@lru_cache(4000)  # asked for twice a request, and Django resolves the address once more
def _slug_of(path: str, _urlconf: str | None) -> str | None:
    try:
        return resolve(path).kwargs.get("slug")
    except Resolver404:
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page: a calm sentence and no data."""
    from django.views.defaults import server_error as page  # not at import: it needs the template engine

    return page(request)


def _login_first(request: HttpRequest) -> HttpResponse:
    from django.contrib.auth.views import redirect_to_login

    from access.old_page import logged_out

    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(status=401)  # the page keeps its text and asks for a new login in place
    return logged_out(request) or redirect_to_login(request.get_full_path())


@contextmanager
def _collected_entries() -> Iterator[list[LogEntry]]:
    """The tickets of one transaction. After it nobody writes: a thread serves many."""
    tokens = opened_entries.set([]), writing.set(Writing())
    try:
        yield opened_entries.get()
    finally:
        opened_entries.reset(tokens[0])
        writing.reset(tokens[1])


def _log_attempts(actor: Actor, opened: list[LogEntry]) -> None:
    with transaction.atomic(durable=True):
        write_context(actor)
        for entry in opened:
            entry.pk = None
            if entry.action != LogEntry.Action.DENIED:
                entry.action += LogEntry.Action.ATTEMPTED
            entry._state.adding = True
            entry.save(force_insert=True)
