"""The lists of the set-up that work alike: levels, areas, organisations, bands of the prevention model, trin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from municipalities.models import Area, Level, Organisation, PreventionLevel, Trin
from municipalities.structure_forms import AreaForm, LevelForm, OrganisationForm, PartForm, PreventionLevelForm, TrinForm


@dataclass(frozen=True)
class Noun:
    """One list: its address, its rows, its form, and what is said on its pages."""

    key: str  # of the routes: level_list, level_edit, level_move, level_remove
    address: str
    model: type[Any]
    form: type[PartForm]
    title: Any
    lead: Any
    new: Any  # the heading above the form for one more
    headings: tuple[Any, ...]  # of the columns after the name
    cells: Callable[[Any], tuple[Any, ...]]
    rows: Callable[[QuerySet[Any]], QuerySet[Any]]
    is_ordered: bool = False
    is_from_top: bool = False  # the list stands as it is drawn: the last in the order on top


def _tree(area: Any) -> str:
    return str(area.parent or "")


NOUNS = (
    Noun(
        "level", "niveauer", Level, LevelForm, _("Levels"), _("The tiers of the organisation, from the top. The names are free: what a forum may do does not hang on them."),
        _("Add a level"), (_("Forums"),), lambda row: (row.count,), lambda rows: rows.annotate(count=Count("forums")).order_by("order", "pk"), True,
    ),
    Noun(
        "area", "omraader", Area, AreaForm, _("Areas"), _("Districts, places and schools that a forum can cover. An area may be a part of another one."),
        _("Add an area"), (_("Kind"), _("Is a part of"), _("Forums")), lambda row: (row.get_kind_display(), _tree(row), row.count),
        lambda rows: rows.select_related("parent").annotate(count=Count("forums")).order_by("name"),
    ),
    Noun(
        "organisation_part", "organisationer", Organisation, OrganisationForm, _("Organisations"),
        _("Who sends people to the forums. The kind decides who may be near person data."), _("Add an organisation"),
        (_("Kind"), _("Mark"), _("Seats")), lambda row: (row.get_kind_display(), row.get_mark_display(), row.count),
        lambda rows: rows.annotate(count=Count("seats")).order_by("name", "pk"),
    ),
    Noun(
        "band", "forebyggelse", PreventionLevel, PreventionLevelForm, _("Prevention model"),
        _("The bands of the model, as they are drawn, and what SSP does on each. A new one is put on top."),
        _("Add a band"), (_("What SSP does here"),), lambda row: (row.ssp_role,), lambda rows: rows.order_by("-order", "-pk"), True, True,
    ),
    Noun(
        "trin", "trin", Trin, TrinForm, _("Trin scale"), _("How far a concern has come, and which forum handles it. Leave the scale empty if the kommune has none."),
        _("Add a trin"), (_("Description"), _("Handled by")), lambda row: (row.description, ", ".join(forum.name for forum in row.forums.all())),
        lambda rows: rows.prefetch_related("forums").order_by("number"),
    ),
)  # fmt: skip
