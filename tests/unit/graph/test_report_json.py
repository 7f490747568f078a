"""A report as JSON: about an invented force and page."""

from __future__ import annotations

import datetime as dt
import json

from peelgraph.graph.model import (
    CapturedVersion,
    CollaborationStatement,
    DateStatement,
    FigureStatement,
    JudgmentStatement,
    Passage,
    Report,
    Section,
    Statement,
    StatementType,
)
from peelgraph.graph.report_json import report_as_dict

TEXT = "Exampleshire is good. It spends £5m. Updated 1 May 2016. It works with Samplefordshire."


def passage(words: str) -> Passage:
    """The passage of some words of the invented page."""
    start = TEXT.index(words)
    return Passage.of(TEXT, start, start + len(words), "overview")


REPORT = Report(
    slug="peel-2015-exampleshire",
    title="Exampleshire 2015",
    force="exampleshire",
    cycle="peel-2015",
    inspectorate="hmic",
    version=CapturedVersion(
        text=TEXT,
        content=TEXT.encode(),
        sha256="ab" * 32,
        media_type="text/plain",
        source=None,
        retrieved=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
    ),
    sections=(
        Section(slug="overview", heading="O", kind="overview", order=1, start=0, end=len(TEXT)),
    ),
    statements=(
        JudgmentStatement(
            type=StatementType.GRADE,
            passage=passage("Exampleshire is good."),
            method="grade-summary/1",
            confidence=1.0,
            criterion="efficiency",
            cycle="peel-2015",
            grade="good",
            status="awarded",
        ),
        FigureStatement(
            type=StatementType.FIGURE,
            passage=passage("£5m"),
            method="figure/1",
            confidence=0.9,
            value="5000000",
            unit="pound",
            quantity="spending",
        ),
        DateStatement(
            type=StatementType.DATE,
            passage=passage("1 May 2016"),
            method="date/1",
            confidence=1.0,
            date=dt.date(2016, 5, 1),
            dates="last-updated",
        ),
        CollaborationStatement(
            type=StatementType.COLLABORATION,
            passage=passage("It works with Samplefordshire."),
            method="collaboration/1",
            confidence=0.8,
            themes=("resources-and-planning",),
            other_force=None,
        ),
    ),
    issued=dt.date(2016, 2, 18),
)
COMMON = {
    "type", "id", "start", "end", "text", "section", "method", "confidence", "criterion", "themes",
}  # fmt: skip


def test_each_kind_of_statement_adds_its_own_keys_to_the_common_ones() -> None:
    """A program reads the common keys of a kind that it does not know yet."""
    added = [set(each) - COMMON for each in report_as_dict(REPORT)["statements"]]
    assert added == [
        {"cycle", "grade", "status", "carried_over_from"},
        {"value", "unit", "quantity", "refers_to"},
        {"date", "dates"},
        {"other_force"},
    ]
    assert all(set(each) >= COMMON for each in report_as_dict(REPORT)["statements"])


def test_offsets_are_code_points_of_the_text() -> None:
    """The pound sign is one code point and two bytes."""
    for statement in report_as_dict(REPORT)["statements"]:
        assert statement["text"] == TEXT[statement["start"] : statement["end"]]


def test_values_are_plain_json() -> None:
    """Dates are ISO 8601; nothing needs a decoder of ours."""
    read = json.loads(json.dumps(report_as_dict(REPORT)))
    assert read == report_as_dict(REPORT)
    assert read["report"]["issued"] == "2016-02-18"
    assert read["statements"][2]["date"] == "2016-05-01"


def test_one_statement_in_two_places_has_one_id() -> None:
    """So that a reader can count statements and not places."""
    base = REPORT.statements[0]
    twice = Statement(
        type=StatementType.LOOK_AHEAD,
        passage=base.passage,
        method="m/1",
        confidence=1.0,
        key="the same",
    )
    again = Statement(
        type=StatementType.LOOK_AHEAD,
        passage=passage("£5m"),
        method="m/1",
        confidence=1.0,
        key="the same",
    )
    assert twice.id == again.id
