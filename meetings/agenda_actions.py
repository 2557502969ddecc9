"""Writes of the agenda: add, change, move, take off, carry over. Part of meetings/actions.py, which names them all.

A general item stands by itself or, one level deep, under another. `order` runs through the whole agenda, an item before
its sub-items. What hangs under an item is never more open than the item: most restrictive wins.
"""

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from access.actor import Actor
from access.logged import change_together
from access.roles import DataClass, Verb
from meetings.agenda import classes_for, general_items
from meetings.attachment_actions import forget_files
from meetings.errors import MeetingStateError
from meetings.item_order import blocks_of, move_among, write_order
from meetings.models import CLOSED_ITEM_TITLE, AgendaItem, Attachment, Meeting
from meetings.presenters import kind_of
from meetings.rows import locked_item, locked_meeting
from meetings.telling import note_change
from municipalities.versions import refuse_stale

CHANGEABLE = ("title", "kind", "data_class", "presenter", "duration", "is_optional")
# of an item, what its form has nothing to do with: who minutes it, or moves another one past it, is no reason to refuse a change
APART = [field.attname for field in AgendaItem._meta.concrete_fields if field.attname not in (*CHANGEABLE, "is_withdrawn")]


def add_item(
    meeting: Meeting, *, actor: Actor, title: str, kind: str, data_class: str = DataClass.INTERNAL, is_case: bool = False, parent: AgendaItem | None = None, **fields: Any
) -> AgendaItem:
    """Put an item last on the agenda, or last under `parent`. `is_case`: an item of the closed part, whose title is a constant (for `cases`)."""
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    need_planned(meeting)
    chosen = DataClass(data_class)
    need(chosen.is_person == is_case and chosen.fits_under(DataClass(meeting.forum.ceiling)), _("An item of this class cannot stand on this forum's agenda."))
    if parent is not None:
        parent = AgendaItem.objects.get(tenant_id=meeting.tenant_id, pk=parent.pk)  # as it is now that the meeting is locked
        need(parent.meeting_id == meeting.pk and parent.parent_id is None and not parent.is_closed, _("A sub-item stands under an item of the same agenda."))
        chosen = stricter(chosen, DataClass(parent.data_class))
    need_readable(actor, meeting, chosen)
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(Max("order"))["order__max"] or 0
    who = kind_of(fields.get("presenter", ""), meeting.forum)
    item = create_item(meeting, order=last + 1, title=CLOSED_ITEM_TITLE if is_case else title, kind=kind, data_class=chosen, parent=parent, presenter_kind=who, **fields)
    if parent is not None:
        write_order(blocks_of(list(general_items(meeting).select_for_update(no_key=True))))
    note_change(meeting, item.data_class)
    return item


def create_item(meeting: Meeting, **fields: Any) -> AgendaItem:
    """A new item of the meeting, as it is given: for actions that have checked what must be checked."""
    return AgendaItem.objects.create(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, **fields)


def change_item(item: AgendaItem, *, actor: Actor, seen: str | None = None, **fields: Any) -> AgendaItem:
    """Change a general item while the meeting is planned. What stands under it becomes at least as closed as it is.

    `seen`: the fingerprint of what the change was made from; raises StaleError when another has changed the item since.
    """
    meeting, item = locked_item(item, actor, Verb.CONVENE)
    need_planned(meeting)
    refuse_stale(item, seen, APART)
    chosen = DataClass(fields.get("data_class", item.data_class))
    need(not item.is_closed and not chosen.is_person and chosen.fits_under(DataClass(meeting.forum.ceiling)), _("An item of this class cannot stand on this forum's agenda."))
    if item.parent is not None:
        chosen = stricter(chosen, DataClass(item.parent.data_class))
    need_readable(actor, meeting, chosen)
    was = {name: getattr(item, name) for name in CHANGEABLE}
    if fields.get("presenter", item.presenter) != item.presenter:
        item.presenter_kind = kind_of(fields["presenter"], meeting.forum)
    for name, value in {**fields, "data_class": chosen}.items():
        assert name in CHANGEABLE, name
        setattr(item, name, value)
    item.save(update_fields=[*CHANGEABLE, "presenter_kind"])
    for child in item.children.select_for_update(no_key=True):
        if stricter(DataClass(child.data_class), chosen) != child.data_class:
            child.data_class = chosen
            child.save(update_fields=["data_class"])
    if was != {name: getattr(item, name) for name in CHANGEABLE}:  # saved as it stood: nothing to tell
        note_change(meeting, was["data_class"], chosen)
    return item


