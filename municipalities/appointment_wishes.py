"""Who may decide that somebody is appointed DPO or IT administrator, what stands in the way, and what waits for whom. Reads only."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.kept import Read, kept
from access.models import User
from access.request import TenantRequest
from access.roles import AppointmentRole, Verb
from municipalities import class_changes
from municipalities.models import ASKED_FOR, Appointment, AppointmentWish, Seat

OTHER = {AppointmentRole.DPO: AppointmentRole.ADMIN, AppointmentRole.ADMIN: AppointmentRole.DPO}


class AppointmentError(ValueError):
    """Why somebody cannot be appointed, as a sentence; nothing is changed."""


class HindranceError(AppointmentError):
    """What hinders is where the person stands in the kommune: nothing for who is nobody in it."""


def deciders(tenant_id: int, asked_by_id: int, email: str) -> QuerySet[User]:
    """Everybody who may be the second person: administrators, the DPO, the chairs of Lokalråd and styregrupper; not who asks, nor whom it is about."""
    return class_changes.deciders(tenant_id, asked_by_id, ASKED_FOR).exclude(email=email.lower())


def may_decide(actor: Actor, wish: AppointmentWish) -> bool:
    """True for a second person, as `deciders` has them. Two queries at most."""
    if actor.user_id == wish.asked_by_id or User.objects.filter(pk=actor.user_id, email=wish.email).exists():
        return False
    return Verb.VIEW_AUDIT in actor.tenant_verbs or class_changes.may_decide(actor, wish.asked_by_id)


def refuse_address(email: str) -> None:
    """Raise AppointmentError for an address of the product itself, or one that no mail reaches."""
    if email.lower().endswith(".invalid") or User.objects.filter(email=email.lower(), is_system=True).exists():
        raise AppointmentError(_("This address cannot be used. Write the address of a person."))


def refuse_impossible(tenant_id: int, role: str, email: str) -> None:
    """Raise AppointmentError for an address that is nobody's, HindranceError for who cannot get the role whoever approves it."""
    refuse_address(email)
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        return
    held = set(Appointment.objects.not_over().filter(tenant_id=tenant_id, user=user).values_list("role", flat=True))
    if role in held:
        raise HindranceError(_("Whoever has this address is %(role)s here already.") % {"role": AppointmentRole(role).label})
    if OTHER[AppointmentRole(role)] in held:
        raise HindranceError(_("Nobody can be both IT administrator and DPO: the DPO supervises the other. End that appointment first, or choose somebody else."))
    if role == AppointmentRole.ADMIN and (forums := _person_forums(tenant_id, user)):
        said = _("An IT administrator cannot have a seat in a forum with person data. End the seat first, or choose somebody else: %(forums)s.")
        raise HindranceError(said % {"forums": ", ".join(forums)})


def _person_forums(tenant_id: int, user: User) -> list[str]:
    """The names of the forums with person data in which somebody has a seat, now or later."""
    seats = Seat.objects.not_over().filter(tenant_id=tenant_id, user=user).select_related("forum")
    return sorted({seat.forum.name for seat in seats if seat.forum.is_person_forum})


def waiting_wishes(tenant_id: int) -> QuerySet[AppointmentWish]:
    """Those that are neither closed, carried out nor lapsed, the newest first."""
    since = timezone.now() - AppointmentWish.LASTS
    found: QuerySet[AppointmentWish] = AppointmentWish.objects.filter(tenant_id=tenant_id, status__in=AppointmentWish.OPEN, asked_at__gt=since)
    return found.select_related("asked_by")


@kept  # on the Min uge of every chair, administrator and DPO
def _open(tenant: Any, user: Any, forums: Any, since: Any) -> QuerySet[AppointmentWish]:
    found = AppointmentWish.objects.filter(tenant_id=tenant, status__in=["ASKED", "APPROVED"], asked_at__gt=since).select_related("asked_by")
    chairs = class_changes.chairs_held(tenant, user).filter(forum__any=forums)
    return found.annotate(  # type: ignore[no-any-return]  # the manager is any
        reader_is_chair=Exists(chairs), is_about_reader=Exists(User.objects.filter(Q(pk=user), email=OuterRef("email")).order_by())
    )


def waiting_part(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge: appointments that wait for this second person, or for an administrator to carry them out. One query, none for who decides nothing."""
    read = waiting_read(request)
    wishes = [wish for wish in read.rows() if _waits_for(request.actor, wish)] if read else []
    return {"wishes": wishes, "tenant": request.tenant} if wishes else None


def waiting_read(request: TenantRequest) -> Read[AppointmentWish] | None:
    """What `waiting_part` asks for; None for who decides nothing."""
    actor = request.actor
    decides = actor.chairs or Verb.MANAGE_TENANT in actor.tenant_verbs or Verb.VIEW_AUDIT in actor.tenant_verbs
    return _open.of(actor.tenant_id, actor.user_id, list(actor.chairs), timezone.now() - AppointmentWish.LASTS) if decides else None


def _waits_for(actor: Actor, wish: Any) -> bool:
    if wish.status == AppointmentWish.Status.APPROVED:
        return Verb.MANAGE_TENANT in actor.tenant_verbs
    return bool((actor.tenant_verbs or wish.reader_is_chair) and wish.asked_by_id != actor.user_id and not wish.is_about_reader)
