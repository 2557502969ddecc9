"""Who is responsible for an aftale: one or several, each a person or the seat that somebody holds. Shared by `meetings` and `cases`.

Rows are written once, in rounds: those of round 1 were agreed and stand in the minutes; each handing over adds a round. The row's own
`round` says which are responsible now. A seat follows its place (`municipalities.places`): whoever gets it is responsible from then on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat, JSONObject
from django.utils.translation import gettext as _

from access.models import User
from municipalities.models import Seat, TenantRow
from municipalities.places import now_in, seats_of

SHOWN = {"id", "public_id", "email", "first_name", "last_name", "title", "mark"}
PERSON = [field.attname for field in User._meta.concrete_fields if field.attname in SHOWN]  # in the order in which a row of `User` has them


@dataclass(frozen=True)
class Responsible:
    """One who is responsible: a person, or a seat with whoever holds it. `person` is None when the seat is vacant."""

    person: User | None
    seat: str = ""
    seat_id: int | None = None

    @property
    def name(self) -> str:
        """«Anders Strandhede», «SSP-konsulent, Skole Nord (Ditte Havmark)», or «… (the seat is vacant)»."""
        if not self.seat:
            return self.person.name if self.person else ""
        return f"{self.seat} ({self.person.name if self.person else _('the seat is vacant')})"

    @property
    def is_vacant(self) -> bool:
        """True for a seat that nobody holds."""
        return self.person is None


class Party(TenantRow):
    """Abstract: one who is responsible in one round. Either a user or a seat; of a seat also what it was called and who held it then."""

    round = models.PositiveSmallIntegerField(default=1)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="+")
    seat_label = models.CharField(max_length=260, blank=True)
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"

    @classmethod
    def values_of(cls, who: User | Seat) -> dict[str, Any]:
        """The columns that name this person or seat."""
        return {"user": who} if isinstance(who, User) else {"seat": who, "seat_label": str(who), "holder_id": who.user_id}


def _person(path: str) -> JSONObject:
    return JSONObject(**{name: F(f"{path}__{name}") for name in PERSON})


def _place() -> Subquery:
    label = Concat(F("title"), Value(", "), F("organisation__name"))
    return Subquery(now_in("seat__").values(json=JSONObject(title=F("title"), label=label, organisation=F("organisation__name"), person=_person("user"))))


class PartiedQuerySet[M: models.Model](models.QuerySet[M]):
    """Aftaler by who is responsible for them."""

    def of(self, user: Any) -> Self:
        """Those for which this user is responsible now: as himself, or as who has the place of a seat."""
        parties = _parties(self.model).objects.filter(Q(user=user) | Q(seat__in=seats_of(user)), agreement=OuterRef("pk"), round=OuterRef("round"))
        return self.filter(Exists(parties))

    def with_parties(self) -> Self:
        """Each with who is responsible, in the same query: `.responsible`, `.names`, `.agreed_names` then ask no more."""
        rows = _parties(self.model).objects.filter(agreement=OuterRef("pk")).order_by("pk")
        place = Case(When(seat__isnull=False, then=_place()))  # not looked for where a person is responsible
        told = JSONObject(round=F("round"), user=_person("user"), seat=F("seat_id"), label=F("seat_label"), holder=_person("holder"), now=place)
        return self.annotate(party_rows=ArraySubquery(rows.values(json=told)))


def _parties(model: Any) -> Any:
    return model._meta.get_field("parties").related_model


class Partied(models.Model):
    """Abstract: an aftale with `parties`. What is asked of one row."""

    round = models.PositiveSmallIntegerField(default=1, editable=False)  # of its parties: those who are responsible now

    parties: ClassVar[Any]

    class Meta:
        abstract = True

    @cached_property
    def party_rows(self) -> list[dict[str, Any]]:
        """Its parties as `with_parties` reads them; asked for here when the row was read without."""
        rows: Any = type(self)._default_manager.filter(pk=self.pk)
        [found] = rows.with_parties().values_list("party_rows", flat=True)
        return list(found)

    @property
    def responsible(self) -> list[Responsible]:
        """Who is responsible now. A seat is called what it is called now, and held by who holds it now."""
        return [_responsible(row, now=True) for row in self.party_rows if row["round"] == self.round]

    @property
    def agreed_by(self) -> list[Responsible]:
        """Who was responsible when it was agreed, as the minutes have it."""
        return self.in_round(1)

    def in_round(self, number: int) -> list[Responsible]:
        """Who was made responsible in that round, as it was then."""
        return [_responsible(row, now=False) for row in self.party_rows if row["round"] == number]

    @property
    def names(self) -> str:
        """Who is responsible now, in words."""
        return listed([one.name for one in self.responsible])

    @property
    def agreed_names(self) -> str:
        """Who was responsible when it was agreed, in words."""
        return listed([one.name for one in self.agreed_by])

    @property
    def responsible_ids(self) -> set[int]:
        """The ids of the users who are responsible now."""
        return {one.person.pk for one in self.responsible if one.person}

    @property
    def held_by(self) -> list[User | Seat]:
        """Who is responsible now, to be named again: a person, or the seat that was agreed with."""
        held: list[User | Seat | None] = [Seat(pk=one.seat_id) if one.seat_id else one.person for one in self.responsible]
        return [who for who in held if who is not None]

    def is_with(self, who: Collection[User | Seat]) -> bool:
        """True when these, and nobody else, are responsible now."""
        now = {(one.seat_id, None if one.seat_id else one.person and one.person.pk) for one in self.responsible}
        return now == {(one.pk, None) if isinstance(one, Seat) else (None, one.pk) for one in who}

    @property
    def is_shared(self) -> bool:
        """True when more than one person is responsible, or a seat: then it is worth saying who."""
        return len(self.responsible) > 1 or any(one.seat for one in self.responsible)

    def forget_parties(self) -> None:
        """After a handing over: ask anew."""
        self.__dict__.pop("party_rows", None)


def _responsible(row: dict[str, Any], *, now: bool) -> Responsible:
    if row["seat"] is None:
        return Responsible(user_from(row["user"]))
    if not now:
        return Responsible(user_from(row["holder"]), row["label"], row["seat"])
    place = row["now"]
    if place is None:
        return Responsible(None, row["label"], row["seat"])
    label = place["title"] if place["title"] == place["organisation"] else place["label"]
    return Responsible(user_from(place["person"]), label, row["seat"])


def user_from(told: dict[str, Any]) -> User | None:
    """The user that a query told of, to be shown and never saved."""
    return User.from_db("default", PERSON, [told[name] for name in PERSON]) if told["id"] else None


def listed(names: list[str]) -> str:
    """«Ditte», «Ditte and Anders», «Ditte, Anders and Birk»."""
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]} if len(names) > 1 else "".join(names)
