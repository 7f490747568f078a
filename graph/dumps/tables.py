"""The tables of judgments and findings: their columns, and their rows in a steady order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from peelgraph.graph.namespaces import rebased
from peelgraph.graph.sorting import sort_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from peelgraph.graph.store import Store

SEPARATOR: Final = "|"
"""Between the values of a cell that may have several; no IRI holds it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name is that of the query's variable.

    Args:
        name: In the file's head.
        told: What it holds, for people.
        datatype: As CSVW calls it: ``string``, ``anyURI``, ``integer``, ``decimal``.
        several: Whether a cell may hold several values.
    """

    name: str
    told: str
    datatype: str = "string"
    several: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows are what the query of its name answers, merged by the first column."""

    name: str
    title: str
    columns: tuple[Column, ...]


IRI: Final = "anyURI"
TABLES: Final = (
    Table(
        "judgments",
        "Judgements: one row for each force, cycle and criterion",
        (
            Column("judgment", "The judgement", IRI),
            Column("force", "The force that was judged", IRI),
            Column("force_name", "Its present name"),
            Column("cycle", "The cycle of inspections", IRI),
            Column("cycle_name", "Its name"),
            Column("cycle_ordinal", "Its place among the cycles, from 1", "integer"),
            Column("criterion", "The pillar or question that was judged", IRI),
            Column("criterion_name", "Its name"),
            Column("pillar", "The pillar of the question, where it has one", IRI),
            Column("grade", "The grade, on the scale of the cycle", IRI),
            Column("grade_name", "Its name"),
            Column("grade_rank", "Higher is better, within one scale alone", "integer"),
            Column("scale", "The scale that the grade is on", IRI),
            Column("status", "How the grade came about, or why there is none", IRI),
            Column("issued", "Day, month or year of publication, as far as is known"),
            Column("carried_over_from", "The judgement that it repeats", IRI),
            Column("evidence", "Passages that state it", IRI, several=True),
            Column("source", "Pages that it was read from", IRI, several=True),
            Column("basis", "What sort of pages they are", IRI, several=True),
        ),
    ),
    Table(
        "findings",
        "Findings: one row for each",
        (
            Column("finding", "The finding", IRI),
            Column("type", "What kind of finding it is", IRI),
            Column("type_name", "Its name"),
            Column("force", "The force that it is about", IRI),
            Column("force_name", "Its present name"),
            Column("cycle", "The cycle of inspections", IRI),
            Column("cycle_name", "Its name"),
            Column("criterion", "Pillars or questions that it belongs to", IRI, several=True),
            Column("theme", "Enduring themes that it is about", IRI, several=True),
            Column("statement", "The very words, where the page's text is held"),
            Column("summary", "A sentence of our own, where they are not"),
            Column("method", "How it was read"),
            Column("confidence", "How sure the reading is, from 0 to 1", "decimal"),
            Column("evidence", "Passages that state it", IRI, several=True),
        ),
    ),
)


class Rows:
    """The rows of one table of a version, on disk; they can be read more than once."""

    def __init__(self, table: Table, store: Store, base: str, scratch: Path) -> None:
        text = (files("peelgraph.graph.dumps") / f"{table.name}.rq").read_text(encoding="utf-8")
        unsorted = scratch / f"{table.name}.unsorted"
        with unsorted.open("w", encoding="utf-8") as file:
            for row in store.rows(rebased(text, base)):
                file.write(f"{json.dumps(row, ensure_ascii=False)}\n")
        self._table = table
        self._file = scratch / f"{table.name}.rows"
        sort_file(unsorted, self._file)
        unsorted.unlink()

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """Yield each row once, in the order of its first column."""
        with self._file.open(encoding="utf-8") as lines:
            found = (json.loads(line) for line in lines)
            for _, same in groupby(found, key=itemgetter(0)):
                yield self._merged(list(same))

    def _merged(self, same: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """Return rows about one thing as one; where only one value may be, the first counts."""
        return tuple(
            SEPARATOR.join(sorted({row[n] for row in same if row[n]}))
            if column.several
            else next((row[n] for row in same if row[n]), "")
            for n, column in enumerate(self._table.columns)
        )
