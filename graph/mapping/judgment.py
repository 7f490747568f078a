"""Judgments and the inspections they come from, the same from a table and from a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, QB

from peelgraph.graph.iris import PILLARS, legislation
from peelgraph.graph.mapping.label import label
from peelgraph.graph.mapping.literal import partial_date

if TYPE_CHECKING:
    from peelgraph.graph.iris import Iris
    from peelgraph.graph.tables import Tables
    from peelgraph.graph.tables.rows import Cycle, GradeRow

SMALL_WORDS = frozenset({"and", "of"})


def add_judgment(  # noqa: PLR0913 - a judgment is these five things, each of another kind
    graph: Graph,
    iris: Iris,
    *,
    cycle: Cycle,
    force: str,
    criterion: str,
    grade: str,
    status: str,
) -> URIRef:
    """Add what every judgment says, and its inspection; return its node.

    The caller adds the evidence: passages of a document, or source and basis of a table row.

    Args:
        graph: A document graph or a facts graph.
        iris: The IRIs to mint.
        cycle: The cycle that is judged, which may be earlier than that of the report.
        force: Slug of the force.
        criterion: A pillar or a question key.
        grade: A code of the cycle's scale.
        status: A code of the grade-status scheme.
    """
    pi, node = iris.pi, iris.judgment(cycle.slug, force, criterion)
    graph.add((node, RDF.type, pi.Judgment))
    graph.add((node, RDF.type, QB.Observation))
    graph.add((node, *label(subject_label(cycle, force, criterion))))
    graph.add((node, QB.dataSet, iris.cube()))
    graph.add((node, pi.force, iris.force(force)))
    graph.add((node, pi.cycle, iris.cycle(cycle.slug)))
    graph.add((node, pi.criterion, iris.criterion(cycle.slug, criterion)))
    graph.add((node, pi.grade, iris.grade(cycle.scale, grade)))
    graph.add((node, pi.gradeStatus, iris.concept("grade-status", status)))
    inspection = add_inspection(graph, iris, cycle=cycle, force=force, criterion=criterion)
    graph.add((node, PROV.wasGeneratedBy, inspection))
    return node


def add_inspection(graph: Graph, iris: Iris, *, cycle: Cycle, force: str, criterion: str) -> URIRef:
    """Add the inspection that judged a criterion; return its node.

    Each force has one in a cycle; in cycles that had pillars, that of each pillar is a part of it.
    """
    whole, pillar = _add_inspection(graph, iris, cycle, force), pillar_of(criterion)
    if not pillar:
        return whole
    part = _add_inspection(graph, iris, cycle, force, pillar)
    graph.add((part, DCTERMS.isPartOf, whole))
    return part


def _add_inspection(graph: Graph, iris: Iris, cycle: Cycle, force: str, pillar: str = "") -> URIRef:
    pi, node = iris.pi, iris.inspection(cycle.slug, force, pillar or None)
    graph.add((node, RDF.type, pi.Inspection))
    graph.add((node, *label(f"Inspection of {subject_label(cycle, force, pillar)}")))
    graph.add((node, pi.force, iris.force(force)))
    graph.add((node, pi.cycle, iris.cycle(cycle.slug)))
    if pillar:
        graph.add((node, pi.criterion, iris.criterion(cycle.slug, pillar)))
    for inspectorate in cycle.inspectorates:
        graph.add((node, PROV.wasAssociatedWith, iris.inspectorate(inspectorate)))
    for path in cycle.legislation:
        graph.add((node, pi.authority, legislation(path)))
    return node


def grades_graph(tables: Tables, iris: Iris) -> Graph:
    """Return every tabulated judgment with its source and basis. Graphs: facts/grades."""
    graph = Graph()
    for row in tables.grades:
        _add_row(graph, iris, tables, row)
    return graph


def _add_row(graph: Graph, iris: Iris, tables: Tables, row: GradeRow) -> None:
    node = add_judgment(
        graph,
        iris,
        cycle=tables.cycles[row.cycle],
        force=row.force,
        criterion=row.criterion,
        grade=row.grade,
        status=row.status,
    )
    graph.add((node, DCTERMS.source, URIRef(row.source)))
    graph.add((node, iris.pi.basis, iris.concept("basis", row.basis)))
    if row.published:
        graph.add((node, DCTERMS.issued, partial_date(row.published)))
    if row.note:
        graph.add((node, RDFS.comment, Literal(row.note, lang="en")))
    if row.carried_over_from:
        cycle, _, criterion = row.carried_over_from.partition("/")
        earlier = iris.judgment(cycle, row.force, criterion)
        graph.add((node, iris.pi.carriedOverFrom, earlier))


def pillar_of(criterion: str) -> str:
    """Return the pillar of a pillar or of a numbered question; empty for an area.

    >>> pillar_of("legitimacy-4"), pillar_of("investigating-crime")
    ('legitimacy', '')
    """
    stem, _, number = criterion.rpartition("-")
    pillar = stem if number.isdigit() else criterion
    return pillar if pillar in PILLARS else ""


def subject_label(cycle: Cycle, force: str, criterion: str) -> str:
    """Return what a judgment or an inspection is about: ``Kent 2015, legitimacy 4``.

    The grade is not part of it, so that two sources never give one judgment two labels.
    """
    words = (each if each in SMALL_WORDS else each.capitalize() for each in force.split("-"))
    years = cycle.label.removeprefix("PEEL ")
    about = f", {criterion.replace('-', ' ')}" if criterion else ""
    return f"{' '.join(words)} {years}{about}"
