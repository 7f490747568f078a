"""The remote engine against an endpoint that behaves badly: no answer of it is half an answer."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from peelgraph.graph.errors import (
    CallerGone,
    EngineFault,
    EngineUnavailable,
    PeelgraphError,
    QueryError,
    QuerySyntax,
    QueryTimeout,
    ResultTooLarge,
    ServerBusy,
)
from peelgraph.graph.settings import Settings
from peelgraph.server.engine.interface import Caller, Limits, Query
from peelgraph.server.engine.remote import RemoteEngine, remote_of
from peelgraph.server.engine.remote import engine as engine_module
from peelgraph.server.engine.remote import link as link_module
from peelgraph.server.protocol.problems import problem_of

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = "application/sparql-results+json"
TRUE = b'{"head":{},"boolean":true}'


def head(status: str = "200 OK", **headers: object) -> bytes:
    """The head of an answer; names are written with underscores."""
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode()


def whole(body: bytes = TRUE, status: str = "200 OK", **headers: object) -> bytes:
    """A whole answer; JSON unless said otherwise."""
    return head(status, **{"Content_Type": JSON, "Content_Length": len(body), **headers}) + body


ASK = Query("ASK {}")
PATIENT = Limits(60.0, 0, 100_000)
PATIENCE = 60


def answering(*answers: bytes) -> Callable[[socket.socket, int], bool]:
    """Behave well: send the answers in turn, the last one for ever, and keep the connection."""

    def behave(channel: socket.socket, number: int) -> bool:
        channel.sendall(answers[min(number, len(answers) - 1)])
        return True

    return behave


def closing_after(answer: bytes) -> Callable[[socket.socket, int], bool]:
    """Send what there is and close."""

    def behave(channel: socket.socket, _number: int) -> bool:
        channel.sendall(answer)
        return False

    return behave


def resetting(channel: socket.socket, _number: int) -> bool:
    """Reset the connection instead of answering."""
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def engine_over(address: str) -> RemoteEngine:
    """An engine over *address* with one worker and no place to wait."""
    return RemoteEngine(remote_of(Settings(engine=address)), workers=1, places=0, patience=0.1)


def form_of(request: bytes) -> dict[str, list[str]]:
    """The form that a request carried."""
    return parse_qs(request.partition(b"\r\n\r\n")[2].decode(), keep_blank_values=True)


def chunked(*pieces: bytes) -> bytes:
    """Pieces in chunks, without the last one that says that it is the end."""
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


CHUNKS = {"Content_Type": JSON, "Transfer_Encoding": "chunked"}
NO_ANSWERS = {
    "cut in its length": (head(Content_Type=JSON, Content_Length=100) + TRUE, EngineFault),
    "cut between chunks": (head(**CHUNKS) + chunked(TRUE), EngineFault),
    "cut in a chunk": (head(**CHUNKS) + b"ff\r\n" + TRUE, EngineFault),
    "chunks that are none": (head(**CHUNKS) + b"zz\r\n" + TRUE, EngineFault),
    "an end that cannot be seen": (head(Content_Type=JSON) + TRUE, EngineFault),
    "another type": (whole(Content_Type="text/html"), EngineFault),
    "another results format": (whole(Content_Type="text/csv"), EngineFault),
    "no type": (head(Content_Length=len(TRUE)) + TRUE, EngineFault),
    "another character set": (whole(Content_Type=f"{JSON}; charset=latin1"), EngineFault),
    "compressed": (whole(Content_Encoding="gzip"), EngineFault),
    "status 500": (whole(status="500 Oh"), EngineFault),
    "status 206": (whole(status="206 Partial Content"), EngineFault),
    "status 204": (head("204 No Content"), EngineFault),
    "status 401": (whole(status="401 Unauthorized"), EngineFault),
    "status 404": (whole(status="404 Not Found"), EngineFault),
    "status 406": (whole(status="406 Not Acceptable"), EngineFault),
    "status 413": (whole(status="413 Too Large"), QueryError),
    "status 503": (whole(status="503 Busy"), EngineUnavailable),
    "status 429": (whole(status="429 Slow down"), EngineUnavailable),
    "status 504": (whole(status="504 Timeout"), QueryTimeout),
    "partial by header": (whole(X_SQL_State="S1TAT"), QueryTimeout),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", EngineFault),
    "head too long": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, EngineFault),
    "longer than its limit": (whole(b" " * 100_001), ResultTooLarge),
}


@pytest.mark.parametrize("case", NO_ANSWERS)
def test_what_is_no_whole_answer_is_an_error(
    case: str, fake_remote: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A 200 is promised to hold everything; and a client learns nothing of the endpoint's place."""
    answer, kind = NO_ANSWERS[case]
    remote = fake_remote(closing_after(answer))
    with closing(engine_over(remote.address)) as engine, pytest.raises(PeelgraphError) as caught:
        engine.answer(ASK, JSON, PATIENT)
    assert type(caught.value) is kind
    assert str(remote.port) not in str(caught.value)
    assert len(remote.requests) == 1, "an answer that had begun must not be asked for again"
    ours = (r for r in caplog.records if r.name.startswith("peelgraph."))
    logged = [r for r in ours if r.levelno >= logging.WARNING]
    assert len(logged) == (kind in {EngineFault, EngineUnavailable})


