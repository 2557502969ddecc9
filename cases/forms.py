"""What people type about a case, turned into clean values. Choices come from the actor; nothing is written here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.models import ASKED_PURPOSES, Purpose
from access.needed import says_what_is_needed
from access.needed_when import say_when_needed
from cases import cpr
from cases.models import Case, CaseText, Involvement
from meetings.forms import DAYS
from municipalities.models import Forum

KEPT_AT_FIRST = timedelta(days=365)
LEVELS = [(level.value, f"{level.value} · {level.label}") for level in Case.ConcernLevel]
FREE_TEXTS = ("reason", "necessity", "background", "strengths", "facts", "assessment", "note", "what")


class DayInput(forms.DateInput):
    """A day as the browser's own calendar takes it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BlankInput(forms.TextInput):
    """A field that never shows what was typed: a CPR number does not come back in a page."""

    def format_value(self, value: Any) -> str:
        """Always empty."""
        return ""


class FreeTextForm(forms.Form):
    """Base of forms with free text about a person: says when something looks like a CPR number, and saves all the same."""

    @property
    def holds_number(self) -> bool:
        """True when a warning is due."""
        return cpr.is_in(*(str(self.cleaned_data.get(name) or "") for name in FREE_TEXTS))


@says_what_is_needed(purpose=_("Choose why you open the case."))
class PurposeForm(forms.Form):
    """Why the case is opened. The note goes into the access log, so it may not hold a number."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=[(purpose.value, purpose.label) for purpose in ASKED_PURPOSES], widget=forms.RadioSelect)
    note = forms.CharField(label=_("In your own words"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The note is needed for «Other», and holds no CPR number."""
        data: dict[str, Any] = super().clean() or {}
        note = data.get("note", "").strip()
        if data.get("purpose") == Purpose.OTHER and not note:
            self.add_error("note", _("Write why you open the case."))
        if cpr.is_in(note):
            self.add_error("note", _("Do not write a CPR number here. The words are kept in the access log."))
        return {**data, "note": note}


