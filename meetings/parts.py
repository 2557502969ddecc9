"""What other apps add to pages of this one. `meetings` calls the hook and knows nothing of what stands behind it.

Min uge shows approvals that wait and cases to follow up; a meeting's page shows its closed part. The upper apps
register here from their `apps.py`, and render through their own gate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from access.actor import Actor
from access.kept import Read
from access.request import TenantRequest
from access.web import tenant_url
from meetings.agenda import opens_closed_part
from meetings.models import Meeting

type Context = dict[str, Any]


@dataclass(frozen=True)
class WeekPart:
    """A part of Min uge. `context` answers None when there is nothing to show this actor. At most one or two queries.

    `read` tells what `context` will ask for, so that the page's reads go together.
    """

    column: str  # "main" or "side"
    order: int
    template: str
    context: Callable[[TenantRequest], Context | None]
    read: Callable[[TenantRequest], Read[Any] | None] = lambda _request: None


class ClosedFile(NamedTuple):
    """A file of the closed part as a book takes it in: under which letter, to what, the file, the address where it is found, and who writes down that it is read."""

    letter: str
    title: str
    file: Any  # public_id, name, kind, size, is_late, file_key
    route: str
    args: tuple[str, ...]  # of the route, behind the kommune
    note: Callable[[Actor], object]


class Edition(NamedTuple):
    """How often what hangs on an item of the closed part has been changed: numbers on a shell, read without a ticket by who has the item, and by nobody else."""

    item: str  # public
    files: int
    texts: int


@dataclass(frozen=True)
class ClosedPart:
    """The closed part of a meeting, for those who may see it; `pdf_template` is the same in a document. `context` gets the files that a book holds of it.

    `files` reads them behind the ticket, with a log row of the given action; `editions` tells a book that it is stale.
    """

    template: str
    pdf_template: str
    context: Callable[[TenantRequest, Meeting, Sequence[ClosedFile]], Context | None]
    files: Callable[[Actor, Meeting, int], list[ClosedFile]]
    editions: Callable[[Meeting], list[Edition]]
    minutes: Callable[[Meeting], int]  # planned for what row security gives the reader of it


@dataclass(frozen=True)
class MeetingPart:
    """A section beside a meeting's agenda: what another app wants the forum to remember. At most one query.

    `read` tells what `context` will ask for, so that the page's reads go together.
    """

    template: str
    context: Callable[[TenantRequest, Meeting], Context | None]
    read: Callable[[TenantRequest, Meeting], Read[Any] | None] = lambda _request, _meeting: None


class Counted(NamedTuple):
    """What another app adds to the numbers of the weekly mail: open and overdue aftaler, and what waits for a decision."""

    open: int = 0
    overdue: int = 0
    waiting: int = 0


type Counter = Callable[[Actor], Counted]
type MoveListener = Callable[[Meeting, Actor], object]

_week_parts: list[WeekPart] = []
_closed_parts: list[ClosedPart] = []
_meeting_parts: list[MeetingPart] = []
_move_listeners: list[MoveListener] = []
_counters: list[Counter] = []


def register_week_part(part: WeekPart) -> None:
    """Called from an app's `ready()`."""
    if part not in _week_parts:
        _week_parts.append(part)
        _week_parts.sort(key=lambda known: (known.column, known.order))


def register_closed_part(part: ClosedPart) -> None:
    """Called from an app's `ready()`."""
    if part not in _closed_parts:
        _closed_parts.append(part)


def register_meeting_part(part: MeetingPart) -> None:
    """Called from an app's `ready()`."""
    if part not in _meeting_parts:
        _meeting_parts.append(part)


def register_move_listener(listener: MoveListener) -> None:
    """Called from an app's `ready()`: what must happen in the same transaction when a meeting is moved or cancelled."""
    if listener not in _move_listeners:
        _move_listeners.append(listener)


def register_counter(counter: Counter) -> None:
    """Called from an app's `ready()`: numbers for the weekly mail, read with the actor's own rights."""
    if counter not in _counters:
        _counters.append(counter)


def counted_elsewhere(actor: Actor) -> Counted:
    """The numbers of all other apps, added up."""
    found = [counter(actor) for counter in _counters]
    return Counted(sum(row.open for row in found), sum(row.overdue for row in found), sum(row.waiting for row in found))


def tell_moved(meeting: Meeting, actor: Actor) -> None:
    """A meeting has been moved or cancelled: guests, for example, lose what they were given for the old time."""
    for listener in _move_listeners:
        listener(meeting, actor)


def owed_pledge(request: TenantRequest) -> Context | None:
    """Min uge, main column: what closes the cases to this reader is that he has not accepted the duty of confidentiality. No query."""
    return {"pledge_url": tenant_url(request, "pledge")} if request.actor.owes_pledge else None


def week_reads(request: TenantRequest) -> list[Read[Any]]:
    """What `week_parts` asks for, as far as it is known beforehand."""
    return [read for part in _week_parts if (read := part.read(request))]


def week_parts(request: TenantRequest, column: str) -> list[tuple[str, Context]]:
    """(template, context) of the parts of one column that have something to show."""
    found = [(part.template, part.context(request)) for part in _week_parts if part.column == column]
    return [(template, context) for template, context in found if context is not None]


def meeting_parts(request: TenantRequest, meeting: Meeting) -> list[tuple[str, Context]]:
    """(template, context) of the sections beside the agenda that have something to show."""
    found = [(part.template, part.context(request, meeting)) for part in _meeting_parts]
    return [(template, context) for template, context in found if context is not None]


def meeting_reads(request: TenantRequest, meeting: Meeting) -> list[Read[Any]]:
    """What `meeting_parts` asks for, as far as it is known beforehand."""
    return [read for part in _meeting_parts if (read := part.read(request, meeting))]


def closed_files(actor: Actor, meeting: Meeting, action: int) -> list[ClosedFile]:
    """The files of the closed part that this reader may see, each person in the log with this action; none for who has no closed part."""
    return [found for part in _closed_parts for found in part.files(actor, meeting, action)] if opens_closed_part(actor, meeting) else []


def closed_minutes(actor: Actor, meeting: Meeting) -> int:
    """The planned time of the closed part, for who has it by his seat; nothing for anybody else, who cannot tell what stands there."""
    return sum(part.minutes(meeting) for part in _closed_parts) if opens_closed_part(actor, meeting) else 0


def closed_editions(actor: Actor, meeting: Meeting) -> list[Edition]:
    """The editions of the items of the closed part that row security gives this reader: of nothing more and nothing less than the files."""
    return [found for part in _closed_parts for found in part.editions(meeting)] if opens_closed_part(actor, meeting) else []


def closed_parts(request: TenantRequest, meeting: Meeting, *, pdf: bool = False, files: Sequence[ClosedFile] = ()) -> list[tuple[str, Context]]:
    """(template, context) of the closed part, for a page or for a document; in a book with its files."""
    found = [(part.pdf_template if pdf else part.template, part.context(request, meeting, files)) for part in _closed_parts]
    return [(template, context) for template, context in found if context is not None]


def rendered(request: TenantRequest, parts: list[tuple[str, Context]]) -> list[SafeString]:
    """The parts as markup. Each template sees its own context, also as `part`, and what every page has (tenant, actor, request)."""
    return [render_to_string(template, {**context, "part": context}, request=request) for template, context in parts]
