"""Many rows written at once, each with its line in the access log: three statements in place of three for every row.

Saving row by row is the rule; this is for a file of five hundred people. What the log holds of a row is the same.
"""

from collections.abc import Sequence
from copy import copy

from auditlog.diff import model_instance_diff
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from access.concerned import about
from access.models import LogEntry


class RowsGoneError(Exception):
    """Rows that were locked for a change could not all be changed."""


def create_together[M: Model](rows: Sequence[M]) -> None:
    """Insert the rows, all of one model, and write down each. Side effects: none of `save()`."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows)
        _write_down(LogEntry.Action.CREATE, [(None, row) for row in rows])


def change_together[M: Model](rows: Sequence[M], **values: object) -> None:
    """Give locked rows of one model the same or, by a list in their order, each its own values, and write down each."""
    pairs: list[tuple[M | None, M]] = [(copy(row), row) for row in rows]
    for name, value in values.items():
        for row, own in zip(rows, value if isinstance(value, list) else [value] * len(rows), strict=True):
            setattr(row, name, own)
    if rows:
        changed = _changed(rows, values)
        if changed != len(rows):  # row security let some be as they were: the log may not tell otherwise
            raise RowsGoneError(f"{changed} of {len(rows)} rows could be changed")
        _write_down(LogEntry.Action.UPDATE, pairs, list(values))


def _changed[M: Model](rows: Sequence[M], values: dict[str, object]) -> int:
    manager = type(rows[0])._default_manager
    if any(isinstance(value, list) for value in values.values()):
        return manager.bulk_update(rows, list(values))
    return manager.filter(pk__in=[row.pk for row in rows]).update(**values)  # no CASE to make for each row and column


def _write_down[M: Model](action: int, pairs: Sequence[tuple[M | None, M]], fields: Sequence[str] | None = None) -> None:
    """The entries that `auditlog.receivers` would write, in one statement."""
    kind = ContentType.objects.get_for_model(pairs[0][1])
    changed = [(row, changes) for before, row in pairs if (changes := model_instance_diff(before, row, fields, use_json_for_changes=True))]
    if changed:
        LogEntry.objects.bulk_create(
            LogEntry(content_type=kind, object_pk=str(row.pk), object_id=_number(row.pk), object_repr=str(row), action=action, changes=changes, **beside)
            for (row, changes), beside in zip(changed, about([row for row, _changes in changed]), strict=True)
        )


def _number(key: object) -> int | None:
    return key if isinstance(key, int) else None
