"""Appointing a DPO or an IT administrator takes two persons; ending an appointment takes one administrator, and is done at once."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import require
from access.roles import AppointmentRole, Verb
from municipalities.actions import appoint, database_now
from municipalities.appointment_wishes import AppointmentError, deciders, may_decide, refuse_impossible
from municipalities.ended_appointments import tell_ended
from municipalities.models import Appointment, AppointmentWish, Invitation, Seat, Tenant
from municipalities.people import name_here
from municipalities.people_actions import PeopleError, let_in, refuse_last_administrator
from municipalities.terms import Term, term, terms_of

Status = AppointmentWish.Status


class OwnAppointmentError(AppointmentError):
    """Nobody appoints himself."""


class NobodyDecidesError(AppointmentError):
    """There is no second person in the kommune."""


class DecidedError(AppointmentError):
    """Somebody else was here before: the wish has been decided, or can no longer be."""


def ask_appointment(role: str, email: str, name: str, reason: str, *, actor: Actor) -> AppointmentWish:
    """Ask that somebody be appointed. No account is made and nothing given until a second person has approved it.

    Raises OwnAppointmentError, NobodyDecidesError, and what `refuse_impossible` raises.
    """
    wish = AppointmentWish(tenant_id=actor.tenant_id, role=role, email=email.lower(), name=name, reason=reason, asked_by_id=actor.user_id)
    require(actor, Verb.MANAGE_TENANT, wish)
    Tenant.objects.select_for_update(no_key=True).get(pk=actor.tenant_id)  # two at once ask one after the other
    if User.objects.filter(pk=actor.user_id, email=wish.email).exists():
        raise OwnAppointmentError(_("You cannot appoint yourself. Whoever is appointed is somebody else than who asks."))
    refuse_impossible(wish.tenant_id, role, wish.email)
    lapsed = _lapsed_before(wish)
    people = deciders(wish.tenant_id, actor.user_id, wish.email)
    if not people.exists():
        raise NobodyDecidesError(_("Nobody in the kommune can be the second person. Ask whoever runs SSP for you to appoint a DPO: the DPO can then approve this."))
    if lapsed:
        _close(lapsed, actor, Status.WITHDRAWN)
    wish.save()
    _tell(wish, people, gettext_lazy("An appointment waits for a second person’s answer"))
    return wish


def approve_appointment(wish: AppointmentWish, *, actor: Actor) -> AppointmentWish:
    """Approve as the second person, within thirty days. An administrator's approval is carried out at once; another's by an administrator afterwards.

    All or nothing. Raises PermissionDenied for who is no second person, DecidedError, and what `carry_out` raises.
    """
    with transaction.atomic():
        if Verb.MANAGE_TENANT in actor.tenant_verbs:  # the kommune before the wish, as `carry_out` does: neither waits for the other for ever
            Tenant.objects.select_for_update().get(pk=actor.tenant_id)
        wish = _decidable(wish, actor)
        wish.status, wish.decided_by_id, wish.decided_at = Status.APPROVED, actor.user_id, timezone.now()
        wish.save(update_fields=["status", "decided_by", "decided_at"])
        if Verb.MANAGE_TENANT in actor.tenant_verbs:
            return carry_out(wish, actor=actor)
        _tell(wish, [wish.asked_by], gettext_lazy("An appointment is approved: carry it out"))
    return wish


def refuse_appointment(wish: AppointmentWish, *, actor: Actor) -> AppointmentWish:
    """Say no as the second person; who asked is told."""
    wish = _close(_decidable(wish, actor), actor, Status.REFUSED)
    _tell(wish, [wish.asked_by], gettext_lazy("An appointment is refused"), Notice.ACCESS)
    return wish


def withdraw_appointment(wish: AppointmentWish, *, actor: Actor) -> AppointmentWish:
    """Take the wish back before it has been carried out: any administrator."""
    require(actor, Verb.MANAGE_TENANT, wish)
    wish = _locked(wish)
    _refuse_lapsed(wish)
    if not wish.is_open:
        raise DecidedError(_("This has been decided already."))
    return _close(wish, actor, Status.WITHDRAWN)


def carry_out(wish: AppointmentWish, *, actor: Actor) -> AppointmentWish:
    """Appoint as it was approved: account, invitation by mail, appointment. All or nothing.

    Raises DecidedError when it is not approved, carried out already or lapsed, HindranceError when something has come in the way, PeopleError for too many invitations.
    """
    require(actor, Verb.MANAGE_TENANT, wish)
    with transaction.atomic():
        tenant = Tenant.objects.select_for_update().get(pk=actor.tenant_id)
        wish = _locked(wish)
        _refuse_lapsed(wish)
        if wish.status != Status.APPROVED:
            raise DecidedError(_("This has not been approved by a second person, or it has been carried out already."))
        refuse_impossible(tenant.pk, wish.role, wish.email)
        role = AppointmentRole(wish.role)
        appoint(tenant, let_in(tenant, wish.email, wish.name, role, actor=actor), role, called=wish.name)
        wish.status = Status.DONE
        wish.save(update_fields=["status"])
    return wish


def end_appointment(user: User, role: AppointmentRole, *, actor: Actor) -> None:
    """End one appointment of somebody, now; his seats and other appointments stay. Without any he has left, and his invitation is over. All are told.

    Raises LastAdministratorError, and PeopleError when he has it no more.
    """
    tenant = Tenant.objects.select_for_update().get(pk=actor.tenant_id)  # two administrators end each other: one is left
    require(actor, Verb.MANAGE_TENANT, AppointmentWish(tenant=tenant))
    held = list(Appointment.objects.not_over().filter(tenant=tenant, user=user, role=role).exclude(role=AppointmentRole.SYSTEM).select_related("group"))
    if not held:
        raise PeopleError(_("The appointment has been ended already."))
    if role == AppointmentRole.ADMIN:
        refuse_last_administrator(tenant, user)
    tell_ended(tenant, user, held, actor=actor)
    end_held(held)


def end_held(held: Iterable[Appointment]) -> None:
    """End these appointments now, with the group of each; who has nothing else here has no invitation either. For an actor who may manage the tenant."""
    now = database_now()
    for row in held:
        row.valid_to, row.called = max(now, row.valid_from), name_here(row.tenant_id, row.user)
        row.save(update_fields=["valid_to"])
        row.user.groups.remove(row.group)
        mine = {"tenant_id": row.tenant_id, "user_id": row.user_id}
        if not (Seat.objects.not_over().filter(**mine).exists() or Appointment.objects.not_over().filter(**mine).exclude(pk=row.pk).exists()):
            for invitation in Invitation.objects.filter(**mine, revoked_at=None):
                invitation.revoked_at = timezone.now()
                invitation.save(update_fields=["revoked_at"])


def _decidable(wish: AppointmentWish, actor: Actor) -> AppointmentWish:
    wish = _locked(wish)
    if wish.tenant_id != actor.tenant_id or not may_decide(actor, wish):
        terms = terms_of(actor.tenant_id)
        names = {"council": term(terms, Term.LOCAL_COUNCIL, "definite"), "group": term(terms, Term.STEERING_GROUP, "definite")}
        said = _("A second person decides this: another administrator, the DPO, or the chair of %(council)s or %(group)s. Whoever asked or is appointed cannot.")
        raise PermissionDenied(said % names)
    _refuse_lapsed(wish)
    if wish.status != Status.ASKED:
        raise DecidedError(_("This has been decided already."))
    return wish


def _lapsed_before(wish: AppointmentWish) -> AppointmentWish | None:
    """The same wish as it lapsed, to be closed: only one of a kind is open. Raises AppointmentError where it has not lapsed."""
    same = {"tenant_id": wish.tenant_id, "role": wish.role, "email": wish.email}
    earlier: AppointmentWish | None = AppointmentWish.objects.select_for_update().filter(**same, status__in=AppointmentWish.OPEN).first()
    if earlier and not earlier.has_lapsed:
        raise AppointmentError(_("This appointment is asked for already. Look at it, or withdraw it first."))
    return earlier


def _refuse_lapsed(wish: AppointmentWish) -> None:
    if wish.has_lapsed:
        raise DecidedError(_("This was asked for more than 30 days ago and has lapsed. Nobody is appointed. An administrator can ask anew."))


def _close(wish: AppointmentWish, actor: Actor, status: str) -> AppointmentWish:
    wish.status, wish.decided_by_id, wish.decided_at = status, actor.user_id, timezone.now()
    wish.save(update_fields=["status", "decided_by", "decided_at"])
    return wish


def _tell(wish: AppointmentWish, people: Iterable[User], subject: Any, notice: Notice = Notice.ACTION) -> None:
    with translation.override(settings.LANGUAGE_CODE):  # the recipient's language, not that of whoever clicked
        words = str(subject)
    slug = Tenant.objects.values_list("slug", flat=True).get(pk=wish.tenant_id)
    send_mail(wish.tenant_id, people, subject=words, path=reverse("appointment_wish", args=[slug, wish.public_id]), notice=notice)


def _locked(wish: AppointmentWish) -> Any:
    return AppointmentWish.objects.select_for_update(of=("self",)).select_related("asked_by").get(tenant_id=wish.tenant_id, pk=wish.pk)
