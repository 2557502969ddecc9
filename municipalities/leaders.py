"""Who runs a forum: the holder of its chair, else of its coordinator's seat. For the picture and the list of all forums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from access.kept import Read, kept
from access.request import TenantRequest
from access.roles import SeatRole, Verb
from municipalities.models import Seat
from municipalities.people import call_by_invited_name


@dataclass(frozen=True)
class Leader:
    """Somebody's name, and the seat from which he runs it; `is_chair`: it is the chair, whatever its title."""

    name: str
    title: str
    is_chair: bool


@kept
def _held(forums: Any) -> QuerySet[Seat]:
    running = Seat.objects.current().filter(forum__any=forums, role__in=[SeatRole.CHAIR, SeatRole.COORDINATOR], user__isnull=False)
    return running.exclude(kind=Seat.Kind.DEPUTY).select_related("user").order_by("pk")


def leaders(request: TenantRequest, forum_ids: Sequence[int]) -> dict[int, Leader]:
    """Forum id -> who runs it. Ask only for forums whose holders the reader may see. One query; two for the administrator, who knows of invitations."""
    seats = leaders_read(forum_ids).rows()
    if seats and Verb.MANAGE_TENANT in request.actor.tenant_verbs:
        seats = call_by_invited_name(request.tenant.id, seats)
    found: dict[int, Leader] = {}
    for seat in sorted(seats, key=lambda seat: seat.role != SeatRole.CHAIR):
        if seat.user is not None:
            found.setdefault(seat.forum_id, Leader(seat.user.name, seat.title, seat.role == SeatRole.CHAIR))
    return found


def leaders_read(forum_ids: Sequence[int]) -> Read[Seat]:
    """What `leaders` asks for."""
    return _held.of(list(forum_ids))
