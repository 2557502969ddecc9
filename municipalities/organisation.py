"""The organisation as an actor may see it: its forums, their seats, and the three degrees of openness.

* An ordinary forum is open to every member of the tenant: holders, next meeting, meetings held.
* A forum with person data shows everybody its name, purpose and seats as role + organisation; who holds them, dates
  and counts are its members' alone.
* An Infohus shows everybody its name, and nothing more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.actor import Actor
from access.kept import Read, ahead, fill, kept
from access.models import User
from access.request import TenantRequest
from access.roles import DataClass, Duty, ForumKind, SeatRole, Verb
from municipalities.cadences import cadence_sentence
from municipalities.figures import NO_FIGURES, ForumFigures, forum_figures
from municipalities.leaders import Leader, leaders, leaders_read
from municipalities.models import Forum, ForumPreventionLevel, Organisation, Seat
from municipalities.people import call_by_invited_name

MARKS = tuple(Organisation.Mark.values)


@dataclass(frozen=True)
class Place:
    """A seat as this reader sees it: what it is and may do, and who holds it if that is not closed to him."""

    title: str
    organisation: Organisation
    holder: User | None
    kind: Seat.Kind = Seat.Kind.FIXED
    is_observer: bool = False
    has_vote: bool = True
    duties: Sequence[Duty] = ()
    deputy_for: str = ""
    elected_on: date | None = None  # a closed forum shows it to its members alone
    may_convene: bool = False
    runs: bool = False  # the coordinator's: who runs a forum that has no chair, as `municipalities.leaders` says it

    @property
    def marks(self) -> list[str]:
        """What is said of the seat beside its title: only what is out of the ordinary, and its duties."""
        said = [str(Seat.Kind(self.kind).label)] if self.kind == Seat.Kind.AD_HOC else []
        said += [str(SeatRole.OBSERVER.label)] if self.is_observer else []
        said += [_("Deputy for %(seat)s") % {"seat": self.deputy_for} if self.deputy_for else str(Seat.Kind.DEPUTY.label)] if self.kind == Seat.Kind.DEPUTY else []
        said += [_("Without a vote")] if not self.has_vote else []
        said += [_("Chair, elected on %(day)s") % {"day": date_format(self.elected_on, "DATE_FORMAT")}] if self.elected_on else []
        return [*said, *(str(duty.label) for duty in self.duties)]


@dataclass(frozen=True)
class ForumCard:
    """A forum as this reader sees it. Of a closed one `places` have no holder, and there are no figures."""

    forum: Forum
    is_inside: bool
    shows_more: bool  # False for an Infohus that the reader is no member of: only the name
    places: Sequence[Place] = ()
    figures: ForumFigures = NO_FIGURES
    seats: Mapping[str, int] = field(default_factory=dict)  # authority -> seats, where the places themselves are not read
    parent_name: str = ""
    leader: Leader | None = None  # read for the overview alone
    vacant: int = 0  # seats that nobody holds; read for the overview alone, and told to those who see the holders
    parent_is_open: bool = False  # the forum above shows this reader more than its name

    @property
    def cadence(self) -> str:
        """How often it has agreed to meet, in words."""
        return cadence_sentence(self.forum)

    @property
    def held(self) -> str:
        """«2 of 3» meetings this year; one that was held beside those that are agreed is told apart, and no «4 of 3» is said."""
        agreed, held = self.forum.agreed_in(timezone.localdate().year), self.figures.held
        if not agreed:
            return str(held)
        if held > agreed:
            return _("%(n)s of %(total)s, and %(more)s more") % {"n": agreed, "total": agreed, "more": held - agreed}
        return _("%(n)s of %(total)s") % {"n": held, "total": agreed}

    @property
    def marks(self) -> list[tuple[str, int]]:
        """(authority, number of seats), in the fixed order of the marks."""
        return [(mark, self.seats[mark]) for mark in MARKS if self.seats.get(mark)]


def forums_of(actor: Actor) -> QuerySet[Forum]:
    """The forums that a member of the tenant knows of: his tenant's, and the Kredsråd of its politikreds."""
    if not actor.is_member:
        return Forum.objects.none()
    return _forums(actor.tenant_id, actor.parent_tenant_id)


