"""The rows of the organisation picture: what is nested in what, what stands in a frame, and what stands side by side."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

GUTTER, INDENT, DEEPEST = 20, 24, 6  # between boxes side by side; of a nested box, and how often at most
FRAME_PAD = 10
BOX, BOXES, NARROW_BOX = 260, 4, 208  # a wide box, how many of them fill the page, and the other ones


@dataclass(frozen=True)
class Node:
    """A forum as it is to be drawn. `parent` is the key of another node; `step` orders the rows of one tier."""

    key: int
    name: str
    tier: str = ""
    step: int = 0
    parent: int | None = None
    group: str = ""  # forums of the same area stand in a frame
    notes: tuple[str, ...] = ()
    marks: tuple[tuple[str, int], ...] = ()
    is_locked: bool = False
    address: str = ""
    flow: tuple[str, str] | None = None  # what goes down from this row, and up to it


@dataclass
class Tree:
    """A root with what is nested in it, one below the other: (node, depth)."""

    rows: list[tuple[Node, int]]
    width: int


@dataclass
class Unit:
    """One tree, or the framed trees of an area, side by side."""

    trees: list[Tree]
    label: str = ""

    @property
    def width(self) -> int:
        """With its frame."""
        inside = sum(tree.width for tree in self.trees) + GUTTER * (len(self.trees) - 1)
        return inside + (2 * FRAME_PAD if self.label else 0)


@dataclass
class Row:
    """Units side by side. `flow` stands in the gap below."""

    units: list[Unit]
    tier: str = ""
    flow: tuple[str, str] | None = None

    @property
    def width(self) -> int:
        """From the first box to the last."""
        return sum(unit.width for unit in self.units) + GUTTER * (len(self.units) - 1)


@dataclass(frozen=True)
class Arrangement:
    """The rows, how wide a box and the widest row may be, and the lines to draw: (parent, child)."""

    rows: Sequence[Row]
    box_width: int
    room: int
    nested: Sequence[tuple[int, int]]  # inside a tree
    edges: Sequence[tuple[int, int]]  # from row to row


def arrange(nodes: Sequence[Node], across: int) -> Arrangement:
    """Every node in one row, `across` boxes side by side at most."""
    inside = nesting(nodes)
    roots = [node for node in nodes if node.key not in inside]
    across, width = _columns(roots, across)
    room = max(width * across + GUTTER * (across - 1), width + INDENT * DEEPEST + 2 * FRAME_PAD)
    children: dict[int, list[Node]] = {}
    for node in nodes:
        if node.key in inside:
            children.setdefault(inside[node.key], []).append(node)
    trees = {root.key: _tree(root, children, width) for root in roots}
    known = {node.key for node in nodes}
    edges = [(node.parent, node.key) for node in roots if node.parent in known and node.parent != node.key and node.parent is not None]
    edges = [(parent, child) for parent, child in edges if parent not in {node.key for node, _depth in trees[child].rows}]  # no ring
    return Arrangement(list(_rows(roots, trees, room)), width, room, [(parent, child) for child, parent in inside.items()], edges)


def nesting(nodes: Sequence[Node]) -> dict[int, int]:
    """Child -> parent of those drawn inside their parent's tree: of the same tier, and not of a later step. A ring is cut open."""
    by_key = {node.key: node for node in nodes}
    inside: dict[int, int] = {}
    for node in nodes:
        parent = by_key.get(node.parent) if node.parent is not None else None
        if parent is not None and parent.tier == node.tier and node.step <= parent.step:
            inside[node.key] = parent.key
    for key in list(inside):
        seen, at = {key}, inside.get(key)
        while at is not None and at not in seen:
            seen.add(at)
            at = inside.get(at)
        if at is not None:
            del inside[key]
    return inside


def _columns(roots: Sequence[Node], across: int) -> tuple[int, int]:
    """(columns, width of a box): wider boxes where no row is full."""
    steps = Counter((node.tier, node.step) for node in roots)
    is_wide = max(steps.values(), default=0) <= BOXES <= across
    return (BOXES, BOX) if is_wide else (across, NARROW_BOX)


def _tree(root: Node, children: dict[int, list[Node]], width: int) -> Tree:
    rows: list[tuple[Node, int]] = []
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        rows.append((node, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(node.key, []))]
    return Tree(rows, width + INDENT * min(max(depth for _node, depth in rows), DEEPEST))


def _rows(roots: Sequence[Node], trees: dict[int, Tree], room: int) -> Iterable[Row]:
    tiers = list(dict.fromkeys(node.tier for node in roots))
    ordered = sorted(roots, key=lambda node: (tiers.index(node.tier), node.step))
    for (tier, _step), members in groupby(ordered, key=lambda node: (node.tier, node.step)):
        step = list(members)
        rows = [Row(units, tier) for units in _packed(list(_units(step, trees, room)), room)]
        rows[-1].flow = step[0].flow
        yield from rows


def _units(roots: Sequence[Node], trees: dict[int, Tree], room: int) -> Iterable[Unit]:
    """A frame where several trees share an area, cut in pieces that fit into a row."""
    grouped: dict[object, list[Tree]] = {}
    for node in roots:
        grouped.setdefault(node.group or node.key, []).append(trees[node.key])
    for label, members in grouped.items():
        if len(members) == 1:
            yield Unit(members)
            continue
        piece = Unit([], str(label))
        for tree in members:
            if piece.trees and Unit([*piece.trees, tree], piece.label).width > room:
                yield piece
                piece = Unit([], str(label))
            piece.trees.append(tree)
        yield piece


def _packed(units: list[Unit], room: int) -> list[list[Unit]]:
    """The trees that stand alone in as few rows as their widths allow, about as many in each; then the frames."""
    alone, framed = [unit for unit in units if not unit.label], [unit for unit in units if unit.label]
    rows: list[list[Unit]] = []
    if alone:
        fewest = len(_filled(alone, len(alone), room))
        rows += _filled(alone, -(-len(alone) // fewest), room)
    return rows + (_filled(framed, len(framed), room) if framed else [])


def _filled(units: list[Unit], most: int, room: int) -> list[list[Unit]]:
    rows: list[list[Unit]] = [[]]
    for unit in units:
        if rows[-1] and (len(rows[-1]) == most or Row([*rows[-1], unit]).width > room):
            rows.append([])
        rows[-1].append(unit)
    return rows
