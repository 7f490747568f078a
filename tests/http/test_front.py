"""The web server itself: what is kept, not modified, coded, counted, large."""

from __future__ import annotations

import gzip
import http.client
import json
import shutil
import signal
import socket
import struct
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from hostile.status import busy_workers

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = "application/sparql-results+json"
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
THOUSAND = "SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 1000"


class Answered:
    """One response, read whole."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def etag(self) -> str:
        """The ETag; it must have one."""
        return self.headers["ETag"]


class Asking:
    """A client that keeps one connection."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def get(self, query: str, method: str = "GET", **headers: str) -> Answered:
        """The response to *query*; header names have underscores for hyphens."""
        path = "/sparql?query=" + quote(query)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, headers={"Accept": JSON} | named)
        return Answered(self.connection.getresponse())

    def break_off(self) -> None:
        """Reset the connection, whatever is due on it."""
        at_once = struct.pack("ii", 1, 0)
        self.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.connection.close()

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


@pytest.fixture(scope="module")
def running(started_servers: Callable[..., Any], small_quads: Path) -> Any:  # noqa: ANN401 - tests/conftest.py has the class
    """A server over three thousand quads."""
    return started_servers(small_quads, workers=2)


@pytest.fixture
def asking(running: Any) -> Any:  # noqa: ANN401 - a generator of one
    """A client of that server."""
    with closing(Asking(running.address)) as client:
        yield client


def test_an_answer_has_a_name_and_is_not_sent_twice(asking: Asking) -> None:
    """A client that has it pays nothing, and neither do we."""
    first = asking.get(COUNT)
    assert first.status == 200
    assert first.headers["Cache-Control"] == "public, no-cache"
    for _ in range(3):  # asked, known by its bytes, known again
        again = asking.get(COUNT, If_None_Match=first.etag)
        assert (again.status, again.body, again.etag) == (304, b"", first.etag)
        assert "Content-Length" not in again.headers
        assert again.headers["Cache-Control"] == "public, no-cache"
        assert "Accept-Encoding" in again.headers["Vary"]
    assert asking.get(COUNT, If_None_Match='W/"x", ' + first.etag).status == 304
    assert asking.get(COUNT, If_None_Match='"x"').status == 200


def test_a_304_needs_no_worker_and_no_earlier_answer(
    started_servers: Callable[..., Any], built_data: Path
) -> None:
    """The name follows from version and request, on any replica and after any restart."""
    names = []
    for _ in range(2):
        running = started_servers(None, workers=1, data=str(built_data))
        with closing(Asking(running.address)) as client:
            if names:
                known = client.get(COUNT, Host="peel.example", If_None_Match=names[0])
                assert known.status == 304
            names.append(client.get(COUNT, Host="peel.example").etag)
    assert names[0] == names[1]


@pytest.mark.parametrize(
    "change",
    [
        {"query": COUNT + " "},
        {"Accept": "text/csv"},
        {"Accept": "application/json"},
        {"Accept_Encoding": "gzip"},
        {"Host": "other.example"},
    ],
)
def test_another_request_has_another_name(asking: Asking, change: dict[str, str]) -> None:
    """A cache must never give one for the other."""
    query, headers = change.get("query", COUNT), {n: v for n, v in change.items() if n != "query"}
    assert asking.get(query, **headers).etag != asking.get(COUNT).etag


def test_the_same_again_is_the_same(asking: Asking) -> None:
    """First by a worker, then as it was kept, then by the bytes of the request."""
    answers = [asking.get(THOUSAND) for _ in range(4)]
    assert len({answer.body for answer in answers}) == 1
    each_time = {"Date", "X-Request-Id"}
    heads = [sorted((n, v) for n, v in a.headers.items() if n not in each_time) for a in answers]
    assert heads[1:] == heads[:-1]
    assert "Date" in answers[3].headers


