"""Who approves one funktionsbeskrivelse, and who leads which organisation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access import policy
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.models import Organisation
from municipalities.people import as_invited
from municipalities.rights import people_of
from plans import function_leader_actions
from plans.actions import PlanStateError
from plans.function_forms import LeaderForm, LeadersForm
from plans.function_views import detail_context, fetch_function


@require_POST
@in_menu("functions")
@requires(Verb.WRITE_MINUTES)
def function_leader(request: TenantRequest, function_id: str) -> HttpResponse:
    """Name one more leader of a description, or take one off."""
    description = fetch_function(request.actor, function_id)
    policy.require(request.actor, Verb.WRITE_MINUTES, description)
    form = LeaderForm(request.POST, description=description)
    if not form.is_valid():
        context = detail_context(request, description) | {"leader_form": form}
        return TemplateResponse(request, "plans/function_detail.html", context, status=422)
    act = function_leader_actions.remove_leader if request.POST.get("do") == "remove" else function_leader_actions.add_leader
    try:
        act(description, form.cleaned_data["leader"], actor=request.actor)
    except PlanStateError as error:
        context = detail_context(request, fetch_function(request.actor, function_id)) | {"refused": str(error)}
        return TemplateResponse(request, "plans/function_detail.html", context, status=409)
    messages.success(request, _("The leaders are saved."))
    return redirect(tenant_url(request, "function_detail", description.public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("functions")
@requires(Verb.MANAGE_TENANT)
def function_leaders(request: TenantRequest) -> HttpResponse:
    """Who leads which organisation."""
    people = as_invited(request.tenant.id, people_of(request.tenant.id).filter(is_active=True, is_system=False).order_by("first_name", "last_name"))
    rows = list(Organisation.objects.filter(tenant_id=request.actor.tenant_id).select_related("leader").order_by("name"))
    form = LeadersForm(request.POST if request.method == "POST" else None, organisations=rows, people=people)
    if form.is_valid():
        for organisation, leader in form.changed():
            function_leader_actions.name_leader(organisation, leader, actor=request.actor)
        messages.success(request, _("The leaders are saved."))
        return redirect(tenant_url(request, "function_leaders"))
    return TemplateResponse(request, "plans/function_leaders.html", {"form": form}, status=422 if form.is_bound else 200)
