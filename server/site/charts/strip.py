"""The grades of one force: a line a pillar, a letter a cycle, and how each step compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.site.charts.drawing import LOOKS, Area, Letters, box, drawing, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from peelgraph.server.site.charts.bars import Said

LABELS: Final = 120
COLUMN: Final = 116
ROW: Final = 52
HEAD: Final = 34
TALL: Final = 32
BOX: Final = 52
FOOT: Final = 24
DASHES: Final = {"comparable": "", "with-caution": "5 4"}
"""How the line of a step is drawn, by the level of its comparability; others have none."""
MOVES: Final = {"up": "up", "down": "down", "same": "same"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A grade in a line.

    Args:
        grade: Its slug, a key of ``LOOKS``.
        letter: What stands for it.
        label: Its words.
        level: Slug of how it compares with the cycle before; empty where that is not said.
        move: ``up``, ``down`` or ``same`` where it compares, else empty.
    """

    grade: str
    letter: str
    label: str
    level: str = ""
    move: str = ""


NOT_KNOWN: Final = Mark("unknown", "?", "not known here")


def strip(
    said: Said,
    cycles: Sequence[str],
    lines: Sequence[tuple[str, Sequence[Mark | None]]],
    end: Sequence[str] = (),
) -> Element:
    """Return the strip of a force.

    Args:
        said: Name and words of the drawing.
        cycles: Labels of the columns.
        lines: The label of each line and its marks: ``NOT_KNOWN`` where no judgment is known,
            ``None`` where the cycle judged nobody on it.
        end: What ends the lines where later cycles do not compare, in short sentences.
    """
    width = LABELS + COLUMN * len(cycles)
    height = HEAD + ROW * len(lines) + (FOOT * len(end) if end else 0) + 4
    svg = drawing(said.name, said.title, said.about, width, height)
    for column, cycle in enumerate(cycles):
        middle = LABELS + column * COLUMN + BOX / 2
        text(svg, (middle, 18), cycle, Letters(anchor="middle", longest=16))
    for row, (label, marks) in enumerate(lines):
        y = HEAD + row * ROW
        text(svg, (0, y + 21), label, Letters(bold=True, longest=16))
        for column, mark in enumerate(marks):
            _mark(svg, LABELS + column * COLUMN, y, mark)
    for number, sentence in enumerate(end):
        y = HEAD + ROW * len(lines) + FOOT * number + 12
        text(svg, (0, y), sentence, Letters(size=12, longest=110))
    if end:
        _break(svg, width - COLUMN + BOX + 18, HEAD + ROW * len(lines) - (ROW - TALL))
    return svg


def _mark(svg: Element, x: float, y: float, mark: Mark | None) -> None:
    """Draw a grade with the step that leads to it from the left."""
    if mark is None:
        return
    look = LOOKS.get(mark.grade, LOOKS["unknown"])
    box(svg, Area(x, y, BOX, TALL), look, mark.label, corner=5)
    written = Letters(anchor="middle", ink=look.ink, bold=True)
    text(svg, (x + BOX / 2, y + 21), mark.letter, written)
    start, stop = x - (COLUMN - BOX) + 6, x - 6
    if mark.level == "not-comparable":
        text(svg, ((start + stop) / 2, y + 21), "//", Letters(anchor="middle", bold=True))
    elif mark.move and mark.level in DASHES:
        line(svg, (start, y + 20), (stop, y + 20), 1.5, DASHES[mark.level])
        text(svg, ((start + stop) / 2, y + 14), MOVES[mark.move], Letters("middle", size=12))


def _break(svg: Element, x: float, height: float) -> None:
    """Draw the double line at which the lines end."""
    for offset in (0, 5):
        line(svg, (x + offset, HEAD - 6), (x + offset, height + 6), 1.5)
