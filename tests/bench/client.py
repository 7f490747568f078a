"""A load over many kept-alive connections from one process: epoll, httptools' parser in C.

One client for every server. Its own cost is part of what it reports (`client_ms`): far below what
any of the servers spends on a request, so that it is not the client that is measured.
"""

from __future__ import annotations

import math
import selectors
import socket
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httptools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUFFER = memoryview(bytearray(256 * 1024))
PATIENCE = 60.0
"""Seconds without any byte of an answer after which a server counts as standing still."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a load measured; times in milliseconds, rate per second over all connections.

    ``client_ms`` is the client's own processor time for one request, ``statuses`` how often each
    status came, ``body`` the bytes of an average answer, ``reconnections`` how often a server had
    hung up after an answer.
    """

    rate: float
    p50: float
    p95: float
    client_ms: float
    body: float
    reconnections: int
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def failures(self) -> int:
        """How many answers were no success; a 304 is one."""
        return sum(n for status, n in self.statuses.items() if not 200 <= status < 400)


class Connection:
    """One client: sends a request, waits for the whole answer, sends the next."""

    def __init__(self, port: int, requests: Iterator[bytes], poll: selectors.BaseSelector) -> None:
        self.port, self.requests, self.poll = port, requests, poll
        self.reconnect = self.open = False
        self.times: list[float] = []
        self.statuses: list[int] = []
        self.received = self.reconnections = 0
        self.connect()

    def connect(self) -> None:
        """Open the connection."""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.settimeout(None)  # with a timeout, each call would poll before
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.parser = httptools.HttpResponseParser(self)
        self.poll.register(self.socket, selectors.EVENT_READ, self)
        self.open = True

    def send(self) -> None:
        """Start the clock and send the next request, over a new connection where need be."""
        self.done = False
        self.started = time.perf_counter()
        if not self.open:
            self.connect()
        self.socket.sendall(next(self.requests))

    def on_body(self, part: bytes) -> None:
        """Count what the parser hands over."""
        self.received += len(part)

    def on_message_complete(self) -> None:
        """Note that the answer is whole; only now does the parser know of the connection."""
        self.done, self.kept = True, self.parser.should_keep_alive()

    def receive(self) -> bool:
        """Take what has come; return whether an answer is whole."""
        size = self.socket.recv_into(BUFFER)
        if not size:
            raise ConnectionResetError("the server closed the connection inside an answer")
        self.parser.feed_data(BUFFER[:size])
        if self.done:
            self.times.append(time.perf_counter() - self.started)
            self.statuses.append(self.parser.get_status_code())
            if self.reconnect or not self.kept:
                self.reconnections += 1
                self.close()
        return self.done

    def close(self) -> None:
        """Leave the poll and hang up."""
        if self.open:
            self.poll.unregister(self.socket)
            self.socket.close()
            self.open = False


def load(
    port: int,
    requests: Callable[[], Iterator[bytes]],
    clients: int,
    enough: Enough,
    *,
    reconnect: bool = False,
) -> Measured:
    """Return what *clients* connections measured; each new answer makes room for one request.

    Args:
        port: Of the server, on loopback.
        requests: Called once a client: its requests, without end.
        clients: How many connections; each has one request under way.
        enough: When to stop.
        reconnect: A new connection for every request, whose making is part of its time.
    """
    with selectors.DefaultSelector() as poll:
        connections = [Connection(port, requests(), poll) for _ in range(clients)]
        for connection in connections:
            connection.reconnect = reconnect
        try:
            started, processor = time.perf_counter(), time.process_time()
            drive(connections, poll, enough)
            processor, passed = time.process_time() - processor, time.perf_counter() - started
        finally:
            for connection in connections:
                connection.close()
    times = sorted(t for connection in connections for t in connection.times)
    statuses = [status for connection in connections for status in connection.statuses]
    return Measured(
        rate=len(times) / passed,
        p50=statistics.median(times) * 1000,
        p95=times[math.ceil(len(times) * 0.95) - 1] * 1000,
        client_ms=processor / len(times) * 1000,
        body=sum(connection.received for connection in connections) / len(times),
        reconnections=sum(connection.reconnections for connection in connections),
        statuses={status: statuses.count(status) for status in sorted(set(statuses))},
    )


@dataclass(frozen=True, slots=True)
class Enough:
    """When a load ends: after *seconds*, and not before *answers* answers."""

    seconds: float
    answers: int = 1


def drive(connections: list[Connection], poll: selectors.BaseSelector, enough: Enough) -> None:
    """Keep one request under way on each connection until enough was measured.

    Answers that are still under way then are waited for and counted.
    """
    end = time.perf_counter() + enough.seconds
    answers, waiting = 0, len(connections)
    for connection in connections:
        connection.send()
    while waiting:
        ready = poll.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"no byte came for {PATIENCE:.0f} seconds")
        for key, _ in ready:
            if not key.data.receive():
                continue
            answers += 1
            if time.perf_counter() < end or answers < enough.answers:
                key.data.send()
            else:
                waiting -= 1
