"""The samarbejdsplan of a politikreds: published every year after discussion in the Kredsråd (retsplejeloven §§ 111 and 113)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models import Meeting
from municipalities.models import Forum, TenantRow


class CooperationPlan(TenantRow):
    """The text of one year while it is written. What is published stands in CooperationVersion, for good."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        DISCUSSED = "DISCUSSED", _("Discussed in the Kredsråd")
        PUBLISHED = "PUBLISHED", _("Published")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")  # the Kredsråd
    year = models.PositiveSmallIntegerField(_("year"))
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    number = models.PositiveSmallIntegerField(default=1)  # of the version that is being written
    sections = models.JSONField(default=list)  # [{"heading": …, "text": …}], plain text
    written_at = models.DateTimeField(null=True, blank=True)  # when the text was last changed
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="+")
    discussed_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="cooperationplan_tenant_id"),
            models.UniqueConstraint(fields=["tenant", "year"], name="cooperationplan_year"),
            models.CheckConstraint(condition=models.Q(status="DRAFT") | models.Q(discussed_on__isnull=False), name="cooperationplan_discussed_first"),
            TenantForeignKey("forum", name="cooperationplan_forum_same_tenant"),
            TenantForeignKey("meeting", name="cooperationplan_meeting_same_tenant"),
            RowSecurity("cooperation_plan", name="cooperationplan_rls"),
        ]

    @property
    def is_open(self) -> bool:
        """True while the text may be changed."""
        return self.status != CooperationPlan.Status.PUBLISHED

    @property
    def content(self) -> dict[str, Any]:
        """What is frozen when it is published."""
        return {"year": self.year, "sections": self.sections}

    def __str__(self) -> str:
        return f"Samarbejdsplan {self.year}"


class CooperationVersion(TenantRow):
    """A published text: frozen, hashed, read by everybody with or without a login. Written once."""

    plan = models.ForeignKey(CooperationPlan, models.PROTECT, related_name="versions")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    forum_name = models.CharField(max_length=100)
    discussed_on = models.DateField()
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-year", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="cooperationversion_once"),
            TenantForeignKey("plan", name="cooperationversion_plan_same_tenant"),
            RowSecurity("published", name="cooperationversion_rls"),
        ]

    def __str__(self) -> str:
        return f"Samarbejdsplan {self.year}, version {self.number}"
