"""One strict decoding of a protocol request."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.graph.errors import PeelgraphError
from peelgraph.server.protocol.errors import (
    BodyTooLarge,
    MethodNotAllowed,
    RequestError,
    UnsupportedType,
)
from peelgraph.server.protocol.request import DIRECT, FORM, SparqlRequest, decode, unquoted

LIMIT = 100
GOOD = [
    ("GET", b"query=ASK%7B%7D", "", b"", SparqlRequest("ASK{}")),
    ("GET", b"query=ASK+%7B%7D", "", b"", SparqlRequest("ASK {}")),
    ("HEAD", b"query=ASK%7B%7D", "", b"", SparqlRequest("ASK{}")),
    ("GET", b"", "", b"", SparqlRequest(None)),
    ("GET", b"query=", "", b"", SparqlRequest("")),
    ("GET", b"query=ASK%7B%7D&unknown=1", "", b"", SparqlRequest("ASK{}")),
    ("GET", b"query=%2525", "", b"", SparqlRequest("%25")),
    ("GET", "query=é".encode(), "", b"", SparqlRequest("é")),
    ("POST", b"", FORM, b"query=ASK%7B%7D", SparqlRequest("ASK{}")),
    ("POST", b"", f"{FORM}; charset=UTF-8", b"query=ASK%7B%7D", SparqlRequest("ASK{}")),
    ("POST", b"", DIRECT.upper(), b"ASK{}", SparqlRequest("ASK{}")),
    (
        "GET",
        b"query=A&default-graph-uri=http%3A%2F%2Fd%2F&named-graph-uri=urn:a&named-graph-uri=urn:b",
        "",
        b"",
        SparqlRequest("A", ("http://d/",), ("urn:a", "urn:b")),
    ),
    ("POST", b"default-graph-uri=urn:d", DIRECT, b"A", SparqlRequest("A", ("urn:d",))),
    ("POST", b"", FORM, b"query=A&named-graph-uri=urn:n", SparqlRequest("A", (), ("urn:n",))),
]
BAD = [
    ("PUT", b"", "", b"", MethodNotAllowed),
    ("GET", b"query=A&query=A", "", b"", RequestError),
    ("POST", b"query=A", DIRECT, b"A", RequestError),
    ("POST", b"query=A", FORM, b"query=A", RequestError),
    ("GET", b"query=%FF", "", b"", RequestError),
    ("GET", b"query=A&default-graph-uri=%ED%A0%80", "", b"", RequestError),
    ("POST", b"", DIRECT, b"\xff", RequestError),
    ("POST", b"", FORM, b"", RequestError),
    ("POST", b"", "", b"query=A", UnsupportedType),
    ("POST", b"", "text/plain", b"ASK {}", UnsupportedType),
    ("POST", b"", f"{DIRECT}; charset=utf-16", b"ASK {}", UnsupportedType),
    ("GET", b"query=A&default-graph-uri=relative", "", b"", RequestError),
    ("GET", b"query=A&default-graph-uri=urn:a%20b", "", b"", RequestError),
    ("GET", b"update=DROP+ALL", "", b"", RequestError),
    ("GET", b"query=" + b"A" * 101, "", b"", BodyTooLarge),
    ("POST", b"", DIRECT, "é".encode() * 51, BodyTooLarge),
    ("GET", b"&".join([b"a=1"] * 1001), "", b"", RequestError),
]


@pytest.mark.parametrize(("method", "address", "content_type", "body", "expected"), GOOD)
def test_request_is_decoded(
    method: str, address: bytes, content_type: str, body: bytes, expected: SparqlRequest
) -> None:
    """The three ways to send a query give one request."""
    assert decode(method, address, content_type, body, LIMIT) == expected


@pytest.mark.parametrize(("method", "address", "content_type", "body", "error"), BAD)
def test_request_is_refused(
    method: str, address: bytes, content_type: str, body: bytes, error: type[PeelgraphError]
) -> None:
    """A request that two parties could read in two ways is refused."""
    with pytest.raises(PeelgraphError) as caught:
        decode(method, address, content_type, body, LIMIT)
    assert type(caught.value) is error


@given(st.lists(st.sampled_from([*map(bytes, zip(b"%=4fG_ \t.\n\r")), b"%41", b"%3d", b"%"])))
def test_escapes_are_resolved_as_the_standard_library_does(parts: list[bytes]) -> None:
    """Also where a mark stands for itself."""
    encoded = b"".join(parts)
    assert unquoted(encoded) == unquote_to_bytes(encoded)
