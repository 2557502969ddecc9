"""2-year handleplaner: template, indsatser, milestones, the way to approval, and the frozen versions. No person data."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from access.roles import PLAN_VERBS
from municipalities.models import Forum, PreventionLevel, TenantRow


class PlanTemplate(TenantRow):
    """What a kommune's plan consists of. The fields are data: five kommuner have five lists."""

    name = models.CharField(max_length=100)
    period_years = models.PositiveSmallIntegerField(default=2)
    start_month = models.PositiveSmallIntegerField(default=2)
    start_parity = models.CharField(max_length=4, default="odd")
    min_initiatives = models.PositiveSmallIntegerField(default=2)
    max_initiatives = models.PositiveSmallIntegerField(default=3)
    followup_months = models.PositiveSmallIntegerField(default=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="plantemplate_tenant_id"), RowSecurity("member", name="plantemplate_rls")]

    def __str__(self) -> str:
        return self.name


class PlanTemplateField(TenantRow):
    """One field of the template, of the plan as a whole or of each indsats."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LIST = "list", _("List")
        MILESTONES = "milestones", _("Milestones")

    template = models.ForeignKey(PlanTemplate, models.CASCADE, related_name="fields")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    is_required = models.BooleanField(default=True)
    of_plan = models.BooleanField(default=False)  # else of each indsats
    help = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="plantemplatefield_key"),
            TenantForeignKey("template", name="plantemplatefield_template_same_tenant"),
            RowSecurity("member", name="plantemplatefield_rls"),
        ]

    def __str__(self) -> str:
        return self.label


class Plan(TenantRow):
    """A handleplan, written by the styregruppe and approved by the Lokalråd."""

    plan_field: ClassVar[str] = "pk"

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        STEERING = "STEERING", _("At the styregruppe")
        SUBMITTED = "SUBMITTED", _("At the Lokalråd")
        APPROVED = "APPROVED", _("Approved")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="plans")  # the styregruppe that writes it
    approving_forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")  # the Lokalråd that approves it
    template = models.ForeignKey(PlanTemplate, models.PROTECT, related_name="plans")
    title = models.CharField(_("title"), max_length=120)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    texts = models.JSONField(default=dict)  # template field key -> text, for fields of the plan as a whole
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-period_from", "-pk"]
        permissions = [(verb.value, verb.label) for verb in PLAN_VERBS]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="plan_tenant_id"),
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="plan_period"),
            TenantForeignKey("forum", name="plan_forum_same_tenant"),
            TenantForeignKey("approving_forum", name="plan_approving_same_tenant"),
            TenantForeignKey("template", name="plan_template_same_tenant"),
            RowSecurity("plan", name="plan_rls"),
        ]

    @property
    def is_open(self) -> bool:
        """True while the text may be changed."""
        return self.status in (Plan.Status.DRAFT, Plan.Status.STEERING)

    def __str__(self) -> str:
        return self.title


class PlanGroupPermission(GroupObjectPermissionBase):
    """guardian's rows for plans: the styregruppe's groups from the draft on, the Lokalråd's once it is sent to them."""

    content_object = models.ForeignKey(Plan, models.CASCADE)


class PlanUserPermission(UserObjectPermissionBase):
    """guardian asks for this model; it stays empty."""

    content_object = models.ForeignKey(Plan, models.CASCADE)


class Initiative(TenantRow):
    """An indsats: two or three a plan in Thisted. Its texts follow the template's fields."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="initiatives")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    texts = models.JSONField(default=dict)  # template field key -> text
    prevention_levels = models.ManyToManyField(PreventionLevel, through="InitiativePreventionLevel", related_name="initiatives")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="initiative_tenant_id"),
            TenantForeignKey("plan", name="initiative_plan_same_tenant"),
            RowSecurity("plan_child_2", name="initiative_rls"),
        ]

    def __str__(self) -> str:
        return self.title


class InitiativePreventionLevel(TenantRow):
    """Which bands of the prevention model an indsats works on (many to many)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    initiative = models.ForeignKey(Initiative, models.CASCADE)
    prevention_level = models.ForeignKey(PreventionLevel, models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "prevention_level"], name="initiativepreventionlevel_once"),
            TenantForeignKey("plan", name="ipl_plan_same_tenant"),
            TenantForeignKey("initiative", name="ipl_initiative_same_tenant"),
            TenantForeignKey("prevention_level", name="ipl_level_same_tenant"),
            RowSecurity("plan_child_2", name="initiativepreventionlevel_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id}/{self.prevention_level_id}"


class Milestone(TenantRow):
    """A delmål with a date, so that it can be followed up."""

    class Status(models.TextChoices):
        NOT_STARTED = "NOT_STARTED", _("Not started")
        ON_TRACK = "ON_TRACK", _("On track")
        DELAYED = "DELAYED", _("Delayed")
        REACHED = "REACHED", _("Reached")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="milestones")
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("milestone"), max_length=300)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    responsible = models.CharField(_("responsible"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NOT_STARTED)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            TenantForeignKey("plan", name="milestone_plan_same_tenant"),
            TenantForeignKey("initiative", name="milestone_initiative_same_tenant"),
            RowSecurity("plan_child_2", name="milestone_rls"),
        ]

    def __str__(self) -> str:
        return self.text


class FollowUp(TenantRow):
    """The yearly follow-up of a plan: what was found, or when the next one is due."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="follow_ups")
    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, blank=True, related_name="follow_ups")
    due_on = models.DateField(_("date"))
    text = models.TextField(_("what was found"), blank=True)
    is_done = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            TenantForeignKey("plan", name="followup_plan_same_tenant"),
            TenantForeignKey("initiative", name="followup_initiative_same_tenant"),
            RowSecurity("plan_child_2", name="followup_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.due_on}"


class Decision(TenantRow):
    """One step on the way: sent, sent back with a comment, approved. Never changed afterwards."""

    class Step(models.TextChoices):
        TO_STEERING = "TO_STEERING", _("Sent to the styregruppe")
        SUBMITTED = "SUBMITTED", _("Sent to the Lokalråd")
        SENT_BACK = "SENT_BACK", _("Sent back")
        APPROVED = "APPROVED", _("Approved")
        REOPENED = "REOPENED", _("New version begun")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="decisions")
    step = models.CharField(max_length=12, choices=Step)
    version = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    seat_label = models.CharField(max_length=200, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(step="SENT_BACK", comment=""), name="decision_sent_back_has_comment"),
            TenantForeignKey("plan", name="decision_plan_same_tenant"),
            RowSecurity("plan_record_2", name="decision_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.version}: {self.get_step_display()}"


class PlanVersion(TenantRow):
    """The text as it was approved: frozen and hashed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    approved_on = models.DateField()
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    forum_name = models.CharField(max_length=100)

    class Meta:
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="planversion_once"),
            TenantForeignKey("plan", name="planversion_plan_same_tenant"),
            RowSecurity("plan_record_2", name="planversion_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"
