"""SHACL: the bundled shapes, a run over one graph or over all of them, and its report.

Limits of the validator underneath (pyshacl 0.40), and what is done about them:

- its focus node list is searched in full for every node, and shapes on value nodes are skipped
  under it: the targets are written into the shapes instead (:func:`_aimed`);
- it translates a SPARQL constraint anew for every focus node: :class:`_WorkingGraph` does it once;
- it reads a string as an address and fetches it: it is only ever given graphs;
- it knows no named graphs: the union states of each judgment and report where it stands
  (``void:inDataset``), and the shapes of ``cross-graph.ttl`` read that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyshacl
from rdflib import RDF, RDFS, SH, VOID, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.processor import SPARQLResult

from peelgraph.graph.namespaces import rebased

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as QueryResult
    from rdflib.term import IdentifiedNode, Node

    from peelgraph.graph.iris import Iris

    Triple: TypeAlias = tuple[Node, Node, Node]

CROSS_GRAPH: Final = "CrossGraph"  # how the names of shapes begin that only the union meets
SEVERITIES: Final = (SH.Violation, SH.Warning, SH.Info)
MAX_DEPTH: Final = 15  # shapes within shapes; ours nest three deep


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
    """What a validation found, in a stable order and without repetition."""

    results: tuple[Result, ...] = ()

    @classmethod
    def of(cls, results: Iterable[Result]) -> ValidationReport:
        """Return the report of *results*, in order, each once."""
        return cls(tuple(sorted(set(results), key=lambda result: result.order)))

    @classmethod
    def merge(cls, reports: Iterable[ValidationReport]) -> ValidationReport:
        """Return one report of several."""
        return cls.of(result for report in reports for result in report.results)

    def merged(self, other: ValidationReport) -> ValidationReport:
        """Return the report of this one's and the *other*'s results."""
        return self.merge((self, other))

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


def shape_files() -> tuple[Traversable, ...]:
    """Return the bundled shapes' files by name."""
    folder = files("peelgraph.shapes")
    found = (each for each in folder.iterdir() if each.name.endswith(".ttl"))
    return tuple(sorted(found, key=lambda file: file.name))


def shapes_graph(iris: Iris) -> Graph:
    """Return all bundled shapes as one graph, moved to the base of *iris*.

    Graphs: belongs in ``/graph/shapes``.
    """
    graph = Graph()
    for file in shape_files():
        graph.parse(data=rebased(file.read_text(encoding="utf-8"), iris.base), format="turtle")
    return graph


def validate_graph(incoming: Graph, reference: Graph, shapes: Graph) -> ValidationReport:
    """Return what *shapes* find on the nodes of *incoming*, read together with *reference*.

    Args:
        incoming: What is to be published; only its subjects are checked.
        reference: What it refers to: ontology, schemes, forces, cycles. Never changed.
        shapes: The shapes, as from :func:`shapes_graph`; those across graphs are left out.
    """
    return Validator(reference, shapes).report_on(incoming)


def validate_union(graphs: Mapping[URIRef, Graph], iris: Iris) -> ValidationReport:
    """Return what the rules across graphs find on *graphs* read together.

    Args:
        graphs: Named graphs; those that hold judgments are enough, for all rules but the one
            that judgments stand nowhere else.
        iris: The base in use.

    Returns:
        A report whose results name the graphs that state what is wrong, in ``graphs`` and,
        where they are several, in the message.
    """
    union = _WorkingGraph()
    for name, graph in graphs.items():
        for triple in graph:
            union.add(triple)
        for kind in (iris.pi.Judgment, iris.pi.Report):
            for node in graph.subjects(RDF.type, kind):
                union.add((node, VOID.inDataset, name))
    report = _run(union, _aimed(shapes_graph(iris), union, across=True))
    return ValidationReport.of(_attributed(result, graphs) for result in report.results)


class Validator:
    """Shapes and reference data against which many graphs are checked, one after another."""

    def __init__(self, reference: Graph, shapes: Graph) -> None:
        self._union = _WorkingGraph()
        for triple in reference:
            self._union.add(triple)
        self._shapes = shapes

    def report_on(self, incoming: Graph) -> ValidationReport:
        """Return what the shapes find on the subjects of *incoming*."""
        union, shapes = self._union, self._shapes
        added = [triple for triple in incoming if triple not in union]
        for triple in added:
            union.add(triple)
        try:
            among = set(incoming.subjects())
            return _run(union, _aimed(shapes, union, among, across=False))
        finally:
            for triple in added:
                union.remove(triple)


