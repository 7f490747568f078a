"""The service description claims what is so, and no more."""

from __future__ import annotations

from rdflib import RDF, VOID, BNode, Literal, URIRef

from peelgraph.graph.namespaces import SD
from peelgraph.server.protocol.description import describe

ENDPOINT = URIRef("http://localhost:1/sparql")


def test_the_endpoint_is_the_address_asked() -> None:
    """A description behind a proxy must not name a machine that nobody reaches."""
    graph = describe(str(ENDPOINT), union=True, triples=7)
    assert graph.value(predicate=RDF.type, object=SD.Service) == ENDPOINT
    assert graph.value(ENDPOINT, SD.endpoint) == ENDPOINT
    assert len(list(graph.objects(ENDPOINT, SD.resultFormat))) == 8
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]


def test_union_is_claimed_only_where_it_is() -> None:
    """A client that trusts the claim writes other queries."""
    assert describe(str(ENDPOINT), union=True, triples=0).value(ENDPOINT, SD.feature)
    assert not describe(str(ENDPOINT), union=False, triples=0).value(ENDPOINT, SD.feature)


def test_the_default_graph_is_counted() -> None:
    """The number is what a COUNT over the default graph gives."""
    graph = describe(str(ENDPOINT), union=False, triples=7)
    dataset = graph.value(ENDPOINT, SD.defaultDataset)
    default = graph.value(dataset, SD.defaultGraph)
    assert graph.value(default, VOID.triples) == Literal(7)
