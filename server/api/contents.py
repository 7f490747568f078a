"""What the route table cannot say: media types, bodies, parameters and problems of addresses.

Keys are the names of the functions that answer. An address that is not here is documented with
what its route says alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from peelgraph.server.protocol.negotiation import GRAPHS, SOLUTIONS
from peelgraph.server.protocol.request import DIRECT, FORM
from peelgraph.server.site import listing, matrix
from peelgraph.server.site.compare import MOST as MOST_COMPARED
from peelgraph.server.site.grades import MAP, MAPS
from peelgraph.server.site.kinds import FINDINGS
from peelgraph.server.site.searching.entries import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RDF: Final = tuple(each.media_type for each in GRAPHS)
TABLES: Final = tuple(each.media_type for each in SOLUTIONS)
HTML: Final = "text/html"
JSON: Final = "application/json"
COMMA_SEPARATED: Final = "text/csv"

CONTENTS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "home.home": {"GET": (HTML,)},
    "endpoint.sparql": {"GET": (*TABLES, *RDF, HTML), "POST": (*TABLES, *RDF, HTML)},
    "store.store": {"GET": RDF},
    "dumps.nquads": {"GET": ("application/n-quads",)},
    "operation.status": {"GET": (HTML, JSON)},
    "operation.metrics": {"GET": ("text/plain",)},
    "grades.index": {"GET": (HTML,)},
    "grades.as_csv": {"GET": (COMMA_SEPARATED,)},
    "grades.as_json": {"GET": (JSON,)},
    "findings.findings": {"GET": (HTML,)},
    "findings.findings_csv": {"GET": (COMMA_SEPARATED,)},
    "compare.index": {"GET": (HTML,)},
    "search.search": {"GET": (HTML,)},
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
OF_PAGES: Final = (400, 429, 503)
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
    ("grades.index", "GET"): OF_PAGES,
    ("grades.as_csv", "GET"): OF_PAGES,
    ("grades.as_json", "GET"): OF_PAGES,
    ("findings.findings", "GET"): (*OF_PAGES, 404),
    ("findings.findings_csv", "GET"): OF_PAGES,
    ("compare.index", "GET"): OF_PAGES,
    ("search.search", "GET"): (429, 503),
}
KEPT: Final = frozenset(
    [
        "grades.index", "grades.as_csv", "grades.as_json", "findings.findings",
        "findings.findings_csv", "compare.index", "search.search",
    ]
)  # fmt: skip
"""Addresses that answer 304 to who has the version's answer already."""


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
_NARROWING: Final[Mapping[str, tuple[str, str]]] = {
    "force": ("The slug of a force.", "kent"),
    "cycle": ("The slug of a cycle.", "peel-2015"),
    "criterion": ("The slug of a pillar, question or area.", "legitimacy"),
    "theme": ("The slug of a theme.", "fair-treatment"),
    "grade": ("The forces that have this grade.", "outstanding"),
    "country": ("The country that a force is in.", "wales"),
    "sort": ("The order: force, best or worst.", "best"),
}
"""What the parameters of pages say, and a value of each."""


def _narrowing(name: str) -> dict[str, Any]:
    said, example = _NARROWING.get(name, (f"Narrows the answer by {name}.", ""))
    return {**_text(name, said), **({"example": example} if example else {})}


def _chosen(name: str, description: str, values: Iterable[str]) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(values)}
    return {**_text(name, description), "schema": schema}


def _number(name: str, description: str) -> dict[str, Any]:
    return {**_text(name, description), "schema": {"type": "integer", "minimum": 1}}


EXCEL: Final = _chosen(
    "excel",
    "1: CSV with a byte order mark, its formulas made harmless. For .csv alone.",
    ("0", "1"),
)
_GRADES: Final = tuple(map(_narrowing, matrix.PARAMETERS))
_FINDINGS: Final = tuple(
    _chosen(name, "A kind of finding.", FINDINGS) if name == "kind" else _narrowing(name)
    for name in listing.Narrowing.__slots__
)
_COMPARED: Final = {
    "name": "force",
    "in": "query",
    "description": "The slug of a force; given once for each that is set side by side.",
    "schema": {"type": "array", "items": {"type": "string"}, "maxItems": MOST_COMPARED},
    "example": ["kent", "essex"],
}
PARAMETERS: Final[Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]] = {
    ("endpoint.sparql", "GET"): (_QUERY, *_GRAPHS),
    ("endpoint.sparql", "POST"): _GRAPHS,
    ("ad-hoc.download", "GET"): (_text("query", "The query.", required=True), *_GRAPHS),
    ("store.store", "GET"): (
        _text("graph", "IRI of the graph."),
        _text("default", "Without a value: the default graph."),
    ),
    ("grades.index", "GET"): (
        *_GRADES,
        _chosen(MAP, "What the map is: a tile a force, or outlines where they are there.", MAPS),
    ),
    ("grades.as_csv", "GET"): (*_GRADES, EXCEL),
    ("grades.as_json", "GET"): _GRADES,
    ("findings.findings", "GET"): (*_FINDINGS, _number("page", "A page of the list.")),
    ("findings.findings_csv", "GET"): (*_FINDINGS, EXCEL),
    ("compare.index", "GET"): (_COMPARED,),
    ("search.search", "GET"): (
        _text("q", "Words to find."),
        _chosen("in", "What to find them in.", FAMILIES),
        _number("page", "A page of what was found."),
    ),
}
