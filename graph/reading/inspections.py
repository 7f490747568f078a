"""What a page says of inspections: the report that it is, and other inspections beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Statement, StatementType
from peelgraph.graph.reading.sections import criterion_of, is_heading
from peelgraph.graph.reading.themes import themes_of
from peelgraph.graph.reading.title import is_title
from peelgraph.graph.reading.wording import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Section
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject

TITLE_METHOD: Final = "report-title/1"
OPENING_METHOD: Final = "report-opening/1"
METHOD: Final = "other-inspection/1"

# The opening may follow a link's words without a blank, so it is no sentence to the splitter.
OPENING: Final = re.compile(
    r"This is (?:the |HMIC(?:FRS)?['\u2019]?s? )[^.]{0,200}?\bassessment of\b", re.IGNORECASE
)
# An inspection beside the page's own, by its name or as one of several.
OTHER: Final = re.compile(
    r"\b(?P<name>(?:value for money|crime data integrity|custody|child protection|vulnerability"
    r"|joint|thematic|unannounced|rolling|national child protection|crime recording"
    r"|domestic abuse|stop and search|police integrity|other) inspections?(?: programme)?)\b"
    r"|\binspections? (?:that|which) (?:included|covered|visited)\b"
    r"|\breports? (?:we |hmic(?:frs)? )?(?:have |has |was |were )?published on\b",
    re.IGNORECASE,
)
GRADED: Final = re.compile(
    r"\b(?:judged|graded|assessed|rated)\b.*\b(?:outstanding|good|inadequate|improve(?:ment)?)\b"
)
POINTER: Final = re.compile(
    r"\bcan be (?:found|read)\b|^(?:read|find|see) |^this section\b|\bclick\b|\?$"
)
# The inspection that the page itself reports on.
OWN: Final = re.compile(
    r"\b(?:as part of (?:hmic(?:frs)?'?s? |our )?(?:annual )?(?:all-force )?inspections?"
    r"|all-force inspections? into|peel (?:inspection|assessment) of)\b"
)


def own_report(page: Page, subject: Subject) -> Iterator[Statement]:
    """Yield the title and the opening sentence: one report, said to be one in two places."""
    key = f"report {subject.cycle.slug} {subject.force.slug}"
    for section, start, end, method in _own_places(page):
        yield Statement(
            type=StatementType.REPORT,
            passage=page.passage(section, start, end),
            method=method,
            confidence=1.0,
            key=key,
        )


def _own_places(page: Page) -> Iterator[tuple[Section, int, int, str]]:
    """Yield where the page says which report it is."""
    for block in page.blocks:
        if block.section.kind != "overview":
            continue
        if is_title(block):
            yield block.section, block.line.start, block.line.end, TITLE_METHOD
        opening = OPENING.search(page.text, block.line.start, block.line.end)
        if opening is not None:
            sentence = next(s for s in block.sentences if opening.start() < s.end)
            start, end = trimmed(page.text, opening.start(), max(sentence.end, opening.end()))
            yield block.section, start, end, OPENING_METHOD
            return


def other_inspections(page: Page, subject: Subject) -> Iterator[Statement]:
    """Yield the other inspections that took in the force.

    The passage is the sentence, or only the inspection's name where the sentence quotes its grade,
    which is a judgment. What is said of inspections in general is no statement of this kind.
    """
    force = re.compile(rf"{subject.pattern}\b")
    for block in page.blocks:
        if block.section.kind == "site-furniture" or is_heading(block.line):
            continue
        for sentence in block.sentences:
            words = sentence.folded
            found = OTHER.search(page.text, sentence.start, sentence.end)
            if found is None or OWN.search(words) or POINTER.search(words):
                continue
            if force.search(words) is None:
                continue
            span = sentence.start, sentence.end
            if found["name"] and GRADED.search(words):
                span = found.span("name")
            yield Statement(
                type=StatementType.INSPECTION,
                passage=page.passage(block.section, *span),
                method=METHOD,
                confidence=0.85,
                criterion=criterion_of(block.section),
                themes=themes_of(page.text[slice(*span)], subject.context),
            )
