"""Every route and every answer of the server's own: its headers, by one test."""

from __future__ import annotations

import http.client
import json
import socket
import uuid
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import pytest

from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from peelgraph.server.engine.interface import Engine

HOST = "peel.example"
EXAMPLES = {
    "slug": "query-timeout",
    "filename": "site.css",
    "version": "20260101T000000Z-00000000",
    "chart": "distribution",
    "example": "judgment",
    "name": "datasets",
    "ending": "json",
    "file": "query.css",
    "part": 1,
}
WRITTEN = ("/update", "/store")
LINKED = ("/id/", "/set/", "/doc", "/data/", "/def/", "/graph/", "/.well-known/genid/")
VERSIONED = ("/dumps/", "/catalogue", "/void", "/.well-known/void", "/sitemap-")
EMPTY = (*WRITTEN, *LINKED, *VERSIONED, "/nothing-here", "/query.")
"""Where a file that is served, and nothing is written to or asked, has nothing to show."""
SLOW = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
LINE = f"HTTP/1.1\r\nHost: {HOST}\r\n"
# What is sent, and the status of its answer: what no page gives, but the server itself.
OWN = {
    "a query": (200, f"GET /sparql?query=ASK%7B%7D {LINE}"),
    "a query, as CSV": (200, f"GET /sparql?query=SELECT*%7B%7D {LINE}Accept: text/csv\r\n"),
    "a query, compressed": (200, f"GET /sparql?query=ASK%7B%7D {LINE}Accept-Encoding: gzip\r\n"),
    "an answer known": (304, f"GET /sparql?query=ASK%7B%7D {LINE}If-None-Match: *\r\n"),
    "a syntax error": (400, f"GET /sparql?query=ASK {LINE}"),
    "a call elsewhere": (403, f"GET /sparql?query={quote('ASK { SERVICE <x:y> {} }')} {LINE}"),
    "no format": (406, f"GET /sparql?query=ASK%7B%7D {LINE}Accept: image/png\r\n"),
    "no type": (415, f"POST /sparql {LINE}Content-Length: 0\r\n"),
    "no request": (400, f"FROB / {LINE}"),
    "two hosts": (400, f"GET / {LINE}Host: {HOST}\r\n"),
    "a large body": (413, f"POST /sparql {LINE}Content-Length: 99999999\r\n"),
    "an expectation": (417, f"POST /sparql {LINE}Expect: tea\r\nContent-Length: 1\r\n"),
    "another host": (421, f"GET /sparql?query=ASK%7B%7D {LINE.replace(HOST, 'evil.example')}"),
    "another host, a page": (421, f"GET / {LINE.replace(HOST, 'evil.example')}"),
    "a large head": (431, f"GET / {LINE}X: {'a' * 40_000}\r\n"),
    "another version": (505, f"GET / HTTP/2.0\r\nHost: {HOST}\r\n"),
}


class NoEngine:
    """Enough of an engine to see which addresses there are."""

    def version(self) -> None:
        """There is none."""


def routes() -> list[str]:
    """An address for every rule of the application, and one for none."""
    app = create_app(Settings(), cast("Engine", NoEngine()))
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: EXAMPLES.get(name, "example") for name in rule.arguments}
        with app.test_request_context():
            found.append(rule.build(values, append_unknown=False)[1])
    return sorted({*found, "/nothing-here"})


@pytest.fixture(scope="module")
def place(started_servers: Callable[..., Any], small_quads: Path) -> tuple[str, int]:
    """A server that knows its name and believes a proxy on this machine."""
    settings = {"proxies": "127.0.0.1", "hosts": HOST, "workers": 1}
    found: tuple[str, int] = started_servers(small_quads, **settings).place
    return found


@pytest.fixture(scope="module")
def hasty(started_servers: Callable[..., Any], small_quads: Path) -> tuple[str, int]:
    """The same, but queries are stopped so soon that a busy machine may stop any."""
    settings = {"proxies": "127.0.0.1", "hosts": HOST, "workers": 1}
    limits = {"timeout": 0.5, "queue_wait": 60.0}  # another worker has to be made each time
    found: tuple[str, int] = started_servers(small_quads, **settings, **limits).place
    return found


