"""The pages of the samarbejdsplan: read in the politikreds and its kommuner, written by the secretary, public without a login."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.actor import Actor
from access.exports import file_response, pdf_response, render_pdf
from access.request import TenantRequest
from access.roles import Verb
from access.web import door, in_menu, requires, tenant_url
from plans import cooperation
from plans.actions import PlanStateError
from plans.content import digest
from plans.cooperation_forms import DiscussedForm, SectionsForm, YearForm
from plans.models import CooperationPlan, CooperationVersion

PUBLIC_SECONDS = 300
PDF = "pdf/cooperation_plan.html"


@require_safe
@in_menu("cooperation")
@requires(Verb.VIEW_ORGANISATION)
def cooperation_list(request: TenantRequest) -> HttpResponse:
    """The published plans by year; in the politikreds also those being written, and a warning while this year's is missing."""
    return _list(request)


def _list(request: TenantRequest, *, form: YearForm | None = None, status: int = 200) -> HttpResponse:
    newest: dict[int, CooperationVersion] = {}
    for version in cooperation.published(request.actor):
        newest.setdefault(version.year, version)
    own = [] if request.tenant.is_kommune else list(CooperationPlan.objects.filter(tenant_id=request.actor.tenant_id))
    may_write = not request.tenant.is_kommune and request.actor.holds(Verb.EDIT_PLANS)
    years = cooperation.years_to_begin(request.actor) if may_write else []
    context = {
        "versions": list(newest.values()), "plans": own, "may_write": may_write, "form": form or (YearForm(None, years=years) if years else None),
        "is_overdue": cooperation.is_overdue(request.actor),
    }  # fmt: skip
    return TemplateResponse(request, "plans/cooperation_list.html", context, status=status)


@require_POST
@in_menu("cooperation")
@requires(Verb.EDIT_PLANS)
def cooperation_begin(request: TenantRequest) -> HttpResponse:
    """Begin the plan of a year."""
    cooperation.kredsraad_of(request.actor)
    form = YearForm(request.POST, years=cooperation.years_to_begin(request.actor))
    if not form.is_valid():
        return _list(request, form=form, status=422)
    plan = cooperation.begin_cooperation_plan(form.cleaned_data["year"], actor=request.actor)
    return redirect(tenant_url(request, "cooperation_edit", plan.year))


def _published(actor: Actor, year: int) -> list[CooperationVersion]:
    versions = list(cooperation.published(actor).filter(year=year))
    if not versions:
        raise Http404("nothing published")
    return versions


@require_safe
@in_menu("cooperation")
@requires(Verb.VIEW_ORGANISATION)
@door(_published)
def cooperation_detail(request: TenantRequest, year: int) -> HttpResponse:
    """What is published for a year, the newest version unless another one is asked for."""
    versions = _published(request.actor, year)
    chosen = next((version for version in versions if str(version.number) == request.GET.get("version")), versions[0])
    return TemplateResponse(request, "plans/cooperation_detail.html", {"version": chosen, "versions": versions, **_shown(chosen)})


def _shown(version: CooperationVersion) -> dict[str, Any]:
    return {"version": version, "is_intact": digest(version.content) == version.content_hash}


@require_safe
@requires(Verb.VIEW_ORGANISATION)
def cooperation_pdf(request: TenantRequest, year: int) -> HttpResponse:
    """The published plan as a document."""
    version = cooperation.published(request.actor).filter(year=year).first()
    if version is None:
        raise Http404("nothing published")
    return pdf_response(request, PDF, _shown(version), name=f"samarbejdsplan {year}", row=version)


def _own(request: TenantRequest, year: int) -> CooperationPlan:
    forum = cooperation.kredsraad_of(request.actor)
    return get_object_or_404(CooperationPlan.objects.select_related("forum", "tenant", "meeting"), tenant_id=request.actor.tenant_id, forum=forum, year=year)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cooperation")
@requires(Verb.EDIT_PLANS)
def cooperation_edit(request: TenantRequest, year: int) -> HttpResponse:
    """The secretary's desk: the text, and the steps to publication."""
    plan = _own(request, year)
    form = SectionsForm(request.POST if request.method == "POST" else None, plan=plan)
    if not form.is_valid():
        return _desk(request, plan, form, status=422 if form.is_bound else 200)
    try:
        cooperation.write_cooperation_plan(plan, form.sections(), actor=request.actor, seen=form.cleaned_data["seen"])
    except PlanStateError as error:
        form.add_error(None, str(error))
        return _desk(request, plan, form, status=409)
    messages.success(request, _("The text is saved."))
    return redirect(tenant_url(request, "cooperation_edit", year))


def _desk(request: TenantRequest, plan: CooperationPlan, form: SectionsForm | None = None, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {
        "plan": plan, "form": form or SectionsForm(None, plan=plan), "discussed": DiscussedForm(None, plan=plan), "refused": refused,
        "has_published": cooperation.published(request.actor).filter(year=plan.year).exists(),
    }  # fmt: skip
    return TemplateResponse(request, "plans/cooperation_edit.html", context, status=status)


@require_POST
@in_menu("cooperation")
@requires(Verb.EDIT_PLANS)
def cooperation_step(request: TenantRequest, year: int) -> HttpResponse:
    """One step: discussed at a meeting, published, or a new version begun."""
    plan = _own(request, year)
    try:
        said = _take_step(request, plan, request.POST.get("step", ""))
    except PlanStateError as error:
        return _desk(request, _own(request, year), refused=str(error), status=409)
    if not said:
        return _desk(request, plan, refused=str(cooperation.NOT_DISCUSSED_THERE), status=422)
    messages.success(request, said)
    return redirect(tenant_url(request, "cooperation_detail" if request.POST["step"] == "publish" else "cooperation_edit", year))


def _take_step(request: TenantRequest, plan: CooperationPlan, step: str) -> str:
    if step == "publish":
        cooperation.publish_cooperation_plan(plan, actor=request.actor)
        return _("The samarbejdsplan is published. Everybody can read it now.")
    if step == "reopen":
        cooperation.reopen_cooperation_plan(plan, actor=request.actor)
        return _("A new version is begun. The published one stays until the new one is published.")
    form = DiscussedForm(request.POST, plan=plan)
    if step != "discussed" or not form.is_valid():
        return ""
    cooperation.note_discussed(plan, form.cleaned_data["meeting"], actor=request.actor)
    return _("It is written down that the Kredsråd has discussed the plan.")


@require_safe
def public_cooperation(request: HttpRequest, public_slug: str, year: int) -> HttpResponse:
    """The published plan, for anyone: no login, no cookie, kept by caches for some minutes."""
    version = cooperation.public_version(public_slug, year)
    with translation.override(settings.LANGUAGE_CODE):
        page = render_to_string("public/cooperation_plan.html", {**_shown(version), "tenant": version.tenant})
    return _public(HttpResponse(page))


@require_safe
def public_cooperation_pdf(request: HttpRequest, public_slug: str, year: int) -> HttpResponse:
    """The same as a document, laid out once for each version."""
    version = cooperation.public_version(public_slug, year)
    key = f"cooperation-pdf-{version.pk}-{version.content_hash}"
    content = cache.get(key)
    if content is None:
        with translation.override(settings.LANGUAGE_CODE):
            content = render_pdf(PDF, {**_shown(version), "tenant": version.tenant})
        cache.set(key, content, 24 * 3600)
    return _public(file_response(content, f"samarbejdsplan-{version.tenant.slug}-{year}.pdf", "application/pdf"))


def _public(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return response
