"""The endpoint beside its peers: each server alone, over the same quads, asked by one client.

Prints requests per second, median and 95th percentile, the processor time that a request costs the
server and the client, and this server's rate as a multiple of each peer's.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))
from answers import answers, etags
from client import Enough, Measured, load
from report import report
from servers import MEMORY, RDFLIB, SERVERS, Data, Running, prepared, serving
from workloads import (
    ROWS,
    TWELVE,
    Target,
    encoded_names,
    get,
    mix,
    never_seen,
    post,
    repeated,
    small,
    unseen,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RATES = ("mix", "never-seen", "repeated", "conditional")
WORKLOADS = (*RATES, "twelve", "rows")
RDFLIB_TRIPLES = 200_000


@dataclass(frozen=True, slots=True)
class Result:
    """One server under one load; *server_ms* is its processor time for a request."""

    server: str
    workload: str
    clients: int
    measured: Measured
    server_ms: float


@dataclass(slots=True)
class Found:
    """Everything one run found; peaks in MiB: of the process with the socket, and of all."""

    quads: int
    results: list[Result] = field(default_factory=list)
    peaks: dict[str, tuple[float, float]] = field(default_factory=dict)
    differing: dict[str, list[str]] = field(default_factory=dict)
    client_alone: Measured | None = None


class Bench:
    """One run: what was asked for, and what has been found."""

    def __init__(self, options: argparse.Namespace, data: Data) -> None:
        self.options, self.data = options, data
        self.found = Found(data.count)
        self.expected: dict[str, frozenset[str]] = {}

    def measure(self, server: Running) -> None:
        """Put one running server through all that was asked for."""
        self.compare(server)
        for workload in self.options.workloads:
            if workload == "twelve":
                self.twelve(server)
            elif workload == "rows":
                self.rows(server)
            else:
                for clients in self.options.clients:
                    self.rate(server, workload, clients)
        peaks = (server.peak_mib(), server.peak_mib(whole=True))
        before = self.found.peaks.get(server.name, (0.0, 0.0))
        self.found.peaks[server.name] = (max(before[0], peaks[0]), max(before[1], peaks[1]))
        if server.name == MEMORY and self.found.client_alone is None:
            page = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.target.port}\r\n\r\n".encode()
            enough = Enough(self.options.seconds)
            self.found.client_alone = load(
                server.target.port, lambda: itertools.repeat(page), 8, enough
            )

    def compare(self, server: Running) -> None:
        """Note which of the twelve this server answers otherwise than the first did."""
        mine = answers(server.target)
        self.expected = self.expected or mine
        other = [name for name in TWELVE if mine[name] != self.expected[name]]
        if other:
            self.found.differing[server.name] = other

    def rate(self, server: Running, workload: str, clients: int) -> None:
        """Measure one workload with so many clients, after a warm-up."""
        requests = self.requests(server.target, workload)
        load(server.target.port, requests, clients, Enough(self.options.seconds / 4))
        enough = Enough(self.options.seconds)
        self.add(server, workload, clients, requests, enough)

    def requests(self, target: Target, workload: str) -> Callable[[], Iterator[bytes]]:
        """What each client of a workload sends."""
        passages = self.data.passages
        encoded_names(passages)
        if workload == "mix":
            return lambda: mix(target)
        if workload == "never-seen":
            return lambda: never_seen(target, passages)
        known = etags(target, [small(passages, number) for number in range(100)])
        return lambda: repeated(target, passages, known if workload == "conditional" else {})

    def twelve(self, server: Running) -> None:
        """Measure each of the twelve on its own: one client, unseen texts."""
        for name, query in TWELVE.items():

            def asked(query: str = query) -> Iterator[bytes]:
                while True:
                    yield post(server.target, unseen(query))

            load(server.target.port, asked, 1, Enough(0, 2))
            enough = Enough(self.options.seconds / 6, 3)
            self.add(server, f"twelve/{name}", 1, asked, enough)

    def rows(self, server: Running) -> None:
        """Measure a table of 100,000 rows: one client, unseen texts."""

        def asked() -> Iterator[bytes]:
            while True:
                yield get(server.target, unseen(ROWS))

        self.add(server, "rows", 1, asked, Enough(self.options.seconds, 3))

    def add(
        self,
        server: Running,
        workload: str,
        clients: int,
        requests: Callable[[], Iterator[bytes]],
        enough: Enough,
    ) -> None:
        """Load the server and keep what was measured."""
        before = server.processor_seconds()
        measured = load(
            server.target.port, requests, clients, enough, reconnect=self.options.reconnect
        )
        spent = server.processor_seconds() - before
        answered = sum(measured.statuses.values())
        self.found.results.append(
            Result(server.name, workload, clients, measured, spent / answered * 1000)
        )


def run(options: argparse.Namespace, data: Data) -> Found:
    """Start the servers one after another, as often as there are rounds, and measure each."""
    bench = Bench(options, data)
    for _ in range(options.rounds):
        for name in options.servers:
            print(f"{name} …", file=sys.stderr, flush=True)
            with serving(SERVERS[name], data, options.workers) as server:
                bench.measure(server)
    bench.found.results = middle(bench.found.results)
    return bench.found


def middle(results: list[Result]) -> list[Result]:
    """Of the rounds of each measurement, the one in the middle by its rate."""
    rounds: dict[tuple[str, str, int], list[Result]] = {}
    for result in results:
        rounds.setdefault((result.server, result.workload, result.clients), []).append(result)
    return [
        next(r for r in every if r.measured.rate == statistics.median_low(rates))
        for every in rounds.values()
        if (rates := [r.measured.rate for r in every])
    ]


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench endpoint", description=__doc__)
    add = parser.add_argument
    add("--triples", type=int, default=100_000, help="how many to generate at least")
    add("--clients", type=int, nargs="+", help="connections at a time")
    add("--seconds", type=float, help="length of each measurement")
    add("--rounds", type=int, help="repetitions; the middle one counts")
    add("--workers", type=int, default=0, help="query workers of this server; 0: its default")
    add("--servers", nargs="+", choices=list(SERVERS), default=None)
    add("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    add("--full", action="store_true", help="1, 8, 32 clients, 5 seconds, 3 rounds: half an hour")
    add("--reconnect", action="store_true", help="a new connection each time, as urllib makes one")
    add("--json", action="store_true", help="print one JSON object instead of tables")
    add("--scratch", type=Path, default=None, help="folder for the data; it stays")
    options = parser.parse_args(arguments)
    options.clients = options.clients or ([1, 8, 32] if options.full else [8])
    options.seconds = options.seconds or (5.0 if options.full else 1.0)
    options.rounds = options.rounds or (3 if options.full else 1)
    if options.servers is None:
        options.servers = list(SERVERS)
        if options.triples > RDFLIB_TRIPLES:
            options.servers.remove(RDFLIB)
            print(
                f"{RDFLIB} left out: name it in --servers to have it load so much", file=sys.stderr
            )
    return options


def main(arguments: list[str] | None = None) -> None:
    """Make the data, measure, print."""
    options = parsed(arguments)
    with contextlib.ExitStack() as stack:
        scratch = options.scratch or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = run(options, prepared(options.triples, scratch))
    if options.json:
        print(json.dumps({"cores": os.cpu_count(), **asdict(found)}, indent=1))
    else:
        print(report(found))


if __name__ == "__main__":
    main()
