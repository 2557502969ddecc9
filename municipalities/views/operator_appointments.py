"""The operator's page of a kommune or a politikreds: appoint where nobody who has come holds the role. Outside every kommune."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.operators import OperatorRequest, operators_only
from access.roles import AppointmentRole
from municipalities.appointment_forms import AppointeeForm
from municipalities.appointment_wishes import AppointmentError
from municipalities.models import ASKED_FOR, Tenant
from municipalities.operator_appointments import PeopleError, appoint_from_outside, send_invitation_again, standings
from municipalities.people_actions import TooManyInvitationsError

type Forms = Mapping[AppointmentRole, AppointeeForm]


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def operator_appoint(request: OperatorRequest, tenant: str) -> HttpResponse:
    """Who is invited and has not come; send again, or appoint somebody else. Once somebody holds a role, the kommune does it itself."""
    found, status, refused = get_object_or_404(Tenant, slug=tenant, active=True), 200, ""
    forms = {role: AppointeeForm(request.POST if _is_about(request, role) else None, prefix=role.lower()) for role in ASKED_FOR}
    if request.method == "POST":
        try:
            if said := _do(request, found, forms):
                messages.success(request, said)
                return redirect("operator_appoint", tenant=found.slug)
            status = 422
        except (AppointmentError, PeopleError) as error:
            status, refused = 429 if isinstance(error, TooManyInvitationsError) else 409, str(error)
    return _page(request, found, forms, status, refused)


def _is_about(request: OperatorRequest, role: AppointmentRole) -> bool:
    return request.method == "POST" and request.POST.get("svar") == "udpeg" and request.POST.get("rolle") == role


def _do(request: OperatorRequest, tenant: Tenant, forms: Forms) -> str:
    """Do what the button says; the sentence for the next page, empty when the form is wrong. Raises AppointmentError, PeopleError."""
    if request.POST.get("svar") == "igen":
        send_invitation_again(tenant, request.POST.get("invitation", ""), by=request.user)
        return _("The invitation is sent again. The earlier link no longer works.")
    form = next((form for form in forms.values() if form.is_bound), None)
    if form is None:
        raise AppointmentError(_("Choose one of the buttons."))
    if not form.is_valid():
        return ""
    role = AppointmentRole(request.POST["rolle"])
    appoint_from_outside(tenant, role, form.cleaned_data["email"], form.cleaned_data["name"], by=request.user, seen=request.POST.get("set", ""))
    return _("%(email)s is appointed, and gets a mail with a link. The kommune is told.") % {"email": form.cleaned_data["email"]}


def _page(request: OperatorRequest, tenant: Tenant, forms: Forms, status: int, refused: str) -> HttpResponse:
    context: dict[str, Any] = {"found": tenant, "refused": refused}
    try:
        context["parts"] = [(standing, forms[standing.role]) for standing in standings(tenant, by=request.user)]
    except AppointmentError as error:
        status, context["refused"] = 409, str(error)
    return TemplateResponse(request, "municipalities/operator_appoint.html", context, status=status)
