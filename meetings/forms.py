"""Forms of meetings, of files and search. Choices come from the actor and the forum; nothing is written here."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.cpr import refuse_cpr
from access.file_kinds import taken
from access.models import User
from access.needed import says_what_is_needed
from access.one_line import refuse_breaks
from access.policy import visible
from access.roles import Verb
from meetings.models import AgendaItem, AgendaTemplate, Attendance, Meeting
from meetings.responsible import responsible_choices
from meetings.search import Wanted
from municipalities.models import Forum, Seat

MOST_MINUTES = 600
BY_NUMBER = "number"  # the standing agenda that the year's plan would take
DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]  # of the calendar we reckon with


class ClockField(forms.TimeField):
    """A clock time as it is written in Denmark: 9.30, 09:30, 930, kl. 9."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """Turn the Danish ways of writing into what Django reads."""
        said = str(value or "").lower().removeprefix("kl.").removeprefix("kl").strip().replace(".", ":")
        if re.fullmatch(r"\d{1,2}", said):
            said += ":00"
        elif re.fullmatch(r"\d{3,4}", said):
            said = f"{said[:-2]}:{said[-2:]}"
        return super().to_python(said)


class AttachmentForm(forms.Form):
    """A file under an item; what it is is judged by `access.file_kinds`."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, max_length=500, error_messages={"required": _("Choose a file.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits = {"kinds": taken(), "most": filesizeformat(settings.SSP_ATTACHMENT_BYTES)}
        self.fields["file"].help_text = gettext("%(kinds)s, at most %(most)s. No person data about children.") % self.limits


