"""Police forces with their names, area, country and overseers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG

from peelgraph.graph.iris import statistical_geography, wikidata
from peelgraph.graph.mapping.literal import preferred
from peelgraph.graph.mapping.name import add_name_record

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import Force


def force_graph(tables: Tables, iris: Iris) -> Graph:
    """Return every police force and its dated names. Graphs: reference/force."""
    graph = Graph()
    for force in tables.forces.values():
        _add_force(graph, iris, force)
        _add_places(graph, iris, force)
    return graph


def _add_force(graph: Graph, iris: Iris, force: Force) -> None:
    node = iris.force(force.slug)
    graph.add((node, RDF.type, iris.pi.PoliceForce))
    graph.add((node, RDF.type, ORG.FormalOrganization))
    graph.add((node, *preferred(force.name)))
    if force.welsh_name:
        graph.add((node, *preferred(force.welsh_name, "cy")))
    for name in {force.short_name, *force.other_names} - {force.name}:
        graph.add((node, SKOS.altLabel, Literal(name, lang="en")))
    graph.add((node, iris.pi.forceKind, iris.concept("force-kind", force.kind)))
    if force.police_uk_id:
        graph.add((node, iris.pi.policeUkId, Literal(force.police_uk_id)))
    if force.wikidata:
        graph.add((node, SKOS.exactMatch, wikidata(force.wikidata)))
    graph.add((node, DCTERMS.source, URIRef(force.source)))
    for each in force.names:
        add_name_record(graph, iris, node, iris.name_record(force.slug, each.number), each)


def _add_places(graph: Graph, iris: Iris, force: Force) -> None:
    node = iris.force(force.slug)
    graph.add((node, iris.pi.country, statistical_geography(force.country)))
    if force.area:
        graph.add((node, iris.pi.policeArea, statistical_geography(force.area)))
    if force.body:
        graph.add((node, iris.pi.overseenBy, iris.local_policing_body(force.body)))
