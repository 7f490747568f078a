"""The service description: what this endpoint can do, and nothing that it cannot."""

from __future__ import annotations

from rdflib import RDF, RDFS, VOID, Graph, Literal, URIRef
from rdflib.namespace import XSD

from peelgraph.graph.namespaces import SD
from peelgraph.server.protocol.negotiation import GRAPHS, SOLUTIONS


def describe(endpoint: str, *, union: bool, triples: int) -> Graph:
    """Return the description of the service at *endpoint*.

    Args:
        endpoint: The address that was asked.
        union: The default graph is the union of all named graphs.
        triples: What a COUNT over the default graph gives.

    >>> len(describe("http://localhost/sparql", union=True, triples=3)) > 12
    True
    """
    graph = Graph()
    graph.bind("sd", SD)
    graph.bind("void", VOID)
    graph.bind("formats", "http://www.w3.org/ns/formats/")
    service = URIRef(endpoint)
    dataset, default = URIRef(f"{endpoint}#dataset"), URIRef(f"{endpoint}#default-graph")
    claims = [
        (service, RDF.type, SD.Service),
        (service, RDFS.label, Literal("peelgraph SPARQL endpoint", lang="en")),
        (service, SD.endpoint, service),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.defaultDataset, dataset),
        (dataset, RDF.type, SD.Dataset),
        (dataset, SD.defaultGraph, default),
        (default, RDF.type, SD.Graph),
        (default, VOID.triples, Literal(triples, datatype=XSD.integer)),
    ]
    claims += [(service, SD.resultFormat, URIRef(each.iri)) for each in (*SOLUTIONS, *GRAPHS)]
    if union:
        claims.append((service, SD.feature, SD.UnionDefaultGraph))
    for claim in claims:
        graph.add(claim)
    return graph
