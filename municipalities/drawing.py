"""Where everything of the organisation picture stands: bands for the tiers, boxes for the forums, frames, lines.

Numbers and lines of text only; no database and no language. `municipalities/picture.py` says what is drawn, and
templates/municipalities/_organisation_picture.html draws it as SVG. Boxes never touch each other: a box stands in a row,
rows are kept apart by gaps, and lines run only in the gaps, between the boxes of a row and in the margin to the left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from municipalities.drawing_rows import DEEPEST, FRAME_PAD, GUTTER, INDENT, Arrangement, Node, Row, Tree, arrange

PAD, NAME_LINE, NOTE_LINE, MARK_LINE = 12, 20, 18, 26
FRAME_HEAD, MARGIN = 26, 24
LABEL, FLOW, SPACE, LANE, LANES = 30, 32, 14, 7, 6  # heights in a gap; lines of more parents than LANES share
NAME_LETTER, NOTE_LETTER, MOST_LINES = 8.0, 7.2, 3  # how wide a letter is taken to be


@dataclass(frozen=True)
class Box:
    """A drawn forum. The texts have their own places."""

    node: Node
    x: int
    y: int
    width: int
    height: int
    lines: Sequence[tuple[int, str]]  # (y, text)
    notes: Sequence[tuple[int, str]]
    marks: Sequence[tuple[int, str, int]]  # (x, authority, seats)
    mark_y: int

    @property
    def text_x(self) -> int:
        """Where its lines begin."""
        return self.x + PAD

    @property
    def mark_text_y(self) -> int:
        """The line that the marks' letters stand on."""
        return self.mark_y + 13

    @property
    def lock_x(self) -> int:
        """Where the lock stands."""
        return self.x + self.width - PAD - 18

    @property
    def lock_y(self) -> int:
        """Its upper edge."""
        return self.y + PAD - 2


@dataclass(frozen=True)
class Area:
    """A rectangle with a label: a tier, or the frame round the forums of one area."""

    label: str
    x: int
    y: int
    width: int
    height: int
    inset: int = 10  # before the label

    @property
    def text_x(self) -> int:
        """Where the label begins."""
        return self.x + self.inset

    @property
    def label_x(self) -> int:
        """Where the ground behind a tier's label begins."""
        return self.text_x - 4

    @property
    def text_y(self) -> int:
        """The line that the label stands on."""
        return self.y + 20

    @property
    def label_y(self) -> int:
        """The upper edge of the ground behind a tier's label: a line to a box may pass here."""
        return self.y + 4

    @property
    def label_width(self) -> int:
        """How wide that ground is."""
        return int(len(self.label) * NAME_LETTER) + 8


@dataclass(frozen=True)
class Flow:
    """What goes down and up between two rows; `middle` is the line they stand on."""

    down: str
    up: str
    middle: int
    y: int
    is_inside: bool  # one tier, or between two

    @property
    def top(self) -> int:
        """The upper edge of the ground behind the texts: lines may pass here."""
        return self.y - 16

    @property
    def down_x(self) -> int:
        """Where the text that goes down ends."""
        return self.middle - 12

    @property
    def up_x(self) -> int:
        """Where the text that goes up begins."""
        return self.middle + 12

    @property
    def left(self) -> int:
        """Where the ground behind the texts begins: lines may pass here."""
        return self.down_x - int((len(self.down) + 2) * NOTE_LETTER)

    @property
    def ground(self) -> int:
        """How wide it is."""
        return self.up_x + int((len(self.up) + 2) * NOTE_LETTER) - self.left


@dataclass(frozen=True)
class Drawing:
    """The whole picture."""

    width: int
    height: int
    tiers: Sequence[Area]
    frames: Sequence[Area]
    boxes: Sequence[Box]
    lines: Sequence[str]  # each the `d` of a path
    flows: Sequence[Flow]


@dataclass(frozen=True)
class _Place:
    """What a line needs to know of a box: its row, the right side of its tree, whether it stands free below, its way in."""

    row: int
    right: int
    is_last: bool
    entry: int


def draw(nodes: Iterable[Node], *, across: int = 5) -> Drawing:
    """The picture of these forums, `across` of them side by side at most. Each forum stands in it exactly once."""
    sheet = _Sheet(arrange(list(nodes), across))
    for number, row in enumerate(sheet.plan.rows):
        sheet.open_gap(number, row)
        sheet.place_row(number, row)
    sheet.close()
    return Drawing(sheet.width, sheet.y, sheet.tiers, sheet.frames, list(sheet.boxes.values()), [*sheet.lines(), *sheet.nested_lines()], sheet.flows)


