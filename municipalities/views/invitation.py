"""The link in an invitation: outside every kommune's pages, for who cannot log in yet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from access.actor import Actor
from access.context import context_of
from access.models import User
from municipalities.models import Invitation
from municipalities.people import open_invitations, password_path, read_token


@never_cache
@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """To choosing a password, once; who has one is led to log in. A link that is over, called back or made up: 410 and a sentence.
    Who is logged in as somebody else is told whose it is: he would choose another's password for his own.

    Nothing is changed by looking: mail filters follow links before people do.
    """
    found = _find(token)
    if found is None:
        return render(request, "municipalities/invitation_over.html", status=410)
    user, slug = found
    if request.user.is_authenticated and request.user.pk != user.pk:  # at a shared screen, or a mail that was passed on
        return render(request, "municipalities/invitation_other.html", {"invited": user}, status=403)
    if user.has_usable_password():
        if not request.user.is_authenticated:
            messages.info(request, _("You have a password already. Log in with your e-mail address."))
        return redirect("week", slug=slug)
    return redirect(password_path(user))


def _find(token: str) -> tuple[User, str] | None:
    ids = read_token(token)
    if ids is None:
        return None
    tenant_id, user_id, invitation_id, times = ids
    with context_of(Actor(user_id=user_id, tenant_id=tenant_id)):  # no right at all: row security shows him his own invitation
        rows = open_invitations().filter(tenant=tenant_id, user=user_id, times_sent=times, user__is_active=True, tenant__active=True)
        invitation: Invitation | None = rows.select_related("user", "tenant").filter(pk=invitation_id).first()
    return (invitation.user, invitation.tenant.slug) if invitation else None
