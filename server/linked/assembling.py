"""The document about a thing, as a graph: what is known of it, and what the document is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from rdflib import DCTERMS, FOAF, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef

from peelgraph.graph.iris import LICENCE, Iris
from peelgraph.server.linked.describing import is_known
from peelgraph.server.linked.names import LABELS
from peelgraph.server.pages.service import this_service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peelgraph.server.linked.describing import Description, Links
    from peelgraph.server.linked.names import Names
    from peelgraph.server.pages.terms import Term

HYDRA: Final = Namespace("http://www.w3.org/ns/hydra/core#")


def node(term: Term) -> URIRef | BNode | Literal:
    """Return *term* as RDF, its lexical form untouched."""
    if term.kind == "uri":
        return URIRef(term.value)
    if term.kind == "bnode":
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype) if term.datatype else None
    return Literal(term.value, datatype=datatype, normalize=False)


def graph_about(found: Description, document: str) -> Graph:
    """Return what was *found* of a thing together with what *document*, an IRI, is."""
    graph, thing = Graph(), URIRef(found.iri)
    for subject, by, value in found.statements:
        _say(graph, subject, by.value, value)
    for links in (*found.outgoing, *found.incoming):
        add_links(graph, thing, links)
        if links.next:
            graph.add((URIRef(document), RDFS.seeAlso, following(document, links)))
    add_names(graph, found.names)
    add_document(graph, document, found.iri)
    for stated in found.graphs:
        if document != found.iri:
            graph.add((URIRef(document), DCTERMS.source, URIRef(stated)))
    return graph


def add_links(graph: Graph, thing: URIRef, links: Links) -> None:
    """Add one page of the links of *thing* to *graph*."""
    by = URIRef(links.property)
    for other in links.others:
        if links.inverse:
            graph.add((URIRef(other.value), by, thing))
        elif other.kind in {"uri", "literal", "bnode"}:
            graph.add((thing, by, node(other)))


def following(document: str, links: Links) -> URIRef:
    """Return the address of the page that follows *links* of what *document* is about."""
    mark = "&" if "?" in document else "?"
    return URIRef(
        f"{document}{mark}{page_query(links.property, links.next, inverse=links.inverse)}"
    )


def page_query(by: str, after: str, *, inverse: bool) -> str:
    """Return what the address of one page of a thing's links by one property ends with."""
    asked = {"of" if inverse else "values": by}
    return urlencode(asked | ({"after": after} if after else {}))


def add_names(graph: Graph, names: Names) -> None:
    """Add to *graph* what things are and are called."""
    for iri, naming in names.items():
        for kind in naming.kinds:
            graph.add((URIRef(iri), RDF.type, URIRef(kind)))
        for variable, said in naming.labels.items():
            for label in said:
                graph.add((URIRef(iri), URIRef(LABELS[variable]), node(label)))


def add_document(graph: Graph, document: str, iri: str) -> None:
    """Say of *document* what it is about, under which licence, and of which dataset it is part.

    A thing that is served at its own address is the document about itself.
    """
    page, thing = URIRef(document), URIRef(iri)
    graph.add((page, FOAF.primaryTopic, thing))
    graph.add((page, DCTERMS.license, LICENCE))
    dataset = Iris(this_service().base).data_item("peelgraph")
    if dataset != thing and is_known(str(dataset)):
        graph.add((page, DCTERMS.isPartOf, dataset))
    if page != thing:
        graph.add((page, RDF.type, FOAF.Document))
        label = _label_of(graph, thing)
        graph.add((page, RDFS.label, Literal(f"What is known about {label}", lang="en")))


def _label_of(graph: Graph, thing: URIRef) -> str:
    for by in LABELS.values():
        said = [each for each in graph.objects(thing, URIRef(by)) if isinstance(each, Literal)]
        if said:
            return str(min(said, key=lambda each: (each.language != "en", str(each))))[:300]
    return str(thing)


def graph_of_rows(found: Iterable[tuple[Term, Term, Term]]) -> Graph:
    """Return the graph of statements that were asked for."""
    graph = Graph()
    for subject, by, value in found:
        _say(graph, subject, by.value, value)
    return graph


def _say(graph: Graph, subject: Term, by: str, value: Term) -> None:
    """Add a statement, unless it is about a statement: no form but the engine's can say that."""
    if subject.kind in {"uri", "bnode"} and value.kind in {"uri", "literal", "bnode"}:
        graph.add((node(subject), URIRef(by), node(value)))
