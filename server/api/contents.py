"""What the route table cannot say: media types, bodies, parameters and problems of addresses.

Keys are the names of the functions that answer. An address that is not here is documented with
what its route says alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.protocol.negotiation import GRAPHS, SOLUTIONS
from peelgraph.server.protocol.request import DIRECT, FORM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RDF: Final = tuple(each.media_type for each in GRAPHS)
TABLES: Final = tuple(each.media_type for each in SOLUTIONS)
HTML: Final = "text/html"
JSON: Final = "application/json"

CONTENTS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "home.home": {"GET": (HTML,)},
    "endpoint.sparql": {"GET": (*TABLES, *RDF, HTML), "POST": (*TABLES, *RDF, HTML)},
    "store.store": {"GET": RDF},
    "dumps.nquads": {"GET": ("application/n-quads",)},
    "operation.status": {"GET": (HTML, JSON)},
    "operation.metrics": {"GET": ("text/plain",)},
    "problems.problems": {"GET": (HTML,)},
    "problems.problem": {"GET": (HTML,)},
    "saved-queries.listed": {"GET": (HTML, JSON)},
    "ad-hoc.download": {"GET": (*TABLES, *RDF), "POST": (*TABLES, *RDF)},
    "query.query": {"GET": (HTML,)},
    "terms.terms": {"GET": (JSON,)},
    "terms.middles": {"GET": (JSON,)},
    "reference.openapi": {"GET": (JSON,)},
    "reference.page": {"GET": (HTML,)},
}
WRITES: Final[Mapping[str, Sequence[str]]] = {
    "update.update": ("POST",),
    "store.store": ("PUT", "POST", "DELETE"),
}
"""Methods that need a token."""
BODIES: Final[Mapping[tuple[str, str], Sequence[str]]] = {
    ("endpoint.sparql", "POST"): (FORM, DIRECT),
    ("ad-hoc.download", "POST"): (FORM, DIRECT),
    ("update.update", "POST"): ("application/sparql-update", FORM),
    ("store.store", "PUT"): RDF,
    ("store.store", "POST"): RDF,
}
OF_QUERIES: Final = (400, 403, 406, 413, 429, 503)
OF_WRITES: Final = (400, 401, 403, 409, 412, 413, 415, 422, 503)
STATUSES: Final[Mapping[tuple[str, str], Sequence[int]]] = {
    ("endpoint.sparql", "GET"): OF_QUERIES,
    ("endpoint.sparql", "POST"): (*OF_QUERIES, 415),
    ("ad-hoc.download", "GET"): (*OF_QUERIES, 404),
    ("ad-hoc.download", "POST"): (*OF_QUERIES, 404, 415),
    ("update.update", "POST"): OF_WRITES,
    ("store.store", "PUT"): OF_WRITES,
    ("store.store", "POST"): OF_WRITES,
    ("store.store", "DELETE"): OF_WRITES,
    ("dumps.nquads", "GET"): (404,),
    ("problems.problem", "GET"): (404,),
}


def _text(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


_QUERY: Final = _text("query", "The query, in SPARQL 1.1.")
_GRAPHS: Final = tuple(
    {
        "name": name,
        "in": "query",
        "description": "IRI of a graph of the dataset; may be given several times.",
        "schema": {"type": "array", "items": {"type": "string", "format": "uri"}},
    }
    for name in ("default-graph-uri", "named-graph-uri")
)
PARAMETERS: Final[Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]] = {
    ("endpoint.sparql", "GET"): (_QUERY, *_GRAPHS),
    ("endpoint.sparql", "POST"): _GRAPHS,
    ("ad-hoc.download", "GET"): (_text("query", "The query.", required=True), *_GRAPHS),
    ("store.store", "GET"): (
        _text("graph", "IRI of the graph."),
        _text("default", "Without a value: the default graph."),
    ),
}
