"""Publishing while queries run: none fails, and each answer is of exactly one version."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import shutil
import threading
import time
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from rdflib import RDFS, Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.staging import staged
from peelgraph.graph.versions import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MARKED = [URIRef(f"http://example.org/marked/{n}") for n in (1, 2)]
QUERY = "SELECT ?one ?two {{ GRAPH <{}> {{ ?a ?p ?one }} GRAPH <{}> {{ ?b ?q ?two }} }}".format(
    *MARKED
)
MOMENT = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)


def publish(data: DataFolder, number: int) -> None:
    """Publish a version whose two marked graphs both say *number*."""
    graphs = dict.fromkeys(MARKED, Graph())
    for name in MARKED:
        graphs[name] = Graph()
        graphs[name].add((name, RDFS.label, Literal(str(number))))
    with staged(data, Iris()) as stage:
        stage.replace_graphs(graphs)
        assert stage.publish(data, MOMENT + dt.timedelta(hours=number)) is not None


class Client:
    """Asks until it is told to stop, on one connection; keeps what went wrong."""

    def __init__(self, address: str, number: int) -> None:
        self.address = urlsplit(address).netloc
        self.number = number
        self.asked = 0
        self.wrong: list[object] = []
        self.markers: defaultdict[str, set[str]] = defaultdict(set)
        self.served: list[int] = []

    def run(self, stop: threading.Event) -> None:
        """Ask, by turns, what is kept and what nobody has asked before."""
        with closing(http.client.HTTPConnection(self.address, timeout=120)) as connection:
            while not stop.is_set():
                remark = f" # {self.number} {self.asked}" if self.asked % 2 else ""
                connection.request("GET", "/sparql?query=" + quote(QUERY + remark))
                response = connection.getresponse()
                self.note(response, response.read(), same_query=not remark)
                self.asked += 1

    def knows(self, number: int) -> bool:
        """Whether it was served that version last, and has had the answer that is kept of it."""
        named = [str(number)] in [list(markers) for markers in list(self.markers.values())]
        return self.served[-1:] == [number] and named

    def note(self, response: http.client.HTTPResponse, body: bytes, *, same_query: bool) -> None:
        """Check one answer."""
        if response.status != 200:
            self.wrong.append((response.status, body))
            return
        found = [
            (row["one"]["value"], row["two"]["value"])
            for row in json.loads(body)["results"]["bindings"]
        ]
        if len(found) != 1 or found[0][0] != found[0][1]:
            self.wrong.append(found)
            return
        self.served.append(int(found[0][0]))
        if same_query:
            self.markers[response.headers["ETag"]].add(found[0][0])


@pytest.mark.parametrize("memory_budget", [2048, 0], ids=["memory", "disk"])
def test_no_query_fails_while_versions_are_published(
    memory_budget: int,
    built_data: Path,
    started_servers: Callable[..., Any],
    tmp_path: Path,
    *,
    soak: bool,
) -> None:
    """A nightly publish must be nobody's concern."""
    shutil.copytree(built_data, tmp_path / "data", symlinks=True)
    data = DataFolder(tmp_path / "data")
    publish(data, 0)
    patience = {"timeout": 60.0, "queue_wait": 60.0}  # what is slow is no failure here
    running = started_servers(
        None, data=str(data.path), workers=2, queue=64, memory_budget=memory_budget, **patience
    )
    stop = threading.Event()
    clients = [Client(running.address, number) for number in range(4)]
    threads = [threading.Thread(target=each.run, args=(stop,)) for each in clients]
    for thread in threads:
        thread.start()
    publishes, queries = (5, 1000) if soak else (2, 200)
    try:
        for number in range(publishes + 1):
            if number:
                publish(data, number)
            until(clients, lambda: all(each.knows(number) for each in clients))  # noqa: B023 - called at once
        until(clients, lambda: sum(each.asked for each in clients) >= queries)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert [each.wrong for each in clients] == [[]] * len(clients)
    assert all(each.served == sorted(each.served) for each in clients), "a version went back"
    named: defaultdict[str, set[str]] = defaultdict(set)
    for each in clients:
        for etag, markers in each.markers.items():
            named[etag] |= markers
    assert all(len(markers) == 1 for markers in named.values())
    assert len(named) == publishes + 1
    assert running.process.poll() is None


def until(clients: list[Client], reached: Callable[[], bool]) -> None:
    """Wait until *reached*, or until something has gone wrong."""
    deadline = time.monotonic() + 120
    while not reached() and not any(each.wrong for each in clients):
        assert time.monotonic() < deadline, [each.served[-1:] for each in clients]
        time.sleep(0.02)
