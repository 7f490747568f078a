"""Requests made to confuse or to hold up: refused and closed, or outlived, and nobody notices."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hostile.status import busy_workers
from hostile.target import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ASK = "/sparql?query=" + quote("ASK {}")
HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
LENGTH = b"Content-Length: 6\r\n"
TRANSFER = b"Transfer-Encoding: chunked\r\n"
CHUNKED = HEAD + TRANSFER + b"\r\n"
SECOND = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"

# What each sends, and the status it must get; every one of them ends the connection.
REFUSED = {
    "length and chunked": (400, HEAD + LENGTH + TRANSFER + b"\r\n0\r\n\r\n"),
    "chunked and length": (400, HEAD + TRANSFER + LENGTH + b"\r\n0\r\n\r\n"),
    "two lengths": (400, HEAD + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {} "),
    "two equal lengths": (400, HEAD + b"Content-Length: 6\r\nContent-Length: 6\r\n\r\nASK {}"),
    "a list of lengths": (400, HEAD + b"Content-Length: 6, 6\r\n\r\nASK {}"),
    "a signed length": (400, HEAD + b"Content-Length: +6\r\n\r\nASK {}"),
    "a negative length": (400, HEAD + b"Content-Length: -6\r\n\r\nASK {}"),
    "an endless length": (400, HEAD + b"Content-Length: 99999999999999999999\r\n\r\n"),
    "a space before the colon": (400, HEAD + b"Content-Length : 6\r\n\r\nASK {}"),
    "a folded header": (400, HEAD + b"X: a\r\n b\r\nContent-Length: 6\r\n\r\nASK {}"),
    "bare line feeds": (400, b"GET /livez HTTP/1.1\nHost: x\n\n"),
    "a bare carriage return": (400, b"GET /livez HTTP/1.1\r\nHost: x\rX: y\r\n\r\n"),
    "a null in a header": (400, b"GET /livez HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n"),
    "another coding": (400, HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "chunked twice": (400, HEAD + TRANSFER + TRANSFER + b"\r\n0\r\n\r\n"),
    "chunked in 1.0": (400, CHUNKED.replace(b"1.1", b"1.0") + b"0\r\n\r\n"),
    "a chunk size that is none": (400, CHUNKED + b"zz\r\nASK {}\r\n0\r\n\r\n"),
    "a chunk size with 0x": (400, CHUNKED + b"0x6\r\nASK {}\r\n0\r\n\r\n"),
    "a negative chunk": (400, CHUNKED + b"-6\r\nASK {}\r\n0\r\n\r\n"),
    "an endless chunk": (400, CHUNKED + b"fffffffffffffffff\r\nASK {}\r\n"),
    "a chunk longer than it says": (400, CHUNKED + b"3\r\nASK {}\r\n0\r\n\r\n"),
    "a chunk line with a line feed": (400, CHUNKED + b"6\nASK {}\r\n0\r\n\r\n"),
    "two hosts": (400, b"GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
    "no host": (400, b"GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n"),
    "another version": (505, b"GET /livez HTTP/2.0\r\nHost: x\r\n\r\n"),
    "no version": (505, b"GET /livez\r\n\r\n"),
    "an unknown method": (400, b"FROB /livez HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a tunnel": (400, b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"),
    "no path": (400, b"GET livez HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a large head": (431, b"GET /livez HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n"),
    "many headers": (431, b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"X: aaaa\r\n" * 4_000 + b"\r\n"),
    "a large address": (431, b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a large body announced": (413, HEAD + b"Content-Length: 9000000\r\n\r\n"),
    "an expectation": (417, HEAD + b"Expect: tea\r\nContent-Length: 6\r\n\r\nASK {}"),
}  # fmt: skip


@pytest.fixture(scope="module")
def place(started_servers: Callable[..., Any], small_quads: Path) -> tuple[str, int]:
    """Host and port of a server with small limits."""
    limits = {"query_bytes": 100_000, "timeout": 60.0, "queue_wait": 60.0}
    running = started_servers(small_quads, workers=2, **limits)
    found: tuple[str, int] = running.place
    return found


@contextlib.contextmanager
def connected(place: tuple[str, int]) -> Iterator[socket.socket]:
    """A connection, closed at the end."""
    with socket.create_connection(place, timeout=30) as client:
        yield client


def everything(client: socket.socket) -> bytes:
    """What the server sends until it closes.

    One that has refused waits two seconds for what the client may still be sending, and then resets
    the connection: a client that stood still meanwhile has the answer all the same.
    """
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            received += piece
    return bytes(received)


def status_of(place: tuple[str, int], path: str) -> int:
    """Status of an ordinary GET, in time."""
    connection = http.client.HTTPConnection(*place, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def body_of(place: tuple[str, int], query: str) -> bytes:
    """What a query is answered with."""
    connection = http.client.HTTPConnection(*place, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/sparql?query=" + quote(query))
        return connection.getresponse().read()


def resident(pid: int) -> int:
    """Bytes of memory that a process has now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return 1024 * next(int(each.split()[1]) for each in status.splitlines() if "VmRSS" in each)


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("pieces", [1, 2])
def test_a_request_that_two_programs_may_read_differently_is_refused(
    place: tuple[str, int], name: str, pieces: int
) -> None:
    """What follows it may be meant for the next client behind a proxy: nothing of it is read."""
    status, sent = REFUSED[name]
    if status in {400, 505} and not sent.startswith((b"GET /livez\r\n", b"CONNECT")):
        sent += SECOND
    with connected(place) as client:
        middle = len(sent) // pieces
        client.sendall(sent[:middle])
        if pieces > 1:
            time.sleep(0.02)
            with contextlib.suppress(ConnectionError):  # refused already, and the answer is there
                client.sendall(sent[middle:])
        answer = everything(client)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"\r\nConnection: close" in head
    assert b"\r\nContent-Security-Policy: " in head
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b'"/problems/' in body
    assert status_of(place, "/livez") == 200


