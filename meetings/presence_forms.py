"""Who was in the room for one item."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.needed import says_what_is_needed
from meetings.models import Attendance
from meetings.presence import Away
from meetings.presence_actions import Reach


class TickEach(forms.CheckboxSelectMultiple):
    """A box keeps its id when others come before it: the list is drawn anew while somebody uses it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Name the box by whom it is about, not by its place."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["id"] = f"rum-{value}"
        return option


class TickedNames(forms.MultipleChoiceField):
    """Who was ticked. `gone`: called to the meeting and no longer on the list, for the attendance is saved while the page is shown; what is said of the others is still noted."""

    gone: Collection[str] = ()

    def to_python(self, value: Any) -> list[str]:
        """Without those who are gone. A name that never was at the meeting stays, and is refused."""
        return [name for name in super().to_python(value) if name not in self.gone]


@says_what_is_needed(reach=_("Choose what the change is about."))
class ItemPresenceForm(forms.Form):
    """A tick for each who is at the meeting. `changes`: only what was ticked or unticked since the page was shown.

    So he who has not touched a name leaves it to what another has noted meanwhile.
    """

    here = TickedNames(label=_("In the room for this item"), required=False, widget=TickEach)
    was = TickedNames(required=False, widget=forms.MultipleHiddenInput)  # who was ticked when the page was shown
    reach = forms.ChoiceField(label=_("The change is about"), choices=Reach.choices, widget=forms.RadioSelect, initial=Reach.ITEM)

    def __init__(self, data: Any = None, *, attendances: Iterable[Attendance], away: Iterable[Away]) -> None:
        out = {row.user.public_id for row in away}
        recused = {row.user.public_id for row in away if row.is_recused}
        self.users = {row.user.public_id: row.user for row in attendances if row.presence == Attendance.Presence.PRESENT and row.user.public_id not in recused}
        shown = [public_id for public_id in self.users if public_id not in out]
        super().__init__(data, initial={"here": shown, "was": shown}, auto_id="rum-%s")
        for name in ("here", "was"):
            self.fields[name].gone = {row.user.public_id for row in attendances} - set(self.users)  # type: ignore[attr-defined]  # as below
            self.fields[name].choices = [(public_id, user.name) for public_id, user in self.users.items()]  # type: ignore[attr-defined]  # choice fields

    @property
    def changes(self) -> dict[int, bool]:
        """User id -> whether he was in the room."""
        here, was = set(self.cleaned_data["here"]), set(self.cleaned_data["was"])
        return {self.users[public_id].pk: public_id in here for public_id in here ^ was}
