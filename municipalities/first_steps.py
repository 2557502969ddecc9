"""Min uge of who manages a kommune: the first steps, each with a link, what is done ticked off. Gone once all of it is done."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.kept import Read, kept
from access.request import TenantRequest
from access.roles import AppointmentRole, Verb
from access.web import tenant_url
from municipalities.models import Appointment, Forum, PreventionLevel, Seat, Tenant


@dataclass(frozen=True)
class Step:
    """One thing to do, where it is done, and whether it is."""

    said: str
    url: str
    is_done: bool


@kept
def _done(tenant: Any, user: Any, today: Any) -> QuerySet[Tenant]:
    """The kommune with what is done in it. Every member sees these rows: nothing here is about a person."""
    forums = Forum.objects.filter(Q(active_to=None) | Q(active_to__gte=today), tenant_id=tenant).order_by()
    held = Seat.objects.current().filter(tenant_id=tenant, user__isnull=False)
    unheld = forums.filter(~Exists(Seat.objects.current().filter(forum=OuterRef("pk"), user__isnull=False)))
    dpo = Appointment.objects.current().filter(tenant_id=tenant, role=AppointmentRole.DPO)
    bands = PreventionLevel.objects.filter(tenant_id=tenant).order_by()
    return Tenant.objects.filter(pk=tenant).annotate(
        has_forums=Exists(forums), has_colleagues=Exists(held.exclude(user=user)), has_empty=Exists(unheld), has_dpo=Exists(dpo), has_model=Exists(bands)
    )


def week_read(request: TenantRequest) -> Read[Tenant] | None:
    """What `week_part` asks for; None for who does not manage the kommune."""
    actor = request.actor
    return _done.of(actor.tenant_id, actor.user_id, timezone.localdate()) if Verb.MANAGE_TENANT in actor.tenant_verbs and request.tenant.is_kommune else None


def week_part(request: TenantRequest) -> dict[str, Any] | None:
    """The steps, as long as one is left. One query, none for who does not manage the kommune."""
    read = week_read(request)
    steps = [step for done in read.rows() for step in _steps(request, done)] if read else []
    left = sum(not step.is_done for step in steps)
    return {"steps": steps, "left": left, "tenant": request.tenant} if left else None


def _steps(request: TenantRequest, done: Any) -> list[Step]:
    return [
        Step(_("Choose the prevention model"), tenant_url(request, "band_list"), done.has_model),
        Step(_("Describe the forums"), tenant_url(request, "forum_setup_list"), done.has_forums),
        Step(_("Invite the first colleague"), tenant_url(request, "person_invite"), done.has_colleagues),
        Step(_("Put somebody in every forum"), tenant_url(request, "forum_setup_list"), done.has_forums and not done.has_empty),
        Step(_("Appoint a data protection officer"), f"{tenant_url(request, 'appointment_ask')}?rolle={AppointmentRole.DPO.value}", done.has_dpo),
    ]