@pytest.mark.parametrize("over", [0, 1])
def test_a_chunked_body_is_counted_to_its_end(place: tuple[str, int], over: int) -> None:
    """A body cut at its limit would be half an upload; one byte more is refused as a whole."""
    limit = 3 * 100_000 + 64 * 1024
    query = b"ASK {}" + b" " * 90_000
    form = b"query=" + query.replace(b" ", b"+").replace(b"{}", b"%7B%7D")
    body = form + b"&x=" + b"y" * (limit - len(form) - 3 + over)
    head = CHUNKED.replace(b"application/sparql-query", b"application/x-www-form-urlencoded")
    with connected(place) as client:
        client.sendall(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(body), 10_000):
                piece = body[start : start + 10_000]
                client.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            client.sendall(b"0\r\n\r\n")
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 413 " if over else b"HTTP/1.1 200 "), answer


def test_chunks_of_one_byte_hold_nobody_up(place: tuple[str, int]) -> None:
    """Each costs the loop the same, however many have come before."""
    body = b"query=ASK+%7B%7D&x=" + b"y" * 200_000
    head = CHUNKED.replace(b"application/sparql-query", b"application/x-www-form-urlencoded")
    with connected(place) as client:
        client.sendall(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        for start in range(0, len(body), 10_000):
            client.sendall(b"".join(b"1\r\n%c\r\n" % byte for byte in body[start : start + 10_000]))
            assert start % 50_000 or status_of(place, ASK) == 200
        client.sendall(b"0\r\n\r\n")
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 200 "), answer


def test_a_client_waits_for_leave_to_send(place: tuple[str, int]) -> None:
    """`Expect: 100-continue`: curl sends a long query only then; a refused one never."""
    with connected(place) as client:
        client.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"ASK {}")
        assert client.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")
    with connected(place) as client:
        client.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 9000000\r\n\r\n")
        assert everything(client).startswith(b"HTTP/1.1 413 ")


def test_requests_in_a_row_are_answered_in_their_order(place: tuple[str, int]) -> None:
    """A client need not wait for an answer before it asks again."""
    paths = [ASK, "/livez", "/sparql?query=" + quote("SELECT (7 AS ?n) {}"), "/nothing-here"]
    sent = b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths * 20)
    with connected(place) as client:
        client.sendall(sent)
        with client.makefile("rb") as stream:
            statuses, bodies = [], []
            for _ in paths * 20:
                statuses.append(int(stream.readline().split()[1]))
                headers = http.client.parse_headers(stream)
                bodies.append(stream.read(int(headers["Content-Length"])))
    assert statuses == [200, 200, 200, 404] * 20
    assert b"true" in bodies[0]
    assert [b'"7"' in body for body in bodies] == [False, False, True, False] * 20


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("wish", [b"", b"close", b"keep-alive"])
def test_a_connection_stays_open_where_both_wish_it(
    place: tuple[str, int], version: bytes, wish: bytes
) -> None:
    """HTTP/1.0 closes unless told otherwise, HTTP/1.1 stays."""
    stays = wish == b"keep-alive" or (version == b"1.1" and not wish)
    line = b"Connection: %b\r\n" % wish if wish else b""
    with connected(place) as client:
        client.sendall(b"GET /livez HTTP/%b\r\nHost: x\r\n%b\r\n" % (version, line))
        head = client.recv(5000)
        assert (b"\r\nConnection: close" in head) != stays
        if stays:
            client.sendall(SECOND)
            assert client.recv(5000).startswith(b"HTTP/1.1 200 OK\r\n")
        else:
            assert client.recv(10) == b""


