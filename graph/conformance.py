"""Whether a version, or graphs that stand in files, keep all the shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph

from peelgraph.graph.build import holds_judgments, united
from peelgraph.graph.bundled import bundled_graphs
from peelgraph.graph.superseding import current_graphs
from peelgraph.graph.validation import Checking, Validator, shapes_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.validation import ValidationReport
    from peelgraph.graph.versions import Version

UNSHAPED = ("shapes", "validation")  # what says how to check, and what the last check said


def version_report(version: Version, iris: Iris, checking: Checking) -> ValidationReport:
    """Return what the shapes find in the whole of *version*, each rule across graphs too.

    Captured versions that a later one replaced are left out: they conformed in their time.
    """
    store = version.store()
    unshaped = {iris.graph(kind) for kind in UNSHAPED}
    graphs = current_graphs(
        {name: store.graph(name) for name in store.graph_names() if name not in unshaped}, iris
    )
    validator = Validator(Graph(), shapes_graph(iris), checking)
    return validator.whole_report(united(graphs.values()), _judging(graphs, iris), iris)


def graphs_report(
    graphs: Mapping[URIRef, Graph], tables: Tables, iris: Iris, checking: Checking
) -> ValidationReport:
    """Return what the shapes find in *graphs*, read together with what is bundled.

    Raises:
        ValidationTimeout: it took longer than *checking* allows.
    """
    bundled = bundled_graphs(tables, iris)
    bundled.pop(iris.graph("shapes"))
    reference = united(graph for name, graph in bundled.items() if name not in graphs)
    across = {**_judging(bundled, iris), **graphs}
    validator = Validator(reference, shapes_graph(iris), checking)
    return validator.whole_report(united(graphs.values()), across, iris)


def _judging(graphs: Mapping[URIRef, Graph], iris: Iris) -> dict[URIRef, Graph]:
    return {name: graph for name, graph in graphs.items() if holds_judgments(name, iris)}
