"""The ontology and the shapes in words: terms, how many of what, and the rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
TYPES: Final = {
    XSD.string: "text",
    XSD.boolean: "true or false",
    XSD.integer: "a whole number",
    XSD.decimal: "a decimal number",
    XSD.date: "a day",
    XSD.dateTime: "a moment",
    RDF.langString: "text in a language",
    RDFS.Literal: "text, a number or a date",
}
KINDS: Final = {SH.IRI: "an IRI", SH.Literal: "a value"}
COUNTS: Final[dict[tuple[int, int | None], str]] = {
    (1, 1): "exactly one",
    (0, 1): "at most one",
    (1, None): "one or more",
    (0, None): "any number",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property, as the ontology describes it.

    Args:
        iri: Of the term.
        name: The part of the IRI behind ``#``: the anchor of the term.
        label: Its English label.
        meaning: What it means.
        note: How it is used.
        example: An example.
        parents: What it is a kind of.
        domains: What has the property.
        ranges: What its values are.
        apart: Classes that share no member with it.
        of_things: Whether the values of a property are things, not text or numbers.
    """

    iri: str
    name: str
    label: str
    meaning: str
    note: str
    example: str
    parents: tuple[str, ...]
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    of_things: bool = False


@dataclass(slots=True)
class Demand:
    """What the shapes demand of one property of a class.

    Args:
        path: The IRI of the property.
        name: What the shapes call it.
        least: How many values there must be.
        most: How many there may be; ``None`` where there is no bound.
        values: What the values are, in words.
    """

    path: str
    name: str
    least: int = 0
    most: int | None = None
    values: list[str] = field(default_factory=list[str])

    @property
    def count(self) -> str:
        """Return how many values, in words."""
        known = COUNTS.get((self.least, self.most))
        if known:
            return known
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of a shape, its anchor, and whether breaking it is only a warning."""

    anchor: str
    words: str
    warning: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape: of what it is, and its rules in words."""

    name: str
    label: str
    about: str
    targets: tuple[str, ...]
    rules: tuple[Rule, ...]


def terms(graph: Graph, kind: Node) -> list[Term]:
    """Return the terms of *kind*, ``owl:Class`` say, that *graph* defines, by their names."""
    found = (
        node for node in graph.subjects(RDF.type, kind) if (node, RDFS.isDefinedBy, None) in graph
    )
    return sorted((_term(graph, node) for node in found), key=lambda each: each.name.lower())


def properties(graph: Graph) -> list[Term]:
    """Return the properties of the ontology by their names."""
    found = terms(graph, OWL.ObjectProperty) + terms(graph, OWL.DatatypeProperty)
    return sorted(found, key=lambda each: each.name.lower())


def demands(graph: Graph) -> dict[str, list[Demand]]:
    """Return what shapes demand of each class by its IRI, a demand for each property."""
    found: dict[str, dict[str, Demand]] = {}
    for shape in sorted(graph.subjects(RDF.type, SH.NodeShape), key=str):
        for target in graph.objects(shape, SH.targetClass):
            known = found.setdefault(str(target), {})
            for part in sorted(graph.objects(shape, SH.property), key=str):
                path = str(graph.value(part, SH.path))
                demand = known.setdefault(path, Demand(path, _text(graph, part, SH.name)))
                _add(demand, graph, part)
    return {target: list(known.values()) for target, known in found.items()}


def shapes(graph: Graph) -> list[Shape]:
    """Return every shape by its label."""
    found = (_shape(graph, node) for node in graph.subjects(RDF.type, SH.NodeShape))
    return sorted(found, key=lambda each: each.label.lower())


def in_words(message: str) -> str:
    """Return the message of a rule with its placeholders as words.

    >>> in_words("The grade {?value} is not on {?scale}.")
    'The grade [value] is not on [scale].'
    """
    return PLACEHOLDER.sub(r"[\1]", message)


def _term(graph: Graph, node: Node) -> Term:
    def iris(predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(each) for each in graph.objects(node, predicate)))

    return Term(
        str(node),
        str(node).rpartition("#")[2],
        _text(graph, node, RDFS.label),
        _text(graph, node, SKOS.definition),
        _text(graph, node, SKOS.scopeNote),
        _text(graph, node, SKOS.example),
        (*iris(RDFS.subClassOf), *iris(RDFS.subPropertyOf)),
        iris(RDFS.domain),
        iris(RDFS.range),
        iris(OWL.disjointWith),
        (node, RDF.type, OWL.ObjectProperty) in graph,
    )


def _shape(graph: Graph, node: Node) -> Shape:
    parts = (*graph.objects(node, SH.property), *graph.objects(node, SH.sparql))
    severity = graph.value(node, SH.severity)
    rules = [_rule(graph, part, severity) for part in sorted(parts, key=str)]
    own = _text(graph, node, SH.message)
    if own:
        rules.append(Rule("", in_words(own), severity == SH.Warning))
    return Shape(
        str(node).rpartition("#")[2],
        _text(graph, node, RDFS.label),
        _text(graph, node, SH.description),
        tuple(sorted(str(each) for each in graph.objects(node, SH.targetClass))),
        tuple(rules),
    )


def _rule(graph: Graph, part: Node, severity: Node | None) -> Rule:
    words = _text(graph, part, SH.message) or _text(graph, part, SH.name)
    own = graph.value(part, SH.severity) or severity
    return Rule(str(part).rpartition("#")[2], in_words(words), own == SH.Warning)


def _add(demand: Demand, graph: Graph, part: Node) -> None:
    """Add to a demand what one more part of a shape says of it; a warning demands nothing."""
    if graph.value(part, SH.severity) == SH.Warning:
        return
    least = _number(graph, part, SH.minCount, SH.qualifiedMinCount)
    most = _number(graph, part, SH.maxCount, SH.qualifiedMaxCount)
    demand.least = max(demand.least, least or 0)
    if most is not None:
        demand.most = most if demand.most is None else min(demand.most, most)
    for words in _values(graph, part):
        if words not in demand.values:
            demand.values.append(words)


def _values(graph: Graph, part: Node) -> Iterable[str]:
    for each in graph.objects(part, SH["class"]):
        yield str(each)
    for each in graph.objects(part, SH.datatype):
        yield TYPES.get(URIRef(str(each)), str(each))
    for each in graph.objects(part, SH.nodeKind):
        yield KINDS.get(URIRef(str(each)), str(each))
    for predicate in (SH.node, SH.qualifiedValueShape):
        for each in graph.objects(part, predicate):
            yield _text(graph, each, RDFS.label)
    for each in graph.objects(part, SH.hasValue):
        yield str(each)


def _number(graph: Graph, node: Node, *predicates: URIRef) -> int | None:
    for predicate in predicates:
        value = graph.value(node, predicate)
        if value is not None:
            return int(str(value))
    return None


def _text(graph: Graph, node: Node, predicate: URIRef) -> str:
    """Return the English text, or any, that *predicate* gives *node*."""
    found = sorted(
        (each for each in graph.objects(node, predicate) if isinstance(each, Literal)),
        key=lambda each: (each.language != "en", str(each)),
    )
    return str(found[0]) if found else ""
