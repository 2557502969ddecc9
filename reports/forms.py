"""Which half-year the report is about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from access.needed import says_what_is_needed
from reports.periods import HalfYear, ended_half_years


@says_what_is_needed(period=_("Choose the half-year."))
class OrderForm(forms.Form):
    """One of the half-years that have ended."""

    period = forms.TypedChoiceField(label=_("Half-year"), coerce=HalfYear.parse, help_text=_("Only half-years that have ended can be chosen."))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        self.fields["period"].choices = [(half_year.key, half_year.label) for half_year in ended_half_years()]  # type: ignore[attr-defined]  # a choice field
