"""Grades that a page carries over from an earlier cycle instead of inspecting again."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading.narrative import MARKER, READ_IN, awarded, cycle_of
from peelgraph.graph.reading.questions import named_by
from peelgraph.graph.reading.sections import criterion_of, question_of
from peelgraph.graph.reading.sentences import clauses
from peelgraph.graph.reading.subjects import Rule, judgment_key
from peelgraph.graph.reading.title import cycle_of_years
from peelgraph.graph.reading.verdicts import Verdict, graded_topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from peelgraph.graph.model import JudgmentStatement, Section
    from peelgraph.graph.reading.context import CycleContext
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

RULE: Final = Rule("grade-carried-over/1", 0.85)
CARRIED_OVER: Final = "carried-over"
CARRIES: Final = re.compile(
    r"\b(?:grades?|judge?ments?|assessments?|findings)\b.*?"
    r"\b(?:still stands?|still appl(?:y|ies)|remains? in place"
    r"|(?:has|have) been carried (?:over|forward)|(?:is|are|was|were) carried (?:over|forward))\b"
)


def with_carried_over(
    page: Page, subject: Subject, found: Iterable[JudgmentStatement]
) -> Iterator[JudgmentStatement | str]:
    """Yield what was *found*, with the status ``carried-over`` where the page says so.

    A sentence that names the earlier grade of such a criterion states the carried-over one too.
    A grade that is carried over but named nowhere is a doubt, not a judgment.
    """
    known = list(found)
    earlier: dict[str, CycleContext] = {}
    for each in _sources(page, subject):
        if isinstance(each, str):
            yield each
        else:
            earlier.setdefault(*each)
    stated = set()
    for statement in (*known, *_renamed(page, subject, known, earlier)):
        carried = _carried(statement, subject, earlier)
        stated.add((carried.cycle, carried.criterion))
        yield carried
    for criterion, cycle in earlier.items():
        if (subject.cycle.slug, criterion) not in stated:
            yield f"the grade of {cycle.slug} for {criterion} is carried over without being named"


def _sources(page: Page, subject: Subject) -> Iterator[tuple[str, CycleContext] | str]:
    """Yield each criterion that is carried over with the cycle that it comes from."""
    for block in page.blocks:
        if block.section.kind not in READ_IN:
            continue
        for sentence in block.sentences:
            carries = CARRIES.search(sentence.folded)
            if carries is None or sentence.folded.endswith("?"):
                continue
            cycle = _cycle(sentence.folded[: carries.end()], subject)
            criterion = _criterion(sentence, block.section, subject)
            if cycle is None or criterion is None:
                yield f"a grade is carried over, but not clearly which (at {sentence.start})"
            else:
                yield criterion, cycle


def _cycle(words: str, subject: Subject) -> CycleContext | None:
    """Return the earlier cycle that is named last in the folded *words*."""
    for mark in reversed(list(MARKER.finditer(words))):
        if mark["last"]:
            return subject.cycle_named(subject.cycle.previous)
        cycle = cycle_of_years(mark["years"], subject.context) if mark["years"] else None
        if cycle is not None and cycle.ordinal < subject.cycle.ordinal:
            return cycle
    return None


def _criterion(sentence: Sentence, section: Section, subject: Subject) -> str | None:
    """Return the question or pillar that a sentence on carrying over is about."""
    named = named_by(sentence.folded, subject.questions(subject.cycle))
    if found := question_of(section) or named:
        return found
    return None if "question" in sentence.folded else criterion_of(section)


def _renamed(
    page: Page,
    subject: Subject,
    known: list[JudgmentStatement],
    earlier: Mapping[str, CycleContext],
) -> Iterator[JudgmentStatement]:
    """Yield this cycle's judgment for each place that names the grade which it carries over."""
    for statement in known:
        cycle = earlier.get(statement.criterion or "")
        if statement.criterion and cycle is not None and statement.cycle == cycle.slug:
            said = Verdict(statement.grade, statement.status)
            yield subject.judgment(statement.passage, statement.criterion, said, RULE)
    for block in page.blocks if earlier else ():
        for sentence in block.sentences:
            for clause in clauses(page.text, sentence):
                for key, code in _topics(clause.folded, subject, earlier):
                    passage = block.passage(page.text, clause)
                    yield subject.judgment(passage, key, Verdict(code, "awarded"), RULE)


def _topics(
    words: str, subject: Subject, earlier: Mapping[str, CycleContext]
) -> Iterator[tuple[str, str]]:
    """Yield the questions of this cycle that a clause grades for the cycle they come from."""
    award = awarded(words, subject.pattern)
    if award is None or award.denied or not award.by_verb:
        return
    cycle = cycle_of(award.head, words, "", subject)
    for key, code in graded_topics(words, subject.questions(subject.cycle), subject.cycle.scale):
        if cycle is not None and earlier.get(key) == cycle:
            yield key, code


def _carried(
    statement: JudgmentStatement, subject: Subject, earlier: Mapping[str, CycleContext]
) -> JudgmentStatement:
    """Return *statement* as carried over, if it is one of this cycle that the page carries over."""
    cycle = earlier.get(statement.criterion or "")
    own = statement.cycle == subject.cycle.slug and statement.status == "awarded"
    if cycle is None or not own or statement.criterion is None:
        return statement
    said = Verdict(statement.grade, CARRIED_OVER)
    return dataclasses.replace(
        statement,
        status=CARRIED_OVER,
        carried_over_from=f"{cycle.slug}/{_then(statement.criterion, cycle, subject)}",
        key=judgment_key(statement.cycle, statement.criterion, said),
    )


def _then(criterion: str, cycle: CycleContext, subject: Subject) -> str:
    """Return the criterion's key in an earlier cycle: that of the question of the same words."""
    phrases = {
        phrase
        for question in subject.questions(subject.cycle)
        if question.key == criterion
        for phrase in question.phrases
    }
    same = {q.key for q in subject.questions(cycle) if phrases & set(q.phrases)}
    return same.pop() if len(same) == 1 else criterion
