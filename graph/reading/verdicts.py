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

    A topic is governed by the nearest grade before it, or by the only grade, standing after it.
    A topic that gets two grades is left out.

    >>> from peelgraph.graph.reading.context import QuestionCues
    >>> asked = (QuestionCues(key="effectiveness-2", phrases=("investigating offending",)),)
    >>> list(graded_topics("it is good at investigating offending", asked, "four-tier"))
    [('effectiveness-2', 'good')]
    """
    grades = list(GRADE_WORD.finditer(clause))
    for question in questions:
        codes = {
            code
            for phrase in question.phrases
            for topic in re.finditer(rf"\b{re.escape(phrase)}\b", clause)
            if (code := _governing(clause, grades, topic)) is not None
        }
        if len(codes) == 1 and codes <= cues.SCALE_GRADES[scale]:
            yield question.key, codes.pop()


def _governing(clause: str, grades: list[re.Match[str]], topic: re.Match[str]) -> str | None:
    """Return the code of the grade that governs *topic*, unless it is denied."""
    before = [grade for grade in grades if grade.end() <= topic.start()]
    if before:
        grade, between = before[-1], clause[before[-1].end() : topic.start()]
    elif len(grades) == 1:
        grade, between = grades[0], clause[topic.end() : grades[0].start()]
    else:
        return None
    earlier = before[-2].end() if len(before) > 1 else 0
    if denied(between) or denied(clause[earlier : grade.start()]):
        return None
    return CODES[grade.group()]
