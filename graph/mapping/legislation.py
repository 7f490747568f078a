"""The Acts and sections that inspections rest on, under their own IRIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Graph
from rdflib.namespace import DCTERMS, FOAF

from peelgraph.graph.iris import legislation
from peelgraph.graph.mapping.label import label

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables


def legislation_graph(tables: Tables, _iris: Iris) -> Graph:
    """Return type, label and Act of every provision. Graphs: reference/legislation."""
    graph = Graph()
    for each in tables.legislation.values():
        node = legislation(each.path)
        graph.add((node, RDF.type, FOAF.Document))
        graph.add((node, *label(each.title)))
        if each.part_of:
            graph.add((node, DCTERMS.isPartOf, legislation(each.part_of)))
    return graph
