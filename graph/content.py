"""What a version holds, as one sorted file of N-Quads: its digest and that of each graph."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import PROV

from peelgraph.graph.nquads import DEFAULT, graph_of, triple_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from peelgraph.graph.iris import Iris


@dataclass(frozen=True, slots=True)
class Content:
    """All quads but the catalogue's: the sorted file, its digest, and each graph's size and digest.

    The digest is the SHA-256 of the lines that carry no clock; a graph's own is that of all its
    lines. A graph without quads that the store keeps has the size 0. ``triples`` are those of the
    union of all graphs, each counted once.
    """

    file: Path
    digest: str
    graphs: dict[str, int]
    graph_digests: dict[str, str]
    triples: int


def content_of(file: Path, iris: Iris, empty: Iterable[str] = ()) -> Content:
    """Return what the sorted lines of *file* come to.

    Args:
        file: Canonical N-Quads without blank nodes.
        iris: The base in use.
        empty: The graphs that are there without quads.
    """
    clocked = {str(iris.graph(kind)) for kind in ("provenance", "validation")}
    captured_at = f"<{PROV.generatedAtTime}>".encode()
    document = f"{iris.graph('document')}/"
    digest, counts = hashlib.sha256(), Counter[str]()
    digests = {DEFAULT: hashlib.sha256()}
    triples, last = 0, b""
    with file.open("rb") as lines:
        for line in lines:
            graph, triple = graph_of(line), triple_of(line)
            counts[graph] += 1
            triples += triple != last  # those of one triple stand together
            last = triple
            if graph not in digests:
                digests[graph] = hashlib.sha256()
            digests[graph].update(line)
            if graph in clocked:
                continue
            if graph.startswith(document) and line.split(b" ", 2)[1] == captured_at:
                continue
            digest.update(line)
    for name in sorted({str(name) for name in empty} - counts.keys()):
        counts[name] = 0
        digests[name] = hashlib.sha256()
        digest.update(f"<{name}> .\n".encode())
    own = {name: digests[name].hexdigest() for name in sorted(counts)}
    return Content(file, digest.hexdigest(), dict(sorted(counts.items())), own, triples)


def digest_of(lines: Iterable[str]) -> str:
    """Return the digest of one graph's sorted lines, each without its end."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()
