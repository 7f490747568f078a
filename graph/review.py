"""Corrections by people: uncertain statements as rows of a CSV file, and the rows read back.

A correction is of one place in one captured version and wins over the rules there. Its verdict is
``right`` (the statement stands as it was read), ``wrong`` (the passage states nothing of the
kind: it is context, or inside a sentence nothing) or ``change`` (another type, criterion or
other themes, in the columns that begin with ``new_``; ``none`` empties criterion or themes).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.csv_rows import rows_of
from peelgraph.graph.model import Passage, Statement, StatementType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from peelgraph.graph.csv_rows import Row
    from peelgraph.graph.model import Report

READ: Final = ("id", "report", "sha12", "start", "end", "type", "criterion", "themes", "confidence")
TOLD: Final = (*READ, "method", "text")
ASKED: Final = ("verdict", "new_type", "new_criterion", "new_themes", "reviewer", "date", "comment")
NEW: Final = ("new_type", "new_criterion", "new_themes")
RIGHT, WRONG, CHANGE = "right", "wrong", "change"
NONE: Final = "none"
METHOD: Final = "reviewed/1"
UNCERTAIN: Final = 0.7
WITHIN: Final = frozenset({StatementType.FIGURE, StatementType.PLACE, StatementType.DATE})
CHOICE: Final = (  # the types that need no more than a passage, criterion and themes
    StatementType.STRENGTH,
    StatementType.AREA_FOR_IMPROVEMENT,
    StatementType.CAUSE_OF_CONCERN,
    StatementType.RECOMMENDATION,
    StatementType.INNOVATIVE_PRACTICE,
    StatementType.LOOK_AHEAD,
    StatementType.PLAN_PRIORITY,
    StatementType.EXCEPTIONAL_EVENT,
    StatementType.CONTEXT,
    StatementType.FURNITURE,
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What one person said of one statement; empty ``new_`` values leave it as it was read."""

    sha256: str
    id: str
    start: int
    end: int
    type: str
    verdict: str
    new_type: str = ""
    new_criterion: str = ""
    new_themes: tuple[str, ...] = ()
    reviewer: str
    date: str
    comment: str = ""

    @property
    def about(self) -> tuple[int, int, str, str]:
        """What identifies the statement in its captured version."""
        return self.start, self.end, self.type, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The themes, and the criteria of each cycle, that a correction may name."""

    themes: Collection[str]
    criteria: Mapping[str, Collection[str]]


def uncertain(report: Report, threshold: float = UNCERTAIN) -> list[Statement]:
    """Return the statements whose confidence is below *threshold*, in reading order."""
    return [each for each in report.statements if each.confidence < threshold]


def review_file(reports: Iterable[Report], threshold: float = UNCERTAIN) -> str:
    """Return the uncertain statements of *reports* as CSV, with empty cells for the answers.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    content = io.StringIO(newline="")
    columns: list[str] = [*TOLD, *ASKED]
    rows = csv.DictWriter(content, columns, restval="")
    rows.writeheader()
    for report in reports:
        for statement in uncertain(report, threshold):
            text = statement.passage.text
            safe = f"'{text}" if text.startswith(FORMULA) else text
            rows.writerow(told(report, statement) | {"text": safe})
    return content.getvalue()


def told(report: Report, statement: Statement) -> dict[str, str]:
    """Return what a reviewer is told of a statement, by column."""
    return {
        "id": statement.id,
        "report": report.slug,
        "sha12": report.version.sha12,
        "start": str(statement.passage.start),
        "end": str(statement.passage.end),
        "type": statement.type.value,
        "criterion": statement.criterion or "",
        "themes": " ".join(statement.themes),
        "confidence": f"{statement.confidence:g}",
        "method": statement.method,
        "text": statement.passage.text,
    }


def answered_rows(content: str, *, place: str) -> list[Row]:
    """Return the rows of a review file that have an answer.

    Raises:
        TableError: it is no review file, or a row has an answer without a verdict.
    """
    answered = []
    for row in rows_of(content, columns=(*READ, *ASKED), place=place):
        if row.cells["verdict"]:
            answered.append(row)
        elif any(row.cells[column] for column in (*NEW, "comment")):
            raise row.fault(
                "the row has an answer but no verdict", expected=f"{RIGHT}, {WRONG} or {CHANGE}"
            )
    return answered


def correction(row: Row, report: Report, vocabulary: Vocabulary) -> Correction:
    """Return the correction that *row* makes to *report*, which is of the row's captured version.

    Raises:
        TableError: the row names no statement of the report, or its answer cannot be used.
    """
    cells = row.cells
    start, end = row.number("start"), row.number("end")
    known = {(s.passage.start, s.passage.end, s.type.value, s.id) for s in report.statements}
    if (start, end, cells["type"], cells["id"]) not in known:
        raise row.fault(
            f"{report.slug} has no statement {cells['id']} from {start} to {end}",
            expected="the row's first columns as they were written",
        )
    _check_answer(row, report.cycle, vocabulary)
    return Correction(
        sha256=report.version.sha256,
        id=cells["id"],
        start=start,
        end=end,
        type=cells["type"],
        verdict=cells["verdict"],
        new_type=cells["new_type"],
        new_criterion=cells["new_criterion"],
        new_themes=tuple(cells["new_themes"].split()),
        reviewer=cells["reviewer"],
        date=cells["date"],
        comment=cells["comment"],
    )


