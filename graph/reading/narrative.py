"""Sentences that judge the force: this cycle's grade again, a question's, an earlier one quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading import cues
from peelgraph.graph.reading.sections import criterion_of, pillar_of
from peelgraph.graph.reading.sentences import clauses
from peelgraph.graph.reading.subjects import Rule
from peelgraph.graph.reading.title import cycle_of_years
from peelgraph.graph.reading.verdicts import (
    CODES,
    GRADE,
    JUDGED,
    Verdict,
    denied,
    graded_topics,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import JudgmentStatement, Passage, Section
    from peelgraph.graph.reading.context import CycleContext
    from peelgraph.graph.reading.page import Page
    from peelgraph.graph.reading.sentences import Sentence
    from peelgraph.graph.reading.subjects import Subject

JUDGED_RULE: Final = Rule("grade-sentence/1", 0.95)
IS_RULE: Final = Rule("grade-headline/1", 0.9)
EARLIER_RULE: Final = Rule("earlier-grade/1", 0.85)
READ_IN: Final = frozenset({"overview", "inspector-observations", "pillar", "leadership"})

MARKER: Final = re.compile(
    r"\b(?:(?P<current>this year)|(?P<last>last year|previous (?:year|inspection|assessment)"
    r"|last (?:inspection|assessment))|(?P<years>20\d\d(?:[/-]\d\d)?))\b"
)
PAST: Final = re.compile(r"\b(?:was|had been|had) (?:\w+ )?(?:judged|assessed|graded|rated)\b")

NAMED: Final = re.compile(
    r" (?:in respect of|in terms of|with (?:regard|respect) to|in|for|on)"
    r" (?:the |its |their |our )?(?:overall )?(effectiveness|efficiency|legitimacy|leadership)\b"
)
TAILS: Final = (
    (
        re.compile(rf" (?:at|in) (?:effectively {cues.HEADLINE}|how effectively it)\b"),
        "effectiveness",
    ),
    (
        re.compile(
            r" (?:at|in) (?:operating efficiently|how efficiently it"
            r"|the way it operates and provides)\b"
        ),
        "efficiency",
    ),
    (
        re.compile(
            r" (?:at|in) (?:how legitimately it"
            r"|treating the public and its workforce legitimately)\b"
        ),
        "legitimacy",
    ),
)
HOW_TAIL: Final = re.compile(r" (?:at|in) how (?P<adjective>effective|efficient|legitimate)\b")
OF_ADJECTIVE: Final = MappingProxyType(
    {"effective": "effectiveness", "efficient": "efficiency", "legitimate": "legitimacy"}
)
HEADLINE_TAIL: Final = re.compile(rf" (?:at|in) {cues.HEADLINE}\b")
CLOSED_TAIL: Final = re.compile(r"'?(?: overall| this year| again)?(?:[.,]| but\b|$)")


@dataclass(frozen=True, slots=True)
class Award:
    """A grade found in a clause: what stands before its sentence part, the grade, what follows."""

    head: str
    code: str
    tail: str
    by_verb: bool
    denied: bool


def narrative_judgments(page: Page, subject: Subject) -> Iterator[JudgmentStatement | str]:
    """Yield the judgments that sentences state, and a doubt for each that is denied."""
    for block in page.blocks:
        if block.section.kind not in READ_IN:
            continue
        before = ""
        for sentence in block.sentences:
            for clause in clauses(page.text, sentence):
                context = f"{before} {sentence.folded[: _offset(sentence, clause)]}"
                passage = block.passage(page.text, clause)
                yield from _judged(passage, clause.folded, context, subject, block.section)
            before = sentence.folded


def _offset(sentence: Sentence, clause: Sentence) -> int:
    """Return about where *clause* begins in the sentence's folded words."""
    return max(0, sentence.folded.find(clause.folded))


def _judged(
    passage: Passage, words: str, context: str, subject: Subject, section: Section
) -> Iterator[JudgmentStatement | str]:
    """Yield what the folded *words* of a clause award; *context* is what stands before them."""
    award = awarded(words, subject.pattern)
    if award is None or award.code not in cues.SCALE_GRADES[subject.cycle.scale]:
        return
    cycle = cycle_of(award.head, words, context, subject)
    if cycle is None:
        return
    pillar = pillar_of(section)
    rule = _rule(award, cycle, subject)
    criterion = _criterion(award, criterion_of(section))
    if criterion is None and award.by_verb and not award.denied:
        for key, code in _questions(words, pillar, cycle, subject):
            yield subject.judgment(passage, key, Verdict(code, "awarded"), rule, cycle)
    elif criterion is not None and _is_graded(criterion, cycle, subject):
        if award.denied:
            yield f"a sentence denies or supposes a grade for {criterion} (at {passage.start})"
        else:
            said = Verdict(award.code, "awarded")
            yield subject.judgment(passage, criterion, said, rule, cycle)


