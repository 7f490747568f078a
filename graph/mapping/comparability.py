"""How far grades of two cycles compare, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from peelgraph.graph.mapping.label import label
from peelgraph.graph.namespaces import XKOS

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import Comparability


def comparability_graph(tables: Tables, iris: Iris) -> Graph:
    """Return a node for each pair of cycles and pillar. Graphs: comparability."""
    graph = Graph()
    for row in tables.comparabilities:
        _add_row(graph, iris, tables, row)
    return graph


def _add_row(graph: Graph, iris: Iris, tables: Tables, row: Comparability) -> None:
    pi = iris.pi
    node = iris.comparability(row.from_cycle, row.to_cycle, row.criterion or None)
    cycles = [tables.cycles[each] for each in (row.from_cycle, row.to_cycle)]
    about = f", {row.criterion}" if row.criterion else ""
    names = " and ".join(cycle.label for cycle in cycles)
    graph.add((node, RDF.type, pi.Comparability))
    graph.add((node, RDF.type, XKOS.Correspondence))
    graph.add((node, *label(f"{names}{about}: {row.level.replace('-', ' ')}")))
    graph.add((node, pi.fromCycle, iris.cycle(row.from_cycle)))
    graph.add((node, pi.toCycle, iris.cycle(row.to_cycle)))
    if row.criterion:
        graph.add((node, pi.criterion, iris.concept("pillar", row.criterion)))
    graph.add((node, pi.comparabilityLevel, iris.concept("comparability", row.level)))
    for cycle in cycles:
        graph.add((node, XKOS.compares, iris.scheme(f"question/{cycle.slug}")))
    graph.add((node, RDFS.comment, Literal(row.note, lang="en")))
    graph.add((node, DCTERMS.source, URIRef(row.source)))
