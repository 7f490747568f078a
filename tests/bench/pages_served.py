"""Pages from a warm server with eight clients, beside Datasette serving the same grades table.

Prints for each page the milliseconds of its first request to a fresh server, then requests per
second, median and 95th percentile of a load, the processor time that a request costs the server,
and the page's size. The table of grades is a page of HTML and a CSV file on both; Datasette has it
in SQLite, opened as a file that nobody changes, which is what it is fastest with.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime as dt
import io
import itertools
import json
import os
import re
import sqlite3
import sys
import tempfile
import time
import urllib.request
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))
from client import Enough, Measured, load
from pages import pages
from servers import Data, Running, free_port, ours, script, started, wait_for
from workloads import Target

from peelgraph.graph.build import build
from peelgraph.graph.capture import capture_file
from peelgraph.graph.ingest import Run, ingest
from peelgraph.graph.iris import Iris
from peelgraph.graph.tables import bundled_tables
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

PEELGRAPH, DATASETTE = "peelgraph", "datasette"
TABLE, FILE = "matrix", "CSV of it"
MOST_ROWS = "5000"
NEW_PAGES = 400
LINE = "{:32}{:>9}{:>9}{:>9}{:>9}{:>11}{:>8}{:>8}"
HEAD = LINE.format("", "cold ms", "req/s", "p50 ms", "p95 ms", "server ms", "KiB", "failed")


@dataclass(frozen=True, slots=True)
class Result:
    """One page of one server; *cold* and *server_ms* in milliseconds."""

    server: str
    page: str
    cold: float
    measured: Measured
    server_ms: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A data folder with one invented page read, and whom it is about."""

    folder: Path
    force: str
    report: str


def prepared(scratch: Path, page: Path | None = None) -> Prepared:
    """Build a version of what is bundled, and read one page into it.

    Args:
        scratch: Where the data folder is made.
        page: The page, whose name is like those of the invented ones, of which one is made where
            none is given.
    """
    data, tables, moment = DataFolder(scratch / "data"), bundled_tables(), dt.datetime.now(dt.UTC)
    build(data, Iris(), tables, moment)
    if page is None:
        name, text = next(pages(1))
        page = scratch / name
        page.write_text(text, encoding="utf-8")
    run = Run(iris=Iris(), tables=tables, moment=moment)
    ingest(data, [(page.name, partial(capture_file, page))], run)
    report = page.stem.partition("-")[2]
    return Prepared(data.path, report.removeprefix("peel-2015-"), report)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Running]:
    """Serve a data folder until the block ends."""
    port = free_port()
    served = Data(Path(), folder, Path(), 0, 0)
    with started(ours(served, port, 0, dataset=False)) as process:
        wait_for(f"http://127.0.0.1:{port}/livez", process)
        yield Running(PEELGRAPH, Target(port, "/"), process.pid)


def a_finding(text: str) -> str:
    """The address of the first finding that the page of a report leads to."""
    found = re.search(r'"(/doc/finding/[^"#?]+)"', text)
    assert found is not None
    return found[1]


def fetched(port: int, path: str) -> tuple[str, float]:
    """The text at *path*, and the milliseconds until it was there."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Accept": "text/html, */*;q=0.5"}
    )
    began = time.perf_counter()
    with urllib.request.urlopen(request) as response:
        body = response.read()
    return body.decode(), (time.perf_counter() - began) * 1000


def get(port: int, path: str) -> bytes:
    """A browser's request, without compression, which the two servers do not share."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html, */*;q=0.5\r\n\r\n"
    return head.encode()


