"""Documents as bytes: the same graph in each form, with the same words each time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from peelgraph.graph.errors import ResultUnwritable
from peelgraph.server.engine.serialising import FormatCannotHold, rewritten
from peelgraph.server.linked.context import context_for, prefixes
from peelgraph.server.protocol.negotiation import JSON_LD, N_TRIPLES

if TYPE_CHECKING:
    from rdflib import Graph

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
    text = graph.serialize(format="json-ld", context=context_for(graph), sort_keys=True)
    document: dict[str, Any] = json.loads(text)
    nodes = document.get("@graph")
    if isinstance(nodes, list):
        nodes.sort(key=lambda each: (each.get("@id") != first, str(each.get("@id", ""))))
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
