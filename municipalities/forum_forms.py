"""Forms of forums: what is plain about one, and its class. Nothing is written here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from access.needed import says_what_is_needed
from access.needed_when import say_when_needed
from access.roles import Convening, DataClass, ForumKind
from municipalities.errors import SetupError
from municipalities.formulas import refuse_formula
from municipalities.forum_actions import refuse_class_of_kind
from municipalities.models import Area, Forum, Level, PreventionLevel
from municipalities.seen_form import SeenForm
from municipalities.terms import kind_choices
from municipalities.trees import is_ring

DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
ABOUT_PERSONS = (ForumKind.SAGSFORUM, ForumKind.OVERLEVERING)  # with a lower class there is nothing that one could hold, and raising it takes a second person
CLASSES = [(found.value, found.label) for found in DataClass]


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


@says_what_is_needed(
    name=_("Write the name."), level=_("Choose the level."), kind=_("Choose the kind of forum."), ceiling=_("Choose the highest class."),
    convening=_("Choose who may call meetings."), chairing=_("Choose who chairs."), order=_("Write the place in the level, for example 10."),
)  # fmt: skip
class ForumForm(SeenForm):
    """All that is plain about a forum. Kind and class are chosen once, for a new one: later they are changed on a page of their own."""

    name = forms.CharField(label=_("Name"), max_length=100, validators=[refuse_formula])
    level = forms.ModelChoiceField(label=_("Level"), queryset=Level.objects.none(), to_field_name="public_id", empty_label=None)
    kind = forms.ChoiceField(label=_("Kind of forum"), choices=ForumKind, help_text=_("What the forum may do hangs on its kind and class, not on its name."))
    ceiling = forms.ChoiceField(label=_("Highest class"), choices=[("", _("Choose the class")), *CLASSES], help_text=_("The most sensitive an item on its agenda may be."))
    parent = forms.ModelChoiceField(label=_("Stands below"), queryset=Forum.objects.none(), to_field_name="public_id", required=False, empty_label=_("No other forum"))
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), to_field_name="public_id", required=False, empty_label=_("The whole kommune"))
    purpose = forms.CharField(label=_("Purpose"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    target_ages = forms.CharField(label=_("Ages"), max_length=40, required=False, help_text=_("For example 6-18 years."))
    prevention_levels = forms.ModelMultipleChoiceField(
        label=_("Works on"), queryset=PreventionLevel.objects.none(), to_field_name="public_id", required=False, widget=forms.CheckboxSelectMultiple
    )
    minutes_are_public = forms.BooleanField(label=_("Approved minutes are public"), required=False, help_text=_("Their public items may be read without a login."))
    convening = forms.ChoiceField(label=_("Who may call meetings?"), choices=Convening, widget=forms.RadioSelect, initial=Convening.ROLE)
    chairing = forms.ChoiceField(label=_("Who chairs?"), choices=Forum.Chairing, widget=forms.RadioSelect, initial=Forum.Chairing.FIXED)
    chair_text = forms.CharField(
        label=_("Led by, in words"), max_length=120, required=False,
        help_text=_("For example: Chair: the head of the local police. Is it not decided who chairs, say here who calls the meetings."),
    )  # fmt: skip
    is_minor = forms.BooleanField(label=_("A small forum, drawn beside the main ones"), required=False)
    order = forms.IntegerField(label=_("Place in the level"), min_value=0, max_value=999, initial=10)
    active_from = _day(_("First day"))
    active_to = _day(_("Last day"), help_text=_("When the day is over the forum is history: its seats end with it, and nobody sees into it any more."))

    def __init__(self, *args: Any, forum: Forum, terms: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forum = forum
        self.fields["kind"].choices = [("", _("Choose what kind it is")), *kind_choices(terms)]  # type: ignore[attr-defined]  # a ChoiceField
        mine = {"tenant_id": forum.tenant_id}
        rows: dict[str, Any] = {
            "level": Level.objects.filter(**mine), "area": Area.objects.filter(**mine), "prevention_levels": PreventionLevel.objects.filter(**mine),
            "parent": Forum.objects.filter(**mine).exclude(pk=forum.pk).in_order(),
        }  # fmt: skip
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]  # a ModelChoiceField
        if forum.pk:
            del self.fields["kind"], self.fields["ceiling"]
        if (forum.pk and forum.is_person_forum) or not rows["prevention_levels"]:
            del self.fields["minutes_are_public" if forum.pk and forum.is_person_forum else "prevention_levels"]
        self.open_on(forum)

    @staticmethod
    def initial_of(forum: Forum) -> dict[str, Any]:
        """What the form shows for a forum that is there."""
        plain = ("name", "purpose", "target_ages", "minutes_are_public", "convening", "chairing", "chair_text", "is_minor", "order", "active_from", "active_to")
        shown = {name: getattr(forum, name) for name in plain}
        chosen = {name: row.public_id for name in ("level", "parent", "area") if (row := getattr(forum, name)) is not None}
        return {**shown, **chosen, "prevention_levels": [band.public_id for band in forum.prevention_levels.all()]}

    def clean(self) -> dict[str, Any]:
        """The days in order, no ring of parents, a class that the kind can have."""
        data = super().clean() or {}
        first, last = data.get("active_from"), data.get("active_to")
        if first and last and last < first:
            self.add_error("active_to", _("The last day is before the first."))
        if self.forum.pk and data.get("parent"):
            parents = dict(Forum.objects.filter(tenant_id=self.forum.tenant_id).values_list("pk", "parent_id"))
            if is_ring(self.forum.pk, data["parent"].pk, parents):
                facts = {"parent": data["parent"], "forum": self.forum}
                self.add_error("parent", _("%(parent)s stands below %(forum)s already. A forum cannot stand above itself: choose another one.") % facts)
        if {"kind", "ceiling"} <= data.keys():
            if DataClass(data["ceiling"]).is_person and data.get("minutes_are_public"):
                self.add_error("minutes_are_public", _("The minutes of a forum with person data are never public."))
            _ask_kind(self, data["kind"], data["ceiling"])
            if data["kind"] in ABOUT_PERSONS and not DataClass(data["ceiling"]).is_person:
                self.add_error("ceiling", _("A forum of this kind handles single young people. Choose “Person data, § 115”, or another kind."))
        return data

    @property
    def fields_of_forum(self) -> dict[str, Any]:
        """The arguments of add_forum and change_forum."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {**given, "prevention_levels": list(given.get("prevention_levels", []))}


