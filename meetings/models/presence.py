"""Who left the room: came later, went earlier, or stepped out for one item. The attendance of the meeting is the rule, this the exception."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from meetings.models.item import AgendaItem
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class ItemAbsence(TenantRow):
    """Somebody who was at the meeting was not in the room for this item. Who has the item has the row: row security asks for the item."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="absences")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Away from an item")
        indexes = [models.Index(fields=["meeting"], name="itemabsence_of_meeting")]
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="itemabsence_once"),
            TenantForeignKey("item", name="itemabsence_item_same_tenant"),
            TenantForeignKey("meeting", name="itemabsence_meeting_same_tenant"),
            TenantForeignKey("forum", name="itemabsence_forum_same_tenant"),
            RowSecurity("item_child_2", name="itemabsence_rls"),
        ]

    def __str__(self) -> str:
        return str(self.item_id)  # stands in the log
