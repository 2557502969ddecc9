"""Forms of what goes up and down: what is sent where, on which agenda it is taken, and the answer."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.roles import DataClass
from meetings.agenda import classes_under
from meetings.handovers import CASE_NUMBER, LOOKS_LIKE_CASE, classes_between
from meetings.models import AgendaItem, Meeting
from municipalities.models import Forum

THEME = _("Only the theme: no name, no school class, no place or event by which somebody could be recognised. It points at no case and no item.")


@says_what_is_needed(title=_("Write the heading."), text=_("Write what it is about, and what you ask for."), data_class=_("Choose the data class."))
class HandoverTextForm(forms.Form):
    """The text of what is sent, and its class."""

    title = forms.CharField(label=_("Heading"), max_length=200, validators=[refuse_cpr])
    text = forms.CharField(label=_("What it is about, and what you ask for"), max_length=4_000, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 5}))
    data_class = forms.ChoiceField(label=_("Data class"), initial="INTERNAL")

    def __init__(self, *args: Any, from_forum: Forum, to_forum: Forum | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = classes_between(from_forum, to_forum) if to_forum else classes_under(from_forum.ceiling)
        self.fields["data_class"].choices = [(value.value, value.label) for value in classes]  # type: ignore[attr-defined]  # a ChoiceField
        if from_forum.is_person_forum:
            self.fields["text"].help_text = THEME
            for name in ("title", "text"):
                self.fields[name].validators.append(RegexValidator(LOOKS_LIKE_CASE, CASE_NUMBER, inverse_match=True))


@says_what_is_needed(to_forum=_("Choose the forum that it goes to."))
class NewHandoverForm(HandoverTextForm):
    """What is sent to which forum; from a general forum also which item. Cleaned: `to_forum`, `item` (or None)."""

    to_forum = forms.ChoiceField(label=_("To"))
    item = forms.ChoiceField(label=_("Item it comes from"), required=False)
    field_order = ["to_forum", "item", "title", "text", "data_class"]

    def __init__(self, *args: Any, from_forum: Forum, others: list[Forum], items: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, from_forum=from_forum, **kwargs)
        self.from_forum = from_forum
        self.others = {forum.public_id: forum for forum in others}
        self.items = {item.public_id: item for item in items}
        self.fields["to_forum"].choices = [(key, forum.name) for key, forum in self.others.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if from_forum.is_person_forum:
            del self.fields["item"]
        else:
            shape = gettext("j F")
            named = [(key, f"{date_format(localtime(item.meeting.starts_at), shape)}: {item.title}") for key, item in self.items.items()]
            self.fields["item"].choices = [("", gettext("No item")), *named]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """The rows behind the choices, and a class that both forums may hold."""
        data = super().clean() or {}
        data["item"] = self.items.get(data.get("item", ""))
        if "to_forum" in data:
            data["to_forum"] = self.others[data["to_forum"]]
            if "data_class" in data and data["data_class"] not in classes_between(self.from_forum, data["to_forum"]):
                self.add_error("data_class", gettext("The other forum may not hold this class. Choose a more open one."))
        if data["item"]:
            self._ask_item(data["item"], data)
        return data

    def _ask_item(self, item: AgendaItem, data: dict[str, Any]) -> None:
        """The item goes along only where its class may be, and the text is no more open than it."""
        if "to_forum" in data and item.data_class not in classes_between(self.from_forum, data["to_forum"]):
            self.add_error("item", gettext("The item is more closed than the other forum may hear. Choose no item, and write what you ask for."))
        elif "data_class" in data and not DataClass(item.data_class).fits_under(DataClass(data["data_class"])):
            self.add_error("data_class", gettext("The item is more closed than the class you chose. Choose the class of the item."))


@says_what_is_needed(meeting=_("Choose the meeting."))
class TakeForm(forms.Form):
    """On which agenda it is put. Cleaned: `meeting`."""

    meeting = forms.ChoiceField(label=_("Meeting"))

    def __init__(self, *args: Any, meetings: list[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {meeting.public_id: meeting for meeting in meetings}
        shape = gettext("j F Y")
        self.fields["meeting"].choices = [(key, date_format(localtime(meeting.starts_at), shape)) for key, meeting in self.meetings.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_meeting(self) -> Meeting:
        """The meeting behind the choice."""
        return self.meetings[self.cleaned_data["meeting"]]


@says_what_is_needed(answer=_("Write the answer."))
class AnswerForm(forms.Form):
    """What the forum answers."""

    answer = forms.CharField(label=_("Answer"), max_length=2_000, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 3}))
