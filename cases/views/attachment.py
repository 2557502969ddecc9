"""Files under the discussion of a case: lay one up, take it away, fetch it. All behind the gate of the case."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.exports import file_response
from access.file_kinds import FileRefusedError, kind_of
from access.gate import open_ticket
from access.models import LogEntry, Purpose
from access.request import TenantRequest
from access.roles import Verb
from access.vault import file_store
from access.web import in_menu, is_cut_off, requires, tenant_url
from cases import attachment_actions, opening
from cases.errors import CaseStateError
from cases.models import Case, CaseAttachment, CaseItem
from cases.views.file import zone
from cases.views.meeting import fetch_link
from meetings.attachment_actions import too_large
from meetings.forms import AttachmentForm


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("cases")
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_attachments(request: TenantRequest, case: Case, meeting_id: str) -> HttpResponse:
    """The files of one case at one meeting, and the form that adds one."""
    link = fetch_link(request.actor, case, meeting_id)
    form = AttachmentForm(request.POST, request.FILES) if request.method == "POST" else AttachmentForm()
    form.fields["file"].help_text = _("%(kinds)s, at most %(most)s. Everybody who may open the case can fetch it.") % form.limits
    if is_cut_off(request):  # nothing of it was kept
        form.errors["file"] = form.error_class([too_large()])
    elif form.is_bound and form.is_valid() and (added := _add(request, link, form)):
        messages.success(request, _("The file stands under the case."))
        if added.unfit:
            messages.warning(request, added.said_unfit)
        return HttpResponseRedirect(tenant_url(request, "case_attachments", case.public_id, meeting_id))
    return TemplateResponse(request, "cases/case_attachments.html", _page(request, case, link, form), status=422 if form.is_bound else 200)


def _add(request: TenantRequest, link: CaseItem, form: AttachmentForm) -> CaseAttachment | None:
    upload = form.cleaned_data["file"]
    try:
        return attachment_actions.add_case_attachment(link, actor=request.actor, name=upload.name, content=upload.read())
    except (FileRefusedError, CaseStateError) as error:
        form.add_error("file", str(error))
        return None


def _page(request: TenantRequest, case: Case, link: CaseItem, form: AttachmentForm) -> dict[str, Any]:
    files = CaseAttachment.objects.filter(tenant_id=case.tenant_id, case=case, item_id=link.item_id).select_related("uploaded_by")
    is_open = attachment_actions.takes_files(link.meeting)
    return zone(request, case, link=link, meeting=link.meeting, form=form, files=files, is_open=is_open, reader_id=request.actor.user_id)


@require_POST
@opening.watched
@requires(Verb.WRITE_CASES)
@opening.behind_gate(verb=Verb.WRITE_CASES)
def case_attachment_remove(request: TenantRequest, case: Case, case_attachment_id: str) -> HttpResponse:
    """Take a file away again."""
    attachment = _attachment(case, case_attachment_id)
    try:
        attachment_actions.remove_case_attachment(attachment, actor=request.actor)
    except CaseStateError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file is removed."))
    return HttpResponseRedirect(tenant_url(request, "case_attachments", case.public_id, attachment.meeting.public_id))


@require_safe
@opening.watched
@requires(Verb.VIEW_CASES)
@opening.behind_gate(guests=True)
def case_attachment(request: TenantRequest, case: Case, case_attachment_id: str) -> HttpResponse:
    """The file, to be saved. That it was fetched is an entry of its own in the log of the case; a guest has that of his own item."""
    attachment = _attachment(case, case_attachment_id)
    answer = opening.asked(request, case.public_id)
    content = file_store().get(attachment.file_key)
    open_ticket(
        request.actor, Case, [case.person_id], purpose=answer.purpose if answer else Purpose.DOCUMENT, action=LogEntry.Action.EXPORT, row=case, note=str(attachment),
        route="case_attachment",
    )  # fmt: skip
    return file_response(content, attachment.name, kind_of(attachment.kind).content_type, as_attachment=True)


def _attachment(case: Case, public_id: str) -> CaseAttachment:
    """Row security has the last word: the case behind its ticket, and of its items those the reader has."""
    found = CaseAttachment.objects.filter(tenant_id=case.tenant_id, case=case, public_id=public_id).select_related("meeting", "case__forum").first()
    if found is None:
        raise Http404("no such file for this actor")
    return found
