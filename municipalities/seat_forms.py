"""Input of the pages about seats."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.models import User
from access.needed import says_what_is_needed
from access.roles import Duty, SeatRole
from access.tenants import people_of
from municipalities.election_forms import held
from municipalities.formulas import refuse_formula
from municipalities.models import Forum, Organisation, Seat
from municipalities.people import invited_names
from municipalities.places import current_of
from municipalities.terms import role_choices

NOBODY = "ingen"


class PersonField(forms.ChoiceField):
    """A person of the kommune, by public id, or one of the choices that lead. Cleaned: a User, or None."""

    def __init__(self, tenant_id: int, *, leading: Sequence[tuple[str, Any]] = (("", _("Nobody: the seat is vacant")),), **kwargs: Any) -> None:
        self.people = {user.public_id: user for user in people_of(tenant_id) if user.is_active and not user.is_system}
        names = invited_names(tenant_id)
        choices = sorted(((key, names.get(user.pk, user.name)) for key, user in self.people.items()), key=lambda choice: choice[1])
        super().__init__(choices=[*leading, *choices], **{"required": False, **kwargs})

    def clean(self, value: Any) -> User | None:
        """The person behind the choice."""
        return self.people.get(super().clean(value))


class DayField(forms.DateField):
    """A day. Cleaned: the moment it begins in Denmark, or None."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        """Midnight of the day."""
        day = super().clean(value)
        return timezone.make_aware(datetime.combine(day, time())) if day else None


@says_what_is_needed(title=_("Write the title."), organisation=_("Choose the organisation."), role=_("Choose the role in the forum."), kind=_("Choose how firm the seat is."))
class SeatForm(forms.Form):
    """What a seat is. Cleaned: as `seat_actions` takes it."""

    title = forms.CharField(label=_("Title"), max_length=120, validators=[refuse_cpr, refuse_formula], help_text=_("What the holder is there, in the kommune's own words."))
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None)
    role = forms.ChoiceField(label=_("Role in the forum"), choices=SeatRole, initial=SeatRole.MEMBER, help_text=_("The role decides what the holder may see and do."))
    kind = forms.ChoiceField(label=_("How firm the seat is"), choices=Seat.Kind)
    deputy_for = forms.ModelChoiceField(label=_("Deputy for"), queryset=Seat.objects.none(), required=False, empty_label=_("No particular seat"))
    has_vote = forms.BooleanField(label=_("Has a vote"), required=False, initial=True)
    duties = forms.MultipleChoiceField(label=_("May also"), choices=Duty, required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Beyond what the role gives."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, forum: Forum, terms: Mapping[str, str], seat: Seat | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(terms)  # type: ignore[attr-defined]  # a ChoiceField
        others = Seat.objects.current().filter(forum=forum, deputy_for=None).select_related("organisation").order_by("pk")
        self.fields["organisation"].queryset = Organisation.objects.filter(tenant_id=forum.tenant_id).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["deputy_for"].queryset = others.exclude(pk=seat.pk) if seat else others  # type: ignore[attr-defined]  # a ModelChoiceField

    @staticmethod
    def initial_of(seat: Seat) -> dict[str, Any]:
        """What the form shows for a seat that is there."""
        same = {name: getattr(seat, name) for name in ("title", "organisation", "role", "kind", "has_vote", "seen")}
        chief = current_of(seat.deputy_for) if seat.deputy_for else None  # somebody may have got the place since
        return {**same, "deputy_for": chief, "duties": list(seat.duties)}

    def clean_role(self) -> SeatRole:
        """As the enum."""
        return SeatRole(self.cleaned_data["role"])

    def clean_duties(self) -> list[Duty]:
        """As the enum."""
        return [Duty(duty) for duty in self.cleaned_data["duties"]]

    def clean(self) -> dict[str, Any]:
        """Only a deputy stands in for a seat."""
        data = super().clean() or {}
        if data.get("deputy_for") and data.get("kind") != Seat.Kind.DEPUTY:
            self.add_error("kind", _("Choose Deputy when the seat stands in for another."))
        return data


class NewSeatForm(SeatForm):
    """A new seat, vacant or held from today."""

    def __init__(self, *args: Any, forum: Forum, **kwargs: Any) -> None:
        super().__init__(*args, forum=forum, **kwargs)
        del self.fields["seen"]
        senders: Any = self.fields["organisation"]
        senders.empty_label = _("Choose an organisation") if senders.queryset.count() > 1 else None
        self.fields["user"] = PersonField(forum.tenant_id, label=_("Who holds it"))


class UntilForm(forms.Form):
    """Until when the one who holds a seat has it."""

    valid_to = DayField(label=_("Until"), required=False, help_text=_("Empty: until it is ended. Access ends when this day begins."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        last = localtime(seat.valid_to).date() if seat.valid_to else None
        super().__init__(*args, **{"initial": {"seen": seat.seen, "valid_to": last}, "auto_id": "til-%s", **kwargs})

    def clean(self) -> dict[str, Any]:
        """The day is to come, and after the first."""
        data = super().clean() or {}
        ends, begins = data.get("valid_to"), data.get("valid_from")
        if ends and ends <= timezone.now():
            self.add_error("valid_to", _("The day is not a coming day. Choose tomorrow or later."))
        elif ends and begins and ends <= begins:
            self.add_error("valid_to", _("The seat ends before it begins. Choose a later day."))
        return data


class HolderForm(UntilForm):
    """Who is to hold a seat, from when to when. Nothing of the one who holds it now is filled in: his last day is not the next one's."""

    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from now on. Until a coming day, whoever holds it keeps it."))
    field_order = ["user", "valid_from", "valid_to", "seen"]

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        first = localtime(seat.valid_from).date() if seat.valid_from > timezone.now() else None
        super().__init__(*args, seat=seat, **{"initial": {"seen": seat.seen, "valid_from": first}, "auto_id": "indehaver-%s", **kwargs})
        leading = [("", _("Choose a person")), *([(NOBODY, _("Nobody: the seat is vacant"))] if seat.user else [])]
        self.fields["user"] = PersonField(
            seat.tenant_id, leading=leading, label=_("Who holds it"), required=True, error_messages={"required": _("Choose who is to hold the seat.")}
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """A period runs forwards, and does not begin in the past."""
        data = super().clean()
        begins = data.get("valid_from")
        if begins and begins < timezone.now():
            data["valid_from"] = None if begins.date() == timezone.localtime().date() else begins
            if data["valid_from"]:
                self.add_error("valid_from", _("The day has passed. Choose today or a coming day."))
        return data


@says_what_is_needed(on=_("Choose the day of the election."))
class ElectionForm(forms.Form):
    """The day the forum elected the holder to its chair."""

    on = forms.DateField(label=_("Elected on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "valg-%s", **kwargs})

    def clean_on(self) -> Any:
        """An election has been held."""
        return held(self.cleaned_data["on"])