class Bench:
    """One run: what was asked for, and what has been found."""

    def __init__(self, options: argparse.Namespace, scratch: Path) -> None:
        self.options, self.scratch = options, scratch
        self.results: list[Result] = []

    def ours(self, data: Prepared) -> None:
        """Measure our pages, and keep the table for the peer."""
        with serving(data.folder) as server:
            port = server.target.port
            report = f"/doc/report/{data.report}"
            cold = {"home": fetched(port, "/")[1], "report": 0.0}
            text, cold["report"] = fetched(port, report)
            self.pages(
                server,
                {
                    "home": "/",
                    "force": f"/doc/force/{data.force}",
                    TABLE: "/grades",
                    "finding": a_finding(text),
                    "report": report,
                    "themes": "/themes",
                    FILE: "/grades.csv",
                },
                cold,
            )
            self.never_seen(server)
            self.keep_table(fetched(port, "/grades.csv")[0])

    def never_seen(self, server: Running) -> None:
        """Measure pages that nobody has asked for: every one is made."""
        found = set(
            re.findall(r'"(/data/judgment/[^"#?]+)"', fetched(server.target.port, "/grades")[0])
        )
        addresses = sorted(found)[:NEW_PAGES]
        paths = itertools.cycle(addresses)
        requests = (get(server.target.port, path) for path in paths)
        enough = Enough(0, len(addresses) - self.options.clients)
        self.add(server, "judgements, each new", float("nan"), requests, enough)

    def pages(self, server: Running, paths: dict[str, str], cold: dict[str, float]) -> None:
        """Ask once for each page, then again and again."""
        for name, path in paths.items():
            if name not in cold:
                cold[name] = fetched(server.target.port, path)[1]
        for name, path in paths.items():
            requests = itertools.repeat(get(server.target.port, path))
            self.add(server, name, cold[name], requests, Enough(self.options.seconds))

    def add(
        self, server: Running, page: str, cold: float, requests: Iterator[bytes], enough: Enough
    ) -> None:
        """Load the server and keep what was measured."""
        before = server.processor_seconds()
        measured = load(server.target.port, lambda: requests, self.options.clients, enough)
        spent = server.processor_seconds() - before
        answered = sum(measured.statuses.values())
        self.results.append(Result(server.name, page, cold, measured, spent / answered * 1000))

    def keep_table(self, text: str) -> None:
        """Put the table that we served into SQLite, with the indexes its author would make."""
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        with contextlib.closing(sqlite3.connect(self.scratch / "inspections.db")) as database:
            columns = ", ".join(f'"{name}" TEXT' for name in head)
            database.execute(f"CREATE TABLE grades ({columns})")
            marks = ", ".join("?" * len(head))
            database.executemany(f"INSERT INTO grades VALUES ({marks})", rows)  # noqa: S608 - marks
            for name in ("force", "cycle", "criterion", "grade"):
                database.execute(f'CREATE INDEX "by_{name}" ON grades ("{name}")')
            database.commit()

    def theirs(self) -> None:
        """Measure Datasette over that table."""
        port = free_port()
        settings = ("--setting", "max_returned_rows", MOST_ROWS)
        database = self.scratch / "inspections.db"
        command = [script("datasette"), "serve", "-i", str(database), "-p", str(port), *settings]
        with started(command) as process:
            wait_for(f"http://127.0.0.1:{port}/-/versions.json", process)
            server = Running(DATASETTE, Target(port, "/"), process.pid)
            table = "/inspections/grades"
            self.pages(
                server,
                {
                    "home": "/",
                    f"{TABLE}: all rows": f"{table}?_size=max",
                    f"{TABLE}: 100 rows": table,
                    FILE: f"{table}.csv?_size=max",
                },
                {},
            )


def line(result: Result) -> str:
    """One page's line."""
    measured = result.measured
    figures = (f"{result.cold:.1f}", f"{measured.rate:.0f}", f"{measured.p50:.2f}")
    cost = (f"{measured.p95:.2f}", f"{result.server_ms:.3f}", f"{measured.body / 1024:.0f}")
    return LINE.format(f"{result.server} {result.page}", *figures, *cost, measured.failures)


def ratios(results: list[Result]) -> Iterator[str]:
    """What this server does for each page of the peer's."""
    rates = {(each.server, each.page): each.measured for each in results}
    for page, other in ((TABLE, f"{TABLE}: all rows"), (TABLE, f"{TABLE}: 100 rows"), (FILE, FILE)):
        mine, peer = rates[PEELGRAPH, page], rates[DATASETTE, other]
        yield (
            f"  {PEELGRAPH} {page} = {mine.rate / peer.rate:.1f} x the rate and "
            f"{mine.p50 / peer.p50:.4f} x the median of {DATASETTE} {other}"
        )


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench pages_served", description=__doc__)
    parser.add_argument("--clients", type=int, default=8, help="connections at a time")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of each measurement")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Make the data, measure both, print."""
    options = parsed(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options, Path(scratch))
        bench.ours(prepared(Path(scratch)))
        bench.theirs()
    if options.json:
        print(json.dumps([asdict(result) for result in bench.results], indent=1))
        return
    print(f"{os.cpu_count()} cores, {options.clients} clients", HEAD, sep="\n")
    print(*map(line, bench.results), *ratios(bench.results), sep="\n")


if __name__ == "__main__":
    main()
