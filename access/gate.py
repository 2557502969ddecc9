"""Person-data reads and their log, the one place: the log row is the ticket.

The database shows a row with person data only if that person is listed in a LogEntry inserted in this transaction by
this actor. No log row, no data: also for raw SQL, the shell, and a view that forgot.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model, QuerySet

from access.actor import Actor
from access.context import timed
from access.models import LogEntry, Purpose
from access.policy import among, visible
from access.roles import Verb
from access.writing import opened_entries

Action = LogEntry.Action


class OutsideTransactionError(Exception):
    """A ticket was asked for where no transaction is open, so it could never be honoured."""


def open_ticket(
    actor: Actor, model: type[Model], subjects: Iterable[int], *, purpose: Purpose, action: int = Action.VIEW, row: Any = None, forum_id: int | None = None,
    note: str = "", route: str = "",
) -> LogEntry:  # fmt: skip
    """Insert the log row that lets this transaction read these persons. `row` is what was opened, if it is one thing,
    `forum_id` the forum of several.

    Raises OutsideTransactionError, and the database's own error if the log cannot be written: then nothing is shown.
    """
    if not connection.in_atomic_block:
        raise OutsideTransactionError("Open a context first: access.context.context_of(actor)")
    forum_id = forum_id or getattr(row, "forum_id", None)
    with timed("log"):
        entry: LogEntry = LogEntry.objects.create(
            content_type=ContentType.objects.get_for_model(model), object_pk=str(getattr(row, "pk", "")), object_id=getattr(row, "pk", None),
            object_repr=str(row or model._meta.verbose_name_plural), action=action, tenant_id=actor.tenant_id, forum_id=forum_id,
            seat=actor.seat_in(forum_id), purpose=purpose, note=note[:300], route=route, subjects=sorted(set(subjects)), changes_text="",
        )  # fmt: skip
    opened_entries.get([]).append(entry)
    return entry


def reveal[M: Model](actor: Actor, verb: Verb, rows: QuerySet[M] | list[M], *, purpose: Purpose, action: int = Action.LIST, note: str = "", route: str = "") -> list[M]:
    """Policy -> ids -> one log row with all subjects -> the rows. Read the person tables of these rows afterwards.

    `rows` is a queryset of shells with a `person_id`, or a list of them from a kept statement. With no row there is
    nothing to log and nothing to show.
    """
    found: Sequence[Any] = among(actor, verb, rows) if isinstance(rows, list) else list(visible(actor, verb, rows))
    if found:
        one = found[0] if len(found) == 1 else None
        forums = {row.forum_id for row in found}  # of one forum: «Hvem har set» of each case looks for it
        forum_id = forums.pop() if len(forums) == 1 else None
        open_ticket(actor, type(found[0]), [row.person_id for row in found], purpose=purpose, action=action, row=one, forum_id=forum_id, note=note, route=route)
    return list(found)


def note_denied(actor: Actor, model: type[Model], tried: str, *, route: str = "") -> None:
    """Write down that somebody asked for what he may not see; the answer stays a plain 404."""
    open_ticket(actor, model, [], purpose=Purpose.OTHER, action=Action.DENIED, note=tried, route=route)
