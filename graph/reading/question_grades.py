"""Grades of single questions, in sentences without a verb of judging."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading import cues
from peelgraph.graph.reading.narrative import awarded
from peelgraph.graph.reading.sections import criterion_of, question_of
from peelgraph.graph.reading.sentences import clauses
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.verdicts import DIRECTLY, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import JudgmentStatement, Passage, Section
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.subjects import Subject

OWN_RULE: Final = Rule("grade-question/1", 0.9)
SUMMARY_RULE: Final = Rule("grade-question-summary/1", 0.8)
# A grade that is only partly given, or on a condition, grades no question.
HEDGED: Final = re.compile(
    r"\b(?:some|partly|sometimes|always|mostly|only|once|if|when|where|unless|until)\b"
)
# Below its own question a sentence may take longer to come to its subject.
SOON: Final = re.compile(r"'?,? (?:at|in|for|with|on)(?: [\w'-]+){0,8} ")
SUMMARISED_FROM: Final = 3  # the cycle whose pages first sum their questions up above them


def question_judgments(page: Page, subject: Subject) -> Iterator[JudgmentStatement | str]:
    """Yield what sentences such as "the force is good at planning for the future" grade.

    The words right after the grade name the question. In the section of a question they must name
    that one; above the questions of a page about one pillar any of them, where the cycle's pages
    sum them up.
    """
    for block in page.blocks:
        if criterion_of(block.section) is None:
            continue
        if page.pillar is None and question_of(block.section) is None:
            continue
        for sentence in block.sentences:
            for clause in clauses(page.text, sentence):
                passage = block.passage(page.text, clause)
                yield from _graded(passage, clause.folded, block.section, subject)


def _graded(
    passage: Passage, words: str, section: Section, subject: Subject
) -> Iterator[JudgmentStatement | str]:
    """Yield the question that the folded *words* of a clause grade, or a doubt about it."""
    award = awarded(words, subject.pattern)
    if award is None or award.by_verb or award.code not in cues.SCALE_GRADES[subject.cycle.scale]:
        return
    own = question_of(section)
    key = _named_first(award.tail, SOON if own else DIRECTLY, subject)
    if key is None or key in subject.ungraded or (criterion_of(section) not in (key, _pillar(key))):
        return
    if own is None and subject.cycle.ordinal < SUMMARISED_FROM:
        return
    if award.denied or HEDGED.search(award.tail):
        yield f"a sentence denies or limits a grade for {key} (at {passage.start})"
    else:
        said = Verdict(award.code, "awarded")
        yield subject.judgment(passage, key, said, OWN_RULE if own else SUMMARY_RULE)


def _pillar(key: str) -> str:
    return key.partition("-")[0]


def _named_first(tail: str, way: re.Pattern[str], subject: Subject) -> str | None:
    """Return the question whose words come first after a grade, if only a *way* leads there."""
    places = [
        (found, question.key)
        for question in subject.questions(subject.cycle)
        for phrase in question.phrases
        if (found := tail.find(phrase)) >= 0
    ]
    place, key = min(places, default=(0, ""))
    return key if key and way.fullmatch(tail[:place]) else None
