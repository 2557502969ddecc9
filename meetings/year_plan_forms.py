"""Forms of the year's plan: what to reckon with, and which of the proposed dates become meetings."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.cpr import refuse_cpr
from access.needed import says_what_is_needed
from access.one_line import refuse_breaks
from meetings.forms import DAYS, MOST_MINUTES, ClockField
from meetings.year_plan import Row, Usual

YEARS_AHEAD = 2


@says_what_is_needed(
    year=gettext_lazy("Choose the year."), weekday=gettext_lazy("Choose the weekday."), time=gettext_lazy("Write when the meetings begin, for example 9.30."),
    duration=gettext_lazy("Write how many minutes a meeting takes."),
)  # fmt: skip
class WishForm(forms.Form):
    """Year, weekday, time, length and place to reckon with. Cleaned: `usual`, and `year`."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), coerce=int, choices=[(number, WEEKDAYS[number]) for number in range(5)])
    time = ClockField(label=gettext_lazy("Time"), input_formats=["%H:%M"], error_messages={"invalid": gettext_lazy("Write a time, for example 9.30.")})
    duration = forms.IntegerField(label=gettext_lazy("Length in minutes"), min_value=5, max_value=MOST_MINUTES)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=120, required=False, validators=[refuse_cpr, refuse_breaks])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in range(this, this + YEARS_AHEAD + 1)]  # type: ignore[attr-defined]  # a TypedChoiceField

    @staticmethod
    def initial_of(year: int, usual: Usual) -> dict[str, Any]:
        """What the form shows at first: the forum's own habit."""
        return {"year": year, "weekday": usual.weekday, "time": f"{usual.time:%H:%M}", "duration": usual.minutes, "place": usual.place}

    @property
    def address(self) -> str:
        """The wishes as the query of an address."""
        return urlencode({name: self.data.get(name, "") for name in self.fields})

    def clean(self) -> dict[str, Any]:
        """Put weekday, time, length and place together."""
        data = super().clean() or {}
        if not self.errors:
            data["usual"] = Usual(data["weekday"], data["time"], data["duration"], data["place"])
        return data


class DatesForm(forms.Form):
    """The proposed dates: a tick and a day each, named by the key of the row. Cleaned: `days`, of those that are chosen.

    `one` is the key of the row whose own button was pressed: then only that row counts. `standing`: the days of the forum's
    meetings that stand already; nobody moves a proposed date there, or the forum would meet twice.
    """

    def __init__(self, *args: Any, rows: Sequence[Row], one: str = "", standing: frozenset[date] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "m-%s", **kwargs})
        self.rows, self.one, self.standing = rows, one, standing
        for row in rows:
            self.fields[f"on-{row.key}"] = forms.BooleanField(required=False, initial=True)
            self.fields[f"day-{row.key}"] = forms.DateField(
                label=_("Day"), required=False, initial=row.day, validators=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            )

    @property
    def lines(self) -> Iterator[tuple[Row, forms.BoundField, forms.BoundField]]:
        """Each row with its tick and its day."""
        for row in self.rows:
            yield row, self[f"on-{row.key}"], self[f"day-{row.key}"]

    @property
    def days(self) -> dict[str, date]:
        """Key -> day, of all rows whose day can be read."""
        return {row.key: self.cleaned_data.get(f"day-{row.key}") or row.day for row in self.rows}

    @property
    def chosen(self) -> dict[str, date]:
        """Key -> day, of the rows to plan."""
        return {key: day for key, day in self.days.items() if (key == self.one if self.one else self.cleaned_data.get(f"on-{key}"))}

    def clean(self) -> dict[str, Any]:
        """A day is to come and of the year that is planned, and no two of them are the same."""
        data = super().clean() or {}
        seen: set[date] = set()
        proposed = {row.key: row.day for row in self.rows}
        years = {day.year for day in proposed.values()}
        for key, day in self.chosen.items():
            if day <= timezone.localdate():
                self.add_error(f"day-{key}", _("The day has passed. Choose a coming day."))
            elif day.year not in years:
                self.add_error(f"day-{key}", _("The day is in %(other)s, and here %(year)s is planned. Choose another day.") % {"other": day.year, "year": proposed[key].year})
            elif day in seen:
                self.add_error(f"day-{key}", _("Another of the meetings is on this day."))
            elif day in self.standing and day != proposed[key]:
                self.add_error(f"day-{key}", _("The forum has a meeting on this day already. Choose another day."))
            seen.add(day)
        return data
