"""A file under an item of the general part. The file itself lies sealed on disk (access.vault); the row says what it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models.item import AgendaItem
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class Attachment(TenantRow):
    """One file of one item. Who has the item has the file: row security asks for the item."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="attachments")
    name = models.CharField(_("file name"), max_length=120)
    kind = models.CharField(max_length=4)  # access.file_kinds
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file_key = models.CharField(max_length=40)
    is_late = models.BooleanField(default=False)  # laid up after the call
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["meeting"], name="attachment_of_meeting")]
        constraints = [
            TenantForeignKey("forum", name="attachment_forum_same_tenant"),
            TenantForeignKey("meeting", name="attachment_meeting_same_tenant"),
            TenantForeignKey("item", name="attachment_item_same_tenant"),
            RowSecurity("item_child_2", name="attachment_rls"),
        ]

    def __str__(self) -> str:
        return f"bilag {self.public_id}"  # stands in the log, which is never erased: not the name
