"""Which files there are of a version, where they are kept and under which addresses."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from peelgraph.graph.iris import SLUG
from peelgraph.graph.store import RdfSyntax

if TYPE_CHECKING:
    from pathlib import Path

    from peelgraph.graph.dumps.counting import Counts
    from peelgraph.graph.dumps.packing import Digested

SCHEMA: Final = "peelgraph/dumps/1"
LISTING: Final = "files.json"
CATALOGUE: Final = "catalogue.nt"
ADDRESSES: Final = "addresses.txt"
MEDIA_TYPES: Final = {
    RdfSyntax.NQ.value: "application/n-quads",
    RdfSyntax.TRIG.value: "application/trig",
    RdfSyntax.TTL.value: "text/turtle",
    RdfSyntax.JSONLD.value: "application/ld+json",
    "csv": "text/csv",
    "csv-metadata.json": "application/csvm+json",
    "parquet": "application/vnd.apache.parquet",
}
WHOLE, TABLE, GRAPH = "version", "table", "graph"
LONGEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpFile:
    """One file: it follows ``/dumps/VERSION``, and ends in ``.gz`` where it is asked for packed.

    Args:
        path: ``.ttl``, ``/judgments.csv``, ``/graph/reference/force.ttl``.
        kind: ``version``, ``table`` or ``graph``.
        size: Bytes.
        sha256: Of the plain bytes.
        packed_size: Bytes in gzip; 0 where the file is kept as it is and no other form is there.
        packed_sha256: Of those.
        graph: The graph whose file it is.
        title: What it is, for people.
    """

    path: str
    kind: str
    size: int
    sha256: str
    packed_size: int = 0
    packed_sha256: str = ""
    graph: str = ""
    title: str = ""

    @property
    def ending(self) -> str:
        """The extension: ``ttl``, ``csv-metadata.json``."""
        return self.path.rpartition("/")[2].partition(".")[2]

    @property
    def media_type(self) -> str:
        """The media type of the plain bytes."""
        return MEDIA_TYPES[self.ending]


@dataclass(frozen=True, slots=True)
class Dumps:
    """All files of a version, and what was counted while they were made.

    Args:
        folder: Where they are.
        version: The version's name.
        files: The files, in the order in which they are shown.
        counts: See :class:`~peelgraph.graph.dumps.counting.Counts`.
    """

    folder: Path
    version: str
    files: tuple[DumpFile, ...]
    counts: Counts
    by_path: dict[str, DumpFile] = field(init=False)

    def __post_init__(self) -> None:
        """Make the files known by their paths."""
        object.__setattr__(self, "by_path", {each.path: each for each in self.files})

    def of_kind(self, kind: str) -> tuple[DumpFile, ...]:
        """Return the files of one kind."""
        return tuple(each for each in self.files if each.kind == kind)

    def write(self) -> None:
        """Write the listing into the folder."""
        told = {
            "schema": SCHEMA,
            "version": self.version,
            "files": [_told(each) for each in self.files],
            "counts": self.counts.as_dict(),
        }
        content = json.dumps(told, indent=1, sort_keys=True) + "\n"
        (self.folder / LISTING).write_text(content, encoding="utf-8")


def _told(file: DumpFile) -> dict[str, str | int]:
    return {name: value for name, value in asdict(file).items() if value}


def kept_at(folder: Path, path: str, *, plain: bool) -> Path:
    """Return where the file with that *path* is kept in *folder*."""
    name = f"version{path}" if path.startswith(".") else path[1:]
    return folder / (name if plain else f"{name}.gz")


def listed(  # noqa: PLR0913 - what a file is
    path: str, kind: str, plain: Digested, packing: Digested | None, *, title: str, graph: str = ""
) -> DumpFile:
    """Return a file that was written, with its measures."""
    return DumpFile(
        path=path,
        kind=kind,
        size=plain.size,
        sha256=plain.sha256,
        packed_size=packing.size if packing else 0,
        packed_sha256=packing.sha256 if packing else "",
        graph=graph,
        title=title,
    )


def graph_path(graph: str, base: str) -> str:
    """Return how the paths of a graph's files begin: its own path, or a digest where it has none.

    >>> graph_path("https://w3id.org/peelgraph/graph/reference/force", "https://w3id.org/peelgraph")
    '/graph/reference/force'
    >>> graph_path("urn:x:../../etc", "https://w3id.org/peelgraph")
    '/other/248a4039979d36f4'
    """
    parts = graph.removeprefix(f"{base}/graph/").split("/")
    ours = graph.startswith(f"{base}/graph/")
    if ours and all(SLUG.fullmatch(part) and len(part) <= LONGEST for part in parts):
        return "/".join(("/graph", *parts))
    return f"/other/{hashlib.sha256(graph.encode()).hexdigest()[:16]}"
