"""Three replicas behind nginx, as the shipped example has them, through a day's worst minute."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from rdflib import Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEPLOYMENT = Path(__file__).parent.parent.parent / "server" / "deployment"
IRIS = Iris()
THING, VALUE = "http://example.org/thing", "http://example.org/value"
# Both halves of a version state its number; an answer from two versions would show two.
QUERY = """SELECT ?one ?two {
  GRAPH <https://w3id.org/peelgraph/graph/reference/force> { <http://example.org/thing> ?p ?one }
  GRAPH <https://w3id.org/peelgraph/graph/reference/cycle> { <http://example.org/thing> ?p ?two }
}"""
CLIENTS = 8
TURNS = 600
"""Requests of each client."""
SETTLED = 2.5
"""Seconds after which no answer that nginx kept is still used unasked: it counts whole seconds, so
that what is kept for one is used for up to two."""


@dataclass
class Seen:
    """What all clients saw."""

    failures: list[str] = field(default_factory=list[str])
    bodies: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    numbers: Counter[int] = field(default_factory=Counter[int])
    statuses: Counter[int] = field(default_factory=Counter[int])
    cache: Counter[str] = field(default_factory=Counter[str])

    @property
    def total(self) -> int:
        """Answers so far."""
        return self.statuses.total()


class Client(threading.Thread):
    """Asks through nginx from an address of its own, and says by ETag what it has.

    Args:
        port: Where nginx listens.
        number: Which client this is; decides its address.
        seen: Where it notes what it sees.
        ending: Set when there has been enough.
    """

    def __init__(self, port: int, number: int, seen: Seen, ending: threading.Event) -> None:
        super().__init__(daemon=True)
        self._seen = seen
        self._ending = ending
        self._number = number
        # The number of the address decides the replica, as it does for real clients.
        source = (f"127.0.{number + 1}.1", 0)
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=60, source_address=source
        )
        self._have: dict[str, tuple[str, str]] = {}

    def run(self) -> None:
        """Ask until told to end."""
        turn = 0
        with contextlib.closing(self._connection):
            while not self._ending.is_set():
                try:
                    self._turn(turn)
                except (OSError, http.client.HTTPException) as error:
                    self._seen.failures.append(f"{type(error).__name__}: {error}")
                    self._connection.close()
                turn += 1

    def _turn(self, turn: int) -> None:
        """One request: one that all share, one of this client's own, or a form."""
        mine = self._number if turn % 3 == 1 else -1
        text = f"{QUERY} # {mine}"
        if turn % 3 == 2:
            form = urlencode({"query": text})
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            self._connection.request("POST", "/sparql", form, headers)
            self._note(text, "", self._connection.getresponse())
            return
        tag, _ = self._have.get(text, ("", ""))
        headers = {"If-None-Match": tag} if tag else {}
        self._connection.request("GET", "/sparql?query=" + quote(text), headers=headers)
        self._note(text, tag, self._connection.getresponse())

    def _note(self, text: str, tag: str, answer: http.client.HTTPResponse) -> None:
        body, found = answer.read().decode(), answer.headers["ETag"]
        seen = self._seen
        seen.statuses[answer.status] += 1
        seen.cache[answer.headers["X-Cache"] or "none"] += 1
        if answer.status == 304:
            if found != tag:
                seen.failures.append(f"304 for {found} where {tag} was had")
            body = self._have[text][1]
        elif answer.status != 200 or not found:
            seen.failures.append(f"{answer.status} {found}: {body[:200]}")
            return
        seen.bodies[(text, found)].add(body)
        (row,) = json.loads(body)["results"]["bindings"]
        if row["one"]["value"] != row["two"]["value"]:
            seen.failures.append(f"two versions in one answer: {row}")
        seen.numbers[int(row["one"]["value"])] += 1
        self._have[text] = (found, body)


def publish(data: DataFolder, number: int) -> None:
    """Publish a version whose two graphs state *number*."""
    graph = Graph()
    graph.add((URIRef(THING), URIRef(VALUE), Literal(number)))
    graphs = {IRIS.graph("reference", part): graph for part in ("force", "cycle")}
    with staged(data, IRIS) as stage:
        stage.replace_graphs(graphs)
        assert stage.publish(data, dt.datetime(2026, 3, number, tzinfo=dt.UTC)) is not None


