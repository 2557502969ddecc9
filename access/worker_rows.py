"""What a row that the worker makes something for has in common: how far it has come, and whether a worker that lives is at it."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(seconds=30)  # longer than the longest step of a worker that lives; after it another may take over
GIVEN_UP_AFTER = timedelta(minutes=3)  # far longer than it takes; should both runs finish, the first one counts


class WorkerRow(models.Model):
    """Ordered, made, ready or failed. While a worker lives it touches the row at each step."""

    lease: ClassVar[timedelta] = LEASE

    class Status(models.TextChoices):
        QUEUED = "QUEUED", _("Waiting")
        RUNNING = "RUNNING", _("Being made")
        DONE = "DONE", _("Ready")
        FAILED = "FAILED", _("Failed")

    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    step = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=300, blank=True)
    touched_at = models.DateTimeField(auto_now=True)  # the worker's last sign of life

    class Meta:
        abstract = True

    @property
    def is_in_hand(self) -> bool:
        """True while a worker that gives signs of life is at it."""
        return self.lease_left > timedelta(0)

    @property
    def lease_left(self) -> timedelta:
        """How long another worker has to wait before it may take over; none when nobody is at it."""
        left = self.touched_at + self.lease - timezone.now()
        return max(left, timedelta(0)) if self.status == self.Status.RUNNING else timedelta(0)

    @property
    def is_given_up(self) -> bool:
        """True when the worker has not been heard from for so long that it may be started again."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING) and timezone.now() - self.touched_at > GIVEN_UP_AFTER

    @property
    def is_running(self) -> bool:
        """True while the worker is not finished with it."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING) and not self.is_given_up

    @property
    def may_be_restarted(self) -> bool:
        """True when «Prøv igen» makes sense."""
        return self.status == self.Status.FAILED or self.is_given_up
