"""What one reader sees of an agenda. The page, the PDF and the minutes all ask here, so that they show the same.

General items are numbered by what the reader sees, without gaps. Items of the closed part are never among them: they
are rendered by the app that owns them (`meetings.parts`), and whoever may not see them cannot tell how many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from access.actor import Actor
from access.kept import Read, kept
from access.policy import among, may
from access.roles import DataClass, Verb
from meetings.item_order import Ordered
from meetings.models import AgendaItem, Meeting
from meetings.neighbours import with_neighbours
from meetings.rights import SEEN_IN_PART
from municipalities.models import Forum

PERSON_CLASSES = [value for value in DataClass if value.is_person]


@dataclass(frozen=True)
class Line:
    """A general item as this reader sees it; `at` only for those who see all of the agenda."""

    place: int  # 1, 2 … through all that he sees
    number: str  # «3», and «3b» for the second item under it
    item: AgendaItem
    at: datetime | None = None
    is_first: bool = False  # among those it can change places with
    is_last: bool = False


@dataclass(frozen=True)
class Agenda:
    """One reader's agenda of one meeting."""

    meeting: Meeting
    lines: list[Line] = field(default_factory=list)
    shows_classes: bool = False  # the class badge: for those who see all
    closed_line: bool = False  # one constant last line, whatever stands behind it
    pledge_first: bool = False  # the line leads to the duty of confidentiality: he has not accepted it yet
    closed_part: bool = False  # this reader's closed part is rendered by its own app
    closed_minutes: int = 0  # and takes this long

    @property
    def minutes(self) -> int:
        """The time of what is shown."""
        return sum(minutes_of(line.item) for line in self.lines) + self.closed_minutes

    def line_of(self, public_id: str) -> Line | None:
        """The line of one item, if this reader has it."""
        return next((line for line in self.lines if line.item.public_id == public_id), None)


def minutes_of(item: AgendaItem) -> int:
    """The time an item takes of the meeting: none when it has been taken off."""
    return 0 if item.is_withdrawn else item.duration


def numbers_of(items: Iterable[Ordered]) -> list[str]:
    """«1», «2», «2a», «2b», «3» …: the numbers of general items in their order, without gaps. An item that was taken off keeps its own."""
    found: list[str] = []
    main, letters = 0, 0
    known: set[int] = set()
    for item in items:
        if item.parent_id in known:
            letters += 1
            found.append(f"{main}{letter_of(letters - 1).lower()}")
        else:
            main, letters = main + 1, 0
            known.add(item.pk)
            found.append(str(main))
    return found


def letter_of(place: int) -> str:
    """A, B … Z, AA, AB … for the place 0, 1 …"""
    first, last = divmod(place, 26)
    return (letter_of(first - 1) if first else "") + chr(ord("A") + last)


def shells(actor: Actor) -> QuerySet[Meeting]:
    """Meetings of which the actor may know forum, date and place. The one read of meetings that does not go through a verb.

    Row security decides: meetings of general forums for every member of the tenant, meetings of a person forum for its
    members, the guest's own meeting for a guest, and the Kredsråd of the parent tenant. A draft is the forum's own. What
    more is shown of a meeting is asked of the policy afterwards.
    """
    tenants = _tenants_of(actor)
    return _shells(Q(tenant_id__in=tenants), Q(forum_id__in=actor.forums_with(Verb.VIEW_AGENDA)))


def _shells(of_tenants: Q, own: Q) -> QuerySet[Meeting]:
    found: QuerySet[Meeting] = Meeting.objects.filter(of_tenants).exclude(Q(status=Meeting.Status.DRAFT) & ~own).select_related("forum")
    return found


@kept  # every page of a meeting begins with it: compiling it anew was a tenth of the page (script/bench)
def _shell(tenants: Any, forums: Any, public_id: Any) -> QuerySet[Meeting]:
    return _shells(Q(tenant__any=tenants), Q(forum__any=forums)).filter(public_id=public_id).select_related("forum__level", "approved_by", "approved_at_meeting")


def _tenants_of(actor: Actor) -> list[int]:
    return [pk for pk in (actor.tenant_id, actor.is_member and actor.parent_tenant_id) if pk]


def fetch_shell(actor: Actor, public_id: str) -> Meeting:
    """The meeting's shell (forum, date, place), or Http404."""
    found = next(iter(_shell(_tenants_of(actor), list(actor.forums_with(Verb.VIEW_AGENDA)), public_id)), None)
    if found is None:
        raise Http404("no such meeting for this actor")
    return found


def fetch_meeting(actor: Actor, verb: Verb, public_id: str) -> Meeting:
    """The meeting on which the actor has the verb by a seat in the forum, else Http404. A guest has his own page only."""
    forums = actor.forums_with(verb)
    known = _shell([actor.tenant_id], list(forums), public_id) if "\x00" not in public_id else []
    found = among(actor, verb, [meeting for meeting in known if meeting.forum_id in forums])
    if not found:
        raise Http404("no such meeting for this actor")
    return found[0]


def open_meeting(actor: Actor, public_id: str) -> Meeting:
    """The meeting for the forum's own and for a guest of it, else Http404: other members have its shell alone."""
    meeting = fetch_shell(actor, public_id)
    if not (is_insider(actor, meeting) or is_guest(actor, meeting)):
        raise Http404("the actor has the shell alone")
    return meeting


