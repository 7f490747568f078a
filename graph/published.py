"""What earlier versions said: looked up in their sorted quads, without opening a store."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Final

from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

LOOKED_AT: Final = 50
"""Versions that are looked at, the newest first."""


def last_published(data: Path, iri: str, besides: str) -> str | None:
    """Return the newest version but *besides* that says something of *iri*.

    Args:
        data: The data folder.
        iri: A subject.
        besides: The version that does not count.
    """
    folder = DataFolder(data)
    names = [name for name in reversed(folder.names()) if name != besides]
    for name in names[:LOOKED_AT]:
        if has_subject(folder.versions_folder / name / "quads.nq", iri):
            return name
    return None


def has_subject(quads: Path, iri: str) -> bool:
    """Return whether the sorted N-Quads in a file have *iri* as a subject; a missing file has not.

    Lines are bisected, so the file may be as large as it likes.
    """
    wanted = f"<{iri}> ".encode()
    try:
        with quads.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as lines:
            return _bisected(lines, wanted)
    except (OSError, ValueError):  # the latter where the file is empty
        return False


def _bisected(lines: mmap.mmap, wanted: bytes) -> bool:
    """Return whether a line begins with *wanted*: ``low`` and ``high`` are starts of lines."""
    low, high = 0, len(lines)
    while low < high:
        start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        start = max(start, low)
        end = lines.find(b"\n", start) + 1 or len(lines)
        head = lines[start : start + len(wanted)]
        if head == wanted:
            return True
        if lines[start:end] < wanted:
            low = end
        else:
            high = start
    return False
