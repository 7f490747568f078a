"""The datasets that competency questions are asked of, in memory and read-only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from peelgraph import graph as peelgraph_graph
from peelgraph.graph.bundled import bundled_graphs
from peelgraph.graph.catalogue import catalogue_graph
from peelgraph.graph.iris import Iris
from peelgraph.graph.mapping.document import document_graph, provenance_graph
from peelgraph.graph.store import Store
from peelgraph.graph.tables import Tables, bundled_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdflib import Graph, URIRef

IRIS = Iris()
VERSION = "20261123T101500Z-1a2b3c4d"
MOMENT = dt.datetime(2026, 11, 23, 10, 15, tzinfo=dt.UTC)


def stored(graphs: Mapping[URIRef, Graph]) -> Store:
    """Return a store of *graphs* with the catalogue of a published version."""
    store = Store.in_memory()
    for name, graph in graphs.items():
        store.replace_graph(name, graph, IRIS)
    catalogue = catalogue_graph(IRIS, VERSION, store.quad_counts(), "0" * 64, MOMENT)
    store.replace_graph(IRIS.graph("catalogue"), catalogue, IRIS)
    return store


@pytest.fixture(scope="session")
def store_of() -> Callable[[Mapping[URIRef, Graph]], Store]:
    """What makes a dataset of other graphs than the usual ones."""
    return stored


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The bundled tables."""
    return bundled_tables()


@pytest.fixture(scope="session")
def bundled_by_name(tables: Tables) -> dict[URIRef, Graph]:
    """Everything that is bundled, by named graph."""
    return bundled_graphs(tables, IRIS)


@pytest.fixture(scope="session")
def bundled(bundled_by_name: dict[URIRef, Graph]) -> Store:
    """Ontology, schemes, shapes and tables."""
    return stored(bundled_by_name)


@pytest.fixture(scope="session")
def kent_2015_graph(tables: Tables, kent_2015_text: str) -> tuple[URIRef, Graph]:
    """Name and content of the document graph of the Kent 2015 page."""
    report = peelgraph_graph.read_report(kent_2015_text)
    name = IRIS.document_graph(report.slug, report.version.sha12)
    return name, document_graph(report, tables, IRIS)


@pytest.fixture(scope="session")
def kent_2015(
    bundled_by_name: dict[URIRef, Graph],
    kent_2015_graph: tuple[URIRef, Graph],
    kent_2015_text: str,
) -> Store:
    """Everything bundled, and what the Kent 2015 page asserts."""
    provenance = provenance_graph(
        peelgraph_graph.read_report(kent_2015_text), IRIS, ended=MOMENT, software_version="0.1.0"
    )
    name, graph = kent_2015_graph
    return stored({**bundled_by_name, name: graph, IRIS.graph("provenance"): provenance})
