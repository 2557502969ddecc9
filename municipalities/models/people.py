"""What belongs to the people of a kommune beside their seats: the duty of confidentiality they have accepted."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.models import User
from municipalities.models.tenant import TenantRow

PLEDGE_VERSION = 1  # raise it together with a new file templates/municipalities/pledges/<version>.html: then everybody is asked again


class ConfidentialityPledge(TenantRow):
    """Somebody has accepted the duty of confidentiality in this tenant. Written once; without it nobody sees a person.

    The database stamps the time. `version` says which text he was shown.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="pledges")
    version = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("duty of confidentiality")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "version"], name="confidentialitypledge_once"),
            RowSecurity("pledge", name="confidentialitypledge_rls"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
