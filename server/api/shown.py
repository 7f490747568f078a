"""A table of an answer as people read it: a thing under its name, not beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peelgraph.server.protocol.tables import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Container

NAME: Final = "_name"


def joined(table: Table) -> Table:
    """Return *table* with each column ``x`` and its ``x_name`` as one: the name, linked.

    >>> cells = (Cell("http://e/kent", "http://e/kent"), Cell("Kent Police", None, "en"))
    >>> joined(Table(("force", "force_name"), (cells,), 1)).rows
    ((Cell(text='Kent Police', href='http://e/kent', note=''),),)
    """
    names = {column: table.columns.index(column) for column in table.columns}
    shown = [column for column in table.columns if not _is_name(column, names)]
    rows = tuple(
        tuple(_cell(row, names[column], names.get(column + NAME)) for column in shown)
        for row in table.rows
    )
    heads = tuple(column.removesuffix(NAME).replace("_", " ") for column in shown)
    return Table(heads, rows, table.total)


def _is_name(column: str, columns: Container[str]) -> bool:
    """Return whether *column* names the things of another one."""
    return column.endswith(NAME) and column.removesuffix(NAME) in columns


def _cell(row: tuple[Cell, ...], at: int, name_at: int | None) -> Cell:
    cell = row[at]
    name = row[name_at].text if name_at is not None else ""
    if name:
        return Cell(name, cell.href)
    if cell.href:
        last = cell.text.rstrip("/").replace("#", "/").rpartition("/")[2]
        return Cell(last or cell.text, cell.href)
    return Cell(cell.text)
