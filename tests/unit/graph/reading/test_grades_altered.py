"""The invented pages with one grade altered at a time: that place changes, and no other."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import PeelgraphError
from peelgraph.graph.model import JudgmentStatement

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

FOLDER = Path(__file__).parents[3]
PAGES = sorted([
    *(FOLDER / "data").rglob("*.txt"),
    *(FOLDER / "gold").glob("*-prose.txt"),
])  # fmt: skip
WORD = re.compile(r"outstanding|inadequate|requires? improvement|good", re.IGNORECASE)
OTHER = {
    "good": "inadequate",
    "inadequate": "outstanding",
    "outstanding": "inadequate",
    "requires improvement": "inadequate",
    "require improvement": "inadequate",
}
VERBS = {"requires improvement": "is ", "require improvement": "be "}
TAKES_NO_VERB = re.compile(r"(?:^|[:\u2013]|\b(?:as|is|be)) ?$")
Stated = Counter[tuple[int, str, str | None, str]]


def graded(report: Report) -> list[JudgmentStatement]:
    """The judgments with a grade whose passage has one grade word, by place."""
    judged = [
        each
        for each in report.statements
        if isinstance(each, JudgmentStatement) and each.grade != "not-graded"
    ]
    places = Counter(each.passage.start for each in judged)
    return [
        each
        for each in judged
        if len(WORD.findall(each.passage.text)) == 1 and places[each.passage.start] == 1
    ]


def stated(report: Report, moved: int = 0, after: int = 0) -> Stated:
    """Every judgment with its place; what stands beyond *after* was *moved*."""
    return Counter(
        (
            each.passage.start - (moved if each.passage.start > after else 0),
            each.cycle,
            each.criterion,
            each.grade,
        )
        for each in report.statements
        if isinstance(each, JudgmentStatement)
    )


def altered(text: str, place: JudgmentStatement, new: str) -> str:
    """The page with the grade word of one passage replaced."""
    passage = place.passage
    return text[: passage.start] + WORD.sub(new, passage.text) + text[passage.end :]


def other_word(passage: str) -> str:
    """Another grade in the form that the sentence or label takes."""
    found = WORD.search(passage)
    assert found is not None
    new = OTHER[found.group().lower()]
    if passage == found.group():
        return new.capitalize()
    verb = VERBS.get(found.group().lower(), "")
    return new if TAKES_NO_VERB.search(passage[: found.start()]) else verb + new


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_another_grade_word_is_another_grade(page: Path, reading: Callable[..., Report]) -> None:
    """The reader goes by the sentence, not by what the other sentences say."""
    text = page.read_text(encoding="utf-8")
    report = reading(text)
    for place in graded(report):
        word, new = WORD.findall(place.passage.text)[0], other_word(place.passage.text)
        other = reading(altered(text, place, new))
        start = place.passage.start
        expected = stated(report)
        if place.status != "carried-over":  # it and the grade that it comes from change together
            expected[start, place.cycle, place.criterion, place.grade] -= 1
            grade = new.lower().removeprefix("is ").removeprefix("be ")
            expected[start, place.cycle, place.criterion, grade] += 1
            assert stated(other, len(new) - len(word), start) == +expected, place.passage.text


@pytest.mark.parametrize(
    ("page", "change"),
    list(zip(PAGES, itertools.cycle(["", "not {}", "far from {}"]), strict=False)),
    ids=lambda value: value.stem if isinstance(value, Path) else value,
)
def test_a_grade_removed_or_denied_is_no_grade(
    page: Path, change: str, reading: Callable[..., Report]
) -> None:
    """What is denied is not stated; a page that then states nothing may be refused."""
    text = page.read_text(encoding="utf-8")
    report = reading(text)
    for place in graded(report):
        new = change.format(WORD.findall(place.passage.text)[0])
        try:
            other = reading(altered(text, place, new))
        except PeelgraphError:
            continue
        said = {
            (each.passage.start, each.criterion)
            for each in other.statements
            if isinstance(each, JudgmentStatement) and each.grade != "not-graded"
        }
        assert (place.passage.start, place.criterion) not in said, (new, place.passage.text)
