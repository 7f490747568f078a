"""`peelgraph build`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from peelgraph.graph.build import Built
from peelgraph.graph.versions import DataFolder
from peelgraph.server.cli import build as build_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from conftest import Ended

KEYS = {
    "schema",
    "version",
    "published",
    "changed",
    "dry_run",
    "base",
    "quads",
    "digest",
    "seconds",
}


def test_same_content_publishes_nothing_and_says_so(
    peelgraph: Callable[..., Ended], built_data: Path, tmp_path: Path
) -> None:
    """A build in a nightly job must not pile up equal versions."""
    data = DataFolder(shutil.copytree(built_data, tmp_path / "data", symlinks=True))
    before = data.current().name
    ended = peelgraph("build", "--data", data.path)
    assert ended.code == 0
    assert ended.out.startswith(f"Nothing changed: {before}, ")
    assert [version.name for version in data.versions()] == [before]


def test_dry_run_says_what_it_would_publish_and_writes_nothing(
    peelgraph: Callable[..., Ended],
    built_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The work is done in another folder; here a copy stands for its slow part."""

    def quick(place: DataFolder, *_: object) -> Built:
        shutil.copytree(built_data, place.path, symlinks=True, dirs_exist_ok=True)
        return Built(place.current(), published=True)

    monkeypatch.setattr(build_command, "build", quick)
    data = tmp_path / "data"
    ended = peelgraph("build", "--dry-run", "--json", "--data", data)
    assert ended.code == 0
    assert set(ended.json) == KEYS
    assert ended.json["schema"] == "peelgraph/build/1"
    assert ended.json["changed"]
    assert not ended.json["published"]
    assert ended.json["digest"] == DataFolder(built_data).current().manifest.digest
    assert not data.exists()


def test_another_base_in_the_same_folder_is_refused(
    peelgraph: Callable[..., Ended], own_data: Path
) -> None:
    """Two bases in one folder would be two datasets under one pointer."""
    ended = peelgraph("build", "--base", "https://example.org/police", "--data", own_data)
    assert ended.code == 4
    assert "https://example.org/police" in ended.err


def test_base_that_is_no_iri_is_usage(peelgraph: Callable[..., Ended], tmp_path: Path) -> None:
    """It would be written into every IRI."""
    ended = peelgraph("build", "--base", "police", "--data", tmp_path / "data")
    assert ended.code == 2
    assert "--base" in ended.err
