"""«Delt med politikredsen» in a kommune, and the overview of its kommuner in a politikreds."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities import sharing
from municipalities.models import Release


def _kommune_only(request: TenantRequest) -> None:
    if not request.tenant.is_in_a_kreds:
        raise Http404("shares with no politikreds")


def _kreds_only(request: TenantRequest) -> None:
    if request.tenant.is_kommune:
        raise Http404("no politikreds")


@require_safe
@in_menu("sharing")
@requires(Verb.VIEW_ORGANISATION)
def sharing_list(request: TenantRequest) -> HttpResponse:
    """What the politikreds sees of this kommune, and what this reader may let it see."""
    _kommune_only(request)
    return _list(request)


def _list(request: TenantRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    found = [(release, release.is_live and sharing.may_withdraw(request.actor, release)) for release in sharing.own_releases(request.actor)]
    context = {
        "live": [pair for pair in found if pair[0].is_live], "gone": [release for release, _may in found if not release.is_live],
        "offers": sharing.offers(request.actor), "refused": refused,
    }  # fmt: skip
    return TemplateResponse(request, "municipalities/sharing_list.html", context, status=status)


@require_safe
@in_menu("sharing")
@requires(Verb.VIEW_ORGANISATION)
def sharing_detail(request: TenantRequest, public_id: str) -> HttpResponse:
    """One share, exactly as the politikreds sees it."""
    _kommune_only(request)
    release = get_object_or_404(Release.objects.filter(tenant_id=request.actor.tenant_id).select_related("tenant"), public_id=public_id)
    return TemplateResponse(request, "municipalities/release_detail.html", _detail(release, is_kreds=False))


def _detail(release: Release, *, is_kreds: bool) -> dict[str, Any]:
    return {"release": release, "is_kreds": is_kreds, "dates": sharing.shared_dates(release.payload["summary"])}


@require_POST
@in_menu("sharing")
@requires(Verb.VIEW_ORGANISATION)
def sharing_share(request: TenantRequest) -> HttpResponse:
    """Let the politikreds see a plan, the dates of a year, or the figures of a half-year."""
    _kommune_only(request)
    try:
        release = sharing.share(request.POST.get("kind", ""), request.POST.get("key", ""), actor=request.actor)
    except sharing.CannotShareError as error:
        return _list(request, refused=str(error), status=409)
    messages.success(request, _("“%(title)s” is shared with the politikreds.") % {"title": release.title})
    return redirect(tenant_url(request, "sharing_list"))


@require_POST
@in_menu("sharing")
@requires(Verb.VIEW_ORGANISATION)
def sharing_withdraw(request: TenantRequest, public_id: str) -> HttpResponse:
    """Take a share back."""
    _kommune_only(request)
    release = get_object_or_404(Release.objects.filter(tenant_id=request.actor.tenant_id), public_id=public_id)
    try:
        sharing.withdraw(release, actor=request.actor)
    except sharing.CannotShareError as error:
        return _list(request, refused=str(error), status=409)
    messages.success(request, _("“%(title)s” is taken back. The politikreds no longer sees it.") % {"title": release.title})
    return redirect(tenant_url(request, "sharing_list"))


@require_safe
@in_menu("kreds")
@requires(Verb.VIEW_ORGANISATION)
def kreds_overview(request: TenantRequest) -> HttpResponse:
    """The kommuner of the politikreds side by side: what each has shared."""
    _kreds_only(request)
    rows = sharing.kommuner_of(request.actor)
    silent = sum(not (row.plans or row.dates or row.figures) for row in rows)
    return TemplateResponse(request, "municipalities/kreds_overview.html", {"rows": rows, "silent": silent})


@require_safe
@in_menu("kreds")
@requires(Verb.VIEW_ORGANISATION)
def kreds_release(request: TenantRequest, public_id: str) -> HttpResponse:
    """One thing that a kommune has shared."""
    _kreds_only(request)
    release = get_object_or_404(sharing.releases_of_kreds(request.actor), public_id=public_id)
    return TemplateResponse(request, "municipalities/release_detail.html", _detail(release, is_kreds=True))
