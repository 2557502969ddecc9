"""A file under an item of the general part. The file itself lies sealed on disk (access.vault); the row says what it is."""

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models.item import AgendaItem
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class Unfit(NamedTuple):
    """Why a PDF cannot stand in a meeting book, and what whoever laid it up can do."""

    why: str | Promise
    advice: str | Promise


# by the words of access.pdf_pages
UNFIT = {
    "locked": Unfit(_("The file is locked with a password."), _("Save it without a password, and add it again. As it is, whoever fetches it needs the password.")),
    "broken": Unfit(_("The file is damaged and cannot be opened."), _("Open it where you have it, save it as PDF anew, and add it again.")),
    "long": Unfit(_("The file has too many pages."), _("Split it, and add the parts.")),
}


class Filed(models.Model):
    """Abstract: a file that may come into a meeting book. `unfit`: why it cannot, as far as it was found out while it was laid up."""

    unfit = models.CharField(max_length=6, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def why_unfit(self) -> str:
        """Why it cannot stand in the meeting book, as a sentence; empty when nothing is known to be in the way."""
        return str(UNFIT[self.unfit].why) if self.unfit else ""

    @property
    def said_unfit(self) -> str:
        """What is said at once when it has been laid up; it names no file."""
        return f"{gettext('The file cannot stand in the meeting book.')} {self.why_unfit}" if self.unfit else ""

    @property
    def told_unfit(self) -> str:
        """The same with what to do, beside the file for whoever may add one."""
        found = UNFIT.get(self.unfit)
        return gettext("The file can be fetched here, but it cannot stand in the meeting book. %(why)s %(advice)s") % found._asdict() if found else ""


class Attachment(Filed, TenantRow):
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
