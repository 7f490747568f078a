"""What a process has started, and what all of it has worked."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def below(pid: int, *, ended: bool = True) -> set[int]:
    """Every process that *pid* has started, directly or not.

    Those that have ended and were not waited for yet belong to them only where *ended* is true.
    """
    return set(descendants(pid, ended=ended))


def descendants(pid: int, *, ended: bool = True) -> list[int]:
    """The same processes, each after the one that has started it."""
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
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def worked_below(pid: int) -> float:
    """Seconds of processor time of every process that *pid* has started, ended ones included.

    What has ended and was waited for counts with the one that waited: that one is read first, so
    that nothing counts twice.
    """
    ticks = 0
    for each in descendants(pid):
        try:
            state = Path(f"/proc/{each}/stat").read_text(encoding="utf-8")
        except OSError:
            continue
        ticks += sum(map(int, state.rpartition(")")[2].split()[11:15]))
    return ticks / TICKS
