"""«Mails to you», what one wants of them, and for the administrator which mails have left the kommune."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access.mail_forms import MailChoices
from access.mail_log import own_lines, own_mails, tenant_lines
from access.models import MailChoice
from access.notices import ALWAYS
from access.request import TenantRequest
from access.roles import Verb
from access.web import open_to_members, requires, tenant_url

PER_PAGE = 30


@require_safe
@open_to_members
def mail_list(request: TenantRequest) -> HttpResponse:
    """The reader's own mails from this kommune."""
    page = Paginator(own_mails(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lines": own_lines(request.actor, page), "sees_all": request.actor.holds(Verb.MANAGE_TENANT), "address": request.user.email}
    return TemplateResponse(request, "access/mail_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_members
def mail_choices(request: TenantRequest) -> HttpResponse:
    """What the reader wants of each kind, and why some kinds always come."""
    rows = list(MailChoice.objects.filter(tenant_id=request.tenant.id, user_id=request.actor.user_id))
    form = MailChoices(request.POST if request.method == "POST" else None, rows=rows)
    if request.method == "POST" and form.is_valid():
        _keep(request, rows, form.cleaned_data)
        messages.success(request, _("Saved. It holds for mails from now on."))
        return redirect(tenant_url(request, "mail_choices"))
    always = [(notice.label, reason) for notice, reason in ALWAYS.items()]
    return TemplateResponse(request, "access/mail_choices.html", {"form": form, "always": always}, status=422 if form.errors else 200)


def _keep(request: TenantRequest, rows: list[MailChoice], wanted: dict[str, str]) -> None:
    """Write down what differs; rows that say the default as well, once somebody has chosen."""
    known = {row.notice: row for row in rows}
    for notice, way in wanted.items():
        row = known.get(notice) or MailChoice(tenant_id=request.tenant.id, user_id=request.actor.user_id, notice=notice)
        if row.way != way:
            row.way = way
            row.save()


@require_safe
@requires(Verb.MANAGE_TENANT)
def tenant_mails(request: TenantRequest) -> HttpResponse:
    """Every mail of the kommune: kind, recipient, time and state. No subject: it may name a forum that an administrator does not read."""
    undelivered = "mangler" in request.GET
    before = _moment(request.GET.get("foer", ""))
    lines = tenant_lines(request.tenant.id, undelivered=undelivered, before=before, limit=PER_PAGE + 1)
    here = tenant_url(request, "tenant_mails")
    kept = "mangler=1&" if undelivered else ""
    older = f"{here}?{kept}foer={lines[PER_PAGE - 1].made_at:%Y-%m-%dT%H:%M:%S.%fZ}" if len(lines) > PER_PAGE else ""
    choices = [
        {"url": here, "label": _("All"), "current": not undelivered},
        {"url": f"{here}?mangler=1", "label": _("Not delivered yet"), "current": undelivered},
    ]
    return TemplateResponse(request, "access/tenant_mails.html", {"lines": lines[:PER_PAGE], "older": older, "choices": choices})


def _moment(text: str) -> datetime | None:
    """A moment of an address; none when it is no moment."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and is_aware(found) else None
