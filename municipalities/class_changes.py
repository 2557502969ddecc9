"""What another class or kind of a forum would give and take: role by role and person by person. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.db.models.functions import Now

from access.actor import Actor
from access.kept import Read, kept
from access.models import User
from access.request import TenantRequest
from access.roles import AppointmentRole, Convening, DataClass, ForumKind, SeatRole, Verb, verbs_of
from municipalities.models import Appointment, ClassChange, Forum, Organisation, Seat
from municipalities.people import call_by_invited_name

SIGNING = (ForumKind.LOKALRAAD, ForumKind.STYREGRUPPE)  # their chairs may be the second person
READ_WITH = {DataClass.AGGREGATE: Verb.VIEW_AGGREGATE, DataClass.PERSON_115: Verb.VIEW_CASES}  # `row_rules.ITEM_WRITE` says it again; the other classes: with the agenda
KEPT_OUT = (SeatRole.PUPIL, SeatRole.CIVIL)  # of person data, whatever organisation sends them


@dataclass(frozen=True)
class Effect:
    """One seat: who holds it, and what its role would gain and lose."""

    seat: Seat
    gains: Sequence[Verb]
    loses: Sequence[Verb]
    reads_more: bool = False  # the class itself is higher: items of it come in sight

    @property
    def holder(self) -> User | None:
        """Who sits there now."""
        return self.seat.user


def is_raise(forum: Forum, kind: str, ceiling: str) -> bool:
    """True when a second person is needed: the class is higher, or some role would get a verb it lacks."""
    if not DataClass(ceiling).fits_under(DataClass(forum.ceiling)):
        return True
    return any(_verbs(forum, role, kind, ceiling) - _verbs(forum, role, forum.kind, forum.ceiling) for role in SeatRole)


def effects(forum: Forum, kind: str, ceiling: str) -> list[Effect]:
    """Every seat of the forum that is held now or later, or vacant, with what it would gain and lose. One query."""
    higher = not DataClass(ceiling).fits_under(DataClass(forum.ceiling))
    found = []
    for seat in seats_of(forum):
        before, after = (_verbs(forum, SeatRole(seat.role), *pair, seat=seat) for pair in ((forum.kind, forum.ceiling), (kind, ceiling)))
        reads_more = higher and not _classes_read(after, ceiling) <= _classes_read(before, forum.ceiling)
        found.append(Effect(seat, _in_order(after - before), _in_order(before - after), reads_more))
    return found


def seats_of(forum: Forum) -> list[Seat]:
    """The seats that are not over, with holder and organisation, in the order of the forum's page. A place that will be vacant is held until then: one seat."""
    seats = _not_over(forum).exclude(user=None, valid_from__gt=Now()).order_by("pk")
    return call_by_invited_name(forum.tenant_id, seats)


def _not_over(forum: Forum) -> Any:
    return Seat.objects.not_over().filter(tenant_id=forum.tenant_id, forum=forum).select_related("organisation", "user")


def kept_out(forum: Forum) -> list[Seat]:
    """The seats that keep the forum from person data: pupils, civil members, private organisations. One that begins later too: so says `guard_sql.GUARD`."""
    return [seat for seat in _not_over(forum).order_by("pk") if seat.role in KEPT_OUT or seat.organisation.kind == Organisation.Kind.PRIVATE]


def administrators_in(forum: Forum) -> list[Seat]:
    """The seats of people who are administrators of the kommune: they are kept out of person data."""
    administrators = set(Appointment.objects.current().filter(tenant_id=forum.tenant_id, role=AppointmentRole.ADMIN).values_list("user_id", flat=True))
    return [seat for seat in seats_of(forum) if seat.user_id in administrators]


def may_decide(actor: Actor, asked_by_id: int) -> bool:
    """True for a second person: another administrator, or who signs for the Lokalråd or a styregruppe as its chair. One query at most."""
    if actor.user_id == asked_by_id:
        return False
    if Verb.MANAGE_TENANT in actor.tenant_verbs:
        return True
    return chairs_held(actor.tenant_id, actor.user_id).filter(forum__in=actor.forums_with(Verb.SIGN_ACCESS)).exists()


def chairs_held(tenant: Any, user: Any) -> QuerySet[Seat]:
    """The seats in which a user chairs the Lokalråd or a styregruppe."""
    chairs = Seat.objects.current().filter(tenant_id=tenant, user_id=user, role=SeatRole.CHAIR)
    return chairs.filter(forum__kind__in=SIGNING).order_by()


def deciders(tenant_id: int, asked_by_id: int, roles: Sequence[AppointmentRole] = (AppointmentRole.ADMIN,)) -> QuerySet[User]:
    """Everybody who may be the second person, to be told that somebody has asked. `roles`: the appointments that may, beside the chairs."""
    administrators = Appointment.objects.current().filter(tenant_id=tenant_id, role__in=roles)
    chairs = Seat.objects.current().filter(tenant_id=tenant_id, role=SeatRole.CHAIR, forum__kind__in=SIGNING)
    either = Q(pk__in=administrators.values("user_id")) | Q(pk__in=chairs.values("user_id"))
    return User.objects.filter(either, is_active=True).exclude(pk=asked_by_id)


@kept  # on the Min uge of every chair and administrator
def _waiting(tenant: Any, user: Any, forums: Any) -> QuerySet[ClassChange]:
    waiting = ClassChange.objects.waiting().filter(~Q(asked_by_id=user), tenant_id=tenant)
    return waiting.annotate(reader_is_chair=Exists(chairs_held(tenant, user).filter(forum__any=forums))).select_related("forum", "asked_by")


def waiting_read(request: TenantRequest) -> Read[ClassChange] | None:
    """What `waiting_part` asks for; None for who chairs nothing and manages nothing."""
    actor = request.actor
    decides = actor.chairs or Verb.MANAGE_TENANT in actor.tenant_verbs
    return _waiting.of(actor.tenant_id, actor.user_id, list(actor.chairs)) if decides else None


def waiting_part(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge: forums that wait for this second person to say yes or no (as `may_decide` has it). One query, none for who chairs nothing and manages nothing."""
    actor = request.actor
    read = waiting_read(request)
    waiting = read.rows() if read else []
    if Verb.MANAGE_TENANT not in actor.tenant_verbs:
        waiting = [change for change in waiting if change.reader_is_chair]  # type: ignore[attr-defined]  # annotated
    return {"changes": waiting, "tenant": request.tenant} if waiting else None


def _verbs(forum: Forum, role: SeatRole, kind: str, ceiling: str, *, seat: Seat | None = None) -> frozenset[Verb]:
    return verbs_of(ForumKind(kind), role, DataClass(ceiling), Convening(forum.convening), seat.duties if seat else ())


def _classes_read(verbs: frozenset[Verb], ceiling: str) -> set[DataClass]:
    """The classes of items under a ceiling that these verbs open."""
    return {found for found in DataClass if found.fits_under(DataClass(ceiling)) and READ_WITH.get(found, Verb.VIEW_AGENDA) in verbs}


def _in_order(verbs: frozenset[Verb]) -> list[Verb]:
    return [verb for verb in Verb if verb in verbs]
