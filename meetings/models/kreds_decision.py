"""What the Kredsråd decided, as its kommuner read it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from meetings.models.item import AgendaItem
from municipalities.models import Forum, TenantRow


class KredsDecision(TenantRow):
    """A decision of the Kredsråd, published to the kommuner of the politikreds. It stays in the tenant of the politikreds; nothing points across."""

    forum_field: ClassVar[str] = "forum_id"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="published_decisions")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("decision"))
    held_on = models.DateField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["item"], name="kredsdecision_once"),
            TenantForeignKey("forum", name="kredsdecision_forum_same_tenant"),
            TenantForeignKey("item", name="kredsdecision_item_same_tenant"),
            RowSecurity("kreds_decision", name="kredsdecision_rls"),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # stands in the log, which is never erased: not the title
