"""The form of a forum's cadence: first the form, then what belongs to it."""

from copy import copy
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.needed_when import say_when_needed
from municipalities.cadence_rules import faults, tidy
from municipalities.models import Forum

PREFIX = "cadence_"
NEEDED_WHEN = {  # the chosen form of the cadence decides, so that neither «optional» nor «required» would be true
    "number": _("needed, unless the date is set at the meeting"),
    "of": _("needed when it meets before or after another forum"),
}


@says_what_is_needed(unit=_("Choose how it is agreed."))
class CadenceForm(forms.Form):
    """How often a forum meets. Cleaned: `cadence`, the cadence_* fields of the model. Nothing is written here.

    `forums` are all forums of the tenant, which the relative forms choose among and which a ring is looked for in.
    """

    unit = forms.ChoiceField(label=_("How is it agreed?"), choices=Forum.CadenceUnit, widget=forms.RadioSelect)
    number = forms.IntegerField(
        label=_("Number"), min_value=0, required=False, help_text=_("3 meetings a year, or every 3 weeks or months."),
        error_messages={"min_value": _("Write a number from 1 up: nobody meets every 0 weeks.")},
    )  # fmt: skip
    qualifier = forms.ChoiceField(label=_("How exactly?"), choices=Forum.CadenceQualifier, widget=forms.RadioSelect, initial=Forum.CadenceQualifier.EXACTLY, required=False)
    extra = forms.IntegerField(label=_("Extra meetings a year"), min_value=0, required=False, help_text=_("Agreed beforehand, without a date: “and 1 extra”."))
    of = forms.ModelChoiceField(label=_("Which forum does it follow?"), queryset=Forum.objects.none(), to_field_name="public_id", required=False, empty_label=_("Choose a forum"))
    months = forms.TypedMultipleChoiceField(
        label=_("Only in these months"), choices=[(number, name) for number, name in MONTHS.items()], coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    week_from = forms.IntegerField(label=_("From week"), min_value=0, required=False)
    week_to = forms.IntegerField(label=_("To week, included"), min_value=0, required=False, help_text=_("For example 2 to 10, or 48 to 5 over New Year."))
    year_parity = forms.ChoiceField(label=_("Which years?"), choices=Forum.YearParity, widget=forms.RadioSelect, required=False)
    notice_days = forms.IntegerField(label=_("Days' notice"), min_value=0, required=False, help_text=_("How long before a meeting its members are called at the latest."))
    note = forms.CharField(label=_("Remark"), max_length=80, required=False, validators=[refuse_cpr], help_text=_("Stands after the rhythm. Begin with + to join it: “+ ad hoc”."))

    def __init__(self, *args: Any, forum: Forum, forums: list[Forum], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forum, self.forums = forum, forums
        self.fields["of"].queryset = Forum.objects.filter(pk__in=[other.pk for other in forums if other.pk != forum.pk]).in_order()  # type: ignore[attr-defined]  # a ModelChoiceField
        say_when_needed(self, **NEEDED_WHEN)
        self.fields["of"].error_messages["invalid_choice"] = _("Choose another forum of the kommune. A forum cannot meet before or after itself.")

    @staticmethod
    def initial_of(forum: Forum) -> dict[str, Any]:
        """What the form shows for the cadence as it is; a zero is shown as nothing."""
        shown = {name: getattr(forum, PREFIX + name) for name in ("unit", "qualifier", "months", "week_from", "week_to", "year_parity", "note")}
        counts = {name: getattr(forum, PREFIX + name) or None for name in ("number", "extra", "notice_days")}
        return {**shown, **counts, "of": forum.cadence_of.public_id if forum.cadence_of else None}

    def clean(self) -> dict[str, Any]:
        """Put the parts together and ask whether such a cadence can be."""
        data = super().clean() or {}
        if self.errors:
            return data
        data["cadence"] = tidy({PREFIX + name: self._value(data, name) for name in self.fields})
        tried = copy(self.forum)
        for name, value in data["cadence"].items():
            setattr(tried, name, value)
        for fault in faults(tried, {other.pk: other.cadence_of_id for other in self.forums}):
            self.add_error(fault.field.removeprefix(PREFIX), fault.sentence)
        return data

    @staticmethod
    def _value(data: dict[str, Any], name: str) -> Any:
        if name in ("number", "extra", "notice_days"):
            return data[name] or 0
        return data[name] or Forum.CadenceQualifier.EXACTLY if name == "qualifier" else data[name]
