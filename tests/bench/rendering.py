"""Milliseconds until a page about the data is made, and until it is sent again.

Cold is the first request for an address after the version's facts are at hand; warm the median of
the same request after that. The whole application answers, without a socket.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from peelgraph.graph.build import build
from peelgraph.graph.iris import Iris
from peelgraph.graph.settings import Settings
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ADDRESSES: Final = (
    "/forces",
    "/doc/force/kent",
    "/doc/force/essex",
    "/doc/inspection/peel-2015/kent",
    "/doc/inspection/peel-2018-19/kent/efficiency",
    "/grades",
    "/grades?cycle=peel-2017",
    "/grades?criterion=legitimacy&sort=best",
    "/grades.csv",
    "/grades.json",
    "/compare?force=kent&force=essex&force=surrey",
)
FIRST: Final = "/forces?country=wales"
"""What gathers the facts of the version before anything is timed."""
HTML: Final = {"Accept": "text/html"}


def timed(client: FlaskClient, address: str) -> tuple[int, float]:
    """Return the status of one request, and its milliseconds."""
    started = time.perf_counter()
    with client.get(address, headers=HTML) as response:
        return response.status_code, (time.perf_counter() - started) * 1000


def main() -> None:
    """Build a version of what is bundled, unless one is given, and time the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a data folder; without it, what is bundled")
    parser.add_argument("--times", type=int, default=50, help="warm requests of each page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        data = options.data or Path(made)
        if not options.data:
            build(DataFolder(data), Iris(), bundled_tables(), dt.datetime.now(dt.UTC))
        settings = Settings(data=data, workers=1, client_errors=0, client_seconds=0)
        with closing(start_engine(settings)) as engine:
            client = create_app(settings, engine).test_client()
            print(f"{'first page of the version':55} {timed(client, FIRST)[1]:8.1f} ms")
            print(f"{'address':55} {'cold':>8} {'warm':>8}")
            for address in ADDRESSES:
                status, cold = timed(client, address)
                warm = statistics.median(timed(client, address)[1] for _ in range(options.times))
                told = "" if status == 200 else f"  status {status}"
                print(f"{address:55} {cold:8.1f} {warm:8.2f}{told}")


if __name__ == "__main__":
    main()
