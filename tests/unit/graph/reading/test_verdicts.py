"""Which words award a grade, and which only seem to."""

from __future__ import annotations

import pytest

from peelgraph.graph.reading.context import QuestionCues
from peelgraph.graph.reading.verdicts import Verdict, graded_topics, verdict

ASKED = (
    QuestionCues(key="effectiveness-1", phrases=("reducing crime", "preventing offending")),
    QuestionCues(
        key="effectiveness-2", phrases=("investigating offending", "investigates offending")
    ),
    QuestionCues(key="effectiveness-3", phrases=("tackling anti-social behaviour",)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "grade"),
    [
        (" is good.", "good"),
        (" is: good.", "good"),
        (": outstanding", "outstanding"),
        (" requires improvement.", "requires-improvement"),
        (" is 'inadequate'.", "inadequate"),
        (" has been judged to be good", "good"),
        (" is also good", "good"),
    ],
)
def test_words_that_award(words: str, grade: str) -> None:
    """The forms that the templates of five years print."""
    assert verdict(words, "four-tier") == Verdict(grade, "awarded")


@pytest.mark.parametrize(
    "words",
    [
        " is not good.",
        " is no longer outstanding.",
        " is far from good.",
        " is good or outstanding.",
        " could be good.",
        " is adequate.",  # on the other scale
        " does not require improvement.",
        " good",
        "",
        " is goodish.",
    ],
)
def test_words_that_do_not(words: str) -> None:
    """Never a grade that the text does not state."""
    assert verdict(words, "four-tier") is None


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (": not yet graded.", "pending"),
        (" is not yet graded.", "pending"),
        (" is to be graded", "pending"),
        (" is ungraded.", "ungraded"),
        (" was not graded.", "ungraded"),
    ],
)
def test_words_that_say_there_is_no_grade(words: str, status: str) -> None:
    """No grade yet and no grade at all are different facts."""
    assert verdict(words, "four-tier") == Verdict("not-graded", status)


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("good at reducing crime, good at investigating offending", {"1": "good", "2": "good"}),
        ("is good at investigating offending, outstanding at preventing offending",
         {"1": "outstanding", "2": "good"}),
        ("it requires improvement in the way it investigates offending",
         {"2": "requires-improvement"}),
        ("the way it investigates offending requires improvement", {"2": "requires-improvement"}),
        ("good at reducing crime but not at investigating offending", {"1": "good"}),
        ("not good at reducing crime", {}),
        ("good at reducing crime and outstanding at preventing offending", {}),
        ("the force is tackling anti-social behaviour", {}),
    ],
)  # fmt: skip
def test_topics_take_the_grade_that_governs_them(clause: str, found: dict[str, str]) -> None:
    """Three grades in one sentence must not be mixed up."""
    expected = {f"effectiveness-{number}": grade for number, grade in found.items()}
    assert dict(graded_topics(clause, ASKED, "four-tier")) == expected
