"""Seats in forums and appointments on the tenant: who holds them, from when to when."""

import hashlib
from typing import Any, ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from access.roles import AppointmentRole, Duty, SeatRole
from municipalities.models.forum import Forum
from municipalities.models.organisation import Organisation
from municipalities.models.tenant import TenantRow


class HeldQuerySet[M: models.Model](models.QuerySet[M]):
    """Seats and appointments, by the clock of the database."""

    def current(self) -> "HeldQuerySet[M]":
        """Those whose from/to covers this moment."""
        return self.filter(valid_now())

    def not_over(self) -> "HeldQuerySet[M]":
        """Those that are held now or will be."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=Now()))


def valid_now(prefix: str = "") -> Q:
    """The condition that a seat or appointment is held at this moment, by the database's clock."""
    return Q(**{f"{prefix}valid_from__lte": Now()}) & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": Now()}))


class Seat(TenantRow):
    """A place in a forum: role + organisation, and who holds it from when to when. Vacant without a user."""

    class Kind(models.TextChoices):
        """How firm the seat is. An observer is a role: it decides what one may see."""

        FIXED = "FIXED", _("Fixed")
        DEPUTY = "DEPUTY", _("Deputy")
        AD_HOC = "AD_HOC", _("Ad hoc")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    key = models.SlugField(max_length=60, blank=True)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="seats")
    role = models.CharField(max_length=12, choices=SeatRole)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FIXED)
    deputy_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deputies")
    has_vote = models.BooleanField(default=True)
    may_convene = models.BooleanField(default=False)  # duties beyond what the role gives: access.roles.Duty
    may_chair = models.BooleanField(default=False)
    may_minute = models.BooleanField(default=False)
    elected_on = models.DateField(null=True, blank=True)  # the day the forum elected its holder to the chair
    role_before = models.CharField(max_length=12, choices=SeatRole, blank=True)  # what an elected chair goes back to
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
            models.CheckConstraint(condition=Q(kind="DEPUTY") | Q(deputy_for=None), name="seat_deputy_kind"),
            TenantForeignKey("deputy_for", name="seat_deputy_for_same_tenant"),
            TenantForeignKey("forum", name="seat_forum_same_tenant"),
            TenantForeignKey("organisation", name="seat_organisation_same_tenant"),
            RowSecurity("seat_2", name="seat_rls"),
        ]

    @property
    def is_deputy(self) -> bool:
        """True for a seat whose holder comes only in another's place."""
        return self.kind == Seat.Kind.DEPUTY

    @property
    def duties(self) -> frozenset[Duty]:
        """What this seat may do beyond what its role gives."""
        given = {Duty.CONVENE: self.may_convene, Duty.CHAIR: self.may_chair, Duty.MINUTES: self.may_minute}
        return frozenset(duty for duty, has_it in given.items() if has_it)

    @property
    def seen(self) -> str:
        """A checksum of what a page shows of the seat: a form that was opened on another is refused, and overwrites nothing."""
        what = (self.role, self.kind, self.deputy_for_id, self.has_vote, self.may_convene, self.may_chair, self.may_minute, self.title, self.organisation_id)
        shown = (*what, self.user_id, self.valid_to)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]

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
        constraints = [RowSecurity("appointment", name="appointment_rls")]

    called = ""  # whom it is about, as the kommune calls him: for the log, when who writes knows it. An account's own name may be another's business

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.called}" if self.called else f"{self.get_role_display()}"
