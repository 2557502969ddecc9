"""Search in agendas, minutes, decisions and agreements: what this reader may read, the newest first. Never in cases.

The index gives ids (meetings/search_sql.py); the rows are then read through row security like any other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db import connection
from django.db.models import F, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from access.actor import Actor
from access.policy import visible
from access.roles import Verb
from meetings.models import AgendaItem, Agreement, Meeting
from meetings.search_sql import MOST_COUNTED

PER_PAGE = 20
FIRST, LAST = "\ue000", "\ue001"  # round a word that was found; nobody types them, and the page turns them into <mark>
MOST_WORDS = 12


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `kinds` of «item», «decision», «agreement»; empty means all."""

    words: str
    kinds: tuple[str, ...] = ()
    forum_id: int | None = None
    person_id: int | None = None
    seat_ids: tuple[int, ...] | None = None  # the places that are responsible: his, or one alone
    since: date | None = None
    until: date | None = None


class Piece(NamedTuple):
    """A stretch of an excerpt; `hit` when it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is, where it stands, and an excerpt."""

    kind: str
    title: str
    meeting: Meeting
    place: str  # the public id of the item
    excerpt: list[Piece]

    @property
    def at(self) -> datetime:
        """When the meeting is."""
        return self.meeting.starts_at


@dataclass(frozen=True)
class Found:
    """One page of hits, and how many there are in all; `is_more`: there are more, and nobody has counted them."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_more: bool = False


def as_query(words: str) -> str:
    """What somebody typed as a tsquery: every word must occur, as a beginning; a phrase in quotes word by word in a row. Empty when there is no word."""
    parts = []
    for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', words):
        found = re.findall(r"\w+", phrase or word)
        if found:
            parts.append(" <-> ".join(f"'{one}'" for one in found) if phrase else " & ".join(f"'{one}':*" for one in found))
    return " & ".join(f"({part})" for part in parts[:MOST_WORDS])


def search(actor: Actor, wanted: Wanted, page: int = 1) -> Found:
    """The hits of a page. Four queries, whatever the number of hits. Beyond the newest MOST_COUNTED there is no page."""
    page = min(page, MOST_COUNTED // PER_PAGE)
    query = as_query(wanted.words)
    rows = _ask(query, wanted, page) if query else []
    ids = {kind: [pk for found, pk, _total in rows if found == kind] for kind in ("item", "decision", "agreement")}
    items = _items(actor, query, [*ids["item"], *ids["decision"]])
    agreements = _agreements(actor, query, ids["agreement"])
    hits = [(agreements if kind == "agreement" else items).get(pk) for kind, pk, _total in rows]
    total = rows[0][2] if rows else 0
    return Found([hit for hit in hits if hit is not None], min(total, MOST_COUNTED), total > MOST_COUNTED)


def _ask(query: str, wanted: Wanted, page: int) -> list[tuple[str, int, int]]:
    seats = None if wanted.seat_ids is None else list(wanted.seat_ids)
    values = [query, list(wanted.kinds) or None, wanted.forum_id, wanted.person_id, seats, wanted.since, wanted.until, PER_PAGE, (page - 1) * PER_PAGE]
    with connection.cursor() as cursor:
        cursor.execute("select * from figures.search_minutes(%s, %s, %s, %s, %s, %s, %s, %s, %s)", values)
        return list(cursor.fetchall())


def _headline(query: str, text: Combinable) -> SearchHeadline:
    asked = SearchQuery(query, config="danish", search_type="raw")
    return SearchHeadline(text, asked, config="danish", start_sel=FIRST, stop_sel=LAST, max_words=34, min_words=16, max_fragments=2, fragment_delimiter=" … ")


def _items(actor: Actor, query: str, ids: Iterable[int]) -> dict[int, Hit]:
    text = Concat(F("title"), Value(". "), F("text"), Value(" "), F("decision"), output_field=TextField())
    rows = visible(actor, Verb.VIEW_AGENDA, AgendaItem.objects.filter(pk__in=ids)).annotate(excerpt=_headline(query, text))
    return {
        item.pk: Hit("decision" if item.decision else "item", item.title, item.meeting, item.public_id, pieces(item.excerpt))
        for item in rows.select_related("meeting__forum")
    }


def _agreements(actor: Actor, query: str, ids: Iterable[int]) -> dict[int, Hit]:
    rows = visible(actor, Verb.VIEW_AGENDA, Agreement.objects.filter(pk__in=ids)).annotate(excerpt=_headline(query, F("what")))
    return {
        agreed.pk: Hit("agreement", agreed.item.title, agreed.meeting, agreed.item.public_id, pieces(agreed.excerpt))
        for agreed in rows.select_related("meeting__forum", "item")
    }


def pieces(marked: str) -> list[Piece]:
    """A text with marks as pieces: found and not found in turns."""
    return [Piece(text, place % 2 == 1) for place, text in enumerate(re.split(f"[{FIRST}{LAST}]", marked)) if text]
