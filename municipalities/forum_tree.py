"""Forums in the order of the set-up: by level, and each nested one below its parent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from access.actor import Actor
from access.policy import visible
from access.roles import Verb
from municipalities.models import Forum, valid_now


@dataclass(frozen=True)
class ForumLine:
    """One forum of the list: how deep it is nested, its seats and how many of them are vacant."""

    forum: Any
    depth: int

    @property
    def indent(self) -> int:
        """How far it is moved in; deep trees stay on a phone's screen."""
        return min(self.depth, 3)


def forum_lines(actor: Actor) -> list[ForumLine]:
    """All forums of the tenant. One query."""
    held = Count("seats", filter=valid_now("seats__"))
    vacant = Count("seats", filter=valid_now("seats__") & Q(seats__user=None))
    forums: list[Any] = list(visible(actor, Verb.MANAGE_TENANT, Forum.objects.in_order()).select_related("level", "area", "parent").annotate(seat_count=held, vacant_count=vacant))
    below: dict[int | None, list[Any]] = {}
    for forum in forums:
        below.setdefault(forum.parent_id, []).append(forum)
    known = {forum.pk for forum in forums}
    tops = [forum for forum in forums if forum.parent_id not in known]
    return list(_walk(tops, below, 0))


def _walk(forums: list[Any], below: dict[int | None, list[Any]], depth: int) -> Iterator[ForumLine]:
    for forum in forums:
        yield ForumLine(forum, depth)
        yield from _walk(below.get(forum.pk, []), below, depth + 1)
