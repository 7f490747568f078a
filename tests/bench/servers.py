"""Starts each server over the same quads, says when it can answer, and reads what it used."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import URIRef
from triples import PASSAGES, graphs
from workloads import Target

from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.store import RdfSyntax
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READY_SECONDS = 600
TICK = os.sysconf("SC_CLK_TCK")
BUDGETS = ("workers", "seconds", "errors")


@dataclass(frozen=True, slots=True)
class Data:
    """The quads to serve, in each form that a server wants; and what is in them."""

    quads: Path
    version: Path
    store: Path
    count: int
    passages: int


def prepared(triples: int, scratch: Path) -> Data:
    """Make a data folder with one version of generated quads, and a store of Oxigraph's loader.

    Nothing is validated: the data is only like inspections. Every server gets the version's file.
    """
    folder, store, reports = DataFolder(scratch / "data"), scratch / "store", 0
    with staged(folder, Iris()) as stage:
        for name, lines in graphs(triples):
            content = "".join(lines).encode()
            stage.store.replace_graph_from(URIRef(name), content, RdfSyntax.NT, stage.iris)
            reports += 1
        version = stage.publish(folder, dt.datetime.now(dt.UTC))
    assert version is not None
    command = [script("oxigraph"), "load", "--location", str(store)]
    subprocess.run([*command, "--file", str(version.quads_file)], check=True, capture_output=True)
    passages = (reports - 1) * PASSAGES
    return Data(version.quads_file, folder.path, store, version.manifest.quads, passages)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: where, and the process that was started."""

    name: str
    target: Target
    pid: int

    def processor_seconds(self) -> float:
        """Processor time of all its processes so far, of those too that have ended."""
        stats = [fields_of(pid) for pid in self.pids()]
        return sum(sum(map(int, stat[11:15])) for stat in stats if stat) / TICK

    def peak_mib(self, *, whole: bool = False) -> float:
        """Peak memory of the process that holds the socket, or the sum over all processes."""
        return sum(peak(pid) for pid in (self.pids() if whole else [self.pid])) / 1024

    def pids(self) -> list[int]:
        """The processes of the server's session."""
        found = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
        return [pid for pid in found if (s := fields_of(pid)) and int(s[3]) == self.pid]


def fields_of(pid: int) -> list[str]:
    """What the kernel says of a process, after its name; nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def peak(pid: int) -> int:
    """The most memory a process has had, in KiB."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def script(name: str) -> str:
    """A program installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


def ours(data: Data, port: int, workers: int, *, dataset: bool) -> list[str]:
    """The command of this server: without budgets for a client, since one address asks it all."""
    command = [script("peelgraph"), "serve", "--port", str(port)]
    if workers:
        command += ["--workers", str(workers)]
    for budget in BUDGETS:
        command += [f"--client-{budget}", "0"]
    if dataset:
        return [*command, "--dataset", str(data.quads), "--default-graph", "union"]
    return [*command, "--data", str(data.version)]


@dataclass(frozen=True, slots=True)
class Server:
    """How one server is started, filled where that is by HTTP, and asked."""

    name: str
    command: Callable[[Data, int, int], list[str]]
    path: str
    fill: bool = False


OURS, OURS_FILE = "peelgraph version", "peelgraph file"
MEMORY, DISK, RDFLIB = "oxigraph memory", "oxigraph disk", "rdflib-endpoint"
UNION = "--union-default-graph"
SERVERS = {
    server.name: server
    for server in (
        Server(OURS, lambda d, p, w: ours(d, p, w, dataset=False), "/sparql"),
        Server(OURS_FILE, lambda d, p, w: ours(d, p, w, dataset=True), "/sparql"),
        Server(
            MEMORY,
            lambda _d, p, _w: [script("oxigraph"), "serve", "--bind", f"127.0.0.1:{p}", UNION],
            "/query",
            fill=True,
        ),
        Server(
            DISK,
            lambda d, p, _w: [
                *(script("oxigraph"), "serve-read-only", "--location", str(d.store)),
                *("--bind", f"127.0.0.1:{p}", UNION),
            ],
            "/query",
        ),
        Server(
            RDFLIB,
            lambda d, p, _w: [
                *(script("rdflib-endpoint"), "serve", str(d.quads)),
                *("--host", "127.0.0.1", "--port", str(p)),
            ],
            "/",
        ),
    )
}


@contextlib.contextmanager
def serving(server: Server, data: Data, workers: int) -> Iterator[Running]:
    """Run *server* until the block ends; it has answered a query when the block begins."""
    port = free_port()
    with started(server.command(data, port, workers)) as process:
        if server.fill:
            fill(port, data.quads, process)
        wait_for(f"http://127.0.0.1:{port}{server.path}?query=ASK%7B%7D", process)
        yield Running(server.name, Target(port, server.path), process.pid)


@contextlib.contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a session of its own until the block ends, then end all of that."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def fill(port: int, quads: Path, process: subprocess.Popen[bytes]) -> None:
    """Put the quads into a server that begins empty."""
    wait_for(f"http://127.0.0.1:{port}/", process)
    with quads.open("rb") as body:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/store?no_transaction",
            data=body,
            headers={
                "Content-Type": "application/n-quads",
                "Content-Length": str(quads.stat().st_size),
            },
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=READY_SECONDS):
            pass


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return once *address* answers with success.

    Raises:
        RuntimeError: the server ended, or did not answer in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=READY_SECONDS):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} does not answer at {address}")


def free_port() -> int:
    """A port of loopback that nothing listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
