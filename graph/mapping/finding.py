"""What a page finds, expects, quotes or counts: findings, plan priorities and stated figures.

The table of statement types is :data:`FINDINGS`; types outside it have a mapping of their own
(grades, plan priorities, figures) or none:

=====================  ==============================================================
type                   becomes
=====================  ==============================================================
grade                  ``pi:Judgment``, in :mod:`peelgraph.graph.mapping.document`
plan-priority          ``pi:PlanPriority``: the local plan's words, no finding
figure                 ``pi:StatedFigure``; money in the unit ``GBP``
exceptional-event,     ``pi:ContextStatement``: background that the report gives, told apart
inspection             by the section's kind and the part of the IRI
collaboration          the same; the other force is its ``dct:relation``, the collaboration
                       (``org:OrganizationalCollaboration``) its ``dct:subject``
place                  the ``pi:Passage`` of its name, with ``dct:coverage`` (the name) and
                       ``dct:spatial`` (the area), in :mod:`peelgraph.graph.mapping.mention`
date                   ``dct:modified`` of its section, ``dct:issued`` of its report
report                 the ``pi:Report`` node itself, which names force and cycle
furniture              nothing
=====================  ==============================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rdflib import RDF, XSD, Literal
from rdflib.namespace import DCTERMS, TIME

from peelgraph.graph.iris import reference_interval
from peelgraph.graph.mapping.label import abridged, label
from peelgraph.graph.mapping.passage import add_passage
from peelgraph.graph.model import (
    CollaborationStatement,
    FigureStatement,
    Statement,
    StatementType,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdflib import Graph, URIRef

    from peelgraph.graph.iris import Iris
    from peelgraph.graph.mapping.passage import Document


CURRENCIES: Final = frozenset({"gbp", "eur", "usd"})  # slugs of units that RDF writes as codes
ANNOTATED: Final = "annotated/1"  # the method of a finding that a person marked by hand


@dataclass(frozen=True, slots=True)
class FindingKind:
    """How one type of finding is written: class, concept of finding-type, IRI part, label."""

    class_name: str
    concept: str
    abbreviation: str
    label: str


FINDINGS: Final = {
    StatementType.STRENGTH: FindingKind("Strength", "strength", "strength", "Strength"),
    StatementType.AREA_FOR_IMPROVEMENT: FindingKind(
        "AreaForImprovement", "area-for-improvement", "afi", "Area for improvement"
    ),
    StatementType.CAUSE_OF_CONCERN: FindingKind(
        "CauseOfConcern", "cause-of-concern", "coc", "Cause of concern"
    ),
    StatementType.RECOMMENDATION: FindingKind(
        "Recommendation", "recommendation", "rec", "Recommendation"
    ),
    StatementType.INNOVATIVE_PRACTICE: FindingKind(
        "InnovativePractice", "innovative-practice", "ip", "Innovative practice"
    ),
    StatementType.LOOK_AHEAD: FindingKind("LookAhead", "look-ahead", "look-ahead", "Looking ahead"),
    StatementType.CONTEXT: FindingKind("ContextStatement", "context", "context", "Context"),
    StatementType.EXCEPTIONAL_EVENT: FindingKind(
        "ContextStatement", "context", "event", "Exceptional event"
    ),
    StatementType.INSPECTION: FindingKind(
        "ContextStatement", "context", "inspection", "Other inspection"
    ),
    StatementType.COLLABORATION: FindingKind(
        "ContextStatement", "context", "collaboration", "Collaboration"
    ),
}


def places_by_id(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Return *statements* in reading order under their ids: one entry a thing said."""
    places: dict[str, list[Statement]] = {}
    for each in sorted(statements, key=lambda s: (s.passage.start, s.passage.end)):
        places.setdefault(each.id, []).append(each)
    return places


def add_findings(document: Document) -> None:
    """Add every finding, plan priority and figure of the report: one node a statement id."""
    priorities = 0
    for places in places_by_id(document.report.statements).values():
        kind = places[0].type
        if kind in FINDINGS:
            _add_finding(document, FINDINGS[kind], places)
        elif kind is StatementType.PLAN_PRIORITY:
            priorities += 1
            _add_plan_priority(document, places, priorities)
        elif kind is StatementType.FIGURE:
            _add_figure(document, places)
    _add_addressed(document)


def decimal_literal(number: str | float) -> Literal:
    """Return *number* as an ``xsd:decimal`` in canonical form: no exponent, no idle zero.

    >>> str(decimal_literal("49.40")), str(decimal_literal(1.0)), str(decimal_literal("1800000"))
    ('49.4', '1', '1800000')
    """
    plain = f"{Decimal(str(number)):f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return Literal(plain, datatype=XSD.decimal, normalize=False)


def add_evidence(document: Document, node: URIRef, places: Sequence[Statement]) -> None:
    """Add every passage that states *node*, and how the most certain of them was read."""
    for place in places:
        document.graph.add((node, document.pi.evidence, add_passage(document, place.passage)))
    best = _best(places)
    if best.id in document.summaries:
        add_method(document.graph, document.iris, node)
    else:
        add_method(document.graph, document.iris, node, best.method, best.confidence)


