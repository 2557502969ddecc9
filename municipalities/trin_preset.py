"""The trin scale of a preset: its steps in their order; a scale without steps is the kommune's own to write."""

from municipalities.models import Trin
from municipalities.presets import Made


def load_trin(made: Made) -> None:
    """One row for each step of the preset's scale, and who places on it."""
    made.tenant.trin_placed_by = made.preset["trin"].get("placed_by", "")
    made.tenant.save(update_fields=["trin_placed_by"])
    for number, step in enumerate(made.preset["trin"]["steps"], start=1):
        Trin.objects.create(tenant=made.tenant, number=number, name=step["name"], description=step.get("text", ""))
