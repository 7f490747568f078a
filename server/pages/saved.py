"""The few queries that pages ask for themselves, each in a file beside this one."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from peelgraph.graph.errors import LimitError
from peelgraph.graph.namespaces import rebased
from peelgraph.server.engine.interface import Query

if TYPE_CHECKING:
    from peelgraph.server.pages.service import Service

JSON = "application/sparql-results+json"
LISTED = 200
"""Named graphs that a description lists; its query asks for one more."""


def text_of(name: str, base: str) -> str:
    """Return the text of the bundled query file *name*, under *base*."""
    text = files("peelgraph.server.pages").joinpath(name).read_text(encoding="utf-8")
    return rebased(text, base)


def default_graph_size(service: Service) -> int | None:
    """Return how many triples a query finds in the default graph; ``None`` where it takes long."""
    try:
        return _numbers(service, "default-graph-size.rq")["triples"]
    except LimitError:
        return None


def named_graph_sizes(service: Service) -> dict[str, int] | None:
    """Return how many triples each named graph has; ``None`` where they are too many to list."""
    try:
        rows = _rows(service, "named-graph-sizes.rq")
    except LimitError:
        return None
    if len(rows) > LISTED:
        return None
    # A graph may be called by a blank node, which means nothing elsewhere.
    named = [row for row in rows if row["graph"]["type"] == "uri"]
    return {row["graph"]["value"]: int(row["triples"]["value"]) for row in named}


def _numbers(service: Service, name: str) -> dict[str, int]:
    (row,) = _rows(service, name)
    return {variable: int(value["value"]) for variable, value in row.items()}


def _rows(service: Service, name: str) -> list[dict[str, dict[str, str]]]:
    query = Query(text_of(name, service.base), union=service.union)
    answer = json.loads(service.engine.answer(query, JSON, service.desk.limits).read())
    rows: list[dict[str, dict[str, str]]] = answer["results"]["bindings"]
    return rows