class _WorkingGraph(Graph):
    """A graph that translates each SPARQL text once, however many nodes it is asked for."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self._prepared: dict[str, Query] = {}

    def query(  # type: ignore[override]  # noqa: PLR0913, PLR0917 - the validator asks in this form
        self,
        query_object: str,
        processor: str = "sparql",  # noqa: ARG002 - part of the signature
        result: str = "sparql",  # noqa: ARG002 - part of the signature
        initNs: Mapping[str, Any] | None = None,  # noqa: ARG002, N803 - part of the signature
        initBindings: Mapping[str, IdentifiedNode] | None = None,  # noqa: N803 - likewise
        use_store_provided: bool = True,  # noqa: ARG002, FBT001, FBT002 - part of the signature
    ) -> QueryResult:
        """Answer *query_object* with *initBindings*; prefixes stand in the text."""
        if query_object not in self._prepared:
            self._prepared[query_object] = prepareQuery(query_object)
        return SPARQLResult(evalQuery(self, self._prepared[query_object], initBindings or {}))


def _run(union: _WorkingGraph, shapes: Graph) -> ValidationReport:
    _, report, _ = pyshacl.validate(
        union,
        shacl_graph=shapes,
        advanced=False,
        js=False,
        inference="none",
        inplace=True,
        do_owl_imports=False,
        max_validation_depth=MAX_DEPTH,
    )
    if not isinstance(report, Graph):
        raise TypeError(report)
    nodes = report.objects(None, SH.result)
    return ValidationReport.of(_result(report, node) for node in nodes)


def _aimed(
    shapes: Graph, union: Graph, among: Collection[Node] | None = None, *, across: bool
) -> Graph:
    """Return *shapes* with each target class replaced by its instances, as target nodes.

    Args:
        shapes: The shapes; not changed.
        union: The graph in which classes and instances are found.
        among: The nodes that may be targets; all if ``None``.
        across: Whether the shapes across graphs are aimed, or all the others.
    """
    aimed = Graph(store="SimpleMemory", bind_namespaces="none")
    for triple in shapes:
        if triple[1] != SH.targetClass:
            aimed.add(triple)
    for shape, target in shapes.subject_objects(SH.targetClass):
        if str(shape).rpartition("#")[2].startswith(CROSS_GRAPH) is across:
            for node in _instances(union, target):
                if among is None or node in among:
                    aimed.add((shape, SH.targetNode, node))
    return aimed


def _instances(graph: Graph, target: Node) -> Iterator[Node]:
    """Yield the instances of a class and of its subclasses, in *graph*."""
    for kind in graph.transitive_subjects(RDFS.subClassOf, target):
        yield from graph.subjects(RDF.type, kind)


def _result(report: Graph, node: Node) -> Result:
    """Return a result of the validator's *report*, under the name of what found it."""
    messages = sorted(str(each) for each in report.objects(node, SH.resultMessage))
    found_by = report.value(node, SH.sourceConstraint) or report.value(node, SH.sourceShape)
    return Result(
        focus_node=_present(report.value(node, SH.focusNode)),
        path=report.value(node, SH.resultPath),
        value=report.value(node, SH.value),
        component=URIRef(str(report.value(node, SH.sourceConstraintComponent))),
        severity=URIRef(str(report.value(node, SH.resultSeverity))),
        shape=_present(found_by),
        message=" ".join(messages),
    )


def _present(term: Node | None) -> Node:
    if term is None:
        raise TypeError(term)
    return term


def _attributed(result: Result, graphs: Mapping[URIRef, Graph]) -> Result:
    """Return *result* with the graphs that state it, and its message with what each states."""
    pattern = (
        (result.focus_node, RDF.type, None)
        if result.path is None or result.path == VOID.inDataset
        else (result.focus_node, result.path, result.value)
    )
    stated = {
        str(name): sorted({str(value) for value in graph.objects(pattern[0], pattern[1])})
        for name, graph in graphs.items()
        if pattern in graph or (result.path is None and (result.value, RDF.type, None) in graph)
    }
    names = tuple(sorted(stated))
    if len(names) < 2:  # noqa: PLR2004 - one graph alone needs no telling apart
        return replace(result, graphs=names)
    if result.path is None:
        told = " and ".join(names)
    else:
        told = "; ".join(f"{name} says {', '.join(stated[name])}" for name in names)
    return replace(result, graphs=names, message=f"{result.message} Graphs: {told}.")


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
