"""The leaders of a funktionsbeskrivelse: who is named, who has approved in the round that runs, and whose seat has ended.

A draft on which nobody is named goes to the leader of its organisation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from municipalities.models import Appointment, Seat
from plans.actions import PlanStateError
from plans.models import FunctionDescription, FunctionRecord

Status, Step = FunctionDescription.Status, FunctionRecord.Step
ENDS_A_ROUND = (Step.SENT_BACK, Step.WITHDRAWN, Step.CHANGED)


@dataclass(frozen=True)
class Leader:
    """One who approves. `is_here` is false once his seat in the kommune has ended."""

    user: User
    approved_on: date | None
    is_here: bool

    @property
    def is_waited_for(self) -> bool:
        """True until he has approved."""
        return self.approved_on is None


def people_here(tenant_id: int) -> QuerySet[User]:
    """Who has a seat or an appointment in the kommune now, by name."""
    seats = Seat.objects.current().filter(tenant_id=tenant_id, user=OuterRef("pk"))
    appointments = Appointment.objects.current().filter(tenant_id=tenant_id, user=OuterRef("pk"))
    return User.objects.filter(Exists(seats) | Exists(appointments), is_active=True, is_system=False).order_by("first_name", "last_name")


def named_on(description: FunctionDescription) -> list[int]:
    """The ids of those named; of a draft without any, the organisation's leader."""
    if description.leader_ids or description.status != Status.DRAFT:
        return list(description.leader_ids)
    return [description.organisation.leader_id] if description.organisation.leader_id else []


def approvals_of(descriptions: Sequence[FunctionDescription]) -> QuerySet[FunctionRecord]:
    """What leaders have approved in the rounds that run, the first one first."""
    rows = FunctionRecord.objects.filter(description__in=descriptions, step=Step.APPROVED, round=F("description__round"), number=F("description__number"))
    return rows.select_related("by").order_by("at", "pk")


def approvers(description: FunctionDescription) -> set[int]:
    """The ids of those who have approved in the round that runs."""
    return set(approvals_of([description]).values_list("by_id", flat=True))


def leaders_of(descriptions: Sequence[FunctionDescription]) -> dict[int, list[Leader]]:
    """The leaders of each description, in the order they were named. Two queries."""
    days = {(row.description_id, row.by_id): timezone.localdate(row.at) for row in approvals_of(descriptions)}
    wanted = {pk for description in descriptions for pk in named_on(description)}
    tenant_id = descriptions[0].tenant_id if descriptions else None
    here = Exists(people_here(tenant_id).filter(pk=OuterRef("pk"))) if tenant_id else None
    users = User.objects.filter(pk__in=wanted).annotate(is_here=here).in_bulk() if wanted else {}
    return {
        description.pk: [Leader(users[pk], days.get((description.pk, pk)), users[pk].is_here) for pk in named_on(description) if pk in users]
        for description in descriptions
    }  # fmt: skip


def to_ask(description: FunctionDescription, sender: Actor) -> list[User]:
    """The leaders that a draft is sent to. Raises PlanStateError when there are none, one has left, or one has written it."""
    found = leaders_of([description])[description.pk]
    if not found:
        raise PlanStateError(_("%(organisation)s has no leader in SSP, and nobody is named here. Name who approves the description.") % {"organisation": description.organisation})
    gone = [leader.user.name for leader in found if not leader.is_here]
    if gone:
        raise PlanStateError(_("%(name)s no longer has a seat in the kommune. Name another leader first.") % {"name": gone[0]})
    if {description.author_id, sender.user_id} & {leader.user.pk for leader in found}:
        raise PlanStateError(_("A leader has written this description. Somebody else must write it or send it."))
    return [leader.user for leader in found]


# ---- what has happened ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ended:
    """Why the last round ended: who did it and what he wrote, and whose approvals count no more."""

    record: FunctionRecord
    void: list[FunctionRecord]


def void_in(records: Iterable[FunctionRecord]) -> set[int]:
    """The ids of the approvals that count no more."""
    rows = list(records)
    ended = {row.round for row in rows if row.step in ENDS_A_ROUND}
    return {row.pk for row in rows if row.step == Step.APPROVED and row.round in ended}


def last_ended(description: FunctionDescription, records: Iterable[FunctionRecord]) -> Ended | None:
    """Why a draft is one again; nothing for one that has not been at the leaders in this version."""
    rows = list(records)
    record = next((row for row in rows if row.step in ENDS_A_ROUND and row.round == description.round - 1 and row.number == description.number), None)
    if record is None or description.status != Status.DRAFT:
        return None
    return Ended(record, [row for row in rows if row.step == Step.APPROVED and row.round == record.round])
