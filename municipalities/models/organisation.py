"""What a kommune calls its tiers, its areas and the bands of its prevention model, and who sends people to the forums."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import PublicIdField
from municipalities.models.tenant import TenantRow


class Level(TenantRow):
    """A tier of the organisation, with the label this kommune gives it."""

    public_id = PublicIdField()
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="level_tenant_id"), RowSecurity("tenant_or_parent", name="level_rls")]

    def __str__(self) -> str:
        return self.name


class Area(TenantRow):
    """A part of the kommune that a forum covers: a district, an area, a school. A tree."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("District")
        SCHOOL = "school", _("School")
        PLACE = "place", _("Place")

    public_id = PublicIdField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DISTRICT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="area_tenant_id"),
            TenantForeignKey("parent", name="area_parent_same_tenant"),
            RowSecurity("tenant_or_parent", name="area_rls"),
        ]

    def __str__(self) -> str:
        return self.name


class PreventionLevel(TenantRow):
    """A band of the kommune's prevention model (trekant, trappe), and the part SSP plays on it."""

    public_id = PublicIdField()
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    ssp_role = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="preventionlevel_tenant_id"), RowSecurity("tenant", name="preventionlevel_rls")]

    def __str__(self) -> str:
        return self.name


class Organisation(TenantRow):
    """Who sends people to the forums. § 115 depends on the kind: private ones are no party to it."""

    class Kind(models.TextChoices):
        MUNICIPAL_SCHOOL = "municipal_school", _("Municipal school")
        MUNICIPAL_SOCIAL = "municipal_social", _("Municipal social services")
        MUNICIPAL_OTHER = "municipal_other", _("Other municipal department")
        POLICE = "police", _("Police")
        PRISON_SERVICE = "prison_service", _("Prison and probation service")
        SELF_GOVERNING = "self_governing", _("Self-governing institution")
        PRIVATE = "private", _("Private")

    class Mark(models.TextChoices):
        SCHOOL = "skole", _("School")
        SOCIAL = "social", _("Social services")
        POLICE = "politi", _("Police")
        OTHER = "andre", _("Others")

    public_id = PublicIdField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    mark = models.CharField(max_length=10, choices=Mark)
    # approves what those sent by the organisation do in a forum (funktionsbeskrivelser)
    leader = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="organisation_tenant_id"), RowSecurity("tenant_or_parent", name="organisation_rls")]

    def __str__(self) -> str:
        return self.name
