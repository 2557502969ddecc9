"""Tenants (kommune, politikreds) and how each is organised: levels, forums, seats, appointments."""

from typing import Any, ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.policy import Guarded
from access.public_ids import new_public_id
from access.roles import FORUM_VERBS, TENANT_VERBS, AppointmentRole, DataClass, ForumKind, SeatRole


class Tenant(models.Model):
    """A kommune or a politikreds; one data controller. Names are public: no row security."""

    class Kind(models.TextChoices):
        KOMMUNE = "KOMMUNE", _("Kommune")
        POLITIKREDS = "POLITIKREDS", _("Police district")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.KOMMUNE)
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=40, unique=True)
    code = models.CharField(_("kommunekode"), max_length=4, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="kommuner")
    coordinator_title = models.CharField(max_length=60, default="SSP-konsulent")
    prevention_model = models.CharField(max_length=10, default="trekant")
    active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        permissions = [(verb.value, verb.label) for verb in TENANT_VERBS]

    def __str__(self) -> str:
        return self.name


class TenantRow(Guarded, models.Model):
    """Base of every row that belongs to one tenant."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Level(TenantRow):
    """A tier of the organisation, with the label this kommune gives it."""

    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="level_tenant_id"), RowSecurity("tenant_or_parent", name="level_rls")]

    def __str__(self) -> str:
        return self.name


class PreventionLevel(TenantRow):
    """A band of the kommune's prevention model (trekant, trappe), and the part SSP plays on it."""

    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    ssp_role = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order"]
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

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    mark = models.CharField(max_length=10, choices=Mark)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="organisation_tenant_id"), RowSecurity("tenant_or_parent", name="organisation_rls")]

    def __str__(self) -> str:
        return self.name


class ForumQuerySet(models.QuerySet["Forum"]):
    """Reads over many forums."""

    def in_order(self) -> "ForumQuerySet":
        """As they are drawn: by level, then by the order inside it."""
        return self.select_related("level").order_by("-tenant__kind", "level__order", "order", "name")


