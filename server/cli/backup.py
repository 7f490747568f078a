"""``peelgraph backup``: captures, corrections and versions in one file with its checksums."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peelgraph.graph.backup import contents_of, write_backup
from peelgraph.graph.versions import file_sha256
from peelgraph.server.cli.calls import Call, Command, pass_call
from peelgraph.server.cli.screen import draws_progress, progress, working, write_file

if TYPE_CHECKING:
    from peelgraph.graph.backup import Contents


@click.command(
    "backup",
    cls=Command,
    examples=(
        "peelgraph backup peelgraph.tar.gz",
        "peelgraph backup /var/backups --all-versions",
        "peelgraph backup peelgraph.tar.gz --with-tokens",
    ),
)
@click.argument("target", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@click.option("--all-versions", is_flag=True, help="Every version, not only the current one.")
@click.option(
    "--with-tokens",
    is_flag=True,
    help="The tokens' hashes and the audit file too; keep such a backup as you keep passwords.",
)
@pass_call
def command(call: Call, target: Path, *, all_versions: bool, with_tokens: bool) -> None:
    """Write the captures, the corrections and the current version to a file.

    In a FOLDER the file is named after the current version. Equal content gives equal bytes. A
    running server and writers are not held up. `peelgraph restore` reads it back.
    """
    folder = call.folder()
    with working("reading", shown=not call.quiet):
        contents = contents_of(folder, every_version=all_versions, secrets=with_tokens)
    file = target / f"peelgraph-{contents.current}.tar.gz" if target.is_dir() else target
    total = len(contents.files)
    with progress("writing", total, shown=not call.quiet and draws_progress(total)) as step:
        write_file(file, lambda stream: write_backup(folder, contents, stream, step))
    size, sha256 = file.stat().st_size, file_sha256(file)
    told = {"file": str(file), "bytes": size, "sha256": sha256, **summary(contents)}
    words = f"Wrote {file}: {in_words(contents)}; {size} bytes, SHA-256 {sha256}"
    call.answer("backup/1", told, words)


def summary(contents: Contents) -> dict[str, Any]:
    """Return what is told of a backup as JSON."""
    return {
        "current": contents.current,
        "base": contents.base,
        "versions": contents.versions,
        "captures": contents.captures,
        "files": len(contents.files),
        "unpacked_bytes": contents.size,
    }


def in_words(contents: Contents) -> str:
    """Return what is told of a backup in a line."""
    versions = len(contents.versions)
    more = f" and {versions - 1} more" if versions > 1 else ""
    return f"version {contents.current}{more}, {contents.captures} captured pages"
