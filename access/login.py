"""Who may come in: no sign-up, and two factors for whoever can reach person data."""

from collections.abc import Callable

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from access.context import tenant_slug
from access.models import User

DEMO_SESSION = "demo_login"


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts are made by invitation or by an administrator, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False


class SecondFactorMiddleware:
    """A tenant's pages need a session with two factors. A user without a second one is led to set it up.

    Demo people are let in with one click, and only where demo mode is on and every user is invented (access.demo).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and tenant_slug(request.path_info) is not None and not _two_factors(request, user):
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def _two_factors(request: HttpRequest, user: User) -> bool:
    if settings.SSP_DEMO and user.is_demo and request.session.get(DEMO_SESSION):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request)) or (
        is_mfa_enabled(user) and request.session.get("mfa_just_activated", False)
    )
