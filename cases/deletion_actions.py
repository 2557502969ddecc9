"""The day on which a case is to be deleted. It may be moved nearer at any time; that it is kept longer needs a reason, which stands with the case.

Nothing is deleted here: whoever opens the forum's cases is told that the day has come (`cases.deletions`).
"""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from cases.errors import CaseStateError
from cases.models import Case, CaseExtension
from cases.rows import locked_case, writer_id


def move_deletion(case: Case, *, actor: Actor, delete_on: date, reason: str) -> Case:
    """Another day, for an open case or a closed one. Inside an opened case. Raises PermissionDenied, CaseStateError."""
    case = locked_case(case, actor)
    if delete_on == case.delete_on:
        raise CaseStateError(_("The case already has that day. Choose another one."))
    if case.follow_up_on and delete_on < case.follow_up_on:
        raise CaseStateError(_("The case has its next follow-up after that day. Change the follow-up first."))
    set_deletion(case, actor, delete_on, reason)
    return case


def set_deletion(case: Case, actor: Actor, delete_on: date, reason: str) -> None:
    """Write the day on a case that is locked; if it is a later one, also who keeps the case longer, and why."""
    if delete_on < timezone.localdate():
        raise CaseStateError(_("The day of deletion cannot lie before today."))
    if delete_on > case.may_be_kept_until:
        if not reason:
            raise CaseStateError(_("Write why the case has to be kept longer."))
        CaseExtension(
            tenant_id=case.tenant_id, case=case, person_id=case.person_id, delete_before=case.delete_on, delete_after=delete_on, reason=reason, extended_by_id=writer_id(actor),
        ).save(force_insert=True)  # fmt: skip
    if delete_on != case.delete_on:
        case.delete_on = delete_on
        case.save(update_fields=["delete_on"])
