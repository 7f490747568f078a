"""Grades of the opening summary, and the status labels under a pillar's heading."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading import cues
from peelgraph.graph.reading.dates import is_date_line
from peelgraph.graph.reading.sections import criterion_of, is_heading
from peelgraph.graph.reading.sentences import clauses
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.verdicts import (
    GRADE,
    GRADE_WORD,
    NOT_GRADED,
    Verdict,
    graded_topics,
    is_predicate,
    verdict,
)
from peelgraph.graph.reading.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import JudgmentStatement, Passage
    from peelgraph.graph.reading.page import Block, Page
    from peelgraph.graph.reading.subjects import Subject

LINE_RULE: Final = Rule("grade-summary/1", 1.0)
CLAUSE_RULE: Final = Rule("grade-clause/1", 0.95)
EXTENT_RULE: Final = Rule("extent-clause/1", 0.8)
LABEL_RULE: Final = Rule("grade-label/1", 0.95)

EXTENTS: Final = MappingProxyType(
    {
        pillar: re.compile(
            r"(?:.*[:;,] )?(?:and )?the extent to which"
            rf" (?P<subject>.{{1,80}}?) {predicate}(?P<rest>.*)"
        )
        for pillar, predicate in cues.EXTENT_PREDICATES.items()
    }
)
# The first cycle's summary: three clauses, of which the second alone grades a pillar.
FIRST_EFFECTIVENESS: Final = re.compile(r"\bin terms of its effectiveness\b")
FIRST_EFFICIENCY: Final = re.compile(
    r"\bthe efficiency with which (?P<subject>.{1,80}?)"
    r" carries out its responsibilities(?P<rest>.*)"
)
FIRST_LEGITIMACY: Final = re.compile(r"\b(?:is acting|acts) to achieve fairness and legitimacy\b")
ANNOUNCED: Final = re.compile(
    r"(?:overall )?(?:grade|judge?ment|rating|status)(?: this year)? ?: ?"
)
# A row of a table or of a box: the pillar, and its grade beside it.
BESIDE: Final = re.compile(
    rf"(?:[-*\u2022] )?(?P<pillar>effectiveness|efficiency|legitimacy)(?: ?[:|\u2013\u2014-] ?| )"
    rf"'?(?P<grade>{GRADE})'?"
)
LABELLED_IN: Final = frozenset({"overview", "inspector-observations", "pillar", "leadership"})
LABEL_LINES: Final = 5  # heading, question, two dates, label


def summary_judgments(page: Page, subject: Subject) -> Iterator[JudgmentStatement | str]:
    """Yield the grades of summary lines and clauses, and a doubt for each that cannot be read."""
    for block in page.blocks:
        on_effectiveness = False
        for sentence in block.sentences:
            yield from _extents(block.passage(page.text, sentence), sentence.folded, subject)
            for clause in clauses(page.text, sentence):
                passage, words = block.passage(page.text, clause), clause.folded
                on_effectiveness = _goes_on(words, on_effectiveness=on_effectiveness)
                if on_effectiveness:
                    yield from _first_effectiveness(passage, words, subject)
                else:
                    yield from _first_others(passage, words, subject)


def _extents(passage: Passage, words: str, subject: Subject) -> Iterator[JudgmentStatement | str]:
    """Yield the grade of a line on the extent to which the force is something."""
    for pillar, pattern in EXTENTS.items():
        line = pattern.fullmatch(words)
        if line is None:
            continue
        said = verdict(line["rest"], subject.cycle.scale)
        if not subject.is_own(line["subject"]):
            yield f"the summary line on {pillar} is about '{line['subject']}', so it gives no grade"
        elif said is None:
            yield f"the summary line on {pillar} states no clear grade (at {passage.start})"
        else:
            yield from _awarded(passage, pillar, said, subject, LINE_RULE)


def _awarded(
    passage: Passage, criterion: str, said: Verdict, subject: Subject, rule: Rule
) -> Iterator[JudgmentStatement | str]:
    """Yield the judgment; a criterion without a grade gets the status that its cycle implies."""
    by_design = criterion in subject.ungraded
    if said.status == "ungraded":
        said = Verdict(NOT_GRADED, "ungraded-by-design" if by_design else "not-inspected")
        if not by_design:
            yield f"{criterion} is graded in {subject.cycle.slug}, but not on this page"
    if by_design and said.grade != NOT_GRADED:
        yield f"the page grades {criterion}, which {subject.cycle.slug} did not grade"
    elif criterion.partition("-")[0] in subject.cycle.pillars:
        yield subject.judgment(passage, criterion, said, rule)


def _goes_on(words: str, *, on_effectiveness: bool) -> bool:
    """Whether a clause belongs to the first cycle's part on effectiveness."""
    if FIRST_EFFECTIVENESS.search(words):
        return True
    return on_effectiveness and not (
        FIRST_EFFICIENCY.search(words) or FIRST_LEGITIMACY.search(words)
    )


