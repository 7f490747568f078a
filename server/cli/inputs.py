"""Files named on the command line that are read whole: one report, or one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph.graph.errors import SourceMissing, SourceUnreadable, UsageError
from peelgraph.graph.reading import read
from peelgraph.graph.reports import reading_context
from peelgraph.graph.tables import bundled_tables
from peelgraph.server.cli.sources import named_sources

if TYPE_CHECKING:
    from peelgraph.graph.model import Report


def read_one(source: str, *, force: str | None = None, cycle: str | None = None) -> Report:
    """Return what the one page that *source* names says.

    Raises:
        UsageError: *source* is a folder of several pages.
        InputError: it is missing, unreadable or no report.
    """
    sources = named_sources([source])
    if len(sources) != 1:
        raise UsageError(
            f"{len(sources)} files cannot be read at once", place=source, expected="one file"
        )
    context = reading_context(bundled_tables())
    return read(sources[0][1](), context, force=force, cycle=cycle)


def table_text(name: str) -> str:
    """Return the text of the CSV file *name*.

    Raises:
        SourceMissing: there is none of that name.
        SourceUnreadable: it cannot be read, or is not in UTF-8.
    """
    try:
        return Path(name).read_bytes().decode()
    except FileNotFoundError as error:
        raise SourceMissing("there is no such file", place=name, expected="a CSV file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(
            f"the file cannot be read: {error}", place=name, expected="a CSV file in UTF-8"
        ) from error
