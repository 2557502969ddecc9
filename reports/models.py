"""Ordered reports: counts only, made by the worker, stored sealed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from access.actor import Actor
from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from access.roles import Verb
from access.worker_rows import WorkerRow
from municipalities.models import Forum, TenantRow
from reports.periods import HalfYear


class ReportQuerySet(models.QuerySet["Report"]):
    """Reads over many reports."""

    def readable_by(self, actor: Actor) -> "ReportQuerySet":
        """Those that the actor may read: ordered by one of his forums, or written for one."""
        forums = actor.forums_with(Verb.VIEW_REPORT) | actor.forums_with(Verb.ORDER_REPORT)
        return self.filter(Q(forum__in=forums) | Q(audience__in=forums), Q(tenant_id=actor.tenant_id))


class Report(TenantRow, WorkerRow):
    """The report for the Lokalråd about one half-year, and how far the worker has come with it.

    One row for each half-year: its figures are read once and then stand fast, so that two versions cannot be subtracted.
    """

    forum_field: ClassVar[str] = "audience_id"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")  # that prepares it
    audience = models.ForeignKey(Forum, models.PROTECT, related_name="reports")  # the Lokalråd that reads it
    period_from = models.DateField()
    period_to = models.DateField()
    figures = models.JSONField(default=dict)  # as the figure functions answered: already suppressed
    file_key = models.CharField(max_length=40, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(auto_now_add=True)
    attempt = models.PositiveSmallIntegerField(default=1)  # tried again: who looked after the earlier one leaves this one alone
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs reads the manager, not the queryset

    class Meta:
        ordering = ["-period_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="report_period"),
            models.UniqueConstraint(fields=["audience", "period_from"], name="report_once_a_period"),
            TenantForeignKey("forum", name="report_forum_same_tenant"),
            TenantForeignKey("audience", name="report_audience_same_tenant"),
            RowSecurity("report", name="report_rls"),
        ]

    @property
    def half_year(self) -> HalfYear:
        """The period as one half-year."""
        return HalfYear.of(self.period_from)

    def __str__(self) -> str:
        return f"{self.period_from}–{self.period_to}"
