"""`peelgraph versions`: list, show, diff, rollback, prune."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.iris import Iris
from peelgraph.graph.load import RdfSource, load
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended

NOTES = b"<http://example.org/a> <http://example.org/says> 'one', 'two' ."
SUMMARY_KEYS = {"name", "published", "quads", "digest", "parent", "base", "current"}


@pytest.fixture(scope="session")
def with_parent(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose current version has a parent; read-only."""
    folder = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(built_data, folder, symlinks=True)
    notes = RdfSource("Field notes.ttl", NOTES, RdfSyntax.TTL)
    loaded = load(DataFolder(folder), [notes], Iris(), dt.datetime(2026, 2, 3, tzinfo=dt.UTC))
    assert loaded.version is not None
    return folder


@pytest.fixture
def two_versions(with_parent: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to write to."""
    folder = tmp_path / "data"
    shutil.copytree(with_parent, folder, symlinks=True)
    return folder


def test_list_and_show(peelgraph: Callable[..., Ended], two_versions: Path) -> None:
    """What is there, and which one serves."""
    current = DataFolder(two_versions).current()
    listed = peelgraph("versions", "list", "--json", "--data", two_versions).json
    assert set(listed) == {"schema", "current", "versions"}
    assert peelgraph("versions", "--json", "--data", two_versions).json == listed
    assert listed["current"] == current.name
    assert [set(each) for each in listed["versions"]] == [SUMMARY_KEYS] * 2
    assert [each["current"] for each in listed["versions"]] == [False, True]
    shown = peelgraph("versions", "show", "--json", "--data", two_versions).json
    assert set(shown) == {"schema", "graphs", "inputs", "tools"} | SUMMARY_KEYS
    assert shown["graphs"]["https://w3id.org/peelgraph/graph/external/field-notes"] == 2
    lines = peelgraph("versions", "list", "--data", two_versions).out.splitlines()
    assert lines[0].split("\t") == ["current", "name", "published", "quads", "parent"]
    assert lines[2].startswith(f"*\t{current.name}\t")


def test_show_of_an_unknown_version_is_4(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """A wrong name is told as such."""
    ended = peelgraph("versions", "show", "1999", "--data", built_data)
    assert ended.code == 4
    assert "'1999'" in ended.err


def test_diff_counts_and_shows_lines_and_ends_with_1(
    peelgraph: Callable[..., Ended], two_versions: Path
) -> None:
    """Exit 1 where they differ, 0 where not, as diff(1) has it."""
    found = peelgraph("versions", "diff", "--lines", "--json", "--data", two_versions)
    assert found.code == 1
    assert set(found.json) == {"schema", "old", "new", "added", "removed", "graphs", "lines"}
    external = "https://w3id.org/peelgraph/graph/external/field-notes"
    assert {"graph": external, "added": 2, "removed": 0} in found.json["graphs"]
    text = peelgraph("versions", "diff", "--lines", "--data", two_versions).out
    assert f'+ <http://example.org/a> <http://example.org/says> "one" <{external}> .\n' in text
    name = DataFolder(two_versions).current().name
    same = peelgraph("versions", "diff", name, name, "--data", two_versions)
    assert (same.code, same.out.splitlines()) == (0, ["graph\tadded\tremoved"])


def test_diff_without_parent_is_usage(peelgraph: Callable[..., Ended], built_data: Path) -> None:
    """The first version has nothing before it."""
    assert peelgraph("versions", "diff", "--data", built_data).code == 2


def test_rollback_is_rehearsed_and_done(
    peelgraph: Callable[..., Ended], two_versions: Path
) -> None:
    """The dry run leaves the pointer alone; the real one moves it."""
    old, new = (version.name for version in DataFolder(two_versions).versions())
    rehearsed = peelgraph("versions", "rollback", "--dry-run", "--json", "--data", two_versions)
    assert rehearsed.json == {
        "schema": "peelgraph/rollback/1",
        "version": old,
        "before": new,
        "dry_run": True,
    }
    assert DataFolder(two_versions).current().name == new
    done = peelgraph("versions", "rollback", "--data", two_versions)
    assert done.out == f"Current is {old} (before: {new})\n"
    assert DataFolder(two_versions).current().name == old


def test_rollback_refuses_a_damaged_version(
    peelgraph: Callable[..., Ended], two_versions: Path
) -> None:
    """Going back to something broken would be worse than staying."""
    old = DataFolder(two_versions).versions()[0]
    old.quads_file.write_bytes(b"")
    assert peelgraph("versions", "rollback", "--dry-run", "--data", two_versions).code == 4
    assert peelgraph("versions", "rollback", "--data", two_versions).code == 4


def test_prune_keeps_the_newest(peelgraph: Callable[..., Ended], two_versions: Path) -> None:
    """What the dry run names is what the real run deletes."""
    arguments = ("versions", "prune", "--keep", "1", "--json", "--data", two_versions)
    old, new = (version.name for version in DataFolder(two_versions).versions())
    assert peelgraph(*arguments, "--dry-run").json["deleted"] == [old]
    assert len(DataFolder(two_versions).versions()) == 2
    assert peelgraph(*arguments).json == {
        "schema": "peelgraph/prune/1",
        "deleted": [old],
        "keep": 1,
        "dry_run": False,
    }
    assert [version.name for version in DataFolder(two_versions).versions()] == [new]
    again = peelgraph("versions", "prune", "--keep", "1", "--data", two_versions)
    assert again.out == "Nothing to delete\n"


def test_a_damaged_current_version_is_rolled_back_from(
    peelgraph: Callable[..., Ended], two_versions: Path
) -> None:
    """The advice that the error gives must work."""
    folder = DataFolder(two_versions)
    first, second = (version.name for version in folder.versions())
    (folder.versions_folder / second / "manifest.json").write_text("{", encoding="utf-8")
    listed = peelgraph("versions", "list", "--data", two_versions)
    assert listed.code == 0
    assert f"{second} is damaged" in listed.err
    assert peelgraph("versions", "rollback", "--data", two_versions).code == 0
    assert folder.current().name == first
