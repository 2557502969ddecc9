"""§ 115: the only app with person data. Shells without names; names, numbers and free text behind the ticket.

A ticket table is readable only in a transaction that has inserted an access-log row naming the person.
"""

from cases.models.agreement import CaseAgreement, CaseAgreementParty, CaseAgreementRemark, CaseAgreementReminder, CaseAgreementStep, CaseAgreementText
from cases.models.attachment import CaseAttachment
from cases.models.case import Case, CaseExtension, CaseRecusal, CaseText, Involvement
from cases.models.discussion import CaseItem, Discussion, ItemPresence
from cases.models.grant import AdHocGrant
from cases.models.person import Person, PersonData, PersonText

__all__ = [
    "AdHocGrant", "Case", "CaseAgreement", "CaseAgreementParty", "CaseAgreementRemark", "CaseAgreementReminder", "CaseAgreementStep", "CaseAgreementText",
    "CaseAttachment", "CaseExtension", "CaseItem", "CaseRecusal", "CaseText", "Discussion", "Involvement", "ItemPresence", "Person", "PersonData", "PersonText",
]  # fmt: skip