@says_what_is_needed(kind=_("Choose the kind of forum."), ceiling=_("Choose the highest class."))
class ClassForm(SeenForm):
    """Another kind or class for a forum, and why."""

    kind = forms.ChoiceField(label=_("Kind of forum"), choices=ForumKind)
    ceiling = forms.ChoiceField(label=_("Highest class"), choices=CLASSES)
    reason = forms.CharField(label=_("Why?"), max_length=300, required=False, help_text=_("Whoever approves it reads this."))

    def __init__(self, *args: Any, forum: Forum, terms: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"kind": forum.kind, "ceiling": forum.ceiling}, **kwargs})
        self.fields["kind"].choices = kind_choices(terms)  # type: ignore[attr-defined]  # a ChoiceField
        say_when_needed(self, reason=_("needed when the forum is to handle more than now"))
        self.open_on(forum)

    def clean(self) -> dict[str, Any]:
        """A class that the kind can have."""
        data = super().clean() or {}
        if {"kind", "ceiling"} <= data.keys():
            _ask_kind(self, data["kind"], data["ceiling"])
        return data


def _ask_kind(form: forms.Form, kind: str, ceiling: str) -> None:
    try:
        refuse_class_of_kind(kind, ceiling)
    except SetupError as error:
        form.add_error("ceiling", str(error))
