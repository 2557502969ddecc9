"""Meetings at scale: a long agenda, a save of live minutes against one UPDATE, search against a role without walls, and a meeting book."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.urls import reverse

from access.context import KEYS, context_of
from bench import bare, books, scale, visitors
from bench.measure import _queries
from bench.world import superuser
from meetings.models import AgendaItem, Meeting
from meetings.search import Wanted, search
from meetings.search_sql import FUNCTION_4

USER = "konsulent"
# agenda: queries in all; the milliseconds of PEERS.md, "Figures to beat", the best of the three systems for each page
GOALS = {"agenda_queries": 12, "save_queries": 12, "save_ratio": 4.0, "search_ratio": 2.0, "search_ms": 73, "list_ms": 123, "agenda_ms": 402, "save_ms": 22}
type Statements = list[tuple[str, Any]]


def measure_meetings(rounds: int) -> dict[str, Any]:
    """One row, for `--json` under "meetings". Leaves the enlarged kommune behind: measure it last."""
    meeting = scale.grow(USER)
    client = visitors.product_client(USER)
    agenda = reverse("meeting_detail", args=[visitors.SLUG, meeting.public_id])
    meetings = reverse("meeting_list", args=[visitors.SLUG])
    for address in (agenda, meetings, agenda):
        visitors.get(client, address)
    return {
        "name": "meetings", "agenda_queries": sum(_queries(client, agenda)), "agenda_ms": _ms(lambda: visitors.get(client, agenda), rounds),
        "list_queries": sum(_queries(client, meetings)), "list_ms": _ms(lambda: visitors.get(client, meetings), rounds), **_save(client, meeting, rounds), **_search(rounds),
        **books.measure_book(USER, meeting),
    }  # fmt: skip


def _ms(act: Callable[[], Any], rounds: int) -> float:
    return round(median(_seconds(act) for _round in range(rounds)) * 1000, 2)


def _seconds(act: Callable[[], Any]) -> float:
    start = perf_counter()
    act()
    return perf_counter() - start


def _save(client: Any, meeting: Meeting, rounds: int) -> dict[str, Any]:
    """Autosave of one item, and the bare view that does one UPDATE, in turns."""
    with context_of(visitors.actor(USER)):
        item = AgendaItem.objects.filter(meeting=meeting).order_by("order").first()
    assert item is not None
    address = reverse("item_text", args=[visitors.SLUG, meeting.public_id, item.public_id])
    other = visitors.bare_client(client)
    version = {"now": 0, "said": 0}

    def product() -> None:
        version["said"] += 1
        form = {"text": f"Vi talte om plads nummer {version['said']}.", "decision": "", "version": version["now"]}
        answer = client.post(address, form, headers={"X-Autosave": "1"})
        if answer.status_code != 200:
            raise visitors.PageError(f"{address} answers {answer.status_code}")
        version["now"] = int(answer.headers["X-Version"])

    def bare_save() -> None:
        assert other.post("/gem/").status_code == 204

    bare.answers["/gem/"] = (b"", "text/plain")
    for _round in range(3):
        product(), bare_save()
    count: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *more: (count.append(sql), execute(sql, *more))[1]):
        product()
    times = [(_seconds(product), _seconds(bare_save)) for _round in range(rounds)]
    ms, bare_ms = (median(side) * 1000 for side in zip(*times, strict=True))
    return {"save_queries": len(count), "save_ms": round(ms, 2), "save_bare_ms": round(bare_ms, 2), "save_ratio": round(ms / bare_ms, 2)}


def _search(rounds: int) -> dict[str, Any]:
    """The statements of a search, replayed by the product's role and by one that row security does not bind, in turns."""
    ratios, times = [], []
    with superuser() as free:
        free.execute(FUNCTION_4.replace("figures.search_minutes", "bench_search").replace("security definer", "security invoker"))
        for word in (scale.RARE, scale.COMMON, f"{scale.COMMON} trivsel"):
            with context_of(visitors.actor(USER)) as actor:
                for _round in range(3):
                    search(actor, Wanted(word))
                statements = _recorded(lambda: search(actor, Wanted(word)))  # noqa: B023  # called at once
                times.append(_ms(lambda: search(actor, Wanted(word)), rounds))  # noqa: B023  # called at once
                ratios.append(_ratio(free, statements, rounds))
    return {"search_ms": max(times), "search_ratio": round(max(ratios), 2)}


def _recorded(act: Callable[[], Any]) -> Statements:
    found: Statements = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        act()
    return found


def _ratio(free: Any, statements: Statements, rounds: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"current_setting('{key}', true)" for key in KEYS))
        values = cursor.fetchone()
    free.execute("select " + ", ".join(f"set_config('{key}', %s, false)" for key in KEYS), [value or "" for value in values or ()])

    def walled() -> None:
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    def unwalled() -> None:
        for sql, params in statements:
            free.execute(sql.replace("figures.search_minutes", "bench_search"), params).fetchall()

    walled(), unwalled()
    times = [(_seconds(walled), _seconds(unwalled)) for _round in range(rounds)]
    with_walls, without = (median(side) for side in zip(*times, strict=True))
    return with_walls / without
