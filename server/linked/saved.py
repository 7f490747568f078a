"""Saved queries as things: they come with the program, so no version describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import render_template
from rdflib import DCTERMS, RDF, RDFS, SH, Graph, Literal, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.saved import saved_queries
from peelgraph.server.linked.answers import Document
from peelgraph.server.linked.assembling import HYDRA, add_document
from peelgraph.server.pages.service import this_service

if TYPE_CHECKING:
    from collections.abc import Collection

    from peelgraph.graph.saved import SavedQuery

KIND: Final = "query"


def document_of_query(slug: str) -> Document | None:
    """Return the document about the saved query *slug*, if there is one."""
    base = this_service().base
    saved = saved_queries(base).get(slug)
    if saved is None:
        return None
    iri = str(Iris(base).saved_query(slug))
    path = f"/doc/{KIND}/{slug}"
    return Document(
        iri,
        path,
        page=lambda: render_template("linked-query.html", saved=saved, iri=iri, path=path),
        graph=lambda: _graph(saved, URIRef(iri), f"{base}{path}"),
        collection=f"/id/{KIND}",
        links=((f"/q/{slug}", "related"),),
    )


def _graph(saved: SavedQuery, iri: URIRef, document: str) -> Graph:
    graph = Graph()
    graph.add((iri, RDF.type, SH.SPARQLExecutable))
    graph.add((iri, RDFS.label, Literal(saved.question, lang="en")))
    graph.add((iri, SH.construct if "CONSTRUCT" in saved.text else SH.select, Literal(saved.text)))
    if saved.about:
        graph.add((iri, DCTERMS.description, Literal(saved.about, lang="en")))
    add_document(graph, document, str(iri))
    return graph


def document_of_queries() -> Document:
    """Return the set of all saved queries."""
    base = this_service().base
    iri = f"{base}/id/{KIND}"
    saved = saved_queries(base)
    return Document(
        iri,
        f"/id/{KIND}",
        page=lambda: render_template("linked-queries.html", saved=saved.values(), iri=iri),
        graph=lambda: _set(saved.values(), iri),
    )


def _set(saved: Collection[SavedQuery], iri: str) -> Graph:
    graph, whole = Graph(), URIRef(iri)
    graph.add((whole, RDF.type, HYDRA.Collection))
    graph.add((whole, RDFS.label, Literal("Saved queries", lang="en")))
    graph.add((whole, HYDRA.totalItems, Literal(len(saved))))
    for each in saved:
        member = URIRef(f"{iri}/{each.name}")
        graph.add((whole, HYDRA.member, member))
        graph.add((member, RDFS.label, Literal(each.question, lang="en")))
    add_document(graph, iri, iri)
    return graph
