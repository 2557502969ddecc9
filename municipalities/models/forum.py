"""Forums: what each is, what class of data it may hold, who convenes it, how often it meets; and guardian's rows for them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from access.constraints import RowSecurity, TenantForeignKey
from access.public_ids import new_public_id
from access.roles import FORUM_VERBS, Convening, DataClass, ForumKind
from municipalities.models.organisation import Area, Level, PreventionLevel
from municipalities.models.tenant import Tenant, TenantRow

WEEKS_OF_A_YEAR, LAST_WEEK = 52, 53


def weeks_between(first: int, last: int) -> int:
    """How many weeks a window holds, both ends included; a window over New Year goes on in the next."""
    return last - first + 1 if first <= last else LAST_WEEK - first + last


class ForumQuerySet(models.QuerySet["Forum"]):
    """Reads over many forums."""

    def in_order(self) -> "ForumQuerySet":
        """As they are drawn: by level, then by the order inside it."""
        return self.select_related("level", "cadence_of").order_by("-tenant__kind", "level__order", "order", "name")


class Forum(TenantRow):
    """A council, group or network. What it may do hangs on its kind and ceiling, never on its name."""

    forum_field: ClassVar[str] = "pk"
    Kind = ForumKind

    class CadenceUnit(models.TextChoices):
        PER_YEAR = "PER_YEAR", _("meetings a year")
        WEEKS = "WEEKS", _("every n weeks")
        MONTHS = "MONTHS", _("every n months")
        BEFORE = "BEFORE", _("before each meeting of another forum")
        AFTER = "AFTER", _("after each meeting of another forum")
        AT_MEETING = "AT_MEETING", _("set at the meeting")
        NONE = "NONE", _("when needed")

    class CadenceQualifier(models.TextChoices):
        MIN = "MIN", _("at least")
        CA = "CA", _("about")
        EXACTLY = "EXACTLY", _("exactly")

    class YearParity(models.TextChoices):
        EVERY = "", _("every year")
        ODD = "ODD", _("odd years")
        EVEN = "EVEN", _("even years")

    class Chairing(models.TextChoices):
        """Who chairs the forum's meetings."""

        FIXED = "FIXED", _("A fixed seat")
        POLICE = "POLICE", _("The police")
        ELECTED = "ELECTED", _("Elected by the forum")
        NONE = "NONE", _("Not decided")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    level = models.ForeignKey(Level, models.PROTECT, related_name="forums")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20, choices=ForumKind)
    ceiling = models.CharField(max_length=20, choices=DataClass)
    purpose = models.TextField(blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="forums")
    convening = models.CharField(max_length=12, choices=Convening, default=Convening.ROLE)
    chairing = models.CharField(max_length=8, choices=Chairing, default=Chairing.FIXED)
    minutes_are_public = models.BooleanField(default=False)  # PUBLIC items of approved minutes may be read without a login
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
    # relative to another forum's meetings: before or after each of them
    cadence_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    cadence_months = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # 1-12; empty: any month
    cadence_year_parity = models.CharField(max_length=4, choices=YearParity, default=YearParity.EVERY, blank=True)
    cadence_week_from = models.PositiveSmallIntegerField(null=True, blank=True)  # ISO weeks, both included
    cadence_week_to = models.PositiveSmallIntegerField(null=True, blank=True)
    cadence_notice_days = models.PositiveSmallIntegerField(default=0)  # how long before a meeting its members are called
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
            models.CheckConstraint(condition=~Q(cadence_unit__in=["PER_YEAR", "WEEKS", "MONTHS"]) | Q(cadence_number__gte=1), name="forum_cadence_number"),
            models.CheckConstraint(condition=Q(cadence_unit__in=["BEFORE", "AFTER"], cadence_of__isnull=False) | ~Q(cadence_unit__in=["BEFORE", "AFTER"]), name="forum_cadence_of"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")) & ~Q(cadence_of=models.F("id")), name="forum_not_its_own"),
            TenantForeignKey("area", name="forum_area_same_tenant"),
            TenantForeignKey("cadence_of", name="forum_cadence_of_same_tenant"),
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
    def has_ended(self) -> bool:
        """True when its last day has passed: it is history, and its seats have ended with it."""
        return self.active_to is not None and self.active_to < timezone.localdate()

    def meets_in(self, year: int) -> bool:
        """True unless the cadence is for the other years (odd, even)."""
        return not self.cadence_year_parity or (year % 2 == 1) == (self.cadence_year_parity == Forum.YearParity.ODD)

    def agreed_in(self, year: int) -> int | None:
        """How many meetings the cadence promises in a year; None when it promises none."""
        if not self.meets_in(year):
            return None
        match self.cadence_unit:
            case Forum.CadenceUnit.PER_YEAR:
                return self.cadence_number
            case Forum.CadenceUnit.WEEKS:
                return max(1, self._weeks // self.cadence_number)
            case Forum.CadenceUnit.MONTHS:
                return max(1, self._weeks * 12 // (WEEKS_OF_A_YEAR * self.cadence_number))
            case Forum.CadenceUnit.AT_MEETING:
                return self.cadence_number or None
        return None

    @property
    def _weeks(self) -> int:
        """How many weeks of a year the cadence is for."""
        if self.cadence_week_from and self.cadence_week_to:
            return min(WEEKS_OF_A_YEAR, weeks_between(self.cadence_week_from, self.cadence_week_to))
        return WEEKS_OF_A_YEAR * len(self.cadence_months or range(12)) // 12


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
    """guardian's rows for forums: group `forum:<id>:<role>` -> verb. Written by `municipalities.actions` alone."""

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
