"""Reads the start of an answer in lines, TSV or N-Triples, as a table for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROWS: Final = 1000
CHARACTERS: Final = 2_000_000
"""Characters of all cells after which no more rows are shown."""
OF_MARKUP: Final = 20
"""What a cell takes of a page beside its text."""
LONGEST: Final = 2000
"""Characters of a cell that are shown."""
LINKED: Final = frozenset({"http", "https", "mailto"})
TERM: Final = re.compile(
    r"""
    <<\(.*\)>>
  | <(?P<iri>[^>]*+)>
  | "(?P<text>(?:[^"\\]++|\\.)*+)"(?:@(?P<language>[\w-]++)|\^\^<(?P<datatype>[^>]*+)>)?
  | (?P<other>[^\s<"]++)
    """,
    re.VERBOSE,
)
ESCAPE: Final = re.compile(r"\\(?:u(?P<short>\w{4})|U(?P<long>\w{8})|(?P<letter>.))")
LETTERS: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One term as a person sees it.

    Args:
        text: What it says, cut short where it is very long.
        href: Where it leads, for addresses that a browser may follow.
        note: Its language, or the last part of its datatype.
    """

    text: str
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of an answer, and how many it has in all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


def cell_of(written: str) -> Cell:
    r"""Return the cell for a term of Turtle.

    >>> cell_of('"caf\\u00E9"@fr')
    Cell(text='café', href=None, note='fr')
    >>> cell_of("<javascript:alert(1)>")
    Cell(text='javascript:alert(1)', href=None, note='')
    """
    term = TERM.fullmatch(written)
    if term is None:
        return Cell(_short(written))
    if term["iri"] is not None:
        iri = unescaped(term["iri"])
        linked = len(iri) <= LONGEST and _scheme(iri) in LINKED
        return Cell(_short(iri), iri if linked else None)
    if term["text"] is not None:
        datatype = re.split(r"[#/]", term["datatype"] or "")[-1]
        return Cell(_short(unescaped(term["text"])), note=term["language"] or datatype)
    return Cell(_short(written))


def solutions_table(pieces: Iterable[bytes]) -> Table:
    """Return the table of SPARQL results TSV."""
    lines = _lines(pieces)
    head = next(lines, "")
    columns = tuple(name.removeprefix("?") for name in head.split("\t")) if head else ()
    return _table(columns, lines, lambda line: line.split("\t") if columns else [])


def graph_table(pieces: Iterable[bytes]) -> Table:
    """Return the table of an N-Triples document."""
    return _table(("subject", "predicate", "object"), _lines(pieces), _terms)


def _terms(line: str) -> list[str]:
    return [match[0] for match in TERM.finditer(line.rstrip(" ."))]


def _table(
    columns: tuple[str, ...], lines: Iterable[str], terms: Callable[[str], list[str]]
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    total = shown = 0
    for line in lines:
        total += 1
        if len(rows) < ROWS and shown < CHARACTERS:
            row = tuple(cell_of(each) for each in terms(line))
            shown += sum(OF_MARKUP + len(cell.text) + len(cell.href or "") for cell in row)
            rows.append(row)
    return Table(columns, tuple(rows), total)


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield each line; none is longer in memory than itself, however many there are."""
    held: list[bytes] = []
    for piece in pieces:
        first, *others = piece.split(b"\n")
        held.append(first)
        for following in others:
            yield b"".join(held).decode()
            held = [following]
    if any(held):
        yield b"".join(held).decode()


def unescaped(text: str) -> str:
    """Return *text* without the escapes of Turtle."""
    return ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = escape["short"] or escape["long"]
    return chr(int(code, 16)) if code else LETTERS.get(escape["letter"], escape["letter"])


def _scheme(iri: str) -> str:
    try:
        return urlsplit(iri).scheme
    except ValueError:
        return ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
