"""``/update``: what the standard asks of it, and that a refusal leaves nothing changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from rdflib import Graph

from peelgraph.server.logs.note import Note

if TYPE_CHECKING:
    from conftest import Service

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-update"
G = "http://example.org/u"
ONE = f"INSERT DATA {{ GRAPH <{G}> {{ <a:s> <a:p> 1 }} }}"
REFUSED = [
    ("GET", "?update=DROP%20ALL", None, b"", 405),
    ("PUT", "", DIRECT, b"DROP ALL", 405),
    ("POST", "", "text/plain", b"DROP ALL", 415),
    ("POST", "", None, b"update=DROP+ALL", 415),
    ("POST", "", f"{DIRECT}; charset=utf-16", "DROP ALL".encode("utf-16"), 415),
    ("POST", "", DIRECT, b"DROP \xff ALL", 400),
    ("POST", "", FORM, b"update=DROP+ALL&update=DROP+ALL", 400),
    ("POST", "", FORM, b"query=ASK+%7B%7D", 400),
    ("POST", "", FORM, b"", 400),
    ("POST", "", DIRECT, b"ASK {}", 400),
    ("POST", "", DIRECT, b"CLEAR XYZ", 400),
    ("POST", "", DIRECT, b"INSERT DATA {", 400),
    ("POST", "", DIRECT, b"INSERT DATA { <a:s> <a:p> <<( <a:s> <a:p> 1 )>> }", 400),
    ("POST", "", DIRECT, b"DROP GRAPH <http://example.org/none>", 409),
    ("POST", "", DIRECT, b"LOAD <http://127.0.0.1:9/x>", 403),
    ("POST", "", DIRECT, b"LOAD SILENT <file:///etc/passwd> INTO GRAPH <a:g>", 403),
    ("POST", "", DIRECT, b"DROP ALL; LOAD <http://127.0.0.1:9/x>", 403),
    ("POST", "", DIRECT, b"INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> {} }", 403),
    ("POST", "", DIRECT, b"DROP ALL;" + b" " * 200_001, 413),
    ("POST", "?using-graph-uri=relative", DIRECT, b"DROP ALL", 400),
    ("POST", "?using-named-graph-uri=a:g", DIRECT,
     b"WITH <a:g> DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }", 400),
    ("POST", "?using-graph-uri=a:g", DIRECT,
     b"INSERT { ?s ?p 1 } USING <a:h> WHERE { ?s ?p 1 }", 400),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "query", "sent_as", "body", "status"), REFUSED, ids=range(len(REFUSED))
)
def test_refused_updates_change_nothing(  # noqa: PLR0913, PLR0917 - the columns of the table
    service: Service, method: str, query: str, sent_as: str | None, body: bytes, status: int
) -> None:
    """Each refusal says why, in the shape of every error, and the version is the same."""
    before = service.digest()
    response = service.send(method, f"/update{query}", content_type=sent_as, data=body)
    assert response.status_code == status, response.text
    assert json.loads(response.data)["status"] == status
    assert service.digest() == before


def test_an_update_is_seen_by_the_next_query(service: Service) -> None:
    """Who is told 200 may rely on it at once."""
    service.update(f"DROP SILENT GRAPH <{G}>")
    response = service.update(ONE)
    assert response.status_code == 200, response.text
    assert response.get_json()["published"] is True
    assert service.ask(f"GRAPH <{G}> {{ <a:s> <a:p> 1 }}")
    again = service.update(ONE)
    assert again.get_json()["published"] is False
    assert again.get_json()["version"] == response.get_json()["version"]


def test_a_form_and_several_operations(service: Service) -> None:
    """What one request asks for happens in its order, or not at all."""
    text = f"CLEAR SILENT GRAPH <{G}>; {ONE}; COPY <{G}> TO <a:copy>; MOVE <a:copy> TO <a:moved>"
    sent = urlencode({"update": text}).encode()
    assert service.send("POST", "/update", content_type=FORM, data=sent).status_code == 200
    assert service.ask("GRAPH <a:moved> { <a:s> <a:p> 1 } FILTER NOT EXISTS { GRAPH <a:copy> {} }")
    before = service.digest()
    failing = f"INSERT DATA {{ GRAPH <{G}> {{ <a:s> <a:p> 2 }} }}; DROP GRAPH <a:none>"
    assert service.update(failing).status_code == 409
    assert service.digest() == before


def test_an_empty_graph_is_kept_until_it_is_dropped(service: Service) -> None:
    """The standard leaves it open; here CREATE makes a graph that is there."""
    assert service.update("CREATE GRAPH <a:empty>").get_json()["published"] is True
    assert service.ask("GRAPH <a:empty> {}")
    assert service.client.get("/store?graph=a:empty").status_code == 200
    assert service.update("CREATE GRAPH <a:empty>").status_code == 409
    assert service.update("DROP GRAPH <a:empty>").status_code == 200
    assert service.client.get("/store?graph=a:empty").status_code == 404


def test_relative_addresses_are_resolved_against_the_endpoint(service: Service) -> None:
    """A text without BASE means the same for everybody."""
    assert (
        service.update("INSERT DATA { GRAPH <a:base> { <a:s> <a:p> <test> } }").status_code == 200
    )
    assert service.ask("GRAPH <a:base> { <a:s> <a:p> ?o } FILTER (strends(str(?o), '/test'))")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT { GRAPH <a:out> { ?s a <a:D> } } WHERE { ?s a <a:C> }",
        "INSERT { GRAPH <a:out> { ?s a <a:D> } } WHERE { GRAPH ?g { ?s a <a:C> } }",
        """DELETE WHERE { ?s a <a:C> } ;
        INSERT { GRAPH <a:out> { ?s a <a:D> } } WHERE { GRAPH <a:n> { ?s a <a:C> } }""",
    ],
)
def test_the_dataset_of_the_request_is_used(service: Service, update: str) -> None:
    """``using-graph-uri`` and ``using-named-graph-uri`` stand for USING clauses."""
    data = " ".join(f"GRAPH <a:{n}> {{ <a:{n}> a <a:C> }}" for n in "dnx")
    assert service.update(f"DROP ALL; INSERT DATA {{ {data} }}").status_code == 200
    dataset = f"?using-graph-uri={quote('a:d')}&using-named-graph-uri={quote('a:n')}"
    assert service.update(update, dataset).status_code == 200
    found = Graph().parse(data=service.client.get("/store?graph=a:out").data, format="turtle")
    assert len(found) == 1
    assert not service.ask("GRAPH <a:out> { <a:x> a <a:D> }")


def test_blank_nodes_of_two_updates_are_two(service: Service) -> None:
    """Nothing published is a blank node, and no two of them ever become one."""
    text = "INSERT DATA { GRAPH <a:blank> { [] <a:p> 1 } }"
    assert service.update(text).status_code == 200
    assert service.update(text).status_code == 200
    assert "_:" not in service.data.current().quads_file.read_text(encoding="utf-8")
    found = Graph().parse(data=service.client.get("/store?graph=a:blank").data, format="turtle")
    assert len(set(found.subjects())) == 2


def test_dropping_all_leaves_nothing(bundled: Service) -> None:
    """A scratch folder may be wiped; what describes the dataset goes with it."""
    broken = (
        "PREFIX pi: <https://w3id.org/peelgraph/def/inspection#>\n"
        "INSERT DATA { GRAPH <a:g> { <a:j> a pi:Judgment } }"
    )
    before = bundled.digest()
    refused = bundled.update(broken)
    assert refused.status_code == 422
    assert refused.get_json(force=True)["violations"][0]["focusNode"] == "a:j"
    turtle = bundled.update(broken, headers={"Accept": "text/turtle"})
    assert turtle.content_type == "text/turtle; charset=utf-8"
    assert "sh:ValidationReport" in turtle.text
    assert bundled.digest() == before
    kept = "INSERT DATA { GRAPH <https://w3id.org/peelgraph/graph/catalogue> { <a:s> <a:p> 1 } }"
    assert bundled.update(kept).status_code == 403
    catalogue = "GRAPH <https://w3id.org/peelgraph/graph/catalogue> { ?c a ?kind }"
    assert bundled.update(f"DELETE WHERE {{ {catalogue} }}").status_code == 200
    assert bundled.ask(catalogue), "it is written anew"
    own = bundled.update("INSERT DATA { <a:s> <a:p> 'own' }")
    assert own.status_code == 200
    assert bundled.ask("<a:s> <a:p> 'own'")
    assert len(Graph().parse(data=bundled.client.get("/store?default").data, format="ttl")) == 1
    assert bundled.update("CLEAR ALL").status_code == 200
    assert not bundled.ask("?s ?p ?o"), "not even a catalogue, in the union graph"
    assert bundled.update("DROP ALL").status_code == 200
    assert bundled.data.current().manifest.quads == 0
    assert not bundled.ask("GRAPH ?g { ?s ?p ?o }")


def test_the_log_gets_the_text_of_an_update_to_hash(service: Service) -> None:
    """An operator must be able to tell which update was sent, as with queries."""
    note = Note()
    text = "INSERT DATA { <http://example.org/a> <http://example.org/noted> 1 }"
    sent = service.update(text, environ_overrides={"peelgraph.note": note})
    assert sent.status_code == 200
    assert (note.query, note.route) == (text, "/update")


@pytest.mark.parametrize("fixture", ["service", "bundled"])
def test_what_is_written_without_a_graph_is_found_and_counted(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    """In the plain default graph and in the union alike, by the very next query."""
    written: Service = request.getfixturevalue(fixture)
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    asked = {"query_string": {"query": query}, "headers": {"Accept": "text/csv"}}
    before = int(written.client.get("/sparql", **asked).text.split()[1])
    assert written.update("INSERT DATA { <a:counted> <a:p> 1, 2 }").status_code == 200
    assert int(written.client.get("/sparql", **asked).text.split()[1]) == before + 2
    assert written.ask("<a:counted> <a:p> 1, 2")
    assert not written.ask("GRAPH ?g { <a:counted> ?p ?o }")
    assert written.update("DELETE DATA { <a:counted> <a:p> 1, 2 }").status_code == 200
    assert int(written.client.get("/sparql", **asked).text.split()[1]) == before