@says_what_is_needed(date=_("Choose the day of the meeting."), time=_("Write when the meeting begins, for example 9.30."), duration=_("Write how many minutes the meeting takes."))
class WhenForm(forms.Form):
    """Date, time, length and place of a meeting. Cleaned: `starts_at`, `ends_at`, `place`."""

    date = forms.DateField(label=_("Date"), validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = ClockField(label=_("Time"), help_text=_("For example 9.30"), input_formats=["%H:%M"], error_messages={"invalid": _("Write a time, for example 9.30.")})
    duration = forms.IntegerField(label=_("Length in minutes"), min_value=5, max_value=MOST_MINUTES, initial=90)
    place = forms.CharField(label=_("Place"), max_length=120, required=False, validators=[refuse_cpr, refuse_breaks])

    def clean(self) -> dict[str, Any]:
        """Put date and time together in the local time zone."""
        data = super().clean() or {}
        if {"date", "time", "duration"} <= data.keys():
            data["starts_at"] = timezone.make_aware(datetime.combine(data["date"], data["time"]))
            data["ends_at"] = data["starts_at"] + timedelta(minutes=data["duration"])
        return data

    @staticmethod
    def initial_of(meeting: Meeting) -> dict[str, Any]:
        """What the form shows for a meeting that is there."""
        local = timezone.localtime(meeting.starts_at)
        return {"date": local.date(), "time": f"{local:%H:%M}", "duration": meeting.planned_minutes, "place": meeting.place}


class ByForum(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]  # not subscriptable at run time
    """The standing agendas, each under its forum: who chooses sees whose it is, and js/meeting.js leaves only those of the chosen forum."""

    def __iter__(self) -> Iterator[Any]:
        yield (BY_NUMBER, _("By the meeting’s number in the year"))
        yield ("", self.field.empty_label)
        for name, rows in groupby(self.queryset, key=lambda row: row.forum.name):
            yield (name, [self.choice(row) for row in rows])


class StandingAgendaField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """One of the standing agendas, by its name: as text the row is its number, for the log. Or BY_NUMBER, which stays as it is."""

    iterator = ByForum

    def to_python(self, value: Any) -> Any:
        """The row, None, or BY_NUMBER."""
        return value if value == BY_NUMBER else super().to_python(value)

    def label_from_instance(self, obj: AgendaTemplate) -> str:
        """The name."""
        return obj.name


@says_what_is_needed(forum=_("Choose the forum."))
class NewMeetingForm(WhenForm):
    """A new meeting in a forum where the actor may convene, with or without its standing agenda. Cleaned: `template`, a row, None or BY_NUMBER."""

    forum = forms.ModelChoiceField(label=_("Forum"), queryset=Forum.objects.none(), to_field_name="public_id", empty_label=None)
    template = StandingAgendaField(
        label=_("Standing agenda"), queryset=AgendaTemplate.objects.none(), required=False, empty_label=_("Without a standing agenda"), initial=BY_NUMBER,
        widget=forms.Select(attrs={"data-of": "forum"}), help_text=_("Its items are put on the agenda; you can change them afterwards."),
    )  # fmt: skip
    field_order = ["forum", "template", "date", "time", "duration", "place"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = visible(actor, Verb.CONVENE, Forum.objects.in_order())  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["template"].queryset = visible(actor, Verb.CONVENE, AgendaTemplate.objects.select_related("forum").order_by("forum__name", "name"))  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """A standing agenda belongs to its own forum."""
        data = super().clean()
        if data.get("template") not in (None, BY_NUMBER) and data.get("forum") and data["template"].forum_id != data["forum"].pk:
            self.add_error("template", _("This standing agenda belongs to another forum. Choose one that stands under the forum of the meeting."))
        if data.get("starts_at") and data["starts_at"] < timezone.now():
            is_today = timezone.localtime(data["starts_at"]).date() == timezone.localdate()
            self.add_error("time" if is_today else "date", _("This time today has passed. Choose a later one.") if is_today else _("The day has passed. Choose a coming day."))
        return data


class CallForm(forms.Form):
    """Who is called, of the seats that nobody has called yet: everybody is chosen beforehand but the deputies. Cleaned: `seats`, their public ids."""

    seats = forms.MultipleChoiceField(
        error_messages={
            "required": _("Choose at least one participant."),
            "invalid_choice": _("Somebody you chose has been called meanwhile, or no longer holds the seat. Look the list through, and choose again."),
        }
    )

    def __init__(self, *args: Any, seats: Iterable[Seat], is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(seats)
        ids = [seat.public_id for seat in found]
        self.fields["seats"].choices = [(one, one) for one in ids]  # type: ignore[attr-defined]  # a MultipleChoiceField
        self.fields["seats"].required = is_needed and bool(ids)
        self.fields["seats"].initial = [seat.public_id for seat in found if not seat.is_deputy]


@says_what_is_needed(reply=_("Choose whether you come."))
class ReplyForm(forms.Form):
    """Whether one comes."""

    reply = forms.ChoiceField(choices=[(reply.value, reply.label) for reply in Attendance.Reply if reply != Attendance.Reply.NONE])


class SearchForm(forms.Form):
    """What is looked for, in the address. Cleaned: `wanted`."""

    q = forms.CharField(label=_("Words"), max_length=200, required=False, validators=[refuse_cpr], widget=forms.TextInput(attrs={"type": "search"}))
    slags = forms.ChoiceField(
        label=_("What"), required=False,
        choices=[("", _("Everything")), ("item", _("Items and minutes")), ("decision", pgettext_lazy("search", "Decisions")), ("agreement", _("Agreements"))],
    )  # fmt: skip
    forum = forms.ModelChoiceField(label=_("Forum"), queryset=Forum.objects.none(), required=False, to_field_name="public_id", empty_label=_("All my forums"))
    ansvarlig = forms.ChoiceField(label=_("Responsible for the agreement"), required=False)
    fra = forms.DateField(label=_("From"), required=False, validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    til = forms.DateField(label=_("Until"), required=False, validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forums = actor.forums_with(Verb.VIEW_AGENDA)
        self.who = responsible_choices(actor.tenant_id, forums)
        self.fields["forum"].queryset = visible(actor, Verb.VIEW_AGENDA, Forum.objects.in_order())  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["ansvarlig"].choices = self.who.choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """A period runs forwards."""
        data = super().clean() or {}
        if data.get("fra") and data.get("til") and data["til"] < data["fra"]:
            self.add_error("til", _("The period ends before it begins. Choose a later day."))
        return data

    @property
    def wanted(self) -> Wanted:
        """What is looked for, once the form is valid."""
        data = self.cleaned_data
        kinds = {"": (), "item": ("item", "decision")}.get(data["slags"], (data["slags"],))
        person, seats = self.who.wanted(data["ansvarlig"])
        return Wanted(data["q"].strip(), kinds, data["forum"] and data["forum"].pk, person, seats, data["fra"], data["til"])


@says_what_is_needed(user=_("Choose who is disqualified."))
class RecusalForm(forms.Form):
    """Who is kept out of an item: a member of its forum. Cleaned: `user`, a User."""

    user = forms.ChoiceField(label=_("Who is disqualified"))

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Seat.objects.current().filter(tenant_id=item.tenant_id, forum_id=item.forum_id, user__isnull=False).exclude(user__in=item.recusals.values("user"))
        self.people = {seat.user.public_id: seat.user for seat in held.select_related("user").order_by("user__first_name", "user__last_name") if seat.user}
        self.fields["user"].choices = [("", _("Choose a person")), *((key, user.name) for key, user in self.people.items())]  # type: ignore[attr-defined]  # nobody by a slip

    def clean_user(self) -> User:
        """The person behind the choice."""
        return self.people[self.cleaned_data["user"]]
