"""Programmes and cycles, and the intervals that cycles are named after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, TIME

from peelgraph.graph.iris import reference_interval
from peelgraph.graph.mapping.label import label
from peelgraph.graph.mapping.literal import preferred

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import Cycle


def cycle_graph(tables: Tables, iris: Iris) -> Graph:
    """Return programmes, cycles and their intervals. Graphs: reference/cycle."""
    graph = Graph()
    for programme in tables.programmes.values():
        node = iris.programme(programme.slug)
        graph.add((node, RDF.type, iris.pi.Programme))
        graph.add((node, *preferred(programme.label)))
        graph.add((node, DCTERMS.source, URIRef(programme.source)))
    for cycle in tables.cycles.values():
        _add_cycle(graph, iris, cycle)
    return graph


def _add_cycle(graph: Graph, iris: Iris, cycle: Cycle) -> None:
    node, pi = iris.cycle(cycle.slug), iris.pi
    graph.add((node, RDF.type, pi.Cycle))
    graph.add((node, *preferred(cycle.label)))
    graph.add((node, pi.programme, iris.programme(cycle.programme)))
    graph.add((node, pi.ordinal, Literal(cycle.ordinal)))
    graph.add((node, pi.usesScale, iris.scheme(f"grade/{cycle.scale}")))
    graph.add((node, pi.questionSet, iris.scheme(f"question/{cycle.slug}")))
    if cycle.previous:
        graph.add((node, pi.previousCycle, iris.cycle(cycle.previous)))
    graph.add((node, DCTERMS.source, URIRef(cycle.source)))
    interval = reference_interval(cycle.interval)
    graph.add((node, DCTERMS.temporal, interval))
    graph.add((interval, RDF.type, TIME.ProperInterval))
    graph.add((interval, *label(cycle.interval_label)))
