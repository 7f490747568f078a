"""One pass over the sorted quads of a version: its union, its graphs, its counts, its pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from peelgraph.graph.dumps.counting import Counting
from peelgraph.graph.nquads import DEFAULT, graph_of, triple_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from typing import IO

    from peelgraph.graph.dumps.counting import Counts
    from peelgraph.graph.versions import Version

HELD: Final = 50_000  # lines that wait in memory for the files of their graphs
THINGS: Final = (
    r"/id/(?:force|inspectorate|local-policing-body|programme|cycle|report|person|post)/[^/#]+"
    r"|/id/(?:inspection/[^/#]+/[^/#]+(?:/[^/#]+)?|finding/[^/#]+/[^/#]+)"
    r"|/data/judgment/[^#]+"
)
"""Addresses of things that have a page worth finding; parts of reports stand in their report."""


class Split:
    """Sends each line to the file of its graph, whichever of them are wanted."""

    def __init__(self, folder: Path, wanted: Collection[str]) -> None:
        folder.mkdir()
        self.files = {name: folder / str(n) for n, name in enumerate(sorted(wanted))}
        for file in self.files.values():
            file.touch()
        self._waiting: dict[str, list[bytes]] = {}
        self._held = 0

    def take(self, graph: str, line: bytes) -> None:
        """Take one line of N-Quads."""
        if graph not in self.files:
            return
        self._waiting.setdefault(graph, []).append(line)
        self._held += 1
        if self._held >= HELD:
            self.flush()

    def flush(self) -> None:
        """Write what waits; no file stays open, for there may be thousands."""
        for graph, lines in self._waiting.items():
            with self.files[graph].open("ab") as file:
                file.writelines(lines)
        self._waiting.clear()
        self._held = 0


class Sink(Protocol):
    """Takes bytes."""

    def write(self, piece: bytes, /) -> object:
        """Take *piece*."""
        ...


def split(version: Version, scratch: Path, graphs: Split, addresses: Sink) -> Counts:
    """Read a version's quads once.

    Args:
        version: The version.
        scratch: Where the union is written, as ``union.nt``.
        graphs: Takes the lines of the graphs that are wanted.
        addresses: Takes the IRIs of things with a page, one a line.
    """
    base = version.manifest.base
    counting, last = Counting(base), b""
    things = re.compile(f"<{re.escape(base)}(?:{THINGS})".encode())
    with version.quads_file.open("rb") as lines, (scratch / "union.nt").open("wb") as union:
        subject = b""
        for line in lines:
            triple = triple_of(line)
            graphs.take(graph_of(line), line)
            if triple == last:
                continue
            last = triple
            union.write(triple)
            counting.take(triple)
            found = triple[: triple.index(b">")]
            if found != subject:
                subject = found
                if things.fullmatch(found):
                    addresses.write(found[1:] + b"\n")
    graphs.flush()
    named = {name: n for name, n in version.manifest.graphs.items() if name != DEFAULT}
    return counting.counts(named)


def triples_only(quads: Path, target: IO[bytes]) -> None:
    """Write the triples of one graph's quads to *target*."""
    with quads.open("rb") as lines:
        target.writelines(map(triple_of, lines))
