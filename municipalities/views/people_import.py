"""Import of people: upload a file, look at every row, confirm or throw away."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.exports import file_response
from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, is_cut_off, requires, tenant_url
from municipalities.models import PeopleImport
from municipalities.people_file import HEADINGS, MOST_BYTES, MOST_ROWS, FileRefusedError, read_people, too_large
from municipalities.people_forms import PeopleFileForm
from municipalities.people_import import ImportRefusedError, Row, confirm, discard, judge, keep_rows


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def people_import(request: TenantRequest) -> HttpResponse:
    """Choose a file; what is wrong with it as a whole is said at once, and nothing of it is kept."""
    form = PeopleFileForm(request.POST, request.FILES) if request.method == "POST" else PeopleFileForm()
    if is_cut_off(request):  # nothing of it was kept
        form.errors["file"] = form.error_class([too_large()])
    elif form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = read_people(upload.name, upload.read(MOST_BYTES + 1))
        except FileRefusedError as error:
            form.add_error("file", str(error))
        else:
            return redirect(tenant_url(request, "people_import_rows", keep_rows(rows, actor=request.actor).public_id))
    return _choose(request, form, 422 if form.is_bound else 200)


def _choose(request: TenantRequest, form: PeopleFileForm, status: int, said: str = "") -> HttpResponse:
    waiting = visible(request.actor, Verb.MANAGE_TENANT, PeopleImport.objects.defer("rows").select_related("uploaded_by").order_by("-uploaded_at"))
    headings = [names[0].capitalize() for names in HEADINGS.values()]
    context = {"form": form, "waiting": waiting, "headings": headings, "most": MOST_ROWS, "said": said}
    return TemplateResponse(request, "municipalities/people_import.html", context, status=status)


def _gone(request: TenantRequest) -> HttpResponse:
    """To whoever presses in a second window what is done already; a file that was never here gets the same words."""
    said = _("The file waits no more: it has been carried out or thrown away, or it is more than a day old. The page People shows who has a seat.")
    return _choose(request, PeopleFileForm(), 404, said)


@require_safe
@requires(Verb.MANAGE_TENANT)
def people_import_template(request: TenantRequest) -> HttpResponse:
    """An empty list with the headings and one invented person, as a spreadsheet program opens it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([names[0].capitalize() for names in HEADINGS.values()])
    writer.writerow(["Ane Opdigtet", "ane.opdigtet@kommune.example", "SSP Grundskole", "SSP-kontaktperson", "Hedeskolen"])
    return file_response(text.getvalue().encode("utf-8-sig"), "personer.csv", "text/csv; charset=utf-8")


def _kept(request: TenantRequest, public_id: str) -> PeopleImport:
    return fetch(request.actor, Verb.MANAGE_TENANT, PeopleImport.objects.select_related("uploaded_by"), public_id=public_id)


def _rows(request: TenantRequest, kept: PeopleImport) -> dict[str, Any]:
    rows = judge(kept, request.actor)
    wrong = [row for row in rows if row.errors]
    known = sum(row.is_known for row in rows)
    return {"kept": kept, "rows": rows, "wrong": wrong, "right": [row for row in rows if not row.errors], "known": known, **_counted(rows)}


def _counted(rows: list[Row]) -> dict[str, int]:
    """How many seats will be filled, and how many become employees without a seat."""
    todo = [row for row in rows if not row.errors and not row.is_known]
    readers = sum(row.is_reader for row in todo)
    return {"todo": len(todo) - readers, "readers": readers}


@require_safe
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def people_import_rows(request: TenantRequest, import_id: str) -> HttpResponse:
    """Every row and what it will do; those with errors first."""
    return TemplateResponse(request, "municipalities/people_import_rows.html", _rows(request, _kept(request, import_id)))


@require_POST
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def people_import_confirm(request: TenantRequest, import_id: str) -> HttpResponse:
    """Write all rows, or none and say why."""
    try:
        kept = _kept(request, import_id)
    except Http404:
        return _gone(request)
    try:
        done = confirm(kept, actor=request.actor)
    except ImportRefusedError as error:
        context = {**_rows(request, kept), "refused": str(error)}
        return TemplateResponse(request, "municipalities/people_import_rows.html", context, status=409)
    said = ngettext("%(n)s row of the file is carried out, and the person gets a mail.", "%(n)s rows of the file are carried out, and the people get a mail.", done) % {"n": done}
    messages.success(request, said)
    return redirect(tenant_url(request, "person_list"))


@require_POST
@in_menu("people")
@requires(Verb.MANAGE_TENANT)
def people_import_discard(request: TenantRequest, import_id: str) -> HttpResponse:
    """Throw the rows away."""
    try:
        kept = _kept(request, import_id)
    except Http404:
        return _gone(request)
    discard(kept, actor=request.actor)
    messages.success(request, _("The file is thrown away. Nothing was written."))
    return redirect(tenant_url(request, "people_import"))
