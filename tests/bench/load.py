"""A load of identical requests from several client processes, each on one kept-alive connection."""

from __future__ import annotations

import http.client
import multiprocessing
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.queues import Queue


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go: port on loopback, path and body of a POSTed query."""

    name: str
    port: int
    path: str
    query: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests per second over all clients, and the median and 95th percentile in ms."""

    rate: float
    p50: float
    p95: float


def run(target: Target, clients: int, seconds: float) -> Measured:
    """Return what *clients* measured in *seconds* of asking *target* the same query."""
    queue: Queue[list[float]] = multiprocessing.Queue()
    workers = [
        multiprocessing.Process(target=ask_until, args=(target, seconds, queue))
        for _ in range(clients)
    ]
    for worker in workers:
        worker.start()
    times = sorted(t for _ in workers for t in queue.get(timeout=seconds + 60))
    for worker in workers:
        worker.join()
    return Measured(
        rate=len(times) / seconds,
        p50=statistics.median(times) * 1000,
        p95=times[int(len(times) * 0.95)] * 1000,
    )


def ask_until(target: Target, seconds: float, queue: Queue[list[float]]) -> None:
    """Ask over one connection until *seconds* have passed; put the time of each answer."""
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
    headers = {
        "Content-Type": "application/sparql-query",
        "Accept": "application/sparql-results+json",
    }
    times: list[float] = []
    end = time.monotonic() + seconds
    while (started := time.monotonic()) < end:
        connection.request("POST", target.path, body=target.query, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != http.client.OK or b"outstanding" not in body:
            raise SystemExit(f"{target.name} answered {response.status}: {body[:200]!r}")
        times.append(time.monotonic() - started)
    queue.put(times)
