"""Input of the pages about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.needed_when import say_when_needed
from access.one_line import refuse_breaks
from municipalities.formulas import refuse_formula
from municipalities.models import Seat
from municipalities.people_file import MOST_BYTES, too_large


class PledgeForm(forms.Form):
    """One checkbox: I have read it, and I accept."""

    accepted = forms.BooleanField(
        label=_("I have read this, and I will keep it"), error_messages={"required": _("Tick the box if you accept. Without it you cannot see anything about a person.")}
    )


class SeatsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Vacant seats, each named with its forum."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """«SSP Grundskole · SSP-kontaktperson, Hedeskolen»."""
        return f"{obj.forum} · {obj}"


@says_what_is_needed(name=_("Write the name."), email=_("Write the e-mail address."))
class InviteForm(forms.Form):
    """Who is invited, and the vacant seats he will hold; or that he is to hold none."""

    name = forms.CharField(label=_("Name"), max_length=100, validators=[refuse_cpr, refuse_breaks, refuse_formula])
    email = forms.EmailField(label=_("E-mail address"), max_length=150, help_text=_("The work address. The link to log in is sent to it."))
    seats = SeatsField(label=_("Seats"), queryset=Seat.objects.none(), required=False)
    is_reader = forms.BooleanField(
        label=_("Without a seat"), required=False,
        help_text=_("Sees the organisation, the prevention model, approved plans, the catalogue and sparring. Sees no agenda, no minutes, no case, and nothing about a child."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vacant = Seat.objects.current().filter(tenant_id=actor.tenant_id, user=None).select_related("forum", "organisation")
        self.fields["seats"].queryset = vacant.order_by("forum__level__order", "forum__order", "pk")  # type: ignore[attr-defined]
        say_when_needed(self, seats=_("needed, unless the person is to be without a seat"))
        if not vacant:
            del self.fields["seats"]
            self.fields["is_reader"].initial = True

    def clean(self) -> dict[str, Any]:
        """Seats, or none: which of the two is said, so that nobody is left without a seat by oversight."""
        data = super().clean() or {}
        seats, is_reader = data.setdefault("seats", []), data.get("is_reader")
        if seats and is_reader:
            self.add_error("is_reader", _("You have chosen a seat too. Choose one of the two."))
        elif not seats and not is_reader and "seats" not in self.errors:
            self.add_error("seats" if "seats" in self.fields else "is_reader", _("Choose at least one seat, or that the person is to be without one."))
        return data

    def clean_name(self) -> str:
        """One space between the words."""
        return " ".join(self.cleaned_data["name"].split())


class PeopleFileForm(forms.Form):
    """A file of people; what stands in it is judged by `municipalities.people_file`."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, at most 5 MB."), allow_empty_file=True, error_messages={"required": _("Choose a file.")})

    def clean_file(self) -> Any:
        """Too large is said before anything of it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(too_large())
        return upload


class SignForm(forms.Form):
    """What the chair adds, and which list he has read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=500, validators=[refuse_cpr], help_text=_("About the seats. Nothing about a child."))


@says_what_is_needed(seat=_("Choose the seat."))
class EndingForm(forms.Form):
    """A seat of the list, and why it should end."""

    seat = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = forms.CharField(required=False, max_length=200, validators=[refuse_cpr])