@dataclass
class _Sheet:
    """The paper, filled from the top down. `y` is how far it is filled."""

    plan: Arrangement
    y: int = 0
    tier_top: int = 0
    boxes: dict[int, Box] = field(default_factory=dict)
    places: dict[int, _Place] = field(default_factory=dict)
    tiers: list[Area] = field(default_factory=list)
    frames: list[Area] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    lane_top: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        row_of = {node.key: number for number, row in enumerate(self.plan.rows) for unit in row.units for tree in unit.trees for node, _depth in tree.rows}
        self.lanes: dict[int, list[int]] = {}  # gap -> parents with a line in it
        self.long: list[int] = []  # parents with a line through the margin
        for parent, child in self.plan.edges:
            gaps = {row_of[parent] + 1, row_of[child]}
            for gap in gaps:
                _once(self.lanes.setdefault(gap, []), parent)
            if len(gaps) > 1:
                _once(self.long, parent)
        self.left = MARGIN + (LANE * min(len(self.long), LANES) + 8 if self.long else 0)
        self.width = self.left + self.plan.room + MARGIN

    def open_gap(self, number: int, row: Row) -> None:
        """What stands above a row: what goes down and up, the end of one tier and the label of the next, room for lines."""
        before = self.plan.rows[number - 1] if number else None
        starts = before is None or before.tier != row.tier
        if before is not None:
            if starts:
                self._end_tier(before)
            self._flow(before, is_inside=not starts)
        if starts:
            self.tier_top = self.y
            self.y += LABEL if row.tier else 0
        self._room_for_lines(number)

    def close(self) -> None:
        """The last tier ends here."""
        if self.plan.rows:
            self._room_for_lines(len(self.plan.rows))
            self._end_tier(self.plan.rows[-1], space=0)

    def _end_tier(self, last: Row, space: int = SPACE) -> None:
        self.y += space
        self.tiers.append(Area(last.tier, 0, self.tier_top, self.width, self.y - self.tier_top, inset=self.left - MARGIN + 16))
        self.y += 0 if last.flow else space

    def _flow(self, row: Row, *, is_inside: bool) -> None:
        if row.flow:
            self.flows.append(Flow(*row.flow, middle=self.left + self.plan.room // 2, y=self.y + FLOW // 2 + 5, is_inside=is_inside))
            self.y += FLOW

    def _room_for_lines(self, gap: int) -> None:
        self.lane_top[gap] = self.y + SPACE // 2
        self.y += SPACE + LANE * min(len(self.lanes.get(gap, [])), LANES)

    def place_row(self, number: int, row: Row) -> None:
        """Put the row's boxes in the middle, from here down."""
        x, top = self.left + (self.plan.room - row.width) // 2, self.y
        for unit in row.units:
            inside_x, inside_y = (x + FRAME_PAD, top + FRAME_HEAD) if unit.label else (x, top)
            bottom = inside_y
            for tree in unit.trees:
                bottom = max(bottom, self._place_tree(number, tree, inside_x, inside_y, is_framed=bool(unit.label)))
                inside_x += tree.width + GUTTER
            if unit.label:
                bottom += FRAME_PAD
                self.frames.append(Area(unit.label, x, top, unit.width, bottom - top))
            self.y = max(self.y, bottom)
            x += unit.width + GUTTER

    def _place_tree(self, number: int, tree: Tree, x: int, y: int, *, is_framed: bool) -> int:
        """The root and what is nested in it, one below the other; the answer is where the last one ends."""
        for place, (node, depth) in enumerate(tree.rows):
            box = self.boxes[node.key] = _box(node, x + INDENT * min(depth, DEEPEST), y, self.plan.box_width)
            entry = box.x + (box.width - 28 if is_framed else box.width // 2)  # beside the frame's label
            self.places[node.key] = _Place(number, x + tree.width, place == len(tree.rows) - 1, entry)
            y += box.height + PAD
        return y - PAD

    def lines(self) -> Iterable[str]:
        """From a parent's foot to the head of each child in another row."""
        for parent, child in self.plan.edges:
            start, end, place = self.boxes[parent], self.boxes[child], self.places[parent]
            exit_gap, entry_gap = place.row + 1, self.places[child].row
            side = f"M{start.x + start.width} {start.y + start.height // 2}H{place.right + 8}"
            way = f"M{start.x + start.width // 2} {start.y + start.height}" if place.is_last else side
            way += f"V{self._lane(exit_gap, parent)}"
            if exit_gap != entry_gap:
                way += f"H{MARGIN // 2 + LANE * (self.long.index(parent) % LANES)}V{self._lane(entry_gap, parent)}"
            yield f"{way}H{self.places[child].entry}V{end.y}"

    def _lane(self, gap: int, parent: int) -> int:
        return self.lane_top[gap] + LANE * (self.lanes[gap].index(parent) % LANES)

    def nested_lines(self) -> Iterable[str]:
        """From the parent's lower left corner down to the nested box; where the indent has ended, along its left side."""
        for parent, child in self.plan.nested:
            start, end = self.boxes[parent], self.boxes[child]
            foot = f"M{start.x + INDENT // 2} {start.y + start.height}"
            if end.x == start.x:
                foot = f"M{start.x} {start.y + start.height // 2}H{start.x - INDENT // 2}"
            yield f"{foot}V{end.y + end.height // 2}H{end.x}"


def _once(found: list[int], key: int) -> None:
    if key not in found:
        found.append(key)


def _box(node: Node, x: int, y: int, width: int) -> Box:
    room = width - 2 * PAD
    name = wrap(node.name, int((room - (24 if node.is_locked else 0)) / NAME_LETTER), max_lines=MOST_LINES, placeholder=" …")
    notes = [line for note in node.notes for line in wrap(note, int(room / NOTE_LETTER), max_lines=2, placeholder=" …")]
    lines = [(y + PAD + 12 + NAME_LINE * number, line) for number, line in enumerate(name)]
    foot = y + PAD + NAME_LINE * len(name)
    note_lines = [(foot + 12 + NOTE_LINE * number, line) for number, line in enumerate(notes)]
    foot += NOTE_LINE * len(notes) + (2 if notes else 0)
    marks = [(x + PAD + place * (room // 4), mark, count) for place, (mark, count) in enumerate(node.marks)]
    height = foot + (MARK_LINE if marks else 0) + PAD - 4 - y
    return Box(node, x, y, width, height, lines, note_lines, marks, foot + 4)
