"""Who is told that a DPO or an IT administrator is no more: nobody who supervises is put aside without a word (ADR 36)."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from municipalities.appointment_wishes import deciders
from municipalities.models import ASKED_FOR, Appointment, Tenant
from municipalities.people import name_here

TEMPLATE = "mail/appointment_ended.txt"


def tell_ended(tenant: Tenant, user: User, ended: Iterable[Appointment], *, actor: Actor) -> None:
    """A mail for each ended role that takes two persons: to whom it was, and to everybody who may be the second person of an appointment; not to who did it."""
    for row in ended:
        if row.role in ASKED_FOR:
            _tell(tenant, user, row, actor)


def _tell(tenant: Tenant, user: User, row: Appointment, actor: Actor) -> None:
    others = deciders(tenant.pk, actor.user_id, user.email).exclude(pk=user.pk)
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("An appointment has ended, %(tenant)s") % {"tenant": tenant.name}
        facts = {"tenant": tenant.name, "by": User.objects.get(pk=actor.user_id).name, "name": name_here(tenant.pk, user), "role": str(row.get_role_display())}
    send_mail(tenant.pk, others, subject=subject, path=reverse("week", args=[tenant.slug]), notice=Notice.ACCESS, template=TEMPLATE, facts=facts)
    if user.pk != actor.user_id:
        door: dict[str, str | int] = {"name": "appointment_ended", "appointment": row.pk}
        send_mail(tenant.pk, [user], subject=subject, path=reverse("choose_tenant"), notice=Notice.ACCESS, template=TEMPLATE, facts=facts, door=door)


def was_his(actor: Actor, *, appointment: int) -> bool:
    """The door of the mail to whom it was: he may be nobody in the kommune now, and learns what was his own and that it is over."""
    return Appointment.objects.filter(pk=appointment, tenant=actor.tenant_id, user=actor.user_id).exists()
