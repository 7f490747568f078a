"""A diagram of classes: boxes on a grid, and arrows between them with the name of a property."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Final

from peelgraph.server.site.charts.drawing import (
    Area,
    Letters,
    Look,
    box,
    drawing,
    line,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from peelgraph.server.site.charts.bars import Said

WIDE: Final = 156
TALL: Final = 40
COLUMN: Final = 274
ROW: Final = 104
EDGE: Final = 6
HEAD: Final = 9
"""Length of the head of an arrow."""
BESIDE: Final = 26
"""How far an arrow that goes around boxes keeps from them."""
BOX: Final = Look("#cfe0ec")
KIND_OF: Final = "is a kind of"
NARROW: Final = Letters(anchor="middle", size=12)
NAMED: Final = Letters(anchor="middle", ink=BOX.ink, bold=True, size=12, longest=24)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another.

    Args:
        start: Key of the box that it begins at.
        label: What it says.
        end: Key of the box that it leads to.
        around: Whether it goes along the right side of both, around what is between them.
    """

    start: str
    label: str
    end: str
    around: bool = False


def diagram(
    said: Said, boxes: Mapping[str, tuple[str, int, int]], arrows: Sequence[Arrow]
) -> Element:
    """Return the diagram.

    Args:
        said: Name and words of the drawing.
        boxes: Label, column and row of each box, by a key.
        arrows: What leads from box to box; those that say ``is a kind of`` are dashed.
    """
    width = max(column for _, column, _ in boxes.values()) * COLUMN + WIDE + 2 * EDGE
    height = max(row for _, _, row in boxes.values()) * ROW + TALL + 2 * EDGE
    svg = drawing(said.name, said.title, said.about, width, height)
    svg.set("class", "whole")
    areas = {
        key: Area(EDGE + column * COLUMN, EDGE + row * ROW, WIDE, TALL)
        for key, (_, column, row) in boxes.items()
    }
    for arrow in arrows:
        _arrow(svg, areas[arrow.start], areas[arrow.end], arrow)
    for key, (label, _, _) in boxes.items():
        area = areas[key]
        box(svg, area, BOX, corner=6)
        middle = (area.x + WIDE / 2, area.y + TALL / 2 + 4.5)
        text(svg, middle, label, NAMED)
    return svg


def _arrow(svg: Element, start: Area, end: Area, arrow: Arrow) -> None:
    dashes = "5 4" if arrow.label == KIND_OF else ""
    if arrow.around:
        x = start.x + WIDE + BESIDE
        corners = [
            (start.x + WIDE, start.y + TALL * 0.75),
            (x, start.y + TALL * 0.75),
            (x, end.y + TALL * 0.75),
            (end.x + WIDE, end.y + TALL * 0.75),
        ]
        at = (x + 6, (start.y + end.y + TALL) / 2 + ROW * 0.75)
        text(svg, at, arrow.label, Letters(size=12))
    else:
        corners = [_border(start, end), _border(end, start)]
        _label(svg, corners[0], corners[1], arrow.label)
    for first, second in pairwise(corners):
        line(svg, first, second, 1.3, dashes)
    _head(svg, corners[-2], corners[-1])


def _label(svg: Element, first: Point, second: Point, label: str) -> None:
    """Write a label above a level arrow, and beside one that climbs."""
    x, y = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    if abs(first[1] - second[1]) < 1:
        text(svg, (x, y - 6), label, NARROW)
    elif abs(first[0] - second[0]) < 1:
        text(svg, (x + 6, y + 4), label, Letters(size=12))
    else:
        climbs = (second[0] - first[0]) * (second[1] - first[1]) < 0
        beside = (x + 4, y + 14) if climbs else (x - 4, y + 14)
        text(svg, beside, label, Letters(anchor="start" if climbs else "end", size=12))


def _border(area: Area, towards: Area) -> Point:
    """Return where the line from the middle of *area* to that of another leaves it."""
    x, y = area.x + area.width / 2, area.y + area.height / 2
    across = towards.x + towards.width / 2 - x
    down = towards.y + towards.height / 2 - y
    parts = [
        half / abs(way) for half, way in ((area.width / 2, across), (area.height / 2, down)) if way
    ]
    part = min(parts, default=0)
    return x + across * part, y + down * part


def _head(svg: Element, start: Point, end: Point) -> None:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1
    x, y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    for side in (-1, 1):
        back = (end[0] - HEAD * x + side * HEAD / 2 * y, end[1] - HEAD * y - side * HEAD / 2 * x)
        line(svg, end, back, 1.3)
