"""The matrix of levels and prevention: for members to read and print, and for the administrator to write."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.errors import SetupError
from municipalities.matrices import matrix_of
from municipalities.matrix_forms import MatrixForm
from municipalities.structure_actions import matrix_version, write_matrix


@require_safe
@in_menu("organisation")
@requires(Verb.VIEW_ORGANISATION)
def matrix(request: TenantRequest) -> HttpResponse:
    """What happens on each level, on each band of the prevention model."""
    return TemplateResponse(request, "municipalities/matrix.html", {"matrix": matrix_of(request.tenant.id), "may_manage": request.actor.holds(Verb.MANAGE_TENANT)})


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def matrix_edit(request: TenantRequest) -> HttpResponse:
    """Write the cells."""
    found, version = matrix_of(request.tenant.id), matrix_version(request.tenant.id)
    form = MatrixForm(request.POST if request.method == "POST" else None, matrix=found, version=version)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            write_matrix(request.tenant.id, form.texts, actor=request.actor, seen=form.version)
        except SetupError as error:
            status = 409
            form.add_error(None, str(error))
            form.stand_on(version)
        else:
            messages.success(request, _("The texts are saved."))
            return redirect(tenant_url(request, "matrix"))
    return TemplateResponse(request, "municipalities/matrix_edit.html", {"form": form, "matrix": found}, status=status)
