"""Forums, for whoever sets the kommune up: all of them, a new one, one with its seats, and its form."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.cadences import cadence_sentence
from municipalities.class_changes import seats_of
from municipalities.errors import SetupError, StaleError
from municipalities.explained import kinds
from municipalities.forum_actions import add_forum, change_forum
from municipalities.forum_forms import ForumForm
from municipalities.forum_tree import forum_lines
from municipalities.models import Forum, Level, Tenant
from municipalities.parts import forum_parts
from municipalities.versions import fingerprint


@require_safe
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def forum_list(request: TenantRequest) -> HttpResponse:
    """Every forum by level, the nested ones below their parent, with seats and vacancies; those that have ended apart."""
    lines = forum_lines(request.actor)
    now = [line for line in lines if not line.forum.has_ended]
    before = [line for line in lines if line.forum.has_ended]
    has_levels = visible(request.actor, Verb.MANAGE_TENANT, Level.objects.all()).exists()
    return TemplateResponse(request, "municipalities/forum_setup_list.html", {"now": now, "before": before, "has_levels": has_levels})


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def forum_new(request: TenantRequest) -> HttpResponse:
    """A new forum, with its kind and its class. Without a level to stand on the page leads to where one is made."""
    if not visible(request.actor, Verb.MANAGE_TENANT, Level.objects.all()).exists():
        return TemplateResponse(request, "municipalities/forum_form.html", {"needs_level": True}, status=409 if request.method == "POST" else 200)
    form = ForumForm(request.POST if request.method == "POST" else None, forum=Forum(tenant_id=request.tenant.id), terms=request.tenant.terms)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            forum = add_forum(Tenant.objects.get(pk=request.tenant.id), actor=request.actor, **form.fields_of_forum)
        except SetupError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("%(forum)s is created. Now add its seats.") % {"forum": forum})
            return redirect(tenant_url(request, "forum_setup", forum.public_id))
    return TemplateResponse(request, "municipalities/forum_form.html", {"form": form, "kinds": kinds(request.tenant.terms)}, status=status)


@require_safe
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def forum_setup(request: TenantRequest, forum_id: str) -> HttpResponse:
    """One forum: what it is, and its seats with holders, vacant ones, deputies, and those that begin later."""
    rows = Forum.objects.select_related("level", "parent", "area", "cadence_of").prefetch_related("prevention_levels", "trin")
    forum = fetch(request.actor, Verb.MANAGE_TENANT, rows, public_id=forum_id)
    seats = seats_of(forum)
    waiting = forum.class_changes.filter(status__in=("ASKED", "APPROVED")).first()
    context = {
        "forum": forum, "seats": seats, "cadence": cadence_sentence(forum), "waiting": waiting, "vacant": sum(seat.user_id is None for seat in seats),
        "parts": forum_parts(request, forum, "setup"),
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/forum_setup.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def forum_edit(request: TenantRequest, forum_id: str) -> HttpResponse:
    """Change what is plain about a forum."""
    forum = _forum(request, forum_id)
    form = ForumForm(request.POST if request.method == "POST" else None, forum=forum, terms=request.tenant.terms, initial=ForumForm.initial_of(forum))
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            changed = change_forum(forum, actor=request.actor, seen=form.version, **form.fields_of_forum)
        except SetupError as error:
            status = 409
            form.add_error(None, str(error))
            if isinstance(error, StaleError):
                form.stand_on(fingerprint(_forum(request, forum_id)))
        else:
            messages.success(request, _("%(forum)s is saved.") % {"forum": changed})
            return redirect(tenant_url(request, "forum_setup", forum_id))
    return TemplateResponse(request, "municipalities/forum_form.html", {"form": form, "forum": forum}, status=status)


def _forum(request: TenantRequest, forum_id: str) -> Any:
    rows = Forum.objects.select_related("level", "parent", "area").prefetch_related("prevention_levels")
    return fetch(request.actor, Verb.MANAGE_TENANT, rows, public_id=forum_id)
