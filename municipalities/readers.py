"""People without a seat: what every member of the kommune reads, and no more (`access.roles.MEMBER_VERBS`).

A kommune that has no forum yet, or an employee who sits in none, still has its organisation, approved plans, catalogue,
staircase and sparring door to read.
"""

from collections.abc import Sequence

from django.contrib.auth.models import Group

from access.actor import Actor
from access.logged import create_together
from access.models import User
from access.policy import require
from access.roles import AppointmentRole, Verb
from municipalities.actions import database_now
from municipalities.models import Appointment, Forum, Seat, Tenant


def ids_here(tenant_id: int, users: Sequence[User]) -> set[int]:
    """The ids of those of the users who hold a seat or an appointment now. Two queries."""
    return {pk for model in (Seat, Appointment) for pk in model.objects.current().filter(tenant=tenant_id, user__in=users).values_list("user_id", flat=True)}


def let_read(tenant: Tenant, users: Sequence[User], *, actor: Actor) -> None:
    """Make those of the users who are nothing here yet employees without a seat, from now on. A handful of queries, whatever their number.

    Ending the person ends it; a seat that he gets later leaves it as it is.
    """
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)  # two administrators invite the same person: he is one once
    here = ids_here(tenant.pk, users)
    new = [user for user in users if user.pk not in here]
    if not new:
        return
    group = Group.objects.get_or_create(name=f"tenant:{tenant.pk}:{AppointmentRole.READER}")[0]
    now = database_now()
    create_together([Appointment(tenant=tenant, user=user, role=AppointmentRole.READER, group=group, valid_from=now) for user in new])
    memberships = User.groups.through
    memberships.objects.bulk_create([memberships(user=user, group_id=group.pk) for user in new], ignore_conflicts=True)
