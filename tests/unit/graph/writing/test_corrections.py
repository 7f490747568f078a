"""What the audit says of a write whose writer was killed, or whose version is gone, is true."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef

from peelgraph.graph.announced import announce
from peelgraph.graph.audit import Audit, Entry, entry_of
from peelgraph.graph.errors import VersionDamaged
from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder, Version
from peelgraph.graph.writing.batch import carry_out
from peelgraph.graph.writing.corrections import uncertain
from peelgraph.graph.writing.ground import prepared
from peelgraph.graph.writing.model import Change, Kind, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peelgraph.graph.writing.ground import Ground

LATER = dt.datetime(2050, 1, 1, tzinfo=dt.UTC)


def update(text: str) -> Change:
    """An update."""
    return Change(kind=Kind.UPDATE, text=text, base="http://example.org/", request=text[:20])


def write(data: DataFolder, known: Ground, *changes: Change) -> None:
    """Carry out *changes* as one batch."""
    task = Task(changes, memory=0, seconds=0, patience=0, keep=0)
    carry_out(data, prepared(data, 10**9, known), task, lambda: None)


def test_a_version_that_was_announced_and_never_came_is_corrected(
    data: DataFolder, known: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is on disk before the pointer is switched; a failure between is said."""
    before = data.current().name

    def damaged(_: Version) -> None:
        raise VersionDamaged("as a test has it")

    with monkeypatch.context() as patched:
        patched.setattr(Version, "check", damaged)
        with pytest.raises(VersionDamaged):
            write(data, known, update("INSERT DATA { <a:s> <a:p> 1 }"))
    assert data.current().name == before
    verdicts = [entry["verdict"] for entry in Audit(data.path).entries()]
    assert verdicts == ["accepted", "interrupted"]


class Killed(BaseException):
    """Ends a batch without anything being done about it, as SIGKILL does."""


def batch_of_three() -> list[Change]:
    """Two that can be carried out, and between them one that cannot."""
    return [
        update("INSERT DATA { <a:s> <a:p> 1 }"),
        update("DROP GRAPH <a:none>"),
        Change(kind=Kind.PUT, graph="a:g", triples=b"<a:s> <a:p> <a:o> .\n", request="put"),
    ]


def audited(data: DataFolder) -> list[tuple[str, str]]:
    """Request and verdict of every entry of the audit."""
    return [(entry["request"][:6], entry["verdict"]) for entry in Audit(data.path).entries()]


ANNOUNCED = [("INSERT", "accepted"), ("DROP G", "refused: update-failed"), ("put", "accepted")]
CORRECTED = [("INSERT", "interrupted"), ("put", "interrupted")]


@pytest.mark.parametrize("ending", [VersionDamaged, Killed])
def test_each_change_of_a_batch_that_never_came_is_corrected(
    data: DataFolder, known: Ground, monkeypatch: pytest.MonkeyPatch, ending: type[BaseException]
) -> None:
    """By the batch itself where it can, else by the next, far back as the entries may stand."""
    before = data.current().name
    audit = Audit(data.path)

    def ended(_: Version) -> None:
        raise ending("as a test has it")

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(Version, "check", ended)
            with pytest.raises(ending):
                write(data, known, *batch_of_three())
    if ending is VersionDamaged:
        assert audited(data) == [*ANNOUNCED, *CORRECTED] * 2
    else:
        assert audited(data) == [*ANNOUNCED, *CORRECTED, *ANNOUNCED]
    assert data.current().name == before
    refused = replace(next(audit_entries(data)), request="late", verdict="refused: query-syntax")
    audit.append([refused] * 300)
    assert audit.file.stat().st_size > 64 * 1024
    write(data, known, *batch_of_three())
    late = [("late", "refused: query-syntax")] * 300
    corrected = [] if ending is VersionDamaged else CORRECTED
    assert audited(data)[-303 - len(corrected) :] == [*late, *corrected, *ANNOUNCED]
    write(data, known, update("INSERT DATA { <a:s> <a:p> 2 }"))
    assert audited(data)[-4:] == [*ANNOUNCED, ("INSERT", "accepted")]
    assert audit.verify() == []


