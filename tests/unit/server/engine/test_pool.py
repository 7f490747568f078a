"""Whatever a query does, the pool answers the next one."""

from __future__ import annotations

import gc
import os
import signal
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peelgraph.graph.errors import (
    CallerGone,
    PeelgraphError,
    QueryCrashed,
    QueryForbidden,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
    ResultTooLarge,
    ServerBusy,
)
from peelgraph.server.engine import generation
from peelgraph.server.engine.interface import Caller, Limits, Query
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.engine.source import rdf_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JSON = "application/sparql-results+json"
COUNT = Query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", union=True)
CROSS = Query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", union=True)
PADDING = "x" * 2000
HOARD = Query(
    f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), '{PADDING}')) AS ?n) {{ ?a ?b ?c . ?d ?e ?f }}",
    union=True,
)
DEEP = Query("ASK { FILTER(" + "(" * 20_000 + "true" + ")" * 20_000 + ") }")
LARGE = Query("SELECT * { ?a ?b ?c . ?d ?e ?f }", union=True)


def children_of(pid: int) -> list[int]:
    """Process ids of the children of *pid*, which has one thread."""
    return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def has_ended(pid: int) -> bool:
    """Whether *pid* is a process of which no thread is left, noticed by its parent or not yet.

    As long as another thread than the first is left, what the process has open stays open.
    """
    try:
        state, *others = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z" and int(others[16]) <= 1


def pages_taken(pid: int) -> int:
    """How many pages of memory *pid* was given or has copied."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[7])


def descriptors() -> int:
    """How many descriptors this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_pool_answers_and_says_how_it_is(pool: WorkerPool, number: Callable[..., int]) -> None:
    """The figures are what operators and `doctor` read."""
    assert number(pool, COUNT) == 3000
    assert pool.ready()
    status = pool.status()
    assert (status.held, status.quads, status.workers) == ("memory", 3000, 2)
    assert (status.busy, status.waiting, status.version) == (0, 0, None)


@pytest.mark.parametrize(
    ("query", "media_type", "start"),
    [
        (COUNT, JSON, b'{"head"'),
        (COUNT, "application/sparql-results+xml", b"<?xml"),
        (COUNT, "text/csv", b"n\r\n3000\r\n"),
        (COUNT, "text/tab-separated-values", b"?n\n3000"),
        (Query("ASK {}"), "text/csv", b"true"),
        (Query("DESCRIBE <http://example.org/thing/1>", union=True), "text/turtle", b"<http"),
        (Query("CONSTRUCT WHERE { ?s ?p ?o }"), "application/n-triples", b""),
        (Query("CONSTRUCT { ?s a ?o } WHERE { ?s ?p ?o }"), "application/rdf+xml", b"<?xml"),
        (Query("CONSTRUCT WHERE { ?s <urn:none> ?o }"), "application/ld+json", b"[]"),
    ],
)
def test_every_format_is_served(
    pool: WorkerPool, limits: Limits, query: Query, media_type: str, start: bytes
) -> None:
    """The formats on offer are those the worker can write."""
    answer = pool.answer(query, media_type, limits)
    body = answer.read()
    assert answer.media_type == media_type
    assert body.startswith(start)
    assert len(body) == answer.size


GRAPH = "http://example.org/graph/{}"
FROM_GRAPH_2 = "SELECT (COUNT(*) AS ?n) FROM <http://example.org/graph/2> { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(COUNT.text, default_graphs=(GRAPH.format(0),), union=True), 1000),
        (Query(COUNT.text, named_graphs=(GRAPH.format(0),), union=True), 0),
        (
            Query(
                "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
                named_graphs=(GRAPH.format(0), GRAPH.format(1)),
            ),
            2000,
        ),
        (
            Query(
                FROM_GRAPH_2,
                default_graphs=(GRAPH.format(9),),
            ),
            0,
        ),
        (Query(FROM_GRAPH_2), 1000),
    ],
)
def test_the_dataset_is_the_one_asked_for(
    pool: WorkerPool, query: Query, found: int, number: Callable[..., int]
) -> None:
    """The protocol's dataset replaces the query's, and both replace the store's."""
    assert number(pool, query) == found


FAULTS: list[tuple[Query, dict[str, float], type[PeelgraphError]]] = [
    (CROSS, {"timeout": 0.5}, QueryTimeout),
    (HOARD, {"memory_bytes": 64 * 1024 * 1024}, QueryMemory),
    (DEEP, {}, QueryCrashed),
    (LARGE, {}, ResultTooLarge),
    (Query("SELECT {"), {}, QuerySyntax),
    (Query("ASK {} ", default_graphs=("relative",)), {}, QuerySyntax),
]


