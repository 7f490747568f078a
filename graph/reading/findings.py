"""Praise, criticism, context and furniture: what every sentence that no other rule took says.

A sentence is weighed as a whole; where it praises and criticises it is parted, and each part is a
finding of its own. A page's furniture and its headings say nothing of the force.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Statement, StatementType
from peelgraph.graph.reading.coverage import remaining
from peelgraph.graph.reading.opinions import FINDING_KINDS, PLAIN, Opinion, opinions
from peelgraph.graph.reading.sections import is_heading, pillar_of
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.themes import subject_matter
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
# Kinds that tell of something, which the same sentence may praise.
TOLD: Final = frozenset({StatementType.EXCEPTIONAL_EVENT, StatementType.COLLABORATION})
GRADING: Final = re.compile(
    r"\b(?:judge|grade|assess|rated|requires? improvement|inadequate|outstanding)"
)
LONGEST_LABEL: Final = 8  # words; a line as short as this without a full stop is no sentence


def findings(page: Page, subject: Subject, found: Sequence[Statement]) -> Iterator[Statement]:
    """Yield a statement for everything that *found* leaves over, so that the page is accounted for.

    An event or a collaboration that is praised or criticised is a finding too. A finding that
    stands in several sections has one criterion: that of the first pillar's own.
    """
    left = [*_left(page, subject.context, found), *_judged_too(page, subject.context, found)]
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
    before: tuple[Block, Statement] | None = None
    for block, sentence in remaining(page, found):
        for opinion in _opinions(block, sentence, context):
            previous = before[1] if before and before[0] is block else None
            statement = _statement(page, block, opinion, context, previous)
            yield statement, pillar_of(block.section) is not None
            before = (block, statement) if statement.type in FINDING_KINDS else before


def _judged_too(
    page: Page, context: ReadingContext, found: Sequence[Statement]
) -> Iterator[tuple[Statement, bool]]:
    """Yield the findings in sentences that another rule took whole, for what else they say."""
    taken: dict[tuple[int, int], list[Statement]] = {}
    for each in found:
        if each.type in TOLD or each.type is StatementType.GRADE:
            taken.setdefault((each.passage.start, each.passage.end), []).append(each)
    for block in page.blocks:
        for sentence in block.sentences:
            for opinion in _besides(
                taken.get((sentence.start, sentence.end), ()), sentence, context
            ):
                section = pillar_of(block.section)
                yield _statement(page, block, opinion, context, None), section is not None


def _besides(
    taken: Sequence[Statement], sentence: Sentence, context: ReadingContext
) -> Iterator[Opinion]:
    """Yield what a sentence that *taken* are about praises or criticises besides.

    Next to a grade only what is parted from it counts, and no second grade.
    """
    if not taken:
        return
    said = [each for each in opinions(sentence, context) if each.kind in FINDING_KINDS]
    if all(each.type in TOLD for each in taken):
        yield from (each for each in said if each.rule.confidence >= PLAIN)
    elif len(taken) == 1:
        for each in said[1:]:
            start, end = each.start - sentence.start, each.end - sentence.start
            if not GRADING.search(folded(sentence.text[start:end])):
                yield each


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
    page: Page, block: Block, opinion: Opinion, context: ReadingContext, before: Statement | None
) -> Statement:
    """Return the statement of an opinion; *before* is the finding before it in its paragraph."""
    passage = page.passage(block.section, opinion.start, opinion.end)
    words = folded(passage.text)
    criterion: str | None = None
    themes: tuple[str, ...] = ()
    if opinion.kind is not StatementType.FURNITURE:
        criterion, themes = subject_matter(words, context, pillar_of(block.section), before)
    if opinion.kind not in FINDING_KINDS:
        criterion = pillar_of(block.section) if criterion else None
    return Statement(
        type=opinion.kind,
        passage=passage,
        method=opinion.rule.method,
        confidence=round(opinion.rule.confidence, 2),
        criterion=criterion,
        themes=themes,
        key=" ".join(re.findall(r"\w+", words)),
    )
