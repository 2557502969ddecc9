"""The seats of a forum, for the kommune's administrator: what they are, who holds them, who is elected to the chair."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities import seat_actions
from municipalities.actions import AdministratorSeatError, OwnSeatError, PrivateMemberError
from municipalities.explained import roles
from municipalities.models import Forum, Organisation, Seat
from municipalities.people import call_by_invited_name
from municipalities.seat_forms import ElectionForm, HolderForm, NewSeatForm, SeatForm, UntilForm
from municipalities.seat_rules import SeatError


@require_safe
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def forum_seats(request: TenantRequest, forum_id: str) -> HttpResponse:
    """All seats of a forum that are not ended: fixed ones with their deputies, vacant ones marked. And those of former days."""
    forum = _forum(request, forum_id)
    found = Seat.objects.filter(forum=forum).select_related("organisation", "user", "deputy_for__organisation").order_by("pk")
    rows = call_by_invited_name(request.tenant.id, found)
    now = timezone.now()
    seats = sorted((seat for seat in rows if seat.valid_to is None or seat.valid_to > now), key=_by_place(rows))
    former = [seat for seat in rows if seat.valid_to is not None and seat.valid_from < seat.valid_to <= now and seat.user is not None]
    places = sum(seat.valid_from <= now for seat in seats)  # who comes later, or nobody, comes to a place that is there
    return TemplateResponse(request, "municipalities/forum_seats.html", {"forum": forum, "seats": seats, "places": places, "former": former[-40:], "now": now})


def _by_place(rows: Iterable[Seat]) -> Callable[[Seat], tuple[int, datetime]]:
    """A place keeps its line on the list whoever comes to hold it, and its holders stand in the order in which they have it."""
    first: dict[str, int] = {}
    for seat in rows:
        first.setdefault(seat.key, seat.pk)
    return lambda seat: (first[seat.key] if seat.key else seat.pk, seat.valid_from)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def seat_new(request: TenantRequest, forum_id: str) -> HttpResponse:
    """A new seat in a forum. Without an organisation to send somebody the page leads to where one is made."""
    forum = _forum(request, forum_id)
    if not Organisation.objects.filter(tenant_id=request.tenant.id).exists():
        return TemplateResponse(request, "municipalities/seat_new.html", {"forum": forum}, status=409 if request.method == "POST" else 200)
    form = NewSeatForm(request.POST if request.method == "POST" else None, forum=forum, terms=request.tenant.terms)
    if form.is_valid() and _done(form, lambda: seat_actions.new_seat(forum, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The seat is made."))
        return redirect(tenant_url(request, "forum_seats", forum_id))
    return TemplateResponse(request, "municipalities/seat_new.html", {"forum": forum, "form": form, "roles": roles(request.tenant.terms)}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def seat_edit(request: TenantRequest, seat_id: str) -> HttpResponse:
    """What a seat is, who holds it, and whether he is elected to the chair."""
    seat = _seat(request, seat_id)
    form = SeatForm(request.POST if request.method == "POST" else None, forum=seat.forum, terms=request.tenant.terms, seat=seat, initial=SeatForm.initial_of(seat))
    if form.is_valid() and _done(form, lambda: seat_actions.change_seat(seat, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The seat is changed. What its holder may do follows at once."))
        return redirect(tenant_url(request, "seat_edit", seat_id))
    return _page(request, seat, status=_status(form), form=form)


@require_POST
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def seat_holder(request: TenantRequest, seat_id: str) -> HttpResponse:
    """Let somebody else hold the seat, or nobody."""
    seat = _seat(request, seat_id)
    form = HolderForm(request.POST, seat=seat)
    made: list[Seat] = []
    if form.is_valid() and _done(form, lambda: made.append(seat_actions.change_holder(seat, actor=request.actor, **form.cleaned_data))):
        messages.success(request, _said(made[0]))
        return redirect(tenant_url(request, "forum_seats", seat.forum.public_id))
    return _page(request, seat, status=_status(form), holder_form=form)


@require_POST
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def seat_until(request: TenantRequest, seat_id: str) -> HttpResponse:
    """Let who holds the seat have it until another day, or until it is ended."""
    seat = _seat(request, seat_id)
    if seat.user is None:
        raise Http404("nobody holds the seat")
    form = UntilForm(request.POST, seat=seat)
    made: list[Seat] = []
    if form.is_valid() and _done(form, lambda: made.append(seat_actions.change_holder(seat, seat.user, actor=request.actor, **form.cleaned_data))):
        messages.success(request, _said(made[0]))
        return redirect(tenant_url(request, "forum_seats", seat.forum.public_id))
    return _page(request, seat, status=_status(form), until_form=form)


def _said(seat: Seat) -> str:
    """Who holds it from when or until when, or that nobody does."""
    is_coming, facts = seat.valid_from > timezone.now(), {"name": seat.user.name if seat.user else "", "day": date_format(timezone.localtime(seat.valid_from))}
    if seat.user and seat.valid_to and not is_coming:
        return _("%(name)s holds the seat until %(day)s.") % {**facts, "day": date_format(timezone.localtime(seat.valid_to))}
    if seat.user:
        return (_("%(name)s holds the seat from %(day)s.") if is_coming else _("%(name)s holds the seat.")) % facts
    return _("The seat is vacant from %(day)s.") % facts if is_coming else _("The seat is vacant. Its former holder has no access any more.")


@require_POST
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def seat_elect(request: TenantRequest, seat_id: str) -> HttpResponse:
    """Note that the forum has elected the holder to its chair."""
    seat = _seat(request, seat_id)
    form = ElectionForm(request.POST)
    if form.is_valid() and _done(form, lambda: seat_actions.elect_chair(seat, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The election is noted. The chair has the rights of a chair at once."))
        return redirect(tenant_url(request, "forum_seats", seat.forum.public_id))
    return _page(request, seat, status=_status(form), election_form=form)


@require_POST
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def seat_close(request: TenantRequest, seat_id: str) -> HttpResponse:
    """Take the seat out of the forum."""
    seat = _seat(request, seat_id)
    try:
        seat_actions.close_seat(seat, actor=request.actor, seen=request.POST.get("seen", ""))
    except SeatError as error:
        return _page(request, seat, status=409, refused=str(error))
    messages.success(request, _("The seat is taken out of the forum. Access ended at once; what was minuted stays."))
    return redirect(tenant_url(request, "forum_seats", seat.forum.public_id))


def _page(request: TenantRequest, seat: Seat, *, status: int = 200, **forms: Any) -> HttpResponse:
    may_elect = seat.forum.chairing == Forum.Chairing.ELECTED and seat.user is not None
    election = ElectionForm(initial={"seen": seat.seen, "on": timezone.localdate()}) if may_elect else None
    shown = {
        "form": SeatForm(forum=seat.forum, terms=request.tenant.terms, seat=seat, initial=SeatForm.initial_of(seat)),
        "holder_form": HolderForm(seat=seat), "until_form": UntilForm(seat=seat) if seat.user else None, "election_form": election,
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/seat_edit.html", {"seat": seat, "forum": seat.forum, "now": timezone.now(), **shown, **forms}, status=status)


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Run a write in a savepoint of its own; what it refuses becomes the form's error, and nothing is half done."""
    try:
        with transaction.atomic():
            act()
    except (SeatError, PrivateMemberError, OwnSeatError) as error:
        form.add_error(None, _sentence(error))
        form.refused = True  # type: ignore[attr-defined]  # the answer is 409
        return False
    return True


def _sentence(error: Exception) -> str:
    match error:
        case PrivateMemberError():
            return _("The forum handles person data. Private organisations, private members and pupils are no party to § 115 and cannot sit in it.")
        case AdministratorSeatError():
            return str(error)
        case OwnSeatError():
            return _("You cannot give yourself a seat in a forum with person data. Ask another administrator.")
    return str(error)


def _status(form: Form) -> int:
    return 409 if getattr(form, "refused", False) else 422 if form.is_bound else 200


def _forum(request: TenantRequest, public_id: str) -> Forum:
    return fetch(request.actor, Verb.MANAGE_TENANT, Forum.objects.select_related("level"), public_id=public_id)


def _seat(request: TenantRequest, public_id: str) -> Seat:
    """A seat that is not ended."""
    seat: Seat = fetch(request.actor, Verb.MANAGE_TENANT, Seat.objects.select_related("forum__level", "organisation", "user", "deputy_for"), public_id=public_id)
    if seat.valid_to is not None and seat.valid_to <= timezone.now():
        raise Http404("the seat is ended")
    return call_by_invited_name(request.tenant.id, [seat])[0]

