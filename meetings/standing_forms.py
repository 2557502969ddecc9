"""Forms of standing agendas: one with its name and its meetings of the year, and one of its items. Nothing is written here."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.needed import says_what_is_needed
from access.roles import DataClass
from meetings.forms import MOST_MINUTES
from meetings.models import AgendaTemplate, AgendaTemplateItem, Fill, ItemKind, listed
from meetings.presenters import HINT, OFFERED
from meetings.proposal_forms import NO_NAMES
from meetings.standing_actions import PLACE
from meetings.standing_agendas import StandingLine, classes_of
from municipalities.models import Forum
from municipalities.seen_form import SeenForm

LAST_NUMBER = 100  # more meetings no forum has in a year
LONGEST = 9  # digits: of a longer number Python is not asked what it is
BETWEEN = re.compile(r"[\s,;&+]+|\bog\b|\band\b")


class NumbersField(forms.CharField):
    """Numbers of meetings in the year, as one writes them: «2», «1, 3», «1 og 2». Cleaned: a list in order; empty is none."""

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError for anything that is no number of a meeting."""
        said = [word for word in BETWEEN.split(str(value or "").lower()) if word]
        if not all(word.isascii() and word.isdigit() and len(word) <= LONGEST and 1 <= int(word) <= LAST_NUMBER for word in said):
            raise forms.ValidationError(gettext("Write the numbers of the meetings, counted from 1 in each year, for example 2, or 1 and 3."))
        return sorted({int(word) for word in said})


@says_what_is_needed(name=_("Write the name."))
class AgendaForm(SeenForm):
    """A standing agenda: its name, and which of the year's meetings it is for."""

    name = forms.CharField(label=_("Name"), max_length=100)
    numbers = NumbersField(
        label=_("For which meetings of the year"), max_length=200, required=False,
        help_text=_("For example 2, or 1 and 3. Without a number it is used for every meeting that has no agenda of its own."),
    )  # fmt: skip

    def __init__(self, *args: Any, template: AgendaTemplate, **kwargs: Any) -> None:
        shown = {"name": template.name, "numbers": listed([str(number) for number in template.meeting_numbers])}
        super().__init__(*args, **{"initial": shown, **kwargs})
        self.open_on(template)

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of add_agenda and change_agenda."""
        return {"name": self.cleaned_data["name"], "meeting_numbers": self.cleaned_data["numbers"]}


class NewAgendaForm(AgendaForm):
    """A new one: empty, or with the items of one that is there. Cleaned: `like`, a standing agenda or None."""

    like = forms.ChoiceField(label=_("Begin with"), required=False)

    def __init__(self, *args: Any, forum: Forum, others: Iterable[AgendaTemplate], **kwargs: Any) -> None:
        super().__init__(*args, template=AgendaTemplate(forum=forum), **kwargs)
        self.others = {other.public_id: other for other in others}
        copies = [(key, gettext("The items of “%(name)s”, %(forum)s") % {"name": other.name, "forum": other.forum.name}) for key, other in self.others.items()]
        self.fields["like"].choices = [("", gettext("No items")), *copies]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_like(self) -> AgendaTemplate | None:
        """The standing agenda behind the choice."""
        return self.others.get(self.cleaned_data["like"])


@says_what_is_needed(
    title=_("Write the title."), duration=_("Write how many minutes the item takes."), kind=_("Choose what kind of item it is."), data_class=_("Choose the data class."),
)  # fmt: skip
class StandingItemForm(SeenForm):
    """A standing item, new or changed. Its class ends at the forum's ceiling. Cleaned: `parent`, an item or None."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=NO_NAMES)  # also read by who sets the kommune up
    fill = forms.ChoiceField(label=_("Fills itself with"), required=False, help_text=_("It stands under the item by itself, and each reader sees what his seat gives."))
    presenter = forms.CharField(label=_("Presenter"), max_length=120, required=False, widget=forms.TextInput(attrs=OFFERED), help_text=HINT)
    duration = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MOST_MINUTES, help_text=_("0 when its sub-items take the time."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in ItemKind if kind != ItemKind.SAG])
    data_class = forms.ChoiceField(label=_("Data class"))
    parent = forms.ChoiceField(label=_("Where on the agenda"), required=False)
    is_optional = forms.BooleanField(label=_("Only if needed"), required=False)

    def __init__(self, *args: Any, item: AgendaTemplateItem, forum: Forum, lines: Sequence[StandingLine], **kwargs: Any) -> None:
        names = ("title", "fill", "presenter", "duration", "kind", "data_class", "is_optional")
        shown = {name: getattr(item, name) for name in names} if item.pk else {"duration": 10, "kind": ItemKind.DROEFTELSE, "data_class": DataClass.INTERNAL}
        super().__init__(*args, **{"initial": {**shown, "parent": item.parent.public_id if item.parent else ""}, **kwargs})
        self._offer("fill", [(fill.value, fill.label) for fill in Fill if fill != Fill.CASES_DUE or forum.ceiling == DataClass.PERSON_115 or item.fill == fill])
        self._offer("data_class", [(found.value, found.label) for found in classes_of(forum)])
        if forum.ceiling == DataClass.PERSON_115:
            self.fields["data_class"].help_text = gettext("An item with person data only marks the place of the closed part, and is not put on a meeting's agenda.")
        if item.data_class not in classes_of(forum):  # the forum's class has been lowered: nobody makes the item public by not looking
            self.initial["data_class"] = classes_of(forum)[-1]
        if not item.pk:
            self.fields["is_optional"].label = gettext("If needed")  # a word, in the row of small fields
        self._offer_places(item, lines)
        self.open_on(item, PLACE)

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def _offer_places(self, item: AgendaTemplateItem, lines: Sequence[StandingLine]) -> None:
        """By itself, or under an item that stands by itself; what has items under it stands by itself."""
        is_above = any(line.item.parent_id == item.pk for line in lines) if item.pk else False
        mains = [line for line in lines if line.item.parent_id is None and line.item.pk != item.pk and not is_above]
        self.above = {line.item.public_id: line.item for line in mains}
        words = gettext("Under %(number)s. %(title)s")
        alone = gettext("By itself") if item.pk else gettext("Last on the agenda")
        self._offer("parent", [("", alone), *((line.item.public_id, words % {"number": line.number, "title": line.item.title}) for line in mains)])

    def clean_parent(self) -> AgendaTemplateItem | None:
        """The item above, or None."""
        return self.above.get(self.cleaned_data["parent"])

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of add_standing_item and change_standing_item, but for what the form was opened on."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}