@pytest.mark.parametrize("call", ["NOW()", "rand()", "UUID()", "StrUUID()", "(NOW())"])
def test_what_changes_by_itself_is_not_kept(asking: Asking, call: str) -> None:
    """The clock goes on."""
    answers = [asking.get(f"SELECT ({call} AS ?x) {{}}") for _ in range(3)]
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)
    assert not any("ETag" in answer.headers for answer in answers)
    assert len({answer.body for answer in answers}) == 3


def test_head_is_get_without_its_body(asking: Asking) -> None:
    """A client may ask for the size first, whichever way the answer comes."""
    query = COUNT + " # head"
    heads = [asking.get(query, "HEAD") for _ in range(3)]
    whole = asking.get(query)
    assert all(head.body == b"" for head in heads)
    assert {head.headers["Content-Length"] for head in heads} == {str(len(whole.body))}
    assert {head.etag for head in heads} == {whole.etag}


@pytest.mark.parametrize(
    ("accepted", "coding", "opened"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("gzip, zstd", "zstd", zstd.decompress),
        ("br", None, bytes),
        ("gzip;q=0", None, bytes),
    ],
)
@pytest.mark.parametrize("rows", [1, 1000, 30_000])
def test_answers_are_coded_as_the_client_likes(
    asking: Asking,
    accepted: str,
    coding: str | None,
    opened: Callable[[bytes], bytes],
    rows: int,
) -> None:
    """Small ones never: they would not be sooner there."""
    query = f"SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} GRAPH ?h {{ ?t ?q ?r }} }} LIMIT {rows}"
    plain = asking.get(query)
    for _ in range(2):
        answer = asking.get(query, Accept_Encoding=accepted)
        assert answer.headers["Content-Encoding"] == (coding if rows > 1 else None)
        assert (opened(answer.body) if rows > 1 else answer.body) == plain.body
        assert int(answer.headers["Content-Length"]) == len(answer.body)


def test_a_new_version_empties_what_was_kept(
    started_servers: Callable[..., Any], built_data: Path, tmp_path: Path
) -> None:
    """Each answer is of exactly one version, and its name says so."""
    data = tmp_path / "data"
    shutil.copytree(built_data, data, symlinks=True)
    versions = data / "versions"
    old = Path(data / "current").readlink().name
    new = old[:-8] + "00000000"
    shutil.copytree(versions / old, versions / new)
    manifest = json.loads((versions / new / "manifest.json").read_text())
    (quads,) = (versions / new).glob("*.nq")
    with quads.open("a") as text:
        text.write("<urn:a> <urn:b> <urn:c> <urn:g> .\n")
    manifest |= {"name": new, "quads": manifest["quads"] + 1}
    (versions / new / "manifest.json").write_text(json.dumps(manifest))
    running = started_servers(None, workers=1, data=str(data))
    query = "ASK { <urn:a> <urn:b> <urn:c> }"
    with closing(Asking(running.address)) as client:
        before = [client.get(query) for _ in range(3)]
        assert all(b"false" in answer.body for answer in before)
        pointer = data / "next"
        pointer.symlink_to(f"versions/{new}")
        pointer.rename(data / "current")
        running.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while b"true" not in (after := client.get(query)).body:
            assert time.monotonic() < deadline
            assert after.etag == before[0].etag
        assert after.etag != before[0].etag
        assert client.get(query, If_None_Match=before[0].etag).status == 200
        assert client.get(query, If_None_Match=after.etag).status == 304


