"""What a person sees of an answer: every term, none of it markup, and how much there is."""

from __future__ import annotations

import pytest

from peelgraph.server.protocol.tables import LONGEST, ROWS, Cell, cell_of, graph_table
from peelgraph.server.protocol.tables import solutions_table as table_of

CELLS = [
    ("<http://e/a>", Cell("http://e/a", "http://e/a")),
    ("<https://e/a>", Cell("https://e/a", "https://e/a")),
    ("<mailto:a@b.example>", Cell("mailto:a@b.example", "mailto:a@b.example")),
    ("<HTTP://e/>", Cell("HTTP://e/", "HTTP://e/")),
    ("<javascript:alert(1)>", Cell("javascript:alert(1)")),
    ("<data:text/html,x>", Cell("data:text/html,x")),
    ("<urn:x>", Cell("urn:x")),
    ("<http://[x>", Cell("http://[x")),
    ('"a\\tb\\n\\"\\\\ \\u00E9 \\U0001F600"', Cell('a\tb\n"\\ é \U0001f600')),
    ('"x"@en-gb', Cell("x", note="en-gb")),
    ('"1"^^<http://www.w3.org/2001/XMLSchema#byte>', Cell("1", note="byte")),
    ("-1.5", Cell("-1.5")),
    ("_:b1", Cell("_:b1")),
    ("", Cell("")),
    ("<<( <urn:a> <urn:b> 1 )>>", Cell("<<( <urn:a> <urn:b> 1 )>>")),
    (f"<http://e/{'x' * 3000}>", Cell("http://e/" + "x" * (LONGEST - 9) + "…")),
    (f'"{"x" * 3000}"', Cell("x" * LONGEST + "…")),
]


@pytest.mark.parametrize(("written", "cell"), CELLS)
def test_a_term_is_shown_as_what_it_says(written: str, cell: Cell) -> None:
    """A link is made only of what a browser may follow."""
    assert cell_of(written) == cell


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_first_rows_are_shown_and_all_are_counted(size: int) -> None:
    """Nobody reads a million rows in a page, but all want to know that there are."""
    text = ("?a\t?b\n" + "".join(f'{n}\t"é"\n' for n in range(ROWS + 5))).encode()
    table = table_of(text[start : start + size] for start in range(0, len(text), size))
    assert table.columns == ("a", "b")
    assert (len(table.rows), table.total) == (ROWS, ROWS + 5)
    assert table.rows[-1] == (Cell(str(ROWS - 1)), Cell("é"))


def test_a_page_stays_small_however_wide_the_rows_are() -> None:
    """A thousand rows of a thousand long cells would be a page that no browser opens."""
    cell = f'"{"x" * 1999}"'
    row = "\t".join([cell] * 100) + "\n"
    table = table_of([("\t".join(["?a"] * 100) + "\n").encode(), *[row.encode()] * 1000])
    assert table.total == 1000
    assert 1 < len(table.rows) < 12


def test_a_long_line_in_many_pieces_is_one_row() -> None:
    """Where the pieces are cut is chance."""
    table = table_of([b"?a\n", b'"', *[b"x" * 1024] * 100, b'"\n'])
    assert table.rows == ((Cell("x" * LONGEST + "…"),),)


def test_solutions_without_variables_or_values_are_counted() -> None:
    """One empty solution is an answer too."""
    assert table_of([b"\n\n"]).total == 1
    assert table_of([b"?a\n\n\n"]).rows == ((Cell(""),), (Cell(""),))
    assert table_of([b"?a\n"]).total == 0


def test_a_graph_is_a_table_of_three_columns() -> None:
    """N-Triples have a full stop and spaces within literals."""
    text = b'<urn:a> <urn:b> "c . d"@en .\n_:x <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n'
    table = graph_table([text])
    assert table.rows[0] == (Cell("urn:a"), Cell("urn:b"), Cell("c . d", note="en"))
    assert table.rows[1] == (
        Cell("_:x"),
        Cell("urn:b"),
        Cell("<<( <urn:a> <urn:b> <urn:c> )>>"),
    )
