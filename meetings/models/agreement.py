"""Agreements (aftaler) of general items, and what became of them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models.agreed import Agreed
from meetings.models.item import AgendaItem
from meetings.models.meeting import Meeting
from meetings.models.party import PartiedQuerySet, Party
from municipalities.models import Forum, TenantRow


class Agreement(Agreed, TenantRow):
    """An aftale of a general item: who does what by when. Visible to whoever sees the item. Who: `parties`, one or several."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agreements")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="agreements")
    what = models.CharField(_("what"), max_length=300)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = PartiedQuerySet["Agreement"].as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["tenant", "status", "due_on"], name="agreement_open")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="agreement_tenant_id"),
            TenantForeignKey("forum", name="agreement_forum_same_tenant"),
            TenantForeignKey("meeting", name="agreement_meeting_same_tenant"),
            TenantForeignKey("item", name="agreement_item_same_tenant"),
            RowSecurity("item_child_2", name="agreement_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%d.%m.%Y}"


class AgreementParty(Party):
    """One who is responsible for an agreement: a person, or a seat. Written once, in rounds (`Party`); the first is put right while the minutes are open."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+")
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["tenant", "user"], name="agreementparty_user"), models.Index(fields=["tenant", "seat"], name="agreementparty_seat")]
        constraints = [
            models.CheckConstraint(condition=Q(user=None) ^ Q(seat=None), name="agreementparty_person_or_seat"),
            models.UniqueConstraint(fields=["agreement", "round", "user"], name="agreementparty_user_once"),
            models.UniqueConstraint(fields=["agreement", "round", "seat"], name="agreementparty_seat_once"),
            TenantForeignKey("item", name="agreementparty_item_same_tenant"),
            TenantForeignKey("agreement", name="agreementparty_agreement_same_tenant"),
            TenantForeignKey("seat", name="agreementparty_seat_same_tenant"),
            RowSecurity("agreement_party_2", name="agreementparty_rls"),
        ]


class AgreementStep(TenantRow):
    """What was done with an agreement, by whom, with which remark. Written once: the history is never changed."""

    class Kind(models.TextChoices):
        DONE = "DONE", _("Done")
        MOVED = "MOVED", _("Moved to another day")
        DROPPED = "DROPPED", _("Dropped")
        REOPENED = "REOPENED", _("Opened again")
        HANDED = "HANDED", _("Handed over")

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+")
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    due_on = models.DateField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(null=True, blank=True)  # of a handing over: the parties it made responsible
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            TenantForeignKey("item", name="agreementstep_item_same_tenant"),
            TenantForeignKey("agreement", name="agreementstep_agreement_same_tenant"),
            RowSecurity("agreement_step", name="agreementstep_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.get_kind_display()}"
