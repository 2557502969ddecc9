"""Approved minutes that were reopened: what they said, frozen, item by item, so that each part is read by who reads its item."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from meetings.models.item import AgendaItem
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class MinutesVersion(TenantRow):
    """Minutes as they were approved, and why they were opened again. Written once.

    The next version's checksum takes in this one's, the reason, and who opened it when: the chain shows a change of any link.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()  # time, place, who was there: meetings.minutes.header_of
    content_hash = models.CharField(max_length=64)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)
    reopened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="minutesversion_tenant_id"),
            models.UniqueConstraint(fields=["meeting", "number"], name="minutesversion_once"),
            TenantForeignKey("forum", name="minutesversion_forum_same_tenant"),
            TenantForeignKey("meeting", name="minutesversion_meeting_same_tenant"),
            RowSecurity("minutes_version_2", name="minutesversion_rls"),
        ]

    @property
    def link(self) -> list[Any]:
        """What the next version's checksum takes in of this one."""
        return [self.number, self.content_hash, self.reason, self.reopened_by.public_id, int(self.reopened_at.timestamp())]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.number}"


class MinutesVersionItem(TenantRow):
    """One item of the general part in a frozen version. Written once; read by who reads the item."""

    version = models.ForeignKey(MinutesVersion, models.CASCADE, related_name="items")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    content = models.JSONField()  # meetings.minutes.item_content

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "item"], name="minutesversionitem_once"),
            TenantForeignKey("version", name="minutesversionitem_version_same_tenant"),
            TenantForeignKey("item", name="minutesversionitem_item_same_tenant"),
            RowSecurity("minutes_version_item", name="minutesversionitem_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.place}"
