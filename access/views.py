"""Choosing a kommune, and the one-click login of invented people."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from access.login import DEMO_SESSION
from access.models import User
from access.tenants import own_tenants


@require_safe
@login_required
def choose_tenant(request: HttpRequest) -> HttpResponse:
    """The kommuner in which the user has a seat; with only one, straight to it."""
    tenants = own_tenants(request.user)
    if len(tenants) == 1 and "vis" not in request.GET:
        return redirect("week", slug=tenants[0].slug)
    return render(request, "access/choose_tenant.html", {"tenants": tenants})


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as an invented person. Only in demo mode, which refuses to start where a real user exists."""
    if not settings.SSP_DEMO or not request.POST.get("user", "").isdigit():
        raise Http404("demo login is off")
    user = get_object_or_404(User, pk=request.POST["user"], is_demo=True, is_active=True, is_system=False)
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session[DEMO_SESSION] = True
    return redirect("choose_tenant")
