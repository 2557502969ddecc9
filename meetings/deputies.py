"""Who may come in somebody's place: the deputies of his seat in the same forum, and nobody else. A right comes from their own seat alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from access.actor import Actor
from access.models import User
from meetings.models import Attendance, Meeting
from municipalities.models import Seat
from municipalities.places import is_same_place


class Choice(NamedTuple):
    """A deputy who may be asked: his seat, himself, and the attendance in whose place he would come."""

    seat: Seat
    user: User
    place: Attendance


@dataclass(frozen=True)
class Answer:
    """What the page asks the reader about a meeting to which he is called."""

    mine: Attendance
    stand_in: Attendance | None  # who has been asked to come in his place
    choices: list[Choice]  # whom he may ask

    @property
    def stands_in_for(self) -> Attendance | None:
        """The one in whose place the reader is asked to come."""
        return self.mine.stands_in_for


def answer_of(actor: Actor, meeting: Meeting, attendances: list[Attendance]) -> Answer | None:
    """The reader's own answer; None when he is not called. One query more, and that only when he does not come."""
    own = [row for row in attendances if row.user_id == actor.user_id]
    if not own:
        return None
    stand_in = next((row for row in attendances if _stands_in(row, own)), None)
    may_ask = meeting.status == Meeting.Status.CALLED and own[0].reply == Attendance.Reply.NO and not any(row.stands_in_for_id for row in own)
    return Answer(own[0], stand_in, choices(meeting, own, attendances) if may_ask else [])


def choices(meeting: Meeting, own: Iterable[Attendance], attendances: Iterable[Attendance]) -> list[Choice]:
    """The holders of seats who may come in the place of one of these, by name.

    A deputy of that very seat, or one of the same organisation who is deputy for nobody in particular. Not who comes anyway
    by another seat, has said that he does not come, or comes in another's place already.
    """
    own = list(own)
    found = Seat.objects.current().filter(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, kind=Seat.Kind.DEPUTY, user__isnull=False, user__is_active=True)
    called = {row.user_id: row for row in attendances}
    fitting = []
    for seat in found.select_related("user", "organisation", "deputy_for").order_by("user__first_name", "user__last_name", "pk"):
        if seat.user is None:
            continue
        row = called.get(seat.user.pk)
        is_free = row is None or (row.seat_id == seat.pk and (_stands_in(row, own) or (row.stands_in_for_id is None and row.reply != Attendance.Reply.NO)))
        place = next((mine for mine in own if _is_deputy_of(seat, mine.seat)), None)
        if place is not None and is_free and seat.user.pk != place.user_id:
            fitting.append(Choice(seat, seat.user, place))
    return fitting


def _is_deputy_of(seat: Seat, other: Seat) -> bool:
    """Of that place, whoever has come to hold it since; or of its organisation, when he is deputy for nobody in particular."""
    if seat.deputy_for is None:
        return seat.organisation_id == other.organisation_id
    return seat.deputy_for_id == other.pk or is_same_place(seat.deputy_for, other)


def _stands_in(row: Attendance, own: Iterable[Attendance]) -> bool:
    return row.stands_in_for_id in {mine.pk for mine in own}


def places(attendances: Iterable[Attendance]) -> set[int]:
    """The places at the table: who comes in another's place takes no second one."""
    return {row.stands_in_for_id or row.pk for row in attendances}
