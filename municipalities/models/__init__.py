"""Tenants (kommune, politikreds) and how each is organised: levels, areas, forums, seats, appointments."""

from municipalities.models.forum import (
    Forum,
    ForumGroupPermission,
    ForumPreventionLevel,
    ForumUserPermission,
    TenantGroupPermission,
    TenantUserPermission,
)
from municipalities.models.holiday import SchoolHoliday
from municipalities.models.organisation import Area, Level, Organisation, PreventionLevel
from municipalities.models.people import PLEDGE_VERSION, ConfidentialityPledge
from municipalities.models.seat import Appointment, HeldQuerySet, Seat, valid_now
from municipalities.models.tenant import Tenant, TenantRow

__all__ = [
    "PLEDGE_VERSION", "Appointment", "Area", "ConfidentialityPledge", "Forum", "ForumGroupPermission", "ForumPreventionLevel", "ForumUserPermission", "HeldQuerySet",
    "Level", "Organisation", "PreventionLevel", "SchoolHoliday", "Seat", "Tenant", "TenantGroupPermission", "TenantRow", "TenantUserPermission", "valid_now",
]  # fmt: skip
