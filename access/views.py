"""Login and the one-click login of invented people, choosing a kommune, and the access log."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from access.demo import demo_groups
from access.forms import LogFilter
from access.gate import open_ticket
from access.log import actor_in_log, entries_for_tenant, own_entries
from access.log_lines import log_lines
from access.login import DEMO_SESSION, TOO_MANY
from access.models import LogEntry, Purpose, User
from access.request import TenantRequest
from access.roles import Verb
from access.tenants import own_tenants, people_of
from access.web import in_menu, open_to_members

LOG_PAGE = 30


class LoginPage(LoginView):  # type: ignore[misc]  # allauth is untyped
    """allauth's login, with the invented people to choose between where demo mode is on."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """422 with the sentence; 429 when there have been too many attempts."""
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        return self.render_to_response(self.get_context_data(form=form), status=429 if TOO_MANY in codes else 422)  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows, with `demo_people`: (kommune, people)."""
        return {**super().get_context_data(**kwargs), "demo_people": demo_groups()}


login_page = LoginPage.as_view()


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
    if not settings.SSP_DEMO or not request.POST.get("user", "").isdecimal():
        raise Http404("demo login is off")
    user = get_object_or_404(User, pk=request.POST["user"], is_demo=True, is_active=True, is_system=False)
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session[DEMO_SESSION] = True
    return HttpResponseRedirect(_asked_for(request) or reverse("choose_tenant"))


def _asked_for(request: HttpRequest) -> str:
    """The page that was asked for before the login, when it is one of the user's own kommuner: another invented person's page is not there for him."""
    asked: str = get_next_redirect_url(request) or ""
    return asked if any(asked.startswith(reverse("week", args=[tenant.slug])) for tenant in own_tenants(request.user)) else ""


@require_safe
@in_menu("log")
@open_to_members
def access_log(request: TenantRequest) -> HttpResponse:
    """The DPO sees every entry of the tenant, and leaves one himself; everybody else sees his own."""
    sees_all = request.actor.holds(Verb.VIEW_AUDIT) and "egne" not in request.GET
    form = LogFilter(request.GET, people=_people(request) if sees_all else None)
    entries: list[LogEntry] = []
    if form.is_valid():
        read = entries_for_tenant if sees_all else own_entries
        entries = read(**form.query(), limit=LOG_PAGE + 1)
        if sees_all:
            open_ticket(request.actor, LogEntry, [], purpose=Purpose.SUPERVISION, action=LogEntry.Action.LIST, note=form.summary())
    shown = entries[:LOG_PAGE]
    form.offer(entry.actor for entry in shown)
    older = form.address(before=shown[-1].pk) if len(entries) > LOG_PAGE else ""
    context = {"form": form, "lines": log_lines(shown, request.tenant.terms), "older": older, "sees_all": sees_all}
    return TemplateResponse(request, "access/access_log.html", context, status=200 if form.is_valid() else 422)


def _people(request: TenantRequest) -> list[User]:
    asked = request.GET.get("hvem", "")
    people = people_of(request.tenant.id)
    known = not asked or asked in {user.public_id for user in people}
    other = None if known else actor_in_log(asked)
    return [*people, other] if other else people
