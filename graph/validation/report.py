"""What a validation found: its results in a stable order, as JSON and as RDF."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rdflib import RDF, RDFS, SH, VOID, BNode, Graph, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from peelgraph.graph.iris import Iris

    Triple: TypeAlias = tuple[Node, Node, Node]

SEVERITIES: Final = (SH.Violation, SH.Warning, SH.Info)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One thing found: on which node, by which shape, and why.

    ``shape`` is the property shape or the SPARQL constraint that found it; ``graphs`` are the
    named graphs that state what is wrong, where several graphs were read together.
    """

    focus_node: Node
    path: Node | None
    value: Node | None
    component: URIRef
    severity: URIRef
    shape: Node
    message: str
    graphs: tuple[str, ...] = ()

    @property
    def is_violation(self) -> bool:
        """Whether the result keeps a graph from being published."""
        return self.severity == SH.Violation

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values; absent ones are ``None``."""
        return {
            "focusNode": str(self.focus_node),
            "path": None if self.path is None else str(self.path),
            "value": None if self.value is None else str(self.value),
            "component": _name(self.component),
            "severity": _name(self.severity),
            "shape": str(self.shape),
            "message": self.message,
            "graphs": list(self.graphs),
        }

    @property
    def order(self) -> tuple[int | str, ...]:
        """The place in a report: the worse first, then by node, path, shape and value."""
        rank = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else len(SEVERITIES)
        terms = (self.focus_node, self.path, self.shape, self.component, self.value)
        return (rank, *("" if term is None else term.n3() for term in terms), self.message)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What a validation found, in a stable order and without repetition.

    ``remarks`` say what the engine that was asked for left to the referee. They are no part of
    what was found: reports are equal whose results are.
    """

    results: tuple[Result, ...] = ()
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, results: Iterable[Result]) -> ValidationReport:
        """Return the report of *results*, in order, each once."""
        return cls(tuple(sorted(set(results), key=lambda result: result.order)))

    def merged(self, other: ValidationReport) -> ValidationReport:
        """Return the report of this one's and the *other*'s results and remarks."""
        remarks = dict.fromkeys(self.remarks + other.remarks)
        return ValidationReport(self.of(self.results + other.results).results, tuple(remarks))

    def with_results(self, results: Iterable[Result]) -> ValidationReport:
        """Return a report of *results* with this one's remarks."""
        return ValidationReport(self.of(results).results, self.remarks)

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that keep a graph from being published."""
        return tuple(result for result in self.results if result.is_violation)

    @property
    def warnings(self) -> tuple[Result, ...]:
        """The results that are kept as a remark."""
        return tuple(result for result in self.results if not result.is_violation)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings do not count."""
        return not self.violations

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "conforms": self.conforms,
            "violations": len(self.violations),
            "warnings": len(self.warnings),
            "results": [result.as_dict() for result in self.results],
            "remarks": list(self.remarks),
        }

    def as_graph(self, iris: Iris) -> Graph:
        """Return the report as ``sh:ValidationReport``, every node of it named.

        A result's IRI is a hash of the result, so equal reports are equal graphs. ``sh:conforms``
        is the report's own: SHACL counts warnings against it, publishing here does not.

        Graphs: belongs in ``/graph/validation``.
        """
        graph, home = Graph(), iris.graph("validation")
        report = URIRef(f"{home}#report")
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, RDFS.label, Literal("Report of the last validation", lang="en")))
        graph.add((report, SH.conforms, Literal(self.conforms)))
        for result in self.results:
            node = URIRef(f"{home}#result-{_digest(result)}")
            graph.add((report, SH.result, node))
            for triple in _result_triples(result, node, iris):
                graph.add(triple)
        return graph


def _name(term: URIRef) -> str:
    """Return the part of a SHACL term after its namespace."""
    return term.rpartition("#")[2]


def _digest(result: Result) -> str:
    """Return ten hexadecimal digits that stand for the whole *result*."""
    told = "\n".join([*map(str, result.order), *result.graphs])
    return hashlib.sha256(told.encode()).hexdigest()[:10]


def _result_triples(result: Result, node: URIRef, iris: Iris) -> Iterator[Triple]:
    yield node, RDF.type, SH.ValidationResult
    yield node, RDFS.label, Literal(result.message, lang="en")
    yield node, SH.resultMessage, Literal(result.message, lang="en")
    yield node, SH.resultSeverity, result.severity
    yield node, SH.sourceConstraintComponent, result.component
    yield node, SH.sourceShape, _named(result.shape, iris)
    yield node, SH.focusNode, _named(result.focus_node, iris)
    if result.path is not None:
        yield node, SH.resultPath, _named(result.path, iris)
    if result.value is not None:
        yield node, SH.value, _named(result.value, iris)
    for graph in result.graphs:
        yield node, VOID.inDataset, URIRef(graph)


def _named(term: Node, iris: Iris) -> Node:
    """Return *term*, or an IRI that stands for it where it is a blank node."""
    if isinstance(term, BNode):
        return iris.genid(iris.graph("validation"), str(term))
    return term
