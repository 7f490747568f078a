"""Invented pages annotated by hand: how well sentences are read that no rule was written for.

``wessmarch-2017-prose`` was held out: it was scored once before and once after the cues were
widened, with 0.718 and 0.932 for findings, and its errors were not looked at in between. The other
two were tuned on; their first scores were 0.750 (2016) and 0.854 (2018-19, written and annotated
after the widening, before any tuning on it).
"""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from peelgraph.graph.capture import captured_text
from peelgraph.graph.evaluation import Evaluation, GoldStatement, evaluation, gold_statements
from peelgraph.graph.reading import ForceNames, read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables

FOLDER = Path(__file__).parent
WESSMARCH = ForceNames(slug="wessmarch", names=("Wessmarch Police", "Wessmarch"))
FLOORS = {  # of the F1 of all findings
    "wessmarch-2016-prose": 0.95,
    "wessmarch-2017-prose": 0.9,
    "wessmarch-2018-19-prose": 0.95,
}
THEME_FLOORS = {  # of the share of right themes, where themes are annotated
    "wessmarch-2016-prose": 0.85,
    "wessmarch-2017-prose": 0.7,
}


def gold_of(page: str) -> tuple[str, list[GoldStatement]]:
    """The text of a page and its annotation."""
    text = (FOLDER / f"{page}.txt").read_text(encoding="utf-8")
    content = (FOLDER / f"{page}.csv").read_text(encoding="utf-8")
    sha256 = captured_text(text).sha256
    return text, gold_statements(content, place=f"{page}.csv", text=text, sha256=sha256)


@cache
def scored(page: str) -> Evaluation:
    """How the page is read."""
    text, gold = gold_of(page)
    known = reading_context(bundled_tables())
    context = dataclasses.replace(known, forces=(*known.forces, WESSMARCH))
    return evaluation(gold, read(captured_text(text), context).statements)


@pytest.mark.parametrize("page", FLOORS)
def test_the_annotation_is_of_whole_words(page: str) -> None:
    """A slip in the gold standard would be counted against the reader."""
    text, gold = gold_of(page)
    places = [(each.start, each.end) for each in gold]
    assert places == sorted(places)
    for each in gold:
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        around = text[max(each.start - 1, 0)], text[each.end : each.end + 1]
        assert each.start == 0 or not around[0].isalnum(), each
        assert not around[1].isalnum(), each


def errors_of(found: Evaluation) -> str:
    """What was read otherwise than annotated, a line each."""
    return "\n".join(f"{e.start} {e.error} {e.expected} {e.read}" for e in found.errors)


@pytest.mark.parametrize(("page", "floor"), FLOORS.items())
def test_findings_are_read_as_a_person_reads_them(page: str, floor: float) -> None:
    """The floors lie a little under what was reached."""
    found = scored(page)
    assert found.findings.f1 >= floor, errors_of(found)


@pytest.mark.parametrize(("page", "floor"), THEME_FLOORS.items())
def test_themes_are_those_that_a_person_sees(page: str, floor: float) -> None:
    """A share of nothing would be no share: most of the findings have a theme to be met."""
    found = scored(page)
    themes = found.agreements["theme"]
    assert themes.of >= 50, errors_of(found)
    assert themes.agreed >= floor * themes.of, errors_of(found)


@pytest.mark.parametrize("page", FLOORS)
def test_grades_and_causes_of_concern_are_all_right(page: str) -> None:
    """What matters most is read without a fault."""
    scores = {each.kind: each for each in scored(page).scores}
    for kind in ("grade", "cause-of-concern", "recommendation", "look-ahead", "report"):
        assert scores[kind].f1 == 1.0, scores[kind]
