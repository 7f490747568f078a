"""rdflib's own store writes through the endpoint, as Python programs use it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest
from rdflib import Dataset, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPH, THING = URIRef("http://example.org/from-rdflib"), URIRef("http://example.org/thing")
SAID = (THING, URIRef("http://example.org/says"), Literal('héllo \\ "world"', lang="en"))


def store(netloc: str, secret: str) -> SPARQLUpdateStore:
    """The store over a server, with a token in the header that rdflib is told to send."""
    headers = {"Authorization": f"Bearer {secret}"}
    return SPARQLUpdateStore(
        f"http://{netloc}/sparql", f"http://{netloc}/update", context_aware=True, headers=headers
    )


def test_rdflib_adds_and_removes_through_the_endpoint(
    started_service: Callable[..., tuple[str, str]],
) -> None:
    """What it adds it finds again, in the graph it named, and what it removes is gone."""
    dataset = Dataset(store(*started_service()))
    graph = dataset.graph(GRAPH)
    graph.add(SAID)
    assert list(graph) == [SAID]
    graph.remove((THING, None, None))
    assert not list(graph)


def test_rdflib_without_a_token_is_refused(
    started_service: Callable[..., tuple[str, str]],
) -> None:
    """Its user gets urllib's error, with an answer that says what is missing."""
    netloc, _ = started_service()
    with pytest.raises(HTTPError) as caught:
        Dataset(store(netloc, "pg_nobody-has-ever-seen-this-one")).graph(GRAPH).add(SAID)
    with caught.value as error:
        assert error.code == 401
        assert "token" in error.read().decode()
