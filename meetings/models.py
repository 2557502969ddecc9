"""Meetings, agendas, attendance, minutes and agreements (aftaler). No data about a child, by construction:

an item of class PERSON_115 has a constant title and no text of its own; what is said about a child lives in `cases`.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from access.roles import DataClass
from meetings.querysets import MeetingQuerySet
from municipalities.models import Forum, Seat, TenantRow

CLOSED_ITEM_TITLE = "§ 115"


class ItemKind(models.TextChoices):
    """What the meeting does with an item."""

    ORIENTERING = "ORIENTERING", _("Information")
    DROEFTELSE = "DROEFTELSE", _("Discussion")
    BESLUTNING = "BESLUTNING", _("Decision")
    SAG = "SAG", _("Case")
    DATA = "DATA", _("Data")


class AgendaTemplate(TenantRow):
    """A forum's standing agenda."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="agenda_templates")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="agendatemplate_tenant_id"),
            TenantForeignKey("forum", name="agendatemplate_forum_same_tenant"),
            RowSecurity("agenda_forum", name="agendatemplate_rls"),
        ]

    def __str__(self) -> str:
        return self.name


class AgendaTemplateItem(TenantRow):
    """A standing item; never of a person class: cases are put on the agenda one by one."""

    template = models.ForeignKey(AgendaTemplate, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    presenter = models.CharField(max_length=120, blank=True)
    duration = models.PositiveSmallIntegerField(default=10)  # minutes
    kind = models.CharField(max_length=12, choices=ItemKind, default=ItemKind.ORIENTERING)
    data_class = models.CharField(max_length=20, choices=DataClass, default=DataClass.INTERNAL)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(condition=~Q(data_class__in=["PERSON_115", "PERSON_INFOHUS"]), name="agendatemplateitem_no_person"),
            TenantForeignKey("template", name="agendatemplateitem_template_same_tenant"),
            RowSecurity("member", name="agendatemplateitem_rls"),
        ]

    def __str__(self) -> str:
        return self.title


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
    called_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)  # of the invitation, RFC 5545
    closed_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    content_hash = models.CharField(max_length=64, blank=True)  # of the minutes as they were approved

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["tenant", "starts_at"], name="meeting_tenant_start"), models.Index(fields=["forum", "starts_at"], name="meeting_forum_start")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="meeting_tenant_id"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            TenantForeignKey("forum", name="meeting_forum_same_tenant"),
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
    def is_held(self) -> bool:
        """True once it is closed: there are minutes to read."""
        return self.status in (Meeting.Status.CLOSED, Meeting.Status.APPROVED)

    @property
    def planned_minutes(self) -> int:
        """How long it is planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y}"


class AgendaItem(TenantRow):
    """One item of an agenda and its minutes. Row security shows it by the item's own class."""

    guest_label: ClassVar[str] = "meetings.AgendaItem"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    presenter = models.CharField(_("presenter"), max_length=120, blank=True)
    duration = models.PositiveSmallIntegerField(_("minutes"), default=10)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.ORIENTERING)
    data_class = models.CharField(_("data class"), max_length=20, choices=DataClass, default=DataClass.INTERNAL)
    text = models.TextField(_("minutes of the item"), blank=True)
    text_version = models.PositiveIntegerField(default=0)
    decision = models.TextField(_("decision"), blank=True)
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["meeting", "order"], name="agendaitem_meeting_order")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="agendaitem_tenant_id"),
            # an agenda cannot leak a child's name: nothing about a child can stand here
            models.CheckConstraint(
                condition=~Q(data_class__in=["PERSON_115", "PERSON_INFOHUS"]) | Q(title=CLOSED_ITEM_TITLE, text="", decision=""), name="agendaitem_person_has_no_text"
            ),
            TenantForeignKey("forum", name="agendaitem_forum_same_tenant"),
            TenantForeignKey("meeting", name="agendaitem_meeting_same_tenant"),
            RowSecurity("agenda_item", name="agendaitem_rls"),
        ]

    @property
    def is_closed(self) -> bool:
        """True for an item of the closed part."""
        return DataClass(self.data_class).is_person

    def __str__(self) -> str:
        return CLOSED_ITEM_TITLE if self.is_closed else self.title


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once"),
            TenantForeignKey("forum", name="attendance_forum_same_tenant"),
            TenantForeignKey("meeting", name="attendance_meeting_same_tenant"),
            TenantForeignKey("seat", name="attendance_seat_same_tenant"),
            RowSecurity("agenda_forum", name="attendance_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.presence}"


class Agreement(TenantRow):
    """An aftale of a general item: who does what by when. Visible to whoever sees the item."""

    class Status(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        DROPPED = "DROPPED", _("Dropped")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agreements")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="agreements")
    who = models.ForeignKey(User, models.PROTECT, related_name="agreements")
    what = models.CharField(_("what"), max_length=300)
    due_on = models.DateField(_("by when"))
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    @property
    def is_done(self) -> bool:
        """True when it is carried out."""
        return self.status == Agreement.Status.DONE

    @property
    def is_overdue(self) -> bool:
        """True when it is open and its day has passed."""
        return self.status == Agreement.Status.OPEN and self.due_on < timezone.localdate()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["tenant", "who", "status", "due_on"], name="agreement_mine")]
        constraints = [
            TenantForeignKey("forum", name="agreement_forum_same_tenant"),
            TenantForeignKey("meeting", name="agreement_meeting_same_tenant"),
            TenantForeignKey("item", name="agreement_item_same_tenant"),
            RowSecurity("item_child", name="agreement_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%d.%m.%Y}"


class CorrectionNote(TenantRow):
    """A correction of approved minutes: a new note, never a change of what was approved."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="notes")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("correction"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            TenantForeignKey("item", name="correctionnote_item_same_tenant"),
            TenantForeignKey("meeting", name="correctionnote_meeting_same_tenant"),
            RowSecurity("item_record", name="correctionnote_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.created_at:%Y-%m-%d}"
