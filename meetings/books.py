"""What a reader's meeting book consists of, and whether the one he has is still that.

It holds what his own PDF of the agenda holds or, once the meeting is held, of the minutes, by the same functions; and the files
of the items he may read. Whoever has no such PDF (a guest, who is called in for one item, and everybody outside) has no book.

A book is **stale** when meeting, items, texts, files or the closed part are no longer those it was made of for its owner. Then it must be
made anew before it is fetched, which takes seconds: what somebody has taken out or corrected must not go on in a file that waits here.
Of what is written about cases only the editions are compared (`meetings.parts.Edition`): to look at the texts would be an access. A
reader has those of his own items alone, so that nothing done in a case that he may not see makes his book stale.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.request import TenantRequest
from meetings.agenda import Line
from meetings.minutes import Minutes, as_approved, checksum, read_minutes
from meetings.models import UNFIT, Attachment, Meeting, MeetingBook
from meetings.parts import Edition, closed_editions, closed_parts, rendered

# why a file is not inside: what access.pdf_pages says, and what the worker adds
REASONS: dict[str, str | Promise] = {
    "kind": _("It is no PDF."),
    **{word: found.why for word, found in UNFIT.items()},
    "slow": _("The file could not be read in time."),
    "full": _("The book would have become too large."),
    "gone": _("The file could not be found."),
}


@dataclass(frozen=True)
class Contents:
    """Checksums of what one reader's book is made of: no text of it."""

    closed: str  # of the closed part as his agenda shows it: letters and case numbers
    sum: str  # of everything
    of_minutes: bool

    @property
    def stored(self) -> dict[str, Any]:
        """For the row."""
        return asdict(self)


def read_contents(request: TenantRequest, meeting: Meeting, known: Iterable[str] | None = None, filed: list[Any] | None = None) -> Contents:
    """What the book would be made of now. `known`: only these of the files, those that have been read for it; `filed`: what `filed_now` said then."""
    minutes = read_minutes(request.actor, meeting)
    files = [file for file in files_of(minutes) if known is None or file.public_id in known]
    closed = _closed_sum(request, meeting) if minutes.agenda.closed_part else ""
    editions = closed_editions(request.actor, meeting)
    whole = {
        "meeting": [int(meeting.starts_at.timestamp()), int(meeting.ends_at.timestamp()), meeting.place, meeting.status, meeting.version],
        "present": [[row.user.public_id, row.presence] for row in minutes.attendances] if meeting.is_held else [],
        "items": [_item(line, is_held=meeting.is_held) for line in minutes.lines],
        "files": [[file.public_id, file.sha256] for file in files],
        "closed": [closed, minutes.agenda.closed_line],
        "cases": [_filed(editions) if filed is None else filed, [[edition.item, edition.texts] for edition in editions] if meeting.is_held else []],
    }
    return Contents(closed, checksum(whole), meeting.is_held)


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


def filed_now(actor: Actor, meeting: Meeting) -> list[Any]:
    """The editions of the files of the closed part, for who has one."""
    return _filed(closed_editions(actor, meeting))


def _filed(editions: Iterable[Edition]) -> list[Any]:
    return [[edition.item, edition.files] for edition in editions]


def _closed_sum(request: TenantRequest, meeting: Meeting) -> str:
    """Of the closed part as the agenda shows it, which names nobody; always in the same language."""
    with translation.override(settings.LANGUAGE_CODE):
        return checksum({"closed": list(map(str, rendered(request, closed_parts(request, meeting, pdf=True))))})


def is_stale(request: TenantRequest, meeting: Meeting, book: MeetingBook) -> bool:
    """True when a finished book is not what its owner would get now."""
    return bool(read_contents(request, meeting).sum != book.contents["sum"])
