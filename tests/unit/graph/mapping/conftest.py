"""The graphs that come from the bundled tables, built once."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef

from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping import reference_graphs
from peelgraph.graph.tables import bundled_tables


@pytest.fixture(scope="session")
def reference() -> dict[URIRef, Graph]:
    """Every named graph of the tables, under the default base; read only."""
    return reference_graphs(bundled_tables(), Iris())


@pytest.fixture(scope="session")
def everything(reference: dict[URIRef, Graph]) -> Graph:
    """The union of the graphs of the tables; read only."""
    union = Graph()
    for graph in reference.values():
        for triple in graph:
            union.add(triple)
    return union
