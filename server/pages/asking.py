"""What pages ask the engine: queries in files, bound by terms, answers kept by version."""

from __future__ import annotations

import json
from functools import lru_cache, partial, wraps
from importlib.resources import files
from typing import TYPE_CHECKING, Final, TypeVar, cast

from flask import request
from rdflib import Graph

from peelgraph.graph.namespaces import rebased
from peelgraph.server.engine.interface import Caller, Query
from peelgraph.server.pages.service import this_service
from peelgraph.server.pages.terms import Row, Term
from peelgraph.server.protocol.negotiation import JSON, N_TRIPLES
from peelgraph.server.protocol.tokens import outline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdflib.term import Identifier

    from peelgraph.server.engine.interface import Answer
    from peelgraph.server.pages.service import Service
    from peelgraph.server.protocol.tokens import Outline

Known = TypeVar("Known")
COST: Final = 8
"""Bytes of memory that a byte of an answer takes as rows."""


def rows(query: str, **terms: Identifier) -> tuple[Row, ...]:
    """Return the solutions of a query file, asked once for each version.

    Args:
        query: Package and name of the file, ``peelgraph.server.site.queries/force.rq``.
        terms: What stands for variables of the query, which its SELECT must project.

    Raises:
        LimitError: A limit of the query or the engine was reached.
        VersionError: The engine has nothing to answer from.
    """
    service = this_service()
    return rows_of(service, text_of(query, service.base), terms)


def rows_of(service: Service, text: str, terms: Mapping[str, Identifier]) -> tuple[Row, ...]:
    """Return the solutions of SPARQL *text*; see :func:`rows`."""
    key = (text, tuple((name, term.n3()) for name, term in terms.items()))
    found = service.asked.get(service.desk.tag(), key)
    if found is not None:
        return found
    answer = _answer(service, text, terms, JSON.media_type)
    size = answer.size
    solutions = json.loads(answer.read())["results"]["bindings"]
    made = tuple(
        {name: _term(written) for name, written in solution.items()} for solution in solutions
    )
    service.asked.put(answer.tag or answer.version, key, made, size * COST + len(text))
    return made


def graph_of(query: str, **terms: Identifier) -> Graph:
    """Return the graph that a CONSTRUCT in a query file makes; see :func:`rows`."""
    service = this_service()
    answer = _answer(service, text_of(query, service.base), terms, N_TRIPLES.media_type)
    return Graph().parse(data=answer.read(), format="nt")


def once_a_version(make: Callable[[], Known]) -> Callable[[], Known]:
    """Have *make*, which says something of the whole version, called once for each.

    There are few such functions and what they return stays in memory: not for what depends on an
    address.
    """

    @wraps(make)
    def known() -> Known:
        service = this_service()
        tag, name = service.desk.tag(), f"{make.__module__}.{make.__qualname__}"
        held = service.held.get(name)
        if held is not None and held[0] == tag:
            return cast("Known", held[1])
        made = make()
        if tag is not None and tag == service.desk.tag():
            service.held[name] = (tag, made)
        return made

    return known


@lru_cache(maxsize=512)
def text_of(query: str, base: str) -> str:
    """Return the text of a query file (see :func:`rows`) under *base*."""
    package, _, name = query.rpartition("/")
    return rebased((files(package) / name).read_text(encoding="utf-8"), base)


@lru_cache(maxsize=512)
def outline_of(text: str, depth_limit: int) -> Outline:
    """Return the outline of SPARQL of our own, of which there are some hundred texts.

    Reading them anew took a quarter of what a page cost the web process.
    """
    return outline(text, depth_limit)


def query_of(service: Service, text: str, known: Outline, terms: Mapping[str, Identifier]) -> Query:
    """Return what the engine is asked with SPARQL *text* of our own and terms for its variables."""
    return Query(
        text,
        union=service.sees_all and not known.own_dataset,
        substitutions=tuple(sorted((name, term.n3()) for name, term in terms.items())),
        own_graphs=known.own_graphs,
        names_graphs=known.names_graphs,
    )


def _answer(
    service: Service, text: str, terms: Mapping[str, Identifier], media_type: str
) -> Answer:
    query = query_of(service, text, outline_of(text, service.settings.query_depth), terms)
    client = request.remote_addr or ""
    desk = service.desk
    desk.budgets.admit(client)
    caller = Caller(client, spent=partial(desk.budgets.spend, client))
    return service.engine.answer(query, media_type, desk.limits, caller)


def _term(written: Mapping[str, str]) -> Term:
    return Term(
        written["value"],
        written["type"],
        written.get("xml:lang", "").lower(),
        written.get("datatype", ""),
    )
