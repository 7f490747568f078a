"""Signs that a page was cut: none of them is met on a whole page of the known templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import NotAReport
from peelgraph.graph.reading import cues
from peelgraph.graph.reading.sections import is_heading, pillar_of
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Section
    from peelgraph.graph.reading.page import Block, Page
    from peelgraph.graph.reading.subjects import Subject

SENTENCE_END: Final = re.compile("[.!?\u2026][\"'\u201d\u2019)\\]]*$")
OPEN_END: Final = re.compile(r"(?:[:;,]|;\s*(?:and|or|but))$")
POINTER: Final = re.compile(r"\b(?:under|in) the (?P<heading>[a-z ]{4,40}?) section\b")
LONGEST_LABEL: Final = 7  # words that a line without end mark may have: a label, a link, a name
GRADED: Final = ("effectiveness", "efficiency", "legitimacy")


def require_whole(page: Page, subject: Subject) -> None:
    """Raise ``NotAReport`` if *page* shows that a part of it is missing.

    Signs: its last line stops in mid-sentence or mid-list; a pillar has no section of its own;
    a section that a sentence points to is absent.
    """
    sign = next(_signs(page, subject), None)
    if sign is not None:
        raise NotAReport(
            f"the page is cut: {sign}",
            expected="the whole page, from its title to the end of its last section",
            action="capture the page again",
        )


def _signs(page: Page, subject: Subject) -> Iterator[str]:
    """Yield every sign of a cut, the most telling first."""
    last = page.blocks[-1]
    if _stops_short(page, last):
        yield f"its last line stops at '…{last.line.text[-40:]}'"
    detailed = {pillar_of(section) for section in page.sections if _has_body(page, section)}
    for pillar in GRADED:
        if pillar in subject.cycle.pillars and pillar not in detailed:
            yield f"it has no section on {pillar}"
    for pillar in cues.PILLARS:
        if f"{pillar}-detail" not in _slugs(page) and _promised(page, pillar):
            yield f"its section on {pillar} is not followed by the detailed one"
    for section, heading in _pointers(page):
        yield f"its section '{section}' points to a section '{heading}' that is not there"


def _slugs(page: Page) -> set[str]:
    return {section.slug for section in page.sections}


def _promised(page: Page, pillar: str) -> bool:
    """Whether another pillar has both a summary and a detailed section, and this one a summary."""
    slugs = _slugs(page)
    graded = pillar in GRADED
    return graded and pillar in slugs and any(f"{each}-detail" in slugs for each in GRADED)


def _stops_short(page: Page, last: Block) -> bool:
    """Whether the last line stops in mid-sentence or in the middle of a list."""
    text = last.line.text
    if OPEN_END.search(text):
        return True
    if SENTENCE_END.search(text) or last.section.kind == "key-facts":
        return False
    if last.line.is_bullet:
        return any(SENTENCE_END.search(line) for line in _siblings(page, last))
    if is_heading(last.line):
        return last.section.kind != "other-inspections"
    return len(text.split()) > LONGEST_LABEL


def _siblings(page: Page, last: Block) -> list[str]:
    """Return the other entries of the list that ends the page."""
    return [
        block.line.text
        for block in page.blocks
        if block.section is last.section and block.line.is_bullet and block is not last
    ]


def _has_body(page: Page, section: Section) -> bool:
    """Whether more stands in *section* than headings."""
    return any(b.section is section and not is_heading(b.line) for b in page.blocks)


def _pointers(page: Page) -> Iterator[tuple[str, str]]:
    """Yield the section and the heading for each pointer to a section that is absent."""
    headings = {folded(section.heading) for section in page.sections}
    for section, sentence in page.sentences():
        for pointer in POINTER.finditer(sentence.folded):
            if pointer["heading"] not in headings and _is_known(pointer["heading"]):
                yield section.heading, pointer["heading"]


def _is_known(heading: str) -> bool:
    """Whether pages of this kind have a section of that heading."""
    return heading in {"other inspections", "other reports", "leadership", *GRADED}
