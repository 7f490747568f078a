"""Dry runs happen elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelgraph.graph.versions import DataFolder
from peelgraph.server.cli.rehearsal import rehearsed

if TYPE_CHECKING:
    from pathlib import Path


def test_rehearsal_begins_with_the_same_version_and_leaves_nothing(own_data: Path) -> None:
    """What is done in it is done to a link, and undone with it."""
    folder = DataFolder(own_data)
    before = sorted(own_data.iterdir())
    with rehearsed(folder, dry_run=True) as place:
        scratch = place.path
        assert scratch != folder.path
        assert place.current().manifest == folder.current().manifest
        place.captures.mkdir()
    assert not scratch.exists()
    assert sorted(own_data.iterdir()) == before
    folder.current().check()


def test_real_run_is_in_place(tmp_path: Path) -> None:
    """No rehearsal where none was asked for."""
    folder = DataFolder(tmp_path)
    with rehearsed(folder, dry_run=False) as place:
        assert place is folder
