"""Which graphs a query is asked over; a default graph of several graphs is a set.

The engine gives a triple once for every graph of the default graph that has it, which multiplies
solutions. So where a query names several, they are merged first: in a worker's own copy of a
store in memory, or beside a store on disk.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

if TYPE_CHECKING:
    from collections.abc import Generator

    from peelgraph.server.engine.questions import Question

Graphs: TypeAlias = list[NamedNode | BlankNode | DefaultGraph]
Names: TypeAlias = list[NamedNode | BlankNode]

MERGED: Final = NamedNode("urn:x-peelgraph:merged")
LISTED: Final = NamedNode("urn:x-peelgraph:listed")
MEMBER: Final = NamedNode("urn:x-peelgraph:member")
MERGE: Final = """
INSERT { GRAPH <urn:x-peelgraph:merged> { ?s ?p ?o } }
WHERE {
  GRAPH <urn:x-peelgraph:listed> { ?list <urn:x-peelgraph:member> ?graph }
  GRAPH ?graph { ?s ?p ?o }
}
"""
DEFAULT: Final = "urn:x-peelgraph:default"
NAMED: Final = "urn:x-peelgraph:named"


@contextmanager
def dataset(store: Store, asked: Question) -> Generator[tuple[Store, dict[str, Any]]]:
    """Give the store to ask, and what to say to it of the graphs.

    Args:
        store: What the worker holds.
        asked: The question.
    """
    given = _given(asked)
    if given is None:
        yield store, {"use_default_graph_as_union": asked.union}
        return
    default, named = given
    if len(default) < 2:  # noqa: PLR2004 - one graph is a set as it stands
        yield store, {"default_graph": default, "named_graphs": named}
    elif asked.writable:
        try:
            _merge_within(store, default)
            yield store, {"default_graph": [MERGED], "named_graphs": named}
        finally:
            store.remove_graph(LISTED)
            store.remove_graph(MERGED)
    else:
        beside = _merged_beside(store, default, named)
        yield beside, {"default_graph": DefaultGraph(), "named_graphs": named}


def _given(asked: Question) -> tuple[Graphs, Names] | None:
    """Return the dataset that the protocol gave, or else the query; ``None`` for neither."""
    if asked.default_graphs or asked.named_graphs:
        # A dataset given by the protocol replaces the query's own whole, so both go together.
        default: Graphs = [NamedNode(iri) for iri in asked.default_graphs]
        return default, [NamedNode(iri) for iri in asked.named_graphs]
    if not asked.own_graphs:
        return None
    try:
        return _named_by(asked.own_graphs, asked.base_iri)
    except SyntaxError:
        return None  # so the query does not parse either, and the engine says where


def _named_by(turtle: str, base_iri: str | None) -> tuple[Graphs, Names]:
    default: dict[NamedNode, None] = {}
    named: dict[NamedNode, None] = {}
    for quad in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE, base_iri=base_iri):
        if isinstance(quad.object, NamedNode):
            (default if quad.predicate.value == DEFAULT else named)[quad.object] = None
    return list(default), list(named)


def _merge_within(store: Store, graphs: Graphs) -> None:
    for graph in graphs:
        if isinstance(graph, NamedNode):
            store.add(Quad(LISTED, MEMBER, graph, LISTED))
    store.update(MERGE)


def _merged_beside(store: Store, default: Graphs, named: Names) -> Store:
    beside = Store()
    for graph in default:
        found = store.quads_for_pattern(None, None, None, graph)
        beside.extend(Quad(each.subject, each.predicate, each.object) for each in found)
    for graph in named:
        beside.extend(store.quads_for_pattern(None, None, None, graph))
    return beside
