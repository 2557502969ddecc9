"""What somebody has been told of by mail already: rows that are written once, so that nobody is told twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from meetings.models.agreement import Agreement
from municipalities.models import TenantRow


class WeeklyMail(TenantRow):
    """One person has been told of one week in one kommune, or there was nothing to tell."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    monday = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "monday"], name="weeklymail_once"), RowSecurity("told_once", name="weeklymail_rls")]

    def __str__(self) -> str:
        return f"{self.monday}"


class Threshold(models.TextChoices):
    """When somebody is reminded of an aftale."""

    SOON = "SOON", _("Three days before")
    OVERDUE = "OVERDUE", _("When the day has passed")


class Reminder(TenantRow):
    """Abstract: one person has been reminded of one `agreement` that was due on this day. With another day it is another reminder."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    threshold = models.CharField(max_length=7, choices=Threshold)
    due_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.due_on}: {self.threshold}"


class AgreementReminder(Reminder):
    """Of an aftale of a general item."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "agreement", "user", "threshold", "due_on"], name="agreementreminder_once"),
            TenantForeignKey("agreement", name="agreementreminder_agreement_same_tenant"),
            RowSecurity("told_once", name="agreementreminder_rls"),
        ]
