"""Validation by the package ``shacl`` 0.3, written in Rust: for whole versions.

Where it would report otherwise than pySHACL, and what is done about it:

- it names the shape, not the SPARQL constraint that found something: :func:`_taken_apart` gives
  each constraint a shape of its own;
- it renames blank nodes, its numbers end at 64 bits, and it compares values of a wrong kind by
  other rules (``"many"^^xsd:integer``, a literal for a node): graphs with any of these are left to
  pySHACL;
- it words no message where a shape has none, and writes paths its own way: a shape with anything
  that was not compared is left to pySHACL (:func:`left_to_referee`);
- it cannot be interrupted: it runs in a thread, so that an alarm ends the wait for it.

Whatever is left to pySHACL is said in the report's remarks.
"""

from __future__ import annotations

import re
import threading
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.compat import decodeUnicodeEscape

from peelgraph.graph.validation.pyshacl_engine import PyshaclEngine
from peelgraph.graph.validation.report import Result, ValidationReport

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from rdflib.term import Node
    from shacl import Report, Shapes
    from shacl import Result as Found

    from peelgraph.graph.validation.report import Triple

NTRIPLES: Final = "ntriples"
ALONE: Final = "urn:peelgraph:constraint:"  # begins the names of shapes of one SPARQL constraint
LINKS: Final = (SH.property, SH.node, SH["or"], SH.qualifiedValueShape, RDF.first, RDF.rest)
WORDS: Final = {SH.name, SH.description, SH.message, SH.severity, SH.path, SH.targetClass}
CONSTRAINTS: Final = {
    SH["class"],
    SH.datatype,
    SH.disjoint,
    SH.hasValue,
    SH.languageIn,
    SH.lessThan,
    SH.lessThanOrEquals,
    SH.maxCount,
    SH.maxInclusive,
    SH.maxLength,
    SH.minCount,
    SH.minInclusive,
    SH.minLength,
    SH.node,
    SH.nodeKind,
    SH["or"],
    SH.pattern,
    SH.qualifiedMaxCount,
    SH.qualifiedMinCount,
    SH.qualifiedValueShape,
    SH.uniqueLang,
}
COMPARED: Final = WORDS | CONSTRAINTS | {SH.property, SH.sparql}
QUERY: Final = {SH.message, SH.prefixes, SH.select}
LITERAL: Final = re.compile(
    r'"(?P<text>.*)"(?:@(?P<lang>[A-Za-z0-9-]+)|\^\^<(?P<kind>.*)>)?', re.DOTALL
)
NUMBERS: Final = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.nonNegativeInteger}
MOST_DIGITS: Final = 15


