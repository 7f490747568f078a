"""Captured versions of one report: which counts, and what becomes of those it replaces.

Every captured version keeps its graph. The one that counts is its report's ``pi:currentVersion``;
the graph that replaced another is its ``prov:wasRevisionOf`` in ``/graph/provenance``, which
is what saved queries go by, and the version that revised another says so in its own graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import PROV, RDF, Graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.store import Store


def report_of(name: URIRef, iris: Iris) -> tuple[str, str] | None:
    """Return report slug and sha12 of a document graph's *name*, or ``None`` for another graph."""
    path = str(name).removeprefix(f"{iris.graph('document')}/")
    slug, _, sha12 = path.partition("/")
    return (slug, sha12) if path != str(name) and sha12 else None


def current_version(store: Store, iris: Iris, slug: str) -> str | None:
    """Return the sha12 of the captured version of report *slug* that counts, if any."""
    for name, version in store.values(iris.report(slug), iris.pi.currentVersion):
        named = report_of(name, iris)
        if named and version == iris.report_version(*named):
            return named[1]
    return None


def is_superseded(store: Store, iris: Iris, name: URIRef) -> bool:
    """Return whether *name* is the graph of a captured version that no longer counts."""
    named = report_of(name, iris)
    return named is not None and current_version(store, iris, named[0]) != named[1]


def current_graphs(graphs: Mapping[URIRef, Graph], iris: Iris) -> dict[URIRef, Graph]:
    """Return *graphs* without those of captured versions that no longer count.

    A graph under a document's name that describes no captured version stays.
    """
    return {name: graph for name, graph in graphs.items() if not _is_left_out(name, graph, iris)}


def _is_left_out(name: URIRef, graph: Graph, iris: Iris) -> bool:
    if report_of(name, iris) is None:
        return False
    versions = set(graph.subjects(RDF.type, iris.pi.ReportVersion))
    return bool(versions) and versions.isdisjoint(graph.objects(None, iris.pi.currentVersion))


def add_revision(graph: Graph, store: Store, iris: Iris, slug: str, sha12: str) -> None:
    """Say in a captured version's *graph* which version it revises: the one that counts so far.

    A version that is stored already, as when a page returns to what it said before, revises what
    it did at first.
    """
    stored = iris.document_graph(slug, sha12)
    if store.holds_graph(stored):
        for triple in store.graph(stored).triples((None, PROV.wasRevisionOf, None)):
            graph.add(triple)
    elif earlier := current_version(store, iris, slug):
        version = iris.report_version(slug, sha12)
        graph.add((version, PROV.wasRevisionOf, iris.report_version(slug, earlier)))


def supersede(store: Store, iris: Iris, slug: str, sha12: str) -> None:
    """Make *sha12*, which is about to be stored, the version of report *slug* that counts."""
    earlier = current_version(store, iris, slug)
    if earlier is None or earlier == sha12:
        return
    provenance, document = iris.graph("provenance"), iris.document_graph(slug, sha12)
    store.remove_triples(
        iris.document_graph(slug, earlier),
        iris.report(slug),
        iris.pi.currentVersion,
        iris.report_version(slug, earlier),
    )
    # nothing replaces what counts again
    store.remove_triples(provenance, None, PROV.wasRevisionOf, document)
    revised = Graph()
    revised.add((document, PROV.wasRevisionOf, iris.document_graph(slug, earlier)))
    store.extend_graph(provenance, revised)
