"""A case at a meeting: its item on the agenda, what was said, and who was present."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.concerned import Concerns
from access.constraints import RowSecurity, TenantForeignKey
from access.models import Purpose, User
from cases.models.case import Case
from cases.models.person import Person, PersonText
from meetings.models import AgendaItem, Meeting
from municipalities.models import Forum, TenantRow


class CaseItem(TenantRow):
    """The link between a closed agenda item and the case that is discussed there. A shell: no text."""

    concerns: ClassVar = Concerns(Purpose.MEETING)

    item = models.OneToOneField(AgendaItem, models.CASCADE, primary_key=True, related_name="case_link")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # grow with each change of what stands under the item: so a meeting book that holds it knows without a ticket that it is stale
    files_edition = models.PositiveIntegerField(default=0, editable=False)
    texts_edition = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="caseitem_once_a_meeting"),
            TenantForeignKey("item", name="caseitem_item_same_tenant"),
            TenantForeignKey("meeting", name="caseitem_meeting_same_tenant"),
            TenantForeignKey("forum", name="caseitem_forum_same_tenant"),
            TenantForeignKey("case", name="caseitem_case_same_tenant"),
            TenantForeignKey("person", name="caseitem_person_same_tenant"),
            RowSecurity("case_item_2", name="caseitem_rls"),
        ]

    def __str__(self) -> str:
        return f"case of item {self.item_id}"


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
    # who wrote it as it is: told to whoever meets him there
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False)
    saved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("discussion")
        constraints = [
            TenantForeignKey("item", name="discussion_item_same_tenant"),
            TenantForeignKey("case", name="discussion_case_same_tenant"),
            TenantForeignKey("person", name="discussion_person_same_tenant"),
            TenantForeignKey("meeting", name="discussion_meeting_same_tenant"),
            RowSecurity("discussion_ticket_2", name="discussion_rls"),
        ]


class ItemPresence(TenantRow):
    """Who was present while a case was discussed: the disclosure record."""

    concerns: ClassVar = Concerns(Purpose.MEETING, through="case")

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="presences")
    case = models.ForeignKey(Case, models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    seat_label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="itempresence_once"),
            TenantForeignKey("item", name="itempresence_item_same_tenant"),
            TenantForeignKey("case", name="itempresence_case_same_tenant"),
            RowSecurity("case_item_2", name="itempresence_rls"),
        ]

    @property
    def told(self) -> str:
        """Name and seat, as the record shows them."""
        return name_and_seat(self.user.name, self.seat_label)

    def __str__(self) -> str:
        return self.seat_label


def name_and_seat(name: str, label: str) -> str:
    """«Ditte Havmark, SSP-konsulent», as the disclosure record shows who heard; a label that says the name already («…, guest») stands alone."""
    return label if label.startswith(name) else f"{name}, {label}"