def add_method(
    graph: Graph, iris: Iris, node: URIRef, method: str = ANNOTATED, confidence: float = 1.0
) -> None:
    """Add how *node* was found; what a person annotated wins over the rules, wherever it stands."""
    graph.add((node, iris.pi.extractionMethod, Literal(method)))
    graph.add((node, iris.pi.confidence, decimal_literal(confidence)))


def statement_digest(statement: Statement) -> str:
    """Return the hash of what is stated, which is part of its node's IRI."""
    return statement.id.rpartition("-")[2]


def _best(places: Sequence[Statement]) -> Statement:
    """Return the most certain place, the first in reading order among equals."""
    return max(places, key=lambda s: (s.confidence, -s.passage.start))


def add_typed(graph: Graph, iris: Iris, report: str, kind: FindingKind, digest: str) -> URIRef:
    """Add a finding of *kind*, known by the *digest* of its normalised words; return its node."""
    node = iris.finding(report, f"{kind.abbreviation}-{digest}")
    graph.add((node, RDF.type, iris.pi.Finding))
    graph.add((node, RDF.type, iris.pi[kind.class_name]))
    graph.add((node, iris.pi.findingType, iris.concept("finding-type", kind.concept)))
    return node


def _add_finding(document: Document, kind: FindingKind, places: Sequence[Statement]) -> None:
    graph, iris, pi = document.graph, document.iris, document.pi
    best = _best(places)
    node = add_typed(graph, iris, document.report.slug, kind, statement_digest(best))
    _add_words(document, node, kind.label, places)
    for place in places:
        if place.criterion:
            criterion = iris.criterion(document.report.cycle, place.criterion)
            graph.add((node, pi.criterion, criterion))
        for theme in place.themes:
            graph.add((node, pi.theme, iris.theme(theme)))
        if isinstance(place, CollaborationStatement) and place.other_force:
            graph.add((node, DCTERMS.relation, iris.force(place.other_force)))


def _add_addressed(document: Document) -> None:
    """Add which cause of concern each recommendation addresses: the last one in its section."""
    concerns: dict[str, URIRef] = {}
    answered: set[str] = set()
    for each in sorted(document.report.statements, key=lambda s: s.passage.start):
        if each.type is StatementType.CAUSE_OF_CONCERN:
            concerns[each.passage.section] = _finding_iri(document, each)
        elif each.type is StatementType.RECOMMENDATION:
            concern = concerns.get(each.passage.section)
            if concern and each.id not in answered:
                node = _finding_iri(document, each)
                document.graph.add((node, document.pi.addresses, concern))
                answered.add(each.id)  # it addresses one, wherever else it is said again


def _finding_iri(document: Document, statement: Statement) -> URIRef:
    kind = FINDINGS[statement.type]
    return document.iris.finding(
        document.report.slug, f"{kind.abbreviation}-{statement_digest(statement)}"
    )


def _add_plan_priority(document: Document, places: Sequence[Statement], order: int) -> None:
    graph, pi = document.graph, document.pi
    node = document.iris.plan_priority(document.report.slug, statement_digest(places[0]))
    graph.add((node, RDF.type, pi.PlanPriority))
    graph.add((node, pi.order, Literal(order)))
    _add_words(document, node, "Plan priority", places)


def _add_words(
    document: Document, node: URIRef, kind_label: str, places: Sequence[Statement]
) -> None:
    """Add whose statement it is, its words as captured, and every passage that has them."""
    graph, pi = document.graph, document.pi
    best = _best(places)
    words = document.quote(best.passage)
    # the table's label where there is one, so that a finding never has two
    told = document.summaries.get(best.id) or abridged(words)
    graph.add((node, *label(f"{kind_label}: {told}")))
    graph.add((node, pi.statement, Literal(words, lang=document.language)))
    graph.add((node, pi.force, document.force_iri))
    graph.add((node, pi.cycle, document.cycle_iri))
    add_evidence(document, node, places)


def _add_figure(document: Document, places: Sequence[Statement]) -> None:
    graph, pi = document.graph, document.pi
    best = _best(places)
    if not isinstance(best, FigureStatement):
        raise TypeError(best)
    node = document.iris.figure(document.report.slug, statement_digest(best))
    unit = best.unit.upper() if best.unit in CURRENCIES else best.unit
    graph.add((node, RDF.type, pi.StatedFigure))
    graph.add((node, *label(f"{best.quantity}: {best.value} {unit}")))
    graph.add((node, pi.value, decimal_literal(best.value)))
    graph.add((node, pi.unit, Literal(unit)))
    graph.add((node, pi.quantityKind, Literal(best.quantity)))
    if best.refers_to:
        graph.add((node, pi.refersTo, _add_interval(graph, best.refers_to)))
    add_evidence(document, node, places)


def _add_interval(graph: Graph, path: str) -> URIRef:
    """Add a year, with the label that the years of cycles have; return its node."""
    kind, _, years = path.partition("/")
    node = reference_interval(path)
    graph.add((node, RDF.type, TIME.ProperInterval))
    graph.add((node, *label(f"the {'year' if kind == 'year' else 'financial year'} {years}")))
    return node
