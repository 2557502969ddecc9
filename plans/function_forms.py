"""What is written about a function, the meeting a step is taken at, and who leads an organisation. No person data."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from access.needed import says_what_is_needed
from meetings.models import Meeting
from municipalities.actions import end_of_day
from municipalities.models import Forum, Organisation
from plans.forms import PlainText
from plans.function_leaders import named_on, people_here
from plans.functions import WRITTEN, version_of
from plans.models import FunctionDescription


@says_what_is_needed(title=gettext_lazy("Write the function."), organisation=gettext_lazy("Choose the organisation."))
class FunctionForm(forms.Form):
    """The function, who sends the person, overall tasks and special duties."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    title = PlainText(label=gettext_lazy("Function"), max_length=120, help_text=gettext_lazy("The role in the forum, for example SSP contact teacher. Never a person's name."))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), help_text=gettext_lazy("Its leader approves the description, when nobody else is named."),
        empty_label=gettext_lazy("Choose an organisation"),
    )  # fmt: skip
    tasks = PlainText(label=gettext_lazy("Overall tasks"), rows=8, required=False)
    duties = PlainText(label=gettext_lazy("Special duties"), rows=8, required=False)

    def __init__(self, data: Any, *, forum: Forum, description: FunctionDescription | None = None) -> None:
        initial = {name: getattr(description, name) for name in WRITTEN} | {"seen": version_of(description)} if description else {}
        super().__init__(data, initial=initial)
        self.forum, self.description = forum, description
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(tenant_id=forum.tenant_id).order_by("name")

    def clean_title(self) -> str:
        """One description for each function in a forum."""
        title: str = self.cleaned_data["title"]
        others = FunctionDescription.objects.filter(forum=self.forum, title__iexact=title).exclude(pk=self.description.pk if self.description else 0)
        if others.exists():
            raise forms.ValidationError(_("The forum has a description with this name already."))
        return title

    def written(self) -> dict[str, Any]:
        """The text, for the actions."""
        return {name: self.cleaned_data[name] for name in WRITTEN}


@says_what_is_needed(meeting=gettext_lazy("Choose the meeting."))
class MeetingForm(forms.Form):
    """At which meeting of the forum a step was taken."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=gettext_lazy("At the meeting"), to_field_name="public_id", empty_label=None)

    def __init__(self, data: Any, *, description: FunctionDescription) -> None:
        super().__init__(data)
        field: Any = self.fields["meeting"]
        held = Meeting.objects.filter(tenant_id=description.tenant_id, forum_id=description.forum_id, starts_at__lte=timezone.now())
        if data is None and description.status == FunctionDescription.Status.APPROVED and description.drafted_on:  # final at a later one than where it was drafted
            held = held.filter(starts_at__gte=end_of_day(description.drafted_on)).exclude(pk=description.drafted_at_id)
        field.queryset = held.exclude(status=Meeting.Status.CANCELLED).order_by("-starts_at")
        field.label_from_instance = lambda meeting: date_format(timezone.localdate(meeting.starts_at), "j. F Y")

    @property
    def has_meetings(self) -> bool:
        """True when there is one to choose."""
        field: Any = self.fields["meeting"]
        return bool(field.queryset.exists())


@says_what_is_needed(leader=gettext_lazy("Choose the leader."))
class LeaderForm(forms.Form):
    """One who is to approve a description, or to be taken off it: somebody of the kommune, by public id. Cleaned: a User."""

    leader = forms.ChoiceField(label=gettext_lazy("Leader"))

    def __init__(self, data: Any, *, description: FunctionDescription) -> None:
        super().__init__(data)
        self.people = {user.public_id: user for user in people_here(description.tenant_id)}
        named = set(named_on(description))
        field: Any = self.fields["leader"]
        field.choices = [("", _("Choose a person")), *((key, user.name) for key, user in self.people.items() if user.pk not in named)]
        if data is not None:  # one who is named, or has left meanwhile, is answered by the action
            self.people |= {user.public_id: user for user in User.objects.filter(pk__in=named)}
            field.choices = [(key, user.name) for key, user in self.people.items()]

    def clean_leader(self) -> User:
        """The person behind the choice."""
        return self.people[self.cleaned_data["leader"]]


class LeadersForm(forms.Form):
    """Who leads each organisation: somebody with a seat or an appointment in the kommune. One list of names for all."""

    def __init__(self, data: Any, *, organisations: list[Organisation], people: list[User]) -> None:
        super().__init__(data)
        self.people = {user.public_id: user for user in people}
        self.organisations = {f"o{organisation.pk}": organisation for organisation in organisations}
        choices = [("", _("nobody")), *((key, user.name) for key, user in self.people.items())]
        for name, organisation in self.organisations.items():
            initial = organisation.leader.public_id if organisation.leader else ""
            self.fields[name] = forms.ChoiceField(label=organisation.name, choices=choices, required=False, initial=initial)

    def changed(self) -> list[tuple[Organisation, User | None]]:
        """The organisations that get another leader, or none."""
        chosen = [(organisation, self.people.get(self.cleaned_data[name])) for name, organisation in self.organisations.items()]
        return [(organisation, leader) for organisation, leader in chosen if organisation.leader != leader]
