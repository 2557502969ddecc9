"""An operator appoints where nobody in the kommune can: its first IT administrator or DPO, from outside and in the open (ADR 36).

He sees whom an operator has invited and who has not come, as it was written; of everybody else only whether the kommune has somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from access.context import context_of
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.roles import AppointmentRole
from municipalities.actions import appoint
from municipalities.appointment_actions import end_held
from municipalities.appointment_wishes import AppointmentError, HindranceError, deciders, refuse_impossible
from municipalities.models import ASKED_FOR, Appointment, Invitation, Seat, Tenant
from municipalities.people import has_come
from municipalities.people_actions import PeopleError, let_in, send_again
from municipalities.presets import setup_actor


@dataclass(frozen=True)
class Standing:
    """One role of a kommune, as an operator sees it."""

    role: AppointmentRole
    is_held: bool  # by somebody who has come: from then on the kommune appoints by itself
    invited: Sequence[Invitation]  # by an operator, and not come
    others: int  # not come either, and not invited by an operator: how many
    seen: str  # who is appointed now; a form that was opened on something else changes nothing


def standings(tenant: Tenant, *, by: User) -> list[Standing]:
    """Each role that takes two persons. Raises AppointmentError for an operator who is somebody in the kommune."""
    with context_of(setup_actor(tenant, by)):
        _refuse_insider(tenant, by)
        return [_standing(tenant, role) for role in ASKED_FOR]


def appoint_from_outside(tenant: Tenant, role: AppointmentRole, email: str, name: str, *, by: User, seen: str) -> None:
    """Appoint somebody where nobody who has come holds the role; who was appointed before and never came is ended. The kommune is told by mail.

    One transaction; its log names the operator. Raises AppointmentError, PeopleError.
    """
    with context_of(setup_actor(tenant, by)) as actor:
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        _refuse_insider(tenant, by)
        _refuse_taken(tenant, _standing(tenant, role), email.lower(), seen)
        _refuse_hindered(tenant, role, email, by)
        end_held(_held(tenant, role))
        user = let_in(tenant, email, name, role, actor=actor)
        appoint(tenant, user, role, called=name)
        _tell(tenant, role, name, user, by)


def send_invitation_again(tenant: Tenant, public_id: str, *, by: User) -> None:
    """Send an operator's invitation again, within the usual limits. Raises AppointmentError when it is not there any more, PeopleError."""
    with context_of(setup_actor(tenant, by)) as actor:
        _refuse_insider(tenant, by)
        found = [row for role in ASKED_FOR for row in _standing(tenant, role).invited if row.public_id == public_id]
        if not found:
            raise AppointmentError(_("There is no invitation to send again."))
        send_again(found[0], actor=actor)


def _held(tenant: Tenant, role: AppointmentRole) -> list[Appointment]:
    return list(Appointment.objects.current().filter(tenant=tenant, role=role).select_related("user", "group").order_by("pk"))


def _standing(tenant: Tenant, role: AppointmentRole) -> Standing:
    held = _held(tenant, role)
    open_ones = {row.user_id: row for row in Invitation.objects.filter(tenant=tenant, user__in=[row.user for row in held], revoked_at=None).select_related("invited_by")}
    away = [row for row in held if not (row.user.is_active and has_come(row.user, open_ones.get(row.user_id)))]
    invited = [open_ones[row.user_id] for row in away if row.user_id in open_ones and open_ones[row.user_id].invited_by.is_operator]
    return Standing(role, len(away) < len(held), invited, len(away) - len(invited), ".".join(str(row.pk) for row in held))


def _refuse_insider(tenant: Tenant, by: User) -> None:
    if any(model.objects.current().filter(tenant=tenant, user=by).exists() for model in (Seat, Appointment)):
        raise AppointmentError(_("You have a seat or an appointment in %(tenant)s yourself. Let another operator appoint there.") % {"tenant": tenant.name})


def _refuse_taken(tenant: Tenant, standing: Standing, email: str, seen: str) -> None:
    if standing.is_held:
        raise AppointmentError(_("%(tenant)s has somebody in this role who has logged in. The kommune appoints by itself.") % {"tenant": tenant.name})
    if standing.seen != seen:
        raise AppointmentError(_("Somebody else has just appointed here. Look at the page as it is now."))
    if email in {row.user.email for row in standing.invited}:
        raise AppointmentError(_("This address is invited already. Send the invitation again."))


def _refuse_hindered(tenant: Tenant, role: AppointmentRole, email: str, by: User) -> None:
    if email.lower() == by.email:
        raise AppointmentError(_("You cannot appoint yourself. Whoever runs SSP is nobody in a kommune."))
    try:
        refuse_impossible(tenant.pk, role, email)
    except HindranceError:  # why is the kommune's own business
        raise AppointmentError(_("This person cannot have the role in %(tenant)s. Write somebody else’s address.") % {"tenant": tenant.name}) from None


def _tell(tenant: Tenant, role: AppointmentRole, name: str, user: User, by: User) -> None:
    """The others with an appointment, and the chairs of Lokalråd and styregrupper: nothing is given in the kommune behind their backs."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Somebody is appointed from outside, %(tenant)s") % {"tenant": tenant.name}
        facts = {"tenant": tenant.name, "operator": by.name, "name": name, "role": str(role.label)}
    people = deciders(tenant.pk, user.pk, user.email).filter(~Q(pk=by.pk))
    send_mail(tenant.pk, people, subject=subject, path=reverse("week", args=[tenant.slug]), notice=Notice.ACCESS, template="mail/appointed_from_outside.txt", facts=facts)


__all__ = ["PeopleError", "Standing", "appoint_from_outside", "send_invitation_again", "standings"]
