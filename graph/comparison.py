"""What differs between two versions: their sorted files read side by side, nothing kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelgraph.graph.nquads import graph_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.versions import Version


@dataclass(frozen=True, slots=True)
class Difference:
    """What the quads of one version have that the other's lack, as N-Quads lines, sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many quads differ in each graph, and the first of them as N-Quads lines."""

    added: dict[str, int]
    removed: dict[str, int]
    first_added: tuple[str, ...]
    first_removed: tuple[str, ...]


def changes(old: Version, new: Version) -> Iterator[tuple[bool, bytes]]:
    """Yield each quad that one of two versions has alone, in order: whether *new* has it, its line.

    Memory: two lines.
    """
    with old.quads_file.open("rb") as before, new.quads_file.open("rb") as after:
        here, there = next(before, None), next(after, None)
        while here is not None or there is not None:
            if here == there:
                here, there = next(before, None), next(after, None)
            elif there is None or (here is not None and here < there):
                if here is not None:
                    yield False, here
                here = next(before, None)
            else:
                yield True, there
                there = next(after, None)


def difference(old: Version, new: Version) -> Difference:
    """Return what changed from *old* to *new*."""
    added: list[str] = []
    removed: list[str] = []
    for is_new, line in changes(old, new):
        (added if is_new else removed).append(line[:-1].decode())
    return Difference(tuple(added), tuple(removed))


def compared(old: Version, new: Version, shown: int) -> Comparison:
    """Return what changed from *old* to *new* in numbers, and the first *shown* quads each way."""
    counts = (Counter[str](), Counter[str]())
    first: tuple[list[str], list[str]] = ([], [])
    for is_new, line in changes(old, new):
        counts[is_new][graph_of(line)] += 1
        if len(first[is_new]) < shown:
            first[is_new].append(line[:-1].decode())
    return Comparison(dict(counts[1]), dict(counts[0]), tuple(first[1]), tuple(first[0]))
