"""Keep a member of the forum out of one case (inhabil: his own child, a relative), and let him in again."""

from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.policy import require
from access.roles import Verb
from cases.errors import CaseStateError
from cases.models import Case, CaseRecusal
from cases.rows import writer_id
from municipalities.models import Seat


def recuse(case: Case, *, actor: Actor, user: User) -> CaseRecusal:
    """Keep him out of the case and its items from his next click on. Again changes nothing. Everybody may note himself."""
    require(actor, Verb.WRITE_CASES if user.pk == actor.user_id else Verb.GRANT_GUEST, case)
    if not Seat.objects.current().filter(tenant_id=case.tenant_id, forum_id=case.forum_id, user=user).exists():
        raise CaseStateError(_("%(name)s has no seat in the forum now.") % {"name": user.name})
    known = CaseRecusal.objects.filter(case=case, user=user).first()
    return known or CaseRecusal.objects.create(tenant_id=case.tenant_id, case=case, user=user, noted_by_id=writer_id(actor))


def admit(recusal: CaseRecusal, *, actor: Actor) -> None:
    """Let him in again. Never by himself: he does not see the case, and so has no row to take away."""
    require(actor, Verb.GRANT_GUEST, recusal.case)
    recusal.delete()
