"""A place in a forum outlives its seats: when somebody else gets it, a new row of `Seat` begins. Who has the place of a seat now.

The place goes on in a later seat of the same forum with the same key; of one without a key, with the same title and organisation.
So a place without a key gets one before it is called something else (`keep_together`).
"""

from typing import Any

from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from access.logged import change_together
from municipalities.models import Seat


def now_in(path: str = "") -> Any:
    """The seat that has the place now, at most one: a subquery in a query of rows that reach a seat by `path` («seat__»; empty for seats)."""

    def of(name: str) -> OuterRef:
        return OuterRef(f"{path}{name}")

    begun_after = Q(forum_id=of("forum_id"), valid_from__gte=of("valid_to"))
    is_keyless = Q(key="") | Q(Exact(of("key"), Value("")))
    same = (Q(key=of("key")) & ~Q(key="")) | (Q(title=of("title"), organisation_id=of("organisation_id")) & is_keyless)
    nearest = Case(When(pk=of("pk"), then=Value(0)), When(key=of("key"), then=Value(1)), default=Value(2))
    found = Seat.objects.current().filter(Q(pk=of("pk")) | (begun_after & same))
    return found.alias(nearest=nearest).order_by("nearest", "valid_from", "pk")[:1]


def seats_of(user: Any) -> Any:
    """The seats whose places this user has now: the one he holds, and those before it. For a subquery; `user` may be a parameter of a kept statement."""
    held = Seat.objects.current().filter(user=user)
    # a seat that is not over is its own place; the dear question of who came after is asked of none for which an earlier condition is false
    is_over = Q(valid_to__isnull=False) & Q(valid_to__lte=Now())
    earlier = is_over & Q(forum__in=held.values("forum")) & Q(Exact(Subquery(now_in().values("user_id")), getattr(user, "pk", user)))
    return Seat.objects.filter(Q(pk__in=held.values("pk")) | earlier).values("pk")


def seats_of_place(seat: Seat) -> set[int]:
    """The ids of all rows that have been or are this place. One query."""
    same = Q(title=seat.title, organisation_id=seat.organisation_id) | (Q(key=seat.key) if seat.key else Q(pk=seat.pk))
    rows = Seat.objects.filter(same, tenant_id=seat.tenant_id, forum_id=seat.forum_id).annotate(now=Subquery(now_in().values("pk")))
    return set(rows.filter(now=seat.pk).values_list("pk", flat=True))


def current_of(seat: Seat) -> Seat | None:
    """The seat that has the place of this one now; None when nobody has. One query."""
    now = Seat.objects.filter(pk=seat.pk).annotate(now=Subquery(now_in().values("pk"))).values("now")
    return Seat.objects.filter(pk__in=now).select_related("organisation").first()


def is_same_place(before: Seat, after: Seat) -> bool:
    """True when the later seat of the forum goes on with the place of the earlier one: the rule of `now_in`, of two rows that are at hand."""
    if before.forum_id != after.forum_id or before.pk == after.pk:
        return False
    if before.key and before.key == after.key:
        return True
    is_keyless = not before.key or not after.key
    return is_keyless and (before.title, before.organisation_id) == (after.title, after.organisation_id)


def own_key(seat: Seat) -> str:
    """A key that no other place has."""
    return f"plads-{seat.public_id}".lower()


def keep_together(seat: Seat) -> None:
    """Before a seat without a key gets another title or organisation: the rows that have been its place get its key, or they would lose their place.

    Whoever calls saves the seat itself: so each row has its line in the log.
    """
    if not seat.key:
        earlier = Seat.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk__in=seats_of_place(seat) - {seat.pk}).order_by("pk")
        seat.key = own_key(seat)
        change_together(list(earlier), key=seat.key)
