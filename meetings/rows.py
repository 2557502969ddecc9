"""Rows that are locked for a write. The meeting comes first, always: so two writers wait and never deadlock."""

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from meetings.models import AgendaItem, Meeting


def locked_meeting(meeting: Meeting, actor: Actor, verb: Verb) -> Meeting:
    """The meeting as it is now, locked until the end of the transaction. Raises PermissionDenied without the verb."""
    require(actor, verb, meeting)
    found: Meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("forum").get(tenant_id=meeting.tenant_id, pk=meeting.pk)
    return found


def locked_item(item: AgendaItem, actor: Actor, verb: Verb) -> tuple[Meeting, AgendaItem]:
    """The item's meeting and the item as they are now, both locked. Raises PermissionDenied without the verb."""
    require(actor, verb, item)
    meeting = locked_meeting(Meeting(pk=item.meeting_id, tenant_id=item.tenant_id, forum_id=item.forum_id), actor, verb)
    return meeting, AgendaItem.objects.select_for_update(no_key=True).get(tenant_id=item.tenant_id, pk=item.pk)
