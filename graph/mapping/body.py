"""The bodies that oversee forces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, ORG

from peelgraph.graph.mapping.literal import preferred

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables


def body_graph(tables: Tables, iris: Iris) -> Graph:
    """Return every local policing body with its title. Graphs: reference/body."""
    graph = Graph()
    for body in tables.bodies.values():
        node = iris.local_policing_body(body.slug)
        graph.add((node, RDF.type, iris.pi.LocalPolicingBody))
        graph.add((node, RDF.type, ORG.FormalOrganization))
        graph.add((node, *preferred(body.name)))
        if body.source:
            graph.add((node, DCTERMS.source, URIRef(body.source)))
    return graph
