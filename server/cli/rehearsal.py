"""Dry runs: the same work on a scratch folder that begins with the same current version."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph.graph.reviews import Reviews
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def rehearsed(folder: DataFolder, *, dry_run: bool) -> Generator[DataFolder, None, None]:
    """Yield *folder*, or for a dry run a scratch folder in its place that is deleted afterwards.

    The scratch folder shares the current version and the corrections by links, so that everything
    up to publishing is really done and everything that would be refused is refused.
    """
    if not dry_run:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="peelgraph-") as scratch:
        rehearsal = DataFolder(Path(scratch))
        if folder.has_version():
            current = folder.current()
            rehearsal.versions_folder.mkdir()
            link = rehearsal.versions_folder / current.name
            link.symlink_to(current.folder.resolve())
            rehearsal.switch(current.name)
            corrections = Reviews(folder.path).file
            if corrections.exists():
                Reviews(rehearsal.path).file.symlink_to(corrections.resolve())
        yield rehearsal
