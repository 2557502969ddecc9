"""What differs between two texts, word by word, for showing with <ins> and <del>."""

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
