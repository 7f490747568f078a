"""Writing under load and under fire: whoever was told 200 finds the write, whatever was killed."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import http.client
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from rdflib import Graph, Literal, URIRef

from peelgraph.graph.audit import Audit
from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.tokens import Tokens
from peelgraph.graph.versions import DataFolder
from peelgraph.server.cli.calls import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SERVE = """
import resource, sys, pathlib
from peelgraph.graph.settings import Settings
from peelgraph.server.serving import serve
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
serve(Settings(port=0, data=pathlib.Path(sys.argv[1]), workers=1, write_timeout=8.0))
"""


def insertion(number: int) -> bytes:
    """An update that writes one number down."""
    return f"INSERT DATA {{ GRAPH <a:load> {{ <a:s> <a:p> {number} }} }}".encode()


@dataclass
class Server:
    """A real server over a data folder, that can be started again."""

    data: DataFolder
    secret: str
    below: Callable[[int], set[int]]
    process: subprocess.Popen[str] | None = None
    netloc: str = ""
    acknowledged: list[int] = field(default_factory=list)

    def start(self, *limit: str) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-c", SERVE, str(self.data.path), *limit]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Serving http://"), line
        self.netloc = line.split()[1].removeprefix("http://").rstrip("/")

    def processes(self) -> set[int]:
        """Its process and every one below."""
        assert self.process is not None
        return {self.process.pid} | self.below(self.process.pid)

    def stop(self) -> None:
        """End it at once and let go of its streams."""
        if self.process is not None and self.process.stdout is not None:
            self.process.kill()
            self.process.wait(30)
            self.process.stdout.close()
            self.process = None

    def send(
        self, method: str, path: str, body: bytes = b"", sent_as: str = ""
    ) -> tuple[int, bytes]:
        """Status and body of a request with the token."""
        connection = http.client.HTTPConnection(self.netloc, timeout=120)
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": sent_as}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def insert(self, number: int) -> int:
        """The status of writing one number down; it is noted once that is acknowledged."""
        status, _ = self.send("POST", "/update", insertion(number), "application/sparql-update")
        if status in {200, 202}:
            self.acknowledged.append(number)
        return status

    def kept(self) -> set[int]:
        """The numbers that the current version on disk holds."""
        lines = self.data.current().quads_file.read_text(encoding="utf-8").splitlines()
        found = (line.split('"')[1] for line in lines if line.endswith(" <a:load> ."))
        return {int(number) for number in found}

    def accepted(self, most: int) -> set[int]:
        """The numbers up to *most* of which the audit says last that they were accepted."""
        told = {entry["body"]: entry["verdict"] for entry in Audit(self.data.path).entries()}
        digests = {number: hashlib.sha256(insertion(number)).hexdigest() for number in range(most)}
        return {number for number, digest in digests.items() if told.get(digest) == "accepted"}


@pytest.fixture(scope="module")
def server_over_copy(
    small_data: Path, processes_below: Callable[[int], set[int]]
) -> Callable[[Path], Server]:
    """Make a server, to be started, over a copy of the small data folder at that place."""

    def make(folder: Path) -> Server:
        shutil.copytree(small_data, folder, symlinks=True)
        return Server(
            DataFolder(folder), Tokens(folder).create("update", now())[1], processes_below
        )

    return make


@pytest.fixture
def server(server_over_copy: Callable[[Path], Server], tmp_path: Path) -> Iterator[Server]:
    """A server of a test's own over a copy of the small data folder."""
    server = server_over_copy(tmp_path / "data")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def bombed(
    server_over_copy: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The one server that all bombs are sent to."""
    server = server_over_copy(tmp_path_factory.mktemp("bombed") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def small_server(tmp_path: Path, processes_below: Callable[[int], set[int]]) -> Iterator[Server]:
    """A server over a version of one triple, which starts and publishes as fast as any can."""
    data, graph = DataFolder(tmp_path / "data"), Graph()
    graph.add((URIRef("a:seed"), URIRef("a:p"), Literal("seed")))
    with staged(data, Iris()) as stage:
        stage.replace_graphs({URIRef("a:seeds"): graph})
        stage.publish(data, dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    server = Server(data, Tokens(data.path).create("update", now())[1], processes_below)
    yield server
    server.stop()


def test_many_writers_at_once_lose_nothing_and_publish_little(server: Server) -> None:
    """Who waits is published together; each is told of its own; the audit has every one."""
    server.start()
    before = len(server.data.names())
    with ThreadPoolExecutor(16) as crowd:
        statuses = list(crowd.map(server.insert, range(24)))
    assert statuses == [200] * 24
    assert server.kept() == set(range(24))
    assert len(server.data.names()) - before < 12
    status, body = server.send("GET", "/sparql?query=" + quote(
        "SELECT (COUNT(?o) AS ?n) { GRAPH <a:load> { ?s ?p ?o } }"))  # fmt: skip
    assert (status, json.loads(body)["results"]["bindings"][0]["n"]["value"]) == (200, "24")
    audit = Audit(server.data.path)
    assert audit.verify() == []
    assert sum(entry["verdict"] == "accepted" for entry in audit.entries()) == 24


def test_a_bad_write_in_a_crowd_is_refused_alone(server: Server) -> None:
    """One that breaks a shape must not take the others with it."""
    server.start()
    bad = b"""PREFIX pi: <https://w3id.org/peelgraph/def/inspection#>
    INSERT DATA { GRAPH <a:bad> { <a:j> a pi:Judgment } }"""
    refused: list[int] = []

    def spoil(_: int) -> None:
        refused.append(server.send("POST", "/update", bad, "application/sparql-update")[0])

    with ThreadPoolExecutor(8) as crowd:
        jobs = [crowd.submit(server.insert, n) for n in range(6)]
        jobs += [crowd.submit(spoil, n) for n in range(2)]
        for job in jobs:
            job.result()
    assert refused == [422, 422]
    assert server.kept() == set(range(6))
    assert "<a:bad>" not in server.data.current().quads_file.read_text(encoding="utf-8")


def test_another_process_that_writes_is_waited_for(server: Server) -> None:
    """A load from the command line and a write over HTTP take turns; both land."""
    server.start()
    with server.data.writing():
        waiting = ThreadPoolExecutor(1).submit(server.insert, 1)
        time.sleep(0.5)
        assert not waiting.done()
    assert waiting.result() == 200
    assert server.kept() == {1}


BOMBS = {
    "cross product": "INSERT { GRAPH <a:x> { ?a ?b ?f } } WHERE { GRAPH ?g { ?a ?b ?c } "
    "GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } }",
    "long chain": "INSERT { GRAPH <a:x> { <a:s> <a:p> ?x } } WHERE { BIND ("
    + "1+" * 100_000
    + "1 AS ?x) }",
    "growing text": "INSERT { GRAPH <a:x> { <a:s> <a:p> ?z } } WHERE { "
    'BIND ("aaaaaaaaaa" AS ?x0) ' + " ".join(
        f"BIND (CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(20)
    ) + " BIND (?x20 AS ?z) }",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_update_that_is_a_bomb_ends_only_its_own_process(bombed: Server, bomb: str) -> None:
    """Time, memory and stack: each is one process's own, and the next write lands."""
    assert bombed.process is not None
    kept = bombed.kept()
    status, body = bombed.send("POST", "/update", BOMBS[bomb].encode(), "application/sparql-update")
    assert status == 503, body
    assert json.loads(body)["type"].startswith("/problems/query-")
    assert bombed.process.poll() is None
    number = max(kept, default=0) + 1
    assert bombed.insert(number) == 200
    assert bombed.kept() == kept | {number}


def test_a_full_disk_is_said_and_loses_nothing(server: Server) -> None:
    """A file size limit stands in for it: every write past it fails."""
    before = server.data.current().name
    server.start("2000000")
    status, body = server.send(
        "POST", "/update", b"INSERT DATA { <a:s> <a:p> 1 }", "application/sparql-update"
    )
    assert status == 503, body
    assert json.loads(body)["type"] == "/problems/data-unwritable"
    assert server.data.current().name == before
    server.data.current().check()


def await_another(server: Server) -> None:
    """Wait until a write more is acknowledged: what is never acknowledged cannot be lost."""
    seen, deadline = len(server.acknowledged), time.monotonic() + 120
    while len(server.acknowledged) <= seen:
        assert time.monotonic() < deadline, "no write is acknowledged any more"
        time.sleep(0.02)


def await_ready(server: Server) -> float:
    """Seconds until the server says that it is ready."""
    began = time.monotonic()
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.send("GET", "/readyz")[0] == 200:
                return time.monotonic() - began
        assert time.monotonic() < began + 120, "it does not become ready any more"
        time.sleep(0.01)


def kill_one(server: Server, chosen: random.Random) -> float | None:
    """Kill one of the server's processes; return the seconds until it was ready again.

    The server itself is started again, and what it left is looked at.
    """
    assert server.process is not None
    victim = chosen.choice(sorted(server.processes()))
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    if victim != server.process.pid:
        return await_ready(server)
    server.stop()
    server.data.current().check()
    assert set(server.acknowledged) <= server.kept()
    server.start()
    return None


@pytest.mark.timeout(1500)
def test_killing_any_process_at_any_moment_loses_no_acknowledged_write(
    small_server: Server,
    await_gone: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    *,
    soak: bool,
) -> None:
    """Four writers, and now and then one of the server's processes is killed, or the server."""
    server, chosen = small_server, random.Random(2026)  # noqa: S311 - moments, not secrets
    numbers, stop = itertools.count(), threading.Event()
    recovered: list[float | None] = []

    def write() -> None:
        while not stop.is_set():
            try:
                server.insert(next(numbers))
            except (OSError, http.client.HTTPException):
                stop.wait(0.05)

    server.start()
    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(200 if soak else 5):
            await_another(server)
            time.sleep(chosen.uniform(0.0, 0.5))
            recovered.append(kill_one(server, chosen))
    finally:
        stop.set()
        for writer in writers:
            writer.join(150)
    took = sorted(seconds for seconds in recovered if seconds is not None)
    with capsys.disabled():
        print(  # noqa: T201 - figures that the reader of a soak wants
            f"\n{len(recovered)} kills, {len(recovered) - len(took)} of the server itself, "
            f"{len(server.acknowledged)} writes acknowledged; ready again after "
            f"{', '.join(f'{each:.2f}' for each in took[-3:])} s at most, "
            f"load {os.getloadavg()[0]:.1f}"
        )
    assert server.insert(10**6) == 200, "it does not take writes any more"
    assert set(server.acknowledged) <= server.kept()
    assert server.accepted(next(numbers)) == server.kept() - {10**6}
    assert len(server.acknowledged) > 5
    server.data.current().check()
    assert [fault for fault in Audit(server.data.path).verify() if not fault.harmless] == []
    assert not list(server.data.versions_folder.glob(".staging-*"))
    below = server.processes()
    server.stop()
    await_gone(below, 30)
