"""Queries made to harm: each gets a problem document in time, and nobody else notices."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT = 2.0
CANARY = "SELECT (COUNT(*) AS ?n) { <http://example.org/thing/1> ?p ?o }"
KILLED = {"query-timeout", "query-memory", "query-crashed", "result-too-large"}
REFUSED = {"query-too-deep", "query-syntax", "query-forbidden"}
ALL = "?a ?b ?c . ?d ?e ?f"


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    """*inner* inside *depth* brackets."""
    return opening * depth + inner + closing * depth


def generators(size: int) -> dict[str, str]:
    """The query of each kind, as large as *size* says."""
    return {
        "parentheses": f"ASK {{ FILTER({nested('(', 'true', ')', size)}) }}",
        "groups": f"ASK {nested('{', '', '}', size)}",
        "exists": f"ASK {nested('{ FILTER EXISTS ', '{}', '}', size)}",
        "concat": f"SELECT ({nested('CONCAT(', 'true', ')', size)} AS ?x) {{}}",
        "not": f"ASK {{ FILTER({'!' * size}true) }}",
        "minus": f"SELECT ({'-' * size}1 AS ?x) {{}}",
        "sum": f"SELECT (1{'+1' * size} AS ?x) {{}}",
        "or": f"ASK {{ FILTER(false{'||false' * size}) }}",
        "union": f"ASK {{ {{}} {'UNION {} ' * size} }}",
        "optional": f"ASK {{ {'OPTIONAL { ?s ?p ?o } ' * size} }}",
        "lists": f"ASK {{ ?s ?p {nested('(', '', ')', size)} }}",
        "blank nodes": f"ASK {{ ?s ?p {nested('[ ?p ', '?o', ']', size)} }}",
        "path": f"ASK {{ ?s {'/'.join(['!<urn:x>'] * size)} ?o }}",
        "alternatives": f"ASK {{ ?s {'|'.join(['<urn:x>'] * size)} ?o }}",
        "subqueries": f"ASK {nested('{ SELECT * ', '{}', '}', size)}",
        "construct": f"CONSTRUCT {{ {'?s ?p ?o . ' * size} }} WHERE {{ ?s ?p ?o }}",
    }


OPTIONALS = " ".join(f"OPTIONAL {{ ?s{n} ?p{n} ?o{n} }}" for n in range(1000))
HUNGRY = {
    "cross join": f"SELECT (COUNT(*) AS ?n) {{ {ALL} . ?g ?h ?i }}",
    "sorted cross join": f"SELECT * {{ {ALL} }} ORDER BY ?c ?f ?a",
    "group concat": (
        f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), '{'x' * 600}')) AS ?n) {{ {ALL} }}"
    ),
    "doubling": (
        "SELECT ?z { BIND('xxxxxxxxxxxxxxxx' AS ?v0) "
        + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(30))
        + " BIND(?v30 AS ?z) }"
    ),
    "everything": f"SELECT * {{ {ALL} }}",
    "everything constructed": f"CONSTRUCT {{ ?a ?e ?f . ?d ?b ?c }} WHERE {{ {ALL} }}",
    "closure": f"SELECT (COUNT(*) AS ?n) {{ ?s (<urn:p>|!<urn:p>|^!<urn:p>)* ?o . {ALL} }}",
    "distinct": f"SELECT DISTINCT (CONCAT(STR(?a), STR(?c), STR(?f)) AS ?x) {{ {ALL} }}",
    "optionals": f"SELECT * {{ {OPTIONALS} }}",
    "values": f"SELECT * {{ VALUES ?x {{ {'1 ' * 50_000} }} VALUES ?y {{ {'1 ' * 50_000} }} }}",
}  # fmt: skip


class Target:
    """A server under attack."""

    def __init__(self, address: str, pid: int) -> None:
        self.host = urlsplit(address).netloc
        self.pid = pid

    def ask(self, query: str, patience: float = 30.0) -> tuple[int, str, bytes]:
        """Status, content type and body of the answer to *query*."""
        connection = http.client.HTTPConnection(self.host, timeout=patience)
        try:
            body = "query=" + quote(query)
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/sparql", body, headers)
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read()
        finally:
            connection.close()

    @contextmanager
    def canary(self) -> Iterator[list[float]]:
        """Ask an ordinary query again and again meanwhile; give the seconds each took."""
        taken: list[float] = []
        wrong: list[object] = []
        stop = threading.Event()

        def sing() -> None:
            while not stop.is_set():
                began = time.monotonic()
                status, _, body = self.ask(CANARY)
                taken.append(time.monotonic() - began)
                if status != 200 or b'"3"' not in body:
                    wrong.append((status, body))
                stop.wait(0.01)

        singer = threading.Thread(target=sing)
        singer.start()
        try:
            yield taken
        finally:
            stop.set()
            singer.join()
        assert not wrong
        assert taken


@pytest.fixture(scope="module")
def target(started_servers: Callable[..., Any], small_quads: Path) -> Target:
    """A server with two seconds, 256 MiB and 5 MB a query."""
    running = started_servers(
        small_quads, timeout=TIMEOUT, memory=256, workers=3, result_bytes=5_000_000
    )
    return Target(running.address, running.process.pid)


def judged(target: Target, query: str, allowed: set[str]) -> str:
    """The slug of the problem that *query* gets, in time; ``answered`` if it gets an answer."""
    began = time.monotonic()
    status, content_type, body = target.ask(query)
    assert time.monotonic() - began < TIMEOUT + 2
    if status == 200:
        return "answered"
    assert content_type == "application/problem+json", body
    document = json.loads(body)
    slug = str(document["type"]).rpartition("/")[2]
    assert slug in allowed, document
    assert document["status"] == status
    return slug


@pytest.mark.parametrize("name", HUNGRY)
def test_a_hungry_query_is_stopped(target: Target, name: str) -> None:
    """Time, memory and bytes each have an end, for that query alone."""
    with target.canary() as taken:
        assert judged(target, HUNGRY[name], KILLED) != "answered"
    assert max(taken) < TIMEOUT


@pytest.mark.parametrize("name", generators(0))
def test_a_bomb_ends_its_worker_at_most(target: Target, name: str, *, soak: bool) -> None:
    """No text may end the service, however it nests."""
    with target.canary() as taken:
        for size in (100, 1_000, 20_000, 100_000) if soak else (1_000, 20_000):
            query = generators(size)[name]
            if len(query) < 1_000_000:
                judged(target, query, KILLED | REFUSED)
    assert max(taken) < TIMEOUT
    assert Path(f"/proc/{target.pid}").exists()


def test_no_query_reaches_another_machine(target: Target, listener: Callable[[], int]) -> None:
    """SERVICE is refused before any worker sees it."""
    address = f"<http://127.0.0.1:{listener()}/>"
    for spelling in ("SERVICE ", "service", "SERVICE SILENT ", "SERVICEsilent", "SERVICE#\n"):
        query = f"SELECT * {{ {spelling}{address} {{ ?s ?p ?o }} }}"
        assert judged(target, query, REFUSED) == "query-forbidden"
    assert judged(target, f"LOAD {address}", REFUSED) == "query-forbidden"
    assert judged(target, f"ASK FROM {address} {{ ?s ?p ?o }}", set()) == "answered"


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
    assert target.ask("ASK {}")[0] == 200
