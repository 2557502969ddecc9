"""The order that takes a whole kommune out of the product: by the administrator, confirmed by the DPO, made by the worker."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.models import User
from access.public_ids import new_public_id
from access.worker_rows import WorkerRow
from municipalities.models.tenant import TenantRow


class ExportOrder(TenantRow, WorkerRow):
    """One export: who ordered and confirmed it, how far the worker is, and until when the file can be fetched."""

    lease: ClassVar[timedelta] = timedelta(seconds=60)  # a large file between two signs of life takes its time

    class Status(models.TextChoices):  # more than other rows of the worker have: two persons, and a file for some days
        ORDERED = "ORDERED", _("Waits for the DPO")
        CANCELLED = "CANCELLED", _("Called off")
        QUEUED = "QUEUED", _("Waits for the worker")
        RUNNING = "RUNNING", _("Being made")
        DONE = "DONE", _("Ready")
        FAILED = "FAILED", _("Failed")
        REMOVED = "REMOVED", _("File removed")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    reason = models.CharField(_("why"), max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.ORDERED)
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    key_sealed = models.TextField(blank=True)  # the file's key, from the passphrase; taken away when the file is made
    salt = models.CharField(max_length=32, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    archive_key = models.CharField(max_length=40, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)  # tried again: who looked after the earlier one leaves this one alone

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("ordered_by")), name="exportorder_two_persons"),
            models.CheckConstraint(condition=Q(status__in=["ORDERED", "CANCELLED"]) | Q(confirmed_by__isnull=False), name="exportorder_confirmed_first"),
            models.UniqueConstraint(fields=["tenant"], condition=Q(status__in=["ORDERED", "QUEUED", "RUNNING"]), name="exportorder_one_at_a_time"),
            RowSecurity("export_order", name="exportorder_rls"),
        ]

    @property
    def may_be_restarted(self) -> bool:
        """True when «Prøv igen» makes sense: the key of the passphrase is still there."""
        return self.is_given_up or (self.status == ExportOrder.Status.FAILED and bool(self.key_sealed))

    @property
    def is_ready(self) -> bool:
        """True while the file can be fetched."""
        return self.status == ExportOrder.Status.DONE and self.expires_at is not None and timezone.now() < self.expires_at

    def __str__(self) -> str:
        return self.public_id
