"""The people of the kommune, for its administrator: who is here and as what, inviting, sending again, ending."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.actions import AdministratorSeatError, SeatTakenError
from municipalities.appointment_wishes import waiting_wishes
from municipalities.models import PersonState, Tenant
from municipalities.people import Person, accounts, coming_seats, invited_name, matching, persons, with_details
from municipalities.people_actions import LastAdministratorError, PeopleError, TooManyInvitationsError, end_person, invite, send_again
from municipalities.people_forms import InviteForm

PER_PAGE = 50


@require_safe
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def person_list(request: TenantRequest) -> HttpResponse:
    """Everybody with a seat or an appointment, where each stands; those who have left on a list of their own."""
    left, words = request.GET.get("ophoert") == "1", request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = matching(accounts(request.tenant.id, is_here=not left), words, request.tenant.id)
    page = Paginator(with_details(found, request.tenant.id), PER_PAGE).get_page(request.GET.get("page"))
    choices = [{"url": "?", "label": _("Here now"), "current": not left}, {"url": "?ophoert=1", "label": _("Have left"), "current": left}]
    query = ("&ophoert=1" if left else "") + (f"&q={words}" if words else "")
    wishes = [] if left or words else waiting_wishes(request.tenant.id)
    context = {"page_obj": page, "people": persons(page), "choices": choices, "query": query, "words": words, "left": left, "wishes": wishes}
    return TemplateResponse(request, "municipalities/person_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def person_invite(request: TenantRequest) -> HttpResponse:
    """Invite one person to vacant seats. The answer is the same whether the address has an account somewhere or not."""
    form = InviteForm(request.POST if request.method == "POST" else None, actor=request.actor)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        earlier, name = invited_name(request.tenant.id, form.cleaned_data["email"]), form.cleaned_data["name"]
        try:
            _invite(request, form)
        except TooManyInvitationsError as error:
            form.add_error(None, str(error))
            status = 429
        except (PeopleError, AdministratorSeatError, SeatTakenError) as error:
            form.add_error(None, _sentence(error))
            status = 409
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
            if earlier not in ("", name):
                said = _("This address was invited before as %(earlier)s, and has not come yet. Here the person is called %(name)s from now on.")
                messages.info(request, said % {"earlier": earlier, "name": name})
            return redirect(tenant_url(request, "person_list"))
    return TemplateResponse(request, "municipalities/person_invite.html", {"form": form}, status=status)


def _invite(request: TenantRequest, form: InviteForm) -> None:
    """All or nothing: what the actions refuse leaves no account and no seat behind."""
    from django.db import transaction

    with transaction.atomic():
        data = form.cleaned_data
        invite(Tenant.objects.get(pk=request.tenant.id), data["email"], data["name"], list(data["seats"]), actor=request.actor, is_reader=data["is_reader"])


def _sentence(error: Exception) -> str:
    match error:
        case SeatTakenError():
            return _("Somebody else has just got one of these seats. Choose again.")
    return str(error)


def person_of(request: TenantRequest, public_id: str) -> Person:
    """The person as the administrator sees him; Http404 for who has never had anything to do here."""
    rows = with_details(accounts(request.tenant.id), request.tenant.id)
    return persons([get_object_or_404(rows, public_id=public_id)])[0]


@require_safe
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def person_detail(request: TenantRequest, person_id: str) -> HttpResponse:
    """One person: seats, appointments, invitation."""
    person = person_of(request, person_id)
    waits = person.state in (PersonState.INVITED, PersonState.EXPIRED)
    return TemplateResponse(request, "municipalities/person_detail.html", {"person": person, "waits": waits})


@require_POST
@requires(Verb.MANAGE_TENANT)
def person_send_again(request: TenantRequest, person_id: str) -> HttpResponse:
    """Send the invitation again: a new link, and the earlier one is over."""
    person = person_of(request, person_id)
    if person.invitation is None or person.state not in (PersonState.INVITED, PersonState.EXPIRED):
        messages.warning(request, _("There is no invitation to send again."))
        return redirect(tenant_url(request, "person_detail", person_id))
    try:
        send_again(person.invitation, actor=request.actor)
    except PeopleError as error:
        status = 429 if isinstance(error, TooManyInvitationsError) else 409
        return TemplateResponse(request, "municipalities/person_detail.html", {"person": person, "waits": True, "refused": str(error)}, status=status)
    messages.success(request, _("The invitation is sent again. The earlier link no longer works."))
    return redirect(tenant_url(request, "person_detail", person_id))


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def person_end(request: TenantRequest, person_id: str) -> HttpResponse:
    """Show what ends, then end it: every seat and appointment here, and the invitation."""
    person = person_of(request, person_id)
    coming = coming_seats(person.user, request.tenant.id)
    if request.method != "POST":
        return TemplateResponse(request, "municipalities/person_end.html", {"person": person, "coming": coming})
    try:
        end_person(person.user, actor=request.actor)
    except PeopleError as error:
        context = {"person": person, "coming": coming, "refused": str(error), "is_last": isinstance(error, LastAdministratorError)}
        return TemplateResponse(request, "municipalities/person_end.html", context, status=409)
    messages.success(request, _("%(name)s has left. All access here ended at once; what is written stays.") % {"name": person.name})
    is_self = person.user.pk == request.actor.user_id
    return redirect("choose_tenant" if is_self else tenant_url(request, "person_list"))
