"""Meetings, agendas, attendance, minutes and agreements (aftaler). No data about a child, by construction:

an item of class PERSON_115 has a constant title and no text of its own; what is said about a child lives in `cases`.
"""

from meetings.models.agreed import Agreed
from meetings.models.agreement import Agreement, AgreementParty, AgreementStep
from meetings.models.approval import MinutesAssent, MinutesComment
from meetings.models.attachment import UNFIT, Attachment, Filed
from meetings.models.book import MeetingBook
from meetings.models.calendar_feed import CalendarFeed
from meetings.models.handover import Handover
from meetings.models.item import AgendaItem, CorrectionNote, ItemRecusal
from meetings.models.kinds import CLOSED_ITEM_TITLE, Fill, ItemKind, PresenterKind
from meetings.models.kreds_decision import KredsDecision
from meetings.models.meeting import Attendance, Meeting
from meetings.models.party import Partied, PartiedQuerySet, Party, Responsible, listed
from meetings.models.presence import ItemAbsence
from meetings.models.proposal import ItemProposal
from meetings.models.public_minutes import PublicAttachment, PublicMinutes
from meetings.models.template import AgendaTemplate, AgendaTemplateItem
from meetings.models.told import AgreementReminder, Reminder, Threshold, WeeklyMail
from meetings.models.version import MinutesVersion, MinutesVersionItem

__all__ = [
    "CLOSED_ITEM_TITLE", "UNFIT", "AgendaItem", "AgendaTemplate", "AgendaTemplateItem", "Agreed", "Agreement", "AgreementParty", "AgreementReminder", "AgreementStep", "Attachment",
    "Attendance", "CalendarFeed", "CorrectionNote", "Filed", "Fill", "Handover",
    "ItemAbsence", "ItemKind", "ItemProposal", "ItemRecusal", "KredsDecision", "Meeting", "MeetingBook",
    "MinutesAssent", "MinutesComment", "MinutesVersion", "MinutesVersionItem", "Partied", "PartiedQuerySet", "Party", "PresenterKind", "PublicAttachment", "PublicMinutes",
    "Reminder", "Responsible", "Threshold", "WeeklyMail", "listed",
]  # fmt: skip
