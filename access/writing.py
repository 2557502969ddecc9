"""Who writes in this transaction and what he has opened in it: kept by `access.context` and `access.gate`, told in the log of each change.

Nothing here is asked for permission: the database stamps who it was, whatever stands here.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from access.actor import NOBODY, Actor

opened_entries: ContextVar[list[Any]] = ContextVar("opened_entries")  # LogEntry: the tickets of this transaction


@dataclass(frozen=True)
class Writing:
    """Who acts, and the rows met so far that say whom others are about: by model and primary key."""

    actor: Actor = NOBODY
    met: dict[tuple[type, Any], Any] = field(default_factory=dict)


writing: ContextVar[Writing] = ContextVar("writing")


def writing_now() -> Writing:
    """Of this transaction; nobody's where none is open."""
    return writing.get(None) or Writing()