@pytest.mark.parametrize(("query", "tighter", "error"), FAULTS)
def test_a_fault_has_its_own_error_and_the_pool_goes_on(  # noqa: PLR0913, PLR0917 - columns, fixtures
    pool: WorkerPool,
    limits: Limits,
    query: Query,
    tighter: dict[str, float],
    error: type[PeelgraphError],
    number: Callable[..., int],
    eventually: Callable[[Callable[[], bool]], bool],
    supervisor_of: Callable[[WorkerPool], int],
) -> None:
    """The reason tells the client what to change; everyone else sees nothing."""
    with pytest.raises(PeelgraphError) as caught:
        pool.answer(query, JSON, replace(limits, **tighter))  # type: ignore[arg-type]  # the table's
    assert type(caught.value) is error
    assert number(pool, COUNT) == 3000
    assert eventually(lambda: len(children_of(supervisor_of(pool))) == 2)


def test_a_worker_that_has_answered_is_used_again(
    pool: WorkerPool, limits: Limits, supervisor_of: Callable[[WorkerPool], int]
) -> None:
    """A fork for every query would cost more than most queries."""
    before = set(children_of(supervisor_of(pool)))
    for _ in range(20):
        pool.answer(COUNT, JSON, limits)
        with pytest.raises(QuerySyntax):
            pool.answer(Query("SELECT"), JSON, limits)
        with pytest.raises(ResultTooLarge):
            pool.answer(LARGE, JSON, replace(limits, result_bytes=100))
    assert set(children_of(supervisor_of(pool))) == before


def test_a_large_answer_is_spooled_and_whole(pool: WorkerPool, limits: Limits) -> None:
    """Memory of the web process must not grow with an answer."""
    query = Query("SELECT ?a ?d { ?a <http://example.org/property/0> ?x . ?d ?p ?o }", union=True)
    limited = Query(f"{query.text} LIMIT 100000", union=True)
    answer = pool.answer(limited, "text/csv", replace(limits, result_bytes=50_000_000))
    assert not isinstance(answer.body, bytes)
    body = answer.read()
    assert len(body) == answer.size
    assert body.count(b"\r\n") == 100_001


def test_a_query_that_reaches_out_is_stopped_in_the_worker(
    pool: WorkerPool, limits: Limits, listener: Callable[[], int]
) -> None:
    """The checker of texts may be fooled; the worker has no socket to fool."""
    port = listener()
    for host in ("127.0.0.1", "localhost"):
        address = f"http://{host}:{port}/"
        with pytest.raises(QueryForbidden):
            pool.answer(Query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"), JSON, limits)
        silent = Query(f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}")
        pool.answer(silent, JSON, limits)


@contextmanager
def long_queries(pool: WorkerPool, limits: Limits, *names: str) -> Iterator[list[PeelgraphError]]:
    """Have callers of those *names* ask what never ends until they go; their errors, then."""
    going = threading.Event()
    errors: list[PeelgraphError] = []

    def hoard(name: str) -> None:
        try:
            pool.answer(CROSS, JSON, replace(limits, timeout=600), Caller(name, going.is_set))
        except PeelgraphError as error:
            errors.append(error)

    callers = [threading.Thread(target=hoard, args=(name,)) for name in names]
    for caller in callers:
        caller.start()
    try:
        yield errors
    finally:
        going.set()
        for caller in callers:
            caller.join()


@pytest.mark.parametrize(("places", "said"), [(0, "the queue is full"), (1, "no worker came free")])
def test_requests_beyond_the_line_are_sent_away(
    small_quads: Path,
    limits: Limits,
    places: int,
    said: str,
    eventually: Callable[[Callable[[], bool]], bool],
) -> None:
    """A full house must say so at once, and waiting has an end."""
    patience = 0.2 if places else 600
    with closing(
        WorkerPool(rdf_file(small_quads), workers=1, places=places, patience=patience)
    ) as pool:
        with long_queries(pool, limits, "someone") as errors:
            assert eventually(lambda: pool.status().busy == 1)
            for _ in range(2):
                with pytest.raises(ServerBusy, match=said):
                    pool.answer(COUNT, JSON, limits)
            assert errors == []
        assert [type(error) for error in errors] == [CallerGone]


def test_long_queries_of_strangers_make_room_for_a_quick_one(
    small_quads: Path, limits: Limits, eventually: Callable[[Callable[[], bool]], bool]
) -> None:
    """They hold every worker before anybody knows them; one goes back into the line."""
    with closing(WorkerPool(rdf_file(small_quads), workers=2)) as pool:
        pool.answer(COUNT, JSON, limits, Caller("quick")).close()
        with long_queries(pool, limits, "a", "b") as errors:
            assert eventually(lambda: pool.status().busy == 2)
            pool.answer(COUNT, JSON, limits, Caller("quick")).close()
            assert (pool.status().busy, pool.status().waiting) == (1, 1)
            assert errors == []
        assert [type(error) for error in errors] == [CallerGone] * 2


def test_a_caller_who_goes_away_takes_the_query_along(pool: WorkerPool, limits: Limits) -> None:
    """A closed browser must not keep a worker busy."""
    with pytest.raises(CallerGone):
        pool.answer(CROSS, JSON, limits, Caller("someone", lambda: True))
    assert pool.status().stopped == {"caller-gone": 1}


def test_a_killed_worker_is_replaced_unnoticed(
    pool: WorkerPool,
    number: Callable[..., int],
    eventually: Callable[[Callable[[], bool]], bool],
    supervisor_of: Callable[[WorkerPool], int],
) -> None:
    """The machine may kill what it likes."""
    workers = children_of(supervisor_of(pool))
    for worker in workers:
        with suppress(ProcessLookupError):  # one that an earlier test ended, not yet replaced
            os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: all(has_ended(worker) for worker in workers))
    assert number(pool, COUNT) == 3000
    assert eventually(lambda: len(children_of(supervisor_of(pool))) == 2)


