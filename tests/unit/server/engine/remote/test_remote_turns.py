"""Many requests of one client before a remote endpoint do not keep another from its turn."""

from __future__ import annotations

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from peelgraph.graph.errors import ServerBusy
from peelgraph.graph.settings import Settings
from peelgraph.server.engine.interface import Caller, Limits, Query
from peelgraph.server.engine.remote import RemoteEngine, remote_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

JSON = "application/sparql-results+json"
BODY = b'{"head": {}, "boolean": true}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (
    JSON.encode(),
    len(BODY),
    BODY,
)
CROWD = 40
"""More requests than Flask has threads, and than the endpoint has places."""


class Endpoint:
    """Answers a query when it is let, one after another; a canned one at once."""

    def __init__(self, started: Callable[..., Any]) -> None:
        self._let = threading.Semaphore(0)
        self.came: list[str] = []
        self._fake = started(self._behave)
        self.address: str = self._fake.address

    def let(self, count: int) -> None:
        """Let so many queries be answered."""
        self._let.release(count)

    def _behave(self, channel: socket.socket, number: int) -> bool:
        form = self._fake.requests[number].partition(b"\r\n\r\n")[2]
        (query,) = parse_qs(form.decode())["query"]
        if query.strip() != "ASK {}":
            self.came.append(query)
            self._let.acquire()
        channel.sendall(WHOLE)
        return True


def until(condition: Callable[[], bool]) -> None:
    """Wait until *condition* holds, or fail with the time that a test has."""
    while not condition():
        time.sleep(0.01)


def ask_of(netloc: str, source: str, name: str) -> int:
    """Status of the answer to a query that *source* sends."""
    connection = http.client.HTTPConnection(netloc, timeout=60, source_address=(source, 0))
    with closing(connection):
        query = quote(f"ASK {{ <a:{name}> ?p ?o }}")
        connection.request("GET", f"/sparql?query={query}", headers={"Accept": JSON})
        response = connection.getresponse()
        response.read()
        return response.status


def test_a_crowd_of_one_client_does_not_keep_another_waiting(
    fake_remote: Callable[..., Any], started_servers: Callable[..., Any]
) -> None:
    """Neither in the line for the endpoint nor before it: nobody holds more than a share."""
    endpoint = Endpoint(fake_remote)
    limits = {"workers": 2, "queue": 2 * CROWD, "queue_wait": 60.0, "timeout": 60.0}
    server = started_servers(None, engine=endpoint.address, client_workers=1, **limits)
    netloc = urlsplit(server.address).netloc

    def waiting() -> int:
        connection = http.client.HTTPConnection(netloc, timeout=60)
        with closing(connection):
            connection.request("GET", "/status", headers={"Accept": "application/json"})
            found = connection.getresponse().read()
        return int(json.loads(found)["waiting"])

    with ThreadPoolExecutor(CROWD + 1) as threads:
        crowd = [threads.submit(ask_of, netloc, "127.0.0.2", f"c{n}") for n in range(CROWD)]
        until(lambda: waiting() == CROWD - 1)
        other = threads.submit(ask_of, netloc, "127.0.0.3", "other")
        until(lambda: len(endpoint.came) == 2)
        assert "other" in endpoint.came[1]
        assert waiting() == CROWD - 1
        endpoint.let(CROWD + 1)
        assert other.result(30) == 200
        assert {each.result(30) for each in crowd} == {200}


def test_a_full_line_makes_room_for_who_waits_least(fake_remote: Callable[..., Any]) -> None:
    """Who fills it loses its newest place to who has none."""
    endpoint = Endpoint(fake_remote)
    remote = remote_of(Settings(engine=endpoint.address))
    limits = Limits(30.0, 0, 4096)
    with (
        closing(RemoteEngine(remote, workers=1, places=4, patience=30.0)) as engine,
        ThreadPoolExecutor(8) as threads,
    ):

        def asked(client: str) -> bytes:
            query = Query(f"ASK {{ <a:{client}> ?p ?o }}")
            return engine.answer(query, JSON, limits, Caller(client)).read()

        crowd = [threads.submit(asked, "crowd") for _ in range(5)]
        until(lambda: engine.status().waiting == 4)
        with pytest.raises(ServerBusy, match="full"):
            asked("crowd")
        other = threads.submit(asked, "other")
        until(lambda: any(each.done() for each in crowd))
        endpoint.let(6)
        assert other.result(30) == BODY
        ends = [each.exception(30) for each in crowd]
        assert [type(each) for each in ends if each] == [ServerBusy]
