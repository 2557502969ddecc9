"""A file under the discussion of a case. The file lies sealed on disk (access.vault); its row stands behind the ticket: a name may say whom it is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.constraints import RowSecurity, TenantForeignKey
from access.models import User
from access.public_ids import new_public_id
from cases.models.case import Case
from cases.models.person import Person, PersonText
from meetings.models import AgendaItem, Filed, Meeting


class CaseAttachment(Filed, PersonText):
    """One file of one case at one meeting. Who has the case and the item has the file: a guest that of his own item."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    name = models.CharField(_("file name"), max_length=120)
    kind = models.CharField(max_length=4)  # access.file_kinds
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file_key = models.CharField(max_length=40)
    is_late = models.BooleanField(default=False)  # laid up after the call
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of a case")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            TenantForeignKey("item", name="caseattachment_item_same_tenant"),
            TenantForeignKey("case", name="caseattachment_case_same_tenant"),
            TenantForeignKey("person", name="caseattachment_person_same_tenant"),
            TenantForeignKey("meeting", name="caseattachment_meeting_same_tenant"),
            RowSecurity("case_attachment", name="caseattachment_rls"),
        ]

    def __str__(self) -> str:
        return f"bilag {self.public_id}"  # stands in the log, which is never erased: not the name
