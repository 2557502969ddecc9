"""Appointments: asking for one, the second person's answer, and ending one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from access.actor import Actor
from access.models import User
from access.request import TenantRequest
from access.roles import AppointmentRole, Verb
from access.web import door, in_menu, requires, tenant_url
from municipalities.appointment_actions import approve_appointment, ask_appointment, carry_out, end_appointment, refuse_appointment, withdraw_appointment
from municipalities.appointment_forms import ROLES, AppointForm
from municipalities.appointment_wishes import AppointmentError, deciders, may_decide
from municipalities.models import AppointmentWish
from municipalities.people_actions import LastAdministratorError, PeopleError, TooManyInvitationsError
from municipalities.views.people import person_of

# what each role lets its holder do, for who decides
GIVES = {
    AppointmentRole.DPO: gettext_lazy("Reads the access log, confirms an export of the whole kommune, and can be the second person of an appointment. Sees no case and no agenda."),
    AppointmentRole.ADMIN: gettext_lazy("Makes forums and seats, invites people and ends their access. Sees no case and no agenda."),
}
DEEDS: dict[str, Callable[..., AppointmentWish]] = {
    "godkend": approve_appointment, "afvis": refuse_appointment, "traek": withdraw_appointment, "udfoer": carry_out,
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def appointment_ask(request: TenantRequest) -> HttpResponse:
    """Ask that somebody be appointed DPO or IT administrator; the form may begin with somebody who is here."""
    form = AppointForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            wish = ask_appointment(**form.cleaned_data, actor=request.actor)
        except AppointmentError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("It is asked for. Nobody is appointed until a second person has approved it."))
            return redirect(tenant_url(request, "appointment_wish", wish.public_id))
    nobody_decides = not deciders(request.actor.tenant_id, request.actor.user_id, "").exists()
    return TemplateResponse(request, "municipalities/appointment_ask.html", {"form": form, "nobody_decides": nobody_decides}, status=status)


def _initial(request: TenantRequest) -> dict[str, str]:
    """What the link that led here says: the role, and somebody who is here, or the wish that is asked for anew."""
    role, person_id, wish_id = request.GET.get("rolle", ""), request.GET.get("person", ""), request.GET.get("igen", "")
    if wish_id.isalnum() and request.method != "POST":
        earlier = _wish(request.actor, wish_id)
        return {"role": earlier.role, "name": earlier.name, "email": earlier.email}
    found = {"role": role} if role in dict(ROLES) else {}
    if person_id.isalnum() and request.method != "POST":
        person = person_of(request, person_id)
        found |= {"name": person.name, "email": person.user.email}
    return found


def _wish(actor: Actor, wish_id: str) -> Any:
    """The wish, for an administrator or a second person; Http404 for others."""
    rows = AppointmentWish.objects.select_related("asked_by", "decided_by").filter(tenant_id=actor.tenant_id)
    wish = rows.filter(public_id=wish_id).first()
    if wish is None or not (Verb.MANAGE_TENANT in actor.tenant_verbs or may_decide(actor, wish)):
        raise Http404("no such row for this actor")
    return wish


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("people")
@requires(Verb.MANAGE_TENANT, Verb.VIEW_AUDIT, Verb.SIGN_ACCESS)
@door(_wish)
def appointment_wish(request: TenantRequest, wish_id: str) -> HttpResponse:
    """One wish: who is to be what, who asked and why; and the buttons of whoever may decide or carry it out."""
    wish = _wish(request.actor, wish_id)
    status, refused = 200, ""
    deed = DEEDS.get(request.POST.get("svar", "")) if request.method == "POST" else None
    if deed is not None:
        try:
            done = deed(wish, actor=request.actor)
        except (AppointmentError, PeopleError) as error:
            status, refused = 429 if isinstance(error, TooManyInvitationsError) else 409, str(error)
            wish = _wish(request.actor, wish_id)
        else:
            messages.success(request, _said(done))
            return redirect(tenant_url(request, "appointment_wish", wish_id))
    elif request.method == "POST":
        status, refused = 422, _("Choose one of the buttons.")
    context = {
        "wish": wish, "refused": refused, "manages": Verb.MANAGE_TENANT in request.actor.tenant_verbs, "gives": GIVES[AppointmentRole(wish.role)],
        "may_decide": wish.status == "ASKED" and wish.is_open and may_decide(request.actor, wish),
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/appointment_wish.html", context, status=status)


def _said(wish: AppointmentWish) -> str:
    match wish.status:
        case AppointmentWish.Status.APPROVED:
            return _("You have approved it. It holds as soon as an administrator has carried it out.")
        case AppointmentWish.Status.DONE:
            return _("%(name)s is appointed, and gets a mail.") % {"name": wish.name}
        case AppointmentWish.Status.REFUSED:
            return _("You have refused it. Nobody is appointed.")
    return _("The wish is withdrawn. Nobody is appointed.")


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def appointment_end(request: TenantRequest, person_id: str) -> HttpResponse:
    """Ask, then end one of a person's appointments; what else he has here stays."""
    person = person_of(request, person_id)
    role = (request.POST if request.method == "POST" else request.GET).get("rolle", "")
    held = next((row for row in person.appointments if row.role == role and role != AppointmentRole.SYSTEM), None)
    if held is None:
        messages.warning(request, _("The appointment has been ended already."))
        return redirect(tenant_url(request, "person_detail", person_id))
    context: dict[str, Any] = {"person": person, "held": held}
    if request.method != "POST":
        return TemplateResponse(request, "municipalities/appointment_end.html", context)
    try:
        end_appointment(User.objects.get(pk=person.user.pk), AppointmentRole(role), actor=request.actor)
    except PeopleError as error:
        context |= {"refused": str(error), "is_last": isinstance(error, LastAdministratorError)}
        return TemplateResponse(request, "municipalities/appointment_end.html", context, status=409)
    messages.success(request, _("%(name)s is no longer %(role)s. It holds from now on.") % {"name": person.name, "role": held.get_role_display()})
    is_self = person.user.pk == request.actor.user_id
    return redirect("choose_tenant" if is_self else tenant_url(request, "person_detail", person_id))
