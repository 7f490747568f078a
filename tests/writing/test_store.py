"""``/store``: the Graph Store Protocol as a walk through the life of graphs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

if TYPE_CHECKING:
    from conftest import Service

DOCTYPE = b"""<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"""
TURTLE = "<a:s> <a:p> [ <a:q> 'é' ] ."


def graph_of(data: bytes, syntax: str = "turtle") -> Graph:
    """The graph that *data* states."""
    return Graph().parse(data=data, format=syntax)


def test_a_graph_is_put_read_and_deleted(service: Service) -> None:
    """201 for a new one, 204 for one that was there, 404 when it has gone."""
    address = "/store?graph=http://example.org/life"
    assert service.put(TURTLE, "http://example.org/life").status_code == 201
    for accept, syntax in (
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ):
        response = service.client.get(address, headers={"Accept": accept})
        assert response.content_type.startswith(accept)
        assert isomorphic(graph_of(response.data, syntax), graph_of(TURTLE.encode()))
    same = service.put(TURTLE, "http://example.org/life")
    assert same.status_code == 204
    head = service.client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert service.client.get(address, headers={"Accept": "image/png"}).status_code == 406
    assert service.send("DELETE", address).status_code == 204
    assert service.client.get(address).status_code == 404
    assert service.send("DELETE", address).status_code == 404


def test_a_graph_is_named_by_its_own_address(service: Service) -> None:
    """Direct identification, percent-encoding as it was written."""
    sent = {"content_type": "text/turtle", "data": b"<> <a:p> <x> ."}
    made = service.send("PUT", "/store/person/1.ttl", **sent)
    assert made.status_code == 201
    assert made.headers["Location"] == "http://localhost/store/person/1.ttl"
    found = service.client.get("/store?graph=http://localhost/store/person/1.ttl")
    stated = b"<http://localhost/store/person/1.ttl> <a:p> <http://localhost/store/person/x> ."
    assert isomorphic(graph_of(found.data), graph_of(stated))
    assert service.client.get("/store/person/1.ttl").data == found.data
    assert service.client.get("/store/person/2.ttl").status_code == 404


def test_posting_to_the_store_makes_a_graph(service: Service) -> None:
    """The server finds a name and says it."""
    sent = {"content_type": "text/turtle", "data": b"<> <a:p> 1 ."}
    made = service.send("POST", "/store", **sent)
    assert made.status_code == 201
    where = made.headers["Location"]
    assert where.startswith("http://localhost/store/")
    stated = f"<{where}> <a:p> 1 .".encode()
    assert isomorphic(graph_of(service.client.get(where).data), graph_of(stated))


def test_posting_adds_and_posting_again_changes_nothing(service: Service) -> None:
    """A repeated request after a lost answer must not double anything."""
    address = "/store?graph=a:added"
    for body, status, size in ((b"[] <a:p> 1 .", 201, 1), (b"[] <a:p> 2 .", 204, 2)):
        for again in (False, True):
            response = service.send("POST", address, content_type="text/turtle", data=body)
            assert response.status_code == (204 if again else status)
            assert len(graph_of(service.client.get(address).data)) == size
    form = {
        "one": (io.BytesIO(b"<a:s> <a:p> 3 ."), "one.ttl", "text/turtle; charset=utf-8"),
        "two": (io.BytesIO(b"<a:s> <a:p> 4 ."), "two.nt", "text/turtle"),
    }
    assert service.send("POST", address, data=form).status_code == 204
    assert len(graph_of(service.client.get(address).data)) == 4


def test_the_default_graph(service: Service) -> None:
    """It is always there, and can be emptied."""
    sent = {"content_type": "text/turtle", "data": TURTLE.encode()}
    assert service.send("PUT", "/store?default", **sent).status_code == 204
    assert isomorphic(
        graph_of(service.client.get("/store?default").data), graph_of(TURTLE.encode())
    )
    assert service.ask("<a:s> <a:p> ?node")
    lines = service.data.current().quads_file.read_text(encoding="utf-8")
    assert service.data.current().manifest.graphs["default"] == 2
    assert "<a:s> <a:p> <https://w3id.org/peelgraph/.well-known/genid/" in lines
    assert service.send("DELETE", "/store?default").status_code == 204
    assert not len(graph_of(service.client.get("/store?default").data))


def test_the_default_graph_of_a_version_on_disk_is_its_own(
    disk_service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Queries see the union, each triple once; the graph store shows what was put there."""
    service = disk_service
    assert not len(graph_of(service.client.get("/store?default").data))
    stated = rb"""<a:s> <a:p> <a:o>, 'a <b> .', 'a'@en-gb, 1, 'x\"> <y' . <a:t> <a:p> [] ."""
    sent = {"content_type": "text/turtle", "data": stated}
    assert service.send("PUT", "/store?default", **sent).status_code == 204
    assert service.put("<a:s> <a:p> <a:o>, 'named' .").status_code == 201
    assert service.client.application.extensions["peelgraph"].engine.status().held == "disk"
    found = service.client.get("/store?default").data
    assert isomorphic(graph_of(found), graph_of(stated))
    assert len(graph_of(service.client.get("/store?graph=http://example.org/g").data)) == 2
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s <a:p> ?o }"}
    counted = service.client.get("/sparql", query_string=query, headers={"Accept": "text/csv"})
    assert counted.data.split() == [b"n", b"7"], "six, one of them named too, and another"
    assert "is repeated" not in caplog.text


