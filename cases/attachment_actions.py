"""Lay a file under the discussion of a case, and take it away again. Inside an opened case: its ticket stands in the log."""

from typing import Any

from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from cases.errors import CaseStateError
from cases.models import CaseAttachment, CaseItem
from cases.rows import locked_case, note_files
from meetings.attachment_actions import forget_files, sealed, unfit_for_a_book
from meetings.models import Meeting
from meetings.rows import locked_meeting


def takes_files(meeting: Meeting) -> bool:
    """True until the minutes are approved: a reopening is of the general part."""
    return meeting.is_open and meeting.version == 1


def add_case_attachment(link: CaseItem, *, actor: Actor, name: str, content: bytes) -> CaseAttachment:
    """Seal the file and lay it under the case at this meeting. Raises CaseStateError, or FileRefusedError with what is wrong with the file."""
    require(actor, Verb.WRITE_CASES, link.case)
    unfit = unfit_for_a_book(content)
    meeting = locked_meeting(link.meeting, actor, Verb.WRITE_CASES)
    if not takes_files(meeting):
        raise CaseStateError(_("The minutes are approved and locked. Put the case on the agenda of the next meeting, and add the file there."))
    case = locked_case(link.case, actor)
    with sealed(name, content) as file:
        note_files(link.item_id)
        return CaseAttachment.objects.create(
            tenant_id=link.tenant_id, item_id=link.item_id, case=case, person_id=link.person_id, meeting=meeting, uploaded_by_id=actor.user_id,
            is_late=meeting.status != Meeting.Status.DRAFT, unfit=unfit, **file,
        )  # fmt: skip


def remove_case_attachment(attachment: CaseAttachment, *, actor: Actor) -> None:
    """Take the file away for good. Only by who laid it up, and while the discussion can be written."""
    meeting = locked_meeting(attachment.meeting, actor, Verb.WRITE_CASES)
    locked_case(attachment.case, actor)
    if attachment.uploaded_by_id != actor.user_id:
        raise CaseStateError(_("Only the person who added the file can remove it."))
    if not takes_files(meeting):
        raise CaseStateError(_("The minutes are approved and locked. The file stays with the case until the case is deleted."))
    note_files(attachment.item_id)
    attachment.delete()


def forget_file(instance: CaseAttachment, **_signal: Any) -> None:
    """The sealed bytes go with their row, whichever way it goes: removed, or deleted with its case. After COMMIT."""
    forget_files([instance.file_key])
