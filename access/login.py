"""Who may come in: no sign-up, and two factors before any page of a kommune."""

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from access.context import tenant_slug
from access.models import User
from access.vault import seal_text, unseal_text

logger = logging.getLogger(__name__)

DEMO_SESSION = "demo_login"
ACTIVATED_SESSION = "second_factor_activated_by"
TOO_MANY = "too_many_login_attempts"


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts are made by invitation or by an administrator, never by signing up."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right. Try again."),
        TOO_MANY: _("Too many attempts. For safety there is a pause of five minutes. Then try again."),
        "incorrect_code": _("The code is not right. Wait for a new one in the app, and write it here."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Who comes in by the password he has just chosen has proved it in this very request: the page of the second factor does not ask for it again."""
        super().login(request, user)
        records = get_authentication_records(request, user)
        if records and records[-1].get("method") == "password_reset":
            record_authentication(request, user, method="password", reauthenticated=True)

    def set_password(self, user: User, password: str) -> None:
        """Remember whether it is his first one: nothing of his has been changed then, and no mail warns him."""
        user.chose_first_password = not user.has_usable_password()  # type: ignore[attr-defined]  # of this request alone
        super().set_password(user, password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once; a mail server that is away is logged and looks no different, or it would tell who has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.error("A mail about an account could not be sent: %s", error)

    def send_notification_mail(self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None) -> None:
        """Tell the owner what was changed at his account, in the house's language: whoever sits at the screen may have chosen another.

        Of his first password nobody is told: he has just followed the link of his invitation to choose it.
        """
        if getattr(user, "chose_first_password", False):
            return
        with translation.override(settings.LANGUAGE_CODE):
            super().send_notification_mail(template_prefix, user, context, email)

    def format_email_subject(self, subject: str) -> str:
        """Our own subject as it stands: no host name, no kommune."""
        return str(subject)


class SealedFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """The secrets of second factors are sealed: a copy of the database opens no account."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultMFAAdapter.error_messages, "incorrect_code": ClosedDoorAdapter.error_messages["incorrect_code"]}

    def encrypt(self, text: str) -> str:
        """Seal with the data key, which is never in the database."""
        return seal_text(text, "second factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` made; raises SealBrokenError."""
        return unseal_text(encrypted_text, "second factor")


class SecondFactorMiddleware:
    """A tenant's pages need a session with two factors. A user without a second one is led to set it up.

    Demo people are let in with one click, and only where demo mode is on and every user is invented (access.demo).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if tenant_slug(request.path_info) is None:  # nobody's page: the session is not even looked at
            return self.get_response(request)
        user = request.user
        if isinstance(user, User) and not has_two_factors(request, user):
            if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
                return HttpResponse(status=401)  # the page keeps its text and asks for a new login in place
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def has_two_factors(request: HttpRequest, user: User) -> bool:
    """True when this session has proved two factors: by a code at login, or by activating the app in it. No query."""
    session = request.session
    if settings.SSP_DEMO and user.is_demo and session.get(DEMO_SESSION):
        return True
    by_code = any(record.get("method") == "mfa" for record in get_authentication_records(request, user))
    return by_code or session.get(ACTIVATED_SESSION) == user.pk


@receiver(authenticator_added)
def note_activation(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """The first code has been written in this very session: it counts as its second factor."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session[ACTIVATED_SESSION] = user.pk


@receiver(authenticator_removed)
def forget_second_factor(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """Who removes his app is back at one factor."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session.pop(ACTIVATED_SESSION, None)
        records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [record for record in records if record.get("method") != "mfa"]
