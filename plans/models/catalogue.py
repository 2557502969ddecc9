"""The kommune's catalogue of indsatser, on the steps of its prevention model."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.public_ids import new_public_id
from municipalities.models import PreventionLevel, TenantRow


class CatalogueEntry(TenantRow):
    """An indsats that anyone in the kommune may take up: what it is, for whom, who knows more."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    grades = models.CharField(_("grades or ages"), max_length=80, blank=True)
    material = models.CharField(_("material"), max_length=200, blank=True)  # where it lies, in words
    responsible = models.CharField(_("who knows more"), max_length=120, blank=True)
    review_on = models.DateField(_("to be looked through"), null=True, blank=True)
    levels = models.ManyToManyField(PreventionLevel, through="CatalogueEntryLevel", related_name="catalogue_entries")

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="catalogueentry_tenant_id"),
            models.UniqueConstraint(fields=["tenant", "title"], name="catalogueentry_title"),
            RowSecurity("catalogue", name="catalogueentry_rls"),
        ]

    @property
    def is_due(self) -> bool:
        """True when the day on which it was to be looked through has come."""
        return self.review_on is not None and self.review_on <= timezone.localdate()

    def __str__(self) -> str:
        return self.title


class CatalogueEntryLevel(TenantRow):
    """Which steps of the prevention model an entry stands on: the same indsats may stand on several."""

    entry = models.ForeignKey(CatalogueEntry, models.CASCADE)
    prevention_level = models.ForeignKey(PreventionLevel, models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "prevention_level"], name="catalogueentrylevel_once"),
            TenantForeignKey("entry", name="cel_entry_same_tenant"),
            TenantForeignKey("prevention_level", name="cel_level_same_tenant"),
            RowSecurity("catalogue", name="catalogueentrylevel_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.prevention_level_id}"