def _first_effectiveness(
    passage: Passage, words: str, subject: Subject
) -> Iterator[JudgmentStatement]:
    """Yield the grades of questions in the first cycle's part on effectiveness."""
    cycle = subject.cycle
    if "effectiveness" in cycle.ungraded:
        for key, code in graded_topics(words, subject.questions(cycle), cycle.scale):
            yield subject.judgment(passage, key, Verdict(code, "awarded"), CLAUSE_RULE)


def _first_others(
    passage: Passage, words: str, subject: Subject
) -> Iterator[JudgmentStatement | str]:
    """Yield the first cycle's grade for efficiency, and that legitimacy has none."""
    if efficiency := FIRST_EFFICIENCY.search(words):
        said = verdict(efficiency["rest"], subject.cycle.scale)
        if said is None or not subject.is_own(efficiency["subject"]):
            yield f"the clause on efficiency states no clear grade (at {passage.start})"
        else:
            yield from _awarded(passage, "efficiency", said, subject, LINE_RULE)
    elif (
        "legitimacy" in subject.cycle.ungraded
        and FIRST_LEGITIMACY.search(words)
        and not any(is_predicate(words, grade) for grade in GRADE_WORD.finditer(words))
    ):
        said = Verdict(NOT_GRADED, "ungraded-by-design")
        yield subject.judgment(passage, "legitimacy", said, EXTENT_RULE)


def labels(page: Page, subject: Subject) -> Iterator[JudgmentStatement | str]:
    """Yield the status labels ("Good", "To be graded") under a pillar or a question.

    A label may say what it is ("Judgment: good"); beside a pillar's name it needs no heading.
    """
    for section in page.sections:
        criterion = criterion_of(section)
        if criterion is None:
            continue
        blocks = [block for block in page.blocks if block.section is section]
        for block in _label_blocks(blocks):
            said = verdict(f"is {_label(block)}", subject.cycle.scale)
            passage = block.passage(page.text, block.line)
            if said is not None:
                yield from _awarded(passage, criterion, said, subject, LABEL_RULE)
    for block in page.blocks:
        beside = BESIDE.fullmatch(folded(block.line.text))
        if beside is not None and block.section.kind in LABELLED_IN:
            said = verdict(f"is {beside['grade']}", subject.cycle.scale)
            passage = block.passage(page.text, block.line)
            if said is not None:
                yield from _awarded(passage, beside["pillar"], said, subject, LABEL_RULE)


def _label(block: Block) -> str:
    """Return the folded words of a line without what only says that a label follows."""
    return ANNOUNCED.sub("", folded(block.line.text), count=1)


def _label_blocks(blocks: list[Block]) -> Iterator[Block]:
    """Yield the lines under a heading up to its first paragraph that are one grade and no more."""
    for block in blocks[1:LABEL_LINES]:
        text = _label(block)
        if verdict(f"is {text}", "five-tier") and not text.endswith("."):
            yield block
        elif not (is_heading(block.line) or is_date_line(text)):
            return
