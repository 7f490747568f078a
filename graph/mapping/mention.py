"""Forces that work together and places, as a page names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Literal
from rdflib.namespace import DCTERMS, ORG

from peelgraph.graph.iris import statistical_geography
from peelgraph.graph.mapping.finding import FINDINGS, statement_digest
from peelgraph.graph.mapping.label import label
from peelgraph.graph.mapping.passage import add_passage
from peelgraph.graph.model import CollaborationStatement, PlaceStatement, StatementType

if TYPE_CHECKING:
    from peelgraph.graph.mapping.passage import Document
    from peelgraph.graph.tables import Tables


def add_mentions(document: Document, tables: Tables) -> None:
    """Add the collaborations and places that the report's statements name."""
    for statement in document.report.statements:
        if isinstance(statement, CollaborationStatement) and statement.other_force:
            _add_collaboration(document, tables, statement, statement.other_force)
        elif isinstance(statement, PlaceStatement):
            _add_place(document, statement)


def _add_collaboration(
    document: Document, tables: Tables, statement: CollaborationStatement, other: str
) -> None:
    """Add the collaboration of two forces as the subject of what is said of it.

    The node is the same in every report that names the two, whichever of them it is about.
    """
    graph, iris = document.graph, document.iris
    kind = FINDINGS[StatementType.COLLABORATION]
    finding = iris.finding(
        document.report.slug, f"{kind.abbreviation}-{statement_digest(statement)}"
    )
    members = sorted([document.report.force, other])
    node = iris.collaboration(*members)
    names = [tables.forces[slug].name if slug in tables.forces else slug for slug in members]
    graph.add((finding, DCTERMS.subject, node))
    graph.add((node, RDF.type, ORG.OrganizationalCollaboration))
    graph.add((node, *label(f"Collaboration of {' and '.join(names)}")))
    for slug in members:
        graph.add((node, ORG.hasMember, iris.force(slug)))


def _add_place(document: Document, statement: PlaceStatement) -> None:
    """Add the passage of the name, the name itself and, where it is known, the area."""
    graph = document.graph
    node = add_passage(document, statement.passage)
    graph.add((node, DCTERMS.coverage, Literal(statement.name, lang=document.language)))
    if statement.area:
        graph.add((node, DCTERMS.spatial, statistical_geography(statement.area)))
