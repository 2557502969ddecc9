"""Tenants (kommune, politikreds) and how each is organised: levels, areas, forums, seats, appointments."""

from municipalities.models.appointment_wish import ASKED_FOR, AppointmentWish
from municipalities.models.class_change import ClassChange
from municipalities.models.export import ExportOrder
from municipalities.models.forum import (
    Forum,
    ForumGroupPermission,
    ForumPreventionLevel,
    ForumUserPermission,
    TenantGroupPermission,
    TenantUserPermission,
)
from municipalities.models.holiday import SchoolHoliday
from municipalities.models.matrix import MatrixCell
from municipalities.models.organisation import Area, Level, Organisation, PreventionLevel
from municipalities.models.people import PLEDGE_VERSION, ConfidentialityPledge, Invitation, PeopleImport, PersonState
from municipalities.models.release import Release
from municipalities.models.review import AccessReview, SeatEnding
from municipalities.models.seat import Appointment, HeldQuerySet, Seat, valid_now
from municipalities.models.sparring import CallRequest, SparringDoor
from municipalities.models.tenant import Tenant, TenantRow
from municipalities.models.trin import ForumTrin, Trin

__all__ = [
    "ASKED_FOR", "PLEDGE_VERSION", "AccessReview", "Appointment", "AppointmentWish", "Area", "CallRequest", "ClassChange", "ConfidentialityPledge", "ExportOrder",
    "Forum", "ForumGroupPermission", "ForumPreventionLevel", "ForumTrin", "ForumUserPermission", "HeldQuerySet", "Invitation", "Level", "MatrixCell", "Organisation",
    "PeopleImport", "PersonState", "PreventionLevel", "Release", "SchoolHoliday", "Seat", "SeatEnding", "SparringDoor", "Tenant", "TenantGroupPermission", "TenantRow",
    "TenantUserPermission", "Trin", "valid_now",
]  # fmt: skip
