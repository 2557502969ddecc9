"""Who was in the room for an item. The attendance of the meeting is the rule; he who stepped out or is disqualified was not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Value

from access.kept import kept
from access.models import User
from meetings.models import Attendance, ItemAbsence, ItemRecusal, Meeting


class Away(NamedTuple):
    """Somebody who was at the meeting, and not in the room for one item."""

    user: User
    is_recused: bool


@kept
def _not_in_the_room(tenant: Any, meeting: Any) -> QuerySet[Any, Any]:
    """(item id, user id, is disqualified), the disqualified last."""
    parts = [
        model.objects.filter(tenant_id=tenant, meeting_id=meeting).order_by().annotate(is_recused=Value(is_recused, output_field=BooleanField()))
        for model, is_recused in ((ItemAbsence, False), (ItemRecusal, True))
    ]
    absences, recusals = (part.values_list("item_id", "user_id", "is_recused") for part in parts)
    both: QuerySet[Any, Any] = absences.union(recusals, all=True)
    return both


def away_by_item(meeting: Meeting, attendances: Iterable[Attendance]) -> dict[int, list[Away]]:
    """Item id -> those who were at the meeting and away from it, by name, the disqualified last. One query, whatever the number of items."""
    came = {row.user_id: row.user for row in attendances if row.presence == Attendance.Presence.PRESENT}
    order = {user_id: place for place, user_id in enumerate(came)}  # attendances come by name
    rows = sorted(((item, user, is_recused) for item, user, is_recused in _not_in_the_room(meeting.tenant_id, meeting.pk) if user in came), key=lambda row: (row[2], order[row[1]]))
    recused = {(item, user) for item, user, is_recused in rows if is_recused}
    found: dict[int, list[Away]] = {}
    for item, user, is_recused in rows:
        if is_recused or (item, user) not in recused:
            found.setdefault(item, []).append(Away(came[user], is_recused))
    return found


@dataclass(frozen=True)
class Room:
    """The ids of those of whom the attendance knows, for one item: in the room, or not."""

    inside: set[int]
    outside: set[int]


def room_of(meeting: Meeting, item_id: int) -> Room:
    """Who was in the room for an item. For a case this is what the disclosure record (§ 115) begins with. One query."""
    out = (Exists(model.objects.filter(item_id=item_id, user_id=OuterRef("user_id"))) for model in (ItemAbsence, ItemRecusal))
    rows = Attendance.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).exclude(presence=Attendance.Presence.UNKNOWN)
    found = Room(set(), set())
    for user_id, presence, *away in rows.values_list("user_id", "presence", *out):
        inside = presence == Attendance.Presence.PRESENT and not any(away)
        (found.inside if inside else found.outside).add(user_id)
    return found
