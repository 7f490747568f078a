"""Boxes that pages print between their paragraphs: a heading says what kind its entries are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import StatementType
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from peelgraph.graph.reading.page import Block, Page

HEADING_RULE: Final = Rule("furniture-box/1", 0.95)
ENTRY_RULE: Final = Rule("box-entry/1", 0.95)
OPENING_RULE: Final = Rule("box-opening/1", 0.8)

HEADINGS: Final = (
    (re.compile(r"areas? for improvement:?"), StatementType.AREA_FOR_IMPROVEMENT),
    (re.compile(r"causes? (?:of|for) concern:?"), StatementType.CAUSE_OF_CONCERN),
    (re.compile(r"recommendations?:?"), StatementType.RECOMMENDATION),
    (re.compile(r"innovative practice:?"), StatementType.INNOVATIVE_PRACTICE),
)
TELLS: Final = re.compile(r"\b(?:should|must|recommends?)\b")


def boxed(page: Page) -> dict[int, tuple[StatementType, Rule]]:
    """Return what the lines of boxes are, by the place where they begin.

    Entries of a list are of the kind that the heading names. Below a cause of concern the first
    paragraph is the concern, and what tells the force to act is a recommendation; so is a paragraph
    below a heading of recommendations. Anything else ends the box.
    """
    found: dict[int, tuple[StatementType, Rule]] = {}
    box: StatementType | None = None
    stated = False
    for block in page.blocks:
        opened = _heading(block)
        if opened is not None:
            found[block.line.start] = StatementType.FURNITURE, HEADING_RULE
            box, stated = opened, False
        elif block.line.start == block.section.start:
            box = None
        elif box is not None and re.search(r"\w", block.line.text):
            entry, box = _entry(block, box, stated=stated)
            stated = True
            if entry is not None:
                found[block.line.start] = entry
    return found


def _heading(block: Block) -> StatementType | None:
    """Return the kind of box that a line opens, or ``None``."""
    if block.line.is_bullet:
        return None
    text = folded(block.line.text)
    return next((kind for pattern, kind in HEADINGS if pattern.fullmatch(text)), None)


def _entry(
    block: Block, box: StatementType, *, stated: bool
) -> tuple[tuple[StatementType, Rule] | None, StatementType | None]:
    """Return what a line in a *box* is, if anything, and the box that goes on below it, if any."""
    words = folded(block.line.text)
    if block.line.is_bullet:
        return (box, ENTRY_RULE), box
    if words.endswith(":"):
        concern = box is StatementType.CAUSE_OF_CONCERN
        after = StatementType.RECOMMENDATION if concern and TELLS.search(words) else box
        return (StatementType.CONTEXT, OPENING_RULE), after
    if box is StatementType.CAUSE_OF_CONCERN and not stated:
        return (box, ENTRY_RULE), box
    if TELLS.search(words) and box in {
        StatementType.CAUSE_OF_CONCERN,
        StatementType.RECOMMENDATION,
    }:
        return (StatementType.RECOMMENDATION, ENTRY_RULE), StatementType.RECOMMENDATION
    return None, None