def _check_answer(row: Row, cycle: str, vocabulary: Vocabulary) -> None:
    """Raise for a verdict, a reviewer, a date or a new value that cannot be used."""
    cells, changed = row.cells, [column for column in NEW if row.cells[column]]
    if cells["verdict"] not in {RIGHT, WRONG, CHANGE}:
        raise row.fault(
            f"verdict is {cells['verdict']!r}", expected=f"{RIGHT}, {WRONG} or {CHANGE}"
        )
    if (cells["verdict"] == CHANGE) != bool(changed):
        raise row.fault(
            f"the verdict is {cells['verdict']} and {', '.join(changed) or 'nothing'} is new",
            expected=f"{CHANGE} with a new value, or {RIGHT} or {WRONG} without one",
        )
    if not any(each.isascii() and each.isalnum() for each in cells["reviewer"]):
        raise row.fault(
            f"reviewer is {cells['reviewer']!r}", expected="a name with a letter from a to z"
        )
    if not _is_date(cells["date"]):
        raise row.fault(f"date is {cells['date']!r}", expected="a date such as 2026-11-23")
    _check_new(row, "new_type", [cells["new_type"]], [each.value for each in CHOICE])
    criteria = {NONE, *vocabulary.criteria.get(cycle, ())}
    _check_new(row, "new_criterion", [cells["new_criterion"]], criteria)
    _check_new(row, "new_themes", cells["new_themes"].split(), {NONE, *vocabulary.themes})


def _check_new(row: Row, column: str, values: Iterable[str], known: Collection[str]) -> None:
    for value in values:
        if value and value not in known:
            raise row.fault(f"{column} is {value!r}", expected=f"one of {', '.join(sorted(known))}")


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def corrected(report: Report, corrections: Sequence[Correction]) -> Report:
    """Return *report* as reviewers corrected it; a correction that fits no more is a warning."""
    statements, warnings = list(report.statements), list(report.warnings)
    for each in corrections:
        place = _place_of(each, statements)
        if place is None and each.verdict == WRONG:
            continue
        if place is None:
            made = _made(each, report)
            if made is None:
                warnings.append(f"the correction of {each.id} by {each.reviewer} fits no statement")
            else:
                statements.append(made)
            continue
        statements[place : place + 1] = _answered(each, statements[place])
    statements.sort(key=lambda s: (s.passage.start, s.passage.end, s.type, s.criterion or ""))
    return replace(report, statements=tuple(statements), warnings=tuple(warnings))


def _place_of(correction: Correction, statements: Sequence[Statement]) -> int | None:
    """Return where the statement stands that is meant: by its id, else by type, else by place."""
    here = [
        (each.id != correction.id, each.type.value != correction.type, index)
        for index, each in enumerate(statements)
        if (each.passage.start, each.passage.end) == (correction.start, correction.end)
        and (each.type in WITHIN) == (correction.type in WITHIN)
    ]
    return min(here)[2] if here else None


def _made(correction: Correction, report: Report) -> Statement | None:
    """Return the statement that a person saw where the rules see none any more."""
    kind = correction.new_type or correction.type
    section = next((s.slug for s in report.sections if s.start <= correction.start < s.end), None)
    if kind not in set(CHOICE) or section is None:
        return None
    passage = Passage.of(report.version.text, correction.start, correction.end, section)
    read = Statement(type=StatementType(kind), passage=passage, method=METHOD, confidence=1.0)
    return _renewed(correction, read)


def _answered(correction: Correction, read: Statement) -> list[Statement]:
    """Return what stands in the place of the statement that was *read*."""
    if correction.verdict == WRONG and read.type.value != correction.type:
        return [read]  # the rules have come to see it as the reviewer does
    if correction.verdict == WRONG:
        return [] if read.type in WITHIN else [_of_type(StatementType.CONTEXT, read)]
    kind = StatementType(correction.new_type or correction.type)
    if kind is not read.type and kind not in CHOICE:
        return [read]
    return [_renewed(correction, read if kind is read.type else _of_type(kind, read))]


def _of_type(kind: StatementType, read: Statement) -> Statement:
    """Return the statement as one of another type, without what its own type added."""
    common: dict[str, Any] = {each.name: getattr(read, each.name) for each in fields(Statement)}
    common |= {"type": kind, "method": METHOD, "confidence": 1.0}
    return Statement(**common)


def _renewed(correction: Correction, read: Statement) -> Statement:
    """Return the statement with the reviewer's criterion and themes, and their certainty."""
    criterion, themes = read.criterion, read.themes
    if correction.new_criterion:
        criterion = None if correction.new_criterion == NONE else correction.new_criterion
    if correction.new_themes:
        themes = tuple(each for each in correction.new_themes if each != NONE)
    return replace(read, criterion=criterion, themes=themes, method=METHOD, confidence=1.0)
