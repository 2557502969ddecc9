"""§ 115: the only app with person data. Shells without names; names, numbers and free text behind the ticket.

A ticket table is readable only in a transaction that has inserted an access-log row naming the person.
"""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from access.vault import seal_text, unseal_text
from cases.levels import ConcernLevel
from meetings.models import AgendaItem, Meeting
from municipalities.models import Forum, TenantRow


class Person(TenantRow):
    """The shell of a person who is discussed in one forum: a number, nothing else. Another forum has its own."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="person_tenant_id"),
            TenantForeignKey("forum", name="person_forum_same_tenant"),
            RowSecurity("person_shell", name="person_rls"),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"


class PersonText(TenantRow):
    """Base of every ticket table about a case. Knows its person, so that its changes are logged with the subject."""

    class Meta:
        abstract = True

    def get_additional_data(self) -> dict[str, Any]:
        """What auditlog stores with a change of this row (access.models.LogEntry.save)."""
        case = getattr(self, "case", None)
        about = {"subjects": [getattr(self, "person_id")]}  # noqa: B009  # declared by each subclass
        return {**about, "forum_id": case.forum_id} if case is not None else about

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {getattr(self, 'case_id', self.pk)}"


class PersonData(PersonText):
    """Who it is. Behind the ticket; the CPR number also sealed, and shown only by a logged act of its own."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="data")
    name = models.CharField(_("name"), max_length=200)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    cpr_sealed = models.TextField(blank=True, editable=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    school = models.CharField(_("school or workplace"), max_length=120, blank=True)
    parents = models.CharField(_("parents"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("person data")
        constraints = [TenantForeignKey("person", name="persondata_person_same_tenant"), RowSecurity("person_ticket", name="persondata_rls")]

    @property
    def cpr(self) -> str:
        """The number in clear. Show it only through `views.person_cpr`, which logs it."""
        return unseal_text(self.cpr_sealed, f"person:{self.person_id}") if self.cpr_sealed else ""

    @cpr.setter
    def cpr(self, number: str) -> None:
        self.cpr_sealed = seal_text(number, f"person:{self.person_id}") if number else ""

    @property
    def cpr_masked(self) -> str:
        """The date and four dots, as every page shows it."""
        return f"{self.cpr[:6]}-••••" if self.cpr_sealed else ""


class Case(TenantRow):
    """The shell of a case in one forum: number, dates, concern level. No name, no text."""

    guest_label: ClassVar[str] = "cases.Case"

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
        ordering = ["-number"]
        indexes = [models.Index(fields=["tenant", "forum", "status"], name="case_forum_status")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="case_tenant_id"),
            models.UniqueConstraint(fields=["tenant", "number"], name="case_number"),
            models.CheckConstraint(condition=Q(delete_on__gte=F("opened_on")), name="case_deleted_after_opened"),
            TenantForeignKey("forum", name="case_forum_same_tenant"),
            TenantForeignKey("person", name="case_person_same_tenant"),
            RowSecurity("case", name="case_rls"),
        ]

    @property
    def is_open(self) -> bool:
        """True until the case is closed."""
        return self.status == Case.Status.OPEN

    def __str__(self) -> str:
        return self.number


class CaseText(PersonText):
    """Why information is shared, and what the case is about."""

    class Basis(models.TextChoices):
        RPL115_1 = "RPL115_1", _("Retsplejeloven § 115, stk. 1")
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
            RowSecurity("case_ticket", name="casetext_rls"),
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
        ordering = ["on"]
        constraints = [
            models.CheckConstraint(condition=~Q(status="NOT_ASKED", note=""), name="involvement_not_asked_has_reason"),
            TenantForeignKey("case", name="involvement_case_same_tenant"),
            TenantForeignKey("person", name="involvement_person_same_tenant"),
            RowSecurity("case_ticket", name="involvement_rls"),
        ]


class CaseItem(TenantRow):
    """The link between a closed agenda item and the case that is discussed there. A shell: no text."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, primary_key=True, related_name="case_link")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="caseitem_once_a_meeting"),
            TenantForeignKey("item", name="caseitem_item_same_tenant"),
            TenantForeignKey("meeting", name="caseitem_meeting_same_tenant"),
            TenantForeignKey("forum", name="caseitem_forum_same_tenant"),
            TenantForeignKey("case", name="caseitem_case_same_tenant"),
            TenantForeignKey("person", name="caseitem_person_same_tenant"),
            RowSecurity("case_item", name="caseitem_rls"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.meeting_id}"


class Discussion(PersonText):
    """What was said about the case at a meeting. Facts and assessments are kept apart (LAW.md § 4)."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, primary_key=True, related_name="discussion")
    case = models.ForeignKey(Case, models.CASCADE, related_name="discussions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    facts = models.TextField(_("facts"), blank=True)
    assessment = models.TextField(_("assessment"), blank=True)
    concern_level = models.PositiveSmallIntegerField(_("concern level"), choices=Case.ConcernLevel, null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("discussion")
        constraints = [
            TenantForeignKey("item", name="discussion_item_same_tenant"),
            TenantForeignKey("case", name="discussion_case_same_tenant"),
            TenantForeignKey("person", name="discussion_person_same_tenant"),
            TenantForeignKey("meeting", name="discussion_meeting_same_tenant"),
            RowSecurity("discussion_ticket", name="discussion_rls"),
        ]


class ItemPresence(TenantRow):
    """Who was present while a case was discussed: the disclosure record."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="presences")
    case = models.ForeignKey(Case, models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    seat_label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="itempresence_once"),
            TenantForeignKey("item", name="itempresence_item_same_tenant"),
            TenantForeignKey("case", name="itempresence_case_same_tenant"),
            RowSecurity("case_item", name="itempresence_rls"),
        ]

    def __str__(self) -> str:
        return self.seat_label


class CaseAgreement(TenantRow):
    """The shell of an aftale in a case: who and when. What is agreed stands behind the ticket."""

    class Status(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        DROPPED = "DROPPED", _("Dropped")

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="agreements")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    who = models.ForeignKey(User, models.PROTECT, related_name="case_agreements")
    due_on = models.DateField(_("by when"))
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="caseagreement_tenant_id"),
            TenantForeignKey("forum", name="caseagreement_forum_same_tenant"),
            TenantForeignKey("case", name="caseagreement_case_same_tenant"),
            TenantForeignKey("item", name="caseagreement_item_same_tenant"),
            RowSecurity("case_agreement", name="caseagreement_rls"),
        ]

    @property
    def is_done(self) -> bool:
        """True when it is carried out."""
        return self.status == CaseAgreement.Status.DONE

    @property
    def is_overdue(self) -> bool:
        """True when it is open and its day has passed."""
        return self.status == CaseAgreement.Status.OPEN and self.due_on < timezone.localdate()

    def __str__(self) -> str:
        return f"{self.case_id}: {self.due_on}"


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
            RowSecurity("agreement_ticket", name="caseagreementtext_rls"),
        ]


class AdHocGrant(TenantRow):
    """A guest called in for one case at one meeting: from 24 hours before until 4 hours after. Never renews itself."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="grants")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="adhocgrant_period"),
            TenantForeignKey("forum", name="adhocgrant_forum_same_tenant"),
            TenantForeignKey("case", name="adhocgrant_case_same_tenant"),
            TenantForeignKey("item", name="adhocgrant_item_same_tenant"),
            TenantForeignKey("meeting", name="adhocgrant_meeting_same_tenant"),
            RowSecurity("grant", name="adhocgrant_rls"),
        ]

    def __str__(self) -> str:
        return f"grant {self.public_id}"
