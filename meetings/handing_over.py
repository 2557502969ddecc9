"""Open agreements whose responsible is gone: a person without a seat in the forum any more, or a seat that nobody holds.

They stand on the forum's page for who calls its meetings or writes its minutes, with the successor in the seat, if there is one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext as _

from access.actor import Actor
from access.kept import kept
from access.models import User
from access.policy import among, may
from access.request import TenantRequest
from access.roles import Verb
from meetings.models import Agreement, Responsible
from municipalities.models import Forum, Seat
from municipalities.organisation import current_seats
from municipalities.places import now_in

MOST = 50


@dataclass(frozen=True)
class Orphan:
    """An open agreement (of a meeting or in a case), who of its responsible is gone and why in words, and who took over his seat."""

    agreement: Any
    reasons: list[str]
    successors: list[User]


def may_hand_over(actor: Actor, row: Any) -> bool:
    """True for who calls the forum's meetings or writes its minutes. `row`: the agreement, or its forum."""
    return bool(may(actor, Verb.CONVENE, row) or may(actor, Verb.WRITE_MINUTES, row))


@kept
def _open(tenant: Any, forum: Any) -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.filter(tenant_id=tenant, forum_id=forum, status=Agreement.Status.OPEN).with_parties()
    return found.order_by("due_on", "pk")


def members_of(request: TenantRequest, forum: Any, roles: Collection[str] | None = None) -> list[User]:
    """Who sits in the forum now, in a seat of one of the roles if they are given, each once, by name. One query, or none on the forum's page."""
    held = {seat.user.pk: seat.user for seat in current_seats(request, [forum]) if seat.user is not None and (roles is None or seat.role in roles)}
    return sorted(held.values(), key=lambda user: (user.first_name, user.last_name, user.pk))


def forum_part(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The part of the forum's page. One query; a second when a person is gone."""
    if not may_hand_over(request.actor, forum):
        return None
    found = among(request.actor, Verb.VIEW_AGENDA, _open(forum.tenant_id, forum.pk))
    if not found:
        return None
    members = members_of(request, forum)
    orphans = orphans_among(found, members, forum)
    return {"orphans": orphans[:MOST], "members": members, "forum": forum} if orphans else None


def orphans_among(agreements: Iterable[Any], members: Sequence[User], forum: Forum) -> list[Orphan]:
    """Those of the agreements of which somebody responsible is gone."""
    seated = {user.pk for user in members}
    gone = [(agreement, lost) for agreement in agreements if (lost := [one for one in agreement.responsible if is_gone(one, seated)])]
    took_over = _successors(forum, {one.person.pk for _agreement, lost in gone for one in lost if one.person})
    return [Orphan(agreement, [_reason(one) for one in lost], _who_took_over(lost, took_over, members)) for agreement, lost in gone]


def _who_took_over(lost: Iterable[Responsible], took_over: dict[int, int], members: Iterable[User]) -> list[User]:
    successors = {took_over.get(one.person.pk) for one in lost if one.person}
    return [user for user in members if user.pk in successors]


def is_gone(one: Responsible, seated: set[int]) -> bool:
    """True for a vacant seat, and for a person who does not sit in the forum any more."""
    return one.is_vacant if one.seat else one.person is None or one.person.pk not in seated


def _reason(one: Responsible) -> str:
    if one.seat:
        return _("%(seat)s: the seat is vacant") % {"seat": one.seat}
    return _("%(name)s no longer has a seat in the forum") % {"name": one.name}


def _successors(forum: Forum, users: set[int]) -> dict[int, int]:
    """User id -> the id of who holds now the seat that he held last in the forum."""
    if not users:
        return {}
    former = Seat.objects.filter(tenant_id=forum.tenant_id, forum=forum, user__in=users).annotate(now=Subquery(now_in().values("user_id"))).order_by("valid_to")
    return {seat.user_id: seat.now for seat in former if seat.now and seat.user_id}


def with_instead(agreement: Any, members: Iterable[User], to: User) -> list[User | Seat]:
    """Who is responsible when `to` takes the place of those who are gone: the others stay."""
    seated = {user.pk for user in members}
    staying = [one for one in agreement.responsible if not is_gone(one, seated)]
    seats = Seat.objects.select_related("organisation").in_bulk([one.seat_id for one in staying if one.seat_id])
    kept: list[User | Seat] = [seats[one.seat_id] if one.seat_id else one.person for one in staying]
    return [*kept, *([] if to in kept else [to])]
