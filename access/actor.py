"""The Actor: who acts, in which tenant, and everything he may there. Resolved once a request, then frozen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from django.db.models import QuerySet

from access.roles import MEMBER_VERBS, PERSON_VERBS, AppointmentRole, SeatRole, Verb

NONE: frozenset[int] = frozenset()


class SeatLabel(NamedTuple):
    """What a seat is called in the log: «SSP-konsulent, Børn og Familie»."""

    forum_id: int
    label: str


@dataclass(frozen=True)
class Actor:
    """Who acts. Sets of ids are the answer of django-guardian for seats that are valid now, by the database's clock."""

    user_id: int = 0  # 0 is nobody, nowhere
    tenant_id: int = 0
    parent_tenant_id: int | None = None
    is_member: bool = False
    is_system: bool = False
    is_export: bool = False  # the job that takes a whole kommune out
    public_tenant_id: int = 0  # nobody is logged in: what this tenant has published, and nothing else
    forums: Mapping[Verb, frozenset[int]] = field(default_factory=dict)
    plans: Mapping[Verb, frozenset[int]] = field(default_factory=dict)
    tenant_verbs: frozenset[Verb] = frozenset()
    guests: Mapping[str, frozenset[int]] = field(default_factory=dict)  # model label -> ids an ad hoc grant opens
    recused: Mapping[str, frozenset[int]] = field(default_factory=dict)  # model label -> ids he is kept out of, whatever else he may
    # what his seats and grants would open, once he has accepted the duty of confidentiality in this tenant
    withheld: Mapping[Verb, frozenset[int]] = field(default_factory=dict)
    withheld_guest: bool = False
    seats: tuple[SeatLabel, ...] = ()
    chairs: frozenset[int] = NONE  # ids of the forums that he chairs by his seat

    def forums_with(self, verb: Verb) -> frozenset[int]:
        """Ids of the forums in which this actor has the verb."""
        return self.forums.get(verb, NONE)

    def plans_with(self, verb: Verb) -> frozenset[int]:
        """Ids of the plans on which this actor has the verb."""
        return self.plans.get(verb, NONE)

    def guest_of(self, label: str) -> frozenset[int]:
        """Ids of rows of a model («cases.Case») that an ad hoc grant opens right now."""
        return self.guests.get(label, NONE)

    @property
    def has_seat(self) -> bool:
        """True when he sits in a forum or is called in to something: without, no meeting and no agreement is his."""
        return bool(self.guests or self.withheld_guest) or any(seat.forum_id for seat in self.seats)

    @property
    def owes_pledge(self) -> bool:
        """True when he has a seat or a grant that concerns persons, and has not accepted the duty of confidentiality here."""
        return bool(self.withheld) or self.withheld_guest

    def recused_from(self, label: str) -> frozenset[int]:
        """Ids of rows of a model that this actor is kept out of (inhabil): stronger than every right."""
        return self.recused.get(label, NONE)

    def holds(self, verb: Verb) -> bool:
        """True if the actor has the verb anywhere in this tenant; the gate before a row is looked up."""
        if verb in MEMBER_VERBS:
            return self.is_member
        return bool(verb in self.tenant_verbs or self.forums_with(verb) or self.plans_with(verb))

    def seat_in(self, forum_id: int | None) -> str:
        """The label of the seat that the log names: the one in this forum, else «Gæst» or the first there is."""
        for seat in self.seats:
            if seat.forum_id == forum_id:
                return seat.label
        return self.seats[0].label if self.seats else ""

    def walls(self) -> dict[str, str]:
        """The values of the database settings that row-level security reads: one wall, one setting."""
        return {
            "tenant": str(self.tenant_id or ""),
            "parent_tenant": str(self.parent_tenant_id or "") if self.is_member else "",
            "user": str(self.user_id or ""),
            "is_member": "1" if self.is_member else "",
            "is_system": "1" if self.is_system else "",
            "is_export": "1" if self.is_export else "",
            "public_tenant": str(self.public_tenant_id or ""),
            "agenda_forums": _array(self.forums_with(Verb.VIEW_AGENDA)),
            "aggregate_forums": _array(self.forums_with(Verb.VIEW_AGGREGATE)),
            "case_forums": _array(self.forums_with(Verb.VIEW_CASES)),
            "plan_forums": _array(self.forums_with(Verb.EDIT_PLANS)),
            "report_forums": _array(self.forums_with(Verb.VIEW_REPORT) | self.forums_with(Verb.ORDER_REPORT)),
            "release_forums": _array(self.forums_with(Verb.RELEASE_FIGURES)),
            "minutes_forums": _array(self.forums_with(Verb.WRITE_MINUTES)),
            "approve_forums": _array(self.forums_with(Verb.APPROVE_MINUTES)),
            "convene_forums": _array(self.forums_with(Verb.CONVENE)),
            "sign_forums": _array(self.forums_with(Verb.SIGN_ACCESS)),
            "plans": _array(self.plans_with(Verb.VIEW_PLAN)),
            "guest_cases": _array(self.guest_of("cases.Case")),
            "guest_meetings": _array(self.guest_of("meetings.Meeting")),
            "guest_items": _array(self.guest_of("meetings.AgendaItem")),
            "recused_items": _array(self.recused_from("meetings.AgendaItem")),
            "recused_cases": _array(self.recused_from("cases.Case")),
            "tenant_verbs": _array(sorted(self.tenant_verbs)),
            "tickets": "",
        }


