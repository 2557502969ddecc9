"""Rows that are locked for a write. The meeting comes first, always: so two writers wait and never deadlock."""

from typing import Any

from django.db.models import QuerySet

from access.actor import Actor
from access.kept import kept, together
from access.policy import require
from access.roles import Verb
from meetings.models import AgendaItem, Meeting


def locked_meeting(meeting: Meeting, actor: Actor, verb: Verb) -> Meeting:
    """The meeting as it is now, locked until the end of the transaction. Raises PermissionDenied without the verb."""
    require(actor, verb, meeting)
    found = _meeting(meeting.tenant_id, meeting.pk)
    if not found:
        raise Meeting.DoesNotExist("the meeting is gone")
    return found[0]


@kept  # both for each autosave
def _meeting(tenant: Any, meeting: Any) -> QuerySet[Meeting]:
    return Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("forum").filter(tenant_id=tenant, pk=meeting).order_by()


@kept
def _item(tenant: Any, item: Any) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.select_for_update(no_key=True).filter(tenant_id=tenant, pk=item).order_by()


def locked_item(item: AgendaItem, actor: Actor, verb: Verb) -> tuple[Meeting, AgendaItem]:
    """The item's meeting and the item as they are now, both locked. Raises PermissionDenied without the verb."""
    require(actor, verb, item)
    require(actor, verb, Meeting(pk=item.meeting_id, tenant_id=item.tenant_id, forum_id=item.forum_id))
    meetings, items = together(_meeting.of(item.tenant_id, item.meeting_id), _item.of(item.tenant_id, item.pk))  # the server runs them in this order
    if not meetings:
        raise Meeting.DoesNotExist("the meeting is gone")
    if not items:
        raise AgendaItem.DoesNotExist("the item is gone")
    return meetings[0], items[0]
