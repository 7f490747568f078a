"""What a pool serves: a published version, or one RDF file."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from peelgraph.graph.errors import SourceMissing, SourceUnreadable
from peelgraph.graph.parsing import LARGEST_UNPACKED, packing, unpacked
from peelgraph.graph.versions import DataFolder, read_version

if TYPE_CHECKING:
    from collections.abc import Callable

# Measured on versions of this project, whose literals are long.
BYTES_A_QUAD = 450
BYTES_A_MERGED_TRIPLE = 700  # it is held twice: beside the graphs, and alone
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """The files that a template process and its workers read.

    Args:
        rdf_file: File that is loaded into memory.
        quads: Its quads, where known; decides whether it is held in memory.
        disk_store: Store that workers open when the file is too large for memory.
        name: Name of the version; ``None`` for a plain file.
        base: Base IRI of the version, where known.
        empty: Named graphs of the version that hold nothing.
        given: The compressed file that ``rdf_file`` was unpacked from, if any.
    """

    rdf_file: Path
    quads: int | None = None
    disk_store: Path | None = None
    name: str | None = None
    base: str | None = None
    empty: tuple[str, ...] = ()
    given: Path | None = None

    @property
    def place(self) -> str:
        """What to call the file in an error."""
        return str(self.given or self.rdf_file)

    @property
    def base_iri(self) -> str:
        """What relative IRIs in the file are resolved against: where it lies, or would, unpacked.

        >>> from pathlib import Path
        >>> Source(Path("/var/x/a.ttl"), given=Path("/data/a.ttl.gz")).base_iri
        'file:///data/a.ttl'
        """
        return (self.given.with_suffix("") if self.given else self.rdf_file).as_uri()

    def fits(self, budget_mebibytes: int, *, union: bool = True) -> bool:
        """Return whether the source is to be held in memory, with the union of its graphs or not.

        >>> from pathlib import Path
        >>> Source(Path("quads.nq"), quads=5_000_000, disk_store=Path("store")).fits(1024)
        False
        """
        if self.disk_store is None or self.quads is None:
            return True
        return self.memory_bytes(union=union) <= budget_mebibytes * MEBIBYTE

    def memory_bytes(self, *, union: bool = True) -> int:
        """Return about how many bytes the source takes in memory, where its size is known."""
        return (self.quads or 0) * (BYTES_A_QUAD + (BYTES_A_MERGED_TRIPLE if union else 0))


def rdf_file(path: Path) -> Callable[[], Source]:
    """Return a locator of one RDF file, or of the one in a compressed file, by its extension.

    Raises:
        SourceMissing: There is no such file.
        SourceUnreadable: It is compressed and damaged, too large, or of several files.
        ReadingStopped: It ended the process that unpacked it, or ran over a limit.
    """
    if not path.is_file():
        raise SourceMissing(f"there is no file {path}", place=str(path), action="check the path")
    return UnpackedFile(path) if packing(path.name) else OneSource(Source(path.resolve()))


class OneSource:
    """A locator of what stays the same."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __call__(self) -> Source:
        """Return the source."""
        return self._source


class UnpackedFile(OneSource):
    """A locator of what a compressed file holds, in a folder that goes with the locator."""

    def __init__(self, path: Path) -> None:
        name, content = _only_file(path)
        try:
            folder = tempfile.mkdtemp(prefix="peelgraph-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            file = Path(folder, f"unpacked{PurePath(name).suffix}")
            file.write_bytes(content)
        except OSError as error:
            raise SourceUnreadable(
                f"there is no room to unpack the file: {error.strerror}",
                place=str(path),
                action="make room in the folder for temporary files, or unpack it yourself",
            ) from error
        super().__init__(Source(file, given=path.resolve()))


def _only_file(path: Path) -> tuple[str, bytes]:
    place, most = str(path), LARGEST_UNPACKED
    try:
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise SourceUnreadable(f"the file cannot be read: {error.strerror}", place=place) from error
    if len(content) > most:
        raise SourceUnreadable(
            f"the compressed file has more than {most:,} bytes",
            place=place,
            action="unpack it and serve what is in it",
        )
    files = unpacked(content, place, most)
    if len(files) != 1:
        raise SourceUnreadable(
            f"the archive holds {len(files)} files", place=place, expected="one RDF file"
        )
    return files[0]


def version_folder(folder: Path) -> Source:
    """Return the source in one version's folder.

    Raises:
        VersionDamaged: The version's manifest cannot be read.
    """
    version = read_version(folder)
    return Source(
        version.quads_file.resolve(),
        version.manifest.quads,
        version.store_folder.resolve(),
        version.name,
        version.manifest.base,
        tuple(graph for graph, quads in version.manifest.graphs.items() if not quads),
    )


@dataclass(slots=True)
class CurrentVersion:
    """A locator of the version that ``current`` points to; reads a manifest once a version."""

    data: Path
    _target: Path | None = None
    _source: Source | None = None

    def __call__(self) -> Source:
        """Return the current version's source.

        Raises:
            NoVersion: Nothing has been published.
            VersionDamaged: The version's manifest cannot be read.
        """
        folder = DataFolder(self.data)
        target = folder.pointer.readlink() if folder.pointer.is_symlink() else None
        if self._source is None or target != self._target:
            self._source = version_folder(folder.current().folder)
            self._target = target
        return self._source
