"""Who was in the room for an item. The attendance of the meeting is the rule; he who stepped out or is disqualified was not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from access.kept import kept
from access.models import User
from meetings.models import Attendance, ItemAbsence, ItemRecusal, Meeting


class Away(NamedTuple):
    """Somebody who was at the meeting, and not in the room for one item."""

    user: User
    is_recused: bool


@kept
def _absences(tenant: Any, meeting: Any) -> QuerySet[ItemAbsence]:
    return ItemAbsence.objects.filter(tenant_id=tenant, meeting_id=meeting).select_related("user").order_by("user__first_name", "user__last_name", "pk")


@kept
def _recusals(tenant: Any, meeting: Any) -> QuerySet[ItemRecusal]:
    return ItemRecusal.objects.filter(tenant_id=tenant, meeting_id=meeting).select_related("user").order_by("user__first_name", "user__last_name", "pk")


def away_by_item(meeting: Meeting, attendances: Iterable[Attendance]) -> dict[int, list[Away]]:
    """Item id -> those who were at the meeting and away from it, the disqualified last. Two queries, whatever the number of items."""
    came = {row.user_id for row in attendances if row.presence == Attendance.Presence.PRESENT}
    found: dict[int, list[Away]] = {}
    recusals = _recusals(meeting.tenant_id, meeting.pk)
    recused = {(row.item_id, row.user_id) for row in recusals}
    for absence in _absences(meeting.tenant_id, meeting.pk):
        if absence.user_id in came and (absence.item_id, absence.user_id) not in recused:
            found.setdefault(absence.item_id, []).append(Away(absence.user, is_recused=False))
    for recusal in recusals:
        if recusal.user_id in came:
            found.setdefault(recusal.item_id, []).append(Away(recusal.user, is_recused=True))
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
