"""What a process has started."""

from __future__ import annotations

from pathlib import Path


def below(pid: int, *, ended: bool = True) -> set[int]:
    """Every process that *pid* has started, directly or not.

    Those that have ended and were not waited for yet belong to them only where *ended* is true.
    """
    parents: dict[int, int] = {}
    # Listed, not globbed: that looks at each file once more, and fails for one that has just gone.
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if ended or state != "Z":
            parents[int(folder.name)] = int(parent)
    found, new = {pid}, {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found - {pid}
