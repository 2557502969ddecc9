"""The people and seats that a search for agreements can ask for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from access.models import User
from municipalities.models import Seat
from municipalities.places import seats_of, seats_of_place

SEAT = "plads-"


@dataclass(frozen=True)
class ResponsibleChoices:
    """The people and seats that a search can ask for: those of the reader's forums."""

    people: dict[str, User]
    seats: dict[str, Seat]

    @property
    def choices(self) -> list[Any]:
        """For a select: anybody, the people, the seats."""
        people = [(key, user.name) for key, user in self.people.items()]
        seats = [(key, f"{seat} · {seat.forum.name}") for key, seat in self.seats.items()]
        return [("", _("Anybody")), *([(_("People"), people)] if people else []), *([(_("Seats"), seats)] if seats else [])]

    def wanted(self, key: str) -> tuple[int | None, tuple[int, ...] | None]:
        """(user id, seat ids) of a choice: a person with the places that are his, or one place with all its rows."""
        if key in self.seats:
            return None, tuple(sorted(seats_of_place(self.seats[key])))
        user = self.people.get(key)
        return (user.pk, tuple(seats_of(user.pk).values_list("pk", flat=True))) if user else (None, None)


def responsible_choices(tenant_id: Any, forums: Collection[int]) -> ResponsibleChoices:
    """Everybody who holds or has held a seat in the forums, by name, and the seats as they are now. Two queries."""
    held = Seat.objects.filter(tenant_id=tenant_id, forum_id__in=forums, user__isnull=False).values("user")
    people = User.objects.filter(pk__in=held).order_by("first_name", "last_name")
    seats = Seat.objects.current().filter(tenant_id=tenant_id, forum_id__in=forums).select_related("organisation", "forum").order_by("forum__order", "forum_id", "title", "pk")
    return ResponsibleChoices({user.public_id: user for user in people}, {SEAT + seat.public_id: seat for seat in seats})
