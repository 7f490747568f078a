"""Reads CSV files by the CSV-on-the-web description beside them, and refuses what breaks it.

Only the parts of CSVW that ``csv-metadata.json`` uses: column names and order, ``required``,
``separator``, ``datatype`` with ``format``, primary and foreign keys.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from peelgraph.graph.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

DESCRIPTION: Final = "csv-metadata.json"
ENCODING_HINT: Final = "comma-separated values in UTF-8 with a header line"
PARTIAL_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as described: what its cells must look like."""

    name: str
    description: str
    required: bool
    base: str
    form: str
    separator: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells of ``column`` must stand in ``target`` of ``table``."""

    column: str
    table: str
    target: str


@dataclass(frozen=True, slots=True)
class Description:
    """A table as described."""

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its place and its cells by column, checked one by one."""

    place: str
    cells: Mapping[str, tuple[str, ...]]

    def text(self, column: str) -> str:
        """Return the cell, or an empty string where it is empty."""
        return self.cells[column][0] if self.cells[column] else ""

    def number(self, column: str) -> int | None:
        """Return the cell of an integer column."""
        return int(self.text(column)) if self.cells[column] else None

    def day(self, column: str) -> dt.date | None:
        """Return the cell of a date column."""
        return dt.date.fromisoformat(self.text(column)) if self.cells[column] else None


def descriptions(folder: Traversable) -> dict[str, Description]:
    """Return the described tables of *folder* by name (file name without ``.csv``)."""
    described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    tables = cast("list[dict[str, object]]", described["tables"])
    return {str(each["url"]).removesuffix(".csv"): _description(each) for each in tables}


def _description(described: dict[str, object]) -> Description:
    schema = cast("dict[str, list[dict[str, object]]]", described["tableSchema"])
    return Description(
        file=str(described["url"]),
        columns=tuple(_column(each) for each in schema["columns"]),
        key=tuple(str(each) for each in schema["primaryKey"]),
        references=tuple(_reference(each) for each in schema.get("foreignKeys", [])),
    )


def _column(described: dict[str, object]) -> Column:
    datatype = described.get("datatype", "string")
    base, form = (
        (str(datatype["base"]), str(datatype.get("format", "")))
        if isinstance(datatype, dict)
        else (str(datatype), "")
    )
    return Column(
        name=str(described["name"]),
        description=str(described["dc:description"]),
        required=bool(described.get("required")),
        base=base,
        form=form,
        separator=str(described.get("separator", "")),
    )


def _reference(described: dict[str, object]) -> Reference:
    [column] = cast("list[str]", described["columnReference"])
    target = cast("dict[str, str]", described["reference"])
    return Reference(column, target["resource"].removesuffix(".csv"), target["columnReference"][0])


def read_lines(folder: Traversable, description: Description) -> tuple[Line, ...]:
    """Return the lines of one table, each cell checked against its column.

    Raises:
        TableError: the file is missing or no CSV, the header differs, a cell breaks its
            column's rule, or two lines have the same key.
    """
    header, *records = _records(folder, description.file)
    wanted = [column.name for column in description.columns]
    if header[1] != wanted:
        raise TableError(
            f"the header is {', '.join(header[1])}",
            place=f"{description.file}:1",
            expected=", ".join(wanted),
        )
    lines = tuple(
        _line(f"{description.file}:{number}", cells, description.columns)
        for number, cells in records
    )
    _check_key(lines, description.key)
    return lines


def _records(folder: Traversable, file: str) -> Sequence[tuple[int, list[str]]]:
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise TableError(
            "the table is missing", place=f"{file}:1", expected=ENCODING_HINT
        ) from error
    except UnicodeDecodeError as error:
        raise TableError(
            f"byte {error.start} is no UTF-8", place=f"{file}:1", expected=ENCODING_HINT
        ) from error
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        records = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise TableError(
            f"line {reader.line_num} is no CSV: {error}",
            place=f"{file}:{reader.line_num}",
            expected=ENCODING_HINT,
        ) from error
    return records or [(1, [])]


def _line(place: str, cells: list[str], columns: tuple[Column, ...]) -> Line:
    if len(cells) != len(columns):
        raise TableError(
            f"the line has {len(cells)} cells", place=place, expected=f"{len(columns)} cells"
        )
    return Line(
        place,
        {
            column.name: _cell(place, cell, column)
            for column, cell in zip(columns, cells, strict=True)
        },
    )


def _cell(place: str, cell: str, column: Column) -> tuple[str, ...]:
    if cell != cell.strip():
        raise TableError(
            f"{column.name} has white space around {cell!r}", place=place, expected="none"
        )
    if not cell:
        if column.required:
            raise TableError(f"{column.name} is empty", place=place, expected=column.description)
        return ()
    values = tuple(cell.split(column.separator)) if column.separator else (cell,)
    for value in values:
        if not _fits(value, column):
            raise TableError(
                f"{column.name} is {value!r}",
                place=place,
                expected=f"{column.base} {column.form}".rstrip(),
            )
    return values


def _fits(value: str, column: Column) -> bool:
    if column.base == "integer":
        return re.fullmatch(r"0|[1-9]\d*", value) is not None
    if column.base == "boolean":
        return value in {"true", "false"}
    if column.base == "date":
        return len(value) == len("2016-02-18") and is_date(value)
    if column.form and not re.fullmatch(column.form, value):
        return False
    return column.name != "published" or is_date(value)


def is_date(text: str) -> bool:
    """Return whether *text* is a real day, month or year in ISO form.

    >>> is_date("2016-02"), is_date("2016-02-30")
    (True, False)
    """
    if not PARTIAL_DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _check_key(lines: tuple[Line, ...], key: tuple[str, ...]) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for line in lines:
        value = tuple(line.text(column) for column in key)
        if value in seen:
            raise TableError(
                f"{' '.join(value)} stands already in {seen[value]}",
                place=line.place,
                expected=f"one line for each {', '.join(key)}",
            )
        seen[value] = line.place


def check_references(
    tables: Mapping[str, tuple[Line, ...]], described: Mapping[str, Description]
) -> None:
    """Check that every cell that names a row of another table names one that is there.

    Raises:
        TableError: a row refers to one that does not exist.
    """
    for table, description in described.items():
        for reference in description.references:
            targets = {line.text(reference.target) for line in tables[reference.table]}
            for line in tables[table]:
                for value in line.cells[reference.column]:
                    if value not in targets:
                        raise TableError(
                            f"{reference.column} is {value!r}, which is not there",
                            place=line.place,
                            expected=f"a {reference.target} of {reference.table}.csv",
                        )
