"""The order of items with items under them: of an agenda and of a standing agenda. `order` runs through all, an item before its sub-items."""

from collections.abc import Sequence
from typing import Any, Protocol


class Ordered(Protocol):
    """A row with a place, by itself or under another one."""

    pk: Any
    parent_id: int | None
    order: int

    def save(self, *, update_fields: list[str]) -> None:
        """Write it."""


def blocks_of[R: Ordered](rows: Sequence[R]) -> list[list[R]]:
    """The rows in their order: each main row with what stands under it."""
    blocks = {row.pk: [row] for row in rows if row.parent_id is None}
    for row in rows:
        if row.parent_id is not None:
            blocks.setdefault(row.parent_id, []).append(row)  # who is kept out of the item above still orders what he sees
    return list(blocks.values())


def write_order[R: Ordered](blocks: Sequence[Sequence[R]]) -> None:
    """Give the rows the order of the blocks; rows that are not among them (the closed part) keep theirs."""
    rows = [row for block in blocks for row in block]
    for order, row in zip(sorted(row.order for row in rows), rows, strict=True):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


def move_among[R: Ordered](rows: Sequence[R], pk: Any, *, up: bool, to: int | None) -> int:
    """Move one row, with what stands under it, among its equals: a place up or down, or to the place `to` (1 is first). Writes the order.

    Returns its new place among them; at the end nothing changes.
    """
    blocks = blocks_of(rows)
    row = next(row for block in blocks for row in block if row.pk == pk)
    equals: list[Any] = blocks if row.parent_id is None else next(block for block in blocks if row in block)
    first = 0 if row.parent_id is None else 1  # of a block the item itself comes first
    old = next(place for place, equal in enumerate(equals) if row == equal or (isinstance(equal, list) and row == equal[0]))
    wanted = (to - 1 + first) if to is not None else old - 1 if up else old + 1
    new = max(first, min(len(equals) - 1, wanted))
    equals.insert(new, equals.pop(old))
    write_order(blocks)
    return new + 1 - first