def _forums(tenant: Any, parent: Any) -> QuerySet[Forum]:
    return Forum.objects.filter(Q(tenant_id=tenant) | Q(tenant_id=parent, kind=ForumKind.KREDSRAAD)).in_order().select_related("level", "cadence_of", "area")


_all = kept(_forums)


@kept
def _one(tenant: Any, parent: Any, public_id: Any) -> QuerySet[Forum]:
    """With `first_sat`, when somebody first had a seat: the access review of the forum's page begins there."""
    first = Seat.objects.filter(forum=OuterRef("pk"), user__isnull=False).order_by("valid_from").values("valid_from")[:1]
    found = _forums(tenant, parent).filter(public_id=public_id).annotate(first_sat=Subquery(first))
    return found.select_related("level", "cadence_of", "area", "parent").order_by()


def read_forums(actor: Actor) -> list[Forum]:
    """The same forums, read."""
    return forums_read(actor).rows() if actor.is_member else []


def forums_read(actor: Actor) -> Read[Forum]:
    """What `read_forums` asks for, for a member."""
    return _all.of(actor.tenant_id, actor.parent_tenant_id)


def sees_inside(actor: Actor, forum: Forum) -> bool:
    """True if the actor may see who holds the seats, the dates and the counts."""
    return forum.pk in actor.forums_with(Verb.VIEW_FORUM) or (actor.is_member and not forum.is_person_forum)


def shows_more(actor: Actor, forum: Forum) -> bool:
    """True if the actor may see more of the forum than its name."""
    is_infohus = forum.kind == ForumKind.INFOHUS or DataClass(forum.ceiling) is DataClass.PERSON_INFOHUS
    return not is_infohus or forum.pk in actor.forums_with(Verb.VIEW_FORUM)


@kept
def _counts(forums: Any) -> QuerySet[Any, Any]:
    counted = Seat.objects.current().filter(forum__any=forums).order_by()
    return counted.values_list("forum", "organisation__mark").annotate(count=Count("pk"), vacant=Count("pk", filter=Q(user=None)))


@kept
def _seats(forums: Any) -> QuerySet[Seat]:
    return Seat.objects.current().filter(forum__any=forums).select_related("organisation", "user", "deputy_for").order_by("pk")


def current_seats(request: TenantRequest, forums: Sequence[Forum]) -> list[Seat]:
    """The seats of these forums that are not over, with organisation and holder. One query a request for the same forums: parts of a page ask for them too."""
    known: dict[tuple[int, ...], list[Seat]] = request.__dict__.setdefault("known_seats", {})
    ids = tuple(forum.pk for forum in forums)
    if ids not in known:
        known[ids] = _seats(list(ids))
    return known[ids]


def seats_read(forums: Sequence[Forum]) -> Read[Seat]:
    """What `current_seats` asks for."""
    return _seats.of([forum.pk for forum in forums])


@kept
def _bands(forums: Any) -> QuerySet[ForumPreventionLevel]:
    found = ForumPreventionLevel.objects.filter(forum__any=forums).select_related("prevention_level")
    return found.order_by("prevention_level__order", "prevention_level_id")


