"""Files under an item: lay one up, take it away, fetch it. Who does not have the item finds nothing here."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.exports import download_response
from access.file_kinds import FileRefusedError, kind_of
from access.policy import fetch, require
from access.request import TenantRequest
from access.roles import Verb
from access.vault import file_store
from access.web import in_menu, is_cut_off, requires, tenant_url
from meetings import attachment_actions
from meetings.agenda import fetch_meeting, general_items
from meetings.attachments import readable_attachments
from meetings.forms import AttachmentForm
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.views.refusals import answers_refusals


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE, Verb.WRITE_MINUTES)
@answers_refusals
def item_attachments(request: TenantRequest, public_id: str, item_id: str) -> HttpResponse:
    """The files of one item, and the form that adds one."""
    meeting, item = _item(request, public_id, item_id)
    form = AttachmentForm(request.POST, request.FILES) if request.method == "POST" else AttachmentForm()
    if is_cut_off(request):  # nothing of it was kept
        form.errors["file"] = form.error_class([attachment_actions.too_large()])
    elif form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            added = attachment_actions.add_attachment(item, actor=request.actor, name=upload.name, content=upload.read())
        except FileRefusedError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The file stands under the item."))
            if added.unfit:
                messages.warning(request, added.said_unfit)
            return redirect(tenant_url(request, "item_attachments", public_id, item_id))
    return TemplateResponse(request, "meetings/item_attachments.html", _page(request, meeting, item, form), status=422 if form.is_bound else 200)


def _page(request: TenantRequest, meeting: Meeting, item: AgendaItem, form: AttachmentForm) -> dict[str, Any]:
    files = Attachment.objects.filter(item=item).select_related("uploaded_by")
    return {"meeting": meeting, "item": item, "form": form, "files": files, "is_open": meeting.is_open and not item.is_withdrawn, "reader_id": request.actor.user_id}


@require_POST
@requires(Verb.CONVENE, Verb.WRITE_MINUTES)
@answers_refusals
def attachment_remove(request: TenantRequest, public_id: str, attachment_id: str) -> HttpResponse:
    """Take a file away again."""
    meeting = _meeting(request, public_id)
    attachment = fetch(request.actor, Verb.VIEW_AGENDA, readable_attachments(meeting).select_related("item"), public_id=attachment_id)
    attachment_actions.remove_attachment(attachment, actor=request.actor)
    messages.success(request, _("The file is removed."))
    return redirect(tenant_url(request, "item_attachments", public_id, attachment.item.public_id))


@require_safe
@requires(Verb.VIEW_AGENDA)
def attachment_file(request: TenantRequest, public_id: str, attachment_id: str) -> HttpResponse:
    """The file: checked, logged, handed out to be saved."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    attachment = fetch(request.actor, Verb.VIEW_AGENDA, readable_attachments(meeting), public_id=attachment_id)
    content = file_store().get(attachment.file_key)
    return download_response(
        request.actor, content, file_name=attachment.name, content_type=kind_of(attachment.kind).content_type, row=attachment, as_attachment=True, note=str(attachment)
    )


def _meeting(request: TenantRequest, public_id: str) -> Meeting:
    """The meeting as who plans or minutes it gets it; one who only reads it gets a sentence (403), anybody else 404."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    if not attachment_actions.may_attach(request.actor, meeting):
        require(request.actor, Verb.WRITE_MINUTES, meeting)
    return meeting


def _item(request: TenantRequest, public_id: str, item_id: str) -> tuple[Meeting, AgendaItem]:
    meeting = _meeting(request, public_id)
    return meeting, fetch(request.actor, Verb.VIEW_AGENDA, general_items(meeting), public_id=item_id)
