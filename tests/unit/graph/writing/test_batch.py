"""One batch after another, in this process: what is published, and what is said of what was not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.audit import Audit
from peelgraph.graph.errors import (
    GraphChanged,
    GraphKept,
    PeelgraphError,
    UpdateFailed,
)
from peelgraph.graph.iris import Iris
from peelgraph.graph.versions import DataFolder
from peelgraph.graph.writing.batch import Divided, GroundMoved, carry_out
from peelgraph.graph.writing.ground import prepared
from peelgraph.graph.writing.model import Change, Kind, Outcome, Task

if TYPE_CHECKING:
    from pathlib import Path

    from peelgraph.graph.writing.ground import Ground

HELD, ON_DISK = 10**9, 0
UPDATES = (
    "INSERT DATA { <a:s> <a:p> [ <a:q> 'x' ] . GRAPH <a:g> { <a:s> <a:p> 1, 2 } }",
    """DELETE { GRAPH ?g { ?s ?p 1 } } INSERT { GRAPH <a:h> { ?s ?p _:new } }
    WHERE { GRAPH ?g { ?s ?p 1 } }""",
    "CREATE GRAPH <a:empty>; MOVE <a:g> TO <a:moved>",
    "CLEAR GRAPH <a:h>; COPY DEFAULT TO <a:copy>",
    "DROP ALL",
    "INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 'again' } }",
)


def update(text: str) -> Change:
    """An update."""
    return Change(kind=Kind.UPDATE, text=text, base="http://example.org/", request=text[:20])


def write(
    data: DataFolder, known: Ground, *changes: Change, held: int = HELD
) -> list[Outcome | PeelgraphError]:
    """Carry out *changes* as one batch."""
    task = Task(changes, memory=0, seconds=0, patience=0, keep=0)
    return carry_out(data, prepared(data, held, known), task, lambda: None)


def test_in_memory_and_on_disk_come_to_the_same(
    data: DataFolder, known: Ground, tmp_path: Path
) -> None:
    """The store on disk gets the difference; a quad lost on the way would never be missed."""
    other = DataFolder(tmp_path / "other")
    shutil.copytree(data.path, other.path, symlinks=True)
    for text in UPDATES:
        for folder, held in ((data, HELD), (other, ON_DISK)):
            (outcome,) = write(folder, known, update(text), held=held)
            assert isinstance(outcome, Outcome), outcome
            assert outcome.published
        here, there = data.current(), other.current()
        assert here.manifest.digest == there.manifest.digest
        assert here.manifest.graphs == there.manifest.graphs
        for version in (here, there):
            version.check()
            stored = version.store()
            assert sorted(stored.sorted_nquads()) == version.quads_file.read_text().splitlines()
            named = {str(name) for name in stored.graph_names()}
            assert named == set(version.manifest.graphs) - {"default"}


def test_each_of_a_batch_has_its_own_verdict(data: DataFolder, known: Ground) -> None:
    """One version for those that passed; the others are told why."""
    before = data.current().name
    outcomes = write(
        data,
        known,
        update("INSERT DATA { GRAPH <a:one> { <a:s> <a:p> 1 } }"),
        update("DROP GRAPH <a:none>"),
        Change(kind=Kind.PUT, graph="a:two", triples=b"<a:s> <a:p> <a:o> .\n", request="put"),
        Change(kind=Kind.PUT, graph="a:one", triples=b"", request="emptied"),
        Change(kind=Kind.DELETE, graph="a:seeded", request="delete"),
    )
    assert [type(each) for each in outcomes] == [Outcome, UpdateFailed, *[Outcome] * 3]
    assert [getattr(each, "created", None) for each in outcomes] == [
        False,
        None,
        True,
        False,
        False,
    ]
    current = data.current()
    assert current.manifest.parent == before
    assert current.manifest.graphs == {"a:one": 0, "a:two": 1}
    verdicts = [(entry["request"], entry["verdict"]) for entry in Audit(data.path).entries()]
    assert dict(verdicts)["put"] == "accepted"
    assert dict(verdicts)["DROP GRAPH <a:none>"] == "refused: update-failed"
    assert current.manifest.inputs["audit"] == next(Audit(data.path).newest_first())["hash"]


def test_one_that_breaks_a_shape_divides_the_batch(data: DataFolder, known: Ground) -> None:
    """Together they cannot be published; who is to blame shows when each is tried alone."""
    judgment = Iris().pi.Judgment
    bad = update(f"INSERT DATA {{ GRAPH <a:bad> {{ <a:j> a <{judgment}> }} }}")
    before = data.current().name
    with pytest.raises(Divided):
        write(data, known, update("INSERT DATA { <a:s> <a:p> 1 }"), bad)
    assert data.current().name == before
    (alone,) = write(data, known, bad)
    assert isinstance(alone, PeelgraphError)
    assert alone.slug == "not-conforming"
    assert data.current().name == before


CATALOGUE = Iris().graph("catalogue")
EVERYWHERE = "INSERT { GRAPH ?g { ?s <a:seen> true } } WHERE { GRAPH ?g { ?s ?p ?o } %s }"


@pytest.mark.parametrize("held", [HELD, ON_DISK])
@pytest.mark.parametrize(
    "text",
    [
        "CLEAR ALL",
        "CLEAR NAMED",
        "DROP ALL",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"CLEAR GRAPH <{CATALOGUE}>",
        f"DELETE WHERE {{ GRAPH <{CATALOGUE}> {{ ?s a ?kind }} }}",
        f"MOVE <{CATALOGUE}> TO <a:mine>",
        EVERYWHERE % f"FILTER (?g != <{CATALOGUE}>)",
    ],
)
def test_what_takes_from_the_catalogue_too_is_carried_out(
    data: DataFolder, known: Ground, text: str, held: int
) -> None:
    """Nobody who wipes a folder has the catalogue in mind; it is written anew, or is not due."""
    (outcome,) = write(data, known, update(text), held=held)
    assert isinstance(outcome, Outcome), outcome
    assert outcome.published
    data.current().check()
    assert str(CATALOGUE) not in data.current().manifest.graphs


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH <{CATALOGUE}> {{ <a:s> <a:p> 1 }} }}",
        f"CLEAR ALL; INSERT DATA {{ GRAPH <{CATALOGUE}> {{ <a:s> <a:p> 1 }} }}",
        f"COPY <a:seeded> TO <{CATALOGUE}>",
        EVERYWHERE % "",
    ],
)
def test_what_is_added_to_the_catalogue_is_refused(
    data: DataFolder, known: Ground, text: str
) -> None:
    """It would be lost, and the answer would have said that it is stored."""
    before = data.current().name
    (refused,) = write(data, known, update(text))
    assert isinstance(refused, GraphKept)
    assert refused.place == CATALOGUE
    assert data.current().name == before


def test_a_condition_is_looked_at_when_its_turn_comes(data: DataFolder, known: Ground) -> None:
    """The digest that a reader saw is compared with what is there now."""
    digest = data.current().manifest.graph_digests["a:seeded"]
    change = Change(
        kind=Kind.PUT, graph="a:seeded", triples=b"<a:s> <a:p> <a:o> .\n", matches=(digest,)
    )
    assert isinstance(write(data, known, change)[0], Outcome)
    assert isinstance(write(data, known, change)[0], GraphChanged)


def test_a_ground_that_has_moved_is_noticed(data: DataFolder, known: Ground) -> None:
    """Another process may have published since the quads were loaded."""
    ground = prepared(data, HELD, known)
    write(data, known, update("INSERT DATA { <a:s> <a:p> 1 }"))
    task = Task([update("INSERT DATA { <a:s> <a:p> 2 }")], 0, 0, 0, 0)
    with pytest.raises(GroundMoved):
        carry_out(data, ground, task, lambda: None)
