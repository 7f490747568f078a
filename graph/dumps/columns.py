"""Tables as files: CSV as spreadsheets and pandas read it, its description (CSVW), Parquet."""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from peelgraph.graph.dumps.tables import SEPARATOR
from peelgraph.graph.iris import LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from peelgraph.graph.dumps.tables import Column, Table

BATCH: Final = 10_000
TYPES: Final = {
    "string": DataType.utf8(),
    "anyURI": DataType.utf8(),
    "integer": DataType.int32(),
    "decimal": DataType.float64(),
}
READ: Final[dict[str, Any]] = {"integer": int, "decimal": float}


def write_csv(table: Table, rows: Iterable[tuple[str, ...]], stream: IO[bytes]) -> None:
    """Write a table as UTF-8 without a mark, with CRLF and a head."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows(rows)
    text.detach()


def described_csv(table: Table, address: str) -> bytes:
    """Return what CSV on the Web says of a table's file, which is at *address* beside it."""
    told = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": table.title,
        "dc:license": {"@id": str(LICENCE)},
        "dialect": {"lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_described(column) for column in table.columns],
            "primaryKey": table.columns[0].name,
            "aboutUrl": f"{{+{table.columns[0].name}}}",
        },
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def _described(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "titles": column.name}
    told |= {"dc:description": column.told, "datatype": column.datatype}
    if column.several:
        told["separator"] = SEPARATOR
    return told


def write_table(table: Table, rows: Iterable[tuple[str, ...]], path: Path) -> None:
    """Write a table as Parquet, some thousand rows at a time; an empty cell is null."""
    schema = Schema([Field(c.name, TYPES[c.datatype], nullable=True) for c in table.columns])
    reader = RecordBatchReader.from_batches(schema, _batches(table, rows, schema))
    write_parquet(reader, path, compression="zstd(3)", max_row_group_size=BATCH)


def _batches(
    table: Table, rows: Iterable[tuple[str, ...]], schema: Schema
) -> Iterator[RecordBatch]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        columns = zip(table.columns, zip(*batch, strict=True), strict=True)
        yield RecordBatch([_array(column, cells) for column, cells in columns], schema=schema)


def _array(column: Column, cells: Iterable[str]) -> Array:
    read = READ.get(column.datatype, str)
    return Array([read(cell) if cell else None for cell in cells], TYPES[column.datatype])
