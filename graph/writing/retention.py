"""Which versions that writes have made are kept: each is a whole copy of the quads."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from peelgraph.graph.versions import DataFolder, Version

SETTLED: Final = dt.timedelta(minutes=10)  # no query runs on a version as long as that


def prune_written(data: DataFolder, keep: int, moment: dt.datetime) -> list[str]:
    """Delete all but the newest *keep* versions that writes have made; return their names.

    What was built, ingested or loaded stays, and so do the current version, the one before it
    and what is younger than ten minutes.

    Args:
        data: The data folder; its writer's lock is held.
        keep: How many to keep; 0 keeps all.
        moment: The present, UTC.
    """
    if not keep:
        return []
    current = data.current()
    written = [each for each in data.versions() if each.manifest.written]
    spared = {current.name, current.manifest.parent}
    doomed = [
        each.name
        for each in written[:-keep]
        if each.name not in spared and moment - _published(each) > SETTLED
    ]
    for name in doomed:
        shutil.rmtree(data.set_aside(name), ignore_errors=True)
    return doomed


def _published(version: Version) -> dt.datetime:
    return dt.datetime.fromisoformat(version.manifest.published)
