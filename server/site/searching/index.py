"""One index: an SQLite file (or memory) with an FTS5 table, made once and only read after that."""

from __future__ import annotations

import difflib
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from peelgraph.server.site.searching.words import folded

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from peelgraph.server.site.searching.words import Search

LAYOUT: Final = "2"
"""Another layout of the table makes every index anew."""
SECONDS: Final = 0.5
"""How long one search may take."""
STEPS: Final = 2_000
"""Steps of SQLite between two looks at the clock."""
BATCH: Final = 1_000
MOST_ENTRIES: Final = 500_000
BEGIN: Final = "\x01"
END: Final = "\x02"
SNIPPET: Final = 40
CANDIDATES: Final = 3_000
SHORTEST_MENDED: Final = 5
"""Letters from which on a word is taken for a misspelt one: "rape" is not meant as "rate"."""
TABLE: Final = """
CREATE VIRTUAL TABLE entry USING fts5(
  title, body, summary, names, context UNINDEXED, iri UNINDEXED, kind UNINDEXED, family UNINDEXED,
  tokenize = "unicode61 remove_diacritics 2", prefix = '3 4 5'
)
"""
INSERT: Final = (
    "INSERT INTO entry (title, body, summary, names, context, iri, kind, family)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
RANKED: Final = """
SELECT iri, kind, family, context, highlight(entry, 0, :begin, :end),
  snippet(entry, 1, :begin, :end, '…', :words), snippet(entry, 2, :begin, :end, '…', :words),
  highlight(entry, 3, :begin, :end)
FROM entry WHERE entry MATCH :wanted AND (:family = '' OR family = :family)
ORDER BY bm25(entry, 6.0, 1.0, 1.0, 2.0)
  * CASE WHEN kind <> 'place' AND lower(title) = :whole THEN 5.0 ELSE 1.0 END
  * CASE kind WHEN 'force' THEN 3.0 WHEN 'theme' THEN 3.0 WHEN 'criterion' THEN 3.0
    WHEN 'report' THEN 2.0 ELSE 1.0 END,
  rowid
LIMIT :most OFFSET :first
"""
COUNTED: Final = "SELECT family, COUNT(*) FROM entry WHERE entry MATCH ? GROUP BY family"


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found.

    Args:
        iri: Of the thing.
        kind: What it is: a kind of statement, ``force``, ``report``, …
        family: What a search is narrowed to: ``findings``, ``judgments``, ``forces``, …
        title: Its name.
        body: Its words.
        summary: The same in words of ours.
        names: By what else it is found.
        context: What is shown with it, and is not searched.
    """

    iri: str
    kind: str
    family: str
    title: str
    body: str = ""
    summary: str = ""
    names: str = ""
    context: str = ""


Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found.

    Its texts are pieces: some text, and whether it is what was searched for. Of its names those
    are there by which it was found, where nothing else that is shown has the words.
    """

    iri: str
    kind: str
    family: str
    context: str
    title: Pieces
    body: Pieces
    summary: Pieces
    names: tuple[Pieces, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search.

    Args:
        hits: Those of one page.
        counts: How many there are in each family.
        all_words: Each hit has all words, not only some.
        stopped: It took too long and was stopped.
    """

    hits: tuple[Hit, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    all_words: bool = True
    stopped: bool = False


def has_fts5() -> bool:
    """Return whether this Python's SQLite can search texts."""
    with closing(sqlite3.connect(":memory:")) as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    return "ENABLE_FTS5" in options


def fill(connection: sqlite3.Connection, entries: Iterable[Entry]) -> int:
    """Write *entries* and what the index says of itself; return how many there are."""
    number = 0
    connection.execute(TABLE)
    bounded = islice(entries, MOST_ENTRIES)
    while several := list(islice(bounded, BATCH)):
        connection.executemany(
            INSERT,
            [
                (e.title, e.body, e.summary, e.names, e.context, e.iri, e.kind, e.family)
                for e in several
            ],
        )
        number += len(several)
    connection.execute("INSERT INTO entry (entry) VALUES ('optimize')")
    connection.execute("CREATE VIRTUAL TABLE word USING fts5vocab(entry, row)")
    connection.execute("CREATE TABLE about (layout TEXT, entries INTEGER)")
    connection.execute("INSERT INTO about VALUES (?, ?)", (LAYOUT, number))
    connection.commit()
    return number


def write_file(path: Path, entries: Iterable[Entry]) -> int:
    """Make the index at *path* whole or not at all; return how many entries it has.

    Raises:
        OSError: The folder cannot be written to.
        sqlite3.Error: The disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(beside)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            number = fill(connection, entries)
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return number


def file_address(path: Path) -> str:
    """Return the address by which SQLite opens the index at *path*, to read it alone."""
    return f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"


@dataclass(frozen=True, slots=True)
class Index:
    """An index that is there; safe to search from many threads, each with its own connection.

    Args:
        address: Of the database.
        keeper: The connection that a database in memory lives by.
    """

    address: str
    keeper: sqlite3.Connection | None = None

    def check(self) -> None:
        """Look whether this is an index of the present layout.

        Raises:
            sqlite3.Error: It is not.
        """
        with closing(sqlite3.connect(self.address, uri=True)) as connection:
            row = connection.execute("SELECT layout, entries FROM about").fetchone()
            if row is None or row[0] != LAYOUT:
                raise sqlite3.DatabaseError("the index has another layout")
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()
            if sound != ("ok",) or not connection.execute("SELECT 1 FROM word LIMIT 1").fetchone():
                raise sqlite3.DatabaseError("the index is damaged")

    def find(self, search: Search, family: str, first: int, most: int) -> Found:
        """Return what has the words of *search*: of all, or if nothing does, of some.

        Args:
            search: What to find.
            family: What to narrow it to; empty for everything.
            first: How many hits to pass over.
            most: How many to return.

        Raises:
            sqlite3.Error: The index is damaged.
        """
        if not search.words:
            return Found()
        whole = search.text.lower()
        with self._reading() as connection:
            try:
                found = _find(connection, (whole, search.all_of()), family, first, most)
                if not found.counts and len(search.words) > 1:
                    some = _find(connection, (whole, search.any_of()), family, first, most)
                    return Found(some.hits, some.counts, all_words=False)
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                return Found(stopped=True)
        return found

    def suggestion(self, search: Search) -> str:
        """Return *search* with words that are known in the place of those that are not, if any."""
        with self._reading() as connection:
            try:
                words = [_nearest(connection, word) for word in search.words]
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                return ""
        return " ".join(words) if tuple(words) != search.words else ""

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        """Open the index for one search, which the clock ends."""
        deadline = time.monotonic() + SECONDS
        with closing(sqlite3.connect(self.address, uri=True)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
            yield connection


def _find(
    connection: sqlite3.Connection, search: tuple[str, str], family: str, first: int, most: int
) -> Found:
    whole, wanted = search
    asked = {
        "wanted": wanted, "family": family, "first": first, "most": most, "words": SNIPPET,
        "begin": BEGIN, "end": END, "whole": whole,
    }  # fmt: skip
    counts = tuple((str(name), int(n)) for name, n in connection.execute(COUNTED, (wanted,)))
    if not counts:
        return Found()
    hits = tuple(_hit(row) for row in connection.execute(RANKED, asked))
    return Found(hits, counts)


def _hit(row: tuple[str, ...]) -> Hit:
    iri, kind, family, context, title, body, summary, names = row
    shown = BEGIN in title or BEGIN in body or BEGIN in summary
    telling = [] if shown else [pieces(each) for each in names.split("; ") if BEGIN in each]
    told = context.split("; ")
    telling = [each for each in telling if "".join(piece for piece, _ in each) not in told]
    texts = pieces(title), pieces(body), pieces(summary)
    return Hit(iri, kind, family, context, *texts, tuple(telling))


def pieces(text: str) -> Pieces:
    r"""Return a *text* in which finds are marked as pieces, each with whether it is one.

    >>> pieces("a \x01find\x02.")
    (('a ', False), ('find', True), ('.', False))
    """
    made: list[tuple[str, bool]] = []
    for part in text.split(BEGIN):
        found, parted, rest = part.partition(END)
        made += [(found, True), (rest, False)] if parted else [(part, False)]
    return tuple((piece, marked) for piece, marked in made if piece)


def _nearest(connection: sqlite3.Connection, word: str) -> str:
    """Return *word* where something begins so, else the most frequent of those most like it."""
    plain = folded(word)
    if len(plain) < SHORTEST_MENDED:
        return word
    known = connection.execute(
        "SELECT 1 FROM word WHERE term >= ? AND term < ? LIMIT 1", (plain, f"{plain}\U0010ffff")
    ).fetchone()
    if known:
        return word
    rows = connection.execute(
        "SELECT term FROM word WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
        " ORDER BY doc DESC LIMIT ?",
        (plain[0], f"{plain[0]}\U0010ffff", len(plain) - 2, len(plain) + 2, CANDIDATES),
    )
    near = difflib.get_close_matches(plain, [str(row[0]) for row in rows], n=1, cutoff=0.72)
    return near[0] if near else word
