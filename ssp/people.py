"""The first people of a kommune, entered by an operator: account, appointment or seat, and a link to choose a password."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from access.context import context_of
from access.models import User
from access.roles import AppointmentRole
from municipalities import actions
from municipalities.models import Seat, Tenant
from municipalities.people import account_of
from municipalities.presets import setup_actor


@transaction.atomic
def restart_account(email: str) -> User:
    """Take password and second factor away: every session ends, and nobody comes in without a new link. Raises User.DoesNotExist."""
    user = User.objects.select_for_update().get(email=email.lower(), is_system=False)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()  # sessions carry a hash of the password
    user.save(update_fields=["password"])
    return user


def appoint_person(slug: str, role: AppointmentRole, email: str, name: str) -> User:
    """Make somebody the kommune's DPO or IT administrator. Raises Tenant.DoesNotExist."""
    tenant = Tenant.objects.get(slug=slug)
    with transaction.atomic():
        user = account_of(email, name)
    with context_of(setup_actor(tenant)):
        actions.appoint(tenant, user, role)
    return user


def seat_person(slug: str, key: str, email: str, name: str) -> User:
    """Put somebody on a vacant seat («styregruppe/konsulent»). Raises Tenant.DoesNotExist, Seat.DoesNotExist, SeatTakenError."""
    tenant = Tenant.objects.get(slug=slug)
    actor = setup_actor(tenant)
    with context_of(actor):
        seat = Seat.objects.current().get(tenant=tenant, key=key)  # former holders have rows of the same place
        user = account_of(email, name)  # with the seat or not at all
        actions.hold_seat(seat, user, actor=actor)
    return user
