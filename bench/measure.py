"""Pages: the product and the bare view in turns, so that a slow moment of the machine hits both."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client

from access.context import span, spans
from bench import bare, visitors
from bench.pages import Page

WALLS = ("context", "policy", "log", "commit")
GOALS = {"wall_queries": 6, "queries": 12, "ratio": 8.0, "walls_share": 0.35}


def measure_page(page: Page, rounds: int) -> dict[str, Any]:
    """One row of the result: medians of so many rounds."""
    product = visitors.product_client(page.user)
    visitors.prepare(product, page)
    address = visitors.address_of(page)
    response = visitors.get(product, address)
    bare.answers[address] = (response.content, response.headers["Content-Type"])
    bare_side = visitors.bare_client(product)
    for _round in range(3):  # warm: templates, plans of statements, caches
        visitors.get(product, address), visitors.get(bare_side, address)
    walls, own = _queries(product, address)
    own -= sum(_queries(bare_side, address)) - 1  # who it is, the session asks on both sides
    times, bare_times, shares = [], [], []
    for _round in range(rounds):
        seconds, spent = _timed(product, address)
        times.append(seconds)
        shares.append(sum(spent.get(name, 0.0) for name in WALLS) / seconds)
        bare_times.append(_timed(bare_side, address)[0])
    ms, bare_ms = median(times) * 1000, median(bare_times) * 1000
    return {
        "name": page.name, "ms": round(ms, 2), "bare_ms": round(bare_ms, 2), "ratio": round(ms / bare_ms, 2),
        "walls_share": round(median(shares), 3), "queries": own, "wall_queries": walls, "bytes": len(response.content),
    }  # fmt: skip


def _timed(client: Client, address: str) -> tuple[float, dict[str, float]]:
    spent: dict[str, float] = {}
    token = spans.set(spent)
    start = perf_counter()
    try:
        visitors.get(client, address)
        return perf_counter() - start, spent
    finally:
        spans.reset(token)


def _queries(client: Client, address: str) -> tuple[int, int]:
    """(queries of the walls, all others: session and user among them)."""
    counted = {"walls": 0, "page": 0}

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        counted["walls" if span.get() in WALLS else "page"] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        visitors.get(client, address)
    return counted["walls"], counted["page"]
