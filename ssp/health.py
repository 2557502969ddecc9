"""GET /healthz: are web, database, broker and worker well? For the launcher, containers and load balancers.

No tenant, no user, no row of ours is touched. The servers are asked directly, not through Django's pool, so that a
pool that is used up shows too. The answer is kept for a second: asking often costs nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import psycopg
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

SIGN_OF_LIFE = "ssp:worker-alive"
SILENCE = 20  # seconds after which a worker counts as dead; it writes every two
PATIENCE = 2  # seconds to wait for a server
KEPT = 1.0  # seconds an answer is used again

_last: tuple[float, dict[str, str]] = (float("-inf"), {})
_broker_client: Redis | None = None


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 {"status": "ok", …} when all is well, else 503; the JSON says of each part `ok` or what is wrong with it."""
    parts = _recent_state()
    well = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if well else "unwell", **parts}, status=200 if well else 503)


def write_sign_of_life() -> None:
    """Called by the worker; a broker that is away is not the worker's fault, and shows by itself."""
    try:
        _broker().set(SIGN_OF_LIFE, int(time.time()), ex=SILENCE)
    except RedisError:
        return


def forget_sign_of_life() -> None:
    """Called by a worker that ends; another one writes its own within two seconds."""
    try:
        _broker().delete(SIGN_OF_LIFE)
    except RedisError:
        return


def _recent_state() -> dict[str, str]:
    global _last
    if time.monotonic() - _last[0] > KEPT:
        _last = (time.monotonic(), state())
    return _last[1]


def state() -> dict[str, str]:
    """What is well and what is not, asked now."""
    parts = {"web": "ok", "database": _asked(_ask_database), "broker": _asked(_ask_broker)}
    parts["worker"] = _asked(_ask_worker) if parts["broker"] == "ok" else "unknown without the broker"
    return parts


def _asked(question: Callable[[], str]) -> str:
    try:
        return question()
    except (psycopg.Error, RedisError, OSError):
        return "does not answer"  # the reason is in the logs: an open page must not describe our network


def _ask_database() -> str:
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=PATIENCE) as conn:
        conn.execute("select 1")
    return "ok"


def _ask_broker() -> str:
    _broker().ping()
    return "ok"


def _ask_worker() -> str:
    return "ok" if _broker().exists(SIGN_OF_LIFE) else "no sign of life"


def _broker() -> Redis:
    global _broker_client
    if _broker_client is None:
        _broker_client = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    return _broker_client