class Replicas:
    """Three data folders, the servers over them, and the way versions get there."""

    def __init__(self, folder: Path, ports: list[int], running: contextlib.ExitStack) -> None:
        self.publisher = DataFolder(folder / "publisher")
        self._folders = [folder / f"replica-{number}" for number in range(len(ports))]
        self._ports = ports
        self._running = running
        self.processes: dict[int, subprocess.Popen[str]] = {}

    def copy_to(self, *numbers: int) -> None:
        """Copy the publisher's current version as the documentation says."""
        for number in numbers:
            self._folders[number].mkdir(exist_ok=True)
            command = [DEPLOYMENT / "copy-version.sh", self.publisher.path, self._folders[number]]
            subprocess.run(command, check=True, timeout=60)

    def start(self, number: int) -> None:
        """Start a replica and wait for its line."""
        command = [sys.executable, "-m", "peelgraph.server.cli", "serve", "--workers", "1"]
        command += ["--data", str(self._folders[number]), "--port", str(self._ports[number])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._running.callback(process.wait, 30)
        self._running.callback(process.kill)
        assert process.stdout is not None
        self._running.callback(process.stdout.close)
        assert process.stdout.readline().startswith("Serving ")
        self.processes[number] = process

    def await_version(self, version: int, *numbers: int) -> None:
        """Wait until each of these replicas answers from that version."""
        deadline = time.monotonic() + 100
        for number in numbers:
            while (served := self._served(number)) != version:
                assert time.monotonic() < deadline, f"replica {number} serves {served}"
                time.sleep(0.05)

    def _served(self, number: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._ports[number], timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", "/sparql?query=" + quote(QUERY))
            (row,) = json.loads(connection.getresponse().read())["results"]["bindings"]
        return int(row["one"]["value"])


def rendered(folder: Path, port: int, ports: list[int]) -> str:
    """The shipped example with this machine's addresses, and the rest of a configuration."""
    example = (DEPLOYMENT / "nginx.conf.example").read_text(encoding="utf-8")
    for number, each in enumerate(ports, 1):
        example = example.replace(f"replica-{number}.example:8080", f"127.0.0.1:{each}")
    example = example.replace("/var/cache/nginx/", f"{folder}/")
    example, listens = re.subn(r"listen 80;", f"listen 127.0.0.1:{port};", example)
    assert listens == 1
    assert ".example:" not in example
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # nginx changes its user when it is started by root, and the folder is the test's own.
    user = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
    return (
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;"
        f"events {{ worker_connections 256; }} http {{ access_log off; {temporary}\n{example}}}"
    )


@pytest.fixture
def running() -> Iterator[contextlib.ExitStack]:
    """What ends with the test, last things first."""
    with contextlib.ExitStack() as stack:
        yield stack


def start_nginx(
    program: str, folder: Path, port: int, ports: list[int], running: contextlib.ExitStack
) -> None:
    """Start nginx at *port* over replicas at *ports*, and wait until it listens."""
    folder.mkdir()
    configuration = folder / "nginx.conf"
    configuration.write_text(rendered(folder, port, ports), encoding="utf-8")
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(configuration)])
    running.callback(process.wait, 30)
    running.callback(process.terminate)
    while True:
        assert process.poll() is None, "nginx ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)


def worst_minute(replicas: Replicas, seen: Seen, further: Callable[[float], None]) -> None:
    """Everything that happens to the replicas while the clients ask."""
    further(0.15)
    assert set(seen.numbers) == {1}
    publish(replicas.publisher, 2)
    replicas.copy_to(0, 1)  # the third lags behind
    replicas.await_version(2, 0, 1)
    further(0.15)
    replicas.processes[1].kill()
    further(0.2)
    replicas.copy_to(2)
    publish(replicas.publisher, 3)
    replicas.copy_to(0, 1, 2)
    replicas.start(1)
    replicas.await_version(3, 0, 1, 2)
    further(0.3)
    replicas.processes[0].terminate()  # an orderly stop is no failure either
    further(0.2)


@pytest.mark.soak
def test_no_request_fails_while_replicas_die_lag_and_get_versions(
    needed_program: Callable[[str], str],
    free_ports: Callable[[int], list[int]],
    tmp_path: Path,
    running: contextlib.ExitStack,
) -> None:
    """One is killed, one lags a version behind, and two versions come in the middle of load."""
    nginx, _ = needed_program("nginx"), needed_program("rsync")
    port, *ports = free_ports(4)
    replicas = Replicas(tmp_path, ports, running)
    publish(replicas.publisher, 1)
    replicas.copy_to(0, 1, 2)
    for number in range(3):
        replicas.start(number)
    start_nginx(nginx, tmp_path / "nginx", port, ports, running)
    seen, ending = Seen(), threading.Event()
    clients = [Client(port, number, seen, ending) for number in range(CLIENTS)]
    running.callback(ending.set)
    for client in clients:
        client.start()

    def further(part: float) -> None:
        """Wait until so large a part of all requests more has been answered."""
        enough = seen.total + part * CLIENTS * TURNS
        while seen.total < enough:
            assert not seen.failures, seen.failures[:3]
            assert any(client.is_alive() for client in clients)
            time.sleep(0.05)

    worst_minute(replicas, seen, further)
    time.sleep(SETTLED)
    seen.numbers.clear()
    further(0.05)
    ending.set()
    for client in clients:
        client.join(60)
    assert seen.failures == []
    assert set(seen.numbers) == {3}, "when all have the version, nobody gets another"
    assert set(seen.statuses) == {200, 304}
    assert all(len(bodies) == 1 for bodies in seen.bodies.values()), "one ETag, one answer"
    by_text = Counter(text for text, _ in seen.bodies)
    # One for each version, on whichever replica; clients of the lagging one may have missed one.
    assert max(by_text.values()) == 3, by_text
    assert seen.cache["HIT"]
    assert seen.cache["REVALIDATED"]
