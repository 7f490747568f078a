"""Validation by pySHACL 0.40, the referee: shapes made ready once, then run many times.

Its limits, and what is done about them:

- it loads the shapes on every call: :class:`PreparedShapes` keeps them and all that was asked;
- its focus node list is searched in full for every node, and shapes on value nodes are skipped
  under it: each shape is handed its nodes instead;
- it makes a property shape's constraints anew for every focus node, and runs them on that node
  alone: :class:`_Check` makes them once and hands them all nodes at once;
- counting with what is no number (``"many"^^xsd:integer``) ends in one of Python's errors, where
  SPARQL has no solution: :class:`WorkingGraph` finds none then;
- comparing values of two kinds ends in a Python error, where SHACL has a result: :class:`_Check`
  reports one then;
- it searches the text of a SPARQL constraint for what is forbidden, and translates it, for every
  focus node: :func:`_made` and :func:`_translated` see to it that this happens once;
- it reads a string as an address and fetches it: it is only ever given graphs;
- rules, functions, scripts and imports are off: none of that is ever called.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.monkey import apply_patches
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator as Reporter
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.plugins import sparql
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.processor import SPARQLResult

from peelgraph.graph.validation.memory import RenewedMemory
from peelgraph.graph.validation.report import Result, ValidationReport

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Iterator, Mapping

    from pyshacl.constraints.constraint_component import ConstraintComponent
    from pyshacl.shape import Shape
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as QueryResult
    from rdflib.term import IdentifiedNode, Node

    from peelgraph.graph.validation.report import Triple

    Pattern: TypeAlias = tuple[Node | None, Node | None, Node | None]

MAX_DEPTH: Final = 15  # shapes within shapes; ours nest three deep
OTHER_TARGETS: Final = (SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
NOT_PREPARED: Final = (RDFS.Class, OWL.Class, SH.ConstraintComponent)


class WorkingGraph(Graph):
    """A graph that translates each SPARQL text once, however many nodes it is asked for."""

    def __init__(self) -> None:
        super().__init__(store=RenewedMemory(), bind_namespaces="none")

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
        found = SPARQLResult(evalQuery(self, _translated(query_object), initBindings or {}))
        try:
            len(found.bindings)
        except (ArithmeticError, RecursionError, TypeError):
            return SPARQLResult({"type_": "SELECT", "vars_": [], "bindings": []})
        return found


@lru_cache(maxsize=256)  # more than our shapes ask; those of others may be read time and again
def _translated(text: str) -> Query:
    """Return a query ready to be asked of any graph; prefixes stand in the text."""
    return prepareQuery(text)


class PyshaclEngine:
    """pySHACL beside one reference graph; what is checked is put into it and taken out again.

    Args:
        reference: What the checked graphs refer to. Never changed.
        shapes: The shapes. Never changed.
        across: How the names of shapes begin that only a run over the union meets.
    """

    def __init__(self, reference: Graph, shapes: Graph, across: str) -> None:
        self._shapes = PreparedShapes(shapes, across)
        self._reference = tuple(reference)  # an eighth of what the graph takes
        self._union = _working(self._reference)
        self._whole = True

    def beside_reference(self, incoming: Graph, among: Collection[Node]) -> ValidationReport:
        """Return what the shapes of one graph find on the nodes *among* of *incoming*."""
        if not self._whole:  # an alarm came, whether in the check or while this was put right
            self._union = _working(self._reference)
        self._whole, union = False, self._union
        added = [triple for triple in incoming if triple not in union]
        for triple in added:
            union.add(triple)
        report = self._shapes.run(union, among, across=False)
        for triple in added:
            union.remove(triple)
        self._whole = True
        return report

    def across_graphs(self, union: Iterable[Triple]) -> ValidationReport:
        """Return what the shapes across graphs find in *union*."""
        return self._shapes.run(_working(union), across=True)


def _working(triples: Iterable[Triple]) -> WorkingGraph:
    """Return a graph to work on with *triples*."""
    made = WorkingGraph()
    for triple in triples:
        made.add(triple)
    return made


class PreparedShapes:
    """Shapes made ready once; only targets of the kind ``sh:targetClass`` are known.

    Args:
        shapes: The shapes; not changed.
        across: How the names of shapes begin that only a run over the union meets.
    """

    def __init__(self, shapes: Graph, across: str) -> None:
        # as pyshacl.validate does: comparisons of literals by SHACL's rules
        apply_patches()  # type: ignore[no-untyped-call]
        sparql.SPARQL_LOAD_GRAPHS = False  # what FROM names is never read or fetched
        self._shapes = _AskedOften(_RememberingGraph(shapes))
        self._aims: dict[bool, list[tuple[URIRef, Node]]] = {True: [], False: []}
        for shape, target in sorted(shapes.subject_objects(SH.targetClass)):
            named = str(shape).rpartition("#")[2]
            self._aims[named.startswith(across)].append((URIRef(str(shape)), target))
        if any((None, kind, None) in shapes for kind in OTHER_TARGETS):
            raise NotImplementedError("a shape has a target that is no class")
        if any((None, RDF.type, kind) in shapes for kind in NOT_PREPARED):
            raise NotImplementedError("a shape is a class, or a constraint component is defined")
        loaded = {shape.node: shape for shape in self._shapes.shapes}
        self._checks = {
            shape: list(_checks(loaded[shape], loaded, self._shapes))
            for aims in self._aims.values()
            for shape, _ in aims
        }

    def run(
        self, union: WorkingGraph, among: Collection[Node] | None = None, *, across: bool
    ) -> ValidationReport:
        """Return what the shapes find in *union*.

        Args:
            union: The graph in which classes, instances and values are found.
            among: The nodes that are checked; all if ``None``.
            across: Whether the shapes across graphs are run, or all the others.
        """
        executor = SHACLExecutor(advanced_mode=False, max_validation_depth=MAX_DEPTH)
        found: list[Any] = []
        for shape, targets in self._targets(union, among, across=across).items():
            for check in self._checks[shape]:
                found.extend(check.found(executor, union, targets))
        if not found:
            return ValidationReport()
        report, _ = Reporter.create_validation_report(self._shapes, conforms=False, results=found)
        nodes = report.objects(None, SH.result)
        return ValidationReport.of(_result(report, node) for node in nodes)

    def _targets(
        self, union: Graph, among: Collection[Node] | None, *, across: bool
    ) -> dict[URIRef, list[Any]]:
        """Return the nodes that each shape is aimed at, by shape; without any, no shape."""
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


@dataclass(frozen=True, slots=True)
class _Check:
    """One shape with its constraints made ready."""

    shape: Shape
    constraints: tuple[ConstraintComponent, ...]

    def found(
        self, executor: SHACLExecutor, union: WorkingGraph, focus_nodes: list[Any]
    ) -> Iterator[Any]:
        """Yield the validator's own results on *focus_nodes*."""
        values = self.shape.value_nodes(union, focus_nodes)
        for constraint in self.constraints:
            path = [self.shape, constraint]
            try:
                _, results = constraint.evaluate(executor, union, values, path)
            except TypeError:  # values of two kinds were compared: find out whose
                results = list(self._one_by_one(executor, union, values, constraint))
            yield from results

    def _one_by_one(
        self,
        executor: SHACLExecutor,
        union: WorkingGraph,
        values: Mapping[Any, Collection[Any]],
        constraint: ConstraintComponent,
    ) -> Iterator[Any]:
        """Yield the results node by node: values that cannot be compared do not conform."""
        for node, of_node in values.items():
            path = [self.shape, constraint]
            try:
                _, results = constraint.evaluate(executor, union, {node: of_node}, path)
            except TypeError:
                results = [constraint.make_v_result(union, node, each) for each in of_node]
            yield from results


def _checks(shape: Shape, loaded: Mapping[Any, Shape], shapes: _AskedOften) -> Iterator[_Check]:
    """Yield *shape* by itself, then each of its property shapes.

    ``sh:property`` finds what the property shape finds on the same nodes, so that those run as
    shapes of their own.
    """
    properties = sorted(shapes.graph.objects(shape.node, SH.property), key=str)
    for each in (shape, *(loaded[node] for node in properties)):
        if not each.deactivated:
            yield _Check(each, tuple(_made(each, shapes, nested=each is not shape)))


def _made(shape: Shape, shapes: _AskedOften, *, nested: bool) -> Iterator[ConstraintComponent]:
    """Yield each constraint component of *shape*; of the outermost all but ``sh:property``."""
    parameters = {parameter for parameter, _ in shapes.predicate_objects(shape.node)}
    if not nested:
        parameters.discard(SH.property)
    for kind in sorted({CONSTRAINT_PARAMETERS_MAP[each] for each in parameters}, key=str):
        constraint = kind(shape)
        if isinstance(constraint, SPARQLBasedConstraint):
            for query in constraint.sparql_constraints:  # the text is the same for every node
                query.check_invalid_sparql = cache(query.check_invalid_sparql)
        yield constraint


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