def who_kills(worker: int) -> Caller:
    """Somebody whose query ends *worker*, an idle one, once it is there and before it is read.

    Whether callers are still there is asked of those whose query is with a worker.
    """
    os.kill(worker, signal.SIGSTOP)  # one thread hears of it, and the others then
    threads = list(Path(f"/proc/{worker}/task").iterdir())
    while not all(") T " in (thread / "stat").read_text() for thread in threads):
        threading.Event().wait(0.01)
    living = [worker]

    def gone() -> bool:
        while living:
            os.kill(living.pop(), signal.SIGKILL)
        return False

    return Caller("who kills", gone)


def test_a_query_whose_worker_is_killed_at_once_is_asked_again(
    small_quads: Path,
    limits: Limits,
    supervisor_of: Callable[[WorkerPool], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has been sent, so only the killed process could say that it never began."""
    monkeypatch.setattr(generation, "EARLY", 60.0)  # however busy the machine is
    with closing(WorkerPool(rdf_file(small_quads), workers=1)) as pool:
        pool.answer(COUNT, JSON, limits).close()  # what has answered is there and waits
        (worker,) = children_of(supervisor_of(pool))
        answer = pool.answer(COUNT, "text/csv", limits, who_kills(worker))
        assert answer.read() == b"n\r\n3000\r\n"
        assert has_ended(worker)
        assert pool.status().stopped == {}


def test_a_query_whose_worker_is_killed_late_is_not_asked_again(
    small_quads: Path,
    limits: Limits,
    supervisor_of: Callable[[WorkerPool], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kernel kills what takes the machine's last memory: nobody asks that twice."""
    monkeypatch.setattr(generation, "EARLY", 0.0)
    with closing(WorkerPool(rdf_file(small_quads), workers=1)) as pool:
        pool.answer(COUNT, JSON, limits).close()  # what has answered is there and waits
        (worker,) = children_of(supervisor_of(pool))
        with pytest.raises(QueryMemory):
            pool.answer(COUNT, JSON, limits, who_kills(worker))


def test_a_killed_template_is_restarted_and_its_queries_asked_again(
    pool: WorkerPool,
    number: Callable[..., int],
    eventually: Callable[[Callable[[], bool]], bool],
    supervisor_of: Callable[[WorkerPool], int],
) -> None:
    """One query that was running then is answered all the same."""
    for _ in range(3):
        before = supervisor_of(pool)
        os.kill(before, signal.SIGKILL)
        assert number(pool, COUNT) == 3000
        assert eventually(lambda lost=before: supervisor_of(pool) != lost)


def test_closing_leaves_nothing_behind(
    small_quads: Path,
    limits: Limits,
    eventually: Callable[[Callable[[], bool]], bool],
    supervisor_of: Callable[[WorkerPool], int],
    await_gone: Callable[..., None],
) -> None:
    """Neither processes nor descriptors may pile up over reloads."""
    gc.collect()  # what other tests have left open
    before = descriptors()
    pool = WorkerPool(rdf_file(small_quads), workers=2)
    template = supervisor_of(pool)
    workers = children_of(template)
    with pytest.raises(QueryCrashed):
        pool.answer(DEEP, JSON, limits)
    pool.close()
    await_gone((template, *workers), 60)
    assert eventually(lambda: descriptors() <= before)


def test_a_worker_hardly_copies_the_templates_memory(
    tmp_path: Path, limits: Limits, supervisor_of: Callable[[WorkerPool], int]
) -> None:
    """Each page copied costs more than a small query, and all workers together the version again.

    A worker that allocates in the template's memory takes some 1,600 pages here, another some 500.
    """
    quads = tmp_path / "many.nq"
    line = '<urn:s{0}> <urn:p{1}> "a value of some length, {2}" <urn:g> .\n'
    quads.write_text("".join(line.format(n // 8, n % 8, n) for n in range(24_000)))
    with closing(WorkerPool(rdf_file(quads), workers=1)) as pool:
        (worker,) = children_of(supervisor_of(pool))
        before = pages_taken(worker)
        for subject in range(300):
            pool.answer(Query(f"SELECT * {{ <urn:s{subject}> ?p ?o }}", union=True), JSON, limits)
        assert pages_taken(worker) - before < 1_000
