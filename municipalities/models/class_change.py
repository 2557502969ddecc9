"""The wish to let a forum handle more than it may now: asked for by an administrator, decided by somebody else."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.cpr import refuse_cpr
from access.models import User
from access.public_ids import PublicIdField
from access.roles import DataClass, ForumKind
from municipalities.models.forum import Forum
from municipalities.models.tenant import TenantRow


class ClassChangeQuerySet(models.QuerySet["ClassChange"]):
    """Reads over many."""

    def waiting(self) -> "ClassChangeQuerySet":
        """Those that nobody has decided."""
        return self.filter(status=ClassChange.Status.ASKED)


class ClassChange(TenantRow):
    """A forum's way to a higher class, or to a kind that gives its members more. The database raises no forum without one."""

    class Status(models.TextChoices):
        ASKED = "ASKED", _("Waits for a second person")
        APPROVED = "APPROVED", _("Approved, not carried out")
        REFUSED = "REFUSED", _("Refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        DONE = "DONE", _("Carried out")

    public_id = PublicIdField()
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="class_changes")
    from_kind = models.CharField(max_length=20, choices=ForumKind)
    to_kind = models.CharField(_("kind"), max_length=20, choices=ForumKind)
    from_class = models.CharField(max_length=20, choices=DataClass)
    to_class = models.CharField(_("class"), max_length=20, choices=DataClass)
    reason = models.CharField(_("reason"), max_length=300, validators=[refuse_cpr])
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ClassChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["forum"], condition=Q(status__in=["ASKED", "APPROVED"]), name="classchange_one_at_a_time"),
            models.CheckConstraint(condition=~Q(status__in=["APPROVED", "DONE"]) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))), name="classchange_two_persons"),
            TenantForeignKey("forum", name="classchange_forum_same_tenant"),
            RowSecurity("class_change_2", name="classchange_rls"),
        ]

    @property
    def is_open(self) -> bool:
        """True while it may still be decided or carried out."""
        return self.status in (ClassChange.Status.ASKED, ClassChange.Status.APPROVED)

    def __str__(self) -> str:
        return str(self.forum)
