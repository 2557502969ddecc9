"""Guests: calling one in to one item of one meeting, and calling him back."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.exports import ics_response
from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from cases import guest_actions, opening
from cases.errors import CaseStateError, GuestRefusedError
from cases.item_forms import GuestForm
from cases.models import AdHocGrant, CaseItem
from cases.rights import current_grants


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.GRANT_GUEST)
def guest_call(request: TenantRequest, public_id: str, meeting_id: str) -> HttpResponse:
    """Call one person in to one case at one meeting. The page shows the number only, so it needs no purpose."""
    rows = CaseItem.objects.select_related("case__forum", "item", "meeting__forum", "tenant")
    link = fetch(request.actor, Verb.GRANT_GUEST, rows, case__public_id=public_id, meeting__public_id=meeting_id)
    form = GuestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            guest_actions.call_guest(link, actor=request.actor, user=form.cleaned_data["user"], reason=form.cleaned_data["reason"])
        except (CaseStateError, GuestRefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The guest is called in and gets a mail with a link."))
            return HttpResponseRedirect(tenant_url(request, "meeting_detail", meeting_id))
    period = {"opens": link.meeting.starts_at - guest_actions.BEFORE, "ends": link.meeting.ends_at + guest_actions.AFTER}
    context = {"case": link.case, "meeting": link.meeting, "form": form, **period}
    return TemplateResponse(request, "cases/guest_call.html", context, status=422 if form.is_bound else 200)


@require_POST
@opening.watched
@requires(Verb.GRANT_GUEST)
def guest_revoke(request: TenantRequest, public_id: str) -> HttpResponse:
    """End a guest's access now."""
    grant = fetch(request.actor, Verb.GRANT_GUEST, AdHocGrant.objects.select_related("meeting", "user"), public_id=public_id)
    guest_actions.revoke_guest(grant, actor=request.actor)
    messages.success(request, _("The guest no longer has access."))
    return HttpResponseRedirect(tenant_url(request, "meeting_detail", grant.meeting.public_id))


@require_safe
@opening.watched
@requires(Verb.VIEW_CASES)
def guest_ics(request: TenantRequest, meeting_id: str) -> HttpResponse:
    """A guest's own hours for his calendar, as his mail has them: for as long as his access lasts."""
    own = current_grants(request.actor.user_id).filter(meeting__in=request.actor.guest_of("meetings.Meeting"), meeting__public_id=meeting_id)
    grant = own.select_related("meeting__tenant", "meeting__forum", "user").order_by("pk").first()
    if grant is None:
        raise Http404("not called in to this meeting now")
    content = guest_actions.calendar_file(grant, grant.meeting).encode()
    return ics_response(request.actor, content, name=f"ssp {grant.meeting.starts_at:%Y-%m-%d}", row=grant.meeting)
