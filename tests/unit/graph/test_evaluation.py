"""Scores are right to the last count: a fault here would be taken for one of the reader."""

from __future__ import annotations

import hashlib

import pytest

from peelgraph.graph.errors import TableError
from peelgraph.graph.evaluation import GoldStatement, evaluation, gold_statements
from peelgraph.graph.model import (
    CollaborationStatement,
    JudgmentStatement,
    Passage,
    Statement,
    StatementType,
)

TEXT = "The invented force feeds its dogs well. It should feed its cats. " * 10
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
HEADER = "start,end,type,criterion,theme,detail\n"


def found(start: int, end: int, kind: str, criterion: str | None = None, *themes: str) -> Statement:
    """A statement as a reader gives it."""
    passage = Passage.of(TEXT, start, end, "overview")
    return Statement(
        type=StatementType(kind),
        passage=passage,
        method="test/1",
        confidence=1.0,
        criterion=criterion,
        themes=themes,
    )


def graded(start: int, end: int, criterion: str, grade: str) -> JudgmentStatement:
    """A grade as a reader gives it."""
    return JudgmentStatement(
        type=StatementType.GRADE,
        passage=Passage.of(TEXT, start, end, "overview"),
        method="test/1",
        confidence=1.0,
        criterion=criterion,
        cycle="peel-2015",
        grade=grade,
        status="awarded",
    )


def gold(rows: str, header: str = HEADER) -> list[GoldStatement]:
    """The statements of a gold file with these rows."""
    return gold_statements(header + rows, place="gold.csv", text=TEXT, sha256=SHA256)


def test_precision_recall_and_f1_of_each_kind_and_of_all_findings() -> None:
    """One strength right, one spurious, one missed; an area missed; context is no finding."""
    standard = gold("0,10,strength,,,\n20,30,strength,,,\n40,50,area-for-improvement,,,\n")
    read = [found(0, 10, "strength"), found(60, 70, "strength"), found(0, 10, "context")]
    result = evaluation(standard, read)
    scores = {each.kind: each for each in result.scores}
    assert list(scores) == ["strength", "area-for-improvement", "context"]
    assert (scores["strength"].precision, scores["strength"].recall) == (0.5, 0.5)
    assert scores["area-for-improvement"].f1 == 0
    assert (scores["context"].precision, scores["context"].recall) == (0, 1)
    assert (result.findings.gold, result.findings.found, result.findings.matched) == (3, 2, 1)
    assert result.findings.f1 == pytest.approx(2 / 5)


def test_half_of_the_joint_span_is_the_same_place_and_less_is_not() -> None:
    """The boundary itself counts as the same."""
    standard = gold("0,10,strength,,,\n")
    assert evaluation(standard, [found(0, 20, "strength")]).findings.matched == 1
    assert evaluation(standard, [found(0, 21, "strength")]).findings.matched == 0


def test_the_best_pair_is_taken_first_and_each_statement_once() -> None:
    """Else one long statement would count for two."""
    standard = gold("0,10,strength,,,\n0,12,strength,,,\n")
    result = evaluation(standard, [found(0, 12, "strength")])
    assert result.findings.matched == 1
    (error,) = result.errors
    assert (error.error, error.start, error.end) == ("missed", 0, 10)


def test_of_equal_places_what_agrees_is_paired() -> None:
    """Three grades in one sentence must not be mixed up with one another, whatever their order."""
    rows = "0,30,grade,effectiveness,,good\n0,30,grade,efficiency,,inadequate peel-2015\n"
    read = [
        graded(0, 30, "efficiency", "inadequate"),
        graded(0, 30, "effectiveness", "good"),
    ]
    for order in (read, read[::-1]):
        result = evaluation(gold(rows), order)
        assert not result.errors
        assert (result.agreements["detail"].agreed, result.agreements["detail"].of) == (2, 2)


def test_another_type_in_the_same_place_is_one_error() -> None:
    """A strength read as context is a confusion, not a missed and a spurious statement."""
    result = evaluation(gold("0,10,strength,,,\n"), [found(0, 9, "context")])
    (error,) = result.errors
    assert (error.error, error.expected, error.read) == ("wrong type", "strength", "context")
    assert error.method == "test/1"
    assert (error.start, error.end) == (0, 10)


def test_agreement_counts_what_the_gold_standard_says_and_lists_the_rest() -> None:
    """An empty cell is no opinion; themes are a set; details are words of the kind's fields."""
    standard = gold(
        "0,10,strength,legitimacy,workforce leadership,\n"
        "20,30,strength,,,Some remark\n"
        "40,50,grade,efficiency,,Inadequate peel-2015\n"
        "52,60,collaboration,,,essex\n"
    )
    alone = CollaborationStatement(
        type=StatementType.COLLABORATION,
        passage=Passage.of(TEXT, 52, 60, "overview"),
        method="test/1",
        confidence=1.0,
        other_force=None,
    )
    read = [
        found(0, 10, "strength", "efficiency", "leadership", "workforce"),
        found(20, 30, "strength", "legitimacy", "workforce"),
        graded(40, 50, "efficiency", "inadequate"),
        alone,
    ]
    result = evaluation(standard, read)
    counts = {aspect: (each.agreed, each.of) for aspect, each in result.agreements.items()}
    assert counts == {"criterion": (1, 2), "theme": (1, 1), "detail": (1, 2)}
    wrong = [(each.error, each.expected, each.read) for each in result.errors]
    assert wrong == [("wrong criterion", "legitimacy", "efficiency"), ("wrong detail", "essex", "")]


def test_spurious_statements_of_kinds_nobody_annotated_are_no_errors() -> None:
    """Except findings: a cause of concern on a page without one must be seen."""
    read = [found(0, 10, "context"), found(20, 30, "cause-of-concern")]
    (error,) = evaluation(gold(""), read).errors
    assert (error.error, error.read) == ("spurious", "cause-of-concern")


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ("0,10,praise,,,\n", 2, "there is no type 'praise'"),
        ("0,ten,strength,,,\n", 2, "end is 'ten'"),
        ("# a remark\n\n10,10,strength,,,\n", 4, "there is no passage from 10 to 10"),
        (f"0,{len(TEXT) + 1},strength,,,\n", 2, "there is no passage"),
        ("0,10,strength,,\n", 2, "the row has 5 cells"),
        ("0,10,strength,,,\n0,10,strength,,,\n", 3, "the row repeats gold.csv:2"),
        ('0,10,"strength,,,\n', 2, "this is no CSV"),
        (f"# sha256: {'0' * 64}\n", 2, "the gold standard is of the text 000000000000…"),
    ],
)
def test_a_bad_row_is_named_with_its_line(rows: str, line: int, said: str) -> None:
    """A person must find the row in a file of hundreds."""
    with pytest.raises(TableError, match=said) as caught:
        gold(rows)
    assert caught.value.place == f"gold.csv:{line}"


def test_a_missing_column_is_named() -> None:
    """A file of another kind is not scored as an empty one."""
    with pytest.raises(TableError, match="there is no column 'detail'"):
        gold("", "start,end,type,criterion,theme\n")


def test_a_file_tied_to_the_text_that_was_read_is_accepted() -> None:
    """The tie is there to be kept."""
    assert len(gold("0,10,strength,,,\n", f"# sha256: {SHA256}\n{HEADER}")) == 1
