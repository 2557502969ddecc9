"""Input of the pages about people."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PledgeForm(forms.Form):
    """One checkbox: I have read it, and I accept."""

    accepted = forms.BooleanField(
        label=_("I have read this, and I will keep it"), error_messages={"required": _("Tick the box if you accept. Without it you cannot see anything about a person.")}
    )
