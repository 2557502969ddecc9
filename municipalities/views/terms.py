"""What the kommune calls its roles and plans."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.errors import SetupError
from municipalities.models import Tenant
from municipalities.structure_actions import set_terms
from municipalities.term_forms import TermForm
from municipalities.versions import fingerprint


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def term_list(request: TenantRequest) -> HttpResponse:
    """The names, each with the usual one beside it."""
    tenant = Tenant.objects.get(pk=request.tenant.id)
    form = TermForm(request.POST if request.method == "POST" else None, tenant=tenant)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            set_terms(tenant, form.terms, actor=request.actor, seen=form.version)
        except SetupError as error:
            status = 409
            form.add_error(None, str(error))
            form.stand_on(fingerprint(Tenant.objects.get(pk=tenant.pk)))
        else:
            messages.success(request, _("The names are saved. They are used from the next page on."))
            return redirect(tenant_url(request, "term_list"))
    return TemplateResponse(request, "municipalities/term_list.html", {"form": form}, status=status)