def memory_of(pid: int) -> int:
    """KiB of memory that a process has had at most, its shared libraries counted in."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)


def test_large_answers_leave_the_web_process_small(running: Any, asking: Asking) -> None:  # noqa: ANN401 - see above
    """They lie in files of the workers and go out from there, four at a time."""
    query = "SELECT * { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?t ?q ?r } } LIMIT 90000"
    asking.get(COUNT)
    before = memory_of(running.process.pid)
    with closing(Asking(running.address)) as other:
        for number in range(3):
            path = f"/sparql?query={quote(query + f' # {number}')}"
            other.connection.request("GET", path, headers={"Accept": JSON})
            size = len(asking.get(query + f" # {number}").body)
            assert size > 20_000_000
            assert len(other.connection.getresponse().read()) == size
    assert memory_of(running.process.pid) - before < 12 * 1024


def test_who_leaves_in_the_middle_of_a_body_leaves_no_file(running: Any) -> None:  # noqa: ANN401 - see above
    """A large body lies in a file until it is whole, or its client gone."""
    folder = Path(f"/proc/{running.process.pid}/fd")
    before = len(list(folder.iterdir()))
    for _ in range(10):
        with socket.create_connection(running.place) as client:
            client.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n")
            client.sendall(b"x" * 2_000_000)
    deadline = time.monotonic() + 60
    while len(list(folder.iterdir())) > before:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_client_is_told_when_it_may_go_on(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """Errors cost; what is known already does not."""
    running = started_servers(small_quads, workers=1, client_errors=3)
    with closing(Asking(running.address)) as client:
        known, began = client.get(COUNT), time.monotonic()
        assert [client.get("SELECT {").status for _ in range(3)] == [400, 400, 400]
        refused = client.get("ASK {}")
        assert refused.status == 429
        lasted = time.monotonic() - began  # the first error is that much forgotten at most
        assert 20 - lasted <= int(refused.headers["Retry-After"]) <= 20
        assert b"3 errors of a minute" in refused.body
        assert json.loads(refused.body)["type"] == "/problems/client-limit"
        kind = {"Content-Type": "application/sparql-query"}
        client.connection.request("POST", "/sparql", "ASK {" + "+" * 40_000, kind)
        assert client.connection.getresponse().status == 429, "a long text was read all the same"
        client.connection.close()
        assert client.get(COUNT).body == known.body
        assert client.get(COUNT, If_None_Match=known.etag).status == 304


def await_busy(netloc: str, workers: int) -> None:
    """Wait until so many workers are at work."""
    deadline = time.monotonic() + 60
    while busy_workers(netloc) != workers:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_client_does_not_hold_every_worker(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """With one of two workers at most, the next request of an address waits though one is idle."""
    limits = {"client_workers": 1, "queue_wait": 0.3, "timeout": 30.0}
    running = started_servers(small_quads, workers=2, **limits)
    slow = "SELECT (COUNT(*) AS ?n) { GRAPH ?a { ?b ?c ?d } GRAPH ?e { ?f ?g ?h } ?i ?j ?k }"
    with closing(Asking(running.address)) as first, closing(Asking(running.address)) as second:
        first.connection.request("GET", "/sparql?query=" + quote(slow))
        await_busy(running.netloc, 1)
        assert second.get("ASK {}").status == 429
        first.break_off()
        await_busy(running.netloc, 0)
        assert second.get("ASK {}").status == 200


def test_what_happens_is_counted(small_quads: Path) -> None:
    """Operators see what the cache saves and what was stopped, and nothing of any query."""
    settings = Settings(workers=1, client_errors=0)
    with closing(start_engine(settings, small_quads)) as engine:
        app = create_app(settings, engine)
        client, desk = app.test_client(), app.extensions["peelgraph"].desk
        began = time.monotonic()
        first = client.get("/sparql?query=ASK+{}")
        client.get("/sparql?query=ASK+{}")
        client.get("/sparql?query=ASK+{}", headers={"If-None-Match": first.headers["ETag"]})
        cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        desk.limits = replace(desk.limits, timeout=0.5)  # the others had time enough
        assert client.get("/sparql", query_string={"query": cross}).status_code == 503
        lasted, counted = time.monotonic() - began, desk.counters.read()
    assert counted["cache", "hit"] == 1
    assert counted["cache", "not-modified"] == 1
    assert counted["cache", "miss"] == 2
    assert counted["problems", "query-timeout"] == 1
    assert 0.5 <= counted["worker-seconds", ""] <= lasted
