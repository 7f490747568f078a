"""Drawings are whole, say what they are in words, and never mix what does not compare."""

from __future__ import annotations

import re
import struct
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest

from peelgraph.server.site.charts.bars import Bar, Group, Said, stacked
from peelgraph.server.site.charts.distribution import PARTS, Counted, distribution
from peelgraph.server.site.charts.drawing import LOOKS, document, drawing, markup, text
from peelgraph.server.site.charts.movement import Moved, movement
from peelgraph.server.site.charts.picture import png
from peelgraph.server.site.charts.strip import NOT_KNOWN, Mark, strip
from peelgraph.server.site.charts.themes import themes

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&\x00\x1b\u202eevil\ud800" + "x" * 5000
SAID = Said("test", HOSTILE, HOSTILE)
DRAWINGS = {
    "strip": strip(SAID, [HOSTILE], [(HOSTILE, [Mark("good", "G", HOSTILE), None])], (HOSTILE,)),
    "distribution": distribution(SAID, [Counted(HOSTILE, "four-tier", HOSTILE, {"good": 3})]),
    "movement": movement(
        SAID, (HOSTILE, HOSTILE), "five-tier", [Moved(HOSTILE, "good", "adequate", "down")]
    ),
    "themes": themes(SAID, {HOSTILE: {"strength": 2, HOSTILE: 1}}),
    "empty bars": stacked(SAID, [Group("", (Bar("none", ()),))], []),
    "no movement": movement(SAID, ("a", "b"), "four-tier", []),
    "unknown mark": strip(SAID, ["a"], [("b", [NOT_KNOWN])]),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_whole_whatever_its_labels_say(name: str) -> None:
    """A label is data: it is never markup, never too long, never out of its direction."""
    written = document(DRAWINGS[name], HOSTILE).decode()
    root = ET.fromstring(written)  # noqa: S314 - made here
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    ids = {each.get("id"): each for each in root.iter() if each.get("id")}
    assert [ids[each].tag for each in named] == [f"{SVG}title", f"{SVG}desc"]
    assert all("alert(1)" in (ids[each].text or "") for each in named)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "line", "path", "text", "tspan"}
    assert "style" not in {name for each in root.iter() for name in each.attrib}
    assert not re.search("[\u202e\x00\x1b]", written)
    assert max(len(each.text or "") for each in root.iter(f"{SVG}tspan")) <= 120


def test_a_drawing_in_a_page_leaves_ink_to_the_page() -> None:
    """One drawing serves light and dark pages; a file of its own states ink and paper."""
    svg = drawing("a", "b", "c", 10, 10)
    text(svg, (1, 1), "word")
    within, alone = markup(svg), document(svg).decode()
    assert "xmlns" not in within
    assert 'fill="currentColor"' in within
    assert "#16222c" not in within
    assert 'color="#16222c"' in alone
    assert 'fill="#ffffff"' in alone
    assert "font-family" in alone


def test_colours_are_those_of_the_site() -> None:
    """A grade has one colour, in tables and in drawings."""
    style = files("peelgraph.server.pages").joinpath("static/site.css").read_text("utf-8")
    for grade, look in LOOKS.items():
        if look.fill:
            (rule,) = re.findall(rf"^\.{grade} {{(.*)}}$", style, re.MULTILINE)
            assert f"background: {look.fill};" in rule


@pytest.mark.parametrize("grade", [slug for slug, look in LOOKS.items() if look.fill])
def test_letters_are_read_on_their_grade(grade: str) -> None:
    """WCAG 2 asks for a contrast of 4.5 between letters and what is behind them."""
    look = LOOKS[grade]
    light, dark = sorted((_luminance(look.fill), _luminance(look.ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_no_grade_is_told_by_colour_alone() -> None:
    """Every part that has forces has its letters within it, or beside the bar."""
    counted = {"outstanding": 1, "good": 30, "requires-improvement": 2, "inadequate": 1}
    svg = distribution(Said("a", "b", "c"), [Counted("d", "four-tier", "e", counted)])
    words = " ".join(each.text or "" for each in svg.iter("tspan"))
    for grade, number in counted.items():
        part = PARTS[grade]
        assert re.search(rf"\b({part.short}|{part.label}) {number}\b", words), grade
    assert len({part.short for part in PARTS.values()}) == len(PARTS)


def test_a_bar_has_no_grade_of_another_scale() -> None:
    """'adequate' is of the five-tier scale alone."""
    counted = Counted("a", "four-tier", "b", {"good": 1, "adequate": 1})
    assert "adequate" not in {part.label for part, _ in counted.parts}


def test_a_step_that_does_not_compare_has_no_line() -> None:
    """A line would say that the two grades are on one scale."""

    def lines(level: str, move: str) -> list[str | None]:
        marks = [Mark("good", "G", "good"), Mark("good", "G", "good", level, move)]
        svg = strip(Said("a", "b", "c"), ["d", "e"], [("f", marks)])
        return [each.get("stroke-dasharray") for each in svg.iter("line")]

    assert lines("comparable", "same") == [None]
    assert len(lines("with-caution", "down")) == 1
    assert lines("with-caution", "down") != [None]
    assert lines("not-comparable", "") == []
    assert lines("first-time", "") == []
    for level in ("not-comparable", "first-time", "unknown", ""):
        assert lines(level, "up") == [], "whatever is claimed"


def test_a_picture_has_its_letters_on_any_machine() -> None:
    """Without a font all text would be left out, and nothing would say so."""
    bare = drawing("a", "b", "c", 100, 40)
    lettered = drawing("a", "b", "c", 100, 40)
    text(lettered, (5, 20), "Heddlu Gŵyr, Ôâŷ")
    without, having = png(bare), png(lettered)
    assert having.startswith(b"\x89PNG\r\n\x1a\n")
    assert without != having
    root = ET.fromstring(document(lettered))  # noqa: S314 - made here
    width, height = struct.unpack(">II", having[16:24])
    assert (width, height) == (2 * float(root.attrib["width"]), 2 * float(root.attrib["height"]))
    assert png(lettered) == having


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
