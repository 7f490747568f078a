"""The service description: what this endpoint can do, and nothing that it cannot."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, VOID, Graph, Literal, URIRef
from rdflib.namespace import XSD

from peelgraph.graph.namespaces import SD
from peelgraph.server.protocol.negotiation import GRAPHS, SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

SIMPLE = URIRef("http://www.w3.org/ns/entailment/Simple")


def describe(
    endpoint: str, *, union: bool, triples: int | None, named: Mapping[str, int] | None = None
) -> Graph:
    """Return the description of the service at *endpoint*.

    Args:
        endpoint: The address that was asked.
        union: The default graph is the union of all named graphs.
        triples: What a COUNT over the default graph gives, where it was to be had.
        named: The same for each named graph; ``None`` where they are too many to list.

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
        (service, SD.defaultEntailmentRegime, SIMPLE),
        (service, SD.defaultDataset, dataset),
        (dataset, RDF.type, SD.Dataset),
        (dataset, SD.defaultGraph, default),
        (default, RDF.type, SD.Graph),
    ]
    claims += [(service, SD.resultFormat, URIRef(each.iri)) for each in (*SOLUTIONS, *GRAPHS)]
    if union:
        claims.append((service, SD.feature, SD.UnionDefaultGraph))
    if triples is not None:
        claims.append((default, VOID.triples, _number(triples)))
    for claim in claims:
        graph.add(claim)
    for name, size in sorted((named or {}).items()):
        _add_named(graph, dataset, name, size)
    return graph


def _add_named(graph: Graph, dataset: URIRef, name: str, size: int) -> None:
    """Say that *dataset* has a graph called *name*; what says so has an address, as all has."""
    key = hashlib.sha256(name.encode()).hexdigest()[:12]
    entry, contents = URIRef(f"{dataset}-{key}"), URIRef(f"{dataset}-{key}-graph")
    for claim in (
        (dataset, SD.namedGraph, entry),
        (entry, RDF.type, SD.NamedGraph),
        (entry, SD.name, URIRef(name)),
        (entry, SD.graph, contents),
        (contents, RDF.type, SD.Graph),
        (contents, VOID.triples, _number(size)),
    ):
        graph.add(claim)


def _number(value: int) -> Literal:
    return Literal(value, datatype=XSD.integer)
