"""Whose page a form stood on, said by the secret behind its CSRF token: each login makes a new one that begins with a mark of who has logged in.

A screen is shared, and a browser keeps what was sent from it: an open page, «back» and «reload» send it once more, also after a colleague
has logged in. What one has written is then neither saved in the name of another nor shown to him. The mark is no proof and opens
nothing; what guards the form is the rest of the secret, chance as ever.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.middleware.csrf import CSRF_SECRET_LENGTH, CSRF_TOKEN_LENGTH, _unmask_cipher_token, rotate_token  # type: ignore[attr-defined]  # no public name undoes the mask
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from access.models import User

MARK = 8  # letters


def mark_of(user: User) -> str:
    """The mark of the pages and forms of this user: the same at each login, and it tells nobody who he is."""
    return salted_hmac("access.form_mark", str(user.pk), algorithm="sha256").hexdigest()[:MARK]


def is_of(request: HttpRequest, user: User) -> bool:
    """True for a form from a page of this user, of this login or an earlier one."""
    return _sent_secret(request)[:MARK] == mark_of(user)


def is_as_left(request: HttpRequest) -> bool:
    """True for a form from a page after which nobody has logged in or out in this browser."""
    sent = _sent_secret(request)
    return bool(sent) and constant_time_compare(sent, request.META.get("CSRF_COOKIE", ""))


def _sent_secret(request: HttpRequest) -> str:
    """The secret that the form has sent, as it is (js/ssp.js takes it from the cookie) or in a token."""
    token = request.POST.get("csrfmiddlewaretoken", "")
    return _unmask_cipher_token(token) if len(token) == CSRF_TOKEN_LENGTH and token.isascii() and token.isalnum() else token


@receiver(user_logged_in)
def mark_token(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """After Django has taken a new secret at the login: one with the mark."""
    request.META.update({"CSRF_COOKIE": mark_of(user) + get_random_string(CSRF_SECRET_LENGTH - MARK), "CSRF_COOKIE_NEEDS_UPDATE": True})


@receiver(user_logged_out)
def forget_mark(request: HttpRequest, **kwargs: Any) -> None:
    """Who logs out leaves no form behind that is good for anything: Django would keep the secret."""
    rotate_token(request)
