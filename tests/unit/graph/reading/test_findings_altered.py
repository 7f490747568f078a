"""Pages with one finding altered at a time: that place changes, and no other.

The real page is used where it is at hand, the invented ones everywhere. No sentence stands here.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.model import Statement, StatementType

if TYPE_CHECKING:
    from collections.abc import Callable

    from peelgraph.graph.model import Report

GOLD = Path(__file__).parents[3] / "gold"
PAGES = ("kent-2015", *sorted(page.stem for page in GOLD.glob("*-prose.txt")))
PRAISE, BLAME = StatementType.STRENGTH, StatementType.AREA_FOR_IMPROVEMENT
FINDINGS = {PRAISE, BLAME, StatementType.RECOMMENDATION, StatementType.CAUSE_OF_CONCERN}
# A main verb that "not" can follow, in a sentence that opens with whom it is about.
NEGATED = re.compile(r"(?:The|Its?|Officers|Kent|Wessmarch)\b[^,;]{0,60}?\b(?:is|are|has|have)\b")


@pytest.fixture(params=PAGES)
def text(request: pytest.FixtureRequest) -> str:
    """The text of one page after another."""
    if request.param == "kent-2015":
        return str(request.getfixturevalue("kent_2015_text"))
    return (GOLD / f"{request.param}.txt").read_text(encoding="utf-8")


def findings(report: Report) -> list[Statement]:
    """The findings of a report, by place."""
    return [each for each in report.statements if each.type in FINDINGS]


def sentences_of(report: Report) -> list[Statement]:
    """The findings that are whole sentences, with their full stops; every fourth, for speed."""
    return [f for f in findings(report) if f.passage.text.endswith(".")][::4]


def said(report: Report, *, without: tuple[int, int] = (0, 0)) -> Counter[tuple[str, str]]:
    """What is found how often, leaving out a span of the page."""
    start, end = without
    return Counter(
        (each.type.value, each.passage.text)
        for each in findings(report)
        if each.passage.end <= start or each.passage.start >= end
    )


def test_what_is_denied_is_no_praise(text: str, reading: Callable[..., Report]) -> None:
    """After "not" the sentence is turned round, and every other is as it was."""
    report = reading(text)
    whole = [each for each in findings(report) if each.passage.text.endswith(".")]
    praised = [each for each in whole if each.type is PRAISE and NEGATED.match(each.passage.text)]
    assert len(praised) >= 5
    for place in praised[::3]:
        start, end = place.passage.start, place.passage.end
        verb = NEGATED.match(place.passage.text)
        assert verb is not None
        new = f"{place.passage.text[: verb.end()]} not{place.passage.text[verb.end() :]}"
        altered = reading(text[:start] + new + text[end:])
        there = {
            each.type
            for each in findings(altered)
            if each.passage.start < start + len(new) and each.passage.end > start
        }
        assert BLAME in there, new
        kept = said(altered, without=(start, start + len(new)))
        assert kept == said(report, without=(start, end))


def test_a_deleted_sentence_is_no_finding(text: str, reading: Callable[..., Report]) -> None:
    """What the page no longer says is no longer found; all else is."""
    report = reading(text)
    for place in sentences_of(report):
        start, end = place.passage.start, place.passage.end
        altered = reading(text[:start] + text[end:])
        assert said(altered) == said(report, without=(start, end)), place.passage.text


def test_a_doubled_sentence_is_one_finding_in_two_places(
    text: str, reading: Callable[..., Report]
) -> None:
    """The id is that of the words."""
    report = reading(text)
    for place in sentences_of(report)[::2]:
        start, end = place.passage.start, place.passage.end
        altered = reading(f"{text[:end]} {text[start:end]}{text[end:]}")
        same = [each for each in findings(altered) if each.id == place.id]
        before = [each for each in findings(report) if each.id == place.id]
        assert len(same) == len(before) + 1, place.passage.text
        assert len({(each.type, each.criterion) for each in same}) == 1


def test_praise_of_another_force_is_none_of_this_one(
    text: str, reading: Callable[..., Report]
) -> None:
    """A sentence about a neighbour says nothing of the force, and no other sentence changes."""
    report = reading(text)
    named = [
        each
        for each in findings(report)
        if (found := re.match(r"(?:Kent|Wessmarch) Police ", each.passage.text))
        and not re.search(r"\bthe force\b|\bit\b", each.passage.text[found.end() :])
    ]
    assert named
    for place in named:
        start, end = place.passage.start, place.passage.end
        new = re.sub(r"^\w+ Police", "Essex Police", place.passage.text)
        altered = reading(text[:start] + new + text[end:])
        kinds = {e.type for e in altered.statements if e.passage.start == start}
        assert not kinds & FINDINGS, new
