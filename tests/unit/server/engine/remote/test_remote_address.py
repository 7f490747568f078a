"""What an operator says about a remote endpoint: parameters, certificates, credentials, version."""

from __future__ import annotations

import logging
import ssl
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
import trustme

from peelgraph.graph.errors import EngineFault, UsageError
from peelgraph.graph.settings import Settings
from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.engine.remote import RemoteEngine, remote_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

JSON = "application/sparql-results+json"
TRUE = b'{"head":{},"boolean":true}'
ASK = Query("ASK {}")
PATIENT = Limits(60.0, 0, 100_000)


def answering(status: str = "200 OK") -> Callable[[socket.socket, int], bool]:
    """Answer everything by true, with that status."""
    start = f"HTTP/1.1 {status}\r\nContent-Type: {JSON}\r\nContent-Length: {len(TRUE)}\r\n\r\n"

    def behave(channel: socket.socket, _number: int) -> bool:
        channel.sendall(start.encode() + TRUE)
        return True

    return behave


def engine_over(address: str, trust: ssl.SSLContext | None = None, **said: str) -> RemoteEngine:
    """An engine over *address* with one worker."""
    return RemoteEngine(remote_of(Settings(engine=address, **said)), workers=1, trust=trust)  # type: ignore[arg-type]  # texts alone


def form_of(request: bytes) -> dict[str, list[str]]:
    """The form that a request carried."""
    return parse_qs(request.partition(b"\r\n\r\n")[2].decode(), keep_blank_values=True)


def test_the_dataset_goes_as_parameters_of_the_protocol(fake_remote: Callable[..., Any]) -> None:
    """The union is asked for only where neither the protocol nor the query names a dataset."""
    remote = fake_remote(answering())
    told = {
        "engine_union": "default-graph-uri=urn:all&u=",
        "engine_timeout": "timeout={milliseconds}",
    }
    given = Query("ASK {}", ("urn:a", "urn:b"), ("urn:c",), union=True)
    with closing(engine_over(f"{remote.address}?x=1", **told)) as engine:
        for query in (given, Query("ASK {}", union=True), ASK):
            engine.answer(query, JSON, PATIENT).close()
    forms = [form_of(request) for request in remote.requests]
    known = {"query": ["ASK {}"], "timeout": ["60000"]}
    assert forms[0] == {
        **known,
        "default-graph-uri": ["urn:a", "urn:b"],
        "named-graph-uri": ["urn:c"],
    }
    assert forms[1] == {**known, "default-graph-uri": ["urn:all"], "u": [""]}
    assert forms[2] == known
    assert remote.requests[0].startswith(b"POST /sparql?x=1 HTTP/1.1\r\n")


@pytest.fixture
def secure() -> Iterator[tuple[trustme.CA, ssl.SSLContext, ssl.SSLContext]]:
    """An authority of the test's own, an endpoint's side and a client's side."""
    authority = trustme.CA()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    return authority, theirs, ours


def test_a_certificate_is_checked(
    fake_remote: Callable[..., Any], secure: tuple[trustme.CA, ssl.SSLContext, ssl.SSLContext]
) -> None:
    """Whoever stands in between gets neither queries nor credentials."""
    authority, theirs, ours = secure
    remote = fake_remote(answering(), tls=theirs)
    with closing(engine_over(remote.address, trust=ours)) as engine:
        assert engine.answer(ASK, JSON, PATIENT).read() == TRUE
    with closing(engine_over(remote.address)) as engine, pytest.raises(EngineFault):
        engine.answer(ASK, JSON, PATIENT)
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.example").configure_cert(other)
    wrong = fake_remote(answering(), tls=other)
    with closing(engine_over(wrong.address, trust=ours)) as engine, pytest.raises(EngineFault):
        engine.answer(ASK, JSON, PATIENT)
    assert wrong.requests == []


def test_credentials_are_sent_and_never_shown(
    fake_remote: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A password in a log is a password published."""
    caplog.set_level(logging.DEBUG)
    remote = fake_remote(answering("403 Forbidden"))
    address = remote.address.replace("http://", "http://ann:s%65cret@")
    with closing(engine_over(address)) as engine, pytest.raises(EngineFault) as caught:
        engine.greet()
    header = engine_over(remote.address, engine_authorization="Bearer t0ken")
    with closing(header) as engine, pytest.raises(EngineFault):
        engine.answer(ASK, JSON, PATIENT)
    assert b"Authorization: Basic YW5uOnNlY3JldA==" in remote.requests[0]
    assert b"Authorization: Bearer t0ken" in remote.requests[1]
    settings = Settings(engine=address, engine_authorization="Bearer t0ken")
    other = Settings(engine=remote.address, engine_authorization="Bearer t0ken")
    shown = [str(caught.value), repr(settings), repr(remote_of(other)), caplog.text]
    for secret in ("ann", "cret", "YW5u", "t0ken"):
        assert all(secret not in each for each in shown), secret


ODD = {
    "scheme": {"engine": "ftp://pa55@host/"},
    "file": {"engine": "file:///etc/pa55"},
    "no host": {"engine": "https:///pa55"},
    "port": {"engine": "https://u:pa55@host:port/"},
    "fragment": {"engine": "https://u:pa55@host/#f"},
    "line break": {"engine": "https://u:pa55@host/a b"},
    "twice": {"engine": "https://u:pa55@host/", "engine_authorization": "Bearer pa55"},
    "header": {"engine": "https://host/", "engine_authorization": "Bearer pa55\r\nX: y"},
}


@pytest.mark.parametrize("case", ODD)
def test_an_odd_address_is_refused_and_not_repeated(case: str) -> None:
    """What is refused may still hold a password."""
    with pytest.raises(UsageError) as caught:
        remote_of(Settings(**ODD[case]))  # type: ignore[arg-type]  # texts alone
    assert "pa55" not in str(caught.value)


def test_answers_have_a_version_only_if_the_operator_names_one(
    fake_remote: Callable[..., Any],
) -> None:
    """Data that may change at any moment must not be cached."""
    remote = fake_remote(answering())
    for name, version in (("", None), ("2026-11", "2026-11")):
        with closing(engine_over(remote.address, engine_version=name)) as engine:
            assert engine.answer(ASK, JSON, PATIENT).version == version
            assert (engine.version(), engine.status().version) == (version, version)
