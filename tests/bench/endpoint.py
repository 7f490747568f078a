"""Requests per second of one small query: this server beside Oxigraph's own on the same store."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph.graph.build import build
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

sys.path.insert(0, str(Path(__file__).parent))
from load import Target, run

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERY = """
PREFIX pi: <https://w3id.org/peelgraph/def/inspection#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?criterion ?grade WHERE {
  ?judgment pi:force <https://w3id.org/peelgraph/id/force/kent> ;
    pi:cycle <https://w3id.org/peelgraph/id/cycle/peel-2015> ;
    pi:criterion ?criterion ;
    pi:grade ?grade .
}
"""


def free_port() -> int:
    """A port of loopback that nothing listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def serving(command: list[str], ready: str) -> Iterator[None]:
    """Run a server until the block ends; *ready* is an address that answers when it can."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(ready, timeout=5):
                    break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def main() -> None:
    """Measure with 1 and 8 clients, each server alone, and print rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each measurement")
    parser.add_argument("--workers", type=int, default=2, help="query workers of this server")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        built = build(DataFolder(data), Iris(), bundled_tables(), dt.datetime.now(dt.UTC))
        store = Path(scratch) / "peer"
        shutil.copytree(built.version.store_folder, store)
        ours, peer = free_port(), free_port()
        command = [sys.executable, "-m", "peelgraph.server.cli", "serve", "--data", str(data)]
        command += ["--port", str(ours), "--workers", str(options.workers)]
        oxigraph = shutil.which("oxigraph", path=Path(sys.executable).parent) or "oxigraph"
        peer_command = [oxigraph, "serve-read-only", "--location", str(store)]
        peer_command += ["--bind", f"127.0.0.1:{peer}", "--union-default-graph"]
        print(f"{built.version.manifest.quads} quads, {os.cpu_count()} cores")
        for clients in (1, 8):
            with serving(command, f"http://127.0.0.1:{ours}/readyz"):
                mine = run(Target("peelgraph", ours, "/sparql", QUERY), clients, options.seconds)
            with serving(peer_command, f"http://127.0.0.1:{peer}/"):
                other = run(Target("oxigraph", peer, "/query", QUERY), clients, options.seconds)
            print(
                f"{clients} clients: peelgraph {mine.rate:.0f}/s (p50 {mine.p50:.1f} ms, p95 "
                f"{mine.p95:.1f} ms), oxigraph serve-read-only {other.rate:.0f}/s (p50 "
                f"{other.p50:.1f} ms, p95 {other.p95:.1f} ms), ratio {mine.rate / other.rate:.2f}"
            )


if __name__ == "__main__":
    main()
