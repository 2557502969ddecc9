"""The case that is locked for a write. It comes first, before what is written in it: so two writers wait and never deadlock."""

from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from cases.errors import CaseStateError
from cases.models import Case


def writer_id(actor: Actor) -> int:
    """Who writes. Only somebody who is known holds a verb, so there is always one."""
    assert actor.user_id is not None, "nobody holds no verb"
    return actor.user_id


def locked_case(case: Case, actor: Actor) -> Case:
    """The case as it is now, locked until the end of the transaction. Raises PermissionDenied without WRITE_CASES."""
    require(actor, Verb.WRITE_CASES, case)
    found: Case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("forum").get(tenant_id=case.tenant_id, pk=case.pk)
    return found


def need_open(case: Case) -> None:
    """Raise CaseStateError when the case is closed."""
    if not case.is_open:
        raise CaseStateError(_("The case is closed. Nothing more can be written in it."))
