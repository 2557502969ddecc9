"""A meeting of a forum, and who is called to it."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.querysets import MeetingQuerySet
from municipalities.models import Forum, Seat, TenantRow


class Meeting(TenantRow):
    """One meeting of one forum, from draft to approved minutes."""

    guest_label: ClassVar[str] = "meetings.Meeting"

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        CALLED = "CALLED", _("Called")
        CLOSED = "CLOSED", _("Held, minutes to be approved")
        APPROVED = "APPROVED", _("Minutes approved")
        CANCELLED = "CANCELLED", _("Cancelled")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number in the year"), default=1)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    # which date of the year's plan it was made for, wherever it is moved to: the day, or the public id of the meeting it follows
    planned_for = models.CharField(max_length=20, blank=True, default="")
    proposals_until = models.DateField(_("proposals until"), null=True, blank=True)  # without one: until the call
    called_at = models.DateTimeField(null=True, blank=True)
    # where two convene together: who has asked, and waits for another one
    call_asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    call_asked_at = models.DateTimeField(null=True, blank=True)
    agenda_changed_at = models.DateTimeField(null=True, blank=True)  # after the call, and the participants are not told yet
    answers_asked_at = models.DateTimeField(null=True, blank=True)  # when those without an answer were last reminded
    sequence = models.PositiveSmallIntegerField(default=0)  # of the invitation, RFC 5545
    closed_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at_meeting = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")  # when a later meeting did it
    version = models.PositiveSmallIntegerField(default=1)  # of the minutes: one more each time they were approved and reopened
    content_hash = models.CharField(max_length=64, blank=True)  # of the minutes as they were approved

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["tenant", "starts_at"], name="meeting_tenant_start"), models.Index(fields=["forum", "starts_at"], name="meeting_forum_start")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="meeting_tenant_id"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            models.UniqueConstraint(fields=["forum", "planned_for"], condition=~Q(planned_for=""), name="meeting_planned_once"),
            TenantForeignKey("forum", name="meeting_forum_same_tenant"),
            TenantForeignKey("approved_at_meeting", name="meeting_approved_at_same_tenant"),
            RowSecurity("meeting", name="meeting_rls"),
        ]

    @property
    def is_locked(self) -> bool:
        """True when the minutes are approved: a correction is a new note."""
        return self.status in (Meeting.Status.APPROVED, Meeting.Status.CANCELLED)

    @property
    def is_open(self) -> bool:
        """True while the agenda and the minutes may be written."""
        return self.status in (Meeting.Status.DRAFT, Meeting.Status.CALLED, Meeting.Status.CLOSED)

    @property
    def is_planned(self) -> bool:
        """True before it is held: the agenda, time and place may still be changed."""
        return self.status in (Meeting.Status.DRAFT, Meeting.Status.CALLED)

    @property
    def takes_proposals(self) -> bool:
        """True while members may propose items for it."""
        if self.proposals_until is None:
            return self.status == Meeting.Status.DRAFT
        return self.is_planned and timezone.localdate() <= self.proposals_until

    @property
    def has_begun(self) -> bool:
        """True from the time it starts. Before that it can neither be closed nor its minutes approved."""
        return self.starts_at <= timezone.now()

    @property
    def is_its_day(self) -> bool:
        """True from the day it is on. Before that it is prepared: nobody has been present, and nothing has been decided."""
        return timezone.localtime(self.starts_at).date() <= timezone.localdate()

    @property
    def is_held(self) -> bool:
        """True once it is closed: there are minutes to read."""
        return self.status in (Meeting.Status.CLOSED, Meeting.Status.APPROVED)

    @property
    def planned_minutes(self) -> int:
        """How long it is planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y}"


class Attendance(TenantRow):
    """Whether the holder of a seat comes, and whether he came."""

    class Reply(models.TextChoices):
        NONE = "NONE", _("No answer")
        YES = "YES", _("Comes")
        NO = "NO", _("Does not come")

    class Presence(models.TextChoices):
        UNKNOWN = "UNKNOWN", _("Not noted")
        PRESENT = "PRESENT", _("Present")
        EXCUSED = "EXCUSED", _("Sent apologies")
        ABSENT = "ABSENT", _("Absent")

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    reply = models.CharField(max_length=8, choices=Reply, default=Reply.NONE)
    presence = models.CharField(max_length=8, choices=Presence, default=Presence.UNKNOWN)
    # a deputy: in whose place he is asked to come, and whether he was called for that alone; and of one who does not come: that nobody comes for him
    stands_in_for = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("comes in another’s place"))
    is_called_as_deputy = models.BooleanField(default=False)
    is_without_deputy = models.BooleanField(_("no deputy"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once"),
            models.UniqueConstraint(fields=["tenant", "id"], name="attendance_tenant_id"),
            models.CheckConstraint(condition=Q(is_without_deputy=False) | Q(reply="NO"), name="attendance_no_deputy_no_reply"),
            TenantForeignKey("stands_in_for", name="attendance_stands_in_same_tenant"),
            TenantForeignKey("forum", name="attendance_forum_same_tenant"),
            TenantForeignKey("meeting", name="attendance_meeting_same_tenant"),
            TenantForeignKey("seat", name="attendance_seat_same_tenant"),
            RowSecurity("agenda_forum", name="attendance_rls"),
        ]

    def is_expected(self, starts_at: datetime) -> bool:
        """False of who has said that he does not come, and of who was called with a seat that is over when the meeting begins."""
        ends = self.seat.valid_to
        return self.reply != self.Reply.NO and (ends is None or ends > starts_at)

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.presence}"
