"""The form of the matrix: one text a cell."""

from typing import Any

from django import forms

from municipalities.matrices import Matrix
from municipalities.seen_form import SeenForm

LONGEST = 1000


class MatrixForm(SeenForm):
    """Cleaned: `texts`, (level id, band id) -> text."""

    def __init__(self, *args: Any, matrix: Matrix, version: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matrix = matrix
        for row in matrix.rows:
            for level, text in row.cells:
                field = forms.CharField(label=f"{row.band.name}, {level.name}", max_length=LONGEST, required=False, initial=text, widget=forms.Textarea(attrs={"rows": 4}))
                self.fields[self._name(level.public_id, row.band.public_id)] = field
        self.open_at(version)

    @staticmethod
    def _name(level: str, band: str) -> str:
        return f"c-{level}-{band}"

    @property
    def rows(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField]]]]:
        """Each band with its fields, level by level."""
        return [(row.band, [(level, self[self._name(level.public_id, row.band.public_id)]) for level, _text in row.cells]) for row in self.matrix.rows]

    @property
    def texts(self) -> dict[tuple[int, int], str]:
        """What was written."""
        return {
            (level.pk, row.band.pk): self.cleaned_data[self._name(level.public_id, row.band.public_id)].replace("\r\n", "\n").strip()
            for row in self.matrix.rows
            for level, _text in row.cells
        }
