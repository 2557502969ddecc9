"""The form of an election."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.needed import says_what_is_needed
from access.roles import NO_DUTIES, SeatRole
from municipalities.models import Forum, Seat

OLDEST = timedelta(days=3653)


def held(day: date) -> date:
    """The day of an election, which has been held, and not in another time. Raises ValidationError."""
    today = timezone.localdate()
    if day > today:
        raise forms.ValidationError(_("The day lies ahead. Write the day the election was held."))
    if day < today - OLDEST:
        raise forms.ValidationError(_("The day lies more than ten years back. Write the day the election was held."))
    return day


class HeldSeatField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Seats that are held, each named by its holder."""

    widget = forms.RadioSelect

    def label_from_instance(self, obj: Any) -> str:
        """«Anna Berg, SSP-kontaktperson»."""
        return f"{obj.user}, {obj.title}"


@says_what_is_needed(seat=_("Choose who was elected."), elected_on=_("Choose the day of the election."))
class ChairForm(forms.Form):
    """Whom the forum has elected, and on which day."""

    seat = HeldSeatField(label=_("Who was elected?"), queryset=Seat.objects.none(), to_field_name="public_id", empty_label=None)
    elected_on = forms.DateField(label=_("Elected on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, forum: Forum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Seat.objects.current().filter(tenant_id=forum.tenant_id, forum=forum, user__isnull=False).exclude(role__in=[*NO_DUTIES, SeatRole.CHAIR])
        self.fields["seat"].queryset = held.select_related("user", "organisation").order_by("pk")  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_elected_on(self) -> date:
        """An election has been held."""
        return held(self.cleaned_data["elected_on"])
