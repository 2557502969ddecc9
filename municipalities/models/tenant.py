"""A tenant (kommune or politikreds), and the base of every row that belongs to one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.labels import label_of
from access.policy import Guarded
from access.roles import TENANT_VERBS


class Tenant(models.Model):
    """A kommune or a politikreds; one data controller. Names are public: no row security."""

    class Kind(models.TextChoices):
        KOMMUNE = "KOMMUNE", _("Kommune")
        POLITIKREDS = "POLITIKREDS", _("Police district")

    class PreventionShape(models.TextChoices):
        """How the prevention model is drawn; its bands are PreventionLevel rows."""

        TREKANT = "trekant", _("Triangle")
        NIVEAUER = "niveauer", _("Levels")
        TRAPPE = "trappe", _("Staircase")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.KOMMUNE)
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=40, unique=True)
    code = models.CharField(_("kommunekode"), max_length=4, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="kommuner")
    prevention_shape = models.CharField(max_length=10, choices=PreventionShape, default=PreventionShape.TREKANT)
    trin_placed_by = models.CharField(_("who says which trin a concern is on"), max_length=120, blank=True)  # in the kommune's own words
    terms = models.JSONField(default=dict, blank=True)  # municipalities.terms.Term -> what this kommune says
    former_terms = models.JSONField(null=True, blank=True)  # the names before a change, until the texts that still say them are changed or left
    active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    has_sparring_door = models.BooleanField(default=False)  # so that the menu of every page needs no query of its own

    class Meta:
        permissions = [(verb.value, verb.label) for verb in TENANT_VERBS]
        constraints = [models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="tenant_code")]

    def __str__(self) -> str:
        return self.name


class TenantRow(Guarded, models.Model):
    """Base of every row that belongs to one tenant."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    _get_FIELD_display = label_of  # noqa: N815  # Django's name
