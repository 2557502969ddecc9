"""A form that knows what it was opened on, so that two administrators at once do not overwrite each other in silence."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import Model

from access.cpr import refuse_cpr
from access.one_line import refuse_breaks
from municipalities.versions import fingerprint


class SeenForm(forms.Form):
    """A form with the fingerprint of its row in a hidden field. No text of the set-up holds a CPR number."""

    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    is_new = True

    def open_on(self, row: Model, but: Collection[str] = ()) -> None:
        """Say which row the form is about; one without an id is new. `but`: columns that it has nothing to do with."""
        self.open_at(fingerprint(row, but) if row.pk else None)

    def open_at(self, version: str | None) -> None:
        """The same with a version that is no single row's."""
        self.is_new = version is None
        self.fields["seen"].initial = version or ""
        self.order_fields([name for name in self.fields if name != "seen"])  # hidden and last: no gap above the first field
        for field in self.fields.values():
            if type(field) is forms.CharField and refuse_cpr not in field.validators:
                field.validators.append(refuse_cpr)
            if type(field) is forms.CharField and not isinstance(field.widget, forms.Textarea):
                field.validators.append(refuse_breaks)

    @property
    def version(self) -> str | None:
        """What the form was opened on; None for a new row."""
        return None if self.is_new else str(self.cleaned_data["seen"])

    def stand_on(self, version: str) -> None:
        """After a refusal: what was typed stays, and saving again is a choice made with open eyes."""
        data: Any = self.data
        data = data.copy()
        data["seen"] = version
        self.data = data
