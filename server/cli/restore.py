"""``peelgraph restore``: a backup back into a data folder, after all of it has been checked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peelgraph.graph.errors import SourceMissing, SourceUnreadable
from peelgraph.graph.restoring import restore
from peelgraph.server.cli.backup import in_words, summary
from peelgraph.server.cli.calls import Call, Command, pass_call
from peelgraph.server.cli.screen import working

if TYPE_CHECKING:
    from typing import BinaryIO


@click.command(
    "restore",
    cls=Command,
    examples=(
        "peelgraph restore peelgraph.tar.gz --data peelgraph-data",
        "peelgraph restore peelgraph.tar.gz --dry-run",
        "ssh elsewhere cat peelgraph.tar.gz | peelgraph restore -",
    ),
)
@click.argument("source", metavar="FILE")
@click.option(
    "--replace", is_flag=True, help="Overwrite corrections, tokens and audit file that differ."
)
@click.option("--dry-run", is_flag=True, help="Unpack and check everything, and keep nothing.")
@pass_call
def command(call: Call, source: str, *, replace: bool, dry_run: bool) -> None:
    """Bring a backup back and serve its version; - reads it from standard input.

    A damaged backup is refused before anything is changed. What else the data folder holds stays:
    `peelgraph versions rollback` goes back to what was served before.
    """
    folder = call.folder()
    with _opened(source) as stream, working("restoring", shown=not call.quiet):
        restored = restore(folder, stream, replace=replace, dry_run=dry_run)
    contents = restored.contents
    told = {**summary(contents), "added": list(restored.added), "dry_run": dry_run}
    done = "Would restore" if dry_run else "Restored"
    call.answer("restore/1", told, f"{done} {in_words(contents)}")


def _opened(source: str) -> BinaryIO:
    if source == "-":
        return sys.stdin.buffer
    try:
        return Path(source).open("rb")
    except FileNotFoundError as error:
        raise SourceMissing("there is no such file", place=source, expected="a backup") from error
    except OSError as error:
        raise SourceUnreadable(f"cannot be read: {error.strerror}", place=source) from error
