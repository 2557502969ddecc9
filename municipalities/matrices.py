"""The matrix of levels and prevention as a table. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from municipalities.models import Level, MatrixCell, PreventionLevel


@dataclass(frozen=True)
class MatrixRow:
    """A band of the prevention model, and its text on each level."""

    band: PreventionLevel
    cells: Sequence[tuple[Level, str]]


@dataclass(frozen=True)
class Matrix:
    """Levels across, bands down, the highest first."""

    levels: Sequence[Level]
    rows: Sequence[MatrixRow]

    @property
    def is_empty(self) -> bool:
        """True when nothing has been written."""
        return not any(text for row in self.rows for _level, text in row.cells)


def matrix_of(tenant_id: int) -> Matrix:
    """The tenant's matrix. Three queries."""
    levels = list(Level.objects.filter(tenant_id=tenant_id).order_by("order", "pk"))
    bands = PreventionLevel.objects.filter(tenant_id=tenant_id).order_by("-order", "-pk")
    texts = {(cell.level_id, cell.prevention_level_id): cell.text for cell in MatrixCell.objects.filter(tenant_id=tenant_id)}
    return Matrix(levels, [MatrixRow(band, [(level, texts.get((level.pk, band.pk), "")) for level in levels]) for band in bands])
