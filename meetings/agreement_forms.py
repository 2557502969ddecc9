"""The form on the page of one agreement. Nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.cpr import refuse_cpr
from meetings.forms import DAYS
from meetings.models import AgreementStep

Kind = AgreementStep.Kind
ACTS = [(Kind.DONE, pgettext_lazy("agreement", "It is done")), (Kind.MOVED, _("It gets a new day")), (Kind.DROPPED, _("It is dropped"))]


class AgreementStepForm(forms.Form):
    """Done, moved or dropped. A new day belongs to a move; a remark says why something is moved or dropped."""

    kind = forms.ChoiceField(label=_("What became of it?"), choices=ACTS, widget=forms.RadioSelect)
    due_on = forms.DateField(
        label=_("New day"), required=False, validators=DAYS, help_text=_("Only when it gets a new day."), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=300, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when it is moved or dropped. No names of children."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What each act needs."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == Kind.MOVED and "due_on" in data and not data["due_on"]:
            self.add_error("due_on", _("Choose the new day."))
        if kind in (Kind.MOVED, Kind.DROPPED) and "remark" in data and not data["remark"]:
            self.add_error("remark", _("Write why, in a sentence."))
        return data
