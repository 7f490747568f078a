"""What the audit is made to say of changes whose version was announced and never came."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from peelgraph.graph.announced import announced, forget, serves, settle
from peelgraph.graph.audit import ACCEPTED, INTERRUPTED, UNCHANGED, Audit, entry_of
from peelgraph.graph.tokens import told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from peelgraph.graph.versions import DataFolder

ANNOUNCED: Final = "announced"
"""What is told of a change that the audit has as accepted while its version is not there yet."""


def correct(data: DataFolder, moment: dt.datetime) -> None:
    """Say of every change whose version was announced and never came that it did not.

    Args:
        data: The data folder; its writer's lock is held.
        moment: The present, UTC.

    Raises:
        DataUnwritable: the audit cannot be written; the version stays noted as announced.
    """
    settle(data)
    name = announced(data.path)
    if name is None:
        return
    audit = Audit(data.path)
    corrections = [
        replace(entry, time=told(moment), verdict=INTERRUPTED, after=entry.before)
        for entry in map(entry_of, _undone(audit.newest_first(), name))
    ]
    if corrections:
        audit.append(corrections[::-1])
    forget(data.path)


def uncertain(data: DataFolder, entries: list[dict[str, Any]]) -> set[int]:
    """Return the numbers of those *entries*, oldest first, whose version has not come yet.

    Either it is being published, or its writer was killed and the next write will say so.
    """
    name = announced(data.path)
    if name is None or serves(data, name):
        return set()
    return {int(each["n"]) for each in _undone(reversed(entries), name)}


def _undone(newest_first: Iterable[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the entries of the version called *name* that stand uncorrected, newest first.

    Beside what was refused since, they are the last of all; a writer may have been killed while
    it corrected them, too.
    """
    corrected: Counter[str] = Counter()
    undone: list[dict[str, Any]] = []
    for stated in newest_first:
        entry = entry_of(stated)
        if entry.verdict == UNCHANGED or (entry.verdict == ACCEPTED and entry.after != name):
            break
        if entry.verdict == INTERRUPTED:
            corrected[entry.request] += 1
        elif entry.verdict == ACCEPTED and corrected[entry.request]:
            corrected[entry.request] -= 1
        elif entry.verdict == ACCEPTED:
            undone.append(stated)
    return undone