def overview(request: TenantRequest, forums: Iterable[Forum]) -> list[ForumCard]:
    """The forums as the request's actor sees them, with the number of seats, who runs them, and figures. Four queries, whatever their number; five for the administrator."""
    actor, found = request.actor, list(forums)
    open_ones = [forum for forum in found if shows_more(actor, forum)]
    seats: dict[int, dict[str, int]] = {}
    shown, inside = [forum.pk for forum in open_ones], [forum.pk for forum in open_ones if sees_inside(actor, forum)]
    with ahead(_counts.of(shown), leaders_read(inside)):
        counted, led = _counts(shown), leaders(request, inside)
    vacant: dict[int, int] = {}
    for forum_id, mark, count, free in counted:
        seats.setdefault(forum_id, {})[mark] = count
        vacant[forum_id] = vacant.get(forum_id, 0) + free
    figures = forum_figures(request, inside)
    names = {forum.pk: forum.name for forum in found}
    return [
        ForumCard(
            forum, forum.pk in figures, True, figures=figures.get(forum.pk, NO_FIGURES), seats=seats.get(forum.pk, {}), parent_name=names.get(forum.parent_id or 0, ""),
            leader=led.get(forum.pk), vacant=vacant.get(forum.pk, 0) if forum.pk in figures else 0,
        )
        if shows_more(actor, forum) else ForumCard(forum, is_inside=False, shows_more=False)
        for forum in found
    ]  # fmt: skip


def cards(request: TenantRequest, forums: Iterable[Forum]) -> list[ForumCard]:
    """The same with every seat: what it may do, and who holds it; and the bands of prevention. Three queries, whatever their number."""
    actor, found = request.actor, list(forums)
    bands = _bands([forum.pk for forum in found])
    for forum in found:
        fill(forum, "prevention_levels", [band.prevention_level for band in bands if band.forum_id == forum.pk])
    by_id = {forum.pk: forum for forum in found}
    for forum in found:
        if forum.parent_id in by_id:
            forum.parent = by_id[forum.parent_id]
    seats: dict[int, list[Seat]] = {}
    read = current_seats(request, found)
    seats_read = call_by_invited_name(request.tenant.id, read) if Verb.MANAGE_TENANT in request.actor.tenant_verbs else read  # of an invitation nobody else knows
    for seat in seats_read:
        seats.setdefault(seat.forum_id, []).append(seat)
    figures = forum_figures(request, [forum.pk for forum in found if sees_inside(actor, forum)])
    return [_card(actor, forum, seats.get(forum.pk, []), figures) for forum in found]


def _card(actor: Actor, forum: Forum, seats: Iterable[Seat], figures: dict[int, ForumFigures]) -> ForumCard:
    if not shows_more(actor, forum):
        return ForumCard(forum, is_inside=False, shows_more=False)
    inside = sees_inside(actor, forum)
    places = [_place(seat, is_inside=inside) for seat in seats]
    above = forum.parent
    return ForumCard(forum, inside, True, places, figures.get(forum.pk, NO_FIGURES), parent_is_open=above is not None and shows_more(actor, above))


def _place(seat: Seat, *, is_inside: bool) -> Place:
    return Place(
        seat.title, seat.organisation, seat.user if is_inside else None, Seat.Kind(seat.kind), seat.role == SeatRole.OBSERVER, seat.has_vote,
        sorted(seat.duties, key=list(Duty).index), seat.deputy_for.title if seat.deputy_for else "", seat.elected_on if is_inside else None, seat.may_convene,
        seat.role == SeatRole.COORDINATOR and seat.kind != Seat.Kind.DEPUTY,
    )  # fmt: skip


def fetch_card(request: TenantRequest, public_id: str) -> ForumCard:
    """One forum's card; Http404 when it is foreign, missing, or shows the reader nothing but its name."""
    actor = request.actor
    found = cards(request, _one(actor.tenant_id, actor.parent_tenant_id, public_id) if actor.is_member and "\x00" not in public_id else [])
    if not found or not found[0].shows_more:
        raise Http404("no such forum for this actor")
    return found[0]


def has_ended(forum: Forum) -> bool:
    """True after the last day that the forum was active."""
    return forum.active_to is not None and forum.active_to < timezone.localdate()


def now_and_before(found: Sequence[ForumCard]) -> tuple[list[ForumCard], list[ForumCard]]:
    """(the forums there are, those that have ended)."""
    return [card for card in found if not has_ended(card.forum)], [card for card in found if has_ended(card.forum)]
