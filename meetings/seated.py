"""For whom the scheduler's rounds work. The system sees who sits where, and nothing of what they read: each mail is made as its recipient."""

from access.actor import Actor
from access.context import context_of
from access.models import User
from municipalities.models import Seat, Tenant
from municipalities.presets import system_user


def system_of(tenant: Tenant) -> Actor:
    """Who acts for a kommune when nobody has asked."""
    return Actor(user_id=system_user(tenant.slug).pk, tenant_id=tenant.pk, is_system=True)


def seated_people(tenant: Tenant) -> list[User]:
    """Active people with a seat in this kommune now, in a steady order."""
    with context_of(system_of(tenant)):
        seats = Seat.objects.current().filter(tenant=tenant, user__is_active=True)
        return list(User.objects.filter(pk__in=list(seats.values_list("user_id", flat=True))).order_by("pk"))
