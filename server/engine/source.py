"""What a pool serves: a published version, or one RDF file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelgraph.graph.errors import NoVersion, SourceMissing, VersionDamaged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BYTES_A_QUAD = 370
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """The files that a template process and its workers read.

    Args:
        rdf_file: File that is loaded into memory.
        quads: Its quads, where known; decides whether it is held in memory.
        disk_store: Store that workers open when the file is too large for memory.
        name: Name of the version; ``None`` for a plain file.
    """

    rdf_file: Path
    quads: int | None = None
    disk_store: Path | None = None
    name: str | None = None

    def fits(self, budget_mebibytes: int) -> bool:
        """Return whether the source is to be held in memory.

        >>> from pathlib import Path
        >>> Source(Path("quads.nq"), quads=5_000_000, disk_store=Path("store")).fits(1024)
        False
        """
        if self.disk_store is None or self.quads is None:
            return True
        return self.quads * BYTES_A_QUAD <= budget_mebibytes * MEBIBYTE


def rdf_file(path: Path) -> Callable[[], Source]:
    """Return a locator of one RDF file, by its extension.

    Raises:
        SourceMissing: There is no such file.
    """
    if not path.is_file():
        raise SourceMissing(f"there is no file {path}", place=str(path), action="check the path")
    source = Source(path.resolve())
    return lambda: source


def version_folder(folder: Path) -> Source:
    """Return the source in a version's folder.

    Raises:
        VersionDamaged: The manifest is missing or says nothing of the quads.
    """
    manifest = folder / "manifest.json"
    try:
        quads = int(json.loads(manifest.read_bytes())["quads"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VersionDamaged(
            "the manifest cannot be read",
            place=str(manifest),
            expected="a JSON object with the number of quads",
            action="roll back to another version or build again",
        ) from error
    return Source(folder / "quads.nq", quads, folder / "store", folder.name)


@dataclass(slots=True)
class CurrentVersion:
    """A locator of the version that ``current`` points to; reads a manifest once a version."""

    data: Path
    _last: Source | None = None

    def __call__(self) -> Source:
        """Return the current version's source.

        Raises:
            NoVersion: Nothing has been published.
            VersionDamaged: The version's manifest cannot be read.
        """
        pointer = self.data / "current"
        try:
            folder = (self.data / pointer.readlink()).resolve()
        except OSError as error:
            raise NoVersion(
                "there is no version to serve",
                place=str(pointer),
                action="run `peelgraph build`",
            ) from error
        if self._last is None or self._last.name != folder.name:
            self._last = version_folder(folder)
        return self._last
