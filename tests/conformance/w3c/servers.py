"""Real servers over many small datasets, without paying for the start of Python each time.

One process imports the program once and forks: every child is what ``peelgraph serve --dataset
FILE --port 0`` is, with its own socket, pool and workers.
"""

from __future__ import annotations

import collections
import contextlib
import http.client
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph

from w3c.engine import quads_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path

    from w3c.manifest import Files

KEPT = 3
"""Servers that run at once; cases come sorted by their data."""
FORKING = """
import json, os, pathlib, signal, sys
from peelgraph.graph.settings import Settings
from peelgraph.server.cli.serve import FOR_DATASET
from peelgraph.server.serving import serve

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for path in sys.stdin:
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(0)
        tell = lambda line: print(json.dumps([os.getpid(), line.split()[1]]), flush=True)
        settings = Settings(port=0, workers=1, **FOR_DATASET)
        serve(settings, pathlib.Path(path.strip()), announce=tell)
        os._exit(0)
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Client:
    """One connection to one server, kept alive as long as the server keeps it."""

    address: str
    connection: http.client.HTTPConnection

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        """Send one request as it is told."""
        if self._ended():
            self.connection.close()
        try:
            self.connection.request(method, path, body=body, headers=dict(headers))
            response = self.connection.getresponse()
        except BaseException:
            self.connection.close()  # the next request opens another
            raise
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status, headers, response.read())

    def _ended(self) -> bool:
        """Whether the server has closed the connection, as it does with one long idle."""
        sock: socket.socket | None = self.connection.sock
        return sock is not None and bool(select.select([sock], [], [], 0)[0])

    def ask(self, text: str, accept: str) -> Reply:
        """Ask a query by a direct POST."""
        sent_as = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.send("POST", "/sparql", sent_as, text.encode())


def client_of(address: str) -> Client:
    """A client of the server at *address*."""
    return Client(address, http.client.HTTPConnection(urlsplit(address).netloc, timeout=60))


class Servers:
    """Servers over datasets; a context that ends them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: collections.OrderedDict[Files, tuple[int, Client]] = (
            collections.OrderedDict()
        )
        self._forking = subprocess.Popen(
            [sys.executable, "-c", FORKING],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started = 0

    def over(self, files: Files) -> Client:
        """A client of a server over *files*."""
        if files not in self._running:
            while len(self._running) >= KEPT:
                self._end(next(iter(self._running)))
            self._running[files] = self._start(files)
        self._running.move_to_end(files)
        return self._running[files][1]

    def _start(self, files: Files) -> tuple[int, Client]:
        self.started += 1
        path = self._folder / f"{self.started}.nq"
        with path.open("wb") as file:
            pyoxigraph.serialize(quads_of(files), file, pyoxigraph.RdfFormat.N_QUADS)
        forking = self._forking
        assert forking.stdin is not None
        assert forking.stdout is not None
        forking.stdin.write(f"{path}\n")
        forking.stdin.flush()
        pid, address = json.loads(forking.stdout.readline())
        return pid, client_of(address)

    def _end(self, files: Files) -> None:
        pid, client = self._running.pop(files)
        client.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def close(self) -> None:
        """End every server."""
        for files in list(self._running):
            self._end(files)
        for stream in (self._forking.stdin, self._forking.stdout):
            assert stream is not None
            stream.close()
        self._forking.wait(30)
