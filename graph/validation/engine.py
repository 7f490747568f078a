"""Driving the validator underneath (pyshacl 0.40): shapes made ready once, then run many times.

Its limits, and what is done about them:

- it loads the shapes on every call: :class:`PreparedShapes` keeps them and all that was asked;
- its focus node list is searched in full for every node, and shapes on value nodes are skipped
  under it: each shape is handed its nodes instead;
- it translates a SPARQL constraint anew for every focus node: :class:`WorkingGraph` does it once;
- it reads a string as an address and fetches it: it is only ever given graphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.monkey import apply_patches
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator as Reporter
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.processor import SPARQLResult

from peelgraph.graph.validation.report import Result, ValidationReport

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Iterator, Mapping

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as QueryResult
    from rdflib.term import IdentifiedNode, Node

    Triple: TypeAlias = tuple[Node, Node, Node]
    Pattern: TypeAlias = tuple[Node | None, Node | None, Node | None]

MAX_DEPTH: Final = 15  # shapes within shapes; ours nest three deep
OTHER_TARGETS: Final = (SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


class WorkingGraph(Graph):
    """A graph that translates each SPARQL text once, however many nodes it is asked for."""

    def __init__(self, translated: dict[str, Query]) -> None:
        super().__init__(store="SimpleMemory", bind_namespaces="none")
        self._translated = translated

    def __bool__(self) -> bool:
        """Be true: the validator asks for every value whether there is a graph; else it counts."""
        return True

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
        if query_object not in self._translated:
            self._translated[query_object] = prepareQuery(query_object)
        return SPARQLResult(evalQuery(self, self._translated[query_object], initBindings or {}))


class PreparedShapes:
    """Shapes made ready once; only targets of the kind ``sh:targetClass`` are known.

    Args:
        shapes: The shapes; not changed.
        across: How the names of shapes begin that only a run over the union meets.
    """

    def __init__(self, shapes: Graph, across: str) -> None:
        # as pyshacl.validate does: comparisons of literals by SHACL's rules
        apply_patches()  # type: ignore[no-untyped-call]
        self._shapes = _AskedOften(_RememberingGraph(shapes))
        self._translated: dict[str, Query] = {}
        self._aims: dict[bool, list[tuple[URIRef, Node]]] = {True: [], False: []}
        for shape, target in sorted(shapes.subject_objects(SH.targetClass)):
            named = str(shape).rpartition("#")[2]
            self._aims[named.startswith(across)].append((URIRef(str(shape)), target))
        if any((None, kind, None) in shapes for kind in OTHER_TARGETS):
            raise NotImplementedError("a shape has a target that is no class")
        self._loaded = {shape.node: shape for shape in self._shapes.shapes}

    def working_graph(self) -> WorkingGraph:
        """Return an empty graph to run over; all of them share what was translated."""
        return WorkingGraph(self._translated)

    def run(
        self, union: WorkingGraph, among: Collection[Node] | None = None, *, across: bool
    ) -> ValidationReport:
        """Return what the shapes find in *union*.

        Args:
            union: The graph in which classes, instances and values are found.
            among: The nodes that are checked; all if ``None``.
            across: Whether the shapes across graphs are run, or all the others.
        """
        executor = SHACLExecutor(max_validation_depth=MAX_DEPTH)
        found: list[Any] = []
        for shape, targets in self._targets(union, among, across=across).items():
            _, reports = self._loaded[shape].validate(executor, union, focus=targets)
            found.extend(reports)
        if not found:
            return ValidationReport()
        report, _ = Reporter.create_validation_report(self._shapes, conforms=False, results=found)
        nodes = report.objects(None, SH.result)
        return ValidationReport.of(_result(report, node) for node in nodes)

    def _targets(
        self, union: Graph, among: Collection[Node] | None, *, across: bool
    ) -> dict[URIRef, list[Any]]:
        """Return the nodes that each shape is aimed at, by shape."""
        typed: dict[Node | None, list[Node]] = {}
        subjects: Iterable[Node] = union.subjects(RDF.type, unique=True) if among is None else among
        for node in subjects:
            for kind in union.objects(node, RDF.type):
                typed.setdefault(kind, []).append(node)
        aimed: dict[URIRef, dict[Node, None]] = {}
        for shape, target in self._aims[across]:
            for narrower in union.transitive_subjects(RDFS.subClassOf, target):
                aimed.setdefault(shape, {}).update(dict.fromkeys(typed.get(narrower, ())))
        return {shape: list(nodes) for shape, nodes in aimed.items() if nodes}


class _AskedOften(ShapesGraph):
    """The validator's shapes; of a shape's statements it is only shown what constrains."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self._parameters = frozenset(ALL_CONSTRAINT_PARAMETERS)
        self._constraining: dict[Node, list[tuple[Node, Node]]] = {}

    def predicate_objects(self, s: Node) -> Generator[tuple[Node, Node]]:
        """Yield the constraints of the shape *s*."""
        if s not in self._constraining:
            said = self.graph.predicate_objects(s)
            self._constraining[s] = [pair for pair in said if pair[0] in self._parameters]
        yield from self._constraining[s]


class _RememberingGraph(Graph):
    """A copy of a graph that remembers every answer until it is changed."""

    def __init__(self, original: Graph) -> None:
        super().__init__(store="SimpleMemory", bind_namespaces="none")
        self._answers: dict[Pattern, list[Triple]] = {}
        for triple in original:
            self.add(triple)

    def add(self, triple: Triple) -> Self:
        """Add *triple*; what was remembered may no longer be so."""
        self._answers.clear()
        return super().add(triple)

    def triples(self, triple: Pattern) -> Iterator[Triple]:  # type: ignore[override]
        """Yield the triples that match; no path is ever asked for."""
        if triple not in self._answers:
            self._answers[triple] = list(super().triples(triple))
        yield from self._answers[triple]


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
