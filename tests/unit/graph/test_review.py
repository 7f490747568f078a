"""What a person says of a statement wins over the rules, and a slip in a row changes nothing."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.capture import captured_text
from peelgraph.graph.errors import TableError
from peelgraph.graph.model import (
    JudgmentStatement,
    Passage,
    Report,
    Section,
    Statement,
    StatementType,
)
from peelgraph.graph.review import (
    Correction,
    Vocabulary,
    answered_rows,
    corrected,
    correction,
    review_file,
)

if TYPE_CHECKING:
    from peelgraph.graph.csv_rows import Row

TEXT = "Its dogs are fed. =1+1 cats. The force is good. 12 boats."
VERSION = captured_text(TEXT)
VOCABULARY = Vocabulary(
    themes={"workforce", "leadership"}, criteria={"peel-2015": {"legitimacy", "legitimacy-1"}}
)
DOGS, CATS, GRADE, BOATS = (0, 17), (18, 28), (29, 47), (48, 56)


def stated(span: tuple[int, int], kind: str, confidence: float = 0.5) -> Statement:
    """A statement as the rules read it."""
    return Statement(
        type=StatementType(kind),
        passage=Passage.of(TEXT, *span, "overview"),
        method="test/1",
        confidence=confidence,
        criterion="legitimacy",
        themes=("workforce",),
    )


def graded() -> Statement:
    """A grade as the rules read it."""
    return JudgmentStatement(
        type=StatementType.GRADE,
        passage=Passage.of(TEXT, *GRADE, "overview"),
        method="test/1",
        confidence=0.6,
        criterion="legitimacy",
        cycle="peel-2015",
        grade="good",
        status="awarded",
    )


def report(*statements: Statement) -> Report:
    """An invented report that states them."""
    section = Section(
        slug="overview", heading="Overview", kind="overview", order=1, start=0, end=len(TEXT)
    )
    return Report(
        slug="peel-2015-x",
        title="Wessmarch 2015",
        force="x",
        cycle="peel-2015",
        inspectorate="hmic",
        version=VERSION,
        sections=(section,),
        statements=statements,
    )


READ = report(
    stated(DOGS, "strength"), stated(CATS, "context", 0.9), graded(), stated(BOATS, "figure", 0.7)
)


def said(statement: Statement, verdict: str, **new: str) -> Correction:
    """The correction of a statement, by way of its row."""
    return correction(row_of(READ, statement, verdict=verdict, **new), READ, VOCABULARY)


def answers(report_: Report, statement: Statement, **cells: str) -> str:
    """A review file in which one row is answered with *cells*."""
    rows = list(csv.DictReader(io.StringIO(review_file([report_], 1.1), newline="")))
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, list(rows[0]))
    writer.writeheader()
    for row in rows:
        if row["id"] == statement.id:
            row.update({"reviewer": "Ann Other", "date": "2026-11-23"} | cells)
        writer.writerow(row)
    return content.getvalue()


def row_of(report_: Report, statement: Statement, **cells: str) -> Row:
    """The answered row."""
    (row,) = answered_rows(answers(report_, statement, **cells), place="review.csv")
    return row


def only(report_: Report, span: tuple[int, int]) -> Statement:
    """The one statement at a place."""
    (found,) = (
        each for each in report_.statements if (each.passage.start, each.passage.end) == span
    )
    return found


def test_only_what_is_uncertain_is_written_and_no_cell_is_a_formula() -> None:
    """The threshold itself is certain enough; the file is opened in spreadsheets."""
    rows = list(csv.DictReader(io.StringIO(review_file([READ], 0.7), newline="")))
    assert [row["type"] for row in rows] == ["strength", "grade"]
    assert rows[0]["text"] == "Its dogs are fed."
    assert rows[0]["sha12"] == VERSION.sha12
    assert rows[0]["verdict"] == rows[0]["comment"] == ""
    rows = list(csv.DictReader(io.StringIO(review_file([READ], 1), newline="")))
    assert rows[1]["text"].startswith("'=1+1")


def test_right_makes_certain() -> None:
    """The grade stays what it was, by another method."""
    found = only(corrected(READ, [said(graded(), "right")]), GRADE)
    assert isinstance(found, JudgmentStatement)
    assert (found.grade, found.method, found.confidence) == ("good", "reviewed/1", 1)


def test_wrong_leaves_context_or_inside_a_sentence_nothing() -> None:
    """Every sentence stays accounted for."""
    after = corrected(READ, [said(READ.statements[0], "wrong"), said(READ.statements[3], "wrong")])
    assert only(after, DOGS).type is StatementType.CONTEXT
    assert not any(each.type is StatementType.FIGURE for each in after.statements)
    graded_no_more = only(corrected(READ, [said(graded(), "wrong")]), GRADE)
    assert type(graded_no_more) is Statement
    assert graded_no_more.type is StatementType.CONTEXT


def test_change_gives_type_criterion_and_themes() -> None:
    """What is not new stays as it was read; none empties."""
    dogs = READ.statements[0]
    changed = said(dogs, "change", new_type="area-for-improvement", new_themes="leadership")
    found = only(corrected(READ, [changed]), DOGS)
    assert (found.type.value, found.criterion) == ("area-for-improvement", "legitimacy")
    assert (found.themes, found.method) == (("leadership",), "reviewed/1")
    emptied = only(
        corrected(READ, [said(dogs, "change", new_themes="none", new_criterion="none")]), DOGS
    )
    assert (emptied.type, emptied.criterion, emptied.themes) == (dogs.type, None, ())


def test_a_correction_outlives_better_rules() -> None:
    """It is of the words of one captured version, whatever the rules make of them later."""
    right = said(READ.statements[0], "right")
    other = report(stated(DOGS, "context", 1.0))
    assert only(corrected(other, [right]), DOGS).type is StatementType.STRENGTH
    assert only(corrected(report(), [right]), DOGS).type is StatementType.STRENGTH
    wrong = said(READ.statements[0], "wrong")
    assert corrected(other, [wrong]).statements == other.statements
    assert corrected(report(), [wrong]).statements == ()


def test_a_correction_that_cannot_be_made_is_told() -> None:
    """A grade cannot be made up from a row."""
    after = corrected(report(), [said(graded(), "right")])
    assert after.statements == ()
    assert "by Ann Other fits no statement" in after.warnings[0]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"verdict": "maybe"}, "verdict is 'maybe'"),
        ({"verdict": "change"}, "nothing is new"),
        ({"verdict": "right", "new_type": "context"}, "new_type is new"),
        ({"verdict": "", "new_type": "context"}, "no verdict"),
        ({"verdict": "right", "reviewer": ""}, "reviewer is ''"),
        ({"verdict": "right", "date": "23/11/2026"}, "date is '23/11/2026'"),
        ({"verdict": "change", "new_type": "grade"}, "new_type is 'grade'"),
        ({"verdict": "change", "new_criterion": "bravery"}, "new_criterion is 'bravery'"),
        ({"verdict": "change", "new_themes": "workforce dogs"}, "new_themes is 'dogs'"),
        ({"verdict": "right", "start": "1"}, "has no statement"),
        ({"verdict": "right", "end": "x"}, "end is 'x'"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(cells: dict[str, str], fault: str) -> None:
    """With its line, so that it can be mended."""
    with pytest.raises(TableError, match=fault) as caught:
        said_by_cells(cells)
    assert caught.value.place == "review.csv:2"


def said_by_cells(cells: dict[str, str]) -> Correction:
    """The correction that these cells make of the first statement."""
    return correction(row_of(READ, READ.statements[0], **cells), READ, VOCABULARY)


def test_rows_without_an_answer_are_passed_over() -> None:
    """A reviewer need not do all at once."""
    assert answered_rows(review_file([READ], 1), place="review.csv") == []