@says_what_is_needed(
    name=_("Write the name."), reason=_("Write why information is shared."), necessity=_("Write why it is necessary."), legal_basis=_("Choose the legal basis."),
    concern_level=_("Choose the concern level."), delete_on=_("Choose the day on which the case is deleted at the latest."),
)  # fmt: skip
class CaseForm(FreeTextForm):
    """Everything about a case: who it is, why information is shared, level and dates."""

    delete_on_set: date | None = None  # the day that the case has, when the form does not ask for it

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    birth_date = forms.DateField(label=_("Date of birth"), required=False, widget=DayInput)
    cpr = forms.CharField(
        label=_("CPR number"), required=False, max_length=14, help_text=_("Only if it is necessary. It is kept encrypted and shown masked."),
        widget=BlankInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
    school = forms.CharField(label=_("School or workplace"), required=False, max_length=120)
    address = forms.CharField(label=_("Address"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    parents = forms.CharField(label=_("Parents"), required=False, max_length=300)
    reason = forms.CharField(
        label=_("Why information is shared"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What has happened, and who is worried? Describe behaviour, not the person."),
    )  # fmt: skip
    necessity = forms.CharField(label=_("Why it is necessary"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("What can you not do without sharing it?"))
    legal_basis = forms.ChoiceField(label=_("Legal basis"), choices=CaseText.Basis.choices)
    background = forms.CharField(
        label=_("Background"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only what is needed to prevent crime. Nothing about siblings or health."),
    )  # fmt: skip
    strengths = forms.CharField(label=_("Strengths"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    concern_level = forms.TypedChoiceField(label=_("Concern level"), choices=LEVELS, coerce=int, widget=forms.RadioSelect)
    follow_up_on = forms.DateField(label=_("Next follow-up"), required=False, widget=DayInput)
    delete_on = forms.DateField(label=_("To be deleted no later than"), widget=DayInput)

    def clean_cpr(self) -> str:
        """Ten digits, or nothing."""
        number = self.cleaned_data["cpr"].strip()
        try:
            return cpr.compact(number) if number else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_birth_date(self) -> date | None:
        """A day that has been."""
        born: date | None = self.cleaned_data["birth_date"]
        if born and born > timezone.localdate():
            raise forms.ValidationError(_("The date of birth lies ahead."))
        return born

    def clean(self) -> dict[str, Any]:
        """The case is followed up before it is deleted, and deleted some day from now on."""
        data: dict[str, Any] = super().clean() or {}
        follow_up, delete = data.get("follow_up_on"), data.get("delete_on")
        if delete and delete < timezone.localdate():
            self.add_error("delete_on", _("The day of deletion cannot lie before today."))
        latest = delete or self.delete_on_set
        if follow_up and latest and follow_up > latest:
            self.add_error("follow_up_on", _("The case is deleted before that day."))
        return data

    @property
    def number_is_doubtful(self) -> bool:
        """True when a number was typed whose date is no date."""
        return bool(self.cleaned_data.get("cpr")) and cpr.is_doubtful(self.cleaned_data["cpr"])


@says_what_is_needed(forum=_("Choose the forum."))
class NewCaseForm(CaseForm):
    """A new case: also in which forum. One is chosen already when there is only one; and the legal basis of who opens it, police or another authority."""

    forum = forms.ModelChoiceField(label=_("Forum"), queryset=Forum.objects.none(), to_field_name="public_id", empty_label=None)
    field_order = ("forum",)

    def __init__(self, *args: Any, forums: Any, is_police: bool = False, **kwargs: Any) -> None:
        basis = CaseText.Basis.RPL115_1 if is_police else CaseText.Basis.RPL115_2
        kwargs.setdefault("initial", {"delete_on": timezone.localdate() + KEPT_AT_FIRST, "concern_level": Case.ConcernLevel.LOW, "legal_basis": basis})
        super().__init__(*args, **kwargs)
        circle: Any = self.fields["forum"]
        circle.queryset, ids = forums, [forum.public_id for forum in forums]
        circle.empty_label = None if len(ids) == 1 else _("Choose a forum")  # the first of several is nobody's choice
        circle.initial = ids[0] if len(ids) == 1 else None  # the page asks for no forum then, and carries this one

    def clean_delete_on(self) -> date:
        """Within a year: longer needs a reason (`DeletionForm`), and that stands in a case that is there."""
        day: date = self.cleaned_data["delete_on"]
        if day > timezone.localdate() + KEPT_AT_FIRST:
            raise forms.ValidationError(_("A new case is to be deleted within a year. Is it needed longer? Then move the day in the case, and write why."))
        return day


class ChangeCaseForm(CaseForm):
    """A case that exists: the number may be replaced or taken away; `version` is what the writer had before him."""

    no_cpr = forms.BooleanField(label=_("Remove the CPR number"), required=False)
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_cpr: bool, delete_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delete_on_set = delete_on
        del self.fields["delete_on"]  # a page of its own: that a case is kept longer needs a reason
        if has_cpr:
            self.fields["cpr"].help_text = _("A number is kept already. Write only if it must be replaced.")
        else:
            del self.fields["no_cpr"]


@says_what_is_needed(delete_on=_("Choose the day on which the case is deleted at the latest."))
class DeletionForm(forms.Form):
    """The day on which a case is to be deleted. A later one than it has needs a reason."""

    delete_on = forms.DateField(label=_("To be deleted no later than"), validators=DAYS, widget=DayInput)
    reason = forms.CharField(
        label=_("Why the case has to be kept longer"), required=False, max_length=300, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the case."),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        say_when_needed(self, reason=_("needed when the day is later than it was"))

    def clean(self) -> dict[str, Any]:
        """Longer needs a reason; a day that has passed is none."""
        data: dict[str, Any] = super().clean() or {}
        day = data.get("delete_on")
        if day and day < timezone.localdate():
            self.add_error("delete_on", _("The day of deletion cannot lie before today."))
        if day and day > self.case.may_be_kept_until and "reason" in data and not data["reason"]:
            self.add_error("reason", _("Write why the case has to be kept longer."))
        return data


class CloseForm(DeletionForm):
    """The same when a case is closed. `seen`: the open agreements that the page listed, by their public ids."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> list[str]:
        """The ids."""
        return [key for key in self.cleaned_data["seen"].split(",") if key]


@says_what_is_needed(party=_("Choose who was asked."), status=_("Choose the answer."), on=_("Choose the day."))
class InvolvementForm(FreeTextForm):
    """Whether parents or the young person were asked, and what they said."""

    party = forms.ChoiceField(label=_("Who"), choices=Involvement.Party.choices)
    status = forms.ChoiceField(label=_("Answer"), choices=Involvement.Status.choices)
    on = forms.DateField(label=_("Date"), widget=DayInput)
    note = forms.CharField(label=_("Note, or why not asked"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_on(self) -> date:
        """Not a day ahead."""
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("The day lies ahead."))
        return on

    def clean(self) -> dict[str, Any]:
        """Not asked needs a reason."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("status") == Involvement.Status.NOT_ASKED and not data.get("note", "").strip():
            self.add_error("note", _("Write why they were not asked."))
        return data


OF_THE_DAY = ("concern_level", "follow_up_on", "present")  # what a discussion has from the meeting's day on


@says_what_is_needed(concern_level=_("Choose the concern level."))
class DiscussionForm(FreeTextForm):
    """What was said at the meeting: facts and assessment apart, the level, the next follow-up, who was present. Before its day the texts alone."""

    facts = forms.CharField(
        label=_("Facts"), required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("What each authority knows. Only what is needed to prevent crime."),
    )  # fmt: skip
    assessment = forms.CharField(label=_("Assessment"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("What you make of it together."))
    concern_level = forms.TypedChoiceField(label=_("Concern level"), choices=LEVELS, coerce=int, widget=forms.RadioSelect)
    follow_up_on = forms.DateField(label=_("Next follow-up"), required=False, widget=DayInput)
    present = forms.MultipleChoiceField(label=_("Present while the case was discussed"), required=False, widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], is_its_day: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = list(people)  # type: ignore[attr-defined]
        if not is_its_day:
            for name in OF_THE_DAY:
                del self.fields[name]
