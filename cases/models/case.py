"""The case: its shell, why information is shared, and how parents and the young person were involved."""

import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.concerned import Concerns
from access.constraints import RowSecurity, TenantForeignKey
from access.models import Purpose, User
from access.public_ids import new_public_id
from cases.levels import ConcernLevel
from cases.models.person import Person, PersonText
from municipalities.models import Forum, TenantRow


class Case(TenantRow):
    """The shell of a case in one forum: number, dates, concern level. No name, no text. Another forum may use the same number."""

    guest_label: ClassVar[str] = "cases.Case"
    concerns: ClassVar = Concerns(Purpose.REGISTRATION)

    class Status(models.TextChoices):
        OPEN = "OPEN", _("Open")
        CLOSED = "CLOSED", _("Closed")

    ConcernLevel = ConcernLevel

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="cases")
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    number = models.CharField(max_length=12)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    concern_level = models.PositiveSmallIntegerField(_("concern level"), choices=ConcernLevel, default=ConcernLevel.LOW)
    opened_on = models.DateField(_("opened"))
    follow_up_on = models.DateField(_("follow-up"), null=True, blank=True)
    delete_on = models.DateField(_("to be deleted"))
    closed_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number", "-pk"]
        indexes = [models.Index(fields=["tenant", "forum", "status"], name="case_forum_status")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="case_tenant_id"),
            models.UniqueConstraint(fields=["tenant", "forum", "number"], name="case_number_in_forum"),
            models.CheckConstraint(condition=Q(delete_on__gte=F("opened_on")), name="case_deleted_after_opened"),
            TenantForeignKey("forum", name="case_forum_same_tenant"),
            TenantForeignKey("person", name="case_person_same_tenant"),
            RowSecurity("case_2", name="case_rls"),
        ]

    @property
    def is_open(self) -> bool:
        """True until the case is closed."""
        return self.status == Case.Status.OPEN

    @property
    def may_be_kept_until(self) -> date:
        """The latest day of deletion that needs no reason: the one it has, or today when that has passed."""
        return max(self.delete_on, timezone.localdate())

    def __str__(self) -> str:
        return self.number


class CaseText(PersonText):
    """Why information is shared, and what the case is about."""

    class Basis(models.TextChoices):
        """Retsplejeloven § 115 has a paragraph for each who passes something on: the police, other authorities, institutions that work for them."""

        RPL115_1 = "RPL115_1", _("Retsplejeloven § 115, stk. 1 (the police)")
        RPL115_2 = "RPL115_2", _("Retsplejeloven § 115, stk. 2 (other authorities)")
        RPL115_3 = "RPL115_3", _("Retsplejeloven § 115, stk. 3 (independent institutions)")
        CONSENT = "CONSENT", _("Consent")
        FVL = "FVL", _("Forvaltningsloven")

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="text")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField(_("why information is shared"))
    necessity = models.TextField(_("why it is necessary"))
    legal_basis = models.CharField(_("legal basis"), max_length=12, choices=Basis, default=Basis.RPL115_1)
    background = models.TextField(_("background"), blank=True)
    strengths = models.TextField(_("strengths"), blank=True)

    class Meta:
        verbose_name = _("case text")
        constraints = [
            TenantForeignKey("case", name="casetext_case_same_tenant"),
            TenantForeignKey("person", name="casetext_person_same_tenant"),
            RowSecurity("case_ticket_2", name="casetext_rls"),
        ]


class Involvement(PersonText):
    """Samtykke and involvement of parents and the young person: kept apart from the legal basis."""

    class Party(models.TextChoices):
        PARENTS = "PARENTS", _("Parents")
        YOUNG = "YOUNG", _("The young person")

    class Status(models.TextChoices):
        ASKED = "ASKED", _("Asked")
        GIVEN = "GIVEN", _("Given")
        REFUSED = "REFUSED", _("Refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        NOT_ASKED = "NOT_ASKED", _("Not asked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="involvements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    party = models.CharField(_("who"), max_length=8, choices=Party)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    on = models.DateField(_("date"))
    note = models.TextField(_("note, or why not asked"), blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("involvement")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(status="NOT_ASKED", note=""), name="involvement_not_asked_has_reason"),
            TenantForeignKey("case", name="involvement_case_same_tenant"),
            TenantForeignKey("person", name="involvement_person_same_tenant"),
            RowSecurity("case_ticket_2", name="involvement_rls"),
        ]


class CaseExtension(PersonText):
    """That a case is kept longer than was set, by whom and why: behind the ticket, written once, and deleted with the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    delete_before = models.DateField()
    delete_after = models.DateField()
    reason = models.CharField(_("why the case is kept longer"), max_length=300)
    extended_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    extended_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("extension of a case")
        ordering = ["extended_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(delete_after__gt=F("delete_before")), name="caseextension_is_longer"),
            TenantForeignKey("case", name="caseextension_case_same_tenant"),
            TenantForeignKey("person", name="caseextension_person_same_tenant"),
            RowSecurity("case_extension", name="caseextension_rls"),
        ]


class CaseRecusal(TenantRow):
    """Somebody is kept out of a case (inhabil: his own child, a relative): to him it is not there, whatever seat he holds."""

    concerns: ClassVar = Concerns(Purpose.RECUSAL, through="case")

    case = models.ForeignKey(Case, models.CASCADE, related_name="recusals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="caserecusal_once"),
            TenantForeignKey("case", name="caserecusal_case_same_tenant"),
            RowSecurity("case_recusal_2", name="caserecusal_rls"),
        ]

    def __str__(self) -> str:
        return f"recusal {self.pk}"
