"""What the secretary writes: the sections of the samarbejdsplan, the year, the meeting at which it was discussed."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.needed import says_what_is_needed
from meetings.models import Meeting
from plans.cooperation import Sections, meetings_to_choose, version_of
from plans.forms import PlainText
from plans.models import CooperationPlan

SECTIONS_MAX = 12


class SectionsForm(forms.Form):
    """Heading and text of each section; one more pair than there are. A pair without both is left out."""

    use_required_attribute = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, plan: CooperationPlan) -> None:
        super().__init__(data, initial={"seen": version_of(plan)})
        self.count = min(len(plan.sections) + 1, SECTIONS_MAX)
        for n in range(self.count):
            section = plan.sections[n] if n < len(plan.sections) else {"heading": "", "text": ""}
            self.fields[f"heading_{n}"] = PlainText(label=_("Heading %(n)s") % {"n": n + 1}, max_length=120, required=False, initial=section["heading"])
            self.fields[f"text_{n}"] = PlainText(label=_("Text %(n)s") % {"n": n + 1}, rows=6, required=False, initial=section["text"])

    def clean(self) -> dict[str, Any]:
        """A text needs a heading."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(self.count):
            if data.get(f"text_{n}") and not data.get(f"heading_{n}"):
                self.add_error(f"heading_{n}", _("Write a heading for this text."))
        return data

    def sections(self) -> Sections:
        """The sections as they are stored."""
        pairs = ((self.cleaned_data[f"heading_{n}"].strip(), self.cleaned_data[f"text_{n}"].strip()) for n in range(self.count))
        return [{"heading": heading, "text": text} for heading, text in pairs if heading]


@says_what_is_needed(year=gettext_lazy("Choose the year."))
class YearForm(forms.Form):
    """Which year a plan is begun for."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)

    def __init__(self, data: Any, *, years: list[int]) -> None:
        super().__init__(data)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]  # a choice field


@says_what_is_needed(meeting=gettext_lazy("Choose the meeting."))
class DiscussedForm(forms.Form):
    """At which meeting of the Kredsråd it was discussed."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=gettext_lazy("Discussed at"), to_field_name="public_id", empty_label=None)

    def __init__(self, data: Any, *, plan: CooperationPlan) -> None:
        super().__init__(data)
        field: Any = self.fields["meeting"]
        field.queryset = meetings_to_choose(plan)
        field.label_from_instance = lambda meeting: _("The meeting on %(day)s") % {"day": date_format(timezone.localdate(meeting.starts_at), "j. F Y")}