def test_an_offer_of_another_protocol_is_passed_over(place: tuple[str, int]) -> None:
    """Java's client offers HTTP/2 with each first request, and takes no for an answer."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"
    with connected(place) as client:
        client.sendall(HEAD + offer + b"Content-Length: 6\r\n\r\nASK {}" + SECOND)
        client.shutdown(socket.SHUT_WR)
        assert everything(client).count(b"HTTP/1.1 200 OK") == 2


def test_a_proxys_way_of_asking_is_understood(place: tuple[str, int]) -> None:
    """The address may hold the host; it wins over the header."""
    with connected(place) as client:
        query = quote("SELECT (<x> AS ?i) {}")
        target = f"http://peel.example/sparql?query={query}"
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b"http://peel.example/x" in client.recv(5000)


def test_an_underscore_passes_for_no_hyphen(place: tuple[str, int]) -> None:
    """WSGI would make one header of both."""
    with connected(place) as client:
        client.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nHO_ST: y\r\nHost_: z\r\n\r\n")
        assert client.recv(5000).startswith(b"HTTP/1.1 200 OK")


HOLDERS = {
    "idle": b"",
    "half a head": b"GET /livez HTTP/1.1\r\nHost: x\r\nX: ",
    "half a body": HEAD + b"Content-Length: 1000\r\n\r\nASK",
    "half a chunk": CHUNKED + b"400\r\nASK",
}


@pytest.mark.parametrize("name", HOLDERS)
def test_slow_clients_hold_nobody_up(place: tuple[str, int], name: str, *, soak: bool) -> None:
    """Hundreds that begin and never go on cost memory, not turns."""
    with contextlib.ExitStack() as held:
        for _ in range(2_000 if soak else 200):
            client = held.enter_context(connected(place))
            client.sendall(HOLDERS[name])
        for _ in range(20):
            assert status_of(place, ASK) == 200
            assert status_of(place, "/livez") == 200


@pytest.mark.soak
@pytest.mark.parametrize("name", HOLDERS)
def test_a_client_that_never_goes_on_is_sent_away(place: tuple[str, int], name: str) -> None:
    """After half a minute, with a word to those who had begun."""
    with socket.create_connection(place, timeout=60) as client:
        client.sendall(HOLDERS[name])
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 408 " if HOLDERS[name] else b"")
    assert bool(answer) == bool(HOLDERS[name])


@pytest.mark.soak
def test_a_reader_that_never_reads_is_cut_off(place: tuple[str, int]) -> None:
    """Its answer's file is wanted by others."""
    large = "SELECT ?a ?d { ?a ?b ?c . ?d <http://example.org/property/0> ?f } LIMIT 100000"
    with socket.create_connection(place, timeout=60) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        path = "/sparql?query=" + quote(large)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        cut = select.poll()
        cut.register(client, 0)  # the end of a connection is told of unasked
        assert cut.poll(120_000), "the reader is not cut off"
        read = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := client.recv(1 << 20):
                read += len(piece)
    assert 0 < read < 5_000_000


def test_slow_readers_hold_nobody_up(place: tuple[str, int]) -> None:
    """They ask for much and read nothing: the answers wait in files, the workers do not."""
    large = "SELECT ?a ?d { ?a ?b ?c . ?d <http://example.org/property/0> ?f } LIMIT 100000"
    path = "/sparql?query=" + quote(large)
    with contextlib.ExitStack() as held:
        readers = [held.enter_context(connected(place)) for _ in range(12)]
        for reader in readers:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for reader in readers:
            assert reader.recv(15).startswith(b"HTTP/1.1 200 OK")
        for _ in range(10):
            assert status_of(place, ASK) == 200


def test_a_crowd_of_slow_readers_holds_no_more_memory_than_is_allowed(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """Each asks for another answer, too small for a file; who reads is served all the same."""
    limits = {"cache_bytes": 0, "timeout": 60.0, "queue_wait": 60.0}
    running = started_servers(small_quads, workers=2, **limits)
    query = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 5000 #"
    size = len(body_of(running.place, query))
    assert MEBIBYTE // 2 < size < MEBIBYTE
    before = resident(running.process.pid)
    with contextlib.ExitStack() as held:
        for number in range(128 * MEBIBYTE // size):
            reader = held.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            # With segments as large as the loopback's the kernel would take all of it.
            reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
            reader.settimeout(60)
            reader.connect(running.place)
            path = "/sparql?query=" + quote(f"{query} {number}")
            reader.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert reader.recv(15).startswith(b"HTTP/1.1 200 OK")
        assert len(body_of(running.place, query)) == size
        assert resident(running.process.pid) - before < 96 * MEBIBYTE


def test_at_the_limit_the_connection_idle_longest_goes(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """A crowd of idle ones must not keep newcomers out, nor end what is being answered."""
    running = started_servers(small_quads, workers=1, connections=20, timeout=3.0)
    place = running.place
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    ended: list[bytes] = []
    with contextlib.ExitStack() as held:
        asking = held.enter_context(connected(place))
        asking.sendall(f"GET /sparql?query={quote(slow)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        reader = threading.Thread(target=lambda: ended.append(asking.recv(12)))
        reader.start()
        while reader.is_alive() and busy_workers(running.netloc) == 0:
            time.sleep(0.02)
        crowd = [held.enter_context(connected(place)) for _ in range(40)]
        assert status_of(place, "/livez") == 200
        assert crowd[0].recv(1) == b""
        reader.join()
    assert ended == [b"HTTP/1.1 503"]
