"""Writes about people: invite, send again, end. Nobody is ever deleted: users belong to no kommune, and their names stand in minutes and logs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.actor import Actor
from access.logged import change_together, create_together
from access.models import User
from access.notices import Notice
from access.notify import send_mail, sent_together
from access.policy import require
from access.roles import AppointmentRole, Verb
from municipalities.actions import database_now, hold_seats
from municipalities.ended_appointments import tell_ended
from municipalities.models import ASKED_FOR, Appointment, Forum, Invitation, PersonState, Seat, Tenant
from municipalities.people import accounts_of, name_here, state_of
from municipalities.readers import ids_here, let_read
from municipalities.seat_actions import vacate

LIFE = timedelta(days=7)
MOST_AN_HOUR = 40
MOST_TIMES = 10
PAUSE = timedelta(minutes=2)


class PeopleError(ValueError):
    """What cannot be done with this person, as a sentence for the administrator."""


class TooManyInvitationsError(PeopleError):
    """Too many invitations in a short time."""


class LastAdministratorError(PeopleError):
    """The kommune would be left without an administrator."""


@dataclass(frozen=True)
class Invitee:
    """Somebody who gets seats: vacant ones, or drafts of new ones; or none, as an employee without a seat (`municipalities.readers`)."""

    email: str
    name: str
    seats: Sequence[Seat]
    is_reader: bool = False


def invite(tenant: Tenant, email: str, name: str, seats: Sequence[Seat], *, actor: Actor, is_reader: bool = False) -> User:
    """Let the owner of an address hold these vacant seats from now on, and mail him a link that works until it expires.

    `is_reader`: without a seat he reads what every member reads; who is active here already does so, which is a PeopleError.
    Whether an account was there already is told to nobody but its owner: he gets another mail. Who is active here just
    gets his seats. Raises TooManyInvitationsError, PeopleError, and what `hold_seat` raises.
    """
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    _refuse_too_many(tenant)
    return invite_all(tenant, [Invitee(email, name, seats, is_reader)], actor=actor)[0]


def _refuse_too_many(tenant: Tenant) -> None:
    lately = Invitation.objects.filter(tenant=tenant, is_bulk=False, sent_at__gt=timezone.now() - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise TooManyInvitationsError(_("%(n)s invitations have been sent within an hour. Wait a little, or import the people from a file.") % {"n": MOST_AN_HOUR})


def let_in(tenant: Tenant, email: str, name: str, role: AppointmentRole, *, actor: Actor) -> User:
    """The account of who is to be appointed, with one invitation by mail that says as what; who is active or invited here already gets a mail about it.

    Gives nothing by itself: `municipalities.actions.appoint` follows, in the same transaction. Raises TooManyInvitationsError, PeopleError.
    """
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    _refuse_too_many(tenant)
    user = accounts_of({email: name}, is_demo=settings.SSP_DEMO and tenant.is_demo)[email.lower()]
    if user.is_system:
        raise PeopleError(_("This address cannot be used. Write the address of a person."))
    if user.pk not in _active_among(tenant, [user]) and not _has_link(tenant, user, actor):
        _open_invitations(tenant, [(user, name)], actor, is_bulk=False, role=str(role))
    elif user.is_active:
        with translation.override(settings.LANGUAGE_CODE):
            subject = _("You are appointed %(role)s, %(tenant)s") % {"role": role.label, "tenant": tenant.name}
            facts = {"role": str(role.label), "tenant": tenant.name}
        send_mail(tenant.pk, [user], subject=subject, path=reverse("week", args=[tenant.slug]), notice=Notice.ACCESS, template="mail/appointed.txt", facts=facts)
    return user


def _has_link(tenant: Tenant, user: User, actor: Actor) -> bool:
    """True when an invitation to him works: a second link would only take the first one's place. An operator sends his own, which he can send again."""
    by_operator = User.objects.filter(pk=actor.user_id, is_operator=True).exists()
    working = Invitation.objects.filter(tenant=tenant, user=user, revoked_at=None, expires_at__gt=timezone.now() + PAUSE)
    return bool(working.filter(invited_by__is_operator=by_operator).exists())


def invite_all(tenant: Tenant, people: Sequence[Invitee], *, actor: Actor, is_bulk: bool = False) -> list[User]:
    """The same for people of different addresses, in a handful of queries whatever their number. `is_bulk`: not counted among those of the hour."""
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    accounts = accounts_of({person.email: person.name for person in people}, is_demo=settings.SSP_DEMO and tenant.is_demo)
    users = [accounts[person.email.lower()] for person in people]
    if any(user.is_system for user in users):
        raise PeopleError(_("This address cannot be used. Write the address of a person."))
    active = _active_among(tenant, users)
    without = [user for person, user in zip(people, users, strict=True) if person.is_reader]
    if known := next((user for user in without if user.pk in active), None):
        raise PeopleError(_("%(name)s is here already, and sees what everybody sees. Choose a seat to give more.") % {"name": known.name})
    let_read(tenant, without, actor=actor)
    hold_seats([(seat, user) for person, user in zip(people, users, strict=True) for seat in person.seats], actor=actor)
    with sent_together():
        _open_invitations(tenant, [(user, person.name) for person, user in zip(people, users, strict=True) if user.pk not in active], actor, is_bulk=is_bulk)
        _mail_of_new_seat(tenant, [user for user in users if user.pk in active and user.is_active])
    return users


def _active_among(tenant: Tenant, users: Sequence[User]) -> set[int]:
    """The ids of those who are here and have come: their invitation is behind them."""
    here = ids_here(tenant.pk, users)
    invitations = {invitation.user_id: invitation for invitation in Invitation.objects.filter(tenant=tenant, user__in=users, revoked_at=None)}
    return {user.pk for user in users if state_of(user, invitations.get(user.pk), is_here=user.pk in here) == PersonState.ACTIVE}


