"""Writing in a case: a new one, its texts and dates, involvement, aftaler, closing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.models import Purpose
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from cases import actions, case_file, deletion_actions, guest_actions, opening
from cases.errors import CaseStateError, StaleCaseError
from cases.forms import ChangeCaseForm, CloseForm, DeletionForm, FreeTextForm, InvolvementForm, NewCaseForm
from cases.models import Case, CaseText, PersonData
from cases.views.file import show_case, zone
from municipalities.models import Forum, Organisation, Seat


def _is_police(request: TenantRequest, forums: Any) -> bool:
    """True for who sits there for the police: another paragraph is then the usual basis."""
    return Seat.objects.current().filter(user=request.user.pk, forum__in=forums, organisation__kind=Organisation.Kind.POLICE).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@requires(Verb.WRITE_CASES)
def case_new(request: TenantRequest) -> HttpResponse:
    """Open a case: who, why information is shared, why it is necessary. Who opens it has given his purpose by that."""
    forums = Forum.objects.filter(tenant_id=request.actor.tenant_id or 0, pk__in=request.actor.forums_with(Verb.WRITE_CASES)).order_by("name")
    form = NewCaseForm(request.POST if request.method == "POST" else None, forums=forums, is_police=_is_police(request, forums))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        case = actions.create_case(values["forum"], actor=request.actor, values=values)
        opening.remember(request, case.public_id, Purpose.REGISTRATION)
        messages.success(request, _("Case %(number)s is opened.") % {"number": case.number})
        warn(request, form, doubtful=form.number_is_doubtful)
        return HttpResponseRedirect(tenant_url(request, "case_detail", case.public_id))
    return TemplateResponse(request, "cases/case_new.html", {"form": form, "one_forum": len(forums) == 1}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_edit(request: TenantRequest, case: Case) -> HttpResponse:
    """Person, texts, level and dates in one form. Two at once: the second sees both texts and chooses."""
    if not case.is_open:
        return refused(request, case, _("The case is closed. Nothing more can be written in it."))
    person, text = PersonData.objects.get(person_id=case.person_id), CaseText.objects.get(case=case)
    if request.method != "POST":
        initial = {**actions.case_values(case, person, text), "version": actions.fingerprint(case, person, text)}
        return _edit_page(request, case, ChangeCaseForm(initial=initial, has_cpr=bool(person.cpr_sealed), delete_on=case.delete_on))
    form = ChangeCaseForm(request.POST, has_cpr=bool(person.cpr_sealed), delete_on=case.delete_on)
    if not form.is_valid():
        return _edit_page(request, case, form, status=422)
    try:
        actions.change_case(case, actor=request.actor, values=form.cleaned_data, version=form.cleaned_data["version"])
    except StaleCaseError as stale:
        return _both_texts(request, case, form, stale)
    messages.success(request, _("The case is saved."))
    warn(request, form, doubtful=form.number_is_doubtful)
    return HttpResponseRedirect(tenant_url(request, "case_detail", case.public_id))


def _edit_page(request: TenantRequest, case: Case, form: ChangeCaseForm, *, status: int = 200, **extra: Any) -> HttpResponse:
    return TemplateResponse(request, "cases/case_edit.html", zone(request, case, form=form, **extra), status=status)


def _both_texts(request: TenantRequest, case: Case, form: ChangeCaseForm, stale: StaleCaseError) -> HttpResponse:
    """The form with what this writer typed, ready to be saved over, and beside it what the other one saved."""
    data = request.POST.copy()
    data["version"] = stale.version
    again = ChangeCaseForm(data, has_cpr="no_cpr" in form.fields, delete_on=case.delete_on)
    theirs = [(form.fields[name].label, value) for name, value in stale.theirs.items() if value != form.cleaned_data[name]]
    return _edit_page(request, case, again, status=409, theirs=theirs, stale=True)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_close(request: TenantRequest, case: Case) -> HttpResponse:
    """Close the case and set the day it is deleted."""
    file = case_file.read_case_file(case)
    seen = ",".join(agreement.public_id for agreement in file.open_agreements)
    form = CloseForm(request.POST if request.method == "POST" else None, case=case, initial={"delete_on": case.may_be_kept_until, "seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_case(case, actor=request.actor, **form.cleaned_data)
        except CaseStateError as refusal:
            form.add_error(None, str(refusal))
            form.data = {**form.data.dict(), "seen": seen}  # type: ignore[attr-defined]  # a QueryDict: what is listed now is what he agrees to
        else:
            guest_actions.revoke_for_case(case, request.actor)
            opening.forget(request, case.public_id)
            messages.success(request, _("Case %(number)s is closed.") % {"number": case.number})
            return HttpResponseRedirect(tenant_url(request, "case_list"))
    return TemplateResponse(request, "cases/case_close.html", zone(request, case, form=form, file=file), status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_deletion(request: TenantRequest, case: Case) -> HttpResponse:
    """Another day of deletion, of an open case or a closed one: a later one with a reason, and what was given before."""
    form = DeletionForm(request.POST if request.method == "POST" else None, case=case, initial={"delete_on": case.delete_on})
    if request.method == "POST" and form.is_valid():
        try:
            deletion_actions.move_deletion(case, actor=request.actor, **form.cleaned_data)
        except CaseStateError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The day of deletion is changed."))
            return HttpResponseRedirect(tenant_url(request, "case_detail", case.public_id) + "#opbevaring")
    context = zone(request, case, form=form, extensions=case_file.extensions_of(case), today=timezone.localdate())
    return TemplateResponse(request, "cases/case_deletion.html", context, status=422 if form.is_bound else 200)


@require_POST
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_involvement(request: TenantRequest, case: Case) -> HttpResponse:
    """Write down that parents or the young person were asked."""
    form = InvolvementForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, status=422, involvement_form=form)
    try:
        actions.note_involvement(case, actor=request.actor, **form.cleaned_data)
    except CaseStateError as refusal:
        return refused(request, case, str(refusal))
    messages.success(request, _("The involvement is noted."))
    warn(request, form)
    return HttpResponseRedirect(tenant_url(request, "case_detail", case.public_id) + "#inddragelse")


def refused(request: TenantRequest, case: Case, sentence: str) -> HttpResponse:
    """What was asked for does not fit the state of the case: the page again, with the sentence on top."""
    messages.error(request, sentence)
    return show_case(request, case, status=409)


def warn(request: TenantRequest, form: FreeTextForm, *, doubtful: bool = False) -> None:
    """Say what is odd about what was saved: a CPR number in a text, or one whose date is none."""
    if form.holds_number:
        messages.warning(request, _("Something in the text looks like a CPR number. Take it out: the number has a field of its own, which is encrypted."))
    if doubtful:
        messages.warning(request, _("The date in the CPR number is not a date. The number is kept as it is; check it."))
