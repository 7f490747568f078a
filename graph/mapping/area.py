"""The statistical areas that forces and organisations point to, under their own IRIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal
from rdflib.namespace import DCTERMS, GEO

from peelgraph.graph.iris import statistical_geography
from peelgraph.graph.mapping.label import label
from peelgraph.graph.namespaces import WGS84

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables


def area_graph(tables: Tables, _iris: Iris) -> Graph:
    """Return type, label, code, place and next larger area of each. Graphs: reference/area."""
    graph = Graph()
    for area in tables.areas.values():
        node = statistical_geography(area.code)
        graph.add((node, RDF.type, GEO.Feature))
        graph.add((node, *label(area.name)))
        graph.add((node, SKOS.notation, Literal(area.code)))
        if area.welsh_name:
            graph.add((node, RDFS.label, Literal(area.welsh_name, lang="cy")))
        if area.within:
            graph.add((node, DCTERMS.isPartOf, statistical_geography(area.within)))
        if area.longitude:
            graph.add((node, WGS84.long, Literal(area.longitude, datatype=XSD.decimal)))
            graph.add((node, WGS84.lat, Literal(area.latitude, datatype=XSD.decimal)))
    return graph
