"""What one forum sends to another of the kommune, up or down, and the answer that comes back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from access.roles import DataClass
from meetings.models.item import AgendaItem
from municipalities.models import Forum, TenantRow


class Handover(TenantRow):
    """An item, or from a forum with person data a theme without any trace of a person, that another forum is asked to take up.

    A theme is written anew: it points at no item, and a second member of the forum approves it before it is sent.
    """

    forum_field: ClassVar[str] = "from_forum_id"

    class Direction(models.TextChoices):
        UP = "UP", _("Up")
        DOWN = "DOWN", _("Down")

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        WAITS_FOR_SECOND = "WAITS_FOR_SECOND", _("Waits for a second member")
        SENT = "SENT", _("Sent")
        TAKEN = "TAKEN", _("On the agenda")
        ANSWERED = "ANSWERED", _("Answered")
        DECLINED = "DECLINED", _("Declined")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    from_forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    from_item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="handovers_out")
    to_forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=4, choices=Direction)
    is_theme = models.BooleanField(default=False)  # from a forum with person data
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it is about"))
    data_class = models.CharField(_("data class"), max_length=20, choices=DataClass, default=DataClass.INTERNAL)
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    to_item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="handovers_in")
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["from_forum", "status"], name="handover_from_status"), models.Index(fields=["to_forum", "status"], name="handover_to_status")]
        constraints = [
            models.CheckConstraint(condition=Q(data_class__in=["PUBLIC", "INTERNAL", "AGGREGATE"]), name="handover_no_person_class"),
            models.CheckConstraint(condition=~Q(from_forum=F("to_forum")), name="handover_to_another"),
            models.CheckConstraint(condition=Q(is_theme=False) | Q(from_item__isnull=True), name="handover_theme_has_no_item"),
            models.CheckConstraint(
                condition=Q(is_theme=False) | Q(status__in=["DRAFT", "WAITS_FOR_SECOND"]) | (Q(approved_by__isnull=False) & ~Q(approved_by=F("asked_by"))),
                name="handover_theme_has_a_second",
            ),
            TenantForeignKey("from_forum", name="handover_from_forum_same_tenant"),
            TenantForeignKey("from_item", name="handover_from_item_same_tenant"),
            TenantForeignKey("to_forum", name="handover_to_forum_same_tenant"),
            TenantForeignKey("to_item", name="handover_to_item_same_tenant"),
            RowSecurity("handover", name="handover_rls"),
        ]

    @property
    def is_unsent(self) -> bool:
        """True while only the forum that writes it has it."""
        return self.status in (Handover.Status.DRAFT, Handover.Status.WAITS_FOR_SECOND)

    @property
    def waits_to_be_taken(self) -> bool:
        """True while it stands on no agenda of the forum that got it; again when its item was taken off."""
        return self.status == Handover.Status.SENT or (self.status == Handover.Status.TAKEN and self.to_item_id is None)

    def __str__(self) -> str:
        return str(self.pk)  # stands in the log, which is never erased: not the title
