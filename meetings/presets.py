"""The standing agendas of a preset: `[[agenda_templates]]`."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from meetings.models import AgendaTemplate, AgendaTemplateItem, Fill, ItemKind, PresenterKind
from municipalities.presets import Made

MINUTES = 10


def load_agendas(made: Made) -> None:
    """Make every standing agenda with its items and sub-items, in the order in which they are written."""
    for row in made.preset["agenda_templates"]:
        template = AgendaTemplate.objects.create(
            tenant=made.tenant, forum=made.forums[row["forum"]], name=row["name"], meeting_numbers=row.get("meeting_numbers", [])
        )
        _make_items(template, row["items"], count(1))


def _make_items(template: AgendaTemplate, rows: Iterable[dict[str, Any]], order: "count[int]", parent: AgendaTemplateItem | None = None) -> None:
    for row in rows:
        item = AgendaTemplateItem.objects.create(
            tenant=template.tenant, template=template, parent=parent, order=next(order), title=row["title"], presenter=row.get("presenter", ""),
            presenter_kind=PresenterKind(row.get("presenter_kind", "ROLE")), is_optional=row.get("optional", False), fill=Fill(row.get("fill", "")),
            duration=row.get("minutes", MINUTES), kind=ItemKind(row.get("kind", "ORIENTERING")), data_class=row.get("data_class", "INTERNAL"),
        )  # fmt: skip
        _make_items(template, row.get("items", []), order, item)
