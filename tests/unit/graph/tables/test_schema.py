"""The description of the tables describes every column of every file."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from peelgraph.graph.tables.schema import descriptions, is_date

FOLDER = Path(str(files("peelgraph.graph") / "tables"))
DESCRIBED = descriptions(FOLDER)


def test_every_table_is_described_and_every_description_has_its_table() -> None:
    """A table that nobody describes is read by nobody."""
    assert {f"{name}.csv" for name in DESCRIBED} == {path.name for path in FOLDER.glob("*.csv")}


@pytest.mark.parametrize("table", DESCRIBED)
def test_every_column_has_a_description_in_words(table: str) -> None:
    """Who opens a CSV file must be able to look up what a column means."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    columns = DESCRIBED[table].columns
    assert [column.name for column in columns] == header
    assert all(column.description.endswith(".") for column in columns)


@pytest.mark.parametrize("table", DESCRIBED)
def test_tables_end_lines_as_the_project_does(table: str) -> None:
    """A file saved by a spreadsheet would differ in every line."""
    content = (FOLDER / f"{table}.csv").read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("2016", True),
        ("2016-02", True),
        ("2016-02-29", True),
        ("2015-02-29", False),
        ("2016-13", False),
        ("2016-2", False),
        ("16", False),
        ("0000", False),
        ("\N{ARABIC-INDIC DIGIT TWO}016", False),
    ],
)
def test_only_real_dates_are_dates(text: str, *, real: bool) -> None:
    """A date that no calendar has would become an ill-typed literal."""
    assert is_date(text) is real
