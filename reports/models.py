"""Ordered reports: counts only, made by the worker, stored sealed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from municipalities.models import Forum, TenantRow


class Report(TenantRow):
    """A report for the Lokalråd about one half-year, and how far the worker has come with it."""

    forum_field: ClassVar[str] = "audience_id"

    class Status(models.TextChoices):
        QUEUED = "QUEUED", _("Waiting")
        RUNNING = "RUNNING", _("Being made")
        DONE = "DONE", _("Ready")
        FAILED = "FAILED", _("Failed")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")  # that prepares it
    audience = models.ForeignKey(Forum, models.PROTECT, related_name="reports")  # the Lokalråd that reads it
    period_from = models.DateField()
    period_to = models.DateField()
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    step = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=300, blank=True)
    file_key = models.CharField(max_length=40, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="report_period"),
            TenantForeignKey("forum", name="report_forum_same_tenant"),
            TenantForeignKey("audience", name="report_audience_same_tenant"),
            RowSecurity("report", name="report_rls"),
        ]

    @property
    def is_running(self) -> bool:
        """True while the worker is not finished with it."""
        return self.status in (Report.Status.QUEUED, Report.Status.RUNNING)

    def __str__(self) -> str:
        return f"{self.period_from}–{self.period_to}"
