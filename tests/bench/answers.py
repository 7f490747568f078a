"""Whether servers answer the same: a comparison of speed means nothing otherwise."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import quote

from rdflib import Graph
from workloads import PREFIXES, TURTLE, TWELVE, Target, accept

if TYPE_CHECKING:
    from http.client import HTTPResponse

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def answers(target: Target) -> dict[str, frozenset[str]]:
    """Return what a server answers to each of the twelve, in whatever order it does."""
    return {name: answer(target, query) for name, query in TWELVE.items()}


def answer(target: Target, query: str) -> frozenset[str]:
    """The lines of a graph, or the rows of a table, or the truth."""
    with opened(target, query) as response:
        body = response.read()
    if accept(query) == TURTLE:
        return frozenset(
            Graph().parse(data=body, format="turtle").serialize(format="nt").split("\n")
        )
    found = json.loads(body)
    if "boolean" in found:
        return frozenset([str(found["boolean"])])
    return frozenset(row(binding) for binding in found["results"]["bindings"])


def row(binding: dict[str, dict[str, str]]) -> str:
    """One solution as a line that does not depend on how a server words its JSON."""
    terms = {
        name: [
            *(term["value"], term.get("xml:lang", "").lower()),
            term.get("datatype", "").removeprefix(XSD_STRING),
        ]
        for name, term in binding.items()
    }
    return json.dumps(terms, sort_keys=True)


def opened(target: Target, query: str) -> HTTPResponse:
    """The answer to a GET of *query*, as the standard library hands it over."""
    address = f"http://127.0.0.1:{target.port}{target.path}?query={quote(PREFIXES + query)}"
    request = urllib.request.Request(address, headers={"Accept": accept(query)})
    response: HTTPResponse = urllib.request.urlopen(request, timeout=600)
    return response


def etags(target: Target, queries: list[str]) -> dict[str, str]:
    """The ETag of each answer; a server that sends none gets a made-up one, and answers 200."""
    found = {}
    for query in queries:
        with opened(target, query) as response:
            response.read()
            found[query] = response.headers.get("ETag") or '"none"'
    return found
