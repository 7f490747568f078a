"""Documents as bytes: the same graph in each form, with the same words each time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from pyld import jsonld  # type: ignore[import-untyped]  # it has no types
from rdflib import RDF, XSD, BNode, Literal

from peelgraph.graph.errors import ResultUnwritable
from peelgraph.server.engine.serialising import FormatCannotHold, rewritten
from peelgraph.server.linked.context import context_for, prefixes
from peelgraph.server.protocol.negotiation import JSON_LD, N_TRIPLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from peelgraph.server.protocol.negotiation import Format


def written(graph: Graph, form: Format, first: str = "") -> bytes:
    """Return *graph* in *form*, sorted, so that equal graphs give equal bytes.

    Args:
        graph: What to write.
        form: How.
        first: IRI of what comes before all else.

    Raises:
        ResultUnwritable: It holds something that the form cannot say.
    """
    if form is JSON_LD:
        return _json_ld(graph, first)
    start = f"<{first}> ".encode()
    lines = graph.serialize(format="nt", encoding="utf-8").split(b"\n")
    kept = sorted(
        {line for line in lines if line}, key=lambda line: (line[: len(start)] != start, line)
    )
    content = b"".join(line + b"\n" for line in kept)
    if form is N_TRIPLES:
        return content
    try:
        return rewritten(content, form.media_type, prefixes())
    except FormatCannotHold as error:
        raise ResultUnwritable(
            f"{form.name} cannot hold {error}",
            expected="another form",
            action="ask for Turtle or N-Triples",
        ) from error


def _json_ld(graph: Graph, first: str) -> bytes:
    """Return *graph* in the short names of the context, of which it carries what it uses."""
    nodes = sorted(_expanded(graph), key=lambda each: (each["@id"] != first, each["@id"]))
    context = context_for(graph)
    # What decides that a thing has a short name must not fetch anything.
    options: Any = {"documentLoader": _refuse, "graph": True, "skipExpansion": True}
    compacted: Any = jsonld.compact(nodes, context, options)
    return json.dumps(compacted, ensure_ascii=False, indent=1).encode() + b"\n"


def _refuse(address: str, _options: object) -> NoReturn:
    raise AssertionError(address)


def _expanded(graph: Graph) -> Iterable[dict[str, Any]]:
    """Yield each subject of *graph* with all it says, in JSON-LD's expanded form."""
    for subject in set(graph.subjects()):
        node: dict[str, Any] = {"@id": _name(subject)}
        for by, value in sorted(graph.predicate_objects(subject), key=str):
            if by == RDF.type:
                node.setdefault("@type", []).append(_name(value))
            else:
                node.setdefault(str(by), []).append(_value(value))
        yield node


def _name(term: Node) -> str:
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _value(term: Node) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _name(term)}
    if term.language:
        return {"@value": str(term), "@language": term.language}
    if term.datatype is None or term.datatype == XSD.string:
        return {"@value": str(term)}
    return {"@value": str(term), "@type": str(term.datatype)}
