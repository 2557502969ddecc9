"""What is proposed in a forum, for its page and for its meetings' pages. For who reads the forum's agenda.

Row security hides a proposal that became an item which the reader is kept out of.
"""

from typing import Any

from django.db.models import Q, QuerySet

from access.kept import Read, kept
from access.policy import among, may, visible
from access.request import TenantRequest
from access.roles import Verb
from meetings.models import ItemProposal, Meeting
from municipalities.models import Forum

Status = ItemProposal.Status
MOST = 60


def meeting_that_takes_proposals(forum_id: int) -> Meeting | None:
    """The nearest planned meeting of the forum that still takes proposals."""
    return next((meeting for meeting in Meeting.objects.filter(forum_id=forum_id).coming()[:12] if meeting.takes_proposals), None)


def proposals_of(request: TenantRequest, forum: Forum) -> QuerySet[ItemProposal]:
    """The forum's proposals that this reader has, the newest first."""
    return visible(request.actor, Verb.VIEW_AGENDA, _rows(forum.tenant_id, forum.pk))


def _rows(tenant: Any, forum: Any) -> QuerySet[ItemProposal]:
    found = ItemProposal.objects.filter(tenant_id=tenant, forum_id=forum)
    return found.select_related("proposed_by", "decided_by", "meeting", "taken_to__meeting").order_by("-proposed_at", "-pk")


@kept  # three statements for the pages of forums and meetings: compiling one anew was a fifth of an agenda's page (script/bench)
def _undecided(tenant: Any, forum: Any) -> QuerySet[ItemProposal]:
    return _rows(tenant, forum).filter(status__in=(Status.WAITING, Status.PARKED))[:MOST]


@kept
def _around(tenant: Any, forum: Any, meeting: Any, starts_at: Any) -> QuerySet[ItemProposal]:
    waits = Q(status=Status.WAITING) & (Q(meeting=None) | Q(meeting__starts_at__lte=starts_at))
    return _rows(tenant, forum).filter(waits | Q(taken_to__meeting_id=meeting))[:MOST]


@kept
def _taken(tenant: Any, forum: Any, meeting: Any) -> QuerySet[ItemProposal]:
    return _rows(tenant, forum).filter(taken_to__meeting_id=meeting)[:MOST]


def grouped(request: TenantRequest, forum: Forum) -> dict[str, list[ItemProposal]]:
    """Those that wait, the parking lot, and the latest that were answered. One query."""
    found: dict[str, list[ItemProposal]] = {"waiting": [], "parked": [], "decided": []}
    for row in proposals_of(request, forum)[:MOST]:
        found[{Status.WAITING: "waiting", Status.PARKED: "parked"}.get(Status(row.status), "decided")].append(row)
    return found


def forum_part(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The parking lot on the forum's page, and how many wait. One query."""
    if not may(request.actor, Verb.VIEW_AGENDA, forum):
        return None
    rows = among(request.actor, Verb.VIEW_AGENDA, _undecided(forum.tenant_id, forum.pk))
    parked = [row for row in rows if row.status == Status.PARKED]
    return {"forum": forum, "parked": parked, "waiting": len(rows) - len(parked), "may_decide": bool(may(request.actor, Verb.CONVENE, forum))}


def meeting_part(request: TenantRequest, meeting: Meeting) -> dict[str, Any] | None:
    """What waits for this meeting or an earlier one, and what was taken on its agenda. One query."""
    rows = among(request.actor, Verb.VIEW_AGENDA, meeting_read(request, meeting).rows())
    if not rows and not meeting.is_planned:
        return None
    may_decide = meeting.is_planned and bool(may(request.actor, Verb.CONVENE, meeting))
    return {"meeting": meeting, "rows": rows, "may_decide": may_decide}


def meeting_read(_request: TenantRequest, meeting: Meeting) -> Read[Any]:
    """What `meeting_part` asks for."""
    key = meeting.tenant_id, meeting.forum_id, meeting.pk
    return _around.of(*key, meeting.starts_at) if meeting.is_planned else _taken.of(*key)
