"""Writes of what goes up and down: write, send, approve as the second, take on an agenda, answer.

From a forum with person data only a theme goes out: without an item, without a CPR number, and approved by a second member who
knows the forum's cases and so can tell whether somebody could be recognised.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.cpr import LOOKS_LIKE_CPR
from access.policy import require
from access.roles import DataClass, ForumKind, Verb
from meetings import handover_mails
from meetings.agenda_actions import add_item, need
from meetings.handovers import CASE_NUMBER, LOOKS_LIKE_CASE, classes_between, way_of
from meetings.models import AgendaItem, Handover, ItemKind, Meeting
from meetings.rows import locked_meeting
from municipalities.models import Forum

Status = Handover.Status


def write_handover(from_forum: Forum, to_forum: Forum, *, actor: Actor, title: str, text: str, data_class: str, item: AgendaItem | None = None) -> Handover:
    """A draft, which only the forum that writes it sees."""
    require(actor, Verb.CONVENE, from_forum)
    _need_fits(from_forum, to_forum, title, text, data_class)
    need(item is None or not from_forum.is_person_forum, _("From this forum only a theme is sent, written anew and without a link to an item."))
    if item is not None:
        need(item.forum_id == from_forum.pk and not item.is_closed, _("An item of this forum's general part is sent."))
        need(DataClass(item.data_class).fits_under(DataClass(data_class)), _("The item is more closed than the class you chose. Choose the class of the item."))
    return Handover.objects.create(
        tenant_id=from_forum.tenant_id, from_forum=from_forum, to_forum=to_forum, from_item=item, is_theme=from_forum.is_person_forum,
        direction=way_of(from_forum, to_forum), title=title, text=text, data_class=data_class, asked_by_id=actor.user_id,
    )  # fmt: skip


def change_handover(handover: Handover, *, actor: Actor, title: str, text: str, data_class: str) -> Handover:
    """Write a draft anew. Who does so has written it: another must approve it."""
    row = _locked(handover, actor, Verb.CONVENE, handover.from_forum)
    need(row.status == Status.DRAFT, _("It has been sent already. It cannot be changed now."))
    _need_fits(handover.from_forum, handover.to_forum, title, text, data_class)
    if handover.from_item is not None:
        need(DataClass(handover.from_item.data_class).fits_under(DataClass(data_class)), _("The item is more closed than the class you chose. Choose the class of the item."))
    return _save(row, title=title, text=text, data_class=data_class, asked_by_id=actor.user_id)


def discard_handover(handover: Handover, *, actor: Actor) -> None:
    """Throw away what has not been sent."""
    row = _locked(handover, actor, Verb.CONVENE, handover.from_forum)
    need(row.is_unsent, _("It has been sent already. It cannot be changed now."))
    row.delete()


def send_handover(handover: Handover, *, actor: Actor) -> Handover:
    """Send it; from a forum with person data it waits for a second member first."""
    row = _locked(handover, actor, Verb.CONVENE, handover.from_forum)
    need(row.status == Status.DRAFT, _("It has been sent already. It cannot be changed now."))
    if row.is_theme:
        handover_mails.ask_for_second(_save(row, status=Status.WAITS_FOR_SECOND))
    else:
        handover_mails.tell_of_sending(_save(row, status=Status.SENT, sent_at=timezone.now()), actor.user_id)
    return row


def approve_handover(handover: Handover, *, actor: Actor) -> Handover:
    """The second member says that nobody can be recognised, and it is sent."""
    row = _locked_as_second(handover, actor)
    handover_mails.tell_of_sending(_save(row, status=Status.SENT, approved_by_id=actor.user_id, approved_at=timezone.now(), sent_at=timezone.now()), actor.user_id)
    return row


def return_handover(handover: Handover, *, actor: Actor) -> Handover:
    """The second member wants it written anew."""
    row = _save(_locked_as_second(handover, actor), status=Status.DRAFT)
    handover_mails.tell_of_return(row)
    return row


def take_handover(handover: Handover, meeting: Meeting, *, actor: Actor) -> AgendaItem:
    """Put it last on the agenda of a planned meeting of the forum that got it, in its own class."""
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    row = _locked(handover, actor, Verb.CONVENE, handover.to_forum)
    need(row.waits_to_be_taken, _("It stands on an agenda already, or has been answered."))
    need(meeting.forum_id == row.to_forum_id, _("The item is put on the agenda of a meeting of the same forum."))
    item = add_item(meeting, actor=actor, title=row.title, kind=ItemKind.DROEFTELSE, data_class=row.data_class, presenter=handover.from_forum.name)
    _save(row, status=Status.TAKEN, to_item=item)
    return item


def answer_handover(handover: Handover, *, actor: Actor, answer: str, decline: bool = False) -> Handover:
    """What the forum decided, or why it does not take it up. Back to the forum that sent it."""
    row = _locked(handover, actor, Verb.CONVENE, handover.to_forum)
    if decline:
        need(row.status in (Status.SENT, Status.TAKEN), _("It has been answered already."))
    else:
        need(row.status == Status.TAKEN and row.to_item_id is not None, _("Put it on an agenda first. What the meeting decides is the answer."))
    _save(row, status=Status.DECLINED if decline else Status.ANSWERED, answer=answer, answered_by_id=actor.user_id, answered_at=timezone.now())
    handover_mails.tell_of_answer(row, actor.user_id)
    return row


def _need_fits(from_forum: Forum, to_forum: Forum, title: str, text: str, data_class: str) -> None:
    kinds = (from_forum.kind, to_forum.kind)
    need(ForumKind.INFOHUS not in kinds and from_forum.tenant_id == to_forum.tenant_id and from_forum.pk != to_forum.pk, _("It cannot be sent to this forum."))
    need(DataClass(data_class) in classes_between(from_forum, to_forum), _("Both forums must be allowed to hold this class. Choose a more open one."))
    need(not any(LOOKS_LIKE_CPR.search(said) for said in (title, text)), _("This looks like a CPR number. Take it out: no person data may stand here."))
    need(not from_forum.is_person_forum or not any(LOOKS_LIKE_CASE.search(said) for said in (title, text)), CASE_NUMBER)


def _locked(handover: Handover, actor: Actor, verb: Verb, forum: Forum) -> Handover:
    require(actor, verb, forum)
    rows = Handover.objects.filter(tenant_id=handover.tenant_id, pk=handover.pk)
    # row security locks only what the actor may change as it stands; in any other state the row is read, and refused with a sentence
    return rows.select_for_update(no_key=True).first() or rows.get()


def _locked_as_second(handover: Handover, actor: Actor) -> Handover:
    row = _locked(handover, actor, Verb.VIEW_CASES, handover.from_forum)
    need(row.status == Status.WAITS_FOR_SECOND, _("It does not wait for a second member now."))
    if row.asked_by_id == actor.user_id:
        raise PermissionDenied(_("You have written it yourself. Another member of the forum must approve it."))
    return row


def _save(row: Handover, **fields: Any) -> Handover:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[name.removesuffix("_id") if name.endswith("_by_id") else name for name in fields])
    return row
