"""A case is put on a meeting's agenda, and taken off it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from cases import agenda_actions, opening
from cases.errors import CaseStateError
from cases.item_forms import AgendaCaseForm
from cases.models import CaseItem
from cases.parts import open_cases
from meetings.models import Meeting
from meetings.presenters import presenters_of


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
def case_on_agenda(request: TenantRequest, public_id: str) -> HttpResponse:
    """Put an open case of the forum on a meeting's agenda. What is refused comes back as it was written, with what to do."""
    meeting = fetch(request.actor, Verb.WRITE_CASES, Meeting.objects.select_related("forum"), public_id=public_id)
    form = AgendaCaseForm(request.POST if request.method == "POST" else None, cases=open_cases(meeting))
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            agenda_actions.put_on_agenda(values["case"], meeting, actor=request.actor, presenter=values["presenter"], minutes=values["minutes"])
        except CaseStateError as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(tenant_url(request, "meeting_detail", public_id))
    context = {"meeting": meeting, "form": form, "presenters": presenters_of(request, meeting.forum)}
    return TemplateResponse(request, "cases/case_on_agenda.html", context, status=422 if form.is_bound else 200)


@require_POST
@opening.watched
@requires(Verb.WRITE_CASES)
def case_off_agenda(request: TenantRequest, public_id: str) -> HttpResponse:
    """Take a case off the agenda again, before it is discussed."""
    link = fetch(request.actor, Verb.WRITE_CASES, CaseItem.objects.select_related("meeting", "item", "case"), item__public_id=public_id)
    try:
        agenda_actions.take_off_agenda(link, actor=request.actor)
    except CaseStateError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(tenant_url(request, "meeting_detail", link.meeting.public_id))
