"""What a guest is given: one case at one meeting, for some hours."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.concerned import Concerns
from access.constraints import RowSecurity, TenantForeignKey
from access.models import Purpose, User
from access.public_ids import new_public_id
from cases.models.case import Case
from meetings.models import AgendaItem, Meeting
from municipalities.models import Forum, TenantRow


class AdHocGrant(TenantRow):
    """A guest called in for one case at one meeting: from 24 hours before until 4 hours after. Never renews itself."""

    concerns: ClassVar = Concerns(Purpose.MEETING, through="case")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="grants")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="adhocgrant_period"),
            TenantForeignKey("forum", name="adhocgrant_forum_same_tenant"),
            TenantForeignKey("case", name="adhocgrant_case_same_tenant"),
            TenantForeignKey("item", name="adhocgrant_item_same_tenant"),
            TenantForeignKey("meeting", name="adhocgrant_meeting_same_tenant"),
            RowSecurity("grant_2", name="adhocgrant_rls"),
        ]

    def __str__(self) -> str:
        return f"grant {self.public_id}"
