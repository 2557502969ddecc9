"""What an aftale of a meeting and one of a case have in common: by when, moved from when, and whether it is carried out."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.party import Partied


class Agreed(Partied):
    """Abstract: an aftale. Who does it: `parties`; what it is about, and where it was agreed, each kind says itself."""

    class Status(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        DROPPED = "DROPPED", _("Dropped")

    # each kind keeps them where they belong
    public_id: Any
    what: Any
    steps: ClassVar[Any]

    due_on = models.DateField(_("by when"))
    # the minutes keep the day that was agreed there, and their checksum with it; empty until the day is moved
    moved_from = models.DateField(null=True, blank=True, editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_done(self) -> bool:
        """True when it is carried out."""
        return self.status == Agreed.Status.DONE

    @property
    def is_overdue(self) -> bool:
        """True when it is open and its day has passed."""
        return self.status == Agreed.Status.OPEN and self.due_on < timezone.localdate()

    @property
    def is_as_agreed(self) -> bool:
        """True while nothing has become of it: then it can be put right in open minutes."""
        return self.status == Agreed.Status.OPEN and self.moved_from is None and self.round == 1

    @property
    def agreed_day(self) -> date:
        """The day that was agreed, wherever it has been moved since."""
        return self.moved_from or self.due_on
