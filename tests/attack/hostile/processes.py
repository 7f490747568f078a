"""What a process has started."""

from __future__ import annotations

from pathlib import Path


def below(pid: int, *, ended: bool = True) -> set[int]:
    """Every process that *pid* has started, directly or not.

    Those that have ended and were not waited for yet belong to them only where *ended* is true.
    """
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if ended or state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found, new = {pid}, {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found - {pid}
