"""What a seat may not become, whoever writes it: `seat_actions` asks before it writes."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.roles import NO_DUTIES, Duty, SeatRole, Verb
from municipalities.actions import OwnSeatError, database_now
from municipalities.models import Forum, Seat

TOP_ROLES = (SeatRole.COORDINATOR, SeatRole.CHAIR)  # from these there is no way up


class SeatError(ValueError):
    """What cannot be done with the seat, as a sentence for the administrator."""


class StaleSeatError(SeatError):
    """Somebody else has changed the seat since the page was opened. Nothing has been overwritten."""


def refuse_unfit(forum: Forum, role: SeatRole, duties: Collection[Duty], deputy_for: Seat | None, seat: Seat | None = None) -> None:
    """Duties fit the role, and a deputy stands in for a first seat of the forum. `seat`: the one that is changed. Raises SeatError."""
    if duties and role in NO_DUTIES:
        raise SeatError(_("A pupil, a private member or an observer cannot convene, chair or take minutes."))
    if deputy_for is not None and (deputy_for.forum_id != forum.pk or deputy_for.deputy_for_id is not None or deputy_for == seat):
        raise SeatError(_("A deputy stands in for another seat of the same forum that is no deputy itself."))


def refuse_own_change(seat: Seat, role: SeatRole, duties: Collection[Duty], actor: Actor) -> None:
    """An administrator who sits in a forum with person data leaves his own rights there to another; `guard_sql.OWN_SEAT` says it again. Raises OwnSeatError."""
    is_other = seat.role not in TOP_ROLES and (role != seat.role or set(duties) != set(seat.duties))
    if is_other and seat.forum.is_person_forum and seat.user_id == actor.user_id and Verb.MANAGE_TENANT in actor.tenant_verbs:
        raise OwnSeatError(f"{seat.user} cannot change his own rights in {seat.forum}")


def refuse_second(seat: Seat, user: User, valid_from: datetime | None) -> None:
    """One person holds one seat of a role in a forum at a time. `seat`: the one he is to get. Raises SeatError."""
    begins = valid_from or database_now()
    held = Seat.objects.filter(forum=seat.forum, role=seat.role, user=user).exclude(pk=seat.pk).exclude(valid_to__lte=begins)
    if held.exists():
        raise SeatError(_("%(name)s already holds a seat with this role in the forum at that time.") % {"name": user.name})
