"""The calendar address: the page on which one makes and closes it, and the feed itself, which no login stands before."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from access.exports import feed_response
from access.request import TenantRequest
from access.web import open_to_members, tenant_url
from access.wrong_tries import too_many
from meetings import feed
from meetings.errors import MeetingStateError

MOST_WRONG = 20  # in a minute from one place


@require_safe
@open_to_members
def calendar_page(request: TenantRequest) -> HttpResponse:
    """What the address is, whether there is one, when it was last fetched."""
    return TemplateResponse(request, "meetings/calendar.html", {"feed": feed.my_feed(request.actor)})


@require_POST
@open_to_members
def calendar_open(request: TenantRequest) -> HttpResponse:
    """A new address; the answer is the only page that ever shows it."""
    try:
        token = feed.open_feed(request.actor)
    except MeetingStateError as error:
        messages.error(request, str(error))
        return redirect(tenant_url(request, "calendar_page"))
    address = settings.SSP_BASE_URL + reverse("feed_calendar", args=[token])
    return TemplateResponse(request, "meetings/calendar_address.html", {"address": address})


@require_POST
@open_to_members
def calendar_close(request: TenantRequest) -> HttpResponse:
    """The address ends at once."""
    feed.close_feed(request.actor)
    messages.success(request, _("The address is closed. Calendars that fetched it get nothing more."))
    return redirect(tenant_url(request, "calendar_page"))


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The meetings of the owner of the address, as iCalendar. No session is looked at. Wrong and closed look the same: 404."""
    owner = feed.owner_of(token)
    if owner is None:
        status = 429 if too_many(request, "calendar", most=MOST_WRONG) else 404
        return HttpResponse(_("There is no calendar at this address."), status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
    found = feed.read_feed(owner)
    response = feed_response(found.content)
    response.headers["ETag"] = f'W/"{found.digest}"'
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
    feed.note_fetch(found, is_given=answer is response and request.method == "GET")
    answer.headers["Cache-Control"] = response.headers["Cache-Control"]
    return answer
