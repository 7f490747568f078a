"""Praise, criticism, context and furniture: what every sentence that no other rule took says.

A sentence is weighed as a whole; where it praises and criticises it is parted, and each part is a
finding of its own. A page's furniture and its headings say nothing of the force.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import Statement, StatementType
from peelgraph.graph.reading.boxes import boxed
from peelgraph.graph.reading.coverage import remaining
from peelgraph.graph.reading.opinions import FINDING_KINDS, Opinion, opinions
from peelgraph.graph.reading.sections import criterion_of, is_heading, pillar_of
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.themes import subject_matter
from peelgraph.graph.reading.wording import folded, name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peelgraph.graph.reading.context import ReadingContext
    from peelgraph.graph.reading.page import Block, Page
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

HEADING_RULE: Final = Rule("furniture-heading/1", 1.0)
FURNITURE_RULE: Final = Rule("furniture-section/1", 0.95)
LABEL_RULE: Final = Rule("furniture-label/1", 0.8)
OTHER_FORCE_RULE: Final = Rule("context-other-force/1", 0.9)
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
TOLD_BESIDES: Final = 0.55  # how plain praise must be to count beside what is told
# Kinds that tell of something, which the same sentence may praise.
TOLD: Final = frozenset({StatementType.EXCEPTIONAL_EVENT, StatementType.COLLABORATION})
GRADING: Final = re.compile(
    r"\b(?:judge|grade|assess|rated|requires? improvement|inadequate|outstanding)"
)
# The name of a force that is what the sentence is about.
NAMED_FIRST: Final = re.compile(
    r"(?:[a-z]+, )?(?P<name>[\w&'-]+(?: [\w&'-]+){0,5}? (?:police service|police|constabulary))"
    r"(?=,? (?!and (?!its\b))[a-z])"
)
LONGEST_LABEL: Final = 8  # words; a line as short as this without a full stop is no sentence


def findings(page: Page, subject: Subject, found: Sequence[Statement]) -> Iterator[Statement]:
    """Yield a statement for everything that *found* leaves over, so that the page is accounted for.

    An event or a collaboration that is praised or criticised is a finding too. A finding that
    stands in several sections has one criterion: that of the first section of a question that has
    it, else of a pillar.
    """
    left = [*_left(page, subject, found), *_judged_too(page, subject, found)]
    own = [(each.id, each.criterion) for each, of_section in reversed(left) if of_section]
    of_pillar = {key: criterion for key, criterion in own if criterion}
    of_question = {key: criterion for key, criterion in own if criterion and "-" in criterion}
    criteria = of_pillar | of_question
    for each, _ in left:
        yield dataclasses.replace(each, criterion=criteria.get(each.id, each.criterion))


def _left(
    page: Page, subject: Subject, found: Sequence[Statement]
) -> Iterator[tuple[Statement, bool]]:
    """Yield the statements of what is left over, and whether the section gave the criterion."""
    boxes, context = boxed(page), subject.context
    before: tuple[Block, Statement] | None = None
    for block, sentence in remaining(page, found):
        box = boxes.get(block.line.start)
        said = [Opinion.of(sentence, *box)] if box else _opinions(block, sentence, subject)
        for opinion in said:
            previous = before[1] if before and before[0] is block else None
            statement = _statement(page, block, opinion, context, previous)
            yield statement, pillar_of(block.section) is not None
            before = (block, statement) if statement.type in FINDING_KINDS else before


def _judged_too(
    page: Page, subject: Subject, found: Sequence[Statement]
) -> Iterator[tuple[Statement, bool]]:
    """Yield the findings in sentences that another rule took whole, for what else they say."""
    taken: dict[tuple[int, int], list[Statement]] = {}
    for each in found:
        if each.type in TOLD or each.type is StatementType.GRADE:
            taken.setdefault((each.passage.start, each.passage.end), []).append(each)
    for block in page.blocks:
        for sentence in block.sentences:
            for opinion in _besides(
                taken.get((sentence.start, sentence.end), ()), sentence, subject
            ):
                section = pillar_of(block.section)
                statement = _statement(page, block, opinion, subject.context, None)
                yield statement, section is not None


def _besides(taken: Sequence[Statement], sentence: Sentence, subject: Subject) -> Iterator[Opinion]:
    """Yield what a sentence that *taken* are about praises or criticises besides.

    Next to a grade only what is parted from it counts, and no second grade.
    """
    if not taken:
        return
    found = opinions(sentence, subject.context, subject.pattern)
    said = [each for each in found if each.kind in FINDING_KINDS]
    if all(each.type in TOLD for each in taken):
        yield from (each for each in said if each.rule.confidence >= TOLD_BESIDES)
    elif len(taken) == 1:
        for each in said[1:]:
            start, end = each.start - sentence.start, each.end - sentence.start
            if not GRADING.search(folded(sentence.text[start:end])):
                yield each


def _opinions(block: Block, sentence: Sentence, subject: Subject) -> Iterator[Opinion]:
    """Yield what the sentence says, judged first by where it stands, then by its words."""
    rule = _furniture(block, sentence)
    if rule is not None:
        yield Opinion.of(sentence, StatementType.FURNITURE, rule)
    elif block.section.kind in DESCRIBING:
        yield Opinion.of(sentence, StatementType.CONTEXT, SECTION_RULE)
    elif _is_of_another(sentence, subject):
        yield Opinion.of(sentence, StatementType.CONTEXT, OTHER_FORCE_RULE)
    else:
        for opinion in opinions(sentence, subject.context, subject.pattern):
            label = opinion.kind is StatementType.CONTEXT and _is_label(block, sentence)
            weighed = label and opinion.rule.confidence < LABEL_RULE.confidence
            yield (
                Opinion.of(sentence, StatementType.FURNITURE, LABEL_RULE) if weighed else opinion
            )


def _is_of_another(sentence: Sentence, subject: Subject) -> bool:
    """Whether a sentence opens with the name of another force and goes on about that one."""
    opening = NAMED_FIRST.match(sentence.folded)
    if opening is None:
        return False
    name = name_key(opening["name"])
    if name in subject.own or name not in subject.others:
        return False
    return re.search(rf"{subject.pattern}\b", sentence.folded[opening.end() :]) is None


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
    of_section = criterion_of(block.section) or pillar_of(block.section)
    if opinion.kind is not StatementType.FURNITURE:
        criterion, themes = subject_matter(words, context, pillar_of(block.section), before)
        criterion = of_section or criterion
    if opinion.kind not in FINDING_KINDS:  # what finds nothing of the force has no theme either
        criterion, themes = (of_section if criterion else None), ()
    return Statement(
        type=opinion.kind,
        passage=passage,
        method=opinion.rule.method,
        confidence=round(opinion.rule.confidence, 2),
        criterion=criterion,
        themes=themes,
        key=" ".join(re.findall(r"\w+", words)),
    )
