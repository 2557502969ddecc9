"""A meeting book: one reader's own copy of one meeting, made by the worker. The file lies sealed on disk (access.vault)."""

from django.db import models

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.worker_rows import WorkerRow
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class MeetingBook(TenantRow, WorkerRow):
    """All that one person might read of a meeting when he ordered it, and how far the worker has come with it.

    Nobody else sees the row: row security shows it to who ordered it, as long as he sits in the forum.

    Kept no longer than it is of use, for it is a copy and can be made again in seconds: until its owner orders it again, until the
    minutes are approved (what he had was not what was approved), until the meeting is deleted, and at the latest a fortnight
    (`KEPT`) after it was made or the meeting was held, whichever is later: then who was away has read it, and nobody looks for a
    case in an old file. Ends by `meetings.book_retention`.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    edition = models.PositiveIntegerField(default=1)  # how often it was ordered: a worker of an earlier order writes nothing
    in_hand = models.CharField(max_length=20, blank=True)  # the file that is being read now
    stumbled = models.JSONField(default=list, blank=True)  # public ids of files over which a worker died
    contents = models.JSONField(default=dict, blank=True)  # meetings.books.Contents: ids and checksums, no text
    left_out = models.JSONField(default=dict, blank=True)  # public id of a file -> why it is not inside
    pages = models.PositiveIntegerField(default=0)
    # not `file_key`, which would take the file along when a kommune leaves: what it was made of goes, the copies stay behind
    book_key = models.CharField(max_length=40, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "ordered_by"], name="meetingbook_once"),
            TenantForeignKey("forum", name="meetingbook_forum_same_tenant"),
            TenantForeignKey("meeting", name="meetingbook_meeting_same_tenant"),
            RowSecurity("own_book", name="meetingbook_rls"),
        ]

    @property
    def is_ready(self) -> bool:
        """True when there is a file."""
        return self.status == self.Status.DONE and bool(self.book_key)

    def __str__(self) -> str:
        return f"mødebog {self.pk}"
