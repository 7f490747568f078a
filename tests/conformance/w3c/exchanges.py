"""Reads the requests that a protocol test consists of, sends them and judges the replies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from rdflib import Graph, Namespace
from rdflib.collection import Collection

from w3c.manifest import MF
from w3c.results import of_graph
from w3c.terms import same_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node

    from w3c.manifest import Case
    from w3c.servers import Client, Reply

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
STATUSES = {
    "OK": range(200, 201),
    "Created": range(201, 202),
    "NoContent": range(204, 205),
    "NotFound": range(404, 405),
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
}
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"},
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"},
}
LOCATION = "$LOCATION$"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what its reply must be."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None
    reply_type: str | None
    reply_body: bytes | None
    keeps_location: bool

    def is_update(self) -> bool:
        """Whether it is meant for where updates are taken."""
        sent_as = self.headers.get("content-type", "")
        body = self.body or b""
        return (
            sent_as.startswith("application/sparql-update")
            or body.startswith((b"update=", b"CLEAR"))
            or "update=" in self.path
        )


def exchanges(case: Case) -> list[Exchange]:
    """The requests of *case*, in their order."""
    graph, node = case.manifest, case.node
    assert graph is not None
    assert node is not None
    requests = graph.value(graph.value(node, MF.action), HT.requests)
    assert requests is not None
    return [_exchange(graph, each) for each in Collection(graph, requests)]


def _exchange(graph: Graph, node: Node) -> Exchange:
    reply = graph.value(node, HT.resp)
    assert reply is not None
    boolean = graph.value(reply, MF.expectedBoolean)
    told = graph.value(reply, MF.expectedFormat)
    return Exchange(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=_headers(graph, node),
        body=_body(graph, node),
        statuses=tuple(
            str(each).rpartition("#")[2] for each in graph.objects(reply, MF.expectedStatus)
        ),
        boolean=None if boolean is None else str(boolean) == "true",
        format=None if told is None else str(told),
        reply_type=_headers(graph, reply).get("content-type"),
        reply_body=_body(graph, reply),
        keeps_location=graph.value(reply, MF.expectedLocation) is not None,
    )


def _headers(graph: Graph, node: Node) -> dict[str, str]:
    listed = graph.value(node, HT.headers)
    if listed is None:
        return {}
    return {
        str(graph.value(each, HT.fieldName)).lower(): str(graph.value(each, HT.fieldValue))
        for each in Collection(graph, listed)
    }


def _body(graph: Graph, node: Node) -> bytes | None:
    body = graph.value(node, HT.body)
    if body is None:
        return None
    encoding = str(graph.value(body, CNT.characterEncoding))
    return str(graph.value(body, CNT.chars)).encode(encoding)


def run(client: Client, case: Case, homes: Mapping[str, str], token: str | None = None) -> None:
    """Send the requests of *case* and check each reply.

    Args:
        client: Of the server.
        case: A test of a protocol.
        homes: The suite's paths and what stands for them here.
        token: Sent with requests that write, if any.
    """
    location = ""
    for asked in exchanges(case):
        path = asked.path.replace(LOCATION, quote(location, safe=""))
        home = next(each for each in homes if path.startswith(each))
        path = (homes["update"] if asked.is_update() else homes[home]) + path[len(home) :]
        headers = dict(asked.headers)
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        reply = client.send(asked.method, path, headers, asked.body)
        _judge(asked, reply, urljoin(client.address, path))
        if asked.keeps_location:
            location = urljoin(client.address, reply.headers["location"])


def _judge(asked: Exchange, reply: Reply, address: str) -> None:
    told = f"{asked.method} {address}: {reply.status} {reply.body[:300]!r}"
    assert any(reply.status in STATUSES[status] for status in asked.statuses), told
    media_type = reply.headers.get("content-type", "").partition(";")[0]
    if asked.reply_type is not None:
        assert media_type == asked.reply_type.partition(";")[0], told
    if asked.format is not None:
        assert media_type in FORMATS[asked.format], told
    if asked.boolean is not None:
        assert json.loads(reply.body)["boolean"] is asked.boolean, told
    if asked.reply_body is not None and asked.method != "HEAD":
        wanted = of_graph(asked.reply_body, "turtle", address)
        assert same_rows(list(wanted), list(of_graph(reply.body, "turtle", address))), told
