"""`peelgraph evaluate`: an invented page against a gold standard written beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended

PAGE = Path(__file__).parent.parent / "data" / "wessmarch-2014.txt"
READ_AS = ("--force", "kent", "--quiet")  # the page's own force is not in the tables


@pytest.fixture
def gold(tmp_path: Path, peelgraph: Callable[..., Ended]) -> Path:
    """A gold standard: the page's grades as they are read, and one finding that is not there."""
    statements = peelgraph("read", PAGE, *READ_AS).json["statements"]
    rows = [
        f"{each['start']},{each['end']},grade,{each['criterion']},,{each['grade']}"
        for each in statements
        if each["type"] == "grade"
    ]
    assert len(rows) >= 3
    file = tmp_path / "gold.csv"
    rows = ["start,end,type,criterion,theme,detail", *rows, "0,14,cause-of-concern,,,"]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def test_scores_and_errors_as_json(peelgraph: Callable[..., Ended], gold: Path) -> None:
    """Programs rely on these names."""
    ended = peelgraph("evaluate", gold, PAGE, *READ_AS, "--json")
    assert ended.code == 0
    result = ended.json
    assert set(result) == {"schema", "findings", "kinds", "agreement", "errors"}
    assert result["schema"] == "peelgraph/evaluate/1"
    grades = next(each for each in result["kinds"] if each["kind"] == "grade")
    assert (grades["precision"], grades["recall"], grades["f1"]) == (1, 1, 1)
    assert result["findings"]["recall"] == 0
    assert set(result["agreement"]) == {"criterion", "theme", "detail"}
    missed = next(each for each in result["errors"] if each["expected"] == "cause-of-concern")
    assert missed["text"] == PAGE.read_text(encoding="utf-8")[:14]
    assert set(missed) == {"error", "start", "end", "expected", "read", "method", "text"}


def test_table_has_a_row_a_kind_and_one_for_all_findings(
    peelgraph: Callable[..., Ended], gold: Path
) -> None:
    """A person sees the measures, then every error with its sentence."""
    ended = peelgraph("evaluate", gold, PAGE, *READ_AS)
    assert ended.code == 0
    scores, errors = ended.out.split("\n\n")
    heading, *rows = (line.split("\t") for line in scores.splitlines())
    assert heading == ["kind", "gold", "read", "right", "precision", "recall", "F1"]
    assert rows[-1][0] == "all findings"
    assert errors.startswith("error\tplace\texpected\tread\tmethod\ttext\n")


def test_a_lower_f1_than_wanted_is_exit_1(peelgraph: Callable[..., Ended], gold: Path) -> None:
    """So that a check of every commit can hold a line."""
    assert peelgraph("evaluate", gold, PAGE, *READ_AS, "--min-f1", "0.9").code == 1
    assert peelgraph("evaluate", gold, PAGE, *READ_AS, "--min-f1", "0").code == 0


def test_faults_of_the_gold_standard_are_input_errors(
    peelgraph: Callable[..., Ended], gold: Path, tmp_path: Path
) -> None:
    """3, with the file and the line."""
    rows = gold.read_text(encoding="utf-8").splitlines()
    gold.write_text("\n".join([*rows[:2], "5,1,grade,,,", *rows[2:]]), encoding="utf-8")
    ended = peelgraph("evaluate", gold, PAGE, *READ_AS, "--json")
    assert ended.code == 3
    assert ended.problem["place"] == f"{gold}:3"
    assert peelgraph("evaluate", tmp_path / "none.csv", PAGE, *READ_AS).code == 3
    gold.write_bytes(b"\xff\xfe")
    assert peelgraph("evaluate", gold, PAGE, *READ_AS).code == 3


def test_a_folder_of_pages_cannot_be_scored(peelgraph: Callable[..., Ended], gold: Path) -> None:
    """One gold standard is of one page."""
    assert peelgraph("evaluate", gold, PAGE.parent, *READ_AS).code == 2
