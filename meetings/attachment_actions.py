"""Lay a file under an item, and take it away again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from access.actor import Actor
from access.file_kinds import FileRefusedError, clean_name, judge
from access.pdf_fit import why_unfit
from access.policy import may, require
from access.roles import Verb
from access.vault import file_store
from meetings.errors import MeetingStateError
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.rows import locked_item
from meetings.telling import note_change


def may_attach(actor: Actor, row: Meeting | AgendaItem) -> bool:
    """True for who plans the meeting or writes its minutes."""
    return bool(may(actor, Verb.CONVENE, row) or may(actor, Verb.WRITE_MINUTES, row))


def add_attachment(item: AgendaItem, *, actor: Actor, name: str, content: bytes) -> Attachment:
    """Seal the file and lay it under the item. Raises MeetingStateError, or FileRefusedError with what is wrong with the file."""
    verb = _verb(actor, item)
    unfit = unfit_for_a_book(content)
    meeting, item = locked_item(item, actor, verb)
    if not meeting.is_open:
        raise MeetingStateError(_("The minutes are approved and locked. No file can be added now."))
    if item.is_closed or item.is_withdrawn:
        raise MeetingStateError(_("No file can be added to this item."))
    note_change(meeting, item.data_class)
    with sealed(name, content) as file:
        return Attachment.objects.create(
            tenant_id=item.tenant_id, forum_id=item.forum_id, meeting=meeting, item=item, is_late=meeting.status != Meeting.Status.DRAFT, uploaded_by_id=actor.user_id,
            unfit=unfit, **file,
        )  # fmt: skip


def unfit_for_a_book(content: bytes) -> str:
    """The word for why a PDF cannot stand in a meeting book, or an empty one. Asked before anything is locked: it may take seconds."""
    return why_unfit(content) if len(content) <= settings.SSP_ATTACHMENT_BYTES else ""


@contextmanager
def sealed(name: str, content: bytes) -> Iterator[dict[str, Any]]:
    """Judge a file and seal it; gives the columns that its row has of it. A row that cannot be written leaves no bytes behind.

    Raises FileRefusedError with what is wrong with the file.
    """
    if len(content) > settings.SSP_ATTACHMENT_BYTES:
        raise FileRefusedError(too_large())
    name = clean_name(name)
    kind = judge(name, content)
    key = file_store().put(content)
    try:
        with transaction.atomic():
            yield {"name": name, "kind": kind.key, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "file_key": key}
    except BaseException:
        file_store().remove(key)
        raise


def remove_attachment(attachment: Attachment, *, actor: Actor) -> None:
    """Take the file away for good: its row now, its bytes after COMMIT. Only by who laid it up, and before the meeting is held."""
    meeting, _item = locked_item(attachment.item, actor, _verb(actor, attachment.item))
    if attachment.uploaded_by_id != actor.user_id:
        raise MeetingStateError(_("Only the person who added the file can remove it."))
    if not meeting.is_planned:
        raise MeetingStateError(_("The meeting has been held. Its files stay with the minutes."))
    attachment.delete()
    forget_files([attachment.file_key])


def forget_files(keys: list[str]) -> None:
    """Delete stored files once their rows are gone for good."""
    for key in keys:
        transaction.on_commit(lambda key=key: file_store().remove(key))  # type: ignore[misc]  # mypy cannot infer a lambda with a default


def too_large() -> str:
    """The sentence about a file over the limit."""
    return _("The file is larger than %(most)s. Make it smaller, or split it.") % {"most": filesizeformat(settings.SSP_ATTACHMENT_BYTES)}


def _verb(actor: Actor, item: AgendaItem) -> Verb:
    """The verb that lets him in: who plans it, or who writes the minutes. Raises PermissionDenied with neither."""
    if not may_attach(actor, item):
        require(actor, Verb.WRITE_MINUTES, item)
    return Verb.CONVENE if may(actor, Verb.CONVENE, item) else Verb.WRITE_MINUTES