def _is_graded(criterion: str, cycle: CycleContext, subject: Subject) -> bool:
    """Whether *cycle* graded the criterion; questions are known of the page's own cycle alone."""
    if criterion in cycle.pillars:
        return criterion not in cycle.ungraded
    own = cycle.slug == subject.cycle.slug
    return own and "-" in criterion and criterion not in subject.ungraded


def _questions(
    words: str, pillar: str | None, cycle: CycleContext, subject: Subject
) -> Iterator[tuple[str, str]]:
    """Yield the questions of the section's pillar that a judging clause grades."""
    for key, code in graded_topics(words, subject.questions(cycle), cycle.scale):
        if pillar is None or key.startswith(pillar):
            yield key, code


def _rule(award: Award, cycle: CycleContext, subject: Subject) -> Rule:
    """Return the rule by which *award* was found."""
    if cycle.slug != subject.cycle.slug:
        return EARLIER_RULE
    return JUDGED_RULE if award.by_verb else IS_RULE


@lru_cache(maxsize=256)
def _forms(subject: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a judging sentence about *subject* (a pattern itself).

    A possessive with its noun ("its use of resources") may stand where the force does, when a
    verb of judging follows. ``denial`` catches the word that turns the sentence round.
    """
    denial = r"(?P<denial> not| never| no longer| not yet)?"
    grade = rf"'?(?P<grade>{GRADE})\b'?(?P<tail>.*)"
    part = r"\b(?:its|the force's|the constabulary's) [a-z ,-]{3,80}?"
    adverb = r"(?: also| again| now| still| overall)*"
    return (
        re.compile(
            rf"\b(?:hmic(?:frs)?|we|i)(?: have| has| had| did| do)?{denial}"
            rf" (?:judges?|judged|assess(?:es|ed)?|graded?|rated?) {subject}"
            rf" (?:to be|as being|as|to) {grade}"
        ),
        re.compile(
            rf"(?P<topic>{subject}|{part}) (?:is|was|has|had){denial}(?: been)?{adverb}"
            rf" {JUDGED}{adverb}(?: not)? (?:to be|as being|as|to) {grade}"
        ),
        re.compile(
            rf"^{subject} (?:(?:is|remains){denial}{adverb} |(?=requires improvement)){grade}"
        ),
    )


def awarded(words: str, subject: str) -> Award | None:
    """Return the grade that the folded *words* of a clause award the force, denied or not."""
    if words.endswith("?"):
        return None
    for place, form in enumerate(_forms(subject)):
        found = form.search(words)
        if found is None:
            continue
        head = words[: found.start()]
        topic = found.groupdict().get("topic") or ""
        turned = found["denial"] is not None or denied(re.split(r"[,:]", head)[-1])
        turned = turned or " not to be " in found.group()
        tail = found["tail"]
        if topic.startswith(("its ", "the force's ", "the constabulary's ")):
            tail = f" in {topic}"
        return Award(head, CODES[found["grade"]], tail, place < 2, turned)  # noqa: PLR2004 - the third form has no verb of judging
    return None


def cycle_of(head: str, clause: str, context: str, subject: Subject) -> CycleContext | None:
    """Return the cycle whose grade is stated: the nearest mark of a year before it decides.

    The sentence before counts only for one in the past tense, which tells of an earlier year.
    """
    marks = list(MARKER.finditer(head))
    if not marks and PAST.search(clause):
        marks = list(MARKER.finditer(context))
    if not marks or marks[-1]["current"]:
        return subject.cycle
    if marks[-1]["last"]:
        return subject.cycle_named(subject.cycle.previous)
    return cycle_of_years(marks[-1]["years"], subject.context)


def _criterion(award: Award, pillar: str | None) -> str | None:
    """Return the pillar that the words after the grade, before it or the section say it is for."""
    if named := NAMED.match(award.tail):
        return named[1]
    if how := HOW_TAIL.match(award.tail):
        return OF_ADJECTIVE[how["adjective"]]
    for pattern, found in TAILS:
        if pattern.match(award.tail):
            return found
    in_head = next((slug for name, slug in cues.PILLAR_NAMES if name in award.head), None)
    if HEADLINE_TAIL.match(award.tail):
        # The headline is worded alike for all pillars: alone it says only effectiveness.
        return in_head or (pillar if pillar == "effectiveness" else None)
    if award.by_verb and CLOSED_TAIL.match(award.tail):
        return in_head or pillar
    return None
