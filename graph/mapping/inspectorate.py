"""The inspectorate under its two remits, and the event between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG

from peelgraph.graph.mapping.label import label
from peelgraph.graph.mapping.literal import preferred
from peelgraph.graph.mapping.name import add_name_record

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import Change, Inspectorate


def inspectorate_graph(tables: Tables, iris: Iris) -> Graph:
    """Return inspectorates and the changes between them. Graphs: reference/inspectorate."""
    graph = Graph()
    for inspectorate in tables.inspectorates.values():
        _add_inspectorate(graph, iris, inspectorate)
    for change in tables.changes.values():
        _add_change(graph, iris, change)
    return graph


def _add_inspectorate(graph: Graph, iris: Iris, inspectorate: Inspectorate) -> None:
    node = iris.inspectorate(inspectorate.slug)
    graph.add((node, RDF.type, iris.pi.Inspectorate))
    graph.add((node, RDF.type, ORG.FormalOrganization))
    graph.add((node, *preferred(inspectorate.name)))
    earlier = (each.name for each in inspectorate.names[:-1])
    for name in (inspectorate.short_name, *earlier, *inspectorate.other_names):
        graph.add((node, SKOS.altLabel, Literal(name, lang="en")))
    graph.add((node, DCTERMS.source, URIRef(inspectorate.source)))
    for each in inspectorate.names:
        add_name_record(
            graph, iris, node, iris.inspectorate_name(inspectorate.slug, each.number), each
        )


def _add_change(graph: Graph, iris: Iris, change: Change) -> None:
    node = iris.change(change.slug)
    original, resulting = iris.inspectorate(change.original), iris.inspectorate(change.resulting)
    graph.add((node, RDF.type, ORG.ChangeEvent))
    graph.add((node, *label(change.label)))
    graph.add((node, DCTERMS.date, Literal(change.date)))
    graph.add((node, ORG.originalOrganization, original))
    graph.add((node, ORG.resultingOrganization, resulting))
    graph.add((original, ORG.changedBy, node))
    graph.add((resulting, ORG.resultedFrom, node))
