"""The organisation at scale: a kommune of 60 forums and 600 seats, and a politikreds of 12 kommuner that share."""

from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

from django.test import Client
from django.urls import reverse

from access.context import actor_of, context_of
from bench import visitors
from bench.measure import _queries
from municipalities import actions
from municipalities.models import Release, Seat, Tenant
from municipalities.presets import create_tenant, setup_actor

USER = "konsulent"
FORUMS, SEATS_EACH, AREAS, KOMMUNER = 60, 10, 8, 12
KREDS, LARGE = "bench-politi", "bench-kommune"
COLUMNS = ("queries", "ms", "kreds_queries", "kreds_ms", "kreds_organisation_queries", "kreds_organisation_ms")
GOALS = {"queries": 12, "kreds_queries": 12, "kreds_organisation_queries": 12}  # all in: those of the walls as well
MARKS = (("skole", "municipal_school"), ("social", "municipal_social"), ("politi", "police"), ("andre", "municipal_other"))


def measure_organisations(rounds: int) -> dict[str, Any]:
    """One row, for `--json` under "organisation". The tenants that it makes go with the world it is measured in."""
    _make()
    client = visitors.product_client(USER)
    pages = {
        "": reverse("organisation", args=[LARGE]), "kreds_": reverse("kreds_overview", args=[KREDS]), "kreds_organisation_": reverse("organisation", args=[KREDS]),
    }  # fmt: skip
    found: dict[str, Any] = {"name": "organisation", "forums": FORUMS, "seats": FORUMS * SEATS_EACH, "kommuner": KOMMUNER}
    for prefix, address in pages.items():
        for _warm in range(3):
            visitors.get(client, address)
        found[f"{prefix}queries"] = sum(_queries(client, address))
        found[f"{prefix}ms"] = _ms(client, address, rounds)
    return found


def _ms(client: Client, address: str, rounds: int) -> float:
    return round(median(_seconds(lambda: visitors.get(client, address)) for _round in range(rounds)) * 1000, 2)


def _seconds(act: Callable[[], Any]) -> float:
    start = perf_counter()
    act()
    return perf_counter() - start


def _make() -> None:
    kreds = create_tenant(_kreds(), is_demo=True)
    large = create_tenant(_kommune(LARGE, FORUMS), parent=kreds, is_demo=True)
    others = [create_tenant(_kommune(f"bench-{number}", 1), parent=kreds, is_demo=True) for number in range(KOMMUNER - 1)]
    for tenant in (kreds, large, *others):
        _sit_down(tenant)
    for tenant in (large, *others):
        with context_of(actor_of(visitors.user_of(USER), tenant.slug)):
            Release.objects.create(
                tenant=tenant, kind=Release.Kind.PLAN, title=f"Handleplan, {tenant.name}", period_from=date(2026, 1, 1), period_to=date(2027, 12, 31),
                payload={"summary": {"initiatives": ["Fælles regler for fester", "Trygge overgange"]}}, released_by=visitors.user_of(USER),
            )  # fmt: skip


def _sit_down(tenant: Tenant) -> None:
    """Who looks at the pages holds a seat there."""
    actor = setup_actor(tenant)
    with context_of(actor):
        seat = Seat.objects.filter(tenant=tenant).order_by("pk").first()
        assert seat is not None
        actions.hold_seat(seat, visitors.user_of(USER), actor=actor)


def _kreds() -> dict[str, Any]:
    seat = {"key": "formand", "role": "CHAIR", "title": "Politidirektør", "organisation": "politi"}
    forum = {"key": "kredsraad", "name": "Kredsråd", "level": "oeverst", "kind": "KREDSRAAD", "ceiling": "INTERNAL", "order": 1, "seats": [seat]}
    return {"tenant": {"name": "Bench Politi", "slug": KREDS, "kind": "POLITIKREDS"}, "levels": [_level("oeverst", 1)], "organisations": _organisations(), "forums": [forum]}


def _kommune(slug: str, forums: int) -> dict[str, Any]:
    """A styregruppe, and groups below it in districts; every fifth is nested in the one before it."""
    return {
        "tenant": {"name": slug.replace("-", " ").title(), "slug": slug}, "levels": [_level("koordinerende", 1), _level("udfoerende", 2)], "organisations": _organisations(),
        "areas": [{"key": f"omraade-{number}", "name": f"Område {number + 1}"} for number in range(AREAS)],
        "prevention_levels": [{"key": f"trin-{number}", "order": number, "name": f"Trin {number}"} for number in (1, 2, 3)],
        "forums": [_forum(number) for number in range(forums)],
    }  # fmt: skip


def _forum(number: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": f"forum-{number}", "name": f"Netværksgruppe {number}", "level": "udfoerende", "kind": "NETVAERK", "ceiling": "PERSON_115" if number % 3 else "INTERNAL",
        "order": number, "parent": f"forum-{number - 1 if number % 5 == 0 else 0}", "area": f"omraade-{number % AREAS}", "prevention_levels": ["trin-1", "trin-2"],
        "cadence": {"unit": "AFTER", "of": "forum-0"} if number % 4 == 0 else {"unit": "PER_YEAR", "number": 4},
        "seats": [{"key": f"plads-{seat}", "role": "MEMBER", "title": f"Medlem {seat}", "organisation": MARKS[seat % len(MARKS)][0]} for seat in range(SEATS_EACH)],
    }  # fmt: skip
    if number == 0:
        del row["parent"], row["area"]
        row |= {"name": "SSP-styregruppe", "level": "koordinerende", "kind": "STYREGRUPPE", "ceiling": "INTERNAL", "cadence": {"unit": "PER_YEAR", "number": 4}}
        row["seats"][0]["role"] = "COORDINATOR"  # may share with the politikreds
    return row


def _level(key: str, order: int) -> dict[str, Any]:
    return {"key": key, "name": key.title(), "order": order}


def _organisations() -> list[dict[str, Any]]:
    return [{"key": mark, "name": f"Myndighed {mark}", "mark": mark, "kind": kind} for mark, kind in MARKS]
