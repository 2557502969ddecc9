"""`script/bench [--json] [--rounds N] [--only PAGE]`: measure, print a table, or the same as data."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from bench.world import demo_world

PDF_ROUNDS = 5


def main() -> int:
    """Exit code 0 when everything could be measured; the goals are printed, never enforced."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure the main pages, the documents and the first load.")
    parser.add_argument("--json", action="store_true", help="print data in place of a table")
    parser.add_argument("--rounds", type=int, default=60, help="requests for each page (60)")
    parser.add_argument("--only", default="", help="one page, by name; or “meetings”, or “organisation at scale”")
    wanted = parser.parse_args()
    with demo_world(partial(print, file=sys.stderr)):
        result, problems = measure(wanted.rounds, wanted.only)
    print(json.dumps(result, ensure_ascii=False, indent=1)) if wanted.json else show(result)
    for problem in problems:
        print(f"not measured: {problem}", file=sys.stderr)
    return 1 if problems else 0


def measure(rounds: int, only: str = "") -> tuple[dict[str, Any], list[str]]:
    """The result in the form of `--json`, and what could not be measured."""
    from bench.documents import measure_documents
    from bench.measure import measure_page
    from bench.meetings import measure_meetings
    from bench.organisations import measure_organisations
    from bench.pages import PAGES
    from bench.visitors import PageError
    from bench.weight import measure_weight

    pages, problems = [], []
    for page in PAGES:
        if only in ("", page.name):
            try:
                pages.append(measure_page(page, rounds))
            except (PageError, LookupError) as problem:
                problems.append(f"{page.name}: {problem}")
    if only == "organisation at scale":
        return {"pages": [], "organisation": measure_organisations(rounds)}, problems
    if only == "meetings":
        return {"pages": [], "meetings": measure_meetings(rounds)}, problems
    if only:
        return {"pages": pages}, problems
    result = {"pages": pages, "pdf": list(measure_documents(min(rounds, PDF_ROUNDS))), "weight": measure_weight()}
    result |= {"organisation": measure_organisations(rounds)}
    return {**result, "meetings": measure_meetings(rounds)}, problems  # last: it makes the kommune large


def show(result: dict[str, Any]) -> None:
    """The tables, with ok or over beside each goal."""
    from bench import documents, meetings, organisations, weight
    from bench import measure as pages

    _table("page", result["pages"], ("ms", "bare_ms", "ratio", "walls_share", "wall_queries", "queries", "bytes"), pages.GOALS)
    _table("pdf", result.get("pdf", []), ("s", "bare_s", "ratio"), {"ratio": documents.GOAL})
    _table("weight", result.get("weight", []), ("first_bytes", "next_bytes"), weight.GOALS)
    if "organisation" in result:
        _table("organisation", [result["organisation"]], organisations.COLUMNS, organisations.GOALS)
    if "meetings" in result:
        _table("at scale", [result["meetings"]], tuple(meetings.GOALS), meetings.GOALS)


def _table(title: str, rows: Iterable[dict[str, Any]], columns: tuple[str, ...], goals: Mapping[str, float]) -> None:
    widths = [max(15, len(name) + 2) for name in columns]
    lines = [[title, *columns]]
    lines += [[str(row["name"]), *(_judged(row[name], goals.get(name)) for name in columns)] for row in rows]
    if goals:
        lines.append(["goal", *(f"≤ {goals[name]}" if name in goals else "" for name in columns)])
    print()
    for first, *rest in lines:
        print(f"{first:<16}" + "".join(f"{cell:>{width}}" for cell, width in zip(rest, widths, strict=True)))


def _judged(value: float, goal: float | None) -> str:
    return f"{value}" if goal is None else f"{value} {'ok' if value <= goal else 'OVER'}"


if __name__ == "__main__":
    sys.exit(main())
