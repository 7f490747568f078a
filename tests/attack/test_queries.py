"""Queries made to harm: each gets a problem document in time, and nobody else notices."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hostile.queries import ALL, CALLS, HARD_TO_PLAN, HUNGRY, doubling, generators
from hostile.target import MEBIBYTE, Target, memory_of

from peelgraph.graph.confined.sandbox import LEAST_SPARE

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT = 2.0
MEMORY = 256
SUNG = 10
"""More ordinary queries than that are answered during an attack of two seconds, if unnoticed."""
KILLED = {"query-timeout", "query-memory", "query-crashed", "result-too-large"}
REFUSED = {"query-too-deep", "query-syntax", "query-forbidden"}
# They meet the same limits as others, in another way: at full counts.
ALIKE = {
    "grouped cross join",
    "everything constructed",
    "everything described",
    "closure of all",
    "distinct",
    "optionals",
    "minus",
}
WEAKENED = Path(__file__).parent / "hostile" / "weakened"


@pytest.fixture(scope="module")
def target(started_servers: Callable[..., Any], small_quads: Path) -> Target:
    """A server with two seconds, 256 MiB and 5 MB a query."""
    limits = {"timeout": TIMEOUT, "memory": MEMORY, "result_bytes": 5_000_000}
    running = started_servers(small_quads, workers=3, queue_wait=30.0, **limits)
    return Target(running.address, running.process.pid)


@pytest.fixture(scope="module")
def patient(started_servers: Callable[..., Any], small_quads: Path) -> Target:
    """A server that leaves a query time enough for whatever else is to happen to it."""
    limits = {"timeout": 30.0, "memory": 128, "result_bytes": 5_000_000}
    running = started_servers(small_quads, workers=1, queue_wait=60.0, **limits)
    return Target(running.address, running.process.pid)


def stopped_in_time(worked: float) -> bool:
    """Whether it was the deadline that ended a query that took *worked* seconds of a processor.

    Without one the kernel would end it, later. Seconds of a processor, since those of a clock go
    on where the machine stands still.
    """
    return worked < TIMEOUT + LEAST_SPARE


def unnoticed(taken: list[float]) -> bool:
    """Whether an ordinary query waited for no attack: each was answered at once, or many were.

    Where the machine stands still a single one may take as long as an attack.
    """
    return max(taken) < TIMEOUT or len(taken) > SUNG


def judged(target: Target, query: str, allowed: set[str]) -> str:
    """The slug of the problem that *query* gets, in time; ``answered`` if it gets an answer."""
    before = target.worked()
    status, content_type, body = target.ask(query)
    worked = target.worked() - before
    assert stopped_in_time(worked), worked
    if status == 200:
        return "answered"
    assert content_type == "application/problem+json", body
    document = json.loads(body)
    slug = str(document["type"]).rpartition("/")[2]
    assert slug in allowed, document
    assert document["status"] == status
    return slug


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.soak] * (name in ALIKE)) for name in HUNGRY],
)
def test_a_hungry_query_is_stopped(target: Target, name: str) -> None:
    """Time, memory and bytes each have an end, for that query alone."""
    most = memory_of(target.pid) + (MEMORY + 192) * MEBIBYTE
    with target.canary() as taken, target.weighed() as weights:
        assert judged(target, HUNGRY[name], KILLED) != "answered"
    assert unnoticed(taken), taken
    assert max(weights) < most


def test_a_query_over_its_memory_is_stopped(patient: Target) -> None:
    """It has time enough, and needs twice what it may have."""
    assert patient.ask(doubling(18))[0] == 200
    document = json.loads(patient.ask(doubling(24))[2])
    assert document.get("type") == "/problems/query-memory", document


def test_an_answer_over_its_bytes_is_no_answer(patient: Target) -> None:
    """Not half of it either: a cut result would be taken for a whole one."""
    query = f"SELECT * {{ {ALL} }} LIMIT 30000"
    assert judged(patient, query, {"result-too-large"}) == "result-too-large"


@pytest.mark.parametrize("name", HARD_TO_PLAN)
def test_a_query_that_is_hard_to_plan_is_stopped_in_time(target: Target, name: str) -> None:
    """The engine cannot be told to stop planning; its process can."""
    before = target.worked()
    with target.canary():
        status, _, body = target.ask(HARD_TO_PLAN[name])
    worked = target.worked() - before
    assert (status, stopped_in_time(worked)) == (503, True), (worked, body)
    target.await_calm()


@pytest.mark.parametrize("name", generators(0))
def test_a_bomb_ends_its_worker_at_most(target: Target, name: str, *, soak: bool) -> None:
    """No text may end the service, however it nests."""
    for size in (100, 1_000, 20_000, 100_000) if soak else (1_000, 20_000):
        query = generators(size)[name]
        if len(query) < 1_000_000:
            with target.canary() as taken:
                judged(target, query, KILLED | REFUSED)
            assert unnoticed(taken), (size, taken)
    with target.canary():  # and afterwards it is answered still
        pass


@pytest.mark.parametrize("call", CALLS)
def test_no_query_reaches_another_machine(
    target: Target, listener: Callable[[], int], call: str
) -> None:
    """SERVICE is refused before any worker sees it, however it is spelt."""
    query = call.format(to=f"<http://127.0.0.1:{listener()}/>")
    assert judged(target, query, REFUSED) == "query-forbidden"


def test_brackets_without_end_reach_no_worker(target: Target) -> None:
    """They are counted before anything else reads them."""
    for name in ("parentheses", "groups", "lists", "blank nodes", "subqueries"):
        assert judged(target, generators(200)[name], REFUSED) == "query-too-deep"


def test_no_query_loads_anything(patient: Target, listener: Callable[[], int]) -> None:
    """LOAD is refused, and what FROM names is a graph of the store."""
    address = f"<http://127.0.0.1:{listener()}/>"
    assert judged(patient, f"LOAD {address}", REFUSED) == "query-forbidden"
    assert judged(patient, f"ASK FROM {address} {{ ?s ?p ?o }}", set()) == "answered"


@pytest.fixture(scope="module")
def fooled(started_servers: Callable[..., Any], small_quads: Path) -> Target:
    """A server whose checker of texts lets everything pass."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(WEAKENED))
        besides = os.environ.get("PEELGRAPH_WEAKENED", "")
        patch.setenv("PEELGRAPH_WEAKENED", f"{besides},no checker")
        limits = {"timeout": 10.0, "queue_wait": 30.0, "memory": MEMORY}
        running = started_servers(small_quads, workers=1, **limits)
    return Target(running.address, running.process.pid)


@pytest.mark.parametrize("call", CALLS)
def test_no_packet_leaves_where_the_checker_is_fooled(
    fooled: Target, listener: Callable[[], int], call: str
) -> None:
    """The worker has nothing to send with; the fixture fails where anything connects."""
    status, _, body = fooled.ask(call.format(to=f"<http://127.0.0.1:{listener()}/>"))
    assert b"which this service never runs" not in body, "the checker was not fooled"
    assert status in {200, 400, 403}, body


def test_many_attackers_do_not_lock_out_a_client(target: Target, *, soak: bool) -> None:
    """The attack of many at once: an ordinary query waits for its turn, and gets it."""
    queries = [HUNGRY["cross join"], generators(20_000)["not"], HUNGRY["everything"]]

    def attack() -> None:
        for query in queries * (10 if soak else 1):
            target.ask(query)

    attackers = [threading.Thread(target=attack) for _ in range(2)]
    with target.canary():
        for attacker in attackers:
            attacker.start()
        for attacker in attackers:
            attacker.join()
    with target.canary():
        pass
