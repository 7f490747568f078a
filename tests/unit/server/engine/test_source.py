"""What a pool serves: a file in any syntax, a version in memory or on disk, the next version."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from peelgraph.graph.errors import (
    PeelgraphError,
    QueryCrashed,
    QueryForbidden,
    QueryMemory,
    RdfSyntaxError,
    ServerBusy,
    SourceMissing,
)
from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import Source, rdf_file
from peelgraph.server.protocol.tokens import outline

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = "application/sparql-results+json"
COUNT = Query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", union=True)
DEEP = Query("ASK { FILTER(" + "(" * 20_000 + "true" + ")" * 20_000 + ") }")
PADDING = "x" * 2000
HOARD = Query(
    f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), '{PADDING}')) AS ?n) {{ ?a ?b ?c . ?d ?e ?f }}",
    union=True,
)


def on_disk(quads: Path, data: Path) -> Source:
    """A version of *quads* that is too large for memory, as far as its manifest says."""
    folder = data / "versions" / "large" / "store"
    folder.parent.mkdir(parents=True)
    store = pyoxigraph.Store(str(folder))
    store.bulk_load(path=str(quads), format=pyoxigraph.RdfFormat.N_QUADS)
    store.flush()
    del store
    return Source(quads, 10**9, folder, "large")


@pytest.fixture
def disk_source(small_quads: Path, tmp_path: Path) -> Source:
    """A version too large for memory, as far as its manifest says."""
    return on_disk(small_quads, tmp_path / "data")


def test_a_version_beyond_the_budget_is_read_from_disk(
    disk_source: Source, limits: Limits, number: Callable[..., int]
) -> None:
    """Memory holds what fits; the rest is served all the same, and as safely."""
    with closing(WorkerPool(lambda: disk_source, workers=2, budget=1)) as pool:
        assert pool.status().held == "disk"
        assert number(pool, COUNT) == 3000
        with pytest.raises(QueryForbidden):
            pool.answer(Query("ASK { SERVICE <http://127.0.0.1:8/> {} }"), JSON, limits)
        with pytest.raises(QueryCrashed):
            pool.answer(DEEP, JSON, limits)
        with pytest.raises(QueryMemory):
            pool.answer(HOARD, JSON, replace(limits, memory_bytes=64 * 1024 * 1024))
        assert number(pool, COUNT) == 3000


def test_a_new_version_takes_over_without_a_failed_request(
    small_quads: Path,
    tmp_path: Path,
    limits: Limits,
    eventually: Callable[[Callable[[], bool]], bool],
) -> None:
    """Publishing happens while people ask."""
    other = tmp_path / "other.nq"
    shutil.copy(small_quads, other)
    with other.open("a") as file:
        file.write("<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n")
    sources = [Source(small_quads, name="old"), Source(other, name="new")]
    current = [sources[0]]
    with closing(WorkerPool(lambda: current[0], workers=2)) as pool:
        seen: list[tuple[str | None, bytes]] = []
        stop = threading.Event()
        failures: list[BaseException] = []

        def ask() -> None:
            while not stop.is_set():
                try:
                    answer = pool.answer(COUNT, "text/csv", limits)
                except PeelgraphError as error:
                    failures.append(error)
                    return
                seen.append((answer.version, answer.read()))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for source in (sources[0], sources[1], sources[0], sources[1]):
            current[0] = source
            pool.reload()
            assert eventually(lambda wanted=source.name: pool.version() == wanted)
            before = len(seen)
            assert eventually(lambda n=before: len(seen) > n + len(threads) or bool(failures))
            # One answer a thread may have been on its way, and be noted after any number of others.
            late = [name for name, _ in seen[before:] if name != source.name]
            assert len(late) <= len(threads), late
        stop.set()
        for thread in threads:
            thread.join()
        assert not failures
        assert set(seen) == {("old", b"n\r\n3000\r\n"), ("new", b"n\r\n3001\r\n")}


def test_a_version_that_cannot_be_read_does_not_take_over(
    small_quads: Path, tmp_path: Path, number: Callable[..., int]
) -> None:
    """The old version serves until a better one is there."""
    broken = tmp_path / "broken.nq"
    broken.write_text("this is not RDF\n")
    current = [Source(small_quads, name="old")]
    with closing(WorkerPool(lambda: current[0], workers=1)) as pool:
        asked = threading.Event()
        current[0] = Source(broken, name="broken")
        pool.reload()
        asked.wait(0.6)
        assert pool.version() == "old"
        assert number(pool, COUNT) == 3000


def test_a_version_whose_files_come_late_takes_over_by_itself(
    small_quads: Path,
    tmp_path: Path,
    number: Callable[..., int],
    eventually: Callable[[Callable[[], bool]], bool],
) -> None:
    """A slow disk or a copy under way is no reason to serve the old version for ever."""
    late = tmp_path / "late.nq"
    current = [Source(small_quads, name="old")]
    with closing(WorkerPool(lambda: current[0], workers=1)) as pool:
        current[0] = Source(late, name="new")
        pool.reload()
        threading.Event().wait(0.6)
        assert pool.version() == "old"
        shutil.copy(small_quads, tmp_path / "copy").rename(late)
        assert eventually(lambda: pool.version() == "new")
        assert number(pool, COUNT) == 3000


def test_after_a_crash_the_current_version_is_served_though_the_last_one_is_gone(
    small_quads: Path,
    tmp_path: Path,
    number: Callable[..., int],
    eventually: Callable[[Callable[[], bool]], bool],
    supervisor_of: Callable[[WorkerPool], int],
) -> None:
    """Old versions are removed; an intact current one must end the outage."""
    pruned = Path(shutil.copy(small_quads, tmp_path / "pruned.nq"))
    current = [Source(pruned, name="old")]
    with closing(WorkerPool(lambda: current[0], workers=1)) as pool:
        pruned.unlink()
        os.kill(supervisor_of(pool), signal.SIGKILL)
        current[0] = Source(small_quads, name="new")
        assert number(pool, COUNT) == 3000  # by a worker that outlived it a moment, perhaps
        assert eventually(lambda: pool.version() == "new")
        assert number(pool, COUNT) == 3000


def test_after_a_crash_the_last_version_is_served_though_the_current_one_is_damaged(
    small_quads: Path,
    tmp_path: Path,
    number: Callable[..., int],
    supervisor_of: Callable[[WorkerPool], int],
) -> None:
    """What was served until now is better than nothing."""
    current = [Source(small_quads, name="old")]
    with closing(WorkerPool(lambda: current[0], workers=1)) as pool:
        current[0] = Source(tmp_path / "absent.nq", name="new")
        os.kill(supervisor_of(pool), signal.SIGKILL)
        assert number(pool, COUNT) == 3000
        assert pool.version() == "old"


def test_an_outage_is_told_at_once_and_ends_by_itself(  # noqa: PLR0913, PLR0917 - fixtures
    small_quads: Path,
    tmp_path: Path,
    limits: Limits,
    caplog: pytest.LogCaptureFixture,
    eventually: Callable[[Callable[[], bool]], bool],
    supervisor_of: Callable[[WorkerPool], int],
) -> None:
    """Nobody waits longer than in the line; whoever watches sees it, and then sees it end."""
    only = Path(shutil.copy(small_quads, tmp_path / "only.nq"))
    with closing(WorkerPool(rdf_file(only), workers=1, patience=0.5)) as pool:
        away = only.rename(tmp_path / "away.nq")
        os.kill(supervisor_of(pool), signal.SIGKILL)
        assert eventually(lambda: not pool.ready())
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(ServerBusy):
                pool.answer(COUNT, JSON, limits)
            assert 0.4 < time.monotonic() - began < limits.timeout / 2
        stopped = pool.status().stopped
        assert not pool.ready()
        assert pool.status().stopped == stopped, "it waits for nothing, so nothing is sent away"
        away.rename(only)
        assert eventually(pool.ready)
    said = [each.getMessage() for each in caplog.records if each.name.startswith("peelgraph.")]
    assert len(said) == 3
    assert "cannot be loaded" in said[1] or "cannot be read" in said[1]


def test_workers_are_replaced_while_a_version_loads(
    small_quads: Path,
    tmp_path: Path,
    limits: Limits,
    number: Callable[..., int],
    eventually: Callable[[Callable[[], bool]], bool],
) -> None:
    """A large version loads for minutes; a crash in that time must not cost a worker."""
    slow = tmp_path / "slow.nq"
    os.mkfifo(slow)  # whoever loads it waits until someone writes to it
    current = [Source(small_quads, name="old")]
    with closing(WorkerPool(lambda: current[0], workers=1)) as pool:
        current[0] = Source(slow, name="new")
        with slow.open("w") as text:  # opens once the load has begun
            for _ in range(2):
                with pytest.raises(QueryCrashed):
                    pool.answer(DEEP, JSON, limits)
                assert number(pool, COUNT) == 3000
            assert pool.version() == "old"
            text.write("<urn:a> <urn:b> <urn:c> .\n")
        assert eventually(lambda: pool.version() == "new")


@pytest.mark.parametrize("error", [RuntimeError, ValueError, OSError])
def test_a_fault_of_the_pool_itself_does_not_end_its_threads(
    small_quads: Path,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
    number: Callable[..., int],
    eventually: Callable[[Callable[[], bool]], bool],
) -> None:
    """No thread to be had, a garbled reply: it is logged, and the next look goes on."""
    faults = [error("once")]
    current = [Source(small_quads, name="old")]

    def locate() -> Source:
        if current[0].name == "new" and faults:
            raise faults.pop()
        return current[0]

    with closing(WorkerPool(locate, workers=1)) as pool:
        current[0] = Source(small_quads, name="new")
        assert eventually(lambda: pool.version() == "new")
        assert pool.ready()
        assert number(pool, COUNT) == 3000
    ours = [each for each in caplog.records if each.name.startswith("peelgraph.")]
    assert [each.levelname for each in ours] == ["ERROR"]


def test_a_file_that_does_not_parse_is_the_callers_error(tmp_path: Path) -> None:
    """`serve --dataset` must say which file and where."""
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a> <b> .\n")
    with pytest.raises(RdfSyntaxError) as caught:
        WorkerPool(rdf_file(broken), workers=1)
    assert caught.value.place == str(broken)
    odd = tmp_path / "odd.xyz"
    odd.write_text("")
    with pytest.raises(RdfSyntaxError):
        WorkerPool(rdf_file(odd), workers=1)
    with pytest.raises(SourceMissing):
        rdf_file(tmp_path / "absent.ttl")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", "<urn:a> <urn:b> <urn:c> ."),
        ("a.nt", "<urn:a> <urn:b> <urn:c> ."),
        ("a.trig", "<urn:g> { <urn:a> <urn:b> <urn:c> }"),
        ("a.jsonld", '{"@id": "urn:a", "urn:b": {"@id": "urn:c"}}'),
        (
            "a.rdf",
            """<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <r:Description r:about="urn:a"><b xmlns="urn:" r:resource="urn:c"/></r:Description>
            </r:RDF>""",
        ),
    ],
)
def test_a_dataset_may_be_in_any_syntax(
    tmp_path: Path, name: str, text: str, number: Callable[..., int]
) -> None:
    """The extension says which."""
    path = tmp_path / name
    path.write_text(text)
    with closing(WorkerPool(rdf_file(path), workers=1)) as pool:
        ask = Query("SELECT (COUNT(*) AS ?n) { <urn:a> <urn:b> <urn:c> }", union=True)
        assert number(pool, ask) == 1


TWICE = """
<urn:a> <urn:b> <urn:c> <urn:g> .
<urn:a> <urn:b> <urn:c> <urn:h> .
_:x <urn:b> _:y <urn:h> .
<urn:a> <urn:b> <urn:d> <urn:i> .
"""
DATASETS = [
    ("{ ?s ?p ?o }", 3),
    ("{ GRAPH ?g { ?s ?p ?o } }", 4),
    ("FROM <urn:g> FROM <urn:h> { ?s ?p ?o }", 2),
    ("FROM <urn:g> FROM <urn:g> { ?s ?p ?o }", 1),
    ("FROM <urn:g> FROM <urn:none> { ?s ?p ?o }", 1),
    ("FROM <urn:none> { ?s ?p ?o }", 0),
    ("FROM NAMED <urn:g> { ?s ?p ?o }", 0),
    ("FROM NAMED <urn:g> { GRAPH ?g { ?s ?p ?o } }", 1),
    ("FROM <urn:g> FROM <urn:h> { GRAPH ?g { ?s ?p ?o } }", 0),
    ("FROM <urn:g> FROM <urn:h> FROM NAMED <urn:h> { ?s ?p ?o GRAPH <urn:h> { ?s ?p ?o } }", 2),
    ("FROM <urn:g> FROM <urn:h> { GRAPH <urn:x-peelgraph:merged> { ?s ?p ?o } }", 0),
]


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    """Three graphs, one triple of which stands in two."""
    path = tmp_path / "twice.nq"
    path.write_text(TWICE)
    return path


def counted(clauses: str) -> Query:
    """A count over what *clauses* say, as the endpoint would ask it."""
    text = f"SELECT (COUNT(*) AS ?n) {clauses}"
    known = outline(text)
    return Query(text, own_graphs=known.own_graphs, union=not known.own_dataset)


def test_every_default_graph_is_a_set(twice: Path, number: Callable[..., int]) -> None:
    """A table and a document that agree must not double every answer."""
    with closing(WorkerPool(rdf_file(twice), workers=1)) as pool:
        for clauses, found in DATASETS:
            assert number(pool, counted(clauses)) == found, clauses
        assert pool.status().quads == 4
        both = ("urn:g", "urn:h")
        assert number(pool, Query(COUNT.text, default_graphs=both)) == 2
        text = counted("FROM <urn:i> FROM <urn:g> { ?s ?p ?o }").text
        overridden = Query(text, default_graphs=both, own_graphs="x")
        assert number(pool, overridden) == 2
        assert number(pool, COUNT) == 3
        assert number(pool, replace(COUNT, names_graphs=False)) == 3
    with closing(WorkerPool(rdf_file(twice), workers=1, union=False)) as pool:
        assert number(pool, Query(COUNT.text)) == 0
        assert number(pool, Query(COUNT.text, default_graphs=both)) == 2


def test_a_version_on_disk_gives_the_same_answers(
    tmp_path: Path, number: Callable[..., int]
) -> None:
    """What does not fit into memory has the same default graph; it is made once a version."""
    named = tmp_path / "named.nq"
    named.write_text(TWICE.replace("_:x", "<urn:x>").replace("_:y", "<urn:y>"))
    source = on_disk(named, tmp_path / "data")
    unions = tmp_path / "data" / "unions"
    for name in ("gone", f".unfinished-{2**22 + 1}"):
        (unions / name).mkdir(parents=True)
    with closing(WorkerPool(lambda: source, workers=1, budget=1)) as pool:
        assert pool.status().held == "disk"
        for clauses, found in DATASETS:
            assert number(pool, counted(clauses)) == found, clauses
    assert [each.name for each in unions.iterdir()] == ["large"]
    made = (unions / "large").stat().st_mtime_ns
    with closing(WorkerPool(lambda: source, workers=1, budget=1)) as pool:
        assert number(pool, COUNT) == 3
    assert (unions / "large").stat().st_mtime_ns == made
    with closing(WorkerPool(lambda: source, workers=1, budget=1, union=False)) as pool:
        assert number(pool, Query(COUNT.text)) == 0


def test_a_version_whose_union_cannot_be_made_is_served_all_the_same(
    twice: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, number: Callable[..., int]
) -> None:
    """On a read-only disk the engine's own union answers, which repeats what graphs share."""
    source = on_disk(twice, tmp_path / "data")
    (tmp_path / "data" / "unions").write_text("no folder")
    with closing(WorkerPool(lambda: source, workers=1, budget=1)) as pool:
        assert "is repeated" in caplog.text
        assert number(pool, COUNT) == 4
        for clauses, found in DATASETS[2:]:
            assert number(pool, counted(clauses)) == found, clauses
