"""What a reader's meeting book consists of, and whether the one he has is still that.

It holds what his own PDF of the agenda holds or, once the meeting is held, of the minutes, by the same functions; and the files
of the items he may read. Whoever has no such PDF (a guest, who is called in for one item, and everybody outside) has no book.

A book is **stale** when meeting, items, texts or files are no longer those it was made of: it may be fetched, and the page says so.
It is **closed** to its owner when something in it is no longer there for him (an item, a file, anything in the closed part): then
it must be made anew first. What has been written in the cases themselves since is not compared: to look would be an access.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.request import TenantRequest
from meetings.agenda import Line
from meetings.minutes import Minutes, as_approved, checksum, read_minutes
from meetings.models import Attachment, Meeting, MeetingBook
from meetings.parts import closed_parts, rendered

# why a file is not inside: what access.pdf_pages says, and what the worker adds
REASONS: dict[str, str | Promise] = {
    "kind": _("It is no PDF."),
    "locked": _("The file is locked with a password."),
    "broken": _("The file is damaged and cannot be opened."),
    "long": _("The file has too many pages."),
    "slow": _("The file could not be read in time."),
    "full": _("The book would have become too large."),
    "gone": _("The file could not be found."),
}


@dataclass(frozen=True)
class Contents:
    """Ids and checksums of what one reader's book is made of: no text of it."""

    items: list[str]
    files: list[str]
    closed: str  # of the closed part as his agenda shows it: letters and case numbers
    sum: str  # of everything
    of_minutes: bool

    @property
    def stored(self) -> dict[str, Any]:
        """For the row."""
        return asdict(self)


@dataclass(frozen=True)
class BookState:
    """A finished book beside what its owner may read now."""

    is_stale: bool
    is_closed: bool  # something in it is no longer there for him


def read_contents(request: TenantRequest, meeting: Meeting, known: Iterable[str] | None = None) -> Contents:
    """What the book would be made of now. `known`: only these of the files, those that have been read for it."""
    minutes = read_minutes(request.actor, meeting)
    files = [file for file in files_of(minutes) if known is None or file.public_id in known]
    closed = _closed_sum(request, meeting) if minutes.agenda.closed_part else ""
    whole = {
        "meeting": [int(meeting.starts_at.timestamp()), int(meeting.ends_at.timestamp()), meeting.place, meeting.status, meeting.version],
        "present": [[row.user.public_id, row.presence] for row in minutes.attendances] if meeting.is_held else [],
        "items": [_item(line, is_held=meeting.is_held) for line in minutes.lines],
        "files": [[file.public_id, file.sha256] for file in files],
        "closed": [closed, minutes.agenda.closed_line],
    }
    return Contents([line.item.public_id for line in minutes.lines], [file.public_id for file in files], closed, checksum(whole), meeting.is_held)


def _item(line: Line, *, is_held: bool) -> list[Any]:
    item: Any = line.item
    shown = [line.number, item.public_id, item.title, item.presenter, item.kind, item.duration, item.is_withdrawn, item.is_optional]
    if is_held:
        agreed = [[as_approved(row), row.what, row.agreed_day.isoformat()] for row in item.agreed]
        shown += [item.text, item.decision, agreed, [[row.pk, row.text] for row in item.corrections], sorted(away.user.public_id for away in item.away)]
    return shown


def files_of(minutes: Minutes) -> list[Attachment]:
    """The files of the items, in the order of the agenda."""
    return [file for line in minutes.lines for file in line.item.attached]  # type: ignore[attr-defined]  # read_minutes puts it there


def _closed_sum(request: TenantRequest, meeting: Meeting) -> str:
    """Of the closed part as the agenda shows it, which names nobody; always in the same language."""
    with translation.override(settings.LANGUAGE_CODE):
        return checksum({"closed": list(map(str, rendered(request, closed_parts(request, meeting, pdf=True))))})


def state_of(request: TenantRequest, meeting: Meeting, book: MeetingBook) -> BookState:
    """Compare a finished book with what its owner may read now."""
    now, then = read_contents(request, meeting), Contents(**book.contents)
    is_whole = set(then.items) <= set(now.items) and set(then.files) <= set(now.files) and then.closed == now.closed
    return BookState(is_stale=now.sum != then.sum, is_closed=not is_whole)
