"""What may stand in a preset file, section by section: which keys, which of them must be there, and of what type."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Shape(NamedTuple):
    """A table of a preset: the keys that must be there, those that may, and the tables inside it."""

    must: Mapping[str, type]
    may: Mapping[str, type] = {}
    inside: Mapping[str, Any] = {}  # key -> the Shape of the table or of each table in the list


CADENCE = Shape(
    {"unit": str},
    {"number": int, "qualifier": str, "extra": int, "note": str, "of": str, "months": list, "parity": str, "week_from": int, "week_to": int, "notice_days": int},
)
SEAT = Shape({"key": str, "role": str, "title": str, "organisation": str}, {"kind": str, "deputy_for": str, "vote": bool, "duties": list})
FORUM = Shape(
    {"key": str, "name": str, "level": str, "kind": str, "ceiling": str, "order": int, "purpose": str},
    {
        "parent": str, "area": str, "each_area": bool, "minor": bool, "target_ages": str, "prevention_levels": list, "cadence": dict, "convening": str,
        "chairing": str, "chair_text": str, "minutes_are_public": bool, "seats": list,
    },
    {"cadence": CADENCE, "seats": SEAT},
)  # fmt: skip
ITEM = Shape(
    {"title": str},
    {"presenter": str, "presenter_kind": str, "minutes": int, "kind": str, "data_class": str, "optional": bool, "fill": str, "items": list},
)
ITEM = ITEM._replace(inside={"items": ITEM})
FIELD = Shape({"key": str, "scope": str, "label": str, "order": int, "kind": str, "required": bool}, {"help": str})
PLAN = Shape(
    {"key": str, "name": str, "period_years": int, "start_month": int, "parity": str, "min": int, "max": int, "followup_months": int, "fields": list},
    {"steps": list},
    {"fields": FIELD},
)

SECTIONS: Mapping[str, Shape] = {
    "tenant": Shape({"name": str, "slug": str}, {"code": str, "kind": str, "parent": str, "politikreds": str, "prevention": str}),
    "prevention_levels": Shape({"key": str, "name": str, "order": int}, {"ssp_role": str}),
    "levels": Shape({"key": str, "name": str, "order": int}),
    "areas": Shape({"key": str, "name": str}, {"kind": str, "parent": str}),
    "organisations": Shape({"key": str, "name": str, "kind": str, "mark": str}),
    "forums": FORUM,
    # how the politikreds' Kredsråd works, where the kommune's own paper says so; used when the politikreds is made with the kommune
    "kredsraad": Shape({"cadence": dict}, {"purpose": str, "convening": str, "chairing": str, "chair_text": str}, {"cadence": CADENCE}),
    "agenda_templates": Shape({"key": str, "forum": str, "name": str, "items": list}, {"meeting_numbers": list}, {"items": ITEM}),
    "plan_template": PLAN,
    # what happens on a level, on a band of the prevention model
    "matrix": Shape({"level": str, "prevention_level": str, "text": str}),
    "trin": Shape({"name": str, "steps": list}, {"placed_by": str}, {"steps": Shape({"key": str, "name": str}, {"text": str})}),
    "catalogue": Shape({"title": str, "levels": list}, {"text": str, "grades": str, "responsible": str, "material": str}),
    # funktionsbeskrivelser: in one forum, or in all of a kind
    "functions": Shape({"title": str, "organisation": str, "tasks": str, "duties": str}, {"forum": str, "kind": str}),
    # what is only so in the preset's own kommune, and how another begins with it
    "elsewhere": Shape({"text": str, "becomes": str}),
    "sparring": Shape({"title": str, "text": str, "steps": list}, {"phone": str, "mail": str, "hours": str}),
}
LISTS = frozenset({"prevention_levels", "levels", "areas", "organisations", "forums", "agenda_templates", "matrix", "catalogue", "functions", "elsewhere"})
FREE = frozenset({"terms"})  # word -> word
