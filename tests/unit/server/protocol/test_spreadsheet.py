"""CSV for programs is exact; CSV for spreadsheets runs nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.server.protocol.spreadsheet import FORMULA, NUMBER, csv_of

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=", "-", "-1e", "+٣"]
HARMLESS = ["-1", "+1", "-1.5", "-.5e10", "12", "", "Kent", "a=b", " =1", "'=1"]


def read(written: bytes) -> list[list[str]]:
    """The cells of a CSV file."""
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_marked_for_a_spreadsheet_alone(cell: str) -> None:
    """A program gets the cell as it is."""
    assert read(csv_of(["a"], [[cell]], excel=True)) == [["a"], [f"'{cell}"]]
    assert read(csv_of(["a"], [[cell]])) == [["a"], [cell]]


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_runs_nothing_is_left_alone(cell: str) -> None:
    """Above all numbers: a column of them must stay one."""
    assert read(csv_of(["a", "b"], [[cell, "x"]], excel=True))[1] == [cell, "x"]


def test_lines_end_in_crlf_and_only_excel_gets_a_mark() -> None:
    """As RFC 4180 says; a mark would become part of the first heading."""
    assert csv_of(["é"], [["a,b"]]) == 'é\r\n"a,b"\r\n'.encode()
    assert csv_of(["é"], [], excel=True) == b"\xef\xbb\xbf\xc3\xa9\r\n"


def test_a_heading_is_a_cell_too() -> None:
    """Nobody promised that names are harmless."""
    assert read(csv_of(["=cmd"], [], excel=True)) == [["'=cmd"]]


@given(
    st.lists(st.lists(st.text(alphabet="=+-@\t\r\n\",'0.eA", max_size=6), min_size=2, max_size=2))
)
def test_no_cell_begins_as_a_formula(rows: list[list[str]]) -> None:
    """Whatever is in it, and however it is quoted; and nothing is lost for programs."""
    assert read(csv_of(["a", "b"], rows))[1:] == rows
    for cell in (cell for row in read(csv_of(["a", "b"], rows, excel=True)) for cell in row):
        assert not cell.startswith(FORMULA) or NUMBER.fullmatch(cell)
