"""Forms of minutes: the text of an item, who was there, corrections and comments, and why they are opened again. Nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from meetings.models import Attendance, CorrectionNote, MinutesComment


class TextForm(forms.Form):
    """The minutes of one item, and the version they were read in."""

    text = forms.CharField(label=_("Written minutes"), required=False, max_length=20_000, strip=False, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 6}))
    decision = forms.CharField(label=_("Decision"), required=False, max_length=5_000, strip=False, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """The same line ends as the database has."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_decision(self) -> str:
        """The same line ends as the database has."""
        return str(self.cleaned_data["decision"]).replace("\r\n", "\n")


@says_what_is_needed(text=_("Write the correction."))
class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A note that corrects approved minutes."""

    class Meta:
        model = CorrectionNote
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def clean_text(self) -> str:
        """Without a CPR number."""
        refuse_cpr(self.cleaned_data["text"])
        return str(self.cleaned_data["text"])


@says_what_is_needed(text=_("Write the comment."))
class CommentForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """What one of those who were present finds wrong or missing under an item."""

    class Meta:
        model = MinutesComment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def clean_text(self) -> str:
        """Without a CPR number."""
        refuse_cpr(self.cleaned_data["text"])
        return str(self.cleaned_data["text"])


class ReopenForm(forms.Form):
    """Why approved minutes are opened again. Cleaned: `reason`."""

    reason = forms.CharField(
        label=_("Why the minutes are opened again"), max_length=300, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody in the forum can read it. No names of children."), error_messages={"required": _("Write in a sentence what is to be changed.")},
    )  # fmt: skip


class PresenceForm(forms.Form):
    """Who was there: one choice a person, named by the id of the attendance. Cleaned: `presence`."""

    def __init__(self, *args: Any, attendances: list[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendances = attendances
        choices = [(value.value, value.label) for value in Attendance.Presence if value != Attendance.Presence.UNKNOWN]
        for row in attendances:
            self.fields[f"p{row.pk}"] = forms.ChoiceField(label=row.user.name, choices=choices, required=False, initial=row.presence, widget=forms.RadioSelect)

    @property
    def rows(self) -> list[tuple[Attendance, forms.BoundField]]:
        """Each person with his field."""
        return [(row, self[f"p{row.pk}"]) for row in self.attendances]

    @property
    def presence(self) -> dict[int, str]:
        """Attendance id -> what was chosen."""
        return {row.pk: self.cleaned_data[f"p{row.pk}"] for row in self.attendances if self.cleaned_data.get(f"p{row.pk}")}
