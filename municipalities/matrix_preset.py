"""The matrix of a preset: what happens on each level, on each band of its prevention model (`[[matrix]]`)."""

from municipalities.models import MatrixCell
from municipalities.presets import Made


def load_matrix(made: Made) -> None:
    """One row for each cell that the file writes."""
    for row in made.preset["matrix"]:
        level, band = made.levels[row["level"]], made.prevention_levels[row["prevention_level"]]
        MatrixCell.objects.create(tenant=made.tenant, level=level, prevention_level=band, text=row["text"])
