"""The union of a version's graphs, on disk: for versions too large to be held in memory.

A store beside the versions that holds what the version's own store holds (its files are shared
by hard links) and, in its default graph, every triple once. It is made the first time that a
version is served from disk, in a process of its own, since a store on disk starts threads; and
it is removed when its version is.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph

from peelgraph.graph.nquads import triple_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CACHE: Final = "unions"
UNFINISHED: Final = ".unfinished-"
PIECE: Final = 1024 * 1024


class Triples(io.RawIOBase):
    """The triples of a file of N-Quads, whatever graph they are in, as N-Triples."""

    def __init__(self, quads: Path) -> None:
        super().__init__()
        self._file = quads.open("rb")
        self._held = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill *buffer* as far as one piece goes; 0 at the end."""
        if not self._held:
            lines = self._file.readlines(PIECE)
            # One quad a line, and no comments: the file is our own.
            self._held = b"".join(triple_of(line) for line in lines if line.strip())
        with memoryview(buffer).cast("B") as target:
            count = min(len(target), len(self._held))
            target[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def union_store(disk_store: Path, quads: Path) -> Path | None:
    """Return the store that holds the union beside what *disk_store* holds.

    It is made if it is not there yet; ``None`` where it cannot be: the folder may be read-only,
    or the disk full.

    Args:
        disk_store: The store of a version.
        quads: The same version as N-Quads.
    """
    version = disk_store.parent
    unions = version.parent.parent / CACHE
    target = unions / version.name
    if target.is_dir():
        return target
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _tidy(unions, version.parent)
            _make(disk_store, quads, target)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return target if status == 0 and target.is_dir() else None


def _make(disk_store: Path, quads: Path, target: Path) -> None:
    unfinished = target.with_name(f"{UNFINISHED}{os.getpid()}")
    unfinished.parent.mkdir(exist_ok=True)
    try:
        pyoxigraph.Store.read_only(os.fspath(disk_store)).backup(os.fspath(unfinished))
        store = pyoxigraph.Store(os.fspath(unfinished))
        with io.BufferedReader(Triples(quads), PIECE) as triples:
            store.bulk_load(triples, pyoxigraph.RdfFormat.N_TRIPLES)
        store.flush()
        del store
        with contextlib.suppress(OSError):  # another server may have been quicker
            unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _tidy(unions: Path, versions: Path) -> None:
    """Remove the unions of versions that are gone, and what was left unfinished by the dead."""
    for each in unions.glob("*"):
        if each.name.startswith(UNFINISHED):
            wanted = Path("/proc", each.name.removeprefix(UNFINISHED)).exists()
        else:
            wanted = (versions / each.name).is_dir()
        if not wanted:
            shutil.rmtree(each, ignore_errors=True)
