"""Forms of the items of an agenda: a new one, and one that is changed by two people at once. Nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.roles import DataClass
from meetings.agenda import Line
from meetings.agenda_actions import APART
from meetings.forms import MOST_MINUTES
from meetings.models import AgendaItem, ItemKind
from meetings.presenters import HINT, OFFERED
from municipalities.seen_form import SeenForm
from municipalities.versions import fingerprint


@says_what_is_needed(kind=_("Choose what kind of item it is."), duration=_("Write how many minutes the item takes."), data_class=_("Choose the data class."))
class ItemForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """An item of the general part. `classes`: those that its writer may give it (`agenda.classes_for`); they never reach persons."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in ItemKind if kind != ItemKind.SAG], initial=ItemKind.DROEFTELSE)
    data_class = forms.ChoiceField(label=_("Data class"), initial="INTERNAL")
    duration = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MOST_MINUTES, initial=10)

    class Meta:
        model = AgendaItem
        fields = ["title", "kind", "presenter", "duration", "data_class", "is_optional"]
        widgets: ClassVar[dict[str, Any]] = {"presenter": forms.TextInput(attrs=OFFERED)}
        error_messages = {"title": {"required": _("Write the title.")}}

    def __init__(self, *args: Any, classes: Iterable[DataClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["data_class"].choices = [(found.value, found.label) for found in classes]  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("title", "presenter"):
            self.fields[name].validators.append(refuse_cpr)


class NewItemForm(ItemForm):
    """A new item: by itself, or under one that stands on the agenda. Cleaned: `parent`, an item or None."""

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_optional"]
        self.above = {line.item.public_id: line.item for line in lines if line.item.parent_id is None and not line.item.is_withdrawn}
        words = gettext("Under %(number)s. %(title)s")
        under = [(line.item.public_id, words % {"number": line.number, "title": line.item.title[:40]}) for line in lines if line.item.public_id in self.above]
        self.fields["parent"] = forms.ChoiceField(label=_("Where on the agenda"), required=False, choices=[("", _("Last on the agenda")), *under])

    def clean_parent(self) -> AgendaItem | None:
        """The item above, or None."""
        return self.above.get(self.cleaned_data["parent"])


@dataclass(frozen=True)
class Difference:
    """A field in which what another has saved is not what stands in the form; `mine` is None where only he has changed it."""

    label: str
    theirs: str
    mine: str | None


class ChangeItemForm(SeenForm, ItemForm):
    """An item that stands on the agenda. Beside each field lies what it was opened with, so that it is known who has changed what."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = not field.widget.is_hidden
        self.fields["presenter"].help_text = HINT
        self.open_on(self.instance, APART)

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of change_item, but for what the form was opened on."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def meet(self, now: AgendaItem) -> list[Difference]:
        """Another has saved `now` meanwhile: his changes are put beside one's own into the form, one's own where both changed the same.

        Returns where the two differ. Saving the form again is then a choice made with open eyes.
        """
        own, found = set(self.changed_data), []
        data: Any = self.data
        data = data.copy()
        for name, mine in self.values.items():
            theirs = getattr(now, name)
            if mine != theirs:
                found.append(Difference(str(self.fields[name].label), self._said(name, theirs), self._said(name, mine) if name in own else None))
                data[name] = data[name] if name in own and name in data else "" if name in own or theirs is False else theirs
            data[self.add_initial_prefix(name)] = theirs
        self.data = data
        self.stand_on(fingerprint(now, APART))
        return found

    def _said(self, name: str, value: Any) -> str:
        """A value as one reads it."""
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value) or "–")
