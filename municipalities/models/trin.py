"""The kommune's trin scale: how far a concern has come, possibly empty, and which forums handle which trin."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.cpr import refuse_cpr
from access.public_ids import PublicIdField
from municipalities.models.forum import Forum
from municipalities.models.tenant import TenantRow


class Trin(TenantRow):
    """One step of the scale. A kommune without any uses none."""

    public_id = PublicIdField()
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=80, validators=[refuse_cpr])
    description = models.TextField(_("description"), max_length=1000, blank=True, validators=[refuse_cpr])
    forums = models.ManyToManyField(Forum, through="ForumTrin", related_name="trin")

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="trin_tenant_id"),
            models.UniqueConstraint(fields=["tenant", "number"], name="trin_number"),
            RowSecurity("member", name="trin_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ForumTrin(TenantRow):
    """Which forum handles which trin."""

    forum = models.ForeignKey(Forum, models.CASCADE)
    trin = models.ForeignKey(Trin, models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "trin"], name="forumtrin_once"),
            TenantForeignKey("forum", name="forumtrin_forum_same_tenant"),
            TenantForeignKey("trin", name="forumtrin_trin_same_tenant"),
            RowSecurity("member", name="forumtrin_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.forum_id}/{self.trin_id}"
