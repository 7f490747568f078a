"""What a person sees: tables, notes and progress on a terminal; files that are written whole."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from peelgraph.graph.errors import DataUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from typing import BinaryIO

STATE_STYLES = {
    "ok": "green",
    "warn": "yellow",
    "fail": "red",
    "landed": "green",
    "refused": "red",
    "Warning": "yellow",
    "Violation": "red",
}
HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})  # control, invisible format, lone surrogate


def visible(text: str) -> str:
    r"""Return *text* with every character a terminal would obey, or not show, written as escape.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(
        each.encode("unicode_escape").decode()
        if unicodedata.category(each) in HIDDEN_CATEGORIES and each not in "\n\t"
        else each
        for each in text
    )


def write_result(content: bytes | str) -> None:
    """Write a result to standard output as it is, text as UTF-8."""
    sys.stdout.flush()
    if isinstance(content, str):
        content = content.encode("utf-8", errors="backslashreplace")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def as_json(schema: str, fields: Mapping[str, Any], indent: int | None = 2) -> str:
    """Return *fields* as a JSON object that begins with the name and version of its schema."""
    named = {"schema": f"peelgraph/{schema}", **fields}
    return json.dumps(named, ensure_ascii=False, indent=indent)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print *rows* as a table on a terminal, else as tab-separated lines with a heading."""
    cells = [[visible(str(cell)) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        lines = ["\t".join(cell.replace("\t", " ") for cell in row) for row in [columns, *cells]]
        write_result("".join(line.replace("\n", " ") + "\n" for line in lines))
        return
    Console().print(_table(columns, cells))


def note_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print *rows* as a table that is no result, on standard error, which is a terminal."""
    sys.stdout.flush()
    Console(stderr=True).print(_table(columns, [[visible(str(c)) for c in row] for row in rows]))


def _table(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> Table:
    table = Table()
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell, STATE_STYLES.get(cell, "")) for cell in row))
    return table


def print_note(text: str) -> None:
    """Print a line that is no result, on standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"{visible(text)}\n")
    sys.stderr.flush()


def draws_progress(total: int) -> bool:
    """Return whether *total* steps are worth a bar and there is a terminal to draw it on."""
    return total > 1 and sys.stderr.isatty()


@contextmanager
def progress(
    title: str, total: int, *, shown: bool
) -> Generator[Callable[[str], None], None, None]:
    """Yield a function that counts one step and names it, and draw a bar where it is *shown*."""
    if not shown:
        yield lambda _step: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)

        def step(name: str) -> None:
            bar.update(task, advance=1, description=f"{title} {visible(name)}")

        yield step


@contextmanager
def working(title: str, *, shown: bool) -> Generator[None, None, None]:
    """Show on a terminal that something is being done whose length is not known."""
    if not (shown and sys.stderr.isatty()):
        yield
        return
    with Console(stderr=True).status(Text(f"{title} …")):
        yield


def write_file(path: Path, content: bytes | Callable[[BinaryIO], object]) -> None:
    """Make the file *path* hold *content*: a reader finds the old content or the new, whole.

    Args:
        path: The file, or a device or a pipe.
        content: The bytes, or a function that writes them to an open file.

    Raises:
        DataUnwritable: the file cannot be written; the old one is as it was.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe has no name to replace
            with path.open("wb") as file:
                _fill(file, content)
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with beside.open("wb") as file:
                _fill(file, content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DataUnwritable(
            f"cannot be written: {error.strerror or error}",
            place=str(path),
            action="choose another file, or free space",
        ) from error


def _fill(file: BinaryIO, content: bytes | Callable[[BinaryIO], object]) -> None:
    if isinstance(content, bytes):
        file.write(content)
    else:
        content(file)


def write_output(content: bytes, output: str | None) -> bool:
    """Write *content* to the file *output*, or to standard output where it is ``-`` or absent.

    Returns:
        Whether a file was written.
    """
    if output is None or output == "-":
        write_result(content)
        return False
    write_file(Path(output), content)
    return True
