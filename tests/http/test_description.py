"""The service description says what is so: each claim is held against what is then answered."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, VOID, BNode, Graph, URIRef

from peelgraph.graph.namespaces import SD
from peelgraph.graph.settings import Settings
from peelgraph.server.app import create_app, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from rdflib.term import Node

ENDPOINT = URIRef("http://peel.example:81/sparql")
SYNTAXES = {
    "": "turtle",
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
# Media types by the W3C's identifiers: what is claimed must be served, and the rest must not.
FORMATS = {
    "SPARQL_Results_JSON": ("SELECT * {}", "application/sparql-results+json"),
    "SPARQL_Results_XML": ("SELECT * {}", "application/sparql-results+xml"),
    "SPARQL_Results_CSV": ("SELECT * {}", "text/csv"),
    "SPARQL_Results_TSV": ("SELECT * {}", "text/tab-separated-values"),
    "Turtle": ("CONSTRUCT {} {}", "text/turtle"),
    "N-Triples": ("CONSTRUCT {} {}", "application/n-triples"),
    "RDF_XML": ("CONSTRUCT {} {}", "application/rdf+xml"),
    "JSON-LD": ("CONSTRUCT {} {}", "application/ld+json"),
    "N3": ("CONSTRUCT {} {}", "text/n3"),
    "TriG": ("CONSTRUCT {} {}", "application/trig"),
    "N-Quads": ("CONSTRUCT {} {}", "application/n-quads"),
    "RDFa": ("CONSTRUCT {} {}", "application/xhtml+xml"),
}
TRIPLES = """
<urn:a> <urn:b> <urn:c> <http://example.org/g?a=b&c> .
<urn:a> <urn:b> <urn:c> <urn:h> .
<urn:a> <urn:b> <urn:d> <urn:h> .
<urn:a> <urn:b> <urn:e> .
<urn:a> <urn:b> <urn:f> _:nameless .
"""


@pytest.fixture(scope="module", params=["union", "plain"])
def described(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    """A client over a few graphs that share a triple, for either kind of default graph."""
    path = tmp_path_factory.mktemp("described") / "graphs.nq"
    path.write_text(TRIPLES)
    settings = Settings(workers=1, default_graph=request.param)
    with closing(start_engine(settings, path)) as engine:
        yield create_app(settings, engine).test_client()


def description(client: FlaskClient, accept: str = "") -> Graph:
    """The description in the format *accept*."""
    response = client.get("/sparql", headers={"Accept": accept, "Host": "peel.example:81"})
    assert response.status_code == 200
    assert response.content_type.startswith(accept or "text/turtle")
    return Graph().parse(data=response.data, format=SYNTAXES[accept])


def count(client: FlaskClient, query: str) -> int:
    """The only number of the answer to *query*."""
    response = client.post("/sparql", data={"query": query})
    (row,) = json.loads(response.data)["results"]["bindings"]
    return int(row["n"]["value"])


def only(graph: Graph, subject: Node | None, predicate: URIRef) -> Node:
    """The only value of a property."""
    (value,) = graph.objects(subject, predicate)
    return value


def test_the_endpoint_is_the_address_asked(described: FlaskClient) -> None:
    """In every graph format; a name for everything, since a blank node cannot be asked about."""
    graphs = [description(described, accept) for accept in SYNTAXES]
    for graph in graphs:
        assert list(graph.subject_objects(SD.endpoint)) == [(ENDPOINT, ENDPOINT)]
        assert (ENDPOINT, RDF.type, SD.Service) in graph
        assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
        assert set(graph) == set(graphs[0])


def test_the_graphs_are_those_there_are(described: FlaskClient) -> None:
    """Sizes are what a COUNT gives; a graph without a name of its own is not listed."""
    graph = description(described)
    dataset = only(graph, ENDPOINT, SD.defaultDataset)
    default = only(graph, dataset, SD.defaultGraph)
    total = count(described, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert only(graph, default, VOID.triples).toPython() == total
    named = {
        str(only(graph, each, SD.name)): only(graph, only(graph, each, SD.graph), VOID.triples)
        for each in graph.objects(dataset, SD.namedGraph)
    }
    assert set(named) == {"http://example.org/g?a=b&c", "urn:h"}
    for name, size in named.items():
        counted = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        assert size.toPython() == count(described, counted)


def test_the_features_are_those_it_has(described: FlaskClient) -> None:
    """A client that trusts the claim writes other queries."""
    features = set(description(described).objects(ENDPOINT, SD.feature))
    in_union = count(described, "SELECT (COUNT(*) AS ?n) { <urn:a> <urn:b> <urn:d> }")
    assert (SD.UnionDefaultGraph in features) is bool(in_union)
    assert not features - {SD.UnionDefaultGraph}


def test_every_format_that_is_served_is_claimed_and_no_other(described: FlaskClient) -> None:
    """The list is read by programs that then ask for one of them."""
    claimed = {
        str(each).rpartition("/")[2]
        for each in description(described).objects(ENDPOINT, SD.resultFormat)
    }
    assert claimed <= set(FORMATS)
    for name, (query, media_type) in FORMATS.items():
        response = described.post(
            "/sparql", data={"query": query}, headers={"Accept": f"{media_type}, text/html;q=0"}
        )
        assert (response.status_code == 200) is (name in claimed), name
        assert response.status_code == 406 or response.content_type.startswith(media_type)


def test_the_languages_are_those_it_takes(described: FlaskClient) -> None:
    """Updates go to an address of their own, so this one does not claim them."""
    graph = description(described)
    assert set(graph.objects(ENDPOINT, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert described.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 400
    assert described.post("/sparql", data={"query": "SELECT (1 + 1 AS ?n) {}"}).status_code == 200


def test_an_unacceptable_description_is_406(described: FlaskClient) -> None:
    """With the list of those there are."""
    response = described.get("/sparql", headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle" in response.get_json(force=True)["available"]