BAD = [
    ("PUT", "/store", "text/turtle", b"", 400),
    ("GET", "/store", None, b"", 400),
    ("PUT", "/store?graph=relative", "text/turtle", b"", 400),
    ("PUT", "/store?graph=a:g&default", "text/turtle", b"", 400),
    ("PUT", "/store?graph=a:g&graph=a:h", "text/turtle", b"", 400),
    ("PATCH", "/store?graph=a:g", "application/sparql-update", b"DROP ALL", 405),
    ("PUT", "/store?graph=a:g", "text/plain", b"", 415),
    ("PUT", "/store?graph=a:g", None, b"<a:s> <a:p> 1 .", 415),
    ("PUT", "/store?graph=a:g", "application/n-quads", b"", 415),
    ("PUT", "/store?graph=a:g", "text/turtle", b"<a:s> <a:p> 1 .\n<a:s>", 400),
    ("PUT", "/store?graph=a:g", "application/rdf+xml", b"<a:s> <a:p> 1 .", 400),
    ("PUT", "/store?graph=a:g", "text/turtle", b"<a:s> <a:p> '" + b"x" * 200_000 + b"' .", 413),
    ("PUT", "/store?graph=a:g", "application/ld+json",
     b'{"@id": "a:other", "@graph": [{"@id": "a:s", "a:p": 1}]}', 400),
    ("POST", "/store?graph=a:g", "multipart/form-data; boundary=x", b"--x--", 400),
    ("POST", "/store?graph=a:g", "multipart/form-data", b"--x--", 400),
    ("PUT", "/store?graph=https://w3id.org/peelgraph/graph/catalogue", "text/turtle",
     b"<a:s> <a:p> 1 .", 403),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "sent_as", "body", "status"), BAD, ids=range(len(BAD)))
def test_refused_requests_change_nothing(  # noqa: PLR0913, PLR0917 - the columns of the table
    service: Service, method: str, path: str, sent_as: str | None, body: bytes, status: int
) -> None:
    """Each says why; the store is as it was."""
    before = service.digest()
    response = service.send(method, path, content_type=sent_as, data=body)
    assert response.status_code == status, response.text
    assert response.get_json(force=True)["status"] == status
    assert service.digest() == before


def test_a_syntax_error_names_its_line(service: Service) -> None:
    """A person must find the place without counting."""
    response = service.put("<a:s> <a:p> 1 .\n<a:s> .")
    assert "line 2" in response.get_json(force=True)["place"]


def test_a_body_that_is_not_what_its_digest_says_is_refused(service: Service) -> None:
    """A body cut on its way must not become the graph."""
    stated = {"Content-Digest": "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"}
    assert service.put(TURTLE, headers=stated).status_code == 400
    assert service.put(TURTLE, headers={"Content-Encoding": "gzip"}).status_code == 415


def test_the_change_of_another_is_not_overwritten(service: Service) -> None:
    """Two people edit one graph: the second is told, whatever format she had read."""
    graph, address = "a:shared", "/store?graph=a:shared"
    assert service.put("<a:s> <a:p> 1 .", graph, headers={"If-Match": "*"}).status_code == 412
    made = service.put("<a:s> <a:p> 1 .", graph, headers={"If-None-Match": "*"})
    assert made.status_code == 201
    read = service.client.get(address).headers["ETag"]
    other = service.client.get(address, headers={"Accept": "application/ld+json"}).headers["ETag"]
    assert read != other
    unchanged = service.client.get(address, headers={"If-None-Match": read})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert service.put("<a:s> <a:p> 2 .", "a:elsewhere").status_code == 201
    assert service.client.get(address).headers["ETag"] == read, "another graph was written"
    assert service.put("<a:s> <a:p> 3 .", graph, headers={"If-Match": other}).status_code == 204
    late = service.put("<a:s> <a:p> 4 .", graph, headers={"If-Match": read})
    assert late.status_code == 412
    assert late.get_json(force=True)["type"] == "/problems/graph-changed"
    assert service.put("x", graph, headers={"If-None-Match": "*"}).status_code == 400
    assert service.send("DELETE", address, headers={"If-Match": read}).status_code == 412
    assert service.ask("GRAPH <a:shared> { <a:s> <a:p> 3 }")


@pytest.mark.parametrize(
    ("sent_as", "body"),
    [
        ("application/rdf+xml", DOCTYPE),
        ("application/ld+json", b"[" * 10_000 + b"]" * 10_000),
        ("text/turtle", b"<a:s> <a:p> " + b"(" * 20_000 + b")" * 20_000 + b" ."),
    ],
    ids=["entities", "deep json", "deep turtle"],
)
def test_bombs_are_refused(service: Service, sent_as: str, body: bytes) -> None:
    """Not one of them may end more than the process that parses it."""
    sent = {"content_type": sent_as, "data": body}
    response = service.send("PUT", "/store?graph=a:bomb", **sent)
    assert response.status_code in {400, 503}, response.text
    assert service.put("<a:s> <a:p> 1 .", "a:after").status_code in {201, 204}
