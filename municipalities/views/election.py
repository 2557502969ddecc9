"""The election of a chair, recorded by whoever writes the forum's minutes, where it stands."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.policy import fetch
from access.request import TenantRequest
from access.roles import SeatRole, Verb
from access.web import in_menu, requires, tenant_url
from municipalities.actions import OwnSeatError
from municipalities.election_forms import ChairForm
from municipalities.models import Forum, Seat
from municipalities.seat_actions import elect_chair
from municipalities.seat_rules import SeatError


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("organisation")
@requires(Verb.WRITE_MINUTES)
def forum_chair(request: TenantRequest, public_id: str) -> HttpResponse:
    """Record whom the forum has elected to its chair."""
    forum = fetch(request.actor, Verb.WRITE_MINUTES, Forum.objects.all(), public_id=public_id)
    chairs = Seat.objects.current().filter(tenant_id=forum.tenant_id, forum=forum, role=SeatRole.CHAIR)
    former = chairs.select_related("user", "organisation").first()
    form = ChairForm(request.POST if request.method == "POST" else None, forum=forum, initial={"elected_on": timezone.localdate()})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["seat"]
        try:
            seat = elect_chair(chosen, actor=request.actor, seen=chosen.seen, on=form.cleaned_data["elected_on"])
        except (SeatError, OwnSeatError) as error:
            status = 409
            own = _("You cannot give yourself a seat in a forum with person data. Ask another administrator.")
            form.add_error(None, own if isinstance(error, OwnSeatError) else str(error))
        else:
            messages.success(request, _("%(name)s is the chair of %(forum)s.") % {"name": seat.user, "forum": forum})
            return redirect(tenant_url(request, "forum_detail", public_id))
    context = {"form": form, "forum": forum, "former": former, "is_elected": forum.chairing == Forum.Chairing.ELECTED}
    return TemplateResponse(request, "municipalities/forum_chair.html", context, status=status)
