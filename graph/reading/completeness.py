"""Signs that a page was cut: none of them is met on a whole page of the known templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import NotAReport
from peelgraph.graph.reading.sections import is_heading, pillar_of
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Section
    from peelgraph.graph.reading.page import Block, Page
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

SENTENCE_END: Final = re.compile("[.!?\u2026][\"'\u201d\u2019)\\]]*$")
OPEN_END: Final = re.compile(r"(?:[:;,]|;\s*(?:and|or|but))$")
POINTER: Final = re.compile(r"\b(?:under|in) the (?P<heading>[a-z ]{4,40}?) section\b")
LONGEST_LABEL: Final = 7  # words that a line without end mark may have: a label, a link, a name
QUESTION: Final = ("how ", "does the force ")
GRADED: Final = ("effectiveness", "efficiency", "legitimacy")


def require_whole(page: Page, subject: Subject) -> None:
    """Raise ``NotAReport`` if *page* shows that a part of it is missing.

    Signs: its last line stops in mid-sentence or mid-list; a pillar has no section of its own
    (on a page about one pillar: it has no sentence); a section that a sentence points to is absent.
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
    if page.pillar is not None:
        if not any(SENTENCE_END.search(sentence.text) for _, sentence in _prose(page)):
            yield f"it has no words of its own on {page.pillar}"
        return
    yield from _missing_sections(page, subject)


def _prose(page: Page) -> Iterator[tuple[Section, Sentence]]:
    """Yield the sentences of the pillar's sections that are no question."""
    for section, sentence in page.sentences():
        if pillar_of(section) is not None and not sentence.text.endswith("?"):
            yield section, sentence


def _missing_sections(page: Page, subject: Subject) -> Iterator[str]:
    """Yield each section that an overview must have, or points to, and has not."""
    strictly = subject.cycle.ordinal > 1  # the first cycle's pages print no summaries of pillars
    detailed = {
        pillar_of(section)
        for section in page.sections
        if section.kind == "pillar" and _is_detailed(page, section, strictly=strictly)
    }
    for pillar in GRADED:
        if pillar in subject.cycle.pillars and pillar not in detailed:
            yield f"it has no section of its own on {pillar}"
    for section, heading in _pointers(page):
        yield f"its section '{section}' points to a section '{heading}' that is not there"


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


def _is_detailed(page: Page, section: Section, *, strictly: bool) -> bool:
    """Whether *section* is a pillar's own: words under its question, or a date or grade label.

    A summary of the pillar, which some templates print before, has neither.
    """
    own = [folded(b.line.text) for b in page.blocks if b.section is section]
    asked = any(text.startswith(QUESTION) for text in own[:2])
    dated = any(text.startswith("last updated") for text in own[1:3])
    opening = 2 if own[1:2] and own[1].startswith(QUESTION) else 1  # a heading may be lost
    return len(own) > opening and (asked or dated or not strictly)


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
