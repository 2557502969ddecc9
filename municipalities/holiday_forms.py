"""Forms of the school holidays."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.needed import says_what_is_needed
from municipalities.models import SchoolHoliday

LONGEST = 100  # days
DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


@says_what_is_needed(name=_("Write the name."), starts_on=_("Choose the first day."), ends_on=_("Choose the last day."))
class HolidayForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A name and two days of one kommune."""

    starts_on = forms.DateField(label=_("First day"), validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    class Meta:
        model = SchoolHoliday
        fields = ["name", "starts_on", "ends_on"]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and no other row of the kommune is the same."""
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        elif first and last and (last - first).days > LONGEST:
            self.add_error("ends_on", _("A holiday lasts at most %(n)s days. Is the year right?") % {"n": LONGEST})
        if first and self._is_there(data.get("name", ""), first):
            self.add_error("name", _("This holiday is there already."))
        return data

    def _is_there(self, name: str, first: date) -> bool:
        same = SchoolHoliday.objects.filter(tenant_id=self.instance.tenant_id, name=name, starts_on=first)
        return same.exclude(pk=self.instance.pk).exists()


@says_what_is_needed(year=_("Choose the year."))
class YearForm(forms.Form):
    """Which year gets the usual holidays: this one, or one of the next two."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in range(this, this + 3)]  # type: ignore[attr-defined]  # a TypedChoiceField
