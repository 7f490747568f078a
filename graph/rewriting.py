"""The same statements in another syntax, in the same order; memory does not grow with a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import IO

    from peelgraph.graph.store import RdfSyntax


def serialized(lines: Iterable[str], syntax: RdfSyntax, prefixes: dict[str, str]) -> bytes:
    """Return sorted N-Quads *lines* in another *syntax*, in the same order."""
    quads = ox.parse("\n".join(lines).encode() + b"\n", format=ox.RdfFormat.N_QUADS)
    return ox.serialize(quads, format=syntax.oxigraph, prefixes=prefixes) or b""


def rewrite(
    source: Path,
    syntax: RdfSyntax,
    target: Path | IO[bytes],
    into: RdfSyntax,
    prefixes: dict[str, str],
) -> None:
    """Write the file *source* anew to *target*, in another syntax and the same order."""
    quads = ox.parse(path=source, format=syntax.oxigraph)
    ox.serialize(quads, target, format=into.oxigraph, prefixes=prefixes)
