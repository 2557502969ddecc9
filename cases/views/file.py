"""Reading: the list of numbers, the purpose gate, the case, its number in clear, its document."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.exports import file_response
from access.models import LogEntry, Purpose
from access.policy import fetch, visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from cases import case_file, deletions, documents, opening
from cases.agreement_forms import AgreementForm
from cases.forms import InvolvementForm, PurposeForm
from cases.models import Case, CaseAgreement, PersonData

Action = LogEntry.Action
PAGE = 50
LISTS = {"": gettext_lazy("Open cases"), "afsluttede": gettext_lazy("Closed cases"), deletions.VIEW: gettext_lazy("To be deleted now")}


@require_safe
@in_menu("cases")
@requires(Verb.VIEW_CASES)
def case_list(request: TenantRequest) -> HttpResponse:
    """Numbers, levels and days of the cases in one's own forums: shells only, so nobody is named and no ticket is needed."""
    if not request.actor.holds(Verb.VIEW_CASES):
        raise Http404("a guest has one case, by its own address")
    today, asked = timezone.localdate(), request.GET.get("vis", "")
    view = asked if asked in LISTS else ""
    rows = _listed(visible(request.actor, Verb.VIEW_CASES, Case.objects.select_related("forum")), view, today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    url = tenant_url(request, "case_list")
    views = [{"url": f"{url}?vis={name}" if name else url, "label": label, "current": name == view} for name, label in LISTS.items()]
    late = sum(1 for case in page if case.follow_up_on and case.follow_up_on < today)
    context = {
        "page_obj": page, "views": views, "title": LISTS[view], "closed": view == "afsluttede", "due": view == deletions.VIEW, "late": late, "today": today,
        "to_delete": deletions.count_due(request), "due_url": f"{url}?vis={deletions.VIEW}", "may_write": request.actor.holds(Verb.WRITE_CASES),
        "query": f"&vis={view}" if view else "",
    }  # fmt: skip
    return TemplateResponse(request, "cases/case_list.html", context)


def _listed(rows: QuerySet[Case], view: str, today: date) -> QuerySet[Case]:
    if view == deletions.VIEW:
        return rows.filter(delete_on__lte=today).order_by("delete_on", "-number")
    if view == "afsluttede":
        return rows.filter(status=Case.Status.CLOSED).order_by("-closed_on", "-number")
    return rows.filter(status=Case.Status.OPEN).order_by(F("follow_up_on").asc(nulls_last=True), "-number")


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.VIEW_CASES)
def case_purpose(request: TenantRequest, public_id: str) -> HttpResponse:
    """The gate: why the case is opened. The answer is kept for this case until 20 idle minutes. Nothing is chosen beforehand: the log holds what somebody said."""
    case = fetch(request.actor, Verb.VIEW_CASES, Case.objects.select_related("forum"), public_id=public_id)
    coming = case_file.coming_item(case)
    mine = CaseAgreement.objects.of(request.user.pk).filter(case=case, status=CaseAgreement.Status.OPEN).count()
    form = PurposeForm(request.POST if request.method == "POST" else None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        opening.remember(request, public_id, Purpose(form.cleaned_data["purpose"]), form.cleaned_data["note"])
        return HttpResponseRedirect(_way_back(request, form.cleaned_data["next"], public_id))
    context = {"case": case, "form": form, "coming": coming, "mine": mine, "is_guest": not opening.is_member(request.actor, case)}
    return TemplateResponse(request, "cases/case_purpose.html", context, status=422 if form.is_bound else 200)


def _way_back(request: TenantRequest, wanted: str, public_id: str) -> str:
    """Where the reader came from, if that is a page of our own cases; else the case."""
    ours = tenant_url(request, "case_list")
    is_safe = wanted.startswith(ours) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_safe else tenant_url(request, "case_detail", public_id)


@require_POST
@requires(Verb.VIEW_CASES)
def case_leave(request: TenantRequest, public_id: str) -> HttpResponse:
    """Close the case on this screen: the next look asks for a purpose again."""
    fetch(request.actor, Verb.VIEW_CASES, Case.objects.all(), public_id=public_id)
    opening.forget(request, public_id)
    return HttpResponseRedirect(tenant_url(request, "case_list" if request.actor.holds(Verb.VIEW_CASES) else "week"))


@require_safe
@in_menu("cases")
@opening.watched
@requires(Verb.VIEW_CASES)
@opening.behind_gate(guests=True)
def case_detail(request: TenantRequest, case: Case) -> HttpResponse:
    """The case file for a member; for a guest who it is about and his own item."""
    if not opening.is_member(request.actor, case):
        return TemplateResponse(request, "cases/case_guest.html", zone(request, case, file=case_file.read_guest_file(case, request.actor)))
    return show_case(request, case)


def show_case(request: TenantRequest, case: Case, *, status: int = 200, **extra: Any) -> HttpResponse:
    """The case page; a form with errors is passed in `extra` and shown in its place."""
    page = case_file.read_case_page(case)
    context: dict[str, Any] = {
        **page,
        "may_write": opening.is_member(request.actor, case, Verb.WRITE_CASES), "may_invite": opening.is_member(request.actor, case, Verb.GRANT_GUEST),
        "agreement_form": AgreementForm(seats=page["holders"]), "involvement_form": InvolvementForm(initial={"on": timezone.localdate()}),
        "tick_url": tenant_url(request, "case_agreement_tick"), "today": timezone.localdate(),
    }  # fmt: skip
    return TemplateResponse(request, "cases/case_detail.html", zone(request, case, **{**context, **extra}), status=status)


def zone(request: TenantRequest, case: Case, **extra: Any) -> dict[str, Any]:
    """The context of a page inside the § 115 zone: the case, and what the bar on top says."""
    return {"case": case, "asked": opening.asked(request, case.public_id), **extra}


@require_POST
@opening.watched
@requires(Verb.VIEW_CASES)
@opening.behind_gate(action=Action.UNMASK)
def case_cpr(request: TenantRequest, case: Case) -> HttpResponse:
    """The CPR number in clear, once: a logged act of its own. Never in an address, and gone at the next page."""
    person = PersonData.objects.get(tenant_id=case.tenant_id, person_id=case.person_id)
    if not person.cpr:
        messages.info(request, _("No CPR number is kept in the case."))
    return show_case(request, case, cpr=person.cpr)


@require_safe
@opening.watched
@requires(Verb.VIEW_CASES)
@opening.behind_gate(action=Action.DOCUMENT)
def case_pdf(request: TenantRequest, case: Case) -> HttpResponse:
    """The document of one case, marked with who fetched it and when. For members, never for guests; logged by its ticket."""
    content = documents.case_pdf(request, case)
    return file_response(content, f"sag-{case.number}.pdf", "application/pdf")
