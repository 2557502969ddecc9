"""Publishing minutes and withdrawing them, and the pages that anybody reads without a login."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from access.exports import file_response, named_file, render_pdf
from access.file_kinds import kind_of
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from meetings import public_minutes as published
from meetings.agenda import fetch_meeting
from meetings.views.refusals import answers_refusals

PDF_SECONDS = 24 * 3600


@require_POST
@in_menu("meetings")
@requires(Verb.WRITE_MINUTES)
@answers_refusals
def minutes_publish(request: TenantRequest, public_id: str) -> HttpResponse:
    """Publish the public items, or (`withdraw`) take them back."""
    meeting = fetch_meeting(request.actor, Verb.WRITE_MINUTES, public_id)
    if "withdraw" in request.POST:
        published.withdraw_minutes(meeting, actor=request.actor)
        messages.success(request, _("The minutes are withdrawn. Without a login nobody can read them any more."))
    else:
        published.publish_minutes(meeting, actor=request.actor)
        messages.success(request, _("The public items are published. Everybody can read them now."))
    return redirect(tenant_url(request, "meeting_approve", public_id))


@require_safe
def public_minutes_list(request: HttpRequest, public_slug: str) -> HttpResponse:
    """The published minutes of a tenant, for anyone."""
    tenant, found = published.read_public_list(public_slug)
    return _public("public/minutes_list.html", {"tenant": tenant, "minutes": found})


@require_safe
def public_minutes(request: HttpRequest, public_slug: str, minutes_id: str) -> HttpResponse:
    """One meeting's published minutes, for anyone."""
    tenant, found = published.read_public(public_slug, minutes_id)
    return _public("public/minutes.html", {"tenant": tenant, "minutes": found, "items": published.shown_items(found)})


@require_safe
def public_minutes_pdf(request: HttpRequest, public_slug: str, minutes_id: str) -> HttpResponse:
    """The same as a document, laid out once: publishing again makes another id, and what is withdrawn is not found."""
    tenant, found = published.read_public(public_slug, minutes_id)
    key = f"public-minutes-pdf-{found.public_id}"
    content = cache.get(key)
    if content is None:
        with translation.override(settings.LANGUAGE_CODE):
            content = render_pdf("pdf/public_minutes.html", {"tenant": tenant, "minutes": found, "items": published.shown_items(found)})
        cache.set(key, content, PDF_SECONDS)
    return file_response(content, named_file(f"referat {found.forum_name} {found.held_on:%Y-%m-%d}", "pdf"), "application/pdf")


@require_safe
def public_minutes_file(request: HttpRequest, public_slug: str, minutes_id: str, file_id: str) -> HttpResponse:
    """A file of published minutes, for anyone; handed out to be saved."""
    found, content = published.read_public_file(public_slug, minutes_id, file_id)
    return file_response(content, found.name, kind_of(found.kind).content_type, as_attachment=True)


def _public(template: str, context: dict[str, Any]) -> HttpResponse:
    """No cookie, and kept by nobody: what has been withdrawn is gone at once."""
    with translation.override(settings.LANGUAGE_CODE):
        answer = HttpResponse(render_to_string(template, context))
    answer.headers["Cache-Control"] = "no-store"
    return answer
