"""Figures, collaborations and places in the graph of a captured page about an invented force."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG, TIME

from peelgraph.graph.capture import captured_text
from peelgraph.graph.iris import Iris, reference_interval, statistical_geography
from peelgraph.graph.mapping.document import document_graph
from peelgraph.graph.model import (
    CollaborationStatement,
    FigureStatement,
    Passage,
    PlaceStatement,
    Report,
    Section,
    Statement,
    StatementType,
)
from peelgraph.graph.tables import bundled_tables

SHARED = "Norchester Police shares a boat with Kent Police and Essex Police in Wales."
PAGE = f"{SHARED}\nIt saved £2.5m in 2014/15 near Seahaven, and was inspected for custody."
IRIS = Iris()
PI = IRIS.pi


def common(words: str, kind: StatementType, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return what every statement about *words* has."""
    start = PAGE.index(words)
    passage = Passage.of(PAGE, start, start + len(words), "overview")
    return {"type": kind, "passage": passage, "method": "test/1", "confidence": 0.9} | more


STATEMENTS: tuple[Statement, ...] = (
    CollaborationStatement(
        **common(SHARED, StatementType.COLLABORATION, other_force="kent"),
    ),
    CollaborationStatement(
        **common(SHARED, StatementType.COLLABORATION, key="second", other_force="essex"),
    ),
    CollaborationStatement(
        **common("shares a boat", StatementType.COLLABORATION, other_force=None),
    ),
    PlaceStatement(**common("Wales", StatementType.PLACE, name="Wales", area="W92000004")),
    PlaceStatement(**common("Seahaven", StatementType.PLACE, name="Seahaven")),
    FigureStatement(
        **common(
            "£2.5m",
            StatementType.FIGURE,
            value="2500000.00",
            unit="gbp",
            quantity="money-saved",
            refers_to="government-year/2014-2015",
        )
    ),
    Statement(**common("inspected for custody", StatementType.INSPECTION)),
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The document graph of the page."""
    report = Report(
        slug="peel-2015-norchester",
        title="Norchester 2015",
        force="norchester",
        cycle="peel-2015",
        inspectorate="hmic",
        version=captured_text(PAGE, retrieved=dt.datetime(2026, 1, 2, tzinfo=dt.UTC)),
        sections=(
            Section(
                slug="overview",
                heading="Norchester 2015",
                kind="overview",
                order=1,
                start=0,
                end=len(PAGE),
            ),
        ),
        statements=STATEMENTS,
    )
    return document_graph(report, bundled_tables(), IRIS)


def test_figure_has_a_canonical_decimal_a_currency_code_and_its_year(graph: Graph) -> None:
    """The store rewrites other forms of a number, and dump and source would differ."""
    (node,) = graph.subjects(RDF.type, PI.StatedFigure)
    assert graph.value(node, PI.value) == Literal("2500000", datatype=XSD.decimal)
    assert graph.value(node, PI.unit) == Literal("GBP")
    assert graph.value(node, PI.quantityKind) == Literal("money-saved")
    year = reference_interval("government-year/2014-2015")
    assert graph.value(node, PI.refersTo) == year
    assert (year, RDF.type, TIME.ProperInterval) in graph
    assert (year, RDFS.label, Literal("the financial year 2014-2015", lang="en")) in graph


def test_collaboration_is_one_node_of_two_forces_found_from_either(graph: Graph) -> None:
    """The reports of both forces speak of the same thing, whichever of them is read."""
    node = IRIS.collaboration("kent", "norchester")
    assert (node, RDF.type, ORG.OrganizationalCollaboration) in graph
    members = set(graph.objects(node, ORG.hasMember))
    assert members == {IRIS.force("kent"), IRIS.force("norchester")}
    label = Literal("Collaboration of Kent Police and norchester", lang="en")
    assert graph.value(node, RDFS.label) == label


def test_what_is_said_of_a_collaboration_is_context_about_it(graph: Graph) -> None:
    """A sentence that names two forces is about two collaborations; one may be about none."""
    about = {
        (graph.value(said, DCTERMS.relation), graph.value(said, DCTERMS.subject))
        for said in graph.subjects(RDF.type, PI.ContextStatement)
    }
    assert about == {
        (IRIS.force("kent"), IRIS.collaboration("kent", "norchester")),
        (IRIS.force("essex"), IRIS.collaboration("essex", "norchester")),
        (None, None),
    }


def test_place_is_the_passage_of_its_name_with_the_area_where_it_is_known(graph: Graph) -> None:
    """No place is minted; a name without a code still says where it stands."""
    named = {
        str(name): graph.value(passage, DCTERMS.spatial)
        for passage, name in graph.subject_objects(DCTERMS.coverage)
        if (passage, RDF.type, PI.Passage) in graph
    }
    assert named == {"Wales": statistical_geography("W92000004"), "Seahaven": None}


def test_other_inspection_is_context(graph: Graph) -> None:
    """It is told from other background by its label and by the part of its address."""
    nodes = [
        str(node)
        for node in graph.subjects(RDF.type, PI.ContextStatement)
        if isinstance(node, URIRef) and "/inspection-" in node
    ]
    assert len(nodes) == 1
