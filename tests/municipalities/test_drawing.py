"""The layout of the organisation picture, for any organisation: nothing lies on anything else, nobody is left out."""

import re
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from municipalities.drawing import draw
from municipalities.drawing_rows import Node, nesting


@st.composite
def organisations(draw_from, most=24):
    """Random forums: any parent (a ring or a missing one as well), tiers, steps, areas, names of any length."""
    count = draw_from(st.integers(0, most))
    words = st.text(alphabet="abcæøå§ W", min_size=1, max_size=100)
    return [
        Node(
            key, draw_from(words), tier=draw_from(st.sampled_from(["Politisk", "Koordinerende", "Udførende"])), step=draw_from(st.integers(0, 3)),
            parent=draw_from(st.one_of(st.none(), st.integers(0, most))), group=draw_from(st.sampled_from(["", "", "Nord", "Syd", "Øst"])),
            notes=tuple(draw_from(st.lists(words, max_size=3))),
            marks=tuple((mark, 3) for mark in draw_from(st.lists(st.sampled_from(["skole", "politi"]), max_size=2, unique=True))),
            is_locked=draw_from(st.booleans()), flow=draw_from(st.one_of(st.none(), st.just(("ned", "op")))),
        )
        for key in range(count)
    ]  # fmt: skip


def overlap(one, other):
    return one.x < other.x + other.width and other.x < one.x + one.width and one.y < other.y + other.height and other.y < one.y + one.height


def holds(outer, inner):
    return outer.x <= inner.x and outer.y <= inner.y and inner.x + inner.width <= outer.x + outer.width and inner.y + inner.height <= outer.y + outer.height


def pieces(path):
    """The straight pieces of a path of M, H and V."""
    x = y = 0
    for command, numbers in re.findall(r"([MHV])([-\d. ]+)", path):
        values = [int(number) for number in numbers.split()]
        before = (x, y)
        x, y = (values[0], values[1]) if command == "M" else (values[0], y) if command == "H" else (x, values[0])
        if command != "M":
            yield (*before, x, y)


def runs_through(piece, box):
    x1, y1, x2, y2 = piece
    return min(x1, x2) < box.x + box.width and box.x < max(x1, x2) and box.y < y1 < box.y + box.height if y1 == y2 else (
        box.x < x1 < box.x + box.width and min(y1, y2) < box.y + box.height and box.y < max(y1, y2)
    )


@settings(deadline=None, max_examples=60)
@given(organisations(), st.sampled_from([4, 5, 8]))
def test_each_forum_stands_once_inside_the_picture_and_touches_no_other(nodes, across):
    drawing = draw(nodes, across=across)
    assert sorted(box.node.key for box in drawing.boxes) == [node.key for node in nodes]
    assert [pair for pair in combinations(drawing.boxes, 2) if overlap(*pair)] == []
    assert [box for box in drawing.boxes if box.x < 0 or box.y < 0 or box.x + box.width > drawing.width or box.y + box.height > drawing.height] == []


@settings(deadline=None, max_examples=50)
@given(organisations())
def test_a_tier_and_a_frame_hold_their_own_forums_and_no_other(nodes):
    drawing = draw(nodes)
    for tier in drawing.tiers:
        inside = [box for box in drawing.boxes if holds(tier, box)]
        assert inside and {box.node.tier for box in inside} == {tier.label}
    assert sum(holds(tier, box) for tier in drawing.tiers for box in drawing.boxes) == len(nodes)
    nested = nesting(nodes)
    for frame in drawing.frames:
        inside = [box for box in drawing.boxes if overlap(frame, box)]
        assert all(holds(frame, box) for box in inside)
        assert {box.node.group for box in inside if box.node.key not in nested} == {frame.label}
    assert [pair for pair in combinations([*drawing.frames], 2) if overlap(*pair)] == []


@settings(deadline=None, max_examples=50)
@given(organisations())
def test_no_line_runs_through_a_box(nodes):
    drawing = draw(nodes)
    found = [(path, box.node.key) for path in drawing.lines for piece in pieces(path) for box in drawing.boxes if runs_through(piece, box)]
    assert found == []


@settings(deadline=None, max_examples=50)
@given(organisations())
def test_every_text_stands_inside_its_box(nodes):
    for box in draw(nodes).boxes:
        for y, _line in [*box.lines, *box.notes]:
            assert box.y < y < box.y + box.height
        assert all(box.x < x < box.x + box.width - 30 for x, _mark, _count in box.marks)


def test_every_child_has_one_line():
    nodes = [Node(1, "Styregruppe", "Koordinerende"), *(Node(key, f"Gruppe {key}", "Udførende", parent=1) for key in range(2, 14)), Node(20, "Udvalg", "Udførende", parent=5)]
    drawing = draw(nodes)
    assert len(drawing.lines) == 13
    nested, parent = (next(box for box in drawing.boxes if box.node.key == key) for key in (20, 5))
    assert nested.x > parent.x and nested.y > parent.y


def test_nothing_to_draw():
    drawing = draw([])
    assert (drawing.boxes, drawing.tiers, drawing.lines, drawing.height) == ([], [], [], 0)


def test_a_name_that_is_too_long_for_a_box_ends_with_a_sign():
    (box,) = draw([Node(1, "Et meget langt navn " * 12)]).boxes
    assert len(box.lines) == 3 and box.lines[-1][1].endswith("…")


def test_a_large_kommune_stays_readable():
    """60 forums: no wider than the page, and the rows are filled."""
    drawing = draw([Node(0, "Styregruppe", "A"), *(Node(key, f"Gruppe {key}", "B", parent=0) for key in range(1, 60))])
    assert drawing.width <= 1240
    rows = {box.y for box in drawing.boxes if box.node.tier == "B"}
    assert len(rows) == 12
