"""What may stand on the wall of the meeting room. A filter of its own, stricter than the reader's: the wall is read by everybody in the room.

Only general items of the classes that every member of the forum reads. No person item, nothing aggregated, nothing from
which somebody is kept out, no words that fill themselves for one reader. Numbered as the member numbers them who sees least.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import Http404

from access.roles import DataClass
from meetings.agenda import general_items, numbers_of
from meetings.models import AgendaItem, Agreement, ItemRecusal, Meeting

FOR_THE_ROOM = (DataClass.PUBLIC, DataClass.INTERNAL)


@dataclass(frozen=True)
class Slide:
    """One item as it stands on the wall, and the ids of those beside it: never their titles."""

    item: AgendaItem
    number: str
    before: str
    after: str
    agreements: list[Agreement]


def read_slide(meeting: Meeting, item_id: str) -> Slide | None:
    """The chosen item, or without a choice the one the meeting is at. None: what it is at is not for the wall, or there is nothing.

    Raises Http404 for a choice that is not for the wall. Three queries at most.
    """
    shown = _shown(meeting)
    if not item_id and AgendaItem.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, started_at__isnull=False, ended_at=None).exclude(
        pk__in=[item.pk for item, _number in shown]
    ):
        return None
    place = _place(shown, item_id)
    if place is None:
        return None
    item, number = shown[place]
    beside = [""] + [other.public_id for other, _number in shown] + [""]
    agreements = Agreement.objects.filter(tenant_id=meeting.tenant_id, item=item).with_parties().order_by("due_on", "pk")
    return Slide(item, number, beside[place], beside[place + 2], list(agreements))


def _shown(meeting: Meeting) -> list[tuple[AgendaItem, str]]:
    recused = ItemRecusal.objects.filter(item_id=OuterRef("pk"))
    items = list(general_items(meeting).filter(~Exists(recused), data_class__in=FOR_THE_ROOM))
    return [(item, number) for item, number in zip(items, numbers_of(items), strict=True) if not item.is_withdrawn]


def _place(shown: list[tuple[AgendaItem, str]], item_id: str) -> int | None:
    if item_id:
        found = next((place for place, (item, _number) in enumerate(shown) if item.public_id == item_id), None)
        if found is None:
            raise Http404("not for the wall")
        return found
    running = next((place for place, (item, _number) in enumerate(shown) if item.is_running), None)
    waiting = next((place for place, (item, _number) in enumerate(shown) if not item.is_done), None)
    last = len(shown) - 1 if shown else None
    return running if running is not None else waiting if waiting is not None else last
