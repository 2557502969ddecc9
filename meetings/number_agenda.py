"""A draft gets another number when an earlier meeting is moved or dropped, and keeps the agenda it was made with: which one is for its number now.
Nor does one that is planned before its forum has a standing agenda get any.

What is on the draft is compared with the forum's standing agendas as they are. Only an agenda that is one of them to the letter, with nothing
written or hung under it, is exchanged: then nothing is lost. Any other stays, and the page says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from access.actor import Actor
from access.roles import Verb
from meetings.actions import lay_agenda, remove_item
from meetings.agenda import classes_for, general_items
from meetings.agenda_actions import need
from meetings.models import AgendaItem, AgendaTemplate, Meeting
from meetings.rows import locked_meeting
from meetings.year_plan_actions import agenda_for, standing_agendas

SAME = ("title", "presenter", "is_optional", "fill", "duration", "kind", "data_class")  # what meetings.actions.lay_agenda copies


@dataclass(frozen=True)
class OtherAgenda:
    """The standing agenda that a draft has, if it has any, and the one that is for its number."""

    laid: AgendaTemplate | None
    wanted: AgendaTemplate
    is_untouched: bool


def other_agenda(actor: Actor, meeting: Meeting, items: Sequence[AgendaItem]) -> OtherAgenda | None:
    """None for what is no draft, and where the draft has the agenda of its number, or one of its own. `items`: its general ones. One query or two."""
    if meeting.status != Meeting.Status.DRAFT:
        return None
    templates = standing_agendas(meeting.forum)
    wanted = agenda_for(templates, meeting.number)
    if wanted is None or (items and len(templates) == 1):
        return None
    prefetch_related_objects(templates, "items")
    classes = classes_for(actor, meeting.forum)
    laid = {template.pk: _as_laid([item for item in template.items.all() if item.data_class in classes]) for template in templates}
    if not items:
        return OtherAgenda(None, wanted, is_untouched=True) if laid[wanted.pk] else None
    now = _as_laid(items)
    nearest = max(templates, key=lambda template: (laid[template.pk] == now, _shared(laid[template.pk], now), template.pk == wanted.pk))
    if nearest.pk == wanted.pk or not _shared(laid[nearest.pk], now):
        return None
    return OtherAgenda(nearest, wanted, laid[nearest.pk] == now and not any(item.text or item.decision or getattr(item, "attached", None) for item in items))


def _as_laid(items: Iterable[Any]) -> list[tuple[Any, ...]]:
    """What is the same of standing items and of the items of a meeting that were copied from them: the words, and which item each stands under."""
    places: dict[int, int] = {}
    found = []
    for place, item in enumerate(items):
        places[item.pk] = place
        found.append((*(getattr(item, name) for name in SAME), places.get(item.parent_id or 0)))
    return found


def _shared(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> int:
    return len({row[0] for row in one} & {row[0] for row in other})


def use_agenda_of_number(meeting: Meeting, *, actor: Actor, number: int) -> AgendaTemplate:
    """Give an untouched draft the standing agenda of its number, which is `number` as its planner has seen it. Raises MeetingStateError, and changes nothing."""
    meeting = locked_meeting(meeting, actor, Verb.CONVENE)
    need(meeting.number == number, _("The meeting has got another number since you opened the page. Look at its agenda again."))
    items = list(general_items(meeting).select_for_update(of=("self",), no_key=True))
    found = other_agenda(actor, meeting, items)
    if found is None or not found.is_untouched or _something_hangs_on(items):
        need(False, _("Something has been written or put on the agenda. It stays as it is, so that nothing is lost."))
        raise AssertionError
    with transaction.atomic():  # a refusal is answered with a page, and what was taken off before it would be gone
        for item in items:
            if item.parent_id is None:
                remove_item(item, actor=actor)
        lay_agenda(meeting, found.wanted, actor)
    return found.wanted


def _something_hangs_on(items: Sequence[AgendaItem]) -> bool:
    """A file, an aftale, what was carried or sent on, who is disqualified: whatever refers to an item, but for the items under it."""
    relations = [relation for relation in AgendaItem._meta.related_objects if relation.field.name != "parent"]
    return any(relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": items}).exists() for relation in relations)
