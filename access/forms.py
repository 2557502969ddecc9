"""Forms of the border: the filter of the access log."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import LogEntry, User
from access.needed import says_what_is_needed

Action = LogEntry.Action
DAYS_SHOWN = 30
LAST_DAY = date(2999, 12, 31)  # the day after the calendar's own last one cannot be reckoned
KINDS: dict[str, tuple[Any, list[int]]] = {
    "aabnet": (_("opened"), [Action.VIEW, Action.LIST, Action.SEARCH]),
    "rettet": (_("created, changed or deleted"), [Action.CREATE, Action.UPDATE, Action.DELETE]),
    "dokument": (_("document made or exported"), [Action.DOCUMENT, Action.EXPORT]),
    "nummer": (_("number shown"), [Action.UNMASK]),
    "afvist": (_("refused"), [Action.DENIED]),
    "forsoegt": (_("attempted, not shown"), [Action.ATTEMPTED + n for n in range(10)]),
}


@says_what_is_needed(fra=_("Choose the first day."), til=_("Choose the last day."))
class LogFilter(forms.Form):
    """Which entries to show: by whom, about whom, of what kind, from and to which day. Read from a GET address.

    Without dates: the last 30 days. `people` None means one's own entries: then nobody is to be chosen.
    """

    hvem = forms.ChoiceField(label=_("Who"), required=False)
    slags = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("everything")), *((key, label) for key, (label, _kinds) in KINDS.items())])
    om = forms.CharField(label=_("About person no."), required=False, max_length=20)
    fra = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    til = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    foer = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict, *, people: Iterable[User] | None) -> None:
        today = timezone.localdate()
        defaults = {"fra": today - timedelta(days=DAYS_SHOWN), "til": today}
        super().__init__({**defaults, **{key: value for key, value in asked.items() if value}})
        self.people = {user.public_id: user for user in people or ()}
        if people is None:
            del self.fields["hvem"]
        else:
            self.offer([])

    def offer(self, people: Iterable[User | None]) -> None:
        """Let these be chosen too, once they are known: the guests among the entries on the page."""
        self.people |= {user.public_id: user for user in people if user}
        if "hvem" in self.fields:
            named = sorted((user.name, key) for key, user in self.people.items())
            self.fields["hvem"].choices = [("", _("everybody")), *((key, name) for name, key in named)]  # type: ignore[attr-defined]

    def clean_om(self) -> int | None:
        """«17» or «Person 17»."""
        typed = self.cleaned_data["om"].strip()
        found = re.fullmatch(r"(?:person\s*)?(\d{1,12})", typed, re.IGNORECASE | re.ASCII)
        if typed and not found:
            raise forms.ValidationError(_("Write the number of the person, for example 17. Names are not in the log."))
        return int(found[1]) if found else None

    def clean(self) -> dict[str, Any]:
        """The last day cannot lie before the first."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("fra") and data.get("til") and data["til"] < data["fra"]:
            self.add_error("til", _("Choose a day that is not before the first one."))
        return data

    def query(self) -> dict[str, Any]:
        """The arguments of access.log.entries_for_tenant and own_entries."""
        data = self.cleaned_data
        asked = {
            "since": _midnight(data["fra"]), "until": _midnight(min(data["til"], LAST_DAY) + timedelta(days=1)), "subject_id": data["om"],
            "actions": KINDS[data["slags"]][1] if data["slags"] else None, "before_id": data["foer"],
        }  # fmt: skip
        if "hvem" in self.fields:
            asked["actor_id"] = self.people[data["hvem"]].pk if data["hvem"] else None
        return asked

    def summary(self) -> str:
        """What was looked for, for the log entry of the look-up itself."""
        data = self.cleaned_data
        who = self.people[data["hvem"]].name if data.get("hvem") else ""
        kind = str(KINDS[data["slags"]][0]) if data["slags"] else ""
        person = f"Person {data['om']}" if data["om"] else ""
        return ", ".join(part for part in (f"{data['fra']:%d.%m.%Y}–{data['til']:%d.%m.%Y}", who, kind, person) if part)

    def address(self, *, before: int) -> str:
        """The query string of the next, older page."""
        asked = QueryDict(mutable=True)
        asked.update({key: str(value) for key, value in self.data.items() if key != "foer"} | {"foer": str(before)})
        return f"?{asked.urlencode()}"


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