@kept  # asked for at each autosave
def _item(tenant: Any, forums: Any, public_id: Any, item_id: Any) -> QuerySet[AgendaItem]:
    found = AgendaItem.objects.filter(tenant_id=tenant, forum__any=forums, meeting__public_id=public_id, public_id=item_id)
    return found.exclude(data_class__in=PERSON_CLASSES).select_related("meeting__forum").order_by()


def fetch_item(actor: Actor, public_id: str, item_id: str) -> AgendaItem:
    """An item of the general part with its meeting, for who reads the forum's agendas; else Http404. One query."""
    is_text = "\x00" not in public_id + item_id
    found = among(actor, Verb.VIEW_AGENDA, _item(actor.tenant_id, list(actor.forums_with(Verb.VIEW_AGENDA)), public_id, item_id) if is_text else [])
    if not found:
        raise Http404("no such item for this actor")
    return found[0]


def is_insider(actor: Actor, meeting: Meeting) -> bool:
    """True for who reads the agenda by a seat in the forum (a guest does not)."""
    return meeting.tenant_id == actor.tenant_id and meeting.forum_id in actor.forums_with(Verb.VIEW_AGENDA)


def is_guest(actor: Actor, meeting: Meeting) -> bool:
    """True for who is called in for one item of this meeting and has no seat in the forum."""
    return meeting.pk in actor.guest_of("meetings.Meeting") and not is_insider(actor, meeting)


def opens_closed_part(actor: Actor, meeting: Meeting) -> bool:
    """True for who has the whole closed part by his seat: a book and its files ask the same as the page. A guest has his own item alone."""
    return is_insider(actor, meeting) and DataClass(meeting.forum.ceiling).is_person and bool(may(actor, Verb.VIEW_CASES, meeting))


def owes_pledge(actor: Actor, meeting: Meeting) -> bool:
    """True when the closed part is closed to the actor because he has not accepted the duty of confidentiality."""
    return meeting.forum_id in actor.withheld.get(Verb.VIEW_CASES, ())


def sees_all(actor: Actor, meeting: Meeting) -> bool:
    """True when nothing of this agenda can be hidden from the actor; only he may see the clock times."""
    ceiling = DataClass(meeting.forum.ceiling)
    if meeting.pk in actor.recused_from(SEEN_IN_PART):
        return False
    if ceiling.is_person and not may(actor, Verb.VIEW_CASES, meeting):
        return False
    return not DataClass.AGGREGATE.fits_under(ceiling) or bool(may(actor, Verb.VIEW_AGGREGATE, meeting))


def general_items(meeting: Meeting) -> QuerySet[AgendaItem]:
    """The meeting's items outside the closed part that row security gives this actor, in their order."""
    return _general_items(meeting.tenant_id, meeting.pk)


def _general_items(tenant: Any, meeting: Any) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(tenant_id=tenant, meeting_id=meeting).exclude(data_class__in=PERSON_CLASSES).order_by("order", "pk")


@kept
def _read_items(tenant: Any, meeting: Any) -> QuerySet[AgendaItem]:
    return with_neighbours(_general_items(tenant, meeting))


def items_read(meeting: Meeting) -> Read[AgendaItem]:
    """What `read_agenda` asks for, for one of the forum's own."""
    return _read_items.of(meeting.tenant_id, meeting.pk)


def read_agenda(actor: Actor, meeting: Meeting) -> Agenda:
    """This reader's agenda. One query, none for who does not belong to the forum."""
    person_forum = DataClass(meeting.forum.ceiling).is_person
    if not is_insider(actor, meeting):
        return Agenda(meeting, closed_part=is_guest(actor, meeting))
    all_seen, opened = sees_all(actor, meeting), opens_closed_part(actor, meeting)
    lines, at = [], meeting.starts_at
    items = items_read(meeting).rows()
    equals: dict[int | None, list[int]] = {}
    for item in items:
        equals.setdefault(item.parent_id, []).append(item.pk)
    for place, (number, item) in enumerate(zip(numbers_of(items), items, strict=True), start=1):
        beside = equals[item.parent_id]
        lines.append(Line(place, number, item, at if all_seen else None, beside[0] == item.pk, beside[-1] == item.pk))
        at += timedelta(minutes=minutes_of(item))
    return Agenda(meeting, lines, shows_classes=all_seen, closed_line=person_forum and not opened, closed_part=opened, pledge_first=owes_pledge(actor, meeting))


def classes_under(ceiling: str) -> list[DataClass]:
    """The classes that a general item may have in a forum with this ceiling; never a person class."""
    return [value for value in DataClass if not value.is_person and value.fits_under(DataClass(ceiling))]


def classes_for(actor: Actor, forum: Forum) -> list[DataClass]:
    """Those of them that the actor may put on its agendas: nobody writes an item that he may not read. Row security has the same rule."""
    reads_aggregate = forum.pk in actor.forums_with(Verb.VIEW_AGGREGATE)
    return [value for value in classes_under(forum.ceiling) if reads_aggregate or value is not DataClass.AGGREGATE]


def name_buttons(lines: Iterable[Any]) -> None:
    """What the buttons of each line with a number and an item are called and say, as `item.says`: translated once, filled for each."""
    words = {
        "up": _("Move item %(number)s up"), "down": _("Move item %(number)s down"), "change": _("Change item %(number)s"),
        "moved_up": _("“%(title)s” is moved up."), "moved_down": _("“%(title)s” is moved down."),
    }  # fmt: skip
    for line in lines:
        about = {"number": line.number, "title": line.item.title}
        line.item.says = {name: text % about for name, text in words.items()}  # what the template reads
