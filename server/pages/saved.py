"""The few queries that pages ask for themselves, each in a file beside this one."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from peelgraph.graph.namespaces import rebased
from peelgraph.server.engine.interface import Query

if TYPE_CHECKING:
    from peelgraph.server.pages.service import Service

JSON = "application/sparql-results+json"


def text_of(name: str, base: str) -> str:
    """Return the text of the bundled query file *name*, under *base*."""
    text = files("peelgraph.server.pages").joinpath(name).read_text(encoding="utf-8")
    return rebased(text, base)


def counts(service: Service) -> dict[str, int]:
    """Return the numbers of the home page, by variable of ``counts.rq``."""
    return _numbers(service, "counts.rq")


def default_graph_size(service: Service) -> int:
    """Return how many triples a query finds in the default graph."""
    return _numbers(service, "default-graph-size.rq")["triples"]


def _numbers(service: Service, name: str) -> dict[str, int]:
    query = Query(text_of(name, service.base), union=service.union)
    answer = json.loads(service.engine.answer(query, JSON, service.limits()).read())
    (row,) = answer["results"]["bindings"]
    return {variable: int(value["value"]) for variable, value in row.items()}
