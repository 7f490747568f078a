"""Writes tables as CSV: exact for programs, and harmless in a spreadsheet for people.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return
for a formula, and may run it. What is made for one has a ``'`` before such a cell, and begins with
a byte order mark, without which Excel takes UTF-8 for something else. What is made for programs
has neither: they would read both as data.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CSV: Final = "text/csv; charset=utf-8; header=present"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
MARK: Final = "\ufeff"


def csv_of(header: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False) -> bytes:
    r"""Return a table as CSV: UTF-8, CRLF at the end of each line, quoted where it must be.

    Args:
        header: The name of each column.
        rows: As many cells each as *header* has.
        excel: Make it for a spreadsheet: no cell is a formula.

    >>> csv_of(["a", "b"], [["=1+1", "-1"]])
    b'a,b\r\n=1+1,-1\r\n'
    >>> csv_of(["a", "b"], [["=1+1", "-1"]], excel=True)
    b"\xef\xbb\xbfa,b\r\n'=1+1,-1\r\n"
    """
    written = io.StringIO(newline="")
    if excel:
        written.write(MARK)
    lines = csv.writer(written)
    for row in (header, *rows):
        lines.writerow([plain(cell) for cell in row] if excel else row)
    return written.getvalue().encode()


def plain(cell: str) -> str:
    """Return *cell* as a spreadsheet shows it and never runs it; numbers stay numbers.

    >>> plain("@SUM(A1)"), plain("-1"), plain("-1+2"), plain("Kent")
    ("'@SUM(A1)", '-1', "'-1+2", 'Kent')
    """
    if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
