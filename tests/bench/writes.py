"""Small updates per second: one after another and in a crowd, this server beside Oxigraph's own.

The peer neither validates nor keeps versions; the ratio says what those cost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import itertools
import shutil
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from peelgraph.graph.build import build
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.tokens import Tokens
from peelgraph.graph.versions import DataFolder

sys.path.insert(0, str(Path(__file__).parent))
from servers import free_port, script, started, wait_for

UPDATE = "INSERT DATA {{ GRAPH <http://example.org/bench> {{ <a:s> <a:p> {} }} }}"
numbers = itertools.count()
seen: list[str] = []
"""What this server says of its own time, for one writer."""


def write(port: int, secret: str) -> float:
    """Seconds that one small update takes until its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {secret}"}
    began = time.monotonic()
    connection.request("POST", "/update", UPDATE.format(next(numbers)), headers)
    response = connection.getresponse()
    body = response.read()
    if response.status not in {http.client.OK, http.client.NO_CONTENT}:
        raise SystemExit(f"answered {response.status}: {body[:200]!r}")
    seen.append(response.headers.get("Server-Timing", ""))
    connection.close()
    return time.monotonic() - began


def measured(port: int, secret: str, clients: int, seconds: float) -> tuple[float, float]:
    """Updates per second of so many writers, and the median in milliseconds."""
    write(port, secret)
    stop = threading.Event()

    def writer(_: int) -> list[float]:
        times = []
        while not stop.is_set():
            times.append(write(port, secret))
        return times

    began = time.monotonic()
    with ThreadPoolExecutor(clients) as crowd:
        running = [crowd.submit(writer, each) for each in range(clients)]
        time.sleep(seconds)
        stop.set()
        times = [each for job in running for each in job.result()]
    return len(times) / (time.monotonic() - began), statistics.median(times) * 1000


def main() -> None:
    """Measure with 1, 8 and 32 writers, each server alone, and print rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each measurement")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        built = build(DataFolder(data), Iris(), bundled_tables(), dt.datetime.now(dt.UTC))
        secret = Tokens(data).create("update", dt.datetime.now(dt.UTC))[1]
        store = Path(scratch) / "peer"
        shutil.copytree(built.version.store_folder, store)
        ours, peer = free_port(), free_port()
        command = [script("peelgraph"), "serve", "--data", str(data)]
        command += ["--port", str(ours), "--workers", "1"]
        peer_command = [script("oxigraph"), "serve", "--location", str(store)]
        peer_command += ["--bind", f"127.0.0.1:{peer}"]
        for clients in (1, 8, 32):
            with started(command) as process:
                wait_for(f"http://127.0.0.1:{ours}/readyz", process)
                rate, median = measured(ours, secret, clients, options.seconds)
            with started(peer_command) as process:
                wait_for(f"http://127.0.0.1:{peer}/", process)
                other, its = measured(peer, secret, clients, options.seconds)
            print(
                f"{clients} writers: peelgraph {rate:.1f}/s (p50 {median:.0f} ms), "
                f"oxigraph serve {other:.1f}/s (p50 {its:.1f} ms), ratio {rate / other:.3f}"
            )
            if clients == 1:
                print(f"  one write: {[each for each in seen if each][-1]}")


if __name__ == "__main__":
    main()
