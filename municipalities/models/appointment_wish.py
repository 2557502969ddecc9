"""The wish to appoint somebody DPO or IT administrator: asked for by an administrator, decided by somebody else."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.cpr import refuse_cpr
from access.models import User
from access.public_ids import PublicIdField
from access.roles import AppointmentRole
from municipalities.models.tenant import TenantRow

ASKED_FOR = (AppointmentRole.DPO, AppointmentRole.ADMIN)  # the roles that give a verb, and so take two persons


class AppointmentWish(TenantRow):
    """A person's way to a role on the tenant. The database appoints nobody to a role with verbs without one, or an operator.

    The person is named by the address and the name that were written: until the wish is carried out there is no account.
    """

    class Status(models.TextChoices):
        ASKED = "ASKED", _("Waits for a second person")
        APPROVED = "APPROVED", _("Approved, not carried out")
        REFUSED = "REFUSED", _("Refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        DONE = "DONE", _("Carried out")

    OPEN = (Status.ASKED, Status.APPROVED)
    LASTS = timedelta(days=30)  # what a second person was asked so long ago is asked again, not carried out unseen

    public_id = PublicIdField()
    role = models.CharField(_("role"), max_length=10, choices=[(role.value, role.label) for role in ASKED_FOR])
    name = models.CharField(_("name"), max_length=100, validators=[refuse_cpr])
    email = models.EmailField(_("e-mail address"), max_length=150)  # in small letters, as of accounts
    reason = models.CharField(_("reason"), max_length=300, validators=[refuse_cpr])
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("wish for an appointment")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "role", "email"], condition=Q(status__in=["ASKED", "APPROVED"]), name="appointmentwish_one_open"),
            models.CheckConstraint(condition=Q(role__in=["DPO", "ADMIN"]), name="appointmentwish_role"),
            models.CheckConstraint(
                condition=~Q(status__in=["APPROVED", "DONE"]) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))), name="appointmentwish_two_persons"
            ),
            RowSecurity("appointment_wish", name="appointmentwish_rls"),
        ]

    @property
    def is_open(self) -> bool:
        """True while it may still be decided or carried out."""
        return self.status in AppointmentWish.OPEN and not self.has_lapsed

    @property
    def lapses_at(self) -> datetime:
        """The moment from which it can no longer be decided or carried out."""
        moment: datetime = self.asked_at + AppointmentWish.LASTS
        return moment

    @property
    def has_lapsed(self) -> bool:
        """True when nobody decided it, or carried it out, in time."""
        return self.status in AppointmentWish.OPEN and self.lapses_at <= timezone.now()

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.name}"
