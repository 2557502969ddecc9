"""Forms of proposals: what a member proposes, and what becomes of it."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.needed_when import say_when_needed
from meetings.actions import APART_FROM_TIME
from meetings.forms import DAYS, NewMeetingForm, WhenForm
from meetings.models import ItemKind, ItemProposal, Meeting
from municipalities.seen_form import SeenForm

NO_NAMES = _("Write no names and no other personal data.")


class UntilForm(forms.Form):
    """The last day on which members propose items for a meeting. Beside the fields of a WhenForm."""

    proposals_until = forms.DateField(
        label=_("Members may propose items until"), required=False, validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without a day they may until the meeting is called."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Not after the meeting."""
        data = super().clean() or {}
        if data.get("proposals_until") and data.get("date") and data["proposals_until"] > data["date"]:
            self.add_error("proposals_until", gettext("The day is after the meeting. Choose an earlier day."))
        return data


class PlanMeetingForm(UntilForm, NewMeetingForm):
    """A new meeting, and until when members propose items for it."""


class ChangeMeetingForm(SeenForm, UntilForm, WhenForm):
    """Time and place of a meeting, and until when members propose items for it."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = {**self.initial_of(meeting), "proposals_until": meeting.proposals_until}
        super().__init__(*args, **kwargs)
        self.open_on(meeting, APART_FROM_TIME)

    @property
    def version(self) -> str | None:
        """What the form was opened on; None for somebody who has not looked."""
        return super().version if "seen" in self.data else None


@says_what_is_needed(title=_("Write what the item is about."), kind=_("Choose what kind of item it is."), place=_("Choose where it is to go."))
class ProposalForm(forms.Form):
    """A member proposes an item. Cleaned: `park`, whether it goes to the parking lot."""

    title = forms.CharField(label=_("Item"), max_length=200, validators=[refuse_cpr], help_text=NO_NAMES)
    text = forms.CharField(label=_("Why it should be on the agenda"), max_length=2_000, required=False, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in ItemKind if kind != ItemKind.SAG], initial=ItemKind.DROEFTELSE)
    place = forms.ChoiceField(label=_("Where to"))

    def __init__(self, *args: Any, meeting: Meeting | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("park", gettext("The parking lot"))]
        if meeting is not None:
            day = date_format(localtime(meeting.starts_at), gettext("j F"))
            choices.insert(0, ("meeting", gettext("The meeting %(day)s") % {"day": day}))
        self.fields["place"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """The place as yes or no."""
        data = super().clean() or {}
        data["park"] = data.pop("place", "") == "park"
        return data


@says_what_is_needed(answer=_("Choose what becomes of the proposal."))
class DecisionForm(forms.Form):
    """What becomes of a proposal. Cleaned: `answer`, `meeting` (when it is taken), `sentence` (needed when it is not)."""

    answer = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    meeting = forms.ChoiceField(label=_("Meeting"), required=False)
    sentence = forms.CharField(
        label=_("Answer to the proposer"), max_length=300, required=False, validators=[refuse_cpr]
    )  # fmt: skip

    def __init__(self, *args: Any, proposal: ItemProposal, meetings: list[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_when_needed(self, meeting=_("needed when you put it on the agenda"), sentence=_("needed when you park or decline it"))
        self.meetings = {meeting.public_id: meeting for meeting in meetings}
        shape = gettext("j F Y")
        self.fields["meeting"].choices = [(key, date_format(localtime(meeting.starts_at), shape)) for key, meeting in self.meetings.items()]  # type: ignore[attr-defined]  # a ChoiceField
        answers = [("take", gettext("Put it on the agenda")), ("park", gettext("Put it in the parking lot")), ("decline", gettext("Decline it"))]
        left_out = {"take"} if not meetings else set()
        if not meetings:
            del self.fields["meeting"]
        if proposal.status == ItemProposal.Status.PARKED:
            left_out.add("park")
        self.fields["answer"].choices = [(key, label) for key, label in answers if key not in left_out]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Taken to a meeting, or answered with a sentence."""
        data = super().clean() or {}
        answer = data.get("answer")
        if answer == "take" and "meeting" in data:
            data["meeting"] = self.meetings.get(data["meeting"])
            if data["meeting"] is None:
                self.add_error("meeting", gettext("Choose the meeting."))
        elif answer and "sentence" in data and not data["sentence"].strip():
            self.add_error("sentence", gettext("Write in one sentence why, so that the proposer knows."))
        return data
