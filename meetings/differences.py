"""What differs between two texts, word by word, for showing with <ins> and <del>; and both in one, for whoever wants to keep both."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

WORDS = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """A stretch of text: «same», «added» or «removed»."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces that lead from one text to the other, in order. Joined without the removed ones they are `after`."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [piece for piece in (Piece("removed", "".join(old[a:b])), Piece("added", "".join(new[c:d]))) if piece.text]
    return pieces


def merged(theirs: str, mine: str) -> str:
    """Both texts in one: the lines they share once, and where they differ theirs and then mine. No line of either is lost.

    Where one line only goes on from the other, the longer one holds both.
    """
    old, new = theirs.splitlines(), mine.splitlines()
    lines: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines += old[a:b] if kind == "equal" else _both(old[a:b], new[c:d])
    return "\n".join(lines)


def _both(old: list[str], new: list[str]) -> list[str]:
    kept = [line for line in old if not any(other.startswith(line) for other in new)]
    return kept + [line for line in new if not any(other.startswith(line) for other in kept)]
