"""The matrix of levels and prevention: what happens on each level of the organisation, on each band of the prevention model."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.cpr import refuse_cpr
from municipalities.models.organisation import Level, PreventionLevel
from municipalities.models.tenant import TenantRow


class MatrixCell(TenantRow):
    """One cell; an empty one has no row."""

    level = models.ForeignKey(Level, models.PROTECT, related_name="cells")
    prevention_level = models.ForeignKey(PreventionLevel, models.PROTECT, related_name="cells")
    text = models.TextField(_("text"), max_length=1000, validators=[refuse_cpr])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "prevention_level"], name="matrixcell_once"),
            TenantForeignKey("level", name="matrixcell_level_same_tenant"),
            TenantForeignKey("prevention_level", name="matrixcell_band_same_tenant"),
            RowSecurity("member", name="matrixcell_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.level} · {self.prevention_level}"
