"""Funktionsbeskrivelser: what each member of a forum does there, approved by the leaders who send him."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models import Meeting
from municipalities.models import Forum, Organisation, TenantRow


class FunctionDescription(TenantRow):
    """One function in one forum: drafted at a meeting, approved by every leader named on it, final at a later meeting.

    An approval is the `FunctionRecord` of a leader in the round that runs. A round ends when the draft is written or sent
    back: then the next one begins, and what was approved in the last one counts no more.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        AT_LEADER = "AT_LEADER", _("With the leaders")
        APPROVED = "APPROVED", _("Approved by the leaders")
        FINAL = "FINAL", _("Final")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="functions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="functions")
    title = models.CharField(_("function"), max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    tasks = models.TextField(_("overall tasks"), blank=True)
    duties = models.TextField(_("special duties"), blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    number = models.PositiveSmallIntegerField(default=1)  # of the version that is being written
    leader_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)  # users; row security reads it. A draft without any has the organisation's
    round = models.PositiveSmallIntegerField(default=1)  # of approval; never begins anew
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # whoever wrote last; nobody while it comes from a preset
    drafted_at = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="+")
    drafted_on = models.DateField(null=True, blank=True)
    final_at = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="+")
    final_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)  # by the last of the leaders

    class Meta:
        ordering = ["order", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="functiondescription_tenant_id"),
            models.UniqueConstraint(fields=["forum", "title"], name="functiondescription_title"),
            models.CheckConstraint(condition=Q(status="DRAFT") | Q(drafted_on__isnull=False), name="functiondescription_drafted_first"),
            models.CheckConstraint(condition=Q(status__in=["DRAFT", "AT_LEADER"]) | Q(approved_on__isnull=False), name="functiondescription_approved_first"),
            TenantForeignKey("forum", name="functiondescription_forum_same_tenant"),
            TenantForeignKey("organisation", name="functiondescription_organisation_same_tenant"),
            TenantForeignKey("drafted_at", name="functiondescription_drafted_same_tenant"),
            TenantForeignKey("final_at", name="functiondescription_final_same_tenant"),
            RowSecurity("function_description_2", name="functiondescription_rls"),
        ]

    @property
    def may_be_written(self) -> bool:
        """True for a draft, and for what the leaders have approved: changed, it goes to them anew."""
        return self.status in (FunctionDescription.Status.DRAFT, FunctionDescription.Status.APPROVED)

    @property
    def is_final(self) -> bool:
        """True when the forum has decided it."""
        return self.status == FunctionDescription.Status.FINAL

    def __str__(self) -> str:
        return self.title


class FunctionRecord(TenantRow):
    """One step on the way of a description. Written once."""

    class Step(models.TextChoices):
        SENT = "SENT", _("Sent to the leaders")
        NAMED = "NAMED", _("Leader named")
        REMOVED = "REMOVED", _("Leader taken off")
        SENT_BACK = "SENT_BACK", _("Sent back")
        WITHDRAWN = "WITHDRAWN", _("Taken back by the forum")
        CHANGED = "CHANGED", _("Changed after the approval")
        APPROVED = "APPROVED", _("Approved by a leader")
        FINAL = "FINAL", _("Final")
        REOPENED = "REOPENED", _("New version begun")

    description = models.ForeignKey(FunctionDescription, models.CASCADE, related_name="records")
    step = models.CharField(max_length=10, choices=Step)
    number = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    leader = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # who was named or taken off
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(step="SENT_BACK", comment=""), name="functionrecord_sent_back_has_comment"),
            TenantForeignKey("description", name="functionrecord_description_same_tenant"),
            RowSecurity("function_step", name="functionrecord_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.description_id} v{self.number}: {self.get_step_display()}"


class FunctionVersion(TenantRow):
    """The text as it became final: frozen and hashed."""

    description = models.ForeignKey(FunctionDescription, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    final_on = models.DateField()
    approvals = models.JSONField(default=list)  # [{"name", "on"}]: who had approved it, as they were called then

    class Meta:
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["description", "number"], name="functionversion_once"),
            TenantForeignKey("description", name="functionversion_description_same_tenant"),
            RowSecurity("function_record", name="functionversion_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.description_id} v{self.number}"
