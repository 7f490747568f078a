"""Rows of a CSV file that a person gave: named columns, and the line to name in an error."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMENT: Final = "#"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place (file and line) and its cells by column, without outer white space."""

    place: str
    cells: Mapping[str, str]

    def number(self, column: str) -> int:
        """Return the whole number in *column*.

        Raises:
            TableError: it is none.
        """
        cell = self.cells[column]
        if not (cell.isascii() and cell.isdigit()):
            raise self.fault(f"{column} is {cell!r}", expected="a whole number from 0")
        return int(cell)

    def fault(self, found: str, *, expected: str = "") -> TableError:
        """Return the error that says what is wrong with this row."""
        return TableError(
            found,
            place=self.place,
            expected=expected,
            action="mend that row and try again; nothing was changed",
        )


def rows_of(content: str, *, columns: Sequence[str], place: str) -> list[Row]:
    r"""Return the rows of a CSV file's *content*; blank rows and those that begin with # are none.

    Args:
        content: The file's text, with a heading.
        columns: The columns that must be there; others are kept too.
        place: The file's name.

    Raises:
        TableError: it is no CSV, a column is missing, or a row has too many or too few cells.

    >>> rows_of("# made by hand\na,b\n1,2\n", columns=("a",), place="x.csv")
    [Row(place='x.csv:3', cells={'a': '1', 'b': '2'})]
    """
    reader = csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        found = [
            (f"{place}:{reader.line_num}", [cell.strip() for cell in cells])
            for cells in reader
            if any(cells) and not cells[0].startswith(COMMENT)
        ]
    except csv.Error as error:
        raise TableError(f"this is no CSV: {error}", place=f"{place}:{reader.line_num}") from error
    where, header = found[0] if found else (f"{place}:1", [])
    if missing := [column for column in columns if column not in header]:
        raise TableError(
            f"there is no column {missing[0]!r}",
            place=where,
            expected=f"a heading with {', '.join(columns)}",
        )
    return [_row(row_place, cells, header) for row_place, cells in found[1:]]


def _row(place: str, cells: Sequence[str], header: Sequence[str]) -> Row:
    if len(cells) != len(header):
        raise TableError(
            f"the row has {len(cells)} cells", place=place, expected=f"{len(header)} cells"
        )
    return Row(place, dict(zip(header, cells, strict=True)))