def _open_invitations(tenant: Tenant, invited: Sequence[tuple[User, str]], actor: Actor, *, is_bulk: bool, role: str = "") -> None:
    """New invitations; what was open here for the same people is over, and so is its link."""
    now = timezone.now()
    earlier = list(Invitation.objects.select_for_update().filter(tenant=tenant, user__in=[user for user, _name in invited], revoked_at=None))
    change_together(earlier, revoked_at=now)
    if is_bulk:  # a file renames nobody in silence: who has been invited before keeps the name that was written then
        names = {row.user_id: row.name for row in earlier}
        invited = [(user, names.get(user.pk, name)) for user, name in invited]
    inviter = User.objects.get(pk=actor.user_id)
    facts: dict[str, Any] = {"tenant": tenant, "invited_by": inviter, "sent_at": now, "expires_at": now + LIFE, "is_bulk": is_bulk}
    made = [Invitation(user=user, name=name, **facts) for user, name in invited]
    create_together(made)
    for invitation in made:
        _mail(invitation, role)


def send_again(invitation: Invitation, *, actor: Actor) -> None:
    """A new link with a new end; the earlier one stops working. Raises TooManyInvitationsError."""
    require(actor, Verb.MANAGE_TENANT, invitation)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("user", "tenant", "invited_by").get(pk=invitation.pk)
    now = timezone.now()
    if invitation.revoked_at is not None:
        raise PeopleError(_("This invitation has been called back. Invite the person anew."))
    if now - invitation.sent_at < PAUSE:
        raise TooManyInvitationsError(_("The invitation has just been sent. Wait two minutes before you send it again."))
    if invitation.times_sent >= MOST_TIMES:
        raise TooManyInvitationsError(_("The invitation has been sent %(n)s times. Check the address with the person.") % {"n": MOST_TIMES})
    invitation.sent_at, invitation.expires_at, invitation.times_sent = now, now + LIFE, invitation.times_sent + 1
    invitation.save(update_fields=["sent_at", "expires_at", "times_sent"])
    held = Appointment.objects.current().filter(tenant_id=invitation.tenant_id, user_id=invitation.user_id, role__in=ASKED_FOR)
    _mail(invitation, held.values_list("role", flat=True).first() or "")


def _mail(invitation: Invitation, role: str) -> None:
    if not invitation.user.is_active:
        return
    is_known = invitation.user.has_usable_password()
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("You are invited to the SSP cooperation, %(tenant)s") % {"tenant": invitation.tenant.name}
        facts = {
            "tenant": invitation.tenant.name, "inviter": "" if invitation.invited_by.is_system else invitation.invited_by.name,
            "expires": date_format(timezone.localtime(invitation.expires_at), _("l j F")), "role": str(AppointmentRole(role).label) if role else "",
        }  # fmt: skip
    send_mail(
        invitation.tenant_id, [invitation.user], subject=subject, path="", notice=Notice.ACCESS,
        template="mail/invitation_known.txt" if is_known else "mail/invitation.txt", facts=facts,
        link={"name": "invitation", "invitation": invitation.pk, "times": invitation.times_sent},
    )  # fmt: skip


def _mail_of_new_seat(tenant: Tenant, users: Sequence[User]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A new seat in the SSP cooperation, %(tenant)s") % {"tenant": tenant.name}
    send_mail(tenant.pk, users, subject=subject, path=reverse("week", args=[tenant.slug]), notice=Notice.ACCESS)


def _revoke(invitation: Invitation) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


def end_person(user: User, *, actor: Actor) -> None:
    """End all that somebody has in this kommune, now: seats, coming ones too, appointments, invitations.

    The places he held stay in their forums, vacant, so that everybody sees who is missing. He keeps his account, which other
    kommuner may need, and stays in minutes, agreements and the log. Raises LastAdministratorError, which also keeps the last
    administrator from ending himself.
    """
    tenant = Tenant.objects.select_for_update().get(pk=actor.tenant_id)  # two administrators end each other: one is left
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    refuse_last_administrator(tenant, user)
    held = Seat.objects.not_over().select_for_update(of=("self",)).filter(tenant=tenant, user=user)
    for seat in held.select_related("forum", "group", "user", "organisation").order_by("pk"):
        vacate(seat, actor=actor)
    now = database_now()
    not_over = Q(valid_to=None) | Q(valid_to__gt=now)  # appointments, and seats that would begin later
    tell_ended(tenant, user, Appointment.objects.filter(not_over, tenant=tenant, user=user), actor=actor)
    for model in (Seat, Appointment):
        for row in model.objects.filter(not_over, tenant=tenant, user=user).select_related("group"):
            row.valid_to = max(now, row.valid_from)
            if isinstance(row, Appointment):
                row.called = name_here(tenant.pk, user)
            row.save(update_fields=["valid_to"])
            user.groups.remove(row.group)
    for invitation in Invitation.objects.filter(tenant=tenant, user=user, revoked_at=None):
        _revoke(invitation)


def refuse_last_administrator(tenant: Tenant, user: User) -> None:
    """Raise LastAdministratorError when nobody else could set the kommune up. The caller has locked the tenant."""
    administrators = Appointment.objects.current().filter(tenant=tenant, role=AppointmentRole.ADMIN)
    others = administrators.exclude(user=user).filter(user__is_active=True)
    if administrators.filter(user=user).exists() and not others.exists():
        raise LastAdministratorError(_("This is the kommune’s last administrator. Appoint another one first."))
