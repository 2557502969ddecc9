"""One policy of row security, and the shapes that most kinds have. The kinds themselves: `access.row_policies`."""

from typing import NamedTuple


class Policy(NamedTuple):
    """One CREATE POLICY: the command it governs, the rows it shows (using), the rows it lets in (check)."""

    command: str
    using: str | None
    check: str | None


def same(rule: str) -> list[Policy]:
    """Read and write by one rule."""
    return [Policy("all", rule, rule)]


def write_once(rule: str) -> list[Policy]:
    """Read and insert by one rule."""
    return [Policy("select", rule, None), Policy("insert", None, rule)]  # no policy for update and delete: no row to change


def read_more(read: str, write: str) -> list[Policy]:
    """Read by one rule, write by another."""
    return [Policy("select", read, None), Policy("insert", None, write), Policy("update", write, write), Policy("delete", write, None)]
