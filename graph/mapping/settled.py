"""Where a page and the table of grades say one grade with another status: the table's stands.

A judgment has one status in the union of all graphs. The tables are read from the pages by hand and
are corrected by hand, so their status is kept, the page stays as evidence of the grade, and the
difference is told, so that somebody looks. Two grades are another matter: the shapes refuse them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from peelgraph.graph.model import JudgmentStatement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.model import Report
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import GradeRow

PENDING: Final = "pending"


def settled_judgments(report: Report, tables: Tables) -> Iterator[JudgmentStatement]:
    """Yield the judgments of *report* as they enter the graph, with the statuses of the tables.

    That a grade was still pending is left out where the tables have it.
    """
    known = _known(report, tables)
    for each in report.statements:
        if not isinstance(each, JudgmentStatement):
            continue
        row = known.get((each.cycle, each.criterion))
        if row is None:
            yield each
        elif each.status != PENDING:
            yield _settled(each, row) if _differs(each, row) else each


def with_status_doubts(report: Report, tables: Tables) -> Report:
    """Return *report* with a warning for each judgment whose status the tables have otherwise."""
    known = _known(report, tables)
    doubts = [
        f"the page says that {each.criterion} in {each.cycle} is {_said(each)}; the table"
        f" ({row.place}) says {_said(row)}, which stands: correct that line if the page is right"
        for each in report.statements
        if isinstance(each, JudgmentStatement)
        and each.status != PENDING
        and (row := known.get((each.cycle, each.criterion))) is not None
        and _differs(each, row)
    ]
    return dataclasses.replace(report, warnings=(*report.warnings, *dict.fromkeys(doubts)))


def _known(report: Report, tables: Tables) -> dict[tuple[str, str | None], GradeRow]:
    """Return the rows of the report's force by cycle and criterion."""
    return {(r.cycle, r.criterion): r for r in tables.grades if r.force == report.force}


def _differs(statement: JudgmentStatement, row: GradeRow) -> bool:
    """Whether both give one grade with another status, or carried over from elsewhere."""
    said = statement.status, statement.carried_over_from or ""
    return statement.grade == row.grade and said != (row.status, row.carried_over_from)


def _settled(statement: JudgmentStatement, row: GradeRow) -> JudgmentStatement:
    return dataclasses.replace(
        statement, status=row.status, carried_over_from=row.carried_over_from or None
    )


def _said(source: JudgmentStatement | GradeRow) -> str:
    """Return a status in words."""
    source_of = f" from {source.carried_over_from}" if source.carried_over_from else ""
    return f"{source.status}{source_of}"
