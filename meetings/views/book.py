"""The meeting book of the reader himself: order it, see how far it is, fetch it. Nobody finds another's."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from access.exports import download_response
from access.models import LogEntry
from access.request import TenantRequest
from access.roles import Verb
from access.vault import file_store
from access.web import in_menu, render_page_or_part, requires, tenant_url
from meetings import book_actions
from meetings.agenda import fetch_meeting
from meetings.attachments import readable_attachments
from meetings.book_documents import as_document, file_name
from meetings.books import REASONS, is_stale
from meetings.errors import MeetingStateError
from meetings.models import Meeting, MeetingBook
from meetings.parts import closed_files, closed_parts
from meetings.views.refusals import answers_refusals


def _book(request: TenantRequest, meeting: Meeting) -> MeetingBook | None:
    found: MeetingBook | None = MeetingBook.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, ordered_by_id=request.actor.user_id).first()
    return found


@require_safe
@in_menu("meetings")
@requires(Verb.VIEW_AGENDA)
def meeting_book(request: TenantRequest, public_id: str) -> HttpResponse:
    """How far the reader's book has come, or the button that orders one."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    book = _book(request, meeting)
    context: dict[str, Any] = {"meeting": meeting, "book": book}
    if book is not None and book.is_ready:
        files = {file.public_id: file for file in readable_attachments(meeting)}
        context["is_stale"] = is_stale(request, meeting, book)
        context["left_out"] = [(files[key], REASONS[why]) for key, why in book.left_out.items() if key in files]
        context["left_out_closed"] = 0 if context["is_stale"] else len(book.left_out.keys() - files.keys())  # a name may say whom it is about
    response = render_page_or_part(request, "meetings/meeting_book.html", "meetings/_book_progress.html", context)
    if request.headers.get("HX-Request") and not (book and book.is_running):
        response.headers["HX-Refresh"] = "true"  # the bar is at its end: show the whole page with the file
    return response


@require_POST
@requires(Verb.VIEW_AGENDA)
@answers_refusals
def meeting_book_order(request: TenantRequest, public_id: str) -> HttpResponse:
    """Order the book: leads to the one there is, unless it is asked for again."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    if "igen" in request.POST:
        book_actions.order_again(meeting, actor=request.actor)
        messages.success(request, _("The meeting book is being made again."))
    else:
        book_actions.order_book(meeting, actor=request.actor)
    return redirect(tenant_url(request, "meeting_book", public_id))


@require_safe
@requires(Verb.VIEW_AGENDA)
@answers_refusals
def meeting_book_pdf(request: TenantRequest, public_id: str) -> HttpResponse:
    """The file: checked against what its owner may read now, logged with every person in it, handed out to be saved."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    book = _book(request, meeting)
    if book is None or not book.is_ready:
        raise Http404("no book, or not ready")
    if is_stale(request, meeting, book):
        raise MeetingStateError(_("The meeting or its attachments have been changed since the meeting book was made. Have it made again, and then fetch it."))
    if book.contents["closed"] and book.contents["of_minutes"]:
        closed_parts(as_document(request, meeting), meeting, pdf=True)  # asks the app that owns them, which writes each person into the log
    closed_files(request.actor, meeting, LogEntry.Action.EXPORT)  # the same of whom there are files inside
    content = file_store().get(book.book_key)
    return download_response(request.actor, content, file_name=file_name(meeting), content_type="application/pdf", row=book, as_attachment=True)
