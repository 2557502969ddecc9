"""An aftale in a case: the shell says who and when, the text lies behind the ticket."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.concerned import Concerns
from access.constraints import RowSecurity, TenantForeignKey
from access.models import Purpose, User
from access.public_ids import new_public_id
from cases.models.case import Case
from cases.models.person import Person, PersonText
from meetings.models import AgendaItem, Agreed, AgreementStep, PartiedQuerySet, Party, Reminder
from municipalities.models import Forum, TenantRow


class CaseAgreement(Agreed, TenantRow):
    """The shell of an aftale in a case: who (`parties`) and when. What is agreed stands behind the ticket."""

    concerns: ClassVar = Concerns(Purpose.FOLLOW_UP, through="case")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="agreements")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = PartiedQuerySet["CaseAgreement"].as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="caseagreement_tenant_id"),
            TenantForeignKey("forum", name="caseagreement_forum_same_tenant"),
            TenantForeignKey("case", name="caseagreement_case_same_tenant"),
            TenantForeignKey("item", name="caseagreement_item_same_tenant"),
            RowSecurity("case_agreement_2", name="caseagreement_rls"),
        ]

    @property
    def what(self) -> str:
        """What is agreed, as far as a ticket lets it be read: read with `select_related("text")`."""
        said: CaseAgreementText = self.text
        return said.what

    def __str__(self) -> str:
        return f"aftale {self.public_id}"  # stands in the log: not the case, nor what is agreed


class CaseAgreementParty(Party):
    """One who is responsible for an aftale in a case: a person or a seat that opens the case. Written once, in rounds (`Party`); the first is put right in an open discussion."""

    concerns: ClassVar = Concerns(Purpose.FOLLOW_UP, through="case")

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    agreement = models.ForeignKey(CaseAgreement, models.CASCADE, related_name="parties")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["tenant", "user"], name="caseagreementparty_user"), models.Index(fields=["tenant", "seat"], name="caseagreementparty_seat")]
        constraints = [
            models.CheckConstraint(condition=Q(user=None) ^ Q(seat=None), name="caseagreementparty_person_or_seat"),
            models.UniqueConstraint(fields=["agreement", "round", "user"], name="caseagreementparty_user_once"),
            models.UniqueConstraint(fields=["agreement", "round", "seat"], name="caseagreementparty_seat_once"),
            TenantForeignKey("case", name="caseagreementparty_case_same_tenant"),
            TenantForeignKey("agreement", name="caseagreementparty_agreement_same_tenant"),
            TenantForeignKey("seat", name="caseagreementparty_seat_same_tenant"),
            RowSecurity("case_agreement_party", name="caseagreementparty_rls"),
        ]


class CaseAgreementText(PersonText):
    """What is agreed about a person."""

    agreement = models.OneToOneField(CaseAgreement, models.CASCADE, primary_key=True, related_name="text")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    what = models.CharField(_("what"), max_length=300)

    class Meta:
        verbose_name = _("agreement in a case")
        constraints = [
            TenantForeignKey("agreement", name="caseagreementtext_agreement_same_tenant"),
            TenantForeignKey("case", name="caseagreementtext_case_same_tenant"),
            TenantForeignKey("person", name="caseagreementtext_person_same_tenant"),
            RowSecurity("agreement_ticket_2", name="caseagreementtext_rls"),
        ]


class CaseAgreementStep(TenantRow):
    """What was done with an aftale in a case, by whom: a shell, for an aftale is marked as done without a ticket. Written once; goes with the case."""

    Kind = AgreementStep.Kind
    concerns: ClassVar = Concerns(Purpose.FOLLOW_UP, through="case")

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    agreement = models.ForeignKey(CaseAgreement, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind)
    due_on = models.DateField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(null=True, blank=True)  # of a handing over: the parties it made responsible
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="caseagreementstep_tenant_id"),
            TenantForeignKey("case", name="caseagreementstep_case_same_tenant"),
            TenantForeignKey("agreement", name="caseagreementstep_agreement_same_tenant"),
            RowSecurity("case_agreement_step", name="caseagreementstep_rls"),
        ]

    @property
    def remark(self) -> str:
        """Why, as far as a ticket lets it be read: read with `select_related("said")`."""
        said: CaseAgreementRemark | None = getattr(self, "said", None)
        return said.remark if said else ""

    def __str__(self) -> str:
        return str(self.get_kind_display())


class CaseAgreementRemark(PersonText):
    """Why an aftale in a case was moved, dropped, done or handed over: behind the ticket, for it may say something of the person."""

    step = models.OneToOneField(CaseAgreementStep, models.CASCADE, primary_key=True, related_name="said")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    remark = models.CharField(_("remark"), max_length=300)

    class Meta:
        verbose_name = _("remark on an agreement in a case")
        constraints = [
            TenantForeignKey("step", name="caseagreementremark_step_same_tenant"),
            TenantForeignKey("case", name="caseagreementremark_case_same_tenant"),
            TenantForeignKey("person", name="caseagreementremark_person_same_tenant"),
            RowSecurity("agreement_remark_ticket", name="caseagreementremark_rls"),
        ]


class CaseAgreementReminder(Reminder):
    """Of an aftale in a case. It names no young person and no case."""

    agreement = models.ForeignKey(CaseAgreement, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "agreement", "user", "threshold", "due_on"], name="caseagreementreminder_once"),
            TenantForeignKey("agreement", name="caseagreementreminder_agreement_same_tenant"),
            RowSecurity("told_once", name="caseagreementreminder_rls"),
        ]
