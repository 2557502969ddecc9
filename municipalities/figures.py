"""What other apps know about forums: when the next meeting is, and how many have been held. `municipalities` asks the hook.

The app above registers a provider from its `apps.py`; row security decides what it finds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from access.request import TenantRequest


@dataclass(frozen=True)
class ForumFigures:
    """The next meeting, and how many have been held this year; `counted` are those and the ones that are planned."""

    next_at: datetime | None = None
    held: int = 0
    counted: int = 0


NO_FIGURES = ForumFigures()
type Provider = Callable[[TenantRequest, Iterable[int]], Mapping[int, ForumFigures]]
_providers: list[Provider] = []


def register_forum_figures(provider: Provider) -> None:
    """Called from an app's `ready()`. At most one query, whatever the number of forums."""
    if provider not in _providers:
        _providers.append(provider)


def forum_figures(request: TenantRequest, forum_ids: Iterable[int]) -> dict[int, ForumFigures]:
    """Forum id -> figures. Several parts of a page ask: what has been read in this request is not read again."""
    ids = tuple(forum_ids)
    known: dict[int, ForumFigures] = request.__dict__.setdefault("known_forum_figures", {})
    unread = tuple(pk for pk in ids if pk not in known)
    if unread:
        known.update(dict.fromkeys(unread, NO_FIGURES))
        for provider in _providers:
            known.update(provider(request, unread))
    return {pk: known[pk] for pk in ids}
