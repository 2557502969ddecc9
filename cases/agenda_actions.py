"""Cases on the agenda of a meeting. The agenda itself never knows which child an item is about."""

from django.db.models import Max
from django.utils.translation import gettext as _

from access.actor import Actor
from access.gate import open_ticket
from access.models import Purpose
from access.policy import require
from access.roles import DataClass, Verb
from cases.errors import CaseStateError
from cases.guest_actions import revoke_for_item
from cases.models import Case, CaseAgreement, CaseAttachment, CaseItem, Discussion
from meetings.models import CLOSED_ITEM_TITLE, AgendaItem, ItemKind, Meeting
from meetings.presenters import kind_of
from meetings.rows import locked_meeting

DEFAULT_MINUTES = 15


def put_on_agenda(case: Case, meeting: Meeting, *, actor: Actor, presenter: str = "", minutes: int = DEFAULT_MINUTES) -> CaseItem:
    """A closed item with a constant title, and the link to the case. The meeting is of the same forum and not yet held."""
    require(actor, Verb.WRITE_CASES, case)
    meeting = locked_meeting(meeting, actor, Verb.WRITE_CASES)
    _need(case.forum_id == meeting.forum_id, _("The case belongs to another forum."))
    _need(meeting.is_planned, _("The meeting has been held or cancelled. The agenda cannot be changed."))
    _need(case.is_open, _("The case is closed. Nothing more can be written in it."))
    _need(not CaseItem.objects.filter(meeting=meeting, case=case).exists(), _("The case is on the agenda already."))
    last = AgendaItem.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).aggregate(Max("order"))["order__max"] or 0
    item = AgendaItem.objects.create(
        tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, order=last + 1, title=CLOSED_ITEM_TITLE, presenter=presenter, duration=minutes,
        presenter_kind=kind_of(presenter, meeting.forum), kind=ItemKind.SAG, data_class=DataClass.PERSON_115,
    )  # fmt: skip
    return CaseItem.objects.create(tenant_id=meeting.tenant_id, item=item, meeting=meeting, forum_id=meeting.forum_id, case=case, person_id=case.person_id)


def take_off_agenda(link: CaseItem, *, actor: Actor) -> None:
    """Remove the item before it is discussed. Guests called in for it lose their access with it."""
    meeting = locked_meeting(link.meeting, actor, Verb.WRITE_CASES)
    _need(meeting.is_planned, _("The meeting has been held or cancelled. The agenda cannot be changed."))
    # without the ticket a discussion would be invisible here, and look as if there were none
    open_ticket(actor, Case, [link.person_id], purpose=Purpose.MEETING, row=link.case, route="case_off_agenda")
    written = Discussion.objects.filter(item_id=link.item_id).exists() or CaseAgreement.objects.filter(item_id=link.item_id).exists()
    _need(not written, _("The case has been discussed under this item. It stays on the agenda."))
    # with the item they would be gone for good, and only who laid a file up may take it away
    has_files = CaseAttachment.objects.filter(item_id=link.item_id).exists()
    _need(not has_files, _("There are files under this item. Whoever added them has to remove them first."))
    revoke_for_item(link, actor)
    link.item.delete()


def _need(is_so: bool, sentence: str) -> None:
    if not is_so:
        raise CaseStateError(sentence)
