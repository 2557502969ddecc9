"""The secret address from which a person's own calendar fetches his meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity
from access.models import User


class CalendarFeed(models.Model):
    """One a person, for all his kommuner: who has the address reads forum, date and place of his meetings, without a login.

    The address is kept as a hash: it is shown once. A closed one is a row that is gone. It belongs to no kommune, so there is no tenant.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    token_hash = models.CharField(_("calendar address"), max_length=64, unique=True)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)  # written at most every quarter of an hour
    noted_at = models.DateTimeField(null=True)  # when the access log last got a row of it, and of what
    noted_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("calendar address")
        constraints = [RowSecurity("own_row", name="calendarfeed_rls")]

    def __str__(self) -> str:
        return f"calendar {self.pk}"
