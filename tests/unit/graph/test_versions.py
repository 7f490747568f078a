"""Versions are immutable, published in one step, and can be gone back to."""

from __future__ import annotations

import datetime as dt
import errno
import os
from pathlib import Path

import pytest
from rdflib import PROV, Graph, Literal, URIRef

from peelgraph.graph import open_version, staging
from peelgraph.graph.comparison import difference
from peelgraph.graph.errors import (
    BaseDiffers,
    DataBusy,
    DataUnwritable,
    NoVersion,
    UnknownVersion,
    UsageError,
    VersionDamaged,
)
from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder, Version

IRIS = Iris()
NAME = IRIS.graph("reference", "force")
MOMENT = dt.datetime(2026, 11, 23, 10, 15, tzinfo=dt.UTC)


def graph_of(*values: str) -> Graph:
    """A graph that states *values* of one thing."""
    graph = Graph()
    for value in values:
        graph.add((URIRef("http://e.org/a"), URIRef("http://e.org/p"), Literal(value)))
    return graph


def publish(data: DataFolder, *values: str, moment: dt.datetime = MOMENT) -> Version | None:
    """Publish a version whose one graph states *values*."""
    with staged(data, IRIS) as stage:
        stage.replace_graphs({NAME: graph_of(*values)})
        return stage.publish(data, moment)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """An empty data folder."""
    return DataFolder(tmp_path / "data")


def test_publishing_makes_a_version_current(data: DataFolder) -> None:
    """What was published is what readers get."""
    version = publish(data, "one")
    assert version is not None
    assert version.name.startswith("20261123T101500Z-")
    assert data.pointer.readlink() == Path("versions") / version.name
    assert data.current().name == version.name
    assert len(data.current().store().graph(NAME)) == 1
    assert version.manifest.graphs[str(NAME)] == 1
    version.check()


def test_equal_content_publishes_nothing(data: DataFolder) -> None:
    """Running the same command every night must not fill the disk."""
    first = publish(data, "one", "two")
    assert publish(data, "two", "one", moment=MOMENT + dt.timedelta(days=1)) is None
    assert first is not None
    assert [v.name for v in data.versions()] == [first.name]


def test_equal_content_has_an_equal_digest_elsewhere_and_later(tmp_path: Path) -> None:
    """A digest that depends on machine, day or order proves nothing."""
    here, there = DataFolder(tmp_path / "here"), DataFolder(tmp_path / "there")
    publish(here, "one")
    first = publish(here, "one", "two")
    second = publish(there, "two", "one", moment=MOMENT + dt.timedelta(days=400))
    assert first is not None
    assert second is not None
    assert first.manifest.digest == second.manifest.digest


def test_content_back_to_an_earlier_state_in_the_same_second_gets_its_own_name(
    data: DataFolder,
) -> None:
    """Names never collide, however fast versions follow each other."""
    names = [getattr(publish(data, value), "name", None) for value in ("one", "two", "one")]
    assert len(set(names)) == 3
    assert None not in names


def test_rollback_and_forward(data: DataFolder) -> None:
    """An operator undoes a bad publish in one command."""
    first, second = publish(data, "one"), publish(data, "two")
    assert first is not None
    assert second is not None
    assert data.rollback().name == first.name
    assert data.current().name == first.name
    assert data.rollback(second.name[:20]).name == second.name
    with pytest.raises(UnknownVersion):
        data.rollback("1999")


def test_rollback_without_parent_says_so(data: DataFolder) -> None:
    """The first version has nothing before it."""
    publish(data, "one")
    with pytest.raises(UsageError, match="nothing came before"):
        data.rollback()


def test_prune_keeps_the_newest_and_the_current(data: DataFolder) -> None:
    """Pruning can never take away what is being served."""
    hour = dt.timedelta(hours=1)
    first = publish(data, "one")
    publish(data, "two", moment=MOMENT + hour)
    third = publish(data, "three", moment=MOMENT + 2 * hour)
    assert first is not None
    assert third is not None
    data.rollback(first.name)
    assert len(data.prune(keep=1)) == 1
    assert [v.name for v in data.versions()] == [first.name, third.name]
    assert data.prune(keep=0) == [third.name]


