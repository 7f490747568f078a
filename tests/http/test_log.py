"""The log of a running server: one line a request, whatever is sent, and nothing private."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BIDI, ANSI, FORGED = "\u202e", "\x1b[31m", '\n{"time": "x", "kind": "request", "id": "forged"}\n'
ASK = "/sparql?query=" + quote("ASK {} # ")
HOSTILE = {
    "line break in path": f"GET /a{quote(FORGED)} HTTP/1.1\r\nHost: x\r\n",
    "ansi in path": f"GET /a{ANSI} HTTP/1.1\r\nHost: x\r\n",
    "bidi in path": f"GET /a{BIDI} HTTP/1.1\r\nHost: x\r\n",
    "line break in query": f"GET {ASK}{quote(FORGED)} HTTP/1.1\r\nHost: x\r\n",
    "ansi in query": f"GET {ASK}{quote(ANSI)} HTTP/1.1\r\nHost: x\r\n",
    "bidi in query": f"GET {ASK}{quote(BIDI)} HTTP/1.1\r\nHost: x\r\n",
    "ansi in headers": f"GET /a HTTP/1.1\r\nHost: x\r\nUser-Agent: {ANSI}{BIDI}\r\n",
    "forged id": 'GET /a HTTP/1.1\r\nHost: x\r\nX-Request-Id: a", "b": "c\r\n',
    "forged address": f"GET /a HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {ANSI}, a\r\n",
    "odd host": f"GET /a HTTP/1.1\r\nHost: {ANSI}\r\n",
    "no http": f"{ANSI}{BIDI} / HTTP/1.1\r\nHost: x\r\n",
    "large head": f"GET /a HTTP/1.1\r\nHost: x\r\nX: {'a' * 40_000}\r\n",
}


def sent_to(address: str, head: str) -> bytes:
    """The answer to a request of this head."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=60) as client:
        client.sendall(f"{head}Connection: close\r\n\r\n".encode())
        with client.makefile("rb") as stream:
            return stream.read()


def ended(running: Any) -> None:  # noqa: ANN401 - tests/conftest.py has the class
    """End a server, which writes the rest of its log."""
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(120) == 0


@pytest.mark.parametrize("form", ["json", "text"])
def test_every_request_is_one_line_whatever_was_sent(
    started_servers: Callable[..., Any], small_quads: Path, tmp_path: Path, form: str
) -> None:
    """Whoever reads the log believes it; 127.0.0.1 is believed here, as a proxy would be."""
    log = tmp_path / "server.log"
    settings = {"log": form, "log_file": str(log), "proxies": "127.0.0.1", "workers": 1}
    running = started_servers(small_quads, **settings)
    answers = [sent_to(running.address, head) for head in HOSTILE.values()]
    assert all(answer.startswith(b"HTTP/1.1 ") for answer in answers)
    ended(running)
    text = log.read_bytes().decode("ascii")
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == len(HOSTILE)
    assert all(line.isprintable() for line in lines)
    if form == "json":
        told = [json.loads(line) for line in lines]
        assert len({each["id"] for each in told}) == len(HOSTILE)
        assert {each["kind"] for each in told} == {"request"}
        assert {each["client"] for each in told} == {"127.0.0.0"}
        assert "ASK" not in text
        sent = [answer.partition(b"X-Request-Id: ")[2].partition(b"\r\n")[0] for answer in answers]
        assert [each["id"].encode() for each in told] == sent


def asked(address: str, query: str, **headers: str) -> http.client.HTTPResponse:
    """The response to a query on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", "/sparql?query=" + quote(query), headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_what_is_told_of_queries(
    started_servers: Callable[..., Any], small_quads: Path, tmp_path: Path
) -> None:
    """Answered, answered again, not modified, refused, stopped."""
    log = tmp_path / "server.log"
    settings = {"log": "json", "log_file": str(log), "result_bytes": 20_000, "workers": 1}
    address = (running := started_servers(small_quads, **settings)).address
    query = 'SELECT ?s { ?s ?p "value 7" }'
    etag = asked(address, query).headers["ETag"]
    for _ in range(2):
        asked(address, query)
    asked(address, query, **{"If-None-Match": etag})
    asked(address, "SELECT nothing")
    asked(address, "SELECT * { ?a ?b ?c . ?d ?e ?f }")  # more than the limit of an answer
    ended(running)
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(each["status"], each["cache"]) for each in told] == [
        (200, "miss"),
        (200, "hit"),
        (200, "hit"),
        (304, "not-modified"),
        (400, "miss"),
        (503, "miss"),
    ]
    assert len({json.dumps(each["query"]) for each in told[:4]}) == 1
    assert len({each["query"]["sha256"] for each in told}) == 3
    assert {each["path"] for each in told} == {each["route"] for each in told} == {"/sparql"}
    assert told[0]["bytes"] == told[1]["bytes"] > told[3]["bytes"] == 0
    assert told[5]["worker_seconds"] > 0
    assert told[0]["version"] == told[3]["version"]
    assert told[1]["worker_seconds"] == 0
    assert "value 7" not in log.read_text()


def test_a_log_that_nobody_reads_stops_nothing(small_quads: Path) -> None:
    """Many programs start a server with a pipe and read no more once it serves."""
    command = [sys.executable, "-m", "peelgraph.server.cli", "serve", "--dataset", str(small_quads)]
    with subprocess.Popen(
        [*command, "--port", "0", "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().split()[1].decode())
        request = f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode()
        place = (address.hostname or "", address.port or 0)
        with socket.create_connection(place, timeout=60) as client:
            stream = client.makefile("rb")
            for _ in range(1_000):  # at more than 300 bytes a line, several pipes full
                client.sendall(request)
                assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
                headers = http.client.parse_headers(stream)
                stream.read(int(headers["Content-Length"]))
            stream.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
        assert process.stderr is not None
        first = json.loads(process.stderr.readline())
    assert first["path"] == "/sparql"
