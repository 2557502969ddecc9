"""What members propose for a meeting's agenda, and the forum's parking lot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models.item import AgendaItem
from meetings.models.kinds import ItemKind
from meetings.models.meeting import Meeting
from municipalities.models import Forum, TenantRow


class ItemProposal(TenantRow):
    """A member proposes an item. It waits for a meeting or is parked, until who convenes takes it on an agenda or declines it. No person data."""

    class Status(models.TextChoices):
        WAITING = "WAITING", _("Waits for an answer")
        PARKED = "PARKED", _("In the parking lot")
        TAKEN = "TAKEN", _("On the agenda")
        DECLINED = "DECLINED", _("Declined")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="+")  # the one it was proposed for
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("why"), blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.DROEFTELSE)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    sentence = models.CharField(_("answer to the proposer"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    taken_to = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="proposals")

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["forum", "status"], name="itemproposal_forum_status")]
        constraints = [
            models.CheckConstraint(condition=Q(taken_to__isnull=True) | Q(status="TAKEN"), name="itemproposal_taken_has_status"),
            models.CheckConstraint(condition=~Q(kind="SAG"), name="itemproposal_no_case"),
            TenantForeignKey("forum", name="itemproposal_forum_same_tenant"),
            TenantForeignKey("meeting", name="itemproposal_meeting_same_tenant"),
            TenantForeignKey("taken_to", name="itemproposal_taken_to_same_tenant"),
            RowSecurity("item_proposal", name="itemproposal_rls"),
        ]

    @property
    def is_undecided(self) -> bool:
        """True while it can still come on an agenda."""
        return self.status in (ItemProposal.Status.WAITING, ItemProposal.Status.PARKED)

    def __str__(self) -> str:
        return str(self.pk)  # stands in the log, which is never erased: not the title
