"""The files under the items of one reader's agenda."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from access.kept import Read, kept
from meetings.agenda import Line, general_items
from meetings.models import Attachment, Meeting


@kept
def _attachments(tenant: Any, meeting: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(tenant_id=tenant, meeting_id=meeting).order_by("uploaded_at", "pk")


def attachments_read(meeting: Meeting) -> Read[Attachment]:
    """What `attach` asks for."""
    return _attachments.of(meeting.tenant_id, meeting.pk)


def readable_attachments(meeting: Meeting) -> QuerySet[Attachment]:
    """The files of the meeting that row security gives the actor, without those of items that were taken off."""
    items = general_items(meeting).filter(is_withdrawn=False).order_by().values("pk")
    return Attachment.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, item__in=items)


def attach(lines: Iterable[Line], meeting: Meeting) -> None:
    """Give each item that is shown its files, as `item.attached`. One query. An item that was taken off shows none."""
    items = {line.item.pk: line.item for line in lines}
    for item in items.values():
        item.attached = []  # type: ignore[attr-defined]  # what the templates read
    for row in attachments_read(meeting).rows() if items else ():
        shown = items.get(row.item_id)
        if shown is not None and not shown.is_withdrawn:
            shown.attached.append(row)  # type: ignore[attr-defined]