class RustEngine:
    """The Rust engine beside one reference graph, with pySHACL for what it is not trusted with.

    Args:
        compiled: ``shacl.Shapes.from_text``.
        reference: What the checked graphs refer to. Never changed.
        shapes: The shapes. Never changed.
        across: How the names of shapes begin that only a run over the union meets.
    """

    def __init__(
        self, compiled: Callable[[str, str], Shapes], reference: Graph, shapes: Graph, across: str
    ) -> None:
        self._reference = reference
        self._shapes = shapes
        self._across = across
        self._left = left_to_referee(shapes)
        self._datatypes = _datatypes(shapes)
        aimed = set(shapes.subjects(SH.targetClass)) - set(self._left)
        named = {shape for shape in aimed if str(shape).rpartition("#")[2].startswith(across)}
        self._beside_shapes = compiled(_text(_taken_apart(shapes, aimed - named)), NTRIPLES)
        self._across_shapes = compiled(_text(_taken_apart(shapes, named)), NTRIPLES)

    def beside_reference(self, incoming: Graph, among: Collection[Node]) -> ValidationReport:
        """Return what the shapes of one graph find on the nodes *among* of *incoming*."""

        def asked(referee: PyshaclEngine) -> ValidationReport:
            return referee.beside_reference(incoming, among)

        if why := self._reference_is_unfit or _unfit(incoming, self._datatypes):
            return self._left_whole(why, asked)
        text = f"{self._reference_text}{_text(incoming)}"
        return self._report(self._beside_shapes, text, incoming, asked, among)

    def across_graphs(self, union: Iterable[Triple]) -> ValidationReport:
        """Return what the shapes across graphs find in *union*."""
        graph = Graph()
        for triple in union:
            graph.add(triple)

        def asked(referee: PyshaclEngine) -> ValidationReport:
            return referee.across_graphs(graph)

        if why := _unfit(graph, self._datatypes):
            return self._left_whole(why, asked)
        return self._report(self._across_shapes, _text(graph), graph, asked, None)

    def _report(
        self,
        shapes: Shapes,
        text: str,
        stated: Graph,
        asked: Callable[[PyshaclEngine], ValidationReport],
        among: Collection[Node] | None,
    ) -> ValidationReport:
        try:
            report = _awaited(lambda: shapes.validate_text(text, NTRIPLES))
        except ValueError as error:
            return self._left_whole(f"the Rust engine cannot read the graphs ({error})", asked)
        if odd := next(filter(_is_odd, report.results), None):
            return self._left_whole(f"{odd.value} stands in place of a node", asked)
        found = (_result(each, stated) for each in report.results)
        results = ValidationReport.of(
            each for each in found if among is None or each.focus_node in among
        )
        if not self._left:
            return results
        remarks = tuple(
            f"{shape} was checked by pySHACL: {why}" for shape, why in sorted(self._left.items())
        )
        left = asked(self._referee_of_left)
        return results.merged(ValidationReport(left.results, remarks))

    def _left_whole(
        self, why: str, asked: Callable[[PyshaclEngine], ValidationReport]
    ) -> ValidationReport:
        """Return the referee's report on everything, with the reason in its remarks."""
        return ValidationReport(
            asked(self._referee).results, (f"everything was checked by pySHACL: {why}",)
        )

    @cached_property
    def _reference_text(self) -> str:
        return _text(self._reference)

    @cached_property
    def _reference_is_unfit(self) -> str:
        return _unfit(self._reference, self._datatypes)

    @cached_property
    def _referee(self) -> PyshaclEngine:
        return PyshaclEngine(self._reference, self._shapes, self._across)

    @cached_property
    def _referee_of_left(self) -> PyshaclEngine:
        return PyshaclEngine(self._reference, _aimed(self._shapes, self._left), self._across)


def left_to_referee(shapes: Graph) -> dict[URIRef, str]:
    """Return the shapes with a target that pySHACL must run, each with the reason."""
    return {
        URIRef(str(shape)): why
        for shape in set(shapes.subjects(SH.targetClass))
        if (why := next(_unlike(shapes, shape), None))
    }


def _unlike(shapes: Graph, shape: Node) -> Iterator[str]:
    """Yield what of *shape* was not compared, or is known to be reported otherwise."""
    reached = _reached(shapes, shape)
    queries = set(shapes.objects(shape, SH.sparql))
    for nodes, compared in ((reached, COMPARED), (queries, QUERY)):
        terms = {str(each) for node in nodes for each in shapes.predicates(node)}
        for term in sorted(terms - set(map(str, compared))):
            if term.startswith(str(SH)):
                yield f"{term} has not been compared"
    if any((node, SH.sparql, None) in shapes for node in reached - {shape}):
        yield "a shape of values has a SPARQL constraint"
    if queries and (None, None, shape) in shapes:
        yield "it has a SPARQL constraint and is a shape of values too"
    for each in (shape, *shapes.objects(shape, SH.property)):
        yield from _reported_otherwise(shapes, each, shape)
    if any((query, SH.message, None) not in shapes for query in queries):
        yield "a SPARQL constraint has no message"


def _reported_otherwise(shapes: Graph, each: Node, shape: Node) -> Iterator[str]:
    """Yield what of *each*, the *shape* or one of its property shapes, shows in the results."""
    if isinstance(each, BNode) or isinstance(shapes.value(each, SH.path), BNode):
        yield "it has a shape without a name, or a path of several steps"
    if each != shape and (each, SH.property, None) in shapes:
        yield "a property shape has property shapes of its own"
    constrained = not CONSTRAINTS.isdisjoint(shapes.predicates(each))
    if constrained and (each, SH.message, None) not in shapes:
        yield "a constraint has no message"


def _reached(shapes: Graph, shape: Node) -> set[Node]:
    """Return *shape* and all shapes that it asks of values, and theirs."""
    reached: set[Node] = set()
    coming = [shape]
    while coming:
        node = coming.pop()
        if node not in reached:
            reached.add(node)
            coming.extend(each for link in LINKS for each in shapes.objects(node, link))
    return reached


def _aimed(shapes: Graph, kept: Collection[Node]) -> Graph:
    """Return *shapes* with the targets of *kept* alone."""
    graph = Graph()
    for triple in shapes:
        if triple[1] != SH.targetClass or triple[0] in kept:
            graph.add(triple)
    return graph


