"""The catalogue of indsatser: what stands on which step, and who may write it."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from access.actor import Actor
from access.roles import Verb
from municipalities.models import PreventionLevel, Tenant
from plans.models import CatalogueEntry, CatalogueEntryLevel

WRITERS = (Verb.EDIT_PLANS, Verb.MANAGE_TENANT)
FIELDS = ("title", "description", "grades", "material", "responsible", "review_on")


@dataclass
class Step:
    """One step of the prevention model with its entries; the last one, without a level, holds those that stand nowhere."""

    level: PreventionLevel | None
    number: int
    entries: list[CatalogueEntry] = field(default_factory=list)


def may_write(actor: Actor) -> bool:
    """Who writes plans, or sets up the kommune."""
    return any(actor.holds(verb) for verb in WRITERS)


def steps_of(tenant_id: int) -> list[Step]:
    """The steps in order, each with its entries; an entry may stand on several. Three queries."""
    steps = [Step(level, number) for number, level in enumerate(PreventionLevel.objects.filter(tenant_id=tenant_id).order_by("order", "pk"), start=1)]
    nowhere = Step(None, 0)
    for entry in CatalogueEntry.objects.filter(tenant_id=tenant_id).prefetch_related("levels"):
        on = {level.pk for level in entry.levels.all()}
        for step in [step for step in steps if step.level and step.level.pk in on] or [nowhere]:
            step.entries.append(entry)
    return steps + ([nowhere] if nowhere.entries else [])


def save_entry(entry: CatalogueEntry | None, *, actor: Actor, levels: list[PreventionLevel], **values: Any) -> CatalogueEntry:
    """Write a new entry or change one, and put it on its steps."""
    if not may_write(actor):
        raise PermissionDenied(_("Only those who write plans or set up the kommune can change the catalogue."))
    found = CatalogueEntry.objects.select_for_update().get(pk=entry.pk) if entry else CatalogueEntry(tenant_id=actor.tenant_id)
    for name in FIELDS:
        setattr(found, name, values[name])
    found.save()
    CatalogueEntryLevel.objects.filter(entry=found).exclude(prevention_level__in=levels).delete()
    present = set(CatalogueEntryLevel.objects.filter(entry=found).values_list("prevention_level_id", flat=True))
    for level in levels:
        if level.pk not in present:
            CatalogueEntryLevel.objects.create(tenant_id=found.tenant_id, entry=found, prevention_level=level)
    return found


def remove_entry(entry: CatalogueEntry, *, actor: Actor) -> None:
    """Take an entry out of the catalogue."""
    if not may_write(actor):
        raise PermissionDenied(_("Only those who write plans or set up the kommune can change the catalogue."))
    entry.delete()


def shape_of(tenant_id: int) -> str:
    """How the kommune draws its prevention model."""
    return Tenant.objects.values_list("prevention_shape", flat=True).get(pk=tenant_id)