def move_item(item: AgendaItem, *, actor: Actor, up: bool = False, to: int | None = None) -> int:
    """Move a general item, with what stands under it, among its equals: one place up or down, or to the place `to` (1 is first).

    Returns its new place among them; at the end nothing changes.
    """
    meeting, item = locked_item(item, actor, Verb.CONVENE)
    need_planned(meeting)
    rows = list(general_items(meeting).select_for_update(no_key=True))
    before = [row.order for row in rows]
    place = move_among(rows, item.pk, up=up, to=to)
    if [row.order for row in rows] != before:  # at the end nothing changes
        note_change(meeting, item.data_class)
    return place


def remove_item(item: AgendaItem, *, actor: Actor) -> AgendaItem | None:
    """Take an item off while the meeting is planned and nothing has been written under it. Before the call it is gone, with what stands under it.

    After the call it keeps its number and is shown as taken off: who has read the agenda finds the other items where they were.
    """
    meeting, item = locked_item(item, actor, Verb.CONVENE)
    need_planned(meeting)
    below = list(item.children.all())
    written = any(row.text or row.decision or row.agreements.exists() for row in [item, *below])
    need(not written, _("Something has been written under the item. It stays on the agenda."))
    if meeting.status == Meeting.Status.DRAFT:
        _delete(item, below)
        return None
    for row in [item, *below]:
        row.is_withdrawn = True
        row.save(update_fields=["is_withdrawn"])
    note_change(meeting, item.data_class)
    return item


def _delete(item: AgendaItem, below: list[AgendaItem]) -> None:
    """All of it or nothing: a refusal is answered with a page, and what was written before it would stay."""
    try:
        with transaction.atomic():
            for row in [item, *below]:
                _let_go(row)
            forget_files(list(Attachment.objects.filter(item__in=[item, *below]).values_list("file_key", flat=True)))
            item.delete()
            connection.check_constraints()
    except IntegrityError as error:  # of a class that the actor does not read, or he is kept out of it
        raise MeetingStateError(_("Something that your seat does not show you stands under this item. Ask the coordinator of the forum to take it off.")) from error


def _let_go(item: AgendaItem) -> None:
    """Before an item is deleted: what was proposed or sent to the forum waits again; what was sent on or answered keeps its item."""
    is_bound = item.handovers_out.exists() or item.handovers_in.exclude(status="TAKEN").exists()
    need(not is_bound, _("The item has been sent to another forum, or that forum has its answer. It stays on the agenda."))
    change_together(list(item.proposals.select_for_update()), status="WAITING", taken_to=None)
    change_together(list(item.handovers_in.select_for_update()), to_item=None)


def restore_item(item: AgendaItem, *, actor: Actor) -> AgendaItem:
    """Put an item that was taken off back in its place."""
    meeting, item = locked_item(item, actor, Verb.CONVENE)
    need_planned(meeting)
    item.is_withdrawn = False
    item.save(update_fields=["is_withdrawn"])
    note_change(meeting, item.data_class)
    return item


def carry_item(item: AgendaItem, meeting: Meeting, *, actor: Actor) -> AgendaItem:
    """Put an item on the agenda of a later meeting of the forum too: a copy that points back. What was minuted stays where it was."""
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    need_planned(meeting)
    need(not item.is_closed, _("A case is put on the agenda from the case."))
    need(item.forum_id == meeting.forum_id and item.meeting_id != meeting.pk, _("An item is carried to a later meeting of the same forum."))
    need(not AgendaItem.objects.filter(meeting=meeting, carried_from=item).exists(), _("The item stands on that meeting's agenda already."))
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(Max("order"))["order__max"] or 0
    same = {name: getattr(item, name) for name in (*CHANGEABLE, "presenter_kind")}
    note_change(meeting, item.data_class)
    return create_item(meeting, order=last + 1, carried_from=item, **same)


def stricter(one: DataClass, other: DataClass) -> DataClass:
    """The more closed of two general classes."""
    return one if other.fits_under(one) else other


def need_readable(actor: Actor, meeting: Meeting, data_class: DataClass) -> None:
    """Raise MeetingStateError for a general class that the actor's seat does not read: he may plan meetings and still see no figures."""
    need(data_class.is_person or data_class in classes_for(actor, meeting.forum), _("Your seat does not read aggregated items, so you cannot put one on the agenda."))


def need_planned(meeting: Meeting) -> None:
    """Raise MeetingStateError once the meeting has been held or cancelled."""
    need(meeting.is_planned, _("The meeting has been held or cancelled. The agenda cannot be changed."))


def need(is_so: bool, sentence: str | Promise) -> None:
    """Raise MeetingStateError with the sentence unless it is so."""
    if not is_so:
        raise MeetingStateError(str(sentence))
