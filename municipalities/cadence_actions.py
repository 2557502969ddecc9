"""The write of a forum's cadence."""

from typing import Any

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from municipalities.cadence_rules import FIELDS, Fault, faults, tidy
from municipalities.models import Forum, Tenant


class ImpossibleCadenceError(ValueError):
    """No such cadence can be; `faults` says which field is wrong and why. Nothing has been saved."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__(" ".join(fault.sentence for fault in found))
        self.faults = found


def set_cadence(forum: Forum, *, actor: Actor, **fields: Any) -> Forum:
    """Give the forum another cadence. `fields` are the cadence_* fields of the model; what does not belong to the chosen form is dropped.

    Meetings that are planned stay as they are. Raises PermissionDenied, ImpossibleCadenceError.
    """
    require(actor, Verb.MANAGE_TENANT, forum)
    Tenant.objects.select_for_update(no_key=True).get(pk=forum.tenant_id)  # two at once do not make a ring of two
    forum = Forum.objects.select_for_update(of=("self",)).get(tenant_id=forum.tenant_id, pk=forum.pk)
    for name, value in tidy(fields).items():
        setattr(forum, name, value)
    found = faults(forum, followed_by_forum(forum.tenant_id))
    if found:
        raise ImpossibleCadenceError(found)
    forum.save(update_fields=FIELDS)
    return forum


def followed_by_forum(tenant_id: int) -> dict[int, int | None]:
    """Forum id -> the forum that its meetings are relative to. One query."""
    return dict(Forum.objects.filter(tenant_id=tenant_id).values_list("pk", "cadence_of_id"))
