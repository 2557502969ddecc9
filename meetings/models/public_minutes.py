"""The public items of approved minutes, as they were published: read by anybody, without a login."""

from django.db import models

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class PublicMinutes(TenantRow):
    """A frozen copy. The reader without a login has this row and nothing of the meeting; withdrawing it is deleting it.

    It stands until it is withdrawn, until the minutes are reopened, or until the forum's minutes are no longer public (triggers of the database).
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)  # another one than the meeting's
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="public_minutes")
    forum_name = models.CharField(max_length=100)
    held_on = models.DateField()
    content = models.JSONField()  # [{number, title, text, decision, corrections}], of the PUBLIC items alone
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="publicminutes_tenant_id"),
            models.UniqueConstraint(fields=["meeting"], name="publicminutes_once"),
            TenantForeignKey("forum", name="publicminutes_forum_same_tenant"),
            TenantForeignKey("meeting", name="publicminutes_meeting_same_tenant"),
            RowSecurity("public_minutes_2", name="publicminutes_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.forum_name} {self.held_on:%Y-%m-%d}"


class PublicAttachment(TenantRow):
    """A file of a public item, as it was published. It goes with the minutes; the sealed file is the attachment's own, which nobody changes.

    The database takes it away with its minutes, whoever withdraws them: a file without minutes is never public.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)  # another one than the attachment's
    minutes = models.ForeignKey(PublicMinutes, models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField()  # of the item in `PublicMinutes.content`
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4)  # access.file_kinds
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file_key = models.CharField(max_length=40)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [TenantForeignKey("minutes", name="publicattachment_minutes_same_tenant"), RowSecurity("public_attachment", name="publicattachment_rls")]

    def __str__(self) -> str:
        return f"bilag {self.public_id}"
