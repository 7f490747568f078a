"""An orderly end: what runs is finished, what idles is closed, and nothing lives on."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hostile.status import busy_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CROSS = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
LARGE = quote("SELECT * { ?a ?b ?c . ?d <http://example.org/property/0> ?f } LIMIT 60000")


class Stopping:
    """A server, connections to it, and its end."""

    def __init__(
        self,
        running: Any,  # noqa: ANN401 - tests/conftest.py has the class
        children: set[int],
        opened: ExitStack,
        await_gone: Callable[..., None],
    ) -> None:
        self.process = running.process
        self._place, self._netloc = running.place, running.netloc
        self._opened = opened
        self._await_gone = await_gone
        self.children = children
        assert len(self.children) >= 2

    def connected(self, path: str | None = None, receive: int | None = None) -> socket.socket:
        """A connection, on which *path* has been asked for."""
        client = self._opened.enter_context(socket.socket())
        client.settimeout(40)
        if receive is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        client.connect(self._place)
        if path is not None:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return client

    def wait_until_busy(self, number: int) -> None:
        """Wait until so many queries run."""
        while busy_workers(self._netloc) != number:
            time.sleep(0.02)

    def wait_until_deaf(self) -> None:
        """Wait until nobody can connect: a signal has been seen."""
        with contextlib.suppress(ConnectionError):
            while True:
                self.connected().close()
                time.sleep(0.02)

    def ended(self, patience: float) -> int:
        """The exit code; no process is left."""
        code = int(self.process.wait(patience))
        self._await_gone(self.children, 60)
        return code


@pytest.fixture
def stopping(
    started_servers: Callable[..., Any],
    small_quads: Path,
    processes_below: Callable[[int], set[int]],
    await_gone: Callable[..., None],
    request: pytest.FixtureRequest,
) -> Iterator[Stopping]:
    """A server whose queries may run as many seconds as the test says."""
    running = started_servers(small_quads, workers=2, timeout=request.param)
    with ExitStack() as opened:
        yield Stopping(running, processes_below(running.process.pid), opened, await_gone)


@pytest.mark.parametrize("stopping", [4.0], indirect=True)
def test_queries_that_run_are_answered_and_idle_connections_closed(stopping: Stopping) -> None:
    """A restart costs nobody an answer; a client that only waits for one is told by the close."""
    kept, silent = stopping.connected("/livez"), stopping.connected()
    assert kept.recv(10_000).startswith(b"HTTP/1.1 200 OK")
    asking = [stopping.connected(f"/sparql?query={CROSS}") for _ in range(2)]
    stopping.wait_until_busy(2)
    stopping.process.send_signal(signal.SIGTERM)
    assert kept.recv(1) == silent.recv(1) == b""
    for client in asking:
        with client.makefile("rb") as stream:
            answer = stream.read()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nConnection: close\r\n" in answer
        assert b"query-timeout" in answer
    stopping.wait_until_deaf()
    assert stopping.ended(20) == 0


@pytest.mark.parametrize("stopping", [10.0], indirect=True)
def test_a_slow_reader_of_a_large_answer_gets_all_of_it(stopping: Stopping) -> None:
    """What was begun with a 200 is finished, as long as the reader takes it."""
    reader = stopping.connected(f"/sparql?query={LARGE}", receive=8192)
    first = reader.recv(4096)
    assert first.startswith(b"HTTP/1.1 200 OK")
    stopping.process.send_signal(signal.SIGTERM)
    head, _, body = first.partition(b"\r\n\r\n")
    size = int(head.partition(b"Content-Length: ")[2].split()[0])
    received, pieces = len(body), 0
    while piece := reader.recv(256 * 1024):
        received += len(piece)
        pieces += 1
        if pieces < 20:
            time.sleep(0.02)
    assert received == size > 1_000_000
    assert stopping.ended(20) == 0


@pytest.mark.parametrize("stopping", [60.0], indirect=True)
def test_a_second_signal_ends_at_once(stopping: Stopping) -> None:
    """An operator who asks twice means it; the query would run for a minute."""
    asking = stopping.connected(f"/sparql?query={CROSS}")
    stopping.wait_until_busy(1)
    stopping.process.send_signal(signal.SIGTERM)
    stopping.wait_until_deaf()
    stopping.process.send_signal(signal.SIGTERM)
    assert stopping.ended(10) == 0
    assert asking.recv(1) == b""


@pytest.mark.soak
@pytest.mark.parametrize("stopping", [60.0], indirect=True)
def test_those_who_never_end_are_cut_after_a_while(stopping: Stopping) -> None:
    """A query of a minute and a reader that reads nothing: fifteen seconds, no more."""
    stopping.connected(f"/sparql?query={CROSS}")
    reader = stopping.connected(f"/sparql?query={LARGE}", receive=4096)
    assert reader.recv(16).startswith(b"HTTP/1.1 200 OK")
    stopping.wait_until_busy(1)
    stopping.process.send_signal(signal.SIGTERM)
    assert stopping.ended(40) == 0
