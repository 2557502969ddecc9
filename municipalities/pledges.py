"""The duty of confidentiality: accepted once in each tenant, with date, before the first item about a person.

`access.actor` withholds every verb about persons until the row is there; the resolver in `municipalities.rights` tells of it.
"""

from access.actor import Actor
from municipalities.models import PLEDGE_VERSION, ConfidentialityPledge


def pledge_of(actor: Actor) -> ConfidentialityPledge | None:
    """The actor's own pledge to the text that is in force."""
    found: ConfidentialityPledge | None = ConfidentialityPledge.objects.filter(tenant_id=actor.tenant_id, user_id=actor.user_id, version=PLEDGE_VERSION).first()
    return found


def accept_pledge(actor: Actor) -> ConfidentialityPledge:
    """The actor himself accepts; twice is once. Row security lets nobody accept for another. His next request is resolved with it."""
    return ConfidentialityPledge.objects.get_or_create(tenant_id=actor.tenant_id, user_id=actor.user_id, version=PLEDGE_VERSION)[0]
