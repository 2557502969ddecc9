"""A forum's mandate in words: what it is, who convenes and chairs it, how often it meets, what may be said there.

The same facts stand on the forum's page and in the document; each reader gets what `municipalities.organisation` shows him.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.roles import Convening, DataClass
from municipalities.models import Forum, PreventionLevel
from municipalities.organisation import ForumCard, Place
from municipalities.terms import kind_name

CLASS_IN_WORDS: dict[str, Any] = {
    DataClass.PUBLIC: gettext_lazy("None: everything said here may be read by anybody."),
    DataClass.INTERNAL: gettext_lazy("None: this forum never discusses named children or young people."),
    DataClass.AGGREGATE: gettext_lazy("None: this forum works with totals, and never discusses named children or young people."),
    DataClass.PERSON_115: gettext_lazy("Only in closed items, and only for those who hold a seat or are called in to one case."),
    DataClass.PERSON_INFOHUS: gettext_lazy("Only among the members of this Infohus: it is a circle of its own."),
}


class Fact(NamedTuple):
    """A line of the mandate: what it is about, the sentences, and where the first one leads."""

    label: str
    lines: Sequence[str]
    address: str = ""
    dots: tuple[int, int] | None = None  # held, agreed
    is_cadence: bool = False


class Mandate(NamedTuple):
    """A forum's page or its chapter in the document."""

    card: ForumCard
    facts: Sequence[Fact]
    bands: Sequence[PreventionLevel]
    agenda: Any = None  # what stands on its standing agenda, from the app that holds it


def mandate(card: ForumCard, slug: str, terms: Mapping[str, str], agenda: Any = None) -> Mandate:
    """The mandate of a forum that shows more than its name. No query."""
    bands = list(card.forum.prevention_levels.all())
    return Mandate(card, [fact for fact in _facts(card, slug, bands, terms) if fact.lines], bands, agenda)


def _facts(card: ForumCard, slug: str, bands: Sequence[PreventionLevel], terms: Mapping[str, str]) -> list[Fact]:
    forum = card.forum
    return [
        Fact(_("Tier"), [forum.level.name]),
        _reports_to(card, slug),
        Fact(_("Area"), [forum.area.name] if forum.area else []),
        Fact(_("Kind of forum"), [kind_name(terms, forum.kind)]),
        _cadence(card),
        Fact(_("Who convenes"), _convening(card)),
        Fact(_("Who chairs"), _chairing(card)),
        Fact(_("Target group"), [forum.target_ages] if forum.target_ages else []),
        Fact(_("Level of prevention"), [band.name for band in bands]),
        Fact(_("Person data"), [str(CLASS_IN_WORDS[forum.ceiling])]),
        Fact(_("Minutes of the meetings"), [_minutes(forum)]),
        Fact(_("Active"), _active(forum)),
    ]


def _reports_to(card: ForumCard, slug: str) -> Fact:
    parent = card.forum.parent
    if parent is None:
        return Fact(_("Reports to"), [])
    return Fact(_("Reports to"), [parent.name], reverse("forum_detail", args=[slug, parent.public_id]) if card.parent_is_open else "")


def _cadence(card: ForumCard) -> Fact:
    agreed = card.forum.agreed_in(timezone.localdate().year)
    if not card.is_inside or not agreed:
        return Fact(_("Cadence"), [card.cadence], is_cadence=True)
    more = card.figures.held - agreed
    said = _("%(n)s of %(total)s meetings held this year, and %(more)s more") if more > 0 else _("%(n)s of %(total)s meetings held this year")
    held = said % {"n": min(card.figures.held, agreed), "total": agreed, "more": more}
    return Fact(_("Cadence"), [card.cadence, held], dots=(card.figures.held, agreed), is_cadence=True)


def _convening(card: ForumCard) -> list[str]:
    """The rule, what the kommune has written of it where nobody is said to chair, and the seats that may call meetings besides."""
    extra = [place.title for place in card.places if place.may_convene]
    said = [str(Convening(card.forum.convening).label)] + ([card.forum.chair_text] if _says_who_convenes(card.forum) else [])
    return [*said, _("Also: %(seats)s") % {"seats": ", ".join(extra)}] if extra else said


def _says_who_convenes(forum: Forum) -> bool:
    """«SSP-konsulenten indkalder» stands in the words about the chair of a forum for which no chair is decided."""
    return bool(forum.chair_text) and forum.chairing == Forum.Chairing.NONE


def _chairing(card: ForumCard) -> list[str]:
    """What the kommune has written, or the rule; and the one who was elected, for those who may see who holds the seats."""
    forum = card.forum
    said = [forum.chair_text] if forum.chair_text and not _says_who_convenes(forum) else []
    if forum.chairing == Forum.Chairing.ELECTED or not said:
        said.append(_no_chair(card) if forum.chairing == Forum.Chairing.NONE else str(Forum.Chairing(forum.chairing).label))
    return said + [_elected(place, place.elected_on) for place in card.places if place.elected_on]


def _no_chair(card: ForumCard) -> str:
    """That nobody is chosen to chair it; and who runs it then, as the picture and the list of all forums say."""
    seats = list(dict.fromkeys(place.title for place in card.places if place.runs))
    return _("No chair is decided. Run by: %(seats)s") % {"seats": ", ".join(seats)} if seats else str(Forum.Chairing.NONE.label)


def _elected(place: Place, elected_on: date) -> str:
    day = date_format(elected_on, "DATE_FORMAT")
    name = place.holder.name if place.holder else place.title
    return _("%(name)s, elected on %(day)s") % {"name": name, "day": day}


def _minutes(forum: Forum) -> str:
    if forum.minutes_are_public:
        return _("Public: approved minutes can be read without a login, apart from closed items.")
    return _("Closed: only those who read the forum's agendas can read them.")


def _active(forum: Forum) -> list[str]:
    said = [_("from %(day)s") % {"day": date_format(forum.active_from, "DATE_FORMAT")}] if forum.active_from else []
    return said + ([_("to %(day)s") % {"day": date_format(forum.active_to, "DATE_FORMAT")}] if forum.active_to else [])
