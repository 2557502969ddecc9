"""Whom to appoint, as what, and why. Nothing is written here."""


from django import forms
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.one_line import refuse_breaks
from municipalities.appointment_wishes import AppointmentError, refuse_address
from municipalities.formulas import refuse_formula
from municipalities.models import ASKED_FOR

ROLES = [(role.value, role.label) for role in ASKED_FOR]


@says_what_is_needed(name=_("Write the name."), email=_("Write the e-mail address."))
class AppointeeForm(forms.Form):
    """A person by name and work address."""

    name = forms.CharField(label=_("Name"), max_length=100, validators=[refuse_cpr, refuse_breaks, refuse_formula])
    email = forms.EmailField(label=_("E-mail address"), max_length=150, help_text=_("The work address. The link to log in is sent to it."))

    def clean_name(self) -> str:
        """One space between the words."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        """In small letters, as accounts have it; a person's."""
        email: str = self.cleaned_data["email"].lower()
        refuse_cpr(email)
        try:
            refuse_address(email)
        except AppointmentError as error:
            raise forms.ValidationError(str(error)) from None
        return email


@says_what_is_needed(role=_("Choose as what."), reason=_("Write why. Whoever approves it reads this."))
class AppointForm(AppointeeForm):
    """The wish of an administrator: who, as what, why."""

    role = forms.ChoiceField(label=_("As"), choices=ROLES, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why?"), max_length=300, validators=[refuse_cpr, refuse_breaks], help_text=_("Whoever approves it reads this."))
    field_order = ("role", "name", "email", "reason")
