"""The rules that span rows or tables; each raises :class:`TableError` at the row at fault."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from peelgraph.graph.errors import TableError
from peelgraph.graph.tables.rows import NOT_GRADED
from peelgraph.graph.tables.tables import folded, names_index

if TYPE_CHECKING:
    from peelgraph.graph.tables.rows import Force, GradeRow, Inspectorate, ReportRow, Row
    from peelgraph.graph.tables.tables import Tables

TERRITORIAL_FORCES: Final = 43
WITH_GRADE: Final = frozenset({"awarded", "carried-over"})
ABOUT_ONE_FORCE: Final = frozenset({"force-report", "pillar-report"})


def check(tables: Tables) -> None:
    """Check every rule, in the order of the tables.

    Raises:
        TableError: the first broken rule, with file, line and what was expected.
    """
    _check_forces(tables)
    _check_inspectorates(tables)
    _check_scales(tables)
    _check_cycles(tables)
    _check_questions(tables)
    _check_comparabilities(tables)
    for report in tables.reports.values():
        _check_report(tables, report)
    by_key = {row.key: row for row in tables.grades}
    for row in tables.grades:
        _check_grade(tables, row)
        _check_carried_over(tables, row, by_key)
    _check_captures(tables)
    _check_findings(tables)


def _require(truth: object, row: Row | None, found: str, expected: str) -> None:
    if not truth:
        raise TableError(found, place=row.place if row else "", expected=expected)


def _check_forces(tables: Tables) -> None:
    covered = tables.peel_forces()
    if len(covered) != TERRITORIAL_FORCES:
        raise TableError(
            f"there are {len(covered)} territorial forces of England and Wales",
            place=covered[-1].place if covered else "forces.csv:1",
            expected=f"{TERRITORIAL_FORCES}",
        )
    owner = names_index(tables.forces)
    for force in tables.forces.values():
        _check_force(force)
        for name in (force.police_uk_id, force.short_name, *force.other_names):
            _require(
                not name or owner[folded(name)] == force.slug,
                force,
                f"{name!r} also names {owner.get(folded(name))}",
                "a name of one force only",
            )
    areas = [force.area for force in covered]
    for force in covered:
        _require(
            areas.count(force.area) == 1 and tables.areas[force.area].kind == "police-area",
            force,
            f"area is {force.area}",
            "a police area of its own",
        )


def _check_force(force: Force) -> None:
    _require(
        not force.peel or (force.police_uk_id and force.body and force.area),
        force,
        f"{force.slug} lacks a police.uk id, an area or a local policing body",
        "all three, for a territorial force of England and Wales",
    )
    _check_names(force, "force_names.csv")
    last = force.names[-1]
    _require(last.valid_to is None, last, f"{last.name!r} has ended", "a current name at the end")


def _check_names(owner: Force | Inspectorate, table: str) -> None:
    _require(owner.names, owner, f"{owner.slug} has no name", f"a row in {table}")
    for number, name in enumerate(owner.names, start=1):
        _require(name.number == number, name, f"number is {name.number}", f"{number}")
    for earlier, later in itertools.pairwise(owner.names):
        _require(
            earlier.valid_to and later.valid_from and earlier.valid_to < later.valid_from,
            later,
            f"{later.name!r} is not known to begin after {earlier.name!r} ended",
            "dated names that do not overlap (an undated one belongs into other_names)",
        )


def _check_inspectorates(tables: Tables) -> None:
    for inspectorate in tables.inspectorates.values():
        _check_names(inspectorate, "inspectorate_names.csv")
    for change in tables.changes.values():
        original = tables.inspectorates[change.original]
        resulting = tables.inspectorates[change.resulting]
        _require(
            resulting.valid_from == change.date
            and original.valid_to is not None
            and original.valid_to < change.date,
            change,
            f"date is {change.date}",
            "the first day of the resulting organisation, after the last of the original",
        )


def _check_scales(tables: Tables) -> None:
    for scale in tables.scales.values():
        for point in scale.grades.values():
            _require(
                (point.rank is None) == (point.grade == NOT_GRADED),
                point,
                f"rank of {point.grade} is {point.rank}",
                f"a rank on every grade but {NOT_GRADED}",
            )
        ranked = [point for point in scale.grades.values() if point.rank is not None]
        for rank, point in zip(range(len(ranked), 0, -1), ranked, strict=True):
            _require(
                point.rank == rank,
                point,
                f"rank of {point.grade} is {point.rank}",
                f"{rank}: best grade first, without gap or repetition",
            )


def _check_cycles(tables: Tables) -> None:
    previous = ""
    for number, cycle in enumerate(tables.cycles.values(), start=1):
        _require(cycle.ordinal == number, cycle, f"ordinal is {cycle.ordinal}", f"{number}")
        _require(
            cycle.previous == previous,
            cycle,
            f"previous is {cycle.previous!r}",
            f"{previous!r}, the cycle in the line before",
        )
        _require(
            cycle.scale in tables.scales, cycle, f"scale is {cycle.scale!r}", "one of scales.csv"
        )
        _require(
            tables.questions[cycle.slug], cycle, f"{cycle.slug} has no question", "at least one"
        )
        previous = cycle.slug


def _check_questions(tables: Tables) -> None:
    for cycle, questions in tables.questions.items():
        pillars = tables.cycles[cycle].pillars
        for question in questions.values():
            stem, _, number = question.key.rpartition("-")
            fits = (
                question.pillar in pillars and stem == question.pillar and number.isdigit()
                if pillars
                else not question.pillar
            )
            _require(
                fits,
                question,
                f"{question.key} of {question.pillar or 'no pillar'}",
                "pillar-number of a pillar of the cycle, or an area in a cycle without pillars",
            )


def _check_comparabilities(tables: Tables) -> None:
    for row in tables.comparabilities:
        first, second = tables.cycles[row.from_cycle], tables.cycles[row.to_cycle]
        _require(
            first.ordinal < second.ordinal,
            row,
            f"{row.from_cycle} is compared with {row.to_cycle}",
            "an earlier cycle and a later one",
        )
        _require(
            not row.criterion or row.criterion in (*first.pillars, *second.pillars),
            row,
            f"criterion is {row.criterion!r}",
            "a pillar of one of the two cycles",
        )


def _check_report(tables: Tables, row: ReportRow) -> None:
    publisher = tables.inspectorates[row.publisher]
    _require(
        not row.published or _overlaps(row.published, publisher.valid_from, publisher.valid_to),
        row,
        f"{row.publisher} is said to have published on {row.published}",
        f"a date between {publisher.valid_from or '…'} and {publisher.valid_to or '…'}",
    )
    if row.kind not in ABOUT_ONE_FORCE:
        _require(row.title, row, "title is empty", "the printed title")
        return
    parts = [row.cycle, row.force, *([row.criterion] if row.kind == "pillar-report" else [])]
    _require(
        all(parts) and row.slug == "-".join(parts) and not row.title,
        row,
        f"slug is {row.slug!r}, title {row.title!r}",
        f"slug {'-'.join(parts)!r} and no title",
    )


def _overlaps(published: str, first: object, last: object) -> bool:
    """Whether a date known in part can lie between two days (``None`` is open)."""
    width = len(published)
    return (first is None or str(first)[:width] <= published) and (
        last is None or published <= str(last)[:width]
    )


def _check_grade(tables: Tables, row: GradeRow) -> None:
    scale = tables.scale_of(row.cycle)
    _require(
        row.grade in scale.grades,
        row,
        f"grade is {row.grade!r}",
        f"one of {scale.slug}: {', '.join(scale.grades)}",
    )
    _require(
        tables.is_criterion(row.cycle, row.criterion),
        row,
        f"criterion is {row.criterion!r}",
        f"a pillar or question of {row.cycle}",
    )
    _require(
        tables.forces[row.force].peel,
        row,
        f"force is {row.force}",
        "a territorial force of England and Wales",
    )
    _require(
        (row.status in WITH_GRADE) == (row.grade != NOT_GRADED),
        row,
        f"grade is {row.grade} with status {row.status}",
        f"a grade with {' or '.join(sorted(WITH_GRADE))}, else {NOT_GRADED}",
    )
    _require(
        not row.published or row.status != "not-inspected",
        row,
        f"published is {row.published} with status not-inspected",
        "no date: of an inspection that did not take place nothing was published",
    )
    question = tables.questions[row.cycle].get(row.criterion)
    _require(
        question is None or question.graded or row.grade == NOT_GRADED,
        row,
        f"{row.criterion} has the grade {row.grade}",
        f"{NOT_GRADED}, as questions.csv says that it is ungraded",
    )


def _check_carried_over(
    tables: Tables, row: GradeRow, by_key: dict[tuple[str, str, str], GradeRow]
) -> None:
    _require(
        (row.status == "carried-over") == bool(row.carried_over_from),
        row,
        f"status is {row.status}, carried over from {row.carried_over_from or 'nothing'}",
        "both or neither",
    )
    if not row.carried_over_from:
        return
    cycle, _, criterion = row.carried_over_from.partition("/")
    source = by_key.get((row.force, cycle, criterion))
    _require(
        source is not None
        and tables.cycles[cycle].ordinal < tables.cycles[row.cycle].ordinal
        and source.grade == row.grade,
        row,
        f"carried over from {row.carried_over_from}",
        "a row of the same force and grade in an earlier cycle",
    )


def _check_captures(tables: Tables) -> None:
    for capture in tables.captures.values():
        _require(
            capture.sha256.startswith(capture.sha12),
            capture,
            f"sha12 is {capture.sha12}",
            f"the first digits of {capture.sha256}",
        )
        report = tables.reports[capture.report]
        _require(
            report.kind in ABOUT_ONE_FORCE,
            capture,
            f"{report.slug} is a {report.kind}",
            "a report about one force in one cycle",
        )
    for section in tables.sections:
        _require(
            section.start < section.end <= tables.captures[section.version].characters,
            section,
            f"the section runs from {section.start} to {section.end}",
            f"a run of {tables.captures[section.version].characters} characters",
        )


def _check_findings(tables: Tables) -> None:
    sections = {(section.version, section.slug): section for section in tables.sections}
    summaries: dict[tuple[str, str], str] = {}
    for row in tables.findings:
        report = tables.captures[row.version].report
        _require(
            row.report == report,
            row,
            f"{row.version} is not of {row.report}",
            f"its report {report}",
        )
        section = sections.get((row.version, row.section))
        _require(
            section is not None and section.start <= row.start < row.end <= section.end,
            row,
            f"{row.start} to {row.end} is no part of {row.section}",
            "a run of a section of sections.csv",
        )
        cycle = tables.reports[report].cycle
        _require(
            not row.criterion or tables.is_criterion(cycle, row.criterion),
            row,
            f"criterion is {row.criterion!r}",
            f"a pillar or question of {cycle}",
        )
        said = summaries.setdefault((report, row.id), row.summary)
        _require(said == row.summary, row, f"{row.id} has two summaries", repr(said))
