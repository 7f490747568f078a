"""Stacked bars: one a line, in groups, with a key; each part has its letters and its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.server.site.charts.drawing import Area, Letters, Look, box, drawing, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

LABELS: Final = 222
BARS: Final = 400
REST: Final = 98
"""Room right of the bars for the parts that are too narrow for letters."""
WIDTH: Final = LABELS + BARS + REST
HEADING: Final = 32
ROW: Final = 28
THICK: Final = 22
CHARACTER: Final = 7.6
"""Room that one character takes."""
A_LABEL: Final = 34
KEY_ROW: Final = 24
BELOW: Final = 8


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a bar is: its letters, its words, its look."""

    short: str
    label: str
    look: Look


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, with the number of each of its parts."""

    label: str
    parts: tuple[tuple[Part, int], ...]

    @property
    def total(self) -> int:
        """Return how long it is."""
        return sum(count for _, count in self.parts)


@dataclass(frozen=True, slots=True)
class Group:
    """Bars below one heading; an empty heading takes no room."""

    heading: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a drawing is called, and what it says in words."""

    name: str
    title: str
    about: str


def stacked(said: Said, groups: Sequence[Group], key: Sequence[Part]) -> Element:
    """Return the drawing of *groups*, all bars on one scale, with the parts of *key* explained."""
    longest = max((bar.total for group in groups for bar in group.bars), default=0)
    keys = _key_rows(key)
    above = len(keys) * KEY_ROW + BELOW
    rows = sum(len(group.bars) * ROW + (HEADING if group.heading else 0) for group in groups)
    svg = drawing(said.name, said.title, said.about, WIDTH, above + rows + BELOW)
    _draw_key(svg, keys)
    y = float(above)
    for group in groups:
        if group.heading:
            text(svg, (0, y + HEADING - 12), group.heading, Letters(bold=True))
            y += HEADING
        for bar in group.bars:
            _draw_bar(svg, y, bar, BARS / max(longest, 1))
            y += ROW
        line(svg, (LABELS - 0.5, y - len(group.bars) * ROW - 3), (LABELS - 0.5, y - 3))
    return svg


def _draw_bar(svg: Element, y: float, bar: Bar, scale: float) -> None:
    text(svg, (LABELS - 10, y + 16), bar.label, Letters(anchor="end", longest=A_LABEL))
    x, left = float(LABELS), []
    for part, count in bar.parts:
        width = count * scale
        if not count:
            continue
        says = f"{bar.label}: {part.label} {count}"
        box(svg, Area(x, y, width, THICK), part.look, says)
        words = next((each for each in _words(part, count) if len(each) * CHARACTER < width), "")
        if words:
            written = Letters(anchor="middle", ink=part.look.ink)
            text(svg, (x + width / 2, y + 16), words, written)
        else:
            left.append(f"{part.short} {count}")
        x += width
    text(svg, (x + 6, y + 16), ", ".join(left), Letters(size=12))


def _words(part: Part, count: int) -> tuple[str, ...]:
    return (f"{part.label} {count}", f"{part.short} {count}")


def _key_rows(key: Sequence[Part]) -> list[list[tuple[float, Part]]]:
    """Return the parts of the key with their place in the line, line by line."""
    rows: list[list[tuple[float, Part]]] = [[]]
    x = 0.0
    for part in key:
        width = 44 + len(part.label) * CHARACTER + 14
        if rows[-1] and x + width > WIDTH:
            rows.append([])
            x = 0.0
        rows[-1].append((x, part))
        x += width
    return rows


def _draw_key(svg: Element, rows: Sequence[Sequence[tuple[float, Part]]]) -> None:
    for number, row in enumerate(rows):
        y = number * KEY_ROW + 2
        for x, part in row:
            box(svg, Area(x, y, 30, 18), part.look, corner=3)
            written = Letters(anchor="middle", ink=part.look.ink, bold=True)
            text(svg, (x + 15, y + 13.5), part.short, written)
            text(svg, (x + 36, y + 13.5), part.label)
