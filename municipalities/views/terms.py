"""What the kommune calls its roles and plans."""

from collections.abc import Mapping

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
from municipalities.term_uses import alike, change_uses, renamed, uses
from municipalities.term_uses import fingerprint as uses_version
from municipalities.versions import fingerprint

FORMER = "former_terms"  # in the session: nothing about a person


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
            before = tenant.terms
            set_terms(tenant, form.terms, actor=request.actor, seen=form.version)
        except SetupError as error:
            status = 409
            form.add_error(None, str(error))
            form.stand_on(fingerprint(Tenant.objects.get(pk=tenant.pk)))
        else:
            return _saved(request, before)
    found = uses(request.actor, _pairs(request, tenant))
    return TemplateResponse(request, "municipalities/term_list.html", {"form": form, "uses": found}, status=status)


def _saved(request: TenantRequest, before: Mapping[str, str]) -> HttpResponse:
    """Say so; and lead to the texts of the set-up in which a former word still stands."""
    tenant = Tenant.objects.get(pk=request.tenant.id)
    _remember(request, before)
    found = uses(request.actor, _pairs(request, tenant))
    messages.success(request, _("The names are saved. They are used from the next page on."))
    return redirect(tenant_url(request, "term_uses" if found else "term_list"))


def _remember(request: TenantRequest, before: Mapping[str, str]) -> None:
    """The names as they were when this administrator first changed them: on the next page the former words are looked for."""
    request.session.setdefault(f"{FORMER}-{request.tenant.id}", dict(before))


def _pairs(request: TenantRequest, tenant: Tenant) -> list[tuple[str, str]]:
    """None before this administrator has changed a name: that a text says something else than the names is then as it was meant."""
    before = request.session.get(f"{FORMER}-{tenant.pk}")
    return [] if before is None else renamed(before, tenant.terms)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def term_uses(request: TenantRequest) -> HttpResponse:
    """Where a former word still stands, and what each text becomes; one button changes them all."""
    tenant = Tenant.objects.get(pk=request.tenant.id)
    pairs, refused, status = _pairs(request, tenant), "", 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                count = change_uses(tenant, pairs, actor=request.actor, seen=request.POST.get("seen", ""))
        except SetupError as error:
            refused, status = str(error), 409
        else:
            request.session.pop(f"{FORMER}-{tenant.pk}", None)
            messages.success(request, ngettext("%(n)s text is changed.", "%(n)s texts are changed.", count) % {"n": count})
            return redirect(tenant_url(request, "term_list"))
    found = uses(request.actor, pairs)
    return TemplateResponse(request, "municipalities/term_uses.html", {"uses": found, "lines": alike(found), "seen": uses_version(found), "refused": refused}, status=status)
