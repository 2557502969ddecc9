"""Parents and children: no row stands above itself."""

from collections.abc import Mapping


def is_ring(key: int, parent: int | None, parents: Mapping[int, int | None]) -> bool:
    """True when `key` would stand above itself with this parent. `parents`: id -> id of the parent, of all rows."""
    seen: set[int] = set()
    while parent is not None and parent not in seen:
        if parent == key:
            return True
        seen.add(parent)
        parent = parents.get(parent)
    return False
