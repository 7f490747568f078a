"""Reads a folder of tables into one checked object."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

from peelgraph.graph.tables import rows, rules
from peelgraph.graph.tables.schema import Line, check_references, descriptions, read_lines
from peelgraph.graph.tables.tables import Tables, names_index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.resources.abc import Traversable

    Lines = Mapping[str, tuple[Line, ...]]

RowType = TypeVar("RowType", bound=rows.Row)


@functools.cache
def bundled_tables() -> Tables:
    """Return the bundled tables; read once, as they cannot change while the program runs."""
    return read_tables(files("peelgraph.graph") / "tables")


def read_tables(folder: Traversable) -> Tables:
    """Return the tables of *folder*, all rules checked.

    Args:
        folder: A folder (a ``Path`` will do) with the CSV files and their description.

    Raises:
        TableError: a file, a row or a relation between rows breaks a rule; the place is file
            and line.
    """
    described = descriptions(folder)
    lines = {table: read_lines(folder, each) for table, each in described.items()}
    check_references(lines, described)
    tables = _tables(lines)
    rules.check(tables)
    return tables


def _tables(lines: Lines) -> Tables:
    forces = _by_slug(lines["forces"], functools.partial(_force, _names(lines, "force")))
    cycles = _by_slug(lines["cycles"], _cycle)
    return Tables(
        areas={row.code: row for row in map(_area, lines["areas"])},
        forces=forces,
        bodies=_by_slug(lines["local_policing_bodies"], _body),
        inspectorates=_by_slug(
            lines["inspectorates"], functools.partial(_inspectorate, _names(lines, "inspectorate"))
        ),
        changes=_by_slug(lines["changes"], _change),
        legislation={row.path: row for row in map(_legislation, lines["legislation"])},
        programmes=_by_slug(lines["programmes"], _programme),
        scales=_scales(lines["scales"]),
        cycles=cycles,
        questions={
            cycle: {
                line.text("key"): _question(line)
                for line in lines["questions"]
                if line.text("cycle") == cycle
            }
            for cycle in cycles
        },
        comparabilities=tuple(map(_comparability, lines["comparabilities"])),
        reports=_by_slug(lines["reports"], _report),
        grades=tuple(map(_grade, lines["grades"])),
        captures={row.sha12: row for row in map(_capture, lines["captures"])},
        sections=tuple(map(_section, lines["sections"])),
        findings=tuple(map(_finding, lines["findings"])),
        _forces_by_name=names_index(forces),
    )


def _by_slug(lines: tuple[Line, ...], row: Callable[[Line], RowType]) -> dict[str, RowType]:
    return {line.text("slug"): row(line) for line in lines}


def _texts(line: Line, *columns: str) -> dict[str, str]:
    return {column: line.text(column) for column in columns} | {"place": line.place}


def _area(line: Line) -> rows.Area:
    place = ("longitude", "latitude")
    return rows.Area(**_texts(line, "code", "name", "kind", "within", "welsh_name", *place))


def _names(lines: Lines, owner: str) -> dict[str, tuple[rows.DatedName, ...]]:
    """Return the dated names of forces or of inspectorates, by the slug of their owner."""
    names: dict[str, tuple[rows.DatedName, ...]] = {}
    for line in lines[f"{owner}_names"]:
        name = rows.DatedName(
            **_texts(line, "name", "source"),
            owner=line.text(owner),
            number=line.number("number") or 0,
            valid_from=line.day("valid_from"),
            valid_to=line.day("valid_to"),
        )
        names[name.owner] = (*names.get(name.owner, ()), name)
    return names


def _force(names: Mapping[str, tuple[rows.DatedName, ...]], line: Line) -> rows.Force:
    return rows.Force(
        **_texts(
            line,
            *("slug", "short_name", "kind", "police_uk_id", "area", "country"),
            *("body", "welsh_name", "wikidata", "source"),
        ),
        other_names=line.cells["other_names"],
        names=names.get(line.text("slug"), ()),
    )


def _body(line: Line) -> rows.PolicingBody:
    return rows.PolicingBody(**_texts(line, "slug", "name", "kind", "source"))


def _inspectorate(names: Mapping[str, tuple[rows.DatedName, ...]], line: Line) -> rows.Inspectorate:
    return rows.Inspectorate(
        **_texts(line, "slug", "short_name", "source"),
        other_names=line.cells["other_names"],
        names=names.get(line.text("slug"), ()),
    )


def _change(line: Line) -> rows.Change:
    date = line.day("date")
    assert date is not None  # noqa: S101 - a required column; the reader has refused it empty
    return rows.Change(**_texts(line, "slug", "label", "original", "resulting"), date=date)


def _legislation(line: Line) -> rows.Legislation:
    return rows.Legislation(**_texts(line, "path", "title", "part_of"))


def _programme(line: Line) -> rows.Programme:
    return rows.Programme(**_texts(line, "slug", "label", "source"))


def _scales(lines: tuple[Line, ...]) -> dict[str, rows.Scale]:
    points = [
        rows.GradePoint(**_texts(line, "scale", "grade", "definition"), rank=line.number("rank"))
        for line in lines
    ]
    return {
        scale: rows.Scale(
            slug=scale, grades={point.grade: point for point in points if point.scale == scale}
        )
        for scale in dict.fromkeys(point.scale for point in points)
    }


def _cycle(line: Line) -> rows.Cycle:
    return rows.Cycle(
        **_texts(
            line,
            *("slug", "programme", "label", "scale", "previous"),
            *("interval", "interval_label", "source"),
        ),
        ordinal=line.number("ordinal") or 0,
        inspectorates=line.cells["inspectorates"],
        legislation=line.cells["legislation"],
        pillars=line.cells["pillars"],
        other_names=line.cells["other_names"],
    )


def _question(line: Line) -> rows.Question:
    return rows.Question(
        **_texts(line, "cycle", "key", "pillar", "label", "source", "note"),
        graded=line.text("graded") == "true",
        themes=line.cells["themes"],
    )


def _comparability(line: Line) -> rows.Comparability:
    return rows.Comparability(
        **_texts(line, "from_cycle", "to_cycle", "criterion", "level", "source", "note")
    )


def _report(line: Line) -> rows.ReportRow:
    return rows.ReportRow(
        **_texts(
            line,
            *("slug", "title", "kind", "publisher", "force", "cycle", "criterion"),
            *("published", "address", "source"),
        )
    )


def _grade(line: Line) -> rows.GradeRow:
    return rows.GradeRow(
        **_texts(
            line,
            *("force", "cycle", "criterion", "grade", "status", "published", "basis"),
            *("carried_over_from", "source", "note"),
        )
    )


def _capture(line: Line) -> rows.CaptureRow:
    return rows.CaptureRow(
        **_texts(line, "report", "sha12", "sha256"),
        characters=line.number("characters") or 0,
    )


def _section(line: Line) -> rows.SectionRow:
    return rows.SectionRow(
        **_texts(line, "version", "slug", "heading", "kind"),
        order=line.number("order") or 0,
        start=line.number("start") or 0,
        end=line.number("end") or 0,
    )


def _finding(line: Line) -> rows.FindingRow:
    return rows.FindingRow(
        **_texts(
            line,
            *("report", "version", "type", "digest", "criterion"),
            *("section", "summary", "source"),
        ),
        themes=line.cells["themes"],
        start=line.number("start") or 0,
        end=line.number("end") or 0,
    )
