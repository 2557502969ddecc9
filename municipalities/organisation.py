"""The organisation as an actor may see it: tiers of forums, their seats, and the three degrees of openness.

* An ordinary forum is open to every member of the tenant: holders, next meeting, meetings held.
* A forum with person data shows everybody its name, purpose and seats as role + organisation; who holds them, dates
  and counts are its members' alone.
* An Infohus shows everybody its name, and nothing more.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.kept import kept
from access.models import User
from access.request import TenantRequest
from access.roles import DataClass, ForumKind, Verb
from municipalities.cadences import cadence_sentence
from municipalities.figures import NO_FIGURES, ForumFigures, forum_figures
from municipalities.models import Forum, Organisation, PreventionLevel, Seat

MARKS = tuple(Organisation.Mark.values)
# what is handed down and up between a forum of this kind and the tier below it
FLOWS: dict[str, tuple[Any, Any]] = {
    ForumKind.KREDSRAAD: (_("Cooperation plan and priorities"), _("Development in crime")),
    ForumKind.LOKALRAAD: (_("Frame, approved handleplan"), _("Follow-up and report")),
    ForumKind.STYREGRUPPE: (_("Indsatser and tasks"), _("Experience and needs")),
}


@dataclass(frozen=True)
class Place:
    """A seat as this reader sees it: what it is, and who holds it if that is not closed to him."""

    title: str
    organisation: Organisation
    holder: User | None


@dataclass(frozen=True)
class ForumCard:
    """A forum as this reader sees it. Of a closed one `places` have no holder, and there are no figures."""

    forum: Forum
    is_inside: bool
    shows_more: bool  # False for an Infohus that the reader is no member of: only the name
    places: Sequence[Place] = ()
    figures: ForumFigures = NO_FIGURES

    @property
    def cadence(self) -> str:
        """How often it has agreed to meet, in words."""
        return cadence_sentence(self.forum)

    @property
    def marks(self) -> list[tuple[str, int]]:
        """(authority, number of seats), in the fixed order of the marks."""
        found = Counter(place.organisation.mark for place in self.places)
        return [(mark, found[mark]) for mark in MARKS if found[mark]]


@dataclass(frozen=True)
class Tier:
    """One step of the picture: its main forums, the minor ones, and what goes down and up below it."""

    number: int
    name: str  # empty when the tier above has the same name
    label: str
    main: Sequence[ForumCard]
    minor: Sequence[ForumCard] = field(default_factory=list)
    flow: tuple[Any, Any] | None = None


def forums_of(actor: Actor) -> QuerySet[Forum]:
    """The forums that a member of the tenant knows of: his tenant's, and the Kredsråd of its politikreds."""
    if not actor.is_member:
        return Forum.objects.none()
    return _forums(actor.tenant_id, actor.parent_tenant_id)


def _forums(tenant: Any, parent: Any) -> QuerySet[Forum]:
    return Forum.objects.filter(Q(tenant_id=tenant) | Q(tenant_id=parent, kind=ForumKind.KREDSRAAD)).in_order()


_all = kept(_forums)


@kept
def _one(tenant: Any, parent: Any, public_id: Any) -> QuerySet[Forum]:
    return _forums(tenant, parent).filter(public_id=public_id).select_related("parent").order_by()


def read_forums(actor: Actor) -> list[Forum]:
    """The same forums, read."""
    return _all(actor.tenant_id, actor.parent_tenant_id) if actor.is_member else []


def sees_inside(actor: Actor, forum: Forum) -> bool:
    """True if the actor may see who holds the seats, the dates and the counts."""
    return forum.pk in actor.forums_with(Verb.VIEW_FORUM) or (actor.is_member and not forum.is_person_forum)


def shows_more(actor: Actor, forum: Forum) -> bool:
    """True if the actor may see more of the forum than its name."""
    is_infohus = forum.kind == ForumKind.INFOHUS or DataClass(forum.ceiling) is DataClass.PERSON_INFOHUS
    return not is_infohus or forum.pk in actor.forums_with(Verb.VIEW_FORUM)


@kept
def _seats(forums: Any) -> QuerySet[Seat]:
    return Seat.objects.current().filter(forum__any=forums).select_related("organisation", "user").order_by("pk")


def cards(request: TenantRequest, forums: Iterable[Forum]) -> list[ForumCard]:
    """The forums as the request's actor sees them, with seats and figures. Three queries, whatever their number."""
    actor, found = request.actor, list(forums)
    seats: dict[int, list[Seat]] = {}
    for seat in _seats([forum.pk for forum in found]):
        seats.setdefault(seat.forum_id, []).append(seat)
    figures = forum_figures(request, [forum.pk for forum in found if sees_inside(actor, forum)])
    return [_card(actor, forum, seats.get(forum.pk, []), figures) for forum in found]


def _card(actor: Actor, forum: Forum, seats: Iterable[Seat], figures: dict[int, ForumFigures]) -> ForumCard:
    if not shows_more(actor, forum):
        return ForumCard(forum, is_inside=False, shows_more=False)
    inside = sees_inside(actor, forum)
    places = [Place(seat.title, seat.organisation, seat.user if inside else None) for seat in seats]
    return ForumCard(forum, inside, True, places, figures.get(forum.pk, NO_FIGURES))


def fetch_card(request: TenantRequest, public_id: str) -> ForumCard:
    """One forum's card; Http404 when it is foreign, missing, or shows the reader nothing but its name."""
    actor = request.actor
    forums = _one(actor.tenant_id, actor.parent_tenant_id, public_id) if actor.is_member and "\x00" not in public_id else []
    prefetch_related_objects(forums, Prefetch("prevention_levels", PreventionLevel.objects.order_by("order")))
    found = cards(request, forums)
    if not found or not found[0].shows_more:
        raise Http404("no such forum for this actor")
    return found[0]


def tiers(found: Iterable[ForumCard]) -> list[Tier]:
    """The picture: a strategic or coordinating forum has a step of its own, the others share their level's."""
    steps = [list(step) for _key, step in groupby(found, key=_step)]
    drawn: list[Tier] = []
    for number, step in enumerate(steps, start=1):
        main = [card for card in step if not card.forum.is_minor]
        label = step[0].forum.level.name
        name = "" if drawn and drawn[-1].label == label else label
        flow = FLOWS.get(step[0].forum.kind) if number < len(steps) else None
        drawn.append(Tier(number if len(main) < 2 else 4, name, label, main, [card for card in step if card.forum.is_minor], flow))
    return drawn


def _step(card: ForumCard) -> tuple[int, int]:
    forum = card.forum
    return (forum.level_id, forum.pk if forum.kind in FLOWS else 0)
