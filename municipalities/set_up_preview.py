"""What a preset will make, in words, before anything is made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from access.roles import Convening, DataClass, Duty, ForumKind, SeatRole, Verb, verbs_of
from municipalities.cadences import cadence_sentence
from municipalities.models import Forum, Seat, Tenant
from municipalities.preset_rules import forum_fields
from municipalities.terms import kind_name

type Preset = Mapping[str, Any]


@dataclass(frozen=True)
class SeatPreview:
    """A vacant seat: its title, who sends somebody to it, and how firm it is (empty: fixed)."""

    title: str
    organisation: str
    kind: str
    may_convene: bool


@dataclass(frozen=True)
class AgendaPreview:
    """A standing agenda: for which meetings of the year (empty: any), and (depth, title, presenter) of each item."""

    name: str
    meetings: str
    items: Sequence[tuple[int, str, str]]


@dataclass(frozen=True)
class ForumPreview:
    """A forum in words."""

    name: str
    level: str
    parent: str
    kind: str
    data_class: str
    is_person: bool
    cadence: str
    convening: str
    chairing: str
    purpose: str
    seats: Sequence[SeatPreview]
    agendas: Sequence[AgendaPreview]

    @property
    def conveners(self) -> list[str]:
        """The titles of the seats whose holder may call a meeting."""
        return list(dict.fromkeys(seat.title for seat in self.seats if seat.may_convene))


@dataclass(frozen=True)
class Preview:
    """All that will be made."""

    levels: Sequence[str]
    shape: str
    bands: Sequence[tuple[str, str]]
    forums: Sequence[ForumPreview]
    terms: Mapping[str, str]
    plan_template: str
    catalogue: Sequence[str]
    sparring: str
    organisations: Sequence[str]
    trin: Sequence[str]
    cells: int  # of the matrix: how many say something
    functions: Sequence[str]

    @property
    def seat_count(self) -> int:
        """How many vacant seats there will be."""
        return sum(len(forum.seats) for forum in self.forums)


def preview_of(preset: Preset) -> Preview:
    """The preset (already spread over its areas) in words."""
    levels = {row["key"]: row["name"] for row in sorted(preset["levels"], key=lambda row: row["order"])}
    shape = Tenant.PreventionShape(preset["tenant"].get("prevention", "trekant")).label
    bands = [(row["name"], row.get("ssp_role", "")) for row in sorted(preset.get("prevention_levels", []), key=lambda row: row["order"])]
    forums = [_forum(row, preset, levels) for row in sorted(preset["forums"], key=lambda row: (list(levels).index(row["level"]), row["order"]))]
    return Preview(
        list(levels.values()), str(shape), bands, forums, preset.get("terms", {}), preset.get("plan_template", {}).get("name", ""),
        [row["title"] for row in preset.get("catalogue", [])], preset.get("sparring", {}).get("title", ""),
        [row["name"] for row in preset["organisations"]], [step["name"] for step in preset.get("trin", {}).get("steps", [])],
        len(preset.get("matrix", [])), [row["title"] for row in preset.get("functions", [])],
    )  # fmt: skip


def _forum(row: Preset, preset: Preset, levels: Mapping[str, str]) -> ForumPreview:
    names = {other["key"]: other["name"] for other in preset["forums"]}
    forum = Forum(**forum_fields(row))
    followed = row.get("cadence", {}).get("of")
    if followed:
        forum.cadence_of = Forum(name=names[followed])
    senders = {sender["key"]: sender["name"] for sender in preset["organisations"]}
    return ForumPreview(
        name=forum.name, level=levels[row["level"]], parent=names.get(row.get("parent", ""), ""), kind=kind_name(preset.get("terms"), forum.kind),
        data_class=forum.get_ceiling_display(),
        is_person=forum.is_person_forum, cadence=cadence_sentence(forum), convening=forum.get_convening_display(), chairing=forum.get_chairing_display(),
        purpose=forum.purpose, seats=[_seat(forum, seat, senders) for seat in row.get("seats", [])],
        agendas=[_agenda(agenda) for agenda in preset.get("agenda_templates", []) if agenda["forum"] == row["key"]],
    )  # fmt: skip


def _seat(forum: Forum, row: Preset, senders: Mapping[str, str]) -> SeatPreview:
    duties = [Duty(duty) for duty in row.get("duties", [])]
    verbs = verbs_of(ForumKind(forum.kind), SeatRole(row["role"]), DataClass(forum.ceiling), Convening(forum.convening), duties)
    kind = Seat.Kind(row.get("kind", "FIXED"))
    return SeatPreview(row["title"], senders[row["organisation"]], "" if kind is Seat.Kind.FIXED else str(kind.label), Verb.CONVENE in verbs)


def _agenda(row: Preset) -> AgendaPreview:
    return AgendaPreview(row["name"], ", ".join(map(str, row.get("meeting_numbers", []))), list(_items(row["items"])))


def _items(rows: Iterable[Preset], depth: int = 1) -> Iterable[tuple[int, str, str]]:
    for row in rows:
        yield depth, row["title"], row.get("presenter", "")
        yield from _items(row.get("items", []), depth + 1)
