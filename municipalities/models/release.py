"""What a kommune has decided to let its politikreds see: a frozen copy, never a look into the kommune."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.models import User
from access.public_ids import new_public_id
from municipalities.models.tenant import TenantRow


class Release(TenantRow):
    """One thing shared: an approved plan, a year's meeting dates, or the figures of a half-year. No person, no free text of a case.

    Nothing of it changes afterwards but that it is withdrawn: the database grants no other column (migration 0003).
    """

    class Kind(models.TextChoices):
        PLAN = "PLAN", _("Handleplan")
        DATES = "DATES", _("Meeting dates")
        FIGURES = "FIGURES", _("Figures")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=40, blank=True)  # which of several: the forum whose plan it is
    title = models.CharField(max_length=160)
    period_from = models.DateField()
    period_to = models.DateField()
    payload = models.JSONField()  # «summary» for the overview, the rest for the page
    released_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-period_from", "kind", "-released_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="release_period"),
            # whole half-years only, and each of them once and for all: two readings of one period could be subtracted
            models.CheckConstraint(condition=~Q(kind="FIGURES") | Q(period_from__day=1, period_from__month__in=[1, 7]), name="release_half_year"),
            models.UniqueConstraint(fields=["tenant", "period_from"], condition=Q(kind="FIGURES"), name="release_figures_once"),
            models.UniqueConstraint(fields=["tenant", "kind", "source", "period_from"], condition=Q(withdrawn_at=None), name="release_one_a_period"),
            RowSecurity("release", name="release_rls"),
        ]

    @property
    def is_live(self) -> bool:
        """True while the politikreds sees it."""
        return self.withdrawn_at is None

    def __str__(self) -> str:
        return self.title