def test_statuses_are_those_of_the_problem_table() -> None:
    """A gateway's own trouble is 502 or 503, and says when to come back."""
    away, at_fault = (problem_of(kind("so")) for kind in (EngineUnavailable, EngineFault))
    assert (away.status, dict(away.headers)) == (503, {"Retry-After": "2"})
    assert (at_fault.status, dict(at_fault.headers)) == (502, {})


REFUSALS = {
    "plain": (b"Lexical error at line 2, column 7. Encountered: x", "line 2, column 7"),
    "oxigraph": (b"error at 2:9: expected one of DESCRIBE, FROM", "line 2, column 9"),
    "json": (b'{"exception": "bad", "status": "ERROR"}', ""),
    "html": (b"<html>internal-host-7 line 2, column 7</html>", ""),
    "nothing": (b"", ""),
    "no text": (b"\xff\xfe\x00", ""),
    "list": (b"[1]", ""),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refused_query_is_the_callers_mistake_with_its_place(
    case: str, fake_remote: Callable[..., Any]
) -> None:
    """The endpoint knows best where a query is wrong; what it writes for browsers stays there."""
    said, place = REFUSALS[case]
    answer = whole(said, "400 Bad Request", Content_Type="text/plain")
    remote = fake_remote(answering(answer))
    with closing(engine_over(remote.address)) as engine, pytest.raises(QuerySyntax) as caught:
        engine.answer(ASK, JSON, PATIENT)
    assert caught.value.place == place
    assert "internal-host" not in str(caught.value)


def test_a_place_is_that_in_the_text_as_it_was_asked(fake_remote: Callable[..., Any]) -> None:
    """The base that is declared before it is no part of the caller's text."""
    query = Query("ASK { <a> }", base_iri="http://here.example/sparql")
    column = len("BASE <http://here.example/sparql> ") + 11
    said = f"error at 1:{column}: expected ?x".encode()
    remote = fake_remote(answering(whole(said, "400 Bad Request", Content_Type="text/plain")))
    with closing(engine_over(remote.address)) as engine, pytest.raises(QuerySyntax) as caught:
        engine.answer(query, JSON, PATIENT)
    assert form_of(remote.requests[0])["query"] == ["BASE <http://here.example/sparql> ASK { <a> }"]
    assert caught.value.place == "line 1, column 11"


def test_redirects_are_not_followed(
    fake_remote: Callable[..., Any], listener: Callable[[], int]
) -> None:
    """An endpoint that sends elsewhere could send our credentials into the private network."""
    target = f"http://127.0.0.1:{listener()}/"
    for status in ("301 Moved", "302 Found", "307 Temporary", "308 Permanent"):
        remote = fake_remote(answering(whole(status=status, Location=target)))
        with closing(engine_over(remote.address)) as engine, pytest.raises(EngineFault):
            engine.answer(ASK, JSON, PATIENT)


def trickling(start: bytes) -> Callable[[socket.socket, int], bool]:
    """Send *start*, then a byte now and then, for ever."""

    def behave(channel: socket.socket, _number: int) -> bool:
        channel.sendall(start)
        channel.settimeout(0.02)
        while True:
            try:
                if not channel.recv(1):
                    return False
            except TimeoutError:
                channel.sendall(b" ")
            except OSError:
                return False

    return behave


class Clock:
    """Stands in for the module of the same use: the time, and what is added to it."""

    added = 0.0

    def monotonic(self) -> float:
        """The time now."""
        return time.monotonic() + self.added


LATE = {
    "no first byte": b"",
    "a head without end": b"HTTP/1.1 200 OK\r\nX: ",
    "a body without end": head(Content_Type=JSON, Content_Length=99_999),
}


@pytest.mark.parametrize("case", LATE)
def test_the_deadline_ends_whatever_trickles(
    case: str, fake_remote: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte every 20 ms keeps every timeout of a socket at bay; the connection is closed.

    The deadline comes once the request has arrived, however long that takes on a busy machine.
    """
    clock = Clock()
    monkeypatch.setattr(link_module, "time", clock)

    def behave(channel: socket.socket, number: int) -> bool:
        clock.added = PATIENT.timeout
        with contextlib.suppress(OSError):
            trickling(LATE[case])(channel, number) if LATE[case] else remote.until_hung_up(channel)
        remote.hung_up.set()
        return False

    remote = fake_remote(behave)
    with closing(engine_over(remote.address)) as engine:
        with pytest.raises(QueryTimeout):
            engine.answer(ASK, JSON, PATIENT, Caller("someone", lambda: False))
        assert remote.hung_up.wait(PATIENCE)
        assert len(remote.requests) == 1
        assert engine.status().stopped == {"query-timeout": 1}


def test_an_answer_without_end_stops_at_its_limit(fake_remote: Callable[..., Any]) -> None:
    """Nobody's disk is filled by another machine."""

    def behave(channel: socket.socket, _number: int) -> bool:
        with contextlib.suppress(OSError):
            channel.sendall(head(**CHUNKS))
            while True:
                channel.sendall(chunked(b" " * 65536))
        remote.hung_up.set()
        return False

    remote = fake_remote(behave)
    with closing(engine_over(remote.address)) as engine, pytest.raises(ResultTooLarge):
        engine.answer(ASK, JSON, Limits(60.0, 0, 3_000_000))
    assert remote.hung_up.wait(PATIENCE)


def test_a_large_answer_is_spooled_whole(fake_remote: Callable[..., Any]) -> None:
    """Memory stays flat: what is large is in a file, at its start."""
    body = b" " * 3_000_000 + TRUE
    remote = fake_remote(answering(head(**CHUNKS) + chunked(body[:9], body[9:]) + b"0\r\n\r\n"))
    with closing(engine_over(remote.address)) as engine:
        answer = engine.answer(ASK, JSON, Limits(60.0, 0, 4_000_000))
        assert not isinstance(answer.body, bytes)
        assert answer.size == len(body)
        assert answer.read() == body


def test_a_reset_before_any_byte_is_tried_once_more(fake_remote: Callable[..., Any]) -> None:
    """A kept connection may have been closed by the other side just then."""

    def behave(channel: socket.socket, number: int) -> bool:
        return resetting(channel, number) if number == 0 else answering(whole())(channel, number)

    remote = fake_remote(behave)
    with closing(engine_over(remote.address)) as engine:
        assert engine.answer(ASK, JSON, PATIENT).read() == TRUE
        assert len(remote.requests) == 2
        assert engine.answer(ASK, JSON, PATIENT).read() == TRUE
        assert (len(remote.requests), remote.connections) == (3, 2), "the connection is kept"


def test_a_second_reset_is_told(fake_remote: Callable[..., Any]) -> None:
    """Once more, not for ever."""
    remote = fake_remote(resetting)
    with closing(engine_over(remote.address)) as engine, pytest.raises(EngineUnavailable):
        engine.answer(ASK, JSON, PATIENT)
    assert len(remote.requests) == 2


def test_nothing_that_listens_is_told(fake_remote: Callable[..., Any]) -> None:
    """The endpoint may be restarting: 503, not 500."""
    remote = fake_remote(resetting)
    remote.__exit__()
    with closing(engine_over(remote.address)) as engine:
        with pytest.raises(EngineUnavailable):
            engine.answer(ASK, JSON, PATIENT)
        assert not engine.ready()
        with pytest.raises(EngineUnavailable) as caught:
            engine.greet()
        assert caught.value.place == remote.address


def test_the_remote_request_ends_with_its_caller(fake_remote: Callable[..., Any]) -> None:
    """Nobody reads the answer any more, so the cluster need not work on it."""

    def behave(channel: socket.socket, _number: int) -> bool:
        remote.until_hung_up(channel)
        return False

    remote = fake_remote(behave)
    with closing(engine_over(remote.address)) as engine:
        with pytest.raises(CallerGone):
            engine.answer(ASK, JSON, PATIENT, Caller("someone", lambda: bool(remote.requests)))
        assert remote.hung_up.wait(PATIENCE)


def test_as_many_queries_run_there_as_there_are_workers(fake_remote: Callable[..., Any]) -> None:
    """The budget of the endpoint is the operator's to set, and health is still seen."""

    def behave(channel: socket.socket, number: int) -> bool:
        if number:
            return answering(whole())(channel, number)
        with pytest.raises(ServerBusy):
            engine.answer(ASK, JSON, PATIENT)
        seen.append((engine.ready(), engine.status().busy))
        channel.sendall(whole())
        return True

    seen: list[tuple[bool, int]] = []
    remote = fake_remote(behave)
    with closing(engine_over(remote.address)) as engine:
        assert engine.answer(ASK, JSON, PATIENT).read() == TRUE
    assert seen == [(True, 1)]


def test_health_is_asked_at_most_once_a_second(
    fake_remote: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A balancer that asks often must not load the cluster."""
    monkeypatch.setattr(engine_module, "FRESH", 1000.0)
    remote = fake_remote(answering(whole(), whole(status="500 Oh")))
    with closing(engine_over(remote.address)) as engine:
        engine.reload()
        assert [engine.ready() for _ in range(5)] == [True] * 5
        assert len(remote.requests) == 1
        engine.reload()
        assert not engine.ready()