def _taken_apart(shapes: Graph, kept: Collection[Node]) -> Graph:
    """Return *shapes* with the targets of *kept*, each SPARQL constraint in a shape of its own."""
    graph = _aimed(shapes, kept)
    for shape in kept:
        for constraint in list(graph.objects(shape, SH.sparql)):
            graph.remove((shape, SH.sparql, constraint))
            own = URIRef(f"{ALONE}{constraint}")
            graph.add((own, RDF.type, SH.NodeShape))
            graph.add((own, SH.sparql, constraint))
            for term in (SH.targetClass, SH.severity):
                for value in graph.objects(shape, term):
                    graph.add((own, term, value))
    return graph


def _text(graph: Graph) -> str:
    return graph.serialize(format="nt")


def _datatypes(shapes: Graph) -> dict[Node, set[Node]]:
    """Return, for each predicate, the datatypes that any of *shapes* demands of its values."""
    demanded: dict[Node, set[Node]] = {}
    for shape, datatype in shapes.subject_objects(SH.datatype):
        for predicate in shapes.objects(shape, SH.path):
            demanded.setdefault(predicate, set()).add(datatype)
    return demanded


def _unfit(graph: Graph, datatypes: Mapping[Node, Collection[Node]]) -> str:
    """Return why the Rust engine is not asked about *graph*; empty if it is."""
    return min(filter(None, (_unfit_in(triple, datatypes) for triple in graph)), default="")


def _unfit_in(triple: Triple, datatypes: Mapping[Node, Collection[Node]]) -> str:
    subject, predicate, value = triple
    if isinstance(subject, BNode) or isinstance(value, BNode):
        return "the graphs have blank nodes"
    if not isinstance(value, Literal):
        return ""
    demanded = datatypes.get(predicate)
    if demanded and (value.ill_typed or value.datatype not in demanded):
        return f"{value.n3()} is not of the datatype that {predicate} should have"
    if value.datatype in NUMBERS and len(value) > MOST_DIGITS:
        return f"{value} has more than {MOST_DIGITS} digits"
    return ""


def _is_odd(found: Found) -> bool:
    """Return whether a literal stands in place of a node."""
    of_node = found.component in {"ClassConstraintComponent", "NodeKindConstraintComponent"}
    return of_node and found.value is not None and found.value.startswith('"')


def _awaited(run: Callable[[], Report]) -> Report:
    """Return what *run* returns in another thread; an alarm ends the wait, not the thread."""
    done: Future[Report] = Future()

    def ran() -> None:
        try:
            done.set_result(run())
        except BaseException as error:  # noqa: BLE001 - a panic of Rust is no Exception
            done.set_exception(error)

    threading.Thread(target=ran, daemon=True).start()
    return done.result()


def _result(found: Found, stated: Graph) -> Result:
    """Return a result of the Rust engine, under the name of what found it."""
    focus = _term(found.focus_node)
    path = None if found.path is None else _term(found.path)
    value = None if found.value is None else _as_stated(_term(found.value), focus, path, stated)
    return Result(
        focus_node=focus,
        path=path,
        value=value,
        component=URIRef(found.component_iri),
        severity=URIRef(found.severity_iri),
        shape=URIRef(str(_term(found.source_shape or "")).removeprefix(ALONE)),
        message=" ".join(sorted(found.messages)),
    )


def _as_stated(value: Node, focus: Node, path: Node | None, stated: Graph) -> Node:
    """Return *value* as the graph has it: with the datatype ``xsd:string`` if it says so."""
    if isinstance(value, Literal) and value.datatype is None and value.language is None:
        named = Literal(str(value), datatype=XSD.string)
        if (focus, path, named) in stated:
            return named
    return value


def _term(text: str) -> Node:
    r"""Return the term that *text* writes in N-Triples.

    >>> _term(r'"a \"b\" \u00e9"@en')
    rdflib.term.Literal('a "b" é', lang='en')
    """
    if text.startswith("<"):
        return URIRef(decodeUnicodeEscape(text[1:-1]))
    literal = LITERAL.fullmatch(text)
    if literal is None:
        raise ValueError(text)
    kind = literal["kind"]
    return Literal(
        decodeUnicodeEscape(literal["text"]),
        lang=literal["lang"],
        datatype=None if kind is None else URIRef(kind),
        normalize=False,
    )