class Forum(TenantRow):
    """A council, group or network. What it may do hangs on its kind and ceiling, never on its name."""

    forum_field: ClassVar[str] = "pk"
    Kind = ForumKind

    class CadenceUnit(models.TextChoices):
        PER_YEAR = "PER_YEAR", _("meetings a year")
        WEEKS = "WEEKS", _("every n weeks")
        MONTHS = "MONTHS", _("every n months")
        NONE = "NONE", _("when needed")

    class CadenceQualifier(models.TextChoices):
        MIN = "MIN", _("at least")
        CA = "CA", _("about")
        EXACTLY = "EXACTLY", _("exactly")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    level = models.ForeignKey(Level, models.PROTECT, related_name="forums")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20, choices=ForumKind)
    ceiling = models.CharField(max_length=20, choices=DataClass)
    purpose = models.TextField(blank=True)
    chair_text = models.CharField(max_length=120, blank=True)
    target_ages = models.CharField(max_length=40, blank=True)
    prevention_levels = models.ManyToManyField(PreventionLevel, through="ForumPreventionLevel", related_name="forums")
    is_minor = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    cadence_unit = models.CharField(max_length=10, choices=CadenceUnit, default=CadenceUnit.NONE)
    cadence_number = models.PositiveSmallIntegerField(default=0)
    cadence_qualifier = models.CharField(max_length=8, choices=CadenceQualifier, default=CadenceQualifier.EXACTLY)
    cadence_extra = models.PositiveSmallIntegerField(default=0)
    cadence_note = models.CharField(max_length=80, blank=True)
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)

    objects = ForumQuerySet.as_manager()

    class Meta:
        permissions = [(verb.value, verb.label) for verb in FORUM_VERBS]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="forum_tenant_id"),
            models.UniqueConstraint(fields=["tenant", "key"], name="forum_key"),
            models.CheckConstraint(
                condition=~Q(ceiling__in=["PERSON_115", "PERSON_INFOHUS"]) | Q(kind__in=["NETVAERK", "SAGSFORUM", "OVERLEVERING", "AKUTGRUPPE", "BEREDSKAB", "INFOHUS"]),
                name="forum_person_kinds",
            ),
            TenantForeignKey("level", name="forum_level_same_tenant"),
            TenantForeignKey("parent", name="forum_parent_same_tenant"),
            RowSecurity("forum_shell", name="forum_rls"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person_forum(self) -> bool:
        """True when the forum handles person data: its holders, dates and counts are its members' alone."""
        return DataClass(self.ceiling).is_person

    @property
    def agreed_per_year(self) -> int | None:
        """How many meetings a year the cadence promises; None when it promises none."""
        match self.cadence_unit:
            case Forum.CadenceUnit.PER_YEAR:
                return self.cadence_number
            case Forum.CadenceUnit.WEEKS:
                return 52 // self.cadence_number
            case Forum.CadenceUnit.MONTHS:
                return 12 // self.cadence_number
        return None


class ForumPreventionLevel(TenantRow):
    """Which bands of the prevention model a forum works on."""

    forum = models.ForeignKey(Forum, models.CASCADE)
    prevention_level = models.ForeignKey(PreventionLevel, models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "prevention_level"], name="forumpreventionlevel_once"),
            TenantForeignKey("forum", name="fpl_forum_same_tenant"),
            TenantForeignKey("prevention_level", name="fpl_level_same_tenant"),
            RowSecurity("tenant", name="forumpreventionlevel_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.forum_id}/{self.prevention_level_id}"


class ForumGroupPermission(GroupObjectPermissionBase):
    """guardian's rows for forums: group `forum:<id>:<role>` -> verb. Written by `actions.open_forum` alone."""

    content_object = models.ForeignKey(Forum, models.CASCADE)


class ForumUserPermission(UserObjectPermissionBase):
    """guardian asks for this model; it stays empty (a check says so): rights come from seats."""

    content_object = models.ForeignKey(Forum, models.CASCADE)


class TenantGroupPermission(GroupObjectPermissionBase):
    """guardian's rows for tenants: group `tenant:<id>:<role>` -> verb."""

    content_object = models.ForeignKey(Tenant, models.CASCADE)


class TenantUserPermission(UserObjectPermissionBase):
    """guardian asks for this model; it stays empty."""

    content_object = models.ForeignKey(Tenant, models.CASCADE)


class HeldQuerySet[M: models.Model](models.QuerySet[M]):
    """Seats and appointments, by the clock of the database."""

    def current(self) -> "HeldQuerySet[M]":
        """Those whose from/to covers this moment."""
        return self.filter(valid_now())


def valid_now(prefix: str = "") -> Q:
    """The condition that a seat or appointment is held at this moment, by the database's clock."""
    return Q(**{f"{prefix}valid_from__lte": Now()}) & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": Now()}))


class Seat(TenantRow):
    """A place in a forum: role + organisation, and who holds it from when to when. Vacant without a user."""

    key = models.SlugField(max_length=60, blank=True)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="seats")
    role = models.CharField(max_length=12, choices=SeatRole)
    title = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    group = models.ForeignKey(Group, models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="seats")
    valid_from = models.DateTimeField(db_default=Now())
    valid_to = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = HeldQuerySet["Seat"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "tenant"], name="seat_user_tenant")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="seat_tenant_id"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="seat_period"),
            TenantForeignKey("forum", name="seat_forum_same_tenant"),
            TenantForeignKey("organisation", name="seat_organisation_same_tenant"),
            RowSecurity("seat", name="seat_rls"),
        ]

    def __str__(self) -> str:
        organisation = str(self.organisation)
        return self.title if self.title == organisation else f"{self.title}, {organisation}"


class Appointment(TenantRow):
    """A role on the tenant itself: DPO, IT administrator, System. Gives no seat in any forum."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=10, choices=AppointmentRole)
    group = models.ForeignKey(Group, models.PROTECT, related_name="appointments")
    valid_from = models.DateTimeField(db_default=Now())
    valid_to = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = HeldQuerySet["Appointment"].as_manager()

    class Meta:
        constraints = [RowSecurity("tenant_or_own", name="appointment_rls")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"
