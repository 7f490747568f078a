"""Table rows and reports as RDF: pure functions, one module for each class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelgraph.graph.mapping.area import area_graph
from peelgraph.graph.mapping.body import body_graph
from peelgraph.graph.mapping.comparability import comparability_graph
from peelgraph.graph.mapping.cycle import cycle_graph
from peelgraph.graph.mapping.finding_facts import findings_graph
from peelgraph.graph.mapping.force import force_graph
from peelgraph.graph.mapping.inspectorate import inspectorate_graph
from peelgraph.graph.mapping.judgment import grades_graph
from peelgraph.graph.mapping.legislation import legislation_graph
from peelgraph.graph.mapping.report import reports_graph

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables


def reference_graphs(tables: Tables, iris: Iris) -> dict[URIRef, Graph]:
    """Return every named graph that comes from the tables."""
    return {
        iris.graph("reference", "force"): force_graph(tables, iris),
        iris.graph("reference", "inspectorate"): inspectorate_graph(tables, iris),
        iris.graph("reference", "body"): body_graph(tables, iris),
        iris.graph("reference", "cycle"): cycle_graph(tables, iris),
        iris.graph("reference", "legislation"): legislation_graph(tables, iris),
        iris.graph("reference", "area"): area_graph(tables, iris),
        iris.graph("facts", "grades"): grades_graph(tables, iris),
        iris.graph("facts", "findings"): findings_graph(tables, iris),
        iris.graph("facts", "reports"): reports_graph(tables, iris),
        iris.graph("comparability"): comparability_graph(tables, iris),
    }
