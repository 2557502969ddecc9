"""How often a forum meets: the form for whoever sets the kommune up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.cadence_actions import ImpossibleCadenceError, set_cadence
from municipalities.cadence_forms import CadenceForm
from municipalities.cadences import cadence_sentence
from municipalities.models import Forum


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(Verb.MANAGE_TENANT)
def forum_cadence(request: TenantRequest, forum_id: str) -> HttpResponse:
    """Read and change a forum's cadence; after saving the page says in words what it means."""
    forum = fetch(request.actor, Verb.MANAGE_TENANT, Forum.objects.select_related("cadence_of"), public_id=forum_id)
    forums = list(visible(request.actor, Verb.MANAGE_TENANT, Forum.objects.all()))
    form = CadenceForm(request.POST or None, forum=forum, forums=forums, initial=CadenceForm.initial_of(forum))
    if request.method == "POST" and form.is_valid():
        try:
            changed = set_cadence(forum, actor=request.actor, **form.cleaned_data["cadence"])
        except ImpossibleCadenceError as error:  # somebody changed another forum meanwhile
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The rhythm is saved: %(cadence)s.") % {"cadence": cadence_sentence(changed)})
            return redirect(tenant_url(request, "forum_cadence", forum_id))
    context = {"form": form, "forum": forum, "sentence": cadence_sentence(forum)}
    return TemplateResponse(request, "municipalities/forum_cadence.html", context, status=422 if form.is_bound else 200)
