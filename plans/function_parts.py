"""What other pages show of funktionsbeskrivelser: Min uge of a leader, a forum's page, and a coming meeting."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from access.actor import Actor
from access.kept import Read, kept
from access.request import TenantRequest
from meetings.models import Meeting
from municipalities.models import Forum
from plans.functions import missing_in
from plans.models import FunctionDescription, FunctionRecord

Status = FunctionDescription.Status


@kept  # asked for on every Min uge
def _at_leader(tenant: Any, leader: Any) -> QuerySet[FunctionDescription]:
    approved = FunctionRecord.objects.filter(description=OuterRef("pk"), round=OuterRef("round"), step=FunctionRecord.Step.APPROVED, by=leader)
    waiting = FunctionDescription.objects.filter(~Exists(approved), tenant_id=tenant, status=Status.AT_LEADER, leader_ids__contains=[leader])
    return waiting.select_related("forum", "organisation").order_by("forum__order", "forum_id", "order", "title")


def at_leader(actor: Actor) -> list[FunctionDescription]:
    """The descriptions that wait for this leader's own yes or no. One query."""
    return _at_leader(actor.tenant_id, actor.user_id) if actor.is_member else []


def waiting_for_leader(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge: the descriptions that wait for this leader."""
    found = at_leader(request.actor)
    return {"functions": found} if found else None


def leader_read(request: TenantRequest) -> Read[FunctionDescription] | None:
    """What `waiting_for_leader` asks for."""
    return _at_leader.of(request.actor.tenant_id, request.actor.user_id) if request.actor.is_member else None


@kept  # asked for on the page of every forum and meeting
def _of_forum(tenant: Any, forum: Any) -> QuerySet[FunctionDescription]:
    return FunctionDescription.objects.filter(tenant_id=tenant, forum_id=forum).select_related("organisation").order_by("order", "title")


def forum_part(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's page: its descriptions, and what is missing before they are final. One query."""
    found = _of_forum(request.actor.tenant_id, forum.pk)
    if not found:
        return None
    return {"functions": found, "missing": missing_in(found), "forum": forum}


def meeting_part(request: TenantRequest, meeting: Meeting) -> dict[str, Any] | None:
    """A coming meeting's page: the descriptions that are not final yet. One query."""
    read = meeting_read(request, meeting)
    found = [description for description in read.rows() if not description.is_final] if read else []
    return {"functions": found, "forum": meeting.forum} if found else None


def meeting_read(request: TenantRequest, meeting: Meeting) -> Read[FunctionDescription] | None:
    """What `meeting_part` asks for; None where it asks nothing."""
    return _of_forum.of(request.actor.tenant_id, meeting.forum_id) if meeting.is_planned and request.actor.is_member else None
