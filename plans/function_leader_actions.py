"""Naming and taking off the leaders of a funktionsbeskrivelse, and who leads an organisation."""

from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.policy import require
from access.roles import Verb
from municipalities.models import Organisation
from plans import functions
from plans.actions import PlanStateError
from plans.function_leaders import Leader, leaders_of, named_on, people_here
from plans.models import FunctionDescription, FunctionRecord

Status, Step = FunctionDescription.Status, FunctionRecord.Step
MOST = 12  # leaders of one description


def add_leader(description: FunctionDescription, leader: User, *, actor: Actor) -> None:
    """Name one more who approves; while it lies at the leaders, he is asked at once."""
    found = functions.lock(description, Status.DRAFT, Status.AT_LEADER, actor=actor)
    named = named_on(found)
    if leader.pk in named:
        raise PlanStateError(_("%(name)s is named already.") % {"name": leader.name})
    if len(named) >= MOST:
        raise PlanStateError(_("A description has at most %(most)d leaders.") % {"most": MOST})
    if leader.pk == found.author_id:
        raise PlanStateError(_("%(name)s has written this description. Another leader must approve it.") % {"name": leader.name})
    if leader.pk == actor.user_id:
        raise PlanStateError(_("You cannot name yourself. Somebody else who takes the minutes must do it."))
    if not people_here(found.tenant_id).filter(pk=leader.pk).exists():
        raise PlanStateError(_("%(name)s no longer has a seat in the kommune. Name another leader first.") % {"name": leader.name})
    found.leader_ids = [*named, leader.pk]
    functions.record(found, Step.NAMED, actor, leader=leader)
    found.save()
    if found.status == Status.AT_LEADER:
        functions.ask(found, [leader])


def remove_leader(description: FunctionDescription, leader: User, *, actor: Actor) -> None:
    """Take one off. While it lies at the leaders, only one whose seat has ended: nobody is taken off because he says no."""
    found = functions.lock(description, Status.DRAFT, Status.AT_LEADER, actor=actor)
    row = next((row for row in leaders_of([found])[found.pk] if row.user.pk == leader.pk), None)
    if row is None or leader.pk not in found.leader_ids:
        raise PlanStateError(_("%(name)s is not named on the description any more.") % {"name": leader.name})
    if found.status == Status.AT_LEADER:
        _may_be_taken_off(row, found)
    found.leader_ids = [pk for pk in found.leader_ids if pk != leader.pk]
    functions.record(found, Step.REMOVED, actor, leader=leader)
    found.save()
    if found.status == Status.AT_LEADER:
        functions.settle(found)


def _may_be_taken_off(row: Leader, description: FunctionDescription) -> None:
    if row.is_here or not row.is_waited_for:
        raise PlanStateError(_("Only a leader whose seat has ended, and who has not approved, can be taken off now. Take the description back to change its leaders."))
    if len(description.leader_ids) == 1:
        raise PlanStateError(_("Name another leader first: somebody has to approve the description."))


def name_leader(organisation: Organisation, leader: User | None, *, actor: Actor) -> None:
    """Say who leads an organisation; the IT administrator's act."""
    require(actor, Verb.MANAGE_TENANT, organisation)
    found = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    found.leader = leader
    found.save(update_fields=["leader"])
