"""Forms of levels, areas, organisations, bands of the prevention model, trin. Nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.one_line import refuse_breaks
from municipalities.formulas import refuse_formula
from municipalities.models import Area, Forum, Level, Organisation, PreventionLevel, Tenant, Trin
from municipalities.seen_form import SeenForm


class PartForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A row of the tenant's own set-up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_on(self.instance)

    def clean_name(self) -> str:
        """One space between the words, and no other row with the name."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = type(self.instance).objects.filter(tenant_id=self.instance.tenant_id, name__iexact=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("There is one with this name already. Choose another name."))
        return name


@says_what_is_needed(name=_("Write the name."))
class LevelForm(PartForm):
    """A tier of the organisation."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example: strategic, coordinating, operational."))

    class Meta:
        model = Level
        fields = ["name"]


@says_what_is_needed(name=_("Write the name."), kind=_("Choose the kind."))
class AreaForm(PartForm):
    """A district, a place or a school, possibly inside another area."""

    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=Area.Kind)
    parent = forms.ModelChoiceField(label=_("Is a part of"), queryset=Area.objects.none(), required=False, empty_label=_("No other area"), to_field_name="public_id")

    class Meta:
        model = Area
        fields = ["name", "kind", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Area.objects.filter(tenant_id=self.instance.tenant_id).exclude(pk=self.instance.pk)  # type: ignore[attr-defined]  # a ModelChoiceField
        if self.instance.parent is not None:
            self.initial["parent"] = self.instance.parent.public_id


@says_what_is_needed(name=_("Write the name."), kind=_("Choose the kind."), mark=_("Choose the mark."))
class OrganisationForm(PartForm):
    """Who sends people to the forums. § 115 depends on the kind."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[refuse_formula])
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind, help_text=_("Private organisations are kept out of forums with person data."))
    mark = forms.ChoiceField(label=_("Mark"), choices=Organisation.Mark, help_text=_("The mark that stands beside its people."))

    class Meta:
        model = Organisation
        fields = ["name", "kind", "mark"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:  # nobody becomes a municipal school because he was not looked at
            for name, words in (("kind", _("Choose a kind")), ("mark", _("Choose a mark"))):
                self.fields[name].choices = [("", words), *self.fields[name].choices]  # type: ignore[attr-defined]  # a ChoiceField
                self.initial[name] = ""


@says_what_is_needed(name=_("Write the name."))
class PreventionLevelForm(PartForm):
    """A band of the prevention model."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example, from the bottom: opbyggende, forebyggende, kriminalitetsforebyggende."))
    ssp_role = forms.CharField(label=_("What SSP does here"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = PreventionLevel
        fields = ["name", "ssp_role"]


@says_what_is_needed(number=_("Write the number of the trin."), name=_("Write the name."))
class TrinForm(PartForm):
    """A step of the trin scale, and who handles it."""

    number = forms.IntegerField(
        label=_("Trin number"), min_value=0, max_value=99,
        error_messages={name: _("Write a whole number from 0 to 99.") for name in ("invalid", "min_value", "max_value")},
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(label=_("Description"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    handled_by = forms.ModelMultipleChoiceField(
        label=_("Handled by"), queryset=Forum.objects.none(), required=False, to_field_name="public_id", widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Trin
        fields = ["number", "name", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handled_by"].queryset = Forum.objects.filter(tenant_id=self.instance.tenant_id).in_order()  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        if self.instance.pk:
            self.initial["handled_by"] = [forum.public_id for forum in self.instance.forums.all()]

    def clean_number(self) -> int:
        """Each number once."""
        number = int(self.cleaned_data["number"])
        if Trin.objects.filter(tenant_id=self.instance.tenant_id, number=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a trin with this number already."))
        return number


class PlacedByForm(forms.Form):
    """Who says which trin a concern is on."""

    placed_by = forms.CharField(
        label=_("Who says which trin a concern is on?"), max_length=120, required=False, validators=[refuse_cpr, refuse_breaks],
        help_text=_("A role or a forum. Every member sees it beside the scale."),
    )  # fmt: skip


@says_what_is_needed(shape=_("Choose the shape."))
class ShapeForm(forms.Form):
    """How the prevention model is drawn."""

    shape = forms.ChoiceField(label=_("Shape"), choices=Tenant.PreventionShape, widget=forms.RadioSelect)
