"""What drawings share: elements with escaped text, the colours of grades, a whole document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

INK: Final = "#16222c"
PAPER: Final = "#ffffff"
FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
SIZE: Final = 13
"""Of all letters but those of a part that says otherwise, as in the site's style."""
MARGIN: Final = 20
ABOVE: Final = 32
BELOW: Final = 22
"""Room around a drawing in a file of its own: at each side, for its title, for its source."""
LONGEST: Final = 80
"""Characters of a label that are drawn."""
LONGEST_SAID: Final = 500
"""Characters of what is said of a drawing, or of a part of it."""
ODD: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What XML does not take, and what turns the direction of the text around it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a part is filled and what is written on it; no fill is drawn as a dashed outline."""

    fill: str
    ink: str = INK


@dataclass(frozen=True, slots=True)
class Letters:
    """How words are written.

    Args:
        anchor: What stands at their place: ``start``, ``middle`` or ``end``.
        ink: Their colour; that of the page where there is none.
        bold: Whether they are heavy.
        size: How large they are.
        longest: How many of them are written.
    """

    anchor: str = "start"
    ink: str = ""
    bold: bool = False
    size: int = SIZE
    longest: int = LONGEST


@dataclass(frozen=True, slots=True)
class Area:
    """Where a part is drawn."""

    x: float
    y: float
    width: float
    height: float


LOOKS: Final = {
    "outstanding": Look("#0b5d3b", PAPER),
    "good": Look("#b9e3c1"),
    "adequate": Look("#f2e6a7"),
    "requires-improvement": Look("#f6bd85"),
    "inadequate": Look("#8f1d1d", PAPER),
    "not-graded": Look("", ""),
    "unknown": Look("", ""),
}
"""Colours of grades, as in the site's style."""


def drawing(name: str, title: str, about: str, width: float, height: float) -> Element:
    """Return an empty drawing.

    Args:
        name: What its ids begin with; one drawing of a page has it.
        title: What a screen reader says it is.
        about: What it shows, in a sentence or two.
        width: Of the drawing.
        height: Of the drawing.
    """
    svg = ET.Element(
        "svg",
        {
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "width": number(width),
            "height": number(height),
            "role": "img",
            "class": "chart",
            "aria-labelledby": f"{name}-title {name}-about",
        },
    )
    ET.SubElement(svg, "title", id=f"{name}-title").text = cut(clean(title), LONGEST_SAID)
    ET.SubElement(svg, "desc", id=f"{name}-about").text = cut(clean(about), LONGEST_SAID)
    return svg


def text(
    parent: Element, at: tuple[float, float], words: str, letters: Letters | None = None
) -> None:
    """Write *words* with their left end, middle or right end *at* a place; long ones are cut."""
    letters = letters or Letters()
    attributes = {
        "x": number(at[0]),
        "y": number(at[1]),
        "fill": "currentColor",
        "text-anchor": letters.anchor,
    }
    if letters.ink:
        attributes["color"] = letters.ink
    part = ET.SubElement(ET.SubElement(parent, "text", attributes), "tspan")
    if letters.bold:
        part.set("font-weight", "700")
    if letters.size != SIZE:
        part.set("font-size", str(letters.size))
    part.text = cut(clean(words), letters.longest)


def box(parent: Element, area: Area, look: Look, says: str = "", corner: float = 0) -> None:
    """Draw a part with its look; *says* is what a pointer over it is told."""
    inset = 0.0 if look.fill else 0.5
    attributes = {
        "x": number(area.x + inset),
        "y": number(area.y + inset),
        "width": number(max(area.width - 2 * inset, 0)),
        "height": number(max(area.height - 2 * inset, 0)),
        "fill": look.fill or "none",
    }
    if corner:
        attributes["rx"] = number(corner)
    if not look.fill:
        attributes |= {"stroke": "currentColor", "stroke-opacity": "0.6", "stroke-dasharray": "3 2"}
    element = ET.SubElement(parent, "rect", attributes)
    if says:
        ET.SubElement(element, "title").text = cut(clean(says), LONGEST_SAID)


def line(
    parent: Element,
    start: tuple[float, float],
    end: tuple[float, float],
    width: float = 1,
    dashes: str = "",
) -> None:
    """Draw a line in the ink of the page."""
    attributes = {
        "x1": number(start[0]),
        "y1": number(start[1]),
        "x2": number(end[0]),
        "y2": number(end[1]),
        "stroke": "currentColor",
        "stroke-width": number(width),
    }
    if dashes:
        attributes["stroke-dasharray"] = dashes
    ET.SubElement(parent, "line", attributes)


def markup(svg: Element) -> str:
    """Return a drawing as it stands within a page."""
    return ET.tostring(svg, encoding="unicode", short_empty_elements=False)


def document(svg: Element, source: str = "") -> bytes:
    """Return a drawing as a file of its own: with its title, its source, ink, paper and letters."""
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    whole = (width + 2 * MARGIN, height + 2 * MARGIN + ABOVE + BELOW)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            **svg.attrib,
            "viewBox": f"{-MARGIN} {-MARGIN - ABOVE} {number(whole[0])} {number(whole[1])}",
            "width": number(whole[0]),
            "height": number(whole[1]),
            "color": INK,
            "font-family": FONT,
            "font-size": str(SIZE),
        },
    )
    del root.attrib["class"]
    title, about, *parts = svg
    root.extend([title, about])
    box(root, Area(-MARGIN, -MARGIN - ABOVE, *whole), Look(PAPER))
    text(root, (0, -ABOVE + 8), title.text or "", Letters(bold=True, size=16))
    root.extend(parts)
    text(root, (0, height + BELOW), source, Letters(size=11, longest=120))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def number(value: float) -> str:
    """Return a coordinate, short and the same on every machine.

    >>> number(3.0), number(2.345)
    ('3', '2.3')
    """
    return f"{value:.1f}".removesuffix(".0")


def clean(words: str) -> str:
    r"""Return *words* without what XML does not take or what turns text around.

    >>> clean("a\x00b\u202ec")
    'abc'
    """
    return ODD.sub("", words)


def cut(words: str, longest: int = LONGEST) -> str:
    """Return *words*, cut where they are long.

    >>> cut("a long name", 6)
    'a lon…'
    """
    return words if len(words) <= longest else words[: longest - 1] + "…"
