"""What those who were at a meeting say about its minutes before they are approved: that they are right, or what is not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from meetings.models.item import AgendaItem
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class MinutesAssent(TenantRow):
    """One of those who were present finds the minutes right, as he was shown them. Written once."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="assents")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)  # of the minutes as he sees them
    sees_all = models.BooleanField()  # else his checksum can be compared with his own alone
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user", "content_hash"], name="minutesassent_once"),
            TenantForeignKey("forum", name="minutesassent_forum_same_tenant"),
            TenantForeignKey("meeting", name="minutesassent_meeting_same_tenant"),
            RowSecurity("minutes_assent", name="minutesassent_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.user_id}"


class MinutesComment(TenantRow):
    """What one of those who were present finds wrong or missing under an item of the general part, before the minutes are approved.

    Under an item, never under the minutes as a whole: so it is read by nobody who has not the item. Never under a closed item: what is
    said about a person is written in the case.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["meeting"], name="minutescomment_of_meeting")]
        constraints = [
            TenantForeignKey("forum", name="minutescomment_forum_same_tenant"),
            TenantForeignKey("meeting", name="minutescomment_meeting_same_tenant"),
            TenantForeignKey("item", name="minutescomment_item_same_tenant"),
            RowSecurity("minutes_comment", name="minutescomment_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.created_at:%Y-%m-%d}"
