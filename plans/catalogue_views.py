"""The catalogue's pages: the picture with what stands on each step, and the form of an entry."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from municipalities.models import PreventionLevel
from municipalities.prevention import prevention_model
from municipalities.terms import Term, term
from plans import catalogue
from plans.forms import PlainText
from plans.models import CatalogueEntry


class EntryForm(forms.Form):
    """An indsats of the catalogue. Free of persons."""

    title = PlainText(label=gettext_lazy("Title"), max_length=120)
    levels = forms.ModelMultipleChoiceField(
        PreventionLevel.objects.none(),
        label=gettext_lazy("Steps"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The same may stand on several."),
    )
    description = PlainText(label=gettext_lazy("Description"), rows=6, required=False)
    grades = PlainText(label=gettext_lazy("Grades or ages"), max_length=80, required=False)
    material = PlainText(label=gettext_lazy("Where the material lies"), max_length=200, required=False)
    responsible = PlainText(label=gettext_lazy("Who knows more"), max_length=120, required=False, help_text=gettext_lazy("A role or a department rather than a name."))
    review_on = forms.DateField(
        label=gettext_lazy("To be looked through"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"],
    )

    def __init__(self, data: Any, *, tenant_id: int, entry: CatalogueEntry | None = None) -> None:
        initial = {name: getattr(entry, name) for name in catalogue.FIELDS} | {"levels": [level.pk for level in entry.levels.all()]} if entry else {}
        super().__init__(data, initial=initial)
        self.tenant_id, self.entry = tenant_id, entry
        field: Any = self.fields["levels"]
        field.queryset = PreventionLevel.objects.filter(tenant_id=tenant_id)

    def clean_title(self) -> str:
        """One entry with each title."""
        title: str = self.cleaned_data["title"]
        if CatalogueEntry.objects.filter(tenant_id=self.tenant_id, title__iexact=title).exclude(pk=self.entry.pk if self.entry else 0).exists():
            raise forms.ValidationError(_("The catalogue has an entry with this title already."))
        return title


@require_safe
@in_menu("catalogue")
@requires(Verb.VIEW_ORGANISATION)
def catalogue_list(request: TenantRequest) -> HttpResponse:
    """The prevention model, and what stands on each of its steps."""
    steps = catalogue.steps_of(request.tenant.id)
    levels = {step.level: step for step in steps if step.level}
    notes = {level.pk: f"{len(step.entries)} {term(request.tenant.terms, Term.INITIATIVE, '' if len(step.entries) == 1 else 'plural')}" for level, step in levels.items()}
    addresses = {level.pk: f"#trin-{step.number}" for level, step in levels.items()}
    model = prevention_model(catalogue.shape_of(request.tenant.id), levels, notes=notes, addresses=addresses)
    context = {"steps": steps, "model": model, "may_write": catalogue.may_write(request.actor), "is_empty": not any(step.entries for step in steps)}
    return TemplateResponse(request, "plans/catalogue_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("catalogue")
@requires(*catalogue.WRITERS)
def catalogue_new(request: TenantRequest) -> HttpResponse:
    """Put an indsats into the catalogue."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("catalogue")
@requires(*catalogue.WRITERS)
def catalogue_edit(request: TenantRequest, public_id: str) -> HttpResponse:
    """Change an indsats."""
    return _edit(request, _fetch(request, public_id))


def _fetch(request: TenantRequest, public_id: str) -> CatalogueEntry:
    return get_object_or_404(CatalogueEntry.objects.filter(tenant_id=request.actor.tenant_id).prefetch_related("levels"), public_id=public_id)


def _edit(request: TenantRequest, entry: CatalogueEntry | None) -> HttpResponse:
    form = EntryForm(request.POST if request.method == "POST" else None, tenant_id=request.tenant.id, entry=entry)
    if form.is_valid():
        values = {**form.cleaned_data, "levels": list(form.cleaned_data["levels"])}
        saved = catalogue.save_entry(entry, actor=request.actor, **values)
        messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
        return redirect(tenant_url(request, "catalogue_list"))
    return TemplateResponse(request, "plans/catalogue_edit.html", {"form": form, "entry": entry}, status=422 if form.is_bound else 200)


@require_POST
@in_menu("catalogue")
@requires(*catalogue.WRITERS)
def catalogue_remove(request: TenantRequest, public_id: str) -> HttpResponse:
    """Take an indsats out."""
    entry = _fetch(request, public_id)
    catalogue.remove_entry(entry, actor=request.actor)
    messages.success(request, _("“%(title)s” is taken out of the catalogue.") % {"title": entry.title})
    return redirect(tenant_url(request, "catalogue_list"))
