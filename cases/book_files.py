"""The files of cases in a meeting book: those of the cases that its reader may open, behind the ticket; and what tells him that his book is stale."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from access import gate
from access.actor import Actor
from access.models import LogEntry, Purpose
from access.roles import Verb
from cases.models import Case, CaseAttachment, CaseItem
from cases.parts import closed_items
from meetings.models import Meeting
from meetings.parts import ClosedFile, Edition

ROUTE = "meeting_book"


def closed_files(actor: Actor, meeting: Meeting, action: int) -> list[ClosedFile]:
    """The files of the meeting's cases, in the order of its letters. One log row names each person of whom there have been files, and nobody else.

    Only by a seat in the forum, as the book itself: a guest has the files of his item on the page of his case.
    """
    lines = {line.link.item_id: line for line in closed_items(meeting) if line.link.files_edition}
    links = gate.reveal(actor, Verb.VIEW_CASES, [line.link for line in lines.values()], purpose=Purpose.DOCUMENT, action=action, route=ROUTE)
    about: dict[str, Any] = {"tenant_id": meeting.tenant_id, "meeting": meeting, "item_id__in": [link.item_id for link in links]}
    files: dict[int, list[CaseAttachment]] = {}
    for file in CaseAttachment.objects.filter(**about).order_by("uploaded_at", "pk") if links else ():
        files.setdefault(file.item_id, []).append(file)
    return [_closed_file(line.letter, line.link, file) for line in lines.values() for file in files.get(line.link.item_id, [])]


def _closed_file(letter: str, link: CaseItem, file: CaseAttachment) -> ClosedFile:
    title = _("Case %(number)s") % {"number": link.case.number}
    return ClosedFile(letter, title, file, "case_attachment", (link.case.public_id, file.public_id), partial(_note, case=link.case, file=file))


def _note(actor: Actor, case: Case, file: CaseAttachment) -> None:
    """The file is read for the book: an entry of its own in the log of the case, as when it is fetched there."""
    gate.open_ticket(actor, Case, [case.person_id], purpose=Purpose.DOCUMENT, action=LogEntry.Action.EXPORT, row=case, note=str(file), route=ROUTE)


def editions(meeting: Meeting) -> list[Edition]:
    """How often files and texts of the meeting's cases have been changed: shells, as far as row security gives them."""
    rows = CaseItem.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).order_by("item__order", "item_id")
    return [Edition(*row) for row in rows.values_list("item__public_id", "files_edition", "texts_edition")]
