"""What stands on an agenda and in its minutes. An item of a person class has a constant title and no text of its own."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from access.roles import DataClass
from meetings.models.kinds import CLOSED_ITEM_TITLE, Fill, ItemKind, PresenterKind
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class AgendaItem(TenantRow):
    """One item of an agenda and its minutes. Row security shows it by the item's own class."""

    guest_label: ClassVar[str] = "meetings.AgendaItem"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")  # one level deep
    order = models.PositiveSmallIntegerField()  # through the whole agenda, an item before its sub-items
    title = models.CharField(_("title"), max_length=200)
    presenter = models.CharField(_("presenter"), max_length=120, blank=True)
    presenter_kind = models.CharField(max_length=4, choices=PresenterKind, default=PresenterKind.ROLE)
    is_optional = models.BooleanField(_("only if needed"), default=False)  # «evt.»
    fill = models.CharField(max_length=16, choices=Fill, default=Fill.NOTHING, blank=True)
    is_withdrawn = models.BooleanField(default=False)  # taken off after the call: it keeps its number
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")  # what was minuted stays where it was
    duration = models.PositiveSmallIntegerField(_("minutes"), default=10)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.ORIENTERING)
    data_class = models.CharField(_("data class"), max_length=20, choices=DataClass, default=DataClass.INTERNAL)
    text = models.TextField(_("minutes of the item"), blank=True)
    text_version = models.PositiveIntegerField(default=0)
    # who wrote text and decision as they are: told to whoever meets him there. No index: each save would have to keep it
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False)
    saved_at = models.DateTimeField(null=True, blank=True, editable=False)
    decision = models.TextField(_("decision"), blank=True)
    is_done = models.BooleanField(default=False)
    # the clock of the item, apart from whether it is done: its latest stretch, and the seconds of those before
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    spent_before = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["meeting", "order"], name="agendaitem_meeting_order")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="agendaitem_tenant_id"),
            # an agenda cannot leak a child's name: nothing about a child can stand here
            models.CheckConstraint(
                condition=~Q(data_class__in=["PERSON_115", "PERSON_INFOHUS"]) | Q(title=CLOSED_ITEM_TITLE, text="", decision=""), name="agendaitem_person_has_no_text"
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at"), started_at__isnull=False), name="agendaitem_ends_after_start"),
            models.CheckConstraint(condition=~Q(parent=F("id")) & ~Q(carried_from=F("id")), name="agendaitem_not_its_own"),
            models.UniqueConstraint(fields=["tenant", "meeting", "id"], name="agendaitem_meeting_id"),
            TenantForeignKey("parent", within="meeting", name="agendaitem_parent_same_meeting"),
            TenantForeignKey("carried_from", name="agendaitem_carried_from_same_tenant"),
            TenantForeignKey("forum", name="agendaitem_forum_same_tenant"),
            TenantForeignKey("meeting", name="agendaitem_meeting_same_tenant"),
            RowSecurity("agenda_item_2", name="agendaitem_rls"),
        ]

    @property
    def is_closed(self) -> bool:
        """True for an item of the closed part."""
        return DataClass(self.data_class).is_person

    @property
    def is_running(self) -> bool:
        """True while its clock runs."""
        return self.started_at is not None and self.ended_at is None

    def seconds_spent(self, now: datetime) -> int:
        """How long it has taken until now, over all its stretches."""
        latest = ((self.ended_at or now) - self.started_at).total_seconds() if self.started_at else 0
        return self.spent_before + max(0, int(latest))

    def __str__(self) -> str:
        return CLOSED_ITEM_TITLE if self.is_closed else str(self.pk)  # stands in the log, which is never erased: not the title


class ItemRecusal(TenantRow):
    """Somebody is kept out of one item (inhabil): to him it is not there, on no page, in no document, in no search."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="recusals")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="itemrecusal_once"),
            TenantForeignKey("item", name="itemrecusal_item_same_tenant"),
            TenantForeignKey("meeting", name="itemrecusal_meeting_same_tenant"),
            TenantForeignKey("forum", name="itemrecusal_forum_same_tenant"),
            RowSecurity("item_recusal_2", name="itemrecusal_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.user_id}"


class CorrectionNote(TenantRow):
    """A correction of approved minutes: a new note, never a change of what was approved."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="notes")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("correction"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            TenantForeignKey("item", name="correctionnote_item_same_tenant"),
            TenantForeignKey("meeting", name="correctionnote_meeting_same_tenant"),
            RowSecurity("item_record_2", name="correctionnote_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.created_at:%Y-%m-%d}"
