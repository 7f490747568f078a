"""Grade words in a clause: which grade it states, and whether it denies or only supposes one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.reading import cues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.reading.context import QuestionCues

CODES: Final = dict(cues.GRADE_WORDS)
GRADE: Final = "(?:" + "|".join(re.escape(words) for words, _ in cues.GRADE_WORDS) + ")"
GRADE_WORD: Final = re.compile(rf"\b{GRADE}\b")
DENIAL: Final = re.compile(
    r"(?<![\w'])(?:" + "|".join(re.escape(word) for word in cues.DENIALS) + r")(?![\w'])"
)
JUDGED: Final = r"(?:judged|assessed|graded|rated)"

# The whole of what may follow a summary line's predicate; any other word leaves it unread.
AWARDED: Final = re.compile(
    rf"(?::|is ?:?|remains|was|has been) ?(?:also |now |still )?(?:{JUDGED}(?: to be| as)? )?"
    rf"'?(?P<grade>{GRADE})'?|'?(?P<verb>requires improvement)'?"
)
PENDING: Final = re.compile(
    r"(?::|is ?:?|has)? ?(?:not yet(?: been)? graded|(?:yet )?to be graded)"
)
UNGRADED: Final = re.compile(r"(?::|is ?:?|was|has)? ?(?:not(?: been)? graded|ungraded)")

# What stands before a grade that only describes a noun, and after one that does not.
ATTRIBUTE: Final = re.compile(r"\b(?:an?|its|their|the|this|very|such)\s+'?$")
PREDICATE_END: Final = re.compile(
    r"'?(?:\s+(?:at|in|for|with|on|and|but|overall|across)\b|\s*[.,;:]|\s*$)"
)
DIRECTLY: Final = re.compile(r"'?,? (?:at|in|for|with|on)(?: [\w'-]+){0,4} ")
# From a topic to the grade that is said of it; "and requires", "but is" begin another predicate.
SAID_OF: Final = re.compile(
    r"^(?:(?!\b(?:and|but)(?: also)? (?:is|was|are|were|has|remains|requires)\b)[^,;])*"
    r"\b(?:(?:is|was|are|were|has been|remains)(?: also| again| now| still| not)*"
    rf"(?: {JUDGED}(?: to be| as being| as| to)?)?(?: also)? '?{GRADE}|requires improvement)$"
)

NOT_GRADED: Final = "not-graded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a clause awards: a grade code (``not-graded`` too) and a grade status."""

    grade: str
    status: str


def verdict(words: str, scale: str) -> Verdict | None:
    """Return what the folded *words* after a predicate award, or ``None`` if that is not clear.

    >>> verdict(" requires improvement.", "four-tier")
    Verdict(grade='requires-improvement', status='awarded')
    >>> verdict(": not yet graded.", "four-tier").status
    'pending'
    >>> verdict(" is not good.", "four-tier") is None
    True
    """
    said = words.strip().rstrip(".; ").strip()
    if found := AWARDED.fullmatch(said):
        code = CODES[found["grade"] or found["verb"]]
        return Verdict(code, "awarded") if code in cues.SCALE_GRADES[scale] else None
    if PENDING.fullmatch(said):
        return Verdict(NOT_GRADED, "pending")
    if UNGRADED.fullmatch(said):
        return Verdict(NOT_GRADED, "ungraded")
    return None


def denied(words: str) -> bool:
    """Whether the folded *words* before a grade deny it or only suppose it.

    >>> denied("the force is not "), denied("the force is ")
    (True, False)
    """
    return DENIAL.search(words) is not None


def graded_topics(
    clause: str, questions: tuple[QuestionCues, ...], scale: str
) -> Iterator[tuple[str, str]]:
    """Yield (question key, grade code) for each topic that the folded *clause* grades.

    A topic is governed by the grade that it follows ("good at investigating"), else by the one
    that is said of it ("its use of resources is judged to be good"), else by the nearest before.
    A topic that gets two grades is left out.

    >>> from peelgraph.graph.reading.context import QuestionCues
    >>> asked = (QuestionCues(key="effectiveness-2", phrases=("investigating offending",)),)
    >>> list(graded_topics("it is good at investigating offending", asked, "four-tier"))
    [('effectiveness-2', 'good')]
    """
    grades = [found for found in GRADE_WORD.finditer(clause) if is_predicate(clause, found)]
    for question in questions:
        codes = {
            code
            for phrase in question.phrases
            for topic in re.finditer(rf"\b{re.escape(phrase)}\b", clause)
            if (code := _governing(clause, grades, topic)) is not None
        }
        if len(codes) == 1 and codes <= cues.SCALE_GRADES[scale]:
            yield question.key, codes.pop()


def is_predicate(clause: str, grade: re.Match[str]) -> bool:
    """Whether *grade* is said of something, and does not only describe ("a good understanding")."""
    return ATTRIBUTE.search(clause[: grade.start()]) is None and (
        PREDICATE_END.match(clause[grade.end() :]) is not None
    )


def _governing(clause: str, grades: list[re.Match[str]], topic: re.Match[str]) -> str | None:
    """Return the code of the grade that governs *topic*, unless it is denied."""
    before = [grade for grade in grades if grade.end() <= topic.start()]
    after = [grade for grade in grades if grade.start() >= topic.end()]
    follows = bool(before) and DIRECTLY.fullmatch(clause[before[-1].end() : topic.start()])
    said_of = bool(after) and SAID_OF.search(clause[topic.end() : after[0].end()])
    if before and (follows or not said_of):
        grade, between = before[-1], clause[before[-1].end() : topic.start()]
    elif after and (said_of or len(grades) == 1):
        grade, between = after[0], clause[topic.end() : after[0].start()]
    else:
        return None
    earlier = max((each.end() for each in grades if each.end() <= grade.start()), default=0)
    if denied(between) or denied(clause[earlier : grade.start()]):
        return None
    return CODES[grade.group()]
