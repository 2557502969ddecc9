"""What people type about an aftale in a case: as in the minutes of a meeting, and by who may open the case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import FreeTextForm
from meetings import agreement_forms
from meetings.agreement_forms import AgreementLine


class AgreementForm(AgreementLine, FreeTextForm):
    """An aftale in one line, as in the minutes; only who may open the case can be named."""

    who = forms.CharField(label=_("Who"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "data-several": True}))
    what = forms.CharField(label=_("Does what"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    due = forms.CharField(label=_("By when"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    meeting = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "aftale"})
        self.fields["who"].widget.attrs["list"] = f"{self.prefix}-deltagere"

    @property
    def is_typed(self) -> bool:
        """True when something stands in the line that was sent."""
        return any(str(self[name].value() or "").strip() for name in ("who", "what", "due"))


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
