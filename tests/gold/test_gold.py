"""The gold standard is well formed: a slip in it would be counted against the reader."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from peelgraph import ontology
from peelgraph.graph.tables import bundled_tables

GOLD = Path(__file__).parent / "kent-2015.csv"
THEMES = Path(ontology.__file__).parent / "schemes" / "theme.ttl"
THEME = "https://w3id.org/peelgraph/def/theme/"
PI = Namespace("https://w3id.org/peelgraph/def/inspection#")
CYCLE = "peel-2015"
GLUED = 30  # where the capture joined the text of a link to the sentence after it
FINDINGS = {
    "strength",
    "area-for-improvement",
    "cause-of-concern",
    "recommendation",
    "innovative-practice",
    "look-ahead",
}
WHOLE = FINDINGS | {
    *("grade", "plan-priority", "exceptional-event", "collaboration", "inspection", "report"),
    *("context", "furniture", "date"),
}
TYPES = WHOLE | {"figure", "place"}
JOINING = re.compile(r"(?:\s|[-,.;]|\b(?:although|and|but|however)\b)*", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Row:
    """One line of the gold standard."""

    start: int
    end: int
    type: str
    criterion: str
    themes: tuple[str, ...]
    detail: str


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """The rows in the order of the file."""
    with GOLD.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                start=int(line["start"]),
                end=int(line["end"]),
                type=line["type"],
                criterion=line["criterion"],
                themes=tuple(line["theme"].split()),
                detail=line["detail"],
            )
            for line in csv.DictReader(lines, strict=True)
        ]


def _details(rows: list[Row], kind: str) -> list[str]:
    return [row.detail for row in rows if row.type == kind]


def test_columns_hold_no_text_of_the_page() -> None:
    """Sentences of reports are not part of the project."""
    header = GOLD.read_text(encoding="utf-8").partition("\n")[0]
    assert header == "start,end,type,criterion,theme,detail"


def test_rows_are_sorted_distinct_and_of_known_types(rows: list[Row]) -> None:
    """A doubled row would be asked of the reader twice."""
    places = [(row.start, row.end, row.type) for row in rows]
    assert places == sorted(set(places))
    assert {row.type for row in rows} <= TYPES


def test_criteria_and_themes_are_those_of_the_vocabulary(rows: list[Row]) -> None:
    """A misspelt slug could never be matched."""
    graph = Graph().parse(THEMES, format="turtle")
    themes = {str(theme).removeprefix(THEME) for theme in graph.subjects(RDF.type, PI.Theme)}
    tables = bundled_tables()
    for row in rows:
        assert not row.criterion or tables.is_criterion(CYCLE, row.criterion), row
        assert set(row.themes) <= themes, row


def test_details_are_what_the_kind_needs(rows: list[Row]) -> None:
    """Details are compared as values, so each has one form."""
    tables = bundled_tables()
    for detail in _details(rows, "grade"):
        grade, cycle = detail.split()
        assert grade in {*tables.scale_of(cycle).grades, "not-graded"}
    for detail in _details(rows, "figure"):
        value, unit, quantity = detail.split()
        assert Decimal(value) > 0
        assert unit
        assert quantity
    for detail in _details(rows, "collaboration"):
        assert detail in tables.forces
    for detail in _details(rows, "date"):
        for each in detail.split("/"):
            dt.date.fromisoformat({4: f"{each}-01-01", 7: f"{each}-01"}.get(len(each), each))


def test_findings_do_not_overlap(rows: list[Row]) -> None:
    """A clause is praised or criticised, not both."""
    findings = [row for row in rows if row.type in FINDINGS]
    for first, second in itertools.pairwise(findings):
        assert first.end <= second.start, (first, second)


def test_what_the_page_is_known_to_state_is_there(rows: list[Row]) -> None:
    """Seven priorities and three figures, none of these in the empty key facts; no concern."""
    counts = Counter(row.type for row in rows)
    assert (counts["plan-priority"], counts["figure"], counts["cause-of-concern"]) == (7, 3, 0)
    known = {
        (414, 509, "grade", "good peel-2015"),
        (510, 605, "grade", "good peel-2015"),
        (606, 709, "grade", "outstanding peel-2015"),
        (806, 899, "grade", "not-graded peel-2015"),
        (14364, 14463, "area-for-improvement", ""),
    }
    assert known <= {(row.start, row.end, row.type, row.detail) for row in rows}


def test_offsets_lie_in_the_page_and_begin_and_end_with_a_word(
    rows: list[Row], kent_2015_text: str
) -> None:
    """A span that begins or ends with a blank would never equal the reader's."""
    for row in rows:
        assert 0 <= row.start < row.end <= len(kent_2015_text), row
        span = kent_2015_text[row.start : row.end]
        assert span == span.strip() and "\n" not in span, row  # noqa: PT018 - one statement
        for edge in {row.start, row.end} - {GLUED}:
            assert not re.fullmatch(r"\w\w", kent_2015_text[max(edge - 1, 0) : edge + 1]), row


def test_every_word_but_joining_words_is_in_a_row(rows: list[Row], kent_2015_text: str) -> None:
    """Nothing of the page is dropped silently."""
    whole = [row for row in rows if row.type in WHOLE]
    assert not [row for row in rows if not _inside(row, whole)]
    end = 0
    for row in sorted(whole):
        assert JOINING.fullmatch(kent_2015_text[end : row.start]), row
        end = max(end, row.end)
    assert JOINING.fullmatch(kent_2015_text[end:])


def _inside(row: Row, whole: list[Row]) -> bool:
    return any(each.start <= row.start and row.end <= each.end for each in whole)
