"""Items that fill themselves while the agenda is alive: the latest minutes, open agreements, the next meeting; and what upper apps know.

A filler is asked only when such an item stands on this reader's agenda, and answers with what this reader may see. Once the
minutes are approved nothing is filled in any more: what was said stands in the minutes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from access.dates import day
from access.kept import Read, ahead, kept
from access.policy import among, may
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from meetings.agenda import Agenda
from meetings.models import AgendaItem, Agreement, Fill, Meeting
from meetings.neighbours import neighbour_of

MOST, READ = 12, 60  # lines shown, and rows that are read to find them


@dataclass(frozen=True)
class Filling:
    """One line under an item: a text, where it leads, and whether it is late."""

    text: str
    url: str = ""
    act: str = ""  # what is done there, when there is something to do
    is_late: bool = False


type Filler = Callable[[TenantRequest, Meeting], Iterable[Filling]]
type Reader = Callable[[TenantRequest, Meeting], Read[Any]]
_fillers: dict[str, dict[Filler, Reader | None]] = {}


def register_filler(fill: Fill, filler: Filler, read: Reader | None = None) -> None:
    """Called from an app's `ready()`. One or two queries; several fillers of one kind stand after each other.

    `read` tells what the filler will ask for, so that those of an agenda go together.
    """
    _fillers.setdefault(fill, {})[filler] = read


def fill_in(request: TenantRequest, agenda: Agenda) -> None:
    """Give each item that fills itself its lines, as `item.filled`; and each that was carried over its meeting, as `item.origin`."""
    meeting = agenda.meeting
    is_alive = meeting.is_open
    answers: dict[str, list[Filling]] = {}
    meeting.neighbours = {line.item.fill: neighbour_of(line.item) for line in agenda.lines}  # type: ignore[attr-defined]  # read with the items
    if is_alive:
        answers = _answers(request, meeting, {line.item.fill for line in agenda.lines if line.item.fill})
    for line in agenda.lines:
        fill = line.item.fill
        line.item.filled = answers.get(fill, [])  # type: ignore[attr-defined]  # what the templates read
        line.item.asks_for_nothing = bool(fill) and is_alive and not line.item.filled  # type: ignore[attr-defined]
    _trace(agenda)


def _answers(request: TenantRequest, meeting: Meeting, fills: set[str]) -> dict[str, list[Filling]]:
    fillers = {fill: _fillers.get(fill, {}) for fill in sorted(fills)}
    with ahead(*(read(request, meeting) for found in fillers.values() for read in found.values() if read)):
        return {fill: [filling for filler in found for filling in filler(request, meeting)] for fill, found in fillers.items()}


def _trace(agenda: Agenda) -> None:
    wanted = {line.item.carried_from_id for line in agenda.lines if line.item.carried_from_id}
    origins = {item.pk: item for item in AgendaItem.objects.filter(pk__in=wanted).select_related("meeting")} if wanted else {}
    for line in agenda.lines:
        line.item.origin = origins.get(line.item.carried_from_id or 0)  # type: ignore[attr-defined]


def last_minutes(request: TenantRequest, meeting: Meeting) -> list[Filling]:
    """The minutes of the forum's meeting before this one, and whether they wait for approval."""
    before: Meeting | None = meeting.neighbours.get(Fill.LAST_MINUTES)  # type: ignore[attr-defined]  # fill_in puts it there
    if before is None:
        return [Filling(_("This is the forum's first meeting here."))]
    held_on = date_format(localtime(before.starts_at), _("j F Y"))
    url = tenant_url(request, "meeting_approve", before.public_id)
    if before.status == Meeting.Status.APPROVED:
        return [Filling(_("Minutes of %(day)s, approved.") % {"day": held_on}, url)]
    waits = _("Minutes of %(day)s wait for approval.") % {"day": held_on}
    if meeting.status not in (Meeting.Status.CALLED, Meeting.Status.CLOSED) or not meeting.has_begun or not may(request.actor, Verb.APPROVE_MINUTES, before):
        return [Filling(waits, url)]
    return [Filling(waits, f"{url}?moede={meeting.public_id}", act=_("Read and approve"))]


@kept  # on most agendas, and dear to build: who is responsible comes with each
def _open_elsewhere(tenant: Any, forum: Any, meeting: Any) -> QuerySet[Agreement]:
    rows: QuerySet[Agreement] = Agreement.objects.filter(tenant_id=tenant, forum=forum, status=Agreement.Status.OPEN).exclude(meeting=meeting).with_parties()
    return rows.select_related("item", "meeting__forum").order_by("due_on", "pk")[:READ]


def open_agreements(request: TenantRequest, meeting: Meeting) -> list[Filling]:
    """The forum's open agreements from earlier meetings, the oldest first."""
    found = among(request.actor, Verb.VIEW_AGENDA, open_agreements_read(request, meeting).rows())
    lines = [Filling(_("%(name)s: %(what)s, by %(day)s") % {"name": row.names, "what": row.what, "day": day(row.due_on)}, is_late=row.is_overdue) for row in found[:MOST]]
    return [*lines, Filling(_("See all open agreements"), tenant_url(request, "agreement_list"))] if len(found) > MOST else lines


def open_agreements_read(_request: TenantRequest, meeting: Meeting) -> Read[Agreement]:
    """What `open_agreements` asks for."""
    return _open_elsewhere.of(meeting.tenant_id, meeting.forum_id, meeting.pk)


def next_meeting(request: TenantRequest, meeting: Meeting) -> list[Filling]:
    """The forum's next meeting after this one, if it is planned."""
    following: Meeting | None = meeting.neighbours.get(Fill.NEXT_MEETING)  # type: ignore[attr-defined]  # fill_in puts it there
    if following is None:
        return [Filling(_("The next meeting is not planned yet."))]
    starts_at = localtime(following.starts_at)
    when = date_format(starts_at, _("l j F, G:i") if starts_at.year == localtime(meeting.starts_at).year else _("l j F Y, G:i"))
    return [Filling(_("Next meeting: %(day)s.") % {"day": when}, tenant_url(request, "meeting_detail", following.public_id))]