def answered(place: tuple[str, int], head: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of the answer to a request with this head."""
    with socket.create_connection(place, timeout=50) as client:
        client.sendall(f"{head}Connection: close\r\n\r\n".encode())
        with client.makefile("rb") as stream:
            status = int(stream.readline().split()[1])
            return status, http.client.parse_headers(stream), stream.read()


def listed(headers: http.client.HTTPMessage, name: str) -> set[str]:
    """The members of a header; each stands in it once."""
    found = [each.strip() for each in headers[name].split(",")]
    assert len(found) == len(set(found)), headers[name]
    return set(found)


def check(
    status: int,
    headers: http.client.HTTPMessage,
    body: bytes,
    *,
    secure: bool,
    writes: bool = False,
) -> None:
    """Check what every answer must have, and must not; other sites are let read, never write."""
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert {"Accept", "Accept-Encoding", "Origin"} <= listed(headers, "Vary")
    assert headers["Access-Control-Allow-Origin"] == (None if writes else "*")
    assert "Access-Control-Allow-Credentials" not in headers
    assert not {"Server", "Via", "X-Powered-By"} & set(headers)
    assert headers["Strict-Transport-Security"] == ("max-age=31536000" if secure else None)
    assert uuid.UUID(headers["X-Request-Id"]).version in {8, None}
    assert all(len(headers.get_all(name, [])) == 1 for name in set(headers))
    kind = headers.get("Content-Type", "")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    # The query page names one style attribute of its editor by digest, see test_query_page.py.
    assert "unsafe" not in policy.replace("'unsafe-hashes'", "")
    assert "Set-Cookie" not in headers
    if "problem+json" in kind and body:
        document = json.loads(body)
        assert document["status"] == status
        assert document["request_id"] == headers["X-Request-Id"]
        assert document["instance"] == f"urn:uuid:{headers['X-Request-Id']}"
    elif status >= 400 and body:
        assert headers["X-Request-Id"].encode() in body


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("route", routes())
def test_every_route_carries_every_header(
    place: tuple[str, int], route: str, method: str, *, secure: bool
) -> None:
    """One forgotten route is the one that is found; a browser sees the pages."""
    told = f"Accept: text/html\r\nX-Forwarded-Proto: {'https' if secure else 'http'}\r\n"
    status, headers, body = answered(place, f"{method} {route} {LINE}{told}")
    writes = route.startswith(("/store", "/update")) and method == "DELETE"
    check(status, headers, body, secure=secure, writes=writes)
    assert method != "HEAD" or body == b""
    if method == "GET" and not route.startswith(EMPTY):
        assert status == 200


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("name", OWN)
def test_every_answer_of_the_server_itself_carries_them_too(
    place: tuple[str, int], name: str, *, secure: bool
) -> None:
    """Answers that no page gives are those that are forgotten; asked twice, they are kept ones."""
    status, head = OWN[name]
    told = f"X-Forwarded-Proto: {'https' if secure else 'http'}\r\n"
    for _ in range(2):
        found, headers, body = answered(place, f"{head}{told}")
        assert found == status
        check(status, headers, body, secure=secure and name != "no request")


@pytest.mark.parametrize("secure", [False, True])
def test_a_query_that_is_stopped_is_answered_with_them_too(
    hasty: tuple[str, int], *, secure: bool
) -> None:
    """Its answer comes from no page and no worker."""
    told = f"X-Forwarded-Proto: {'https' if secure else 'http'}\r\n"
    status, headers, body = answered(hasty, f"GET /sparql?query={SLOW} {LINE}{told}")
    assert status == 503
    assert b"/problems/query-timeout" in body
    check(status, headers, body, secure=secure)


ELSEWHERE = LINE.replace(HOST, "evil.example")
REFUSED_WRITES = {
    "a large update": (413, f"POST /update {LINE}Content-Length: 999999999\r\n"),
    "a large graph": (413, f"PUT /store?graph=a:g {LINE}Content-Length: 999999999\r\n"),
    "a large graph, in escapes": (413, f"PUT /%73tore/x {LINE}Content-Length: 999999999\r\n"),
    "an update expecting tea": (417, f"POST /update {LINE}Expect: tea\r\n"),
    "an update of another host": (421, f"POST /update {ELSEWHERE}Content-Length: 0\r\n"),
    "a graph of another host": (421, f"DELETE /store?graph=a:g {ELSEWHERE}"),
    "a preflight of another host": (
        421,
        f"OPTIONS /store {ELSEWHERE}Access-Control-Request-Method: PUT\r\n",
    ),
    "a method of no update": (405, f"PUT /update {LINE}Content-Length: 0\r\n"),
    "a method of no graph": (405, f"PATCH /store?graph=a:g {LINE}Content-Length: 0\r\n"),
}


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("name", REFUSED_WRITES)
def test_a_write_that_is_refused_before_it_is_read_is_no_other_sites_either(
    place: tuple[str, int], name: str, *, secure: bool
) -> None:
    """The front answers these itself, or the application before any page has seen them."""
    status, head = REFUSED_WRITES[name]
    told = f"X-Forwarded-Proto: {'https' if secure else 'http'}\r\n"
    found, headers, body = answered(place, f"{head}{told}")
    assert found == status
    check(status, headers, body, secure=secure, writes=True)
    assert not [each for each in headers if each.lower().startswith("access-control-")]


def test_a_read_of_the_same_addresses_that_is_refused_is_anyones(place: tuple[str, int]) -> None:
    """Who may read may see why not."""
    status, headers, body = answered(place, f"GET /store?graph=a:g {ELSEWHERE}")
    assert status == 421
    check(status, headers, body, secure=False)


@pytest.mark.soak
def test_a_request_that_does_not_arrive_in_time_carries_them_too(place: tuple[str, int]) -> None:
    """408, after half a minute."""
    with socket.create_connection(place, timeout=50) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: ")
        with client.makefile("rb") as stream:
            assert stream.readline() == b"HTTP/1.1 408 Request Timeout\r\n"
            headers = http.client.parse_headers(stream)
            check(408, headers, stream.read(), secure=False)


@pytest.mark.parametrize("sent", ["X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.9"])
def test_what_a_stranger_says_of_itself_is_not_believed(
    started_servers: Callable[..., Any], small_quads: Path, sent: str
) -> None:
    """Without a proxy that is named, nobody may say https, or who they are."""
    near = started_servers(small_quads, workers=1).place
    query = quote("SELECT (<x> AS ?i) {}")
    status, headers, body = answered(near, f"GET /sparql?query={query} {LINE}{sent}\r\n")
    assert status == 200
    assert "Strict-Transport-Security" not in headers
    assert b'"http://peel.example/x"' in body


def test_addresses_of_answers_have_the_scheme_that_the_proxy_names(place: tuple[str, int]) -> None:
    """A page over TLS that links plain addresses loses its reader on the way."""
    told = "X-Forwarded-Proto: https\r\n"
    query = quote("SELECT (<x> AS ?i) {}")
    assert (
        b'"https://peel.example/x"' in answered(place, f"GET /sparql?query={query} {LINE}{told}")[2]
    )
    assert b"https://peel.example/sparql" in answered(place, f"GET /sparql {LINE}{told}")[2]
    assert (
        b"https://peel.example/sparql"
        in answered(place, f"GET / {LINE}{told}Accept: text/html\r\n")[2]
    )


def test_the_same_bytes_of_a_stranger_are_not_believed_either(place: tuple[str, int]) -> None:
    """What was answered to a proxy before is sent again unread, to proxies alone."""
    told = "X-Forwarded-Proto: https\r\n\r\n"
    request = f"GET /sparql?query={quote('SELECT (<same> AS ?i) {}')} {LINE}{told}".encode()
    ids: set[str] = set()
    for source, believed in (("127.0.0.1", True), ("127.0.0.2", False), ("127.0.0.1", True)):
        with socket.create_connection(place, 60, source_address=(source, 0)) as client:
            stream = client.makefile("rb")
            for _ in range(3):  # by a worker or as kept; as kept; as the same bytes again
                client.sendall(request)
                assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
                headers = http.client.parse_headers(stream)
                body = stream.read(int(headers["Content-Length"]))
                check(200, headers, body, secure=believed)
                assert (b"https://peel.example/same" in body) == believed
                ids.add(headers["X-Request-Id"])
            stream.close()
    assert len(ids) == 9


def test_clients_behind_a_proxy_have_budgets_of_their_own(
    started_servers: Callable[..., Any], small_quads: Path
) -> None:
    """One that makes errors must not use up everybody's; what it says first is its own affair."""
    settings = {"proxies": "127.0.0.1", "client_errors": 3, "workers": 1}
    near = started_servers(small_quads, **settings).place

    def asked(client: str, query: str) -> int:
        told = f"X-Forwarded-For: {client}\r\n"
        status, headers, body = answered(near, f"GET /sparql?query={quote(query)} {LINE}{told}")
        check(status, headers, body, secure=False)
        assert (status == 429) == ("Retry-After" in headers)
        return status

    assert [asked(f"1.1.1.{n}, 192.0.2.1", f"ASK {{ bad{n}") for n in range(3)] == [400] * 3
    assert asked("9.9.9.9, 192.0.2.1", "ASK { ?s ?p 1 }") == 429
    assert asked("192.0.2.2", "ASK { ?s ?p 1 }") == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_may_be_called_what_it_is(place: tuple[str, int], host: str) -> None:
    """Probes ask by address; through a proxy, nobody does."""
    own = f"GET /livez HTTP/1.1\r\nHost: {host}:{place[1]}\r\n"
    assert answered(place, own)[0] == 200
    assert answered(place, f"{own}X-Forwarded-For: 192.0.2.1\r\n")[0] == 421


PREFLIGHTS = [
    ("GET", "", "*"),
    ("POST", "content-type", "content-type"),
    ("POST", "authorization, content-type", "authorization, content-type"),
    ("PUT", "x-anything", "x-anything"),
    ("POST", "bad name", "*"),
    ("POST", "a" * 5000, "*"),
]


@pytest.mark.parametrize(("method", "wished", "allowed"), PREFLIGHTS)
@pytest.mark.parametrize("route", ["/sparql", "/", "/status", "/dumps/x.nq", "/nothing-here"])
def test_what_a_preflight_gets(
    place: tuple[str, int], route: str, method: str, wished: str, allowed: str
) -> None:
    """Any site may read, by GET and POST, with no credentials; nothing here is written so."""
    asked = f"Origin: https://other.example\r\nAccess-Control-Request-Method: {method}\r\n"
    names = f"Access-Control-Request-Headers: {wished}\r\n" if wished else ""
    _, headers, _ = answered(place, f"OPTIONS {route} {LINE}{asked}{names}")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert headers["Access-Control-Allow-Headers"] == allowed
    assert headers["Access-Control-Max-Age"] == "86400"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "Access-Control-Request-Headers" in listed(headers, "Vary")


@pytest.mark.parametrize("route", ["/update", "/store", "/store/a/graph"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_no_other_site_may_write(place: tuple[str, int], route: str, method: str) -> None:
    """A browser asks first, and hears nothing that would let it."""
    asked = f"Origin: https://other.example\r\nAccess-Control-Request-Method: {method}\r\n"
    _, headers, _ = answered(place, f"OPTIONS {route} {LINE}{asked}")
    assert not [name for name in headers if name.lower().startswith("access-control-")]
