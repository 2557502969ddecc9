"""What the kommune calls its roles and plans."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.errors import SetupError
from municipalities.models import Tenant
from municipalities.structure_actions import set_terms
from municipalities.term_forms import TermForm
from municipalities.term_uses import alike, change_uses, former, leave_uses, uses
from municipalities.term_uses import fingerprint as uses_version
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
            return _saved(request)
    found = uses(request.actor, former(tenant))
    return TemplateResponse(request, "municipalities/term_list.html", {"form": form, "uses": found}, status=status)


def _saved(request: TenantRequest) -> HttpResponse:
    """Say so; and lead to the texts of the set-up in which a former word still stands."""
    found = uses(request.actor, former(Tenant.objects.get(pk=request.tenant.id)))
    messages.success(request, _("The names are saved. They are used from the next page on."))
    return redirect(tenant_url(request, "term_uses" if found else "term_list"))


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def term_uses(request: TenantRequest) -> HttpResponse:
    """Where a former word still stands, and what each text becomes; one button changes them all, the other leaves them."""
    tenant = Tenant.objects.get(pk=request.tenant.id)
    refused, status = "", 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                messages.success(request, _settled(request, tenant))
        except SetupError as error:
            refused, status = str(error), 409
        else:
            return redirect(tenant_url(request, "term_list"))
    found = uses(request.actor, former(tenant))
    names = [use for use in found if use.holder.is_name]
    lines = alike(use for use in found if not use.holder.is_name)
    kept = set(request.POST.getlist("names")) if refused else {use.row.public_id for use in names}  # all are ticked at first
    context = {"uses": found, "lines": lines, "names": names, "kept": kept, "seen": uses_version(found), "refused": refused}
    return TemplateResponse(request, "municipalities/term_uses.html", context, status=status)


def _settled(request: TenantRequest, tenant: Tenant) -> str:
    if "leave" in request.POST:
        leave_uses(tenant, actor=request.actor)
        return _("The texts are left as they are.")
    count = change_uses(tenant, actor=request.actor, seen=request.POST.get("seen", ""), names=request.POST.getlist("names"))
    return ngettext("%(n)s text is changed.", "%(n)s texts are changed.", count) % {"n": count}