def test_difference_names_the_quads(data: DataFolder) -> None:
    """What changed between two versions, exactly."""
    first, second = publish(data, "one"), publish(data, "two")
    assert first is not None
    assert second is not None
    changed = difference(first, second)
    assert any('"two"' in line for line in changed.added)
    assert any('"one"' in line for line in changed.removed)


def test_no_version_says_what_to_do(data: DataFolder) -> None:
    """A newcomer who queries before building is told to build."""
    with pytest.raises(NoVersion, match="peelgraph build"):
        data.current()
    assert data.versions() == []


def test_a_second_writer_is_refused(data: DataFolder) -> None:
    """Two publishes at once would each miss the other's change."""
    with staged(data, IRIS), pytest.raises(DataBusy), staged(data, IRIS):
        pass


def test_another_base_is_refused(data: DataFolder) -> None:
    """One data folder holds one set of IRIs."""
    publish(data, "one")
    with pytest.raises(BaseDiffers, match="base"), staged(data, Iris("https://example.org/x")):
        pass


def test_leftovers_of_a_dead_writer_are_removed(data: DataFolder) -> None:
    """A crash leaves rubbish; the next writer sweeps it."""
    publish(data, "one")
    rubbish = data.versions_folder / ".staging-1-dead"
    rubbish.mkdir()
    (data.path / ".current-1").symlink_to("versions/none")
    publish(data, "two")
    assert not rubbish.exists()
    assert not (data.path / ".current-1").is_symlink()


def test_damage_is_seen(data: DataFolder) -> None:
    """A flipped bit in a dump must not be served as the truth."""
    version = publish(data, "one")
    assert version is not None
    version.quads_file.write_bytes(version.quads_file.read_bytes().replace(b"one", b"0ne"))
    with pytest.raises(VersionDamaged, match="SHA-256"):
        version.check()
    (version.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(VersionDamaged, match="manifest"):
        data.current()


def test_disk_full_while_publishing_keeps_the_old_version(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing already published is lost, and the message says what to do."""
    first = publish(data, "one")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(staging, "sync_file", full)
    with pytest.raises(DataUnwritable, match="No space left"):
        publish(data, "two")
    monkeypatch.undo()
    assert first is not None
    assert data.current().name == first.name
    assert not list(data.versions_folder.glob(".staging-*"))
    assert publish(data, "two") is not None


def test_open_version_gives_rdflib_users_the_current_data(data: DataFolder) -> None:
    """A notebook needs one call."""
    version = publish(data, "one")
    assert version is not None
    subject = URIRef("http://e.org/a")
    for path in (data.path, str(data.path), version.folder):
        assert [str(value) for value in open_version(path).objects(subject)] == ["one"]


def test_a_literal_that_names_a_clock_is_content(data: DataFolder) -> None:
    """Only the capture time of documents stays out of the digest, not every line that looks so."""
    first = publish(data, f"one <{PROV.generatedAtTime}> two")
    second = publish(data, f"one <{PROV.generatedAtTime}> three")
    assert first is not None
    assert second is not None
    timed = Graph()
    timed.add((URIRef("http://e.org/a"), PROV.generatedAtTime, Literal("2020")))
    with staged(data, IRIS) as stage:
        stage.replace_graphs({IRIS.graph("external", "mine"): timed})
        assert stage.publish(data, MOMENT) is not None


def test_a_damaged_version_does_not_stand_in_the_way(data: DataFolder) -> None:
    """The remedy that the message names must work, and strangers' folders are left alone."""
    first, second = publish(data, "one"), publish(data, "two", moment=MOMENT + dt.timedelta(1))
    assert first is not None
    assert second is not None
    (data.versions_folder / "lost+found").mkdir()
    (second.folder / "manifest.json").write_text("{", encoding="utf-8")
    assert [v.name for v in data.versions()] == [first.name]
    assert data.damaged() == [second.name]
    assert data.rollback().name == first.name
    assert data.prune(keep=5) == [second.name]
    assert (data.versions_folder / "lost+found").is_dir()


def test_a_lost_pointer_is_put_back(data: DataFolder) -> None:
    """History must not start again because a link is gone."""
    publish(data, "one")
    second = publish(data, "two", moment=MOMENT + dt.timedelta(1))
    assert second is not None
    data.pointer.unlink()
    assert data.current().name == second.name
    third = publish(data, "three", moment=MOMENT + dt.timedelta(2))
    assert third is not None
    assert third.manifest.parent == second.name
    assert data.current().name == third.name
