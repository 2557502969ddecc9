"""What stands in a meeting book: the reader's own agenda or minutes, and after it the files, each announced by a page of ours."""

from collections.abc import Iterator
from copy import copy
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime

from access.models import LogEntry
from access.pdf_pages import Taken
from access.request import TenantRequest
from meetings.books import REASONS
from meetings.documents import agenda_context, minutes_context
from meetings.models import Meeting
from meetings.parts import closed_files


class BookFile(NamedTuple):
    """A file as the book lists it: inside with its pages, or outside with the reason."""

    label: str  # «3.1»: the first file of item 3
    number: str
    title: str
    file: Any  # of an item or of a case: what a list shows of it
    pages: int
    why: str | Promise
    url: str  # where it is found, after login

    @property
    def anchor(self) -> str:
        """On the page that announces it."""
        return f"bilag-{self.label}"


def file_name(meeting: Meeting) -> str:
    """What the file is called, on a disk and in the log: forum and day, never a title."""
    return f"moedebog-{meeting.forum.key}-{localtime(meeting.starts_at):%Y-%m-%d}.pdf"


def as_document(request: TenantRequest, meeting: Meeting) -> TenantRequest:
    """The same reader asking for the PDF that his book begins with: what the apps above add, they add for that address."""
    name = "meeting_minutes_pdf" if meeting.is_held else "meeting_agenda_pdf"
    asked = copy(request)
    asked.path = asked.path_info = reverse(name, args=[request.tenant.slug, meeting.public_id])
    asked.resolver_match = resolve(asked.path)
    return asked


class _Listed(NamedTuple):
    number: str
    title: str
    file: Any
    route: str
    args: tuple[str, ...]


def _numbered(listed: list[_Listed]) -> Iterator[tuple[int, _Listed]]:
    """Each with its place under its item."""
    for _number, under in groupby(listed, key=lambda one: one.number):
        yield from enumerate(under, start=1)


def _book_file(request: TenantRequest, place: int, one: _Listed, taken: dict[str, Taken], left_out: dict[str, str]) -> BookFile:
    url = settings.SSP_BASE_URL + reverse(one.route, args=[request.tenant.slug, *one.args])
    inside, why = taken.get(one.file.public_id), left_out.get(one.file.public_id, "")
    return BookFile(f"{one.number}.{place}", one.number, one.title, one.file, inside.pages if inside else 0, REASONS.get(why, ""), url)


def book_context(request: TenantRequest, meeting: Meeting, taken: dict[str, Taken], left_out: dict[str, str]) -> dict[str, Any]:
    """The context of the book: that of the reader's own PDF, and `files`. A file that came after the others were read is not named."""
    known = {*taken, *left_out}
    closed = [found for found in closed_files(request.actor, meeting, LogEntry.Action.DOCUMENT) if found.file.public_id in known]
    context = (minutes_context if meeting.is_held else agenda_context)(as_document(request, meeting), meeting, closed)
    listed = []
    for line in context["agenda"].lines:
        item: Any = line.item
        item.attached = [file for file in item.attached if file.public_id in known]
        listed += [_Listed(line.number, item.title, file, "attachment_file", (meeting.public_id, file.public_id)) for file in item.attached]
    listed += [_Listed(found.letter, found.title, found.file, found.route, found.args) for found in closed]
    files = [_book_file(request, place, one, taken, left_out) for place, one in _numbered(listed)]
    document = "meetings/pdf/minutes.html" if meeting.is_held else "meetings/pdf/agenda.html"
    return {**context, "document": document, "files": files}
