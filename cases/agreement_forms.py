"""What people type about an aftale in a case: as in the minutes of a meeting, and by who may open the case."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import FreeTextForm
from meetings import agreement_forms
from meetings.agreement_forms import day_hint, read_agreement
from meetings.who import People
from municipalities.models import Seat


class AgreementForm(FreeTextForm):
    """An aftale in one line: who, what, by when, as in the minutes. Cleaned: `parties`, `what`, `due_on`; `confirmed` is the day that was asked back and accepted."""

    who = forms.CharField(label=_("Who"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "data-several": True}))
    what = forms.CharField(label=_("Does what"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    due = forms.CharField(label=_("By when"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    meeting = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seats: Iterable[Seat], along: str = "", **kwargs: Any) -> None:
        """`along`: the id of the form that the line is sent with, until the script makes it a form of its own."""
        super().__init__(*args, **{**kwargs, "prefix": "aftale"})
        self.people = People(seats)
        self.understood: Any = None
        self.fields["who"].widget.attrs["list"] = f"{self.prefix}-deltagere"
        for field in self.fields.values() if along else ():
            field.widget.attrs["form"] = along

    @property
    def day_hint(self) -> str:
        """Ways to say a day."""
        return day_hint()

    @property
    def is_typed(self) -> bool:
        """True when something stands in the line that was sent."""
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in ("who", "what", "due"))

    def clean(self) -> dict[str, Any]:
        """Read who and the day; only who may open the case can be named."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            read_agreement(self, data, self.people)
        return data


class AgreementStepForm(agreement_forms.AgreementStepForm):
    """Done, moved or dropped, as of an agreement of a meeting; the remark stands behind the ticket."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].help_text = _("Only what is needed.")


class HandOverForm(agreement_forms.HandOverForm):
    """Who is responsible from now on: of those who may open the case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].help_text = _("A name, several names, or a seat. Only who may open the case.")
        self.fields["remark"].help_text = _("Only what is needed.")
