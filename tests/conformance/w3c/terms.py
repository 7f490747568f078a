"""RDF terms as plain tuples, and when two sets of rows of them say the same.

A term is ``("iri", value)``, ``("blank", label)``, ``("literal", lexical, datatype, language,
direction)`` or ``("triple", subject, predicate, object)``; ``None`` stands for unbound. Numbers
and truth values are compared by value: the engine stores them in canonical form.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph
from rdflib import BNode, Literal, URIRef

if TYPE_CHECKING:
    from rdflib.term import Node

Term: TypeAlias = tuple[Any, ...]
Row: TypeAlias = tuple[Term | None, ...]
Names: TypeAlias = dict[str, str]

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
INTEGERS = {
    XSD + name
    for name in [
        "integer",
        "long",
        "int",
        "short",
        "byte",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    ]
}
BOOLEANS = {"1": "true", "0": "false"}


def literal(
    lexical: str, datatype: str | None = None, language: str | None = None, direction: str = ""
) -> Term:
    """A literal; a simple one is a string, language tags have no case."""
    if language:
        kind = RDF + ("dirLangString" if direction else "langString")
        return ("literal", lexical, kind, language.lower(), direction)
    kind = datatype or XSD + "string"
    return ("literal", _by_value(lexical, kind), kind, "", "")


def _by_value(lexical: str, datatype: str) -> str:
    with contextlib.suppress(ValueError, InvalidOperation):
        if datatype in INTEGERS:
            return str(int(lexical))
        if datatype == XSD + "decimal":
            return f"{Decimal(lexical).normalize():f}"
        if datatype in {XSD + "double", XSD + "float"}:
            return repr(float(lexical))
    if datatype == XSD + "boolean":
        return BOOLEANS.get(lexical, lexical)
    return lexical


def of_rdflib(node: Node) -> Term:
    """The term of an rdflib node."""
    if isinstance(node, URIRef):
        return ("iri", str(node))
    if isinstance(node, BNode):
        return ("blank", str(node))
    assert isinstance(node, Literal)
    return literal(str(node), str(node.datatype) if node.datatype else None, node.language)


def of_engine(node: Any) -> Term:  # noqa: ANN401 - any kind of term
    """The term of a pyoxigraph node."""
    if isinstance(node, pyoxigraph.NamedNode):
        return ("iri", node.value)
    if isinstance(node, pyoxigraph.BlankNode):
        return ("blank", node.value)
    if isinstance(node, pyoxigraph.Triple):
        return ("triple", *(of_engine(each) for each in node))
    direction = str(node.direction or "")
    return literal(node.value, node.datatype.value, node.language, direction)


def same_rows(left: list[Row], right: list[Row], *, ordered: bool = False) -> bool:
    """Whether two lists of rows are the same but for the labels of blank nodes.

    Labels are told apart by the rows they stand in; those that look alike are tried in turn.
    """
    if len(left) != len(right):
        return False
    if ordered:
        left = [(("literal", str(place)), *row) for place, row in enumerate(left)]
        right = [(("literal", str(place)), *row) for place, row in enumerate(right)]
    return _match(left, right, dict.fromkeys(_labels(left), ""), dict.fromkeys(_labels(right), ""))


def _match(left: list[Row], right: list[Row], ours: Names, theirs: Names) -> bool:
    ours, theirs = _refined(left, ours), _refined(right, theirs)
    classes = Counter(ours.values())
    if classes != Counter(theirs.values()):
        return False
    tied = next((colour for colour, count in classes.items() if count > 1), None)
    if tied is None:
        return Counter(_coloured(left, ours)) == Counter(_coloured(right, theirs))
    chosen = next(label for label, colour in ours.items() if colour == tied)
    return any(
        _match(left, right, {**ours, chosen: "!" + tied}, {**theirs, label: "!" + tied})
        for label, colour in theirs.items()
        if colour == tied
    )


def _refined(rows: list[Row], colours: Names) -> Names:
    """Colour each label by what stands beside it, until no more labels are told apart."""
    count = -1
    while len(set(colours.values())) != count:
        count = len(set(colours.values()))
        beside: dict[str, list[str]] = {label: [] for label in colours}
        for row, seen in zip(rows, _coloured(rows, colours), strict=True):
            for label in set(_labels([row])):
                marked = _coloured([row], {**colours, label: "*"})[0]
                beside[label].append(repr((seen, marked)))
        told = {label: repr((colours[label], sorted(near))) for label, near in beside.items()}
        colours = {label: f"{hash(colour):x}" for label, colour in told.items()}
    return colours


def _coloured(rows: list[Row], colours: Names) -> list[Row]:
    return [tuple(_renamed(term, colours) for term in row) for row in rows]


def _renamed(term: Term | None, colours: Names) -> Term | None:
    if term is not None and term[0] == "blank":
        return ("blank", colours[term[1]])
    if term is not None and term[0] == "triple":
        return ("triple", *(_renamed(each, colours) for each in term[1:]))
    return term


def _labels(rows: list[Row]) -> list[str]:
    found: list[str] = []
    pending = [term for row in rows for term in row if term is not None]
    while pending:
        term = pending.pop()
        if term[0] == "blank":
            found.append(term[1])
        elif term[0] == "triple":
            pending += term[1:]
    return found
