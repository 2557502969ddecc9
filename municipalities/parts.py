"""What other apps add to a forum's page. `municipalities` calls the hook and knows nothing of what stands behind it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from access.request import TenantRequest
from municipalities.models import Forum

type Context = dict[str, Any]


@dataclass(frozen=True)
class ForumPart:
    """A section of a forum's page, asked for only when the reader may see inside the forum, or of the page where it is set up. One or two queries.

    `context` answers None when there is nothing to show this actor.
    """

    column: str  # "first" (above the members), "main" (below them) or "side"; "setup": on the page of who sets the forum up
    order: int
    template: str
    context: Callable[[TenantRequest, Forum], Context | None]


_parts: list[ForumPart] = []


def register_forum_part(part: ForumPart) -> None:
    """Called from an app's `ready()`."""
    if part not in _parts:
        _parts.append(part)
        _parts.sort(key=lambda known: known.order)


def forum_parts(request: TenantRequest, forum: Forum, column: str) -> list[tuple[str, Context]]:
    """(template, context) of the parts of one column that have something to show."""
    found = [(part.template, part.context(request, forum)) for part in _parts if part.column == column]
    return [(template, context) for template, context in found if context is not None]


type Agendas = Mapping[int, Sequence[Any]]  # forum id -> its standing agendas: .name, and .items.all with .title and .presenter
_agendas: list[Callable[[TenantRequest, Iterable[Forum]], Agendas]] = []


def register_standing_agendas(provider: Callable[[TenantRequest, Iterable[Forum]], Agendas]) -> None:
    """Called from an app's `ready()`: what a mandate says of a forum's agenda. At most two queries, whatever the number of forums."""
    if provider not in _agendas:
        _agendas.append(provider)


def standing_agendas(request: TenantRequest, forums: Iterable[Forum]) -> Agendas:
    """The standing agendas that this reader may read, of these forums."""
    found = list(forums)
    return {forum_id: agendas for provider in _agendas for forum_id, agendas in provider(request, found).items()} if found else {}
