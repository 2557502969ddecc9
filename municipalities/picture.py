"""What stands in the organisation picture: the forums that this reader sees, as boxes for `municipalities.drawing`.

Nothing is drawn that `municipalities.organisation` does not show him: of an Infohus that is not his, the name alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access.dates import clock, day
from access.kept import Read, kept
from access.roles import DataClass, ForumKind
from municipalities.drawing import Drawing, draw
from municipalities.drawing_rows import Node
from municipalities.models import Area, Forum
from municipalities.organisation import ForumCard
from municipalities.terms import Term, term

# what is handed down and up between a row of forums of this kind and the one below it
FLOWS: dict[str, tuple[Any, Any]] = {
    ForumKind.KREDSRAAD: (gettext_lazy("Cooperation plan and priorities"), gettext_lazy("Development in crime")),
    ForumKind.LOKALRAAD: (gettext_lazy("Frame, approved: %(plan)s"), gettext_lazy("Follow-up and report")),
    ForumKind.STYREGRUPPE: (gettext_lazy("%(initiatives)s and tasks"), gettext_lazy("Experience and needs")),
}
STEPS = (ForumKind.KREDSRAAD, ForumKind.LOKALRAAD, ForumKind.STYREGRUPPE)  # the rows of one tier; then all others, then the minor ones
MANY, ACROSS, ACROSS_PAPER = 24, 5, 8  # forums from which paper takes more columns


def areas_of(tenant_id: int) -> dict[int, Area]:
    """The tenant's areas by id. One query."""
    return {area.pk: area for area in areas_read(tenant_id).rows()}


def areas_read(tenant_id: int) -> Read[Area]:
    """What `areas_of` asks for."""
    return _areas.of(tenant_id)


@kept
def _areas(tenant: Any) -> QuerySet[Area]:
    return Area.objects.filter(tenant_id=tenant).order_by()


def organisation_picture(cards: Sequence[ForumCard], areas: Mapping[int, Area], slug: str = "", *, terms: Mapping[str, str] | None = None, on_paper: bool = False) -> Drawing:
    """The picture of these forums, in the kommune's own names. With a slug it is a page's: the boxes lead to the forums' pages, and say who runs
    them and when they meet next, which paper would soon say wrongly. No query.
    """
    districts = {card.forum.pk: _district(card.forum, areas) for card in cards if card.shows_more}
    shared = Counter((card.forum.level.name, districts[card.forum.pk]) for card in cards if districts.get(card.forum.pk))
    levels = {card.forum.pk: card.forum.level_id for card in cards}
    names = {"plan": term(terms, Term.PLAN), "initiatives": term(terms, Term.INITIATIVE, "plural", start=True)}
    nodes = [_node(card, areas, districts.get(card.forum.pk, ""), shared, levels, slug, names) for card in cards]
    return draw(nodes, across=ACROSS_PAPER if on_paper and len(nodes) > MANY else ACROSS)


def _node(
    card: ForumCard, areas: Mapping[int, Area], district: str, shared: Counter[tuple[str, str]], levels: Mapping[int, int], slug: str, names: Mapping[str, str]
) -> Node:
    forum, tier = card.forum, card.forum.level.name
    is_inside_another = forum.parent_id is not None and levels.get(forum.parent_id) == forum.level_id
    step = STEPS.index(ForumKind(forum.kind)) if forum.kind in STEPS else len(STEPS) + (1 if forum.is_minor and not is_inside_another else 0)
    flow = FLOWS.get(forum.kind)
    now = _now(card) if slug else []
    if not card.shows_more:
        return Node(forum.pk, forum.name, tier, step, is_locked=True)
    return Node(
        forum.pk, forum.name, tier, step, forum.parent_id, group=district, notes=(*_notes(card, areas, is_framed=shared[tier, district] > 1), *now), marks=tuple(card.marks),
        is_locked=forum.is_person_forum, address=reverse("forum_detail", args=[slug, forum.public_id]) if slug else "",
        flow=(str(flow[0]) % names, str(flow[1]) % names) if flow else None,
    )  # fmt: skip


def _notes(card: ForumCard, areas: Mapping[int, Area], *, is_framed: bool) -> list[str]:
    forum = card.forum
    area = areas.get(forum.area_id) if forum.area_id else None
    said = [area.name] if area and (area.parent_id or not is_framed) else []
    said += [str(DataClass(forum.ceiling).label)] if forum.is_person_forum else []
    if forum.active_from and forum.active_from > timezone.localdate():
        said.append(_("from %(day)s") % {"day": date_format(forum.active_from, "DATE_FORMAT")})
    return [*said, card.cadence]


def _now(card: ForumCard) -> list[str]:
    """Who runs the forum, how many seats are vacant and when it meets next, for those who may see all of it."""
    if not card.is_inside:
        return []
    runs = card.forum.chair_text
    if card.leader is not None:
        runs = (_("%(name)s, chair") if card.leader.is_chair else "%(name)s, %(title)s") % vars(card.leader)
    at = card.figures.next_at
    free = ngettext("%(n)s seat is vacant", "%(n)s seats are vacant", card.vacant) % {"n": card.vacant} if card.vacant else ""
    return [line for line in (runs, free, at and _("Next: %(day)s at %(time)s") % {"day": day(at), "time": clock(at)}) if line]


def _district(forum: Forum, areas: Mapping[int, Area]) -> str:
    """The outermost area that the forum's own lies in. A ring of areas ends where it began."""
    seen: list[Area] = []
    at = areas.get(forum.area_id) if forum.area_id else None
    while at is not None and at not in seen:
        seen.append(at)
        at = areas.get(at.parent_id) if at.parent_id else None
    return seen[-1].name if seen else ""