def test_corrections_that_were_cut_short_are_completed(
    data: DataFolder, known: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer may be killed while it corrects, too."""
    with monkeypatch.context() as patched:
        patched.setattr(Version, "check", lambda _: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            write(data, known, *batch_of_three())
    first = next(audit_entries(data))
    Audit(data.path).append([replace(first, verdict="interrupted", after=first.before)])
    write(data, known, update("INSERT DATA { <a:s> <a:p> 2 }"))
    assert audited(data)[3:] == [*CORRECTED, ("INSERT", "accepted")]


def test_a_version_that_came_and_was_pruned_is_not_corrected(
    data: DataFolder, known: Ground
) -> None:
    """What the command line has published since stands on it."""
    write(data, known, update("INSERT DATA { <a:s> <a:p> 1 }"))
    graph = Graph()
    graph.add((URIRef("a:s"), URIRef("a:p"), Literal("loaded")))
    with staged(data, Iris()) as stage:
        stage.replace_graphs({URIRef("a:loaded"): graph})
        stage.publish(data, LATER)
    assert len(data.prune(1)) == 2
    write(data, known, update("INSERT DATA { <a:s> <a:p> 2 }"))
    assert audited(data) == [("INSERT", "accepted")] * 2


@pytest.mark.parametrize("then", ["write", "prune", "roll back"])
def test_a_version_that_never_served_is_corrected_and_removed(
    data: DataFolder, known: Ground, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    """A writer may be killed between the rename of its folder and the switch of the pointer.

    Whoever asked was told of nothing, so nothing of it may count, whatever command comes next.
    """
    write(data, known, update("INSERT DATA { <a:s> <a:p> 0 }"))
    served = data.current().name

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(DataFolder, "switch", killed)
        with pytest.raises(Killed):
            write(data, known, *batch_of_three())
    (orphan,) = set(data.names()) - {served, data.current().manifest.parent}
    if then == "prune":
        data.prune(2)
    elif then == "roll back":
        assert data.rollback(served).name == served
    assert then == "write" or orphan not in data.names()
    assert uncertain(data, list(Audit(data.path).entries())) == {2, 4}
    write(data, known, update("INSERT DATA { <a:s> <a:p> 2 }"))
    assert audited(data)[1:] == [*ANNOUNCED, *CORRECTED, ("INSERT", "accepted")]
    assert orphan not in data.names()
    assert data.current().manifest.parent == served


@pytest.mark.parametrize("killed", [False, True])
def test_a_version_that_was_rolled_back_from_and_pruned_had_come(
    data: DataFolder, known: Ground, monkeypatch: pytest.MonkeyPatch, *, killed: bool
) -> None:
    """It served, and who asked for it was told so; that it does no more makes nothing untrue."""
    before = data.current().name

    def ended(_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if killed:  # as soon as the pointer is switched
            patched.setattr("peelgraph.graph.writing.batch.settle", ended)
            with pytest.raises(Killed):
                write(data, known, *batch_of_three())
        else:
            write(data, known, *batch_of_three())
    assert data.current().name != before
    assert uncertain(data, list(Audit(data.path).entries())) == set()
    data.rollback()
    assert len(data.prune(0)) == 1
    write(data, known, update("INSERT DATA { <a:s> <a:p> 2 }"))
    assert audited(data) == [*ANNOUNCED, ("INSERT", "accepted")]
    assert data.current().manifest.parent == before


def audit_entries(data: DataFolder) -> Iterator[Entry]:
    """Yield the entries of the audit, oldest first."""
    return map(entry_of, Audit(data.path).entries())


def test_what_a_killed_writer_announced_is_corrected_by_the_next(
    data: DataFolder, known: Ground
) -> None:
    """The killed one cannot say so itself."""
    before = data.current().name
    announced = Entry(
        time="2026-11-26T10:00:00+00:00",
        request="killed",
        token="t",  # noqa: S106 - an id
        scope="update",
        route="POST /update",
        graph="",
        body="",
        before=before,
        after="20261126T100000Z-00000000",
        verdict="accepted",
    )
    announce(data.path, announced.after)
    Audit(data.path).append([announced])
    assert uncertain(data, list(Audit(data.path).entries())) == {1}
    write(data, known, update("INSERT DATA { <a:s> <a:p> 1 }"))
    entries = [(e["request"], e["verdict"], e["after"]) for e in Audit(data.path).entries()]
    assert entries[1] == ("killed", "interrupted", before)
    assert entries[2][1] == "accepted"
    assert Audit(data.path).verify() == []
    assert uncertain(data, list(Audit(data.path).entries())) == set()
