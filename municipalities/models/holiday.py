"""The school holidays of a kommune: no meeting is proposed in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.cpr import refuse_cpr
from access.public_ids import new_public_id
from municipalities.models.tenant import TenantRow


class SchoolHoliday(TenantRow):
    """Days on which the schools are closed, both ends included. Public holidays and weekends need no row."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("name"), max_length=60, validators=[refuse_cpr])
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name", "starts_on"], name="schoolholiday_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="schoolholiday_period"),
            RowSecurity("tenant", name="schoolholiday_rls"),
        ]

    def __str__(self) -> str:
        return self.name
