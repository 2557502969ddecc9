"""The request as a tenant's view gets it, for type checking: what the middleware has put on it."""

from typing import Any

from django.http import HttpRequest

from access.actor import Actor
from access.models import User
from access.scope import Tenant


class TenantRequest(HttpRequest):
    """A request inside the context: `access.context.ContextMiddleware` sets these before any view runs."""

    actor: Actor
    tenant: Tenant
    user: User
    failed: bool  # a view raised: roll back
    page_context: dict[str, Any] | None  # what access.web.page has answered
