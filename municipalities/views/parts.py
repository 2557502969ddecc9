"""Levels, areas, organisations, bands of the prevention model and trin: list and add, change, move, remove. One set of views for all."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.errors import SetupError, StaleError
from municipalities.models import Tenant, Trin
from municipalities.nouns import Noun
from municipalities.prevention import tenant_prevention
from municipalities.structure_actions import move_part, remove_part, save_part, set_placed_by, set_prevention_shape, set_trin_forums
from municipalities.structure_forms import PartForm, PlacedByForm, ShapeForm
from municipalities.versions import fingerprint

type View = Callable[..., HttpResponse]


def _page(request: TenantRequest, noun: Noun, form: PartForm, *, status: int = 200, refused: str = "", beside: forms.Form | None = None) -> TemplateResponse:
    rows = noun.rows(visible(request.actor, Verb.MANAGE_TENANT, noun.model.objects.all()))
    lines = [
        {"row": row, "cells": list(zip(noun.headings, noun.cells(row), strict=True)), "edit": tenant_url(request, f"{noun.key}_edit", row.public_id),
         "remove": tenant_url(request, f"{noun.key}_remove", row.public_id), "move": tenant_url(request, f"{noun.key}_move", row.public_id) if noun.is_ordered else ""}
        for row in rows
    ]  # fmt: skip
    context = {"noun": noun, "lines": lines, "form": form, "refused": refused, "list_url": tenant_url(request, f"{noun.key}_list")}
    if noun.key == "band":
        drawing = tenant_prevention(request.tenant.id)
        current = Tenant.objects.get(pk=request.tenant.id).prevention_shape
        context |= {"drawing": drawing, "shape": beside or ShapeForm(initial={"shape": current}, auto_id="form-%s")}
    if noun.key == "trin":
        words = Tenant.objects.get(pk=request.tenant.id).trin_placed_by
        context["placing"] = beside or PlacedByForm(initial={"placed_by": words}, auto_id="placerer-%s")
    return TemplateResponse(request, "municipalities/setup_list.html", context, status=status)


def _new(request: TenantRequest, noun: Noun, data: Any = None) -> PartForm:
    return noun.form(data, instance=noun.model(tenant_id=request.tenant.id))


def _save(request: TenantRequest, form: PartForm) -> None:
    save_part(form.instance, actor=request.actor, seen=form.version)
    if isinstance(form.instance, Trin):
        set_trin_forums(form.instance, list(form.cleaned_data["handled_by"]), actor=request.actor)


def listing(noun: Noun) -> View:
    """The view of a list, with a form for one more."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @in_menu("setup")
    @requires(Verb.MANAGE_TENANT)
    def view(request: TenantRequest) -> HttpResponse:
        form = _new(request, noun, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                _save(request, form)
            except SetupError as error:
                form.add_error(None, str(error))
                return _page(request, noun, form, status=409)
            messages.success(request, _("“%(name)s” is added.") % {"name": form.instance})
            return redirect(tenant_url(request, f"{noun.key}_list"))
        return _page(request, noun, form, status=422 if form.is_bound else 200)

    return view


def editing(noun: Noun) -> View:
    """The view that changes one row."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @in_menu("setup")
    @requires(Verb.MANAGE_TENANT)
    def view(request: TenantRequest, /, **key: str) -> HttpResponse:
        row = _row(request, noun, key)
        name = str(row)
        form = noun.form(request.POST if request.method == "POST" else None, instance=row)
        status = 422 if form.is_bound else 200
        if form.is_bound and form.is_valid():
            try:
                _save(request, form)
            except SetupError as error:
                status = 409
                form.add_error(None, str(error))
                if isinstance(error, StaleError):
                    form.stand_on(fingerprint(_row(request, noun, key)))
            else:
                messages.success(request, _("“%(name)s” is saved.") % {"name": form.instance})
                return redirect(tenant_url(request, f"{noun.key}_list"))
        context = {"noun": noun, "form": form, "name": name, "list_url": tenant_url(request, f"{noun.key}_list")}
        return TemplateResponse(request, "municipalities/setup_part.html", context, status=status)

    return view


def moving(noun: Noun) -> View:
    """The view that moves one row up or down."""

    @require_POST
    @in_menu("setup")
    @requires(Verb.MANAGE_TENANT)
    def view(request: TenantRequest, /, **key: str) -> HttpResponse:
        row = _row(request, noun, key)
        move_part(row, actor=request.actor, up=(request.POST.get("retning") == "op") != noun.is_from_top)
        messages.success(request, _("“%(name)s” is moved.") % {"name": row})
        return redirect(tenant_url(request, f"{noun.key}_list"))

    return view


def removing(noun: Noun) -> View:
    """The view that takes an unused row away."""

    @require_POST
    @in_menu("setup")
    @requires(Verb.MANAGE_TENANT)
    def view(request: TenantRequest, /, **key: str) -> HttpResponse:
        row = _row(request, noun, key)
        try:
            remove_part(row, actor=request.actor)
        except SetupError as error:
            return _page(request, noun, _new(request, noun), status=409, refused=str(error))
        messages.success(request, _("“%(name)s” is removed.") % {"name": row})
        return redirect(tenant_url(request, f"{noun.key}_list"))

    return view


def _row(request: TenantRequest, noun: Noun, key: dict[str, str]) -> Any:
    (public_id,) = key.values()
    return fetch(request.actor, Verb.MANAGE_TENANT, noun.model.objects.all(), public_id=public_id)


@require_POST
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def prevention_shape(request: TenantRequest) -> HttpResponse:
    """Draw the prevention model as a triangle, as levels or as a staircase."""
    from municipalities.nouns import NOUNS

    form = ShapeForm(request.POST, auto_id="form-%s")
    if not form.is_valid():
        noun = next(noun for noun in NOUNS if noun.key == "band")
        return _page(request, noun, _new(request, noun), status=422, beside=form)
    set_prevention_shape(Tenant.objects.get(pk=request.tenant.id), form.cleaned_data["shape"], actor=request.actor)
    messages.success(request, _("The shape is saved."))
    return redirect(tenant_url(request, "band_list"))


@require_POST
@in_menu("setup")
@requires(Verb.MANAGE_TENANT)
def trin_placed_by(request: TenantRequest) -> HttpResponse:
    """Say who places a concern on the trin scale."""
    from municipalities.nouns import NOUNS

    form = PlacedByForm(request.POST, auto_id="placerer-%s")
    if not form.is_valid():
        noun = next(noun for noun in NOUNS if noun.key == "trin")
        return _page(request, noun, _new(request, noun), status=422, beside=form)
    set_placed_by(Tenant.objects.get(pk=request.tenant.id), form.cleaned_data["placed_by"], actor=request.actor)
    messages.success(request, _("It is saved. Every member sees it beside the scale."))
    return redirect(tenant_url(request, "trin_list"))
