"""The dataset in numbers: VoID, counted over the union of a version's graphs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from rdflib import DCTERMS, FOAF, RDF, RDFS, VOID, Graph, Literal, URIRef

from peelgraph.graph.dumps.listing import GRAPH, WHOLE
from peelgraph.graph.export import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from peelgraph.graph.dumps.listing import Dumps
    from peelgraph.graph.iris import Iris

FEATURES: Final = ("N-Quads", "TriG", "Turtle", "JSON-LD", "N-Triples", "RDF_XML")


def void_graph(iris: Iris, dumps: Dumps, examples: Iterable[URIRef]) -> Graph:
    """Return what VoID says of a version."""
    graph, dataset, counts = Graph(), iris.data_item("peelgraph"), dumps.counts
    _add_document(graph, iris, dataset)
    graph.add((dataset, RDF.type, VOID.Dataset))
    for count, number in (
        (VOID.triples, counts.triples),
        (VOID.distinctSubjects, counts.subjects),
        (VOID.entities, counts.entities),
        (VOID.classes, len(counts.classes)),
        (VOID.properties, len(counts.properties)),
    ):
        graph.add((dataset, count, Literal(number)))
    for name in FEATURES:
        graph.add((dataset, VOID.feature, URIRef(f"http://www.w3.org/ns/formats/{name}")))
    for example in examples:
        graph.add((dataset, VOID.exampleResource, example))
    for file in dumps.of_kind(WHOLE):
        graph.add((dataset, VOID.dataDump, iris.dumped(dumps.version, file.path)))
        graph.add((dataset, VOID.dataDump, iris.dumped(dumps.version, f"{file.path}.gz")))
    known = prefixes(iris)
    _add_vocabularies(graph, dataset, known, (*counts.classes, *counts.properties))
    _add_partitions(graph, iris, dumps, known)
    _add_graphs(graph, iris, dumps)
    return graph


def _add_document(graph: Graph, iris: Iris, dataset: URIRef) -> None:
    document = iris.void()
    graph.add((document, RDF.type, VOID.DatasetDescription))
    title = Literal("The peelgraph dataset in numbers", lang="en")
    graph.add((document, DCTERMS.title, title))
    graph.add((document, RDFS.label, title))
    graph.add((document, FOAF.primaryTopic, dataset))


def _add_vocabularies(
    graph: Graph, dataset: URIRef, known: Mapping[str, str], terms: tuple[str, ...]
) -> None:
    for namespace in known.values():
        if any(term.startswith(namespace) for term in terms):
            graph.add((dataset, VOID.vocabulary, URIRef(namespace)))


def _add_partitions(graph: Graph, iris: Iris, dumps: Dumps, known: Mapping[str, str]) -> None:
    dataset, counts = iris.data_item("peelgraph"), dumps.counts
    for name, number in counts.classes.items():
        part = iris.void(f"class-{short(name)}")
        graph.add((dataset, VOID.classPartition, part))
        _add_part(graph, part, f"what is a {worded(name, known)}")
        graph.add((part, VOID["class"], URIRef(name)))
        graph.add((part, VOID.entities, Literal(number)))
    for name, number in counts.properties.items():
        part = iris.void(f"property-{short(name)}")
        graph.add((dataset, VOID.propertyPartition, part))
        _add_part(graph, part, f"triples with {worded(name, known)}")
        graph.add((part, VOID.property, URIRef(name)))
        graph.add((part, VOID.triples, Literal(number)))
        graph.add((part, VOID.distinctSubjects, Literal(counts.property_subjects[name])))


def _add_graphs(graph: Graph, iris: Iris, dumps: Dumps) -> None:
    """Count each named graph and name the files of it."""
    dataset = iris.data_item("peelgraph")
    for name, triples in dumps.counts.graphs.items():
        graph.add((dataset, VOID.subset, URIRef(name)))
        graph.add((URIRef(name), RDF.type, VOID.Dataset))
        graph.add((URIRef(name), VOID.triples, Literal(triples)))
    for file in dumps.of_kind(GRAPH):
        address = iris.dumped(dumps.version, file.path)
        graph.add((URIRef(file.graph), VOID.dataDump, address))
        graph.add((address, RDF.type, FOAF.Document))
        graph.add((address, RDFS.label, Literal(file.title, lang="en")))


def _add_part(graph: Graph, part: URIRef, label: str) -> None:
    graph.add((part, RDF.type, VOID.Dataset))
    graph.add((part, RDFS.label, Literal(label, lang="en")))


def short(name: str) -> str:
    """Return a name for a part of the description that stays with the term *name*."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def worded(name: str, known: Mapping[str, str]) -> str:
    """Return an IRI as people write it, where its namespace is *known*.

    >>> worded("http://example.org/terms#Thing", {"ex": "http://example.org/terms#"})
    'ex:Thing'
    """
    for prefix, namespace in known.items():
        if name.startswith(namespace):
            return f"{prefix}:{name.removeprefix(namespace)}"
    return name
