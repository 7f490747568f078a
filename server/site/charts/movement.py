"""Who went up, down or stayed between two cycles: bands from the grades of one to the other's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from peelgraph.server.site.charts.distribution import PARTS, SCALES
from peelgraph.server.site.charts.drawing import (
    Area,
    Letters,
    box,
    clean,
    drawing,
    number,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from peelgraph.server.site.charts.bars import Part, Said

WIDTH: Final = 680
SIDE: Final = 192
NODE: Final = 40
HEAD: Final = 64
A_FORCE: Final = 7
LEAST: Final = 15
"""Room that a band takes which is thinner than its number is high."""
GAP: Final = 18
BANDS: Final = {"up": "#2a7fb8", "same": "#8a97a1", "down": "#d9822b"}
MOVES: Final = ("up", "same", "down")
WORDS: Final = {"up": "went up", "same": "stayed", "down": "went down"}
SHORT: Final = {"up": "up", "same": "same", "down": "down"}


@dataclass(frozen=True, slots=True)
class Moved:
    """One force whose grades in two cycles compare.

    Args:
        force: Its name.
        before: Slug of its grade in the earlier cycle.
        after: Slug of its grade in the later one.
        move: ``up``, ``down`` or ``same``.
    """

    force: str
    before: str
    after: str
    move: str


def counts(moved: Sequence[Moved]) -> dict[str, int]:
    """Return how many forces moved each way, all ways named."""
    found = Counter(each.move for each in moved)
    return {move: found[move] for move in MOVES}


def movement(said: Said, cycles: tuple[str, str], scale: str, moved: Sequence[Moved]) -> Element:
    """Return the bands between the grades of two *cycles* that are on one *scale*."""
    bands = _bands(SCALES[scale], moved)
    sides = tuple(_nodes(SCALES[scale], bands, side) for side in (0, 1))
    height = max(y + tall for side in sides for y, tall, _ in side.values()) if moved else HEAD
    svg = drawing(said.name, said.title, said.about, WIDTH, height + 8)
    _head(svg, cycles, counts(moved))
    for band in bands:
        _band(svg, band)
    for number_of, side in enumerate(sides):
        for slug, (y, tall, forces) in side.items():
            _node(svg, number_of, PARTS[slug], (y, tall), forces)
    return svg


@dataclass(slots=True)
class Band:
    """The forces that went from one grade to another, and where their band begins and ends."""

    grades: tuple[str, str]
    move: str
    forces: int
    tops: list[float]

    @property
    def room(self) -> float:
        """Return the height that it takes at either end: enough for its number."""
        return max(self.forces * A_FORCE, LEAST)


def _bands(grades: Sequence[str], moved: Sequence[Moved]) -> list[Band]:
    """Return the bands, by the earlier grade from best to worst, then by the later one."""
    found = Counter((each.before, each.after, each.move) for each in moved)
    bands = [Band((a, b), move, forces, [0, 0]) for (a, b, move), forces in found.items()]
    return sorted(bands, key=lambda band: [grades.index(grade) for grade in band.grades])


def _nodes(
    grades: Sequence[str], bands: Sequence[Band], side: int
) -> dict[str, tuple[float, float, int]]:
    """Return the place, height and number of forces of each grade; bands are told their place."""
    nodes: dict[str, tuple[float, float, int]] = {}
    y = float(HEAD)
    for grade in grades:
        own = [band for band in bands if band.grades[side] == grade]
        top = y
        for band in own:
            band.tops[side] = y
            y += band.room
        if own:
            nodes[grade] = (top, y - top, sum(band.forces for band in own))
            y += GAP
    return nodes


def _head(svg: Element, cycles: tuple[str, str], by_move: dict[str, int]) -> None:
    words = ", ".join(f"{by_move[move]} {WORDS[move]}" for move in MOVES)
    text(svg, (WIDTH / 2, 16), words, Letters(anchor="middle", bold=True))
    text(svg, (SIDE + NODE, 46), cycles[0], Letters(anchor="end", longest=24))
    text(svg, (WIDTH - SIDE - NODE, 46), cycles[1], Letters(longest=24))


def _node(svg: Element, side: int, part: Part, place: tuple[float, float], forces: int) -> None:
    """Draw a grade at its side, with its letters within and its words and number outside."""
    y, tall = place
    x = SIDE if side == 0 else WIDTH - SIDE - NODE
    box(svg, Area(x, y, NODE, tall), part.look, f"{part.label}: {forces}", 3)
    middle = y + tall / 2 + 4.5
    text(svg, (x + NODE / 2, middle), part.short, Letters("middle", part.look.ink, bold=True))
    words = f"{part.label} {forces}"
    if side == 0:
        text(svg, (SIDE - 8, middle), words, Letters(anchor="end"))
    else:
        text(svg, (WIDTH - SIDE + 8, middle), words)


def _band(svg: Element, band: Band) -> None:
    """Draw a band, as thick as it has forces, and their number where it begins."""
    thick = band.forces * A_FORCE
    inset = (band.room - thick) / 2
    left, right = (top + inset for top in band.tops)
    start, end = SIDE + NODE, WIDTH - SIDE - NODE
    half = (start + end) / 2

    def curve(first: float, x1: float, second: float, x2: float) -> str:
        ends = (half, first, half, second, x2, second)
        return f"M{number(x1)},{number(first)}C{','.join(number(each) for each in ends)}"

    there = curve(left, start, right, end)
    back = curve(right + thick, end, left + thick, start).replace("M", "L")
    shape = {"d": f"{there}{back}Z", "fill": BANDS[band.move], "fill-opacity": "0.4"}
    path = ET.SubElement(svg, "path", shape)
    labels = [PARTS[grade].label for grade in band.grades]
    ET.SubElement(path, "title").text = clean(f"{labels[0]} to {labels[1]}: {band.forces}")
    words = f"{band.forces} {SHORT[band.move]}"
    text(svg, (start + 6, band.tops[0] + band.room / 2 + 4), words, Letters(size=12))
