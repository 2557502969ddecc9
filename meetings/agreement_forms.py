"""The line in which an agreement is made, and the form on its page. Nothing is written here."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from access.cpr import refuse_cpr
from access.kept import kept
from access.needed import says_what_is_needed
from access.needed_when import say_when_needed
from meetings.correcting import as_read
from meetings.deadlines import DeadlineError, UnconfirmedDeadlineError, agreed_deadline, example
from meetings.forms import DAYS
from meetings.models import Agreed, AgreementStep, Meeting
from meetings.who import People, WhoError
from municipalities.models import Seat

MOST_LETTERS = 300  # of what an agreement says
Kind = AgreementStep.Kind
ACTS = [(Kind.DONE, pgettext_lazy("agreement", "It is done")), (Kind.MOVED, _("It gets a new day")), (Kind.DROPPED, _("It is dropped"))]


@kept
def seats_to_choose(tenant: Any, forum: Any) -> QuerySet[Seat]:
    """The seats of a forum as they are now: who can be made responsible there."""
    held: QuerySet[Seat] = Seat.objects.current().filter(tenant_id=tenant, forum_id=forum).select_related("user", "organisation")
    return held.order_by("user__first_name", "user__last_name", "title", "pk")


def day_hint() -> str:
    """Ways to say a day, each of them one that comes."""
    return gettext("Write for example %(day)s, Friday or week %(week)s.") % example()


class AgreementLine(forms.Form):
    """An aftale in one line: `who`, `what`, `due`; or all of it in one of the first two. Cleaned: `parties`, `what`, `due_on`. A new one, or `agreed` typed anew."""

    confirmed = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)  # the day that was asked back and accepted
    corrects = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)  # the agreement that is typed anew
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)  # what it said then

    def __init__(self, *args: Any, seats: Iterable[Seat], agreed: Agreed | None = None, along: str = "", initial: Mapping[str, Any] = MappingProxyType({}), **kwargs: Any) -> None:
        """`along`: the id of the form that the line is sent with, until the script makes it a form of its own."""
        super().__init__(*args, **{**kwargs, "initial": {**initial, **(_as_typed(agreed) if agreed else {})}})
        self.agreed = agreed
        self.people = People(seats)
        self.understood: Any = None
        for field in self.fields.values() if along else ():
            field.widget.attrs["form"] = along

    @property
    def day_hint(self) -> str:
        """Ways to say a day."""
        return day_hint()

    @property
    def corrected(self) -> str:
        """The public id of the agreement that is corrected; empty for a new one."""
        return str(self["corrects"].value() or "")

    @property
    def was_seen(self) -> str:
        """What it said when it was opened, as it was sent."""
        return str(self["seen"].value() or "")

    @property
    def is_another(self) -> bool:
        """True when it is no longer as it was typed first."""
        return bool({"who", "what", "due"} & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        """Read who and the day; what can be read in more than one way is asked back, and nothing that was written is lost."""
        data = super().clean() or {}
        if not self.errors:
            read_agreement(self, data, self.people, self.agreed)
        return data


class AgreementForm(AgreementLine):
    """The line under an item of the minutes."""

    who = forms.CharField(label=_("Who"), max_length=500, required=False, validators=[refuse_cpr])
    what = forms.CharField(
        label=_("Does what"), max_length=500, required=False, validators=[refuse_cpr], widget=forms.TextInput(attrs={"class": "in-t", "autocomplete": "off"})
    )
    due = forms.CharField(
        label=_("Latest"), max_length=40, required=False, widget=forms.TextInput(attrs={"class": "in-t", "autocomplete": "off", "aria-describedby": "senest-hint"})
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "aftale-%s", "along": "punkt", **kwargs}, seats=seats_to_choose(meeting.tenant_id, meeting.forum_id))


def _as_typed(agreed: Agreed) -> dict[str, str]:
    """The agreement as it could have been typed."""
    who = ", ".join(one.seat if one.is_vacant else one.name for one in agreed.responsible)
    day = agreed.due_on
    return {"who": who, "what": agreed.what, "due": f"{day.day}/{day.month} {day.year}", "corrects": agreed.public_id, "seen": as_read(agreed)}


def read_agreement(form: Any, data: dict[str, Any], people: People, agreed: Agreed | None = None) -> None:
    """Turn `who`, `what`, `due` and `confirmed` of a form into `parties`, `what` and `due_on`; errors and questions are put on the form.

    `agreed`: the agreement that is typed anew. What is left of it as it was needs no reading: a day that has passed stands, and who has left.
    """
    known = {form.initial["due"]: agreed.due_on} if agreed else {}
    try:
        _read_who(form, data, people, agreed)
    except WhoError as error:
        form.add_error("who", str(error))
    if not data.get("what"):
        form.add_error("what", gettext("Write what is to be done."))
    elif len(data["what"]) > MOST_LETTERS:
        form.add_error("what", ngettext("Write it in at most %(most)s letter.", "Write it in at most %(most)s letters.", MOST_LETTERS) % {"most": MOST_LETTERS})
    try:
        data["due_on"] = known.get(data["due"]) or agreed_deadline(data["due"], data.get("confirmed", ""))
    except DeadlineError as error:
        form.add_error("due", str(error))
    except UnconfirmedDeadlineError as asked:
        form.understood = asked.day
        _show(form, confirmed=asked.day.isoformat())
        said = date_format(asked.day, gettext("l j F Y"))
        form.add_error("due", _asked_back(form) % {"day": said})


def _asked_back(form: Any) -> str:
    if getattr(form, "agreed", None):
        return gettext("Understood as %(day)s. Choose Save the correction again if that is right, or write another day.")
    return gettext("Understood as %(day)s. Choose Add again if that is right, or write another day.")


def _read_who(form: Any, data: dict[str, Any], people: People, agreed: Agreed | None) -> None:
    """Who does it. When one of the two fields is empty, the other holds the whole line, and is taken apart."""
    who, what = data["who"], data["what"]
    if agreed and what and who == form.initial["who"]:
        data["parties"] = agreed.held_by
        return
    if bool(who) == bool(what):
        data["parties"] = people.read(who)
        return
    line = people.take_apart(who or what)
    data.update(parties=line.who, what=line.what, due=data["due"] or line.due)
    _show(form, who=line.names, what=line.what, due=data["due"])


def _show(form: Any, **said: str) -> None:
    """What was understood stands in the fields when the form comes back."""
    form.data = {**dict(form.data.items()), **{form.add_prefix(name): value for name, value in said.items()}}


@says_what_is_needed(who=_("Write who is responsible from now on."))
class HandOverForm(forms.Form):
    """Who is responsible from now on, as it is written in the minutes. Cleaned: `parties`, `remark`."""

    who = forms.CharField(label=_("Who is responsible from now on?"), max_length=500, validators=[refuse_cpr], help_text=_("A name, several names, or a seat."))
    remark = forms.CharField(label=_("Remark"), required=False, max_length=300, validators=[refuse_cpr], help_text=_("No names of children."))

    def __init__(self, *args: Any, seats: Iterable[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "overdrag-%s", **kwargs})
        self.people = People(seats)
        self.fields["who"].widget.attrs.update({"list": "deltagere", "autocomplete": "off", "data-several": True})

    def clean(self) -> dict[str, Any]:
        """Read the names."""
        data = super().clean() or {}
        if "who" in data:
            try:
                data["parties"] = self.people.read(data["who"])
            except WhoError as error:
                self.add_error("who", str(error))
        return data


@says_what_is_needed(kind=_("Choose what became of the agreement."))
class AgreementStepForm(forms.Form):
    """Done, moved or dropped. A new day belongs to a move; a remark says why something is moved or dropped."""

    kind = forms.ChoiceField(label=_("What became of it?"), choices=ACTS, widget=forms.RadioSelect)
    due_on = forms.DateField(
        label=_("New day"), required=False, validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=300, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names of children."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_when_needed(self, due_on=_("needed when it gets a new day"), remark=_("needed when it is moved or dropped"))

    def clean(self) -> dict[str, Any]:
        """What each act needs."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == Kind.MOVED and "due_on" in data and not data["due_on"]:
            self.add_error("due_on", _("Choose the new day."))
        if kind in (Kind.MOVED, Kind.DROPPED) and "remark" in data and not data["remark"]:
            self.add_error("remark", _("Write why, in a sentence."))
        return data