NOBODY = Actor()


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


# Each app that gives rights registers a function (user id, tenant id) -> querysets of
# (kind, verb or model label, object id, seat label); `access` imports none of them.
Resolver = Callable[[int, int], "list[QuerySet[Any, Any]]"]
_resolvers: list[Resolver] = []


def register_resolver(resolver: Resolver) -> None:
    """Called once from an app's `ready()`."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


# stand in for the two arguments while the statement is compiled; no row has such an id
USER, TENANT = 9_111_111_111_111_111_111, 9_222_222_222_222_222_222


@cache
def rights_statement() -> str:
    """The union of every resolver's querysets as one statement with two parameters.

    Compiled once: building and compiling it for each request cost more than running it (script/bench).
    """
    querysets = [rows for resolver in _resolvers for rows in resolver(USER, TENANT)]
    sql, params = querysets[0].union(*querysets[1:], all=True).query.sql_with_params()
    connection.ensure_connection()
    text = psycopg.ClientCursor(connection.connection).mogrify(sql, params)
    return text.replace("%", "%%").replace(str(USER), "%(user)s").replace(str(TENANT), "%(tenant)s")


def right_rows(user_id: int, tenant_id: int) -> list[tuple[str, str, int, str]]:
    """All rights of a user in a tenant, in one query over every registered resolver.

    The statement is bound by the server, so that PostgreSQL keeps its plan for the connection.
    """
    statement = rights_statement()
    with connection.make_cursor(psycopg.Cursor(connection.connection)) as cursor:  # type: ignore[arg-type]  # django-stubs: it takes the driver's cursor
        cursor.execute(statement, {"user": user_id, "tenant": tenant_id})
        found: list[tuple[str, str, int, str]] = cursor.fetchall()
    return found


def build_actor(user_id: int, tenant_id: int, parent_tenant_id: int | None, *, is_system: bool) -> Actor:
    """Resolve an actor inside a context that already names this user and tenant. Reads one query.

    Without a pledge of confidentiality in this tenant there is no verb about persons and no grant in the answer: the
    database shows nothing about anybody. It fails closed: an app that forgets to resolve pledges opens nothing.
    """
    forums: dict[Verb, set[int]] = {}
    plans: dict[Verb, set[int]] = {}
    guests: dict[str, set[int]] = {}
    recused: dict[str, set[int]] = {}
    tenant_verbs: set[Verb] = set()
    seats: set[SeatLabel] = set()
    chairs: set[int] = set()
    is_member = has_pledged = False
    for kind, name, object_id, label in right_rows(user_id, tenant_id):
        match kind:
            case "forum":
                forums.setdefault(Verb(name), set()).add(object_id)
            case "plan":
                plans.setdefault(Verb(name), set()).add(object_id)
            case "tenant":
                tenant_verbs.add(Verb(name))
            case "guest":
                guests.setdefault(name, set()).add(object_id)
                seats.add(SeatLabel(0, label))
            case "pledge":
                has_pledged = True
            case "recused":
                recused.setdefault(name, set()).add(object_id)
            case "seat":  # a seat or an appointment makes a member
                is_member = True
                seats.add(SeatLabel(object_id, label))
                chairs |= {object_id} if name == SeatRole.CHAIR else set()
            case _:
                raise ValueError(f"unknown kind of right: {kind}")
    withheld = {} if has_pledged else {verb: frozenset(forums.pop(verb)) for verb in PERSON_VERBS if verb in forums}
    withheld_guest = bool(guests) and not has_pledged
    if withheld_guest:
        guests = {}
    return Actor(
        user_id=user_id, tenant_id=tenant_id, parent_tenant_id=parent_tenant_id, is_member=is_member, is_system=is_system,
        forums={verb: frozenset(ids) for verb, ids in forums.items()},
        plans={verb: frozenset(ids) for verb, ids in plans.items()},
        guests={name: frozenset(ids) for name, ids in guests.items()},
        recused={name: frozenset(ids) for name, ids in recused.items()}, withheld=withheld, withheld_guest=withheld_guest,
        tenant_verbs=frozenset(tenant_verbs), seats=_called(seats), chairs=frozenset(chairs),
    )  # fmt: skip


def _called(seats: set[SeatLabel]) -> tuple[SeatLabel, ...]:
    """In their order; an employee without a seat who is something besides is called that."""
    reader = SeatLabel(0, AppointmentRole.READER)
    return tuple(sorted(seats - {reader} or seats))


def may_open_persons(actor: Actor) -> bool:
    """True if any right of the actor concerns person data; such a session needs two factors."""
    return any(actor.forums_with(verb) for verb in PERSON_VERBS) or bool(actor.guests)
