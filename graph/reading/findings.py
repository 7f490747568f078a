"""Praise, criticism, context and furniture: what every sentence that no other rule took says.

A sentence is weighed as a whole; where it praises and criticises it is parted, and each part is a
finding of its own. A page's furniture and its headings say nothing of the force.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Passage, Statement, StatementType
from peelgraph.graph.reading.coverage import remaining
from peelgraph.graph.reading.opinions import FINDING_KINDS, Opinion, opinions
from peelgraph.graph.reading.sections import is_heading, pillar_of
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.themes import pillar_by_themes, themes_of
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peelgraph.graph.reading.context import ReadingContext
    from peelgraph.graph.reading.page import Block, Page
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

HEADING_RULE: Final = Rule("furniture-heading/1", 1.0)
FURNITURE_RULE: Final = Rule("furniture-section/1", 0.95)
LABEL_RULE: Final = Rule("furniture-label/1", 0.8)
SECTION_RULE: Final = Rule("context-section/1", 0.9)

# Sections that describe, quote the force itself or point elsewhere: no finding stands in them.
DESCRIBING: Final = frozenset(
    {
        "area-description",
        "looking-ahead",
        "force-supplied-context",
        "policing-plan-priorities",
        "key-facts",
    }
)
LONGEST_LABEL: Final = 8  # words; a line as short as this without a full stop is no sentence


def findings(page: Page, subject: Subject, found: Sequence[Statement]) -> Iterator[Statement]:
    """Yield a statement for everything that *found* leaves over, so that the page is accounted for.

    A finding that stands in several sections has one criterion: that of the first pillar's own.
    """
    left = list(_left(page, subject.context, found))
    pillars = {
        each.id: each.criterion
        for each, of_section in reversed(left)
        if of_section and each.criterion
    }
    for each, _ in left:
        yield dataclasses.replace(each, criterion=pillars.get(each.id, each.criterion))


def _left(
    page: Page, context: ReadingContext, found: Sequence[Statement]
) -> Iterator[tuple[Statement, bool]]:
    """Yield the statements of what is left over, and whether the section gave the criterion."""
    for block, sentence in remaining(page, found):
        pillar = pillar_of(block.section)
        for opinion in _opinions(block, sentence, context):
            statement = _statement(page, block, opinion, context, pillar)
            yield statement, pillar is not None


def _opinions(block: Block, sentence: Sentence, context: ReadingContext) -> Iterator[Opinion]:
    """Yield what the sentence says, judged first by where it stands, then by its words."""
    rule = _furniture(block, sentence)
    if rule is not None:
        yield Opinion.of(sentence, StatementType.FURNITURE, rule)
    elif block.section.kind in DESCRIBING:
        yield Opinion.of(sentence, StatementType.CONTEXT, SECTION_RULE)
    else:
        for opinion in opinions(sentence, context):
            label = opinion.kind is StatementType.CONTEXT and _is_label(block, sentence)
            weighed = label and opinion.rule.confidence < LABEL_RULE.confidence
            yield (
                Opinion.of(sentence, StatementType.FURNITURE, LABEL_RULE) if weighed else opinion
            )


def _furniture(block: Block, sentence: Sentence) -> Rule | None:
    """Return the rule by which the sentence is no part of the report's text, if one says so."""
    if block.section.kind == "site-furniture":
        return FURNITURE_RULE
    if is_heading(block.line):
        return HEADING_RULE
    empty_fact = block.section.kind == "key-facts" and not re.search(r"\d", sentence.text)
    if (empty_fact and _is_label(block, sentence)) or not re.search(r"\w", sentence.text):
        return LABEL_RULE
    return None


def _is_label(block: Block, sentence: Sentence) -> bool:
    """Whether a line is too short for a sentence and does not end like one."""
    return (
        not block.line.is_bullet
        and sentence.text == block.line.text
        and len(sentence.text.split()) <= LONGEST_LABEL
        and not sentence.text.endswith((".", "!", "?", ":", ";", ","))
    )


def _statement(
    page: Page, block: Block, opinion: Opinion, context: ReadingContext, pillar: str | None
) -> Statement:
    """Return the statement of an opinion, with the themes of its words and its criterion."""
    passage: Passage = page.passage(block.section, opinion.start, opinion.end)
    furniture = opinion.kind is StatementType.FURNITURE
    themes = () if furniture else themes_of(passage.text, context)
    criterion = None if furniture else pillar
    if criterion is None and opinion.kind in FINDING_KINDS:
        criterion = pillar_by_themes(themes, context)
    return Statement(
        type=opinion.kind,
        passage=passage,
        method=opinion.rule.method,
        confidence=opinion.rule.confidence,
        criterion=criterion,
        themes=themes,
        key=" ".join(re.findall(r"\w+", folded(passage.text))),
    )
