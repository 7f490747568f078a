"""The server as a process: its one line, its port, its orderly end."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from hostile.status import busy_workers

from peelgraph.graph.errors import AddressBusy, UsageError
from peelgraph.server.serving import address_of, listening_socket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


LATE = """
import pathlib, sys
from peelgraph.graph.settings import Settings
from peelgraph.server.engine.pool import WorkerPool
from peelgraph.server.serving import serve
ready, answers = WorkerPool.ready, iter([False] * int(sys.argv[2]))
WorkerPool.ready = lambda pool: next(answers, None) is None and ready(pool)
serve(Settings(port=0, log="off", data=pathlib.Path("none")), pathlib.Path(sys.argv[1]))
"""


def asked(address: str, path: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    """Status, body and headers of a GET."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def test_a_taken_port_is_said_to_be_taken() -> None:
    """Two servers on one port would answer by turns."""
    with listening_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        assert address_of(first) == f"http://127.0.0.1:{port}/"
        with pytest.raises(AddressBusy) as caught:
            listening_socket("127.0.0.1", port)
        assert caught.value.place == f"127.0.0.1:{port}"
    with pytest.raises(UsageError):
        listening_socket("192.0.2.1", 0)


def test_a_real_server_answers_at_the_address_it_printed(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """Scripts read that line and go on."""
    running = started_servers(small_quads, workers=1)
    status, body, headers = asked(running.address, "/readyz")
    assert (status, body) == (200, b"ready\n")
    assert "Server" not in headers
    assert "Via" not in headers
    status, body, headers = asked(running.address, "/sparql?query=" + quote("ASK {}"))
    assert json.loads(body) == {"head": {}, "boolean": True}
    assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize(("failures", "told"), [(1, "Serving http://"), (99, "do not answer")])
def test_workers_may_be_late_at_first(small_quads: Path, failures: int, told: str) -> None:
    """A machine may stand still while it starts; workers that never answer are another thing."""
    command = [sys.executable, "-c", LATE, str(small_quads), str(failures)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, **streams) as process:
        assert process.stdout is not None
        assert any(told in line for line in process.stdout)
        process.terminate()


def test_a_stopped_server_finishes_what_it_began(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """A restart must not cost anyone an answer."""
    running = started_servers(small_quads, workers=1, timeout=1.5)
    answers: list[tuple[int, bytes, object]] = []
    path = "/sparql?query=" + quote(CROSS)
    client = threading.Thread(target=lambda: answers.append(asked(running.address, path)))
    with socket.create_connection(running.place) as idle:
        client.start()
        while not busy_workers(running.netloc) and client.is_alive():
            time.sleep(0.02)
        running.process.send_signal(signal.SIGTERM)
        client.join()
        assert running.process.wait(120) == 0
        assert idle.recv(1) == b""
    assert answers[0][0] == 503
    assert b"query-timeout" in answers[0][1]


def test_breaking_off_frees_the_worker(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """One worker, one query of half a minute, and a reader whose connection is reset."""
    running = started_servers(small_quads, workers=1, timeout=30.0, queue_wait=20.0)
    reader = http.client.HTTPConnection(running.netloc, timeout=60)
    reader.request("GET", "/sparql?query=" + quote(CROSS))
    reader.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reader.close()
    status, body, _ = asked(running.address, "/sparql?query=" + quote("ASK {}"))
    assert (status, json.loads(body)["boolean"]) == (200, True)


def test_a_client_that_has_said_all_it_will_say_gets_its_answer(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """Some clients close their sending side after the request; that is no hanging up."""
    running = started_servers(small_quads, workers=1, timeout=1.5)
    with socket.create_connection(running.place, timeout=30) as client:
        path = "/sparql?query=" + quote(CROSS)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {running.netloc}\r\n\r\n".encode())
        client.shutdown(socket.SHUT_WR)
        with client.makefile("rb") as answer:
            whole = answer.read()
    assert whole.startswith(b"HTTP/1.1 503 ")
    assert b"/problems/query-timeout" in whole
