"""What the samarbejdsplan adds to other pages: the warning while this year's is missing, and who has one in the menu."""

from typing import Any

from django.utils import timezone

from access.request import TenantRequest
from access.roles import Verb
from access.scope import Tenant
from plans.cooperation import is_overdue


def has_one(tenant: Tenant) -> bool:
    """A politikreds, and a kommune that belongs to one."""
    return tenant.is_in_a_kreds or not tenant.is_kommune


def overdue(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge of who writes the plan: this year's has not been published. One query there, none elsewhere."""
    if request.tenant.is_kommune or not request.actor.holds(Verb.EDIT_PLANS) or not is_overdue(request.actor):
        return None
    return {"year": timezone.localdate().year}
