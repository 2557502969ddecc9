"""Whom a change concerns, in which seat it was made and why: the columns that the log has of a read, for the entries of changes.

Both ways into the log ask here: row by row (django-auditlog, through `ChangeLog`) and many at once (`access.logged`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntryManager

from access.writing import opened_entries, writing_now

READS = range(3, 9)  # the kinds of entry that open a person (LogEntry.Action.READS)


@dataclass(frozen=True)
class Concerns:
    """What a model declares as `concerns` when its rows are about a person.

    `through` is the foreign key to the row that says whom and of which forum (`person_id`, `forum_id`); empty when the row says both
    itself. `why` is the purpose (access.models.Purpose) of a change for which nobody had opened the person: to call a guest shows nobody.
    """

    why: str = ""
    through: str = ""


class ConcernsNobodyError(Exception):
    """A row about a person was changed, and whom it is about cannot be read: it is not written without."""


def about(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """What the log holds of a change of each of these rows of one model, beside the change.

    At most one query, for rows that neither say whom they are about nor hold the row that does. Raises ConcernsNobodyError.
    """
    actor, concerns = writing_now().actor, getattr(type(rows[0]), "concerns", None)
    if concerns is None:
        forums = [getattr(row, "forum_id", None) for row in rows]
        return [{"forum_id": forum, "seat": actor.seat_in(forum)} for forum in forums]
    known = [_told(row, concerns) for row in rows]
    rest = _holders([row for row, told in zip(rows, known, strict=True) if told is None], concerns.through)
    found = [told or _held(row, rest[getattr(row, f"{concerns.through}_id")]) for row, told in zip(rows, known, strict=True)]
    return [{"subjects": [person], "forum_id": forum, "seat": actor.seat_in(forum), "purpose": _why(person, concerns)} for person, forum in found]


def _told(row: Any, concerns: Concerns) -> tuple[int, int] | None:
    """Person and forum, when the row says both, or says whom and he was opened in this forum."""
    person = getattr(row, "person_id", None)
    forum = getattr(row, "forum_id", None) or (person and concerns.through and getattr(_ticket(person), "forum_id", None))
    return (person, forum) if person and forum else None


def _held(row: Any, holder: Any) -> tuple[int, int]:
    return getattr(row, "person_id", None) or holder.person_id, getattr(row, "forum_id", None) or holder.forum_id


def _holders(rows: Sequence[Any], through: str) -> dict[Any, Any]:
    """The rows that say whom these are about, by primary key: those at hand or met before, the others in one query."""
    if not rows:
        return {}
    key = type(rows[0])._meta.get_field(through)
    met = writing_now().met
    met.update({(key.related_model, getattr(row, key.attname)): key.get_cached_value(row) for row in rows if key.is_cached(row)})
    wanted = {getattr(row, key.attname) for row in rows}
    met.update({(key.related_model, pk): holder for pk, holder in _read(key.related_model, [pk for pk in wanted if (key.related_model, pk) not in met]).items()})
    lost = [pk for pk in wanted if (key.related_model, pk) not in met]
    if lost:
        raise ConcernsNobodyError(f"{type(rows[0])._meta.label}: {through} {lost} cannot be read")
    return {pk: met[key.related_model, pk] for pk in wanted}


def _read(model: Any, keys: Collection[Any]) -> dict[Any, Any]:
    return model._default_manager.in_bulk(keys) if keys else {}


def _ticket(person: int) -> Any:
    """The newest entry of this transaction by which this person was opened."""
    return next((entry for entry in reversed(opened_entries.get([])) if entry.action in READS and person in entry.subjects), None)


def _why(person: int, concerns: Concerns) -> str:
    ticket = _ticket(person)
    return ticket.purpose if ticket else concerns.why


class ChangeLog(LogEntryManager):  # type: ignore[misc]  # auditlog is untyped
    """The manager by which django-auditlog writes down one change: with whom it concerned, in which seat, and why."""

    def log_create(self, instance: Any, force_log: bool = False, **kwargs: Any) -> Any:
        """Insert the entry of a change of this row; None when nothing was changed."""
        beside = about([instance])[0] if force_log or kwargs.get("changes") is not None else {}
        return super().log_create(instance, force_log, **beside, **kwargs)
