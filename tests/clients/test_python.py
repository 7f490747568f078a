"""SPARQLWrapper and rdflib's own store, as Python programs use them."""

from __future__ import annotations

import urllib.error
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SKOS, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (  # type: ignore[import-untyped]  # it ships no types
    CSV,
    GET,
    JSON,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed  # type: ignore[import-untyped]  # the same

if TYPE_CHECKING:
    from conftest import Questions

WAYS = {
    "get": (GET, URLENCODED),
    "form": (POST, URLENCODED),
    "direct": (POST, POSTDIRECTLY),
}
FORCE = URIRef("https://w3id.org/peelgraph/id/force/kent")


def wrapper(endpoint: str, query: str, returned: str, way: str = "get") -> SPARQLWrapper:
    """A request of SPARQLWrapper, ready to be sent."""
    client = SPARQLWrapper(endpoint, returnFormat=returned)
    method, encoding = WAYS[way]
    client.setMethod(method)
    client.setRequestMethod(encoding)
    client.setQuery(query)
    return client


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_gets_a_table_each_way(endpoint: str, questions: Questions, way: str) -> None:
    """Its three ways of sending are the protocol's three operations."""
    rows = wrapper(endpoint, questions.select, JSON, way).queryAndConvert()["results"]["bindings"]
    assert [(row["pillar"]["value"], row["grade"]["value"]) for row in rows] == questions.grades


@pytest.mark.parametrize("returned", [XML, CSV])
def test_sparqlwrapper_gets_other_tables(
    endpoint: str, questions: Questions, returned: str
) -> None:
    """XML is its default and CSV what goes on into other programs."""
    found = wrapper(endpoint, questions.select, returned).queryAndConvert()
    if returned == XML:
        texts = [node.firstChild.data for node in found.getElementsByTagName("literal")]
        rows = list(zip(texts[::2], texts[1::2], strict=True))
    else:
        rows = [tuple(line.split(",")) for line in found.decode().splitlines()[1:]]
    assert rows == questions.grades


def test_sparqlwrapper_gets_a_truth_and_graphs(endpoint: str, questions: Questions) -> None:
    """ASK and CONSTRUCT come as Python values of their own."""
    assert wrapper(endpoint, questions.ask, JSON).queryAndConvert()["boolean"] is True
    turtle = wrapper(endpoint, questions.construct, TURTLE).queryAndConvert()
    assert len(Graph().parse(data=turtle, format="turtle")) == len(questions.grades)
    assert len(wrapper(endpoint, questions.construct, RDFXML).queryAndConvert()) == len(
        questions.grades
    )


def test_sparqlwrapper_says_what_is_wrong(endpoint: str, questions: Questions) -> None:
    """Its exception repeats the answer's body: that is all its user gets to see."""
    with pytest.raises(QueryBadFormed, match=questions.complaint):
        wrapper(endpoint, questions.wrong, JSON).query()


def test_sparqlwrapper_gets_much_at_once(endpoint: str, questions: Questions) -> None:
    """Nothing is cut off without a word."""
    found = wrapper(endpoint, questions.large, JSON).queryAndConvert()
    assert len(found["results"]["bindings"]) == questions.rows


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_queries_the_endpoint_as_a_graph(
    endpoint: str, questions: Questions, method: str
) -> None:
    """A graph over an endpoint answers SPARQL and patterns like one in memory."""
    graph = Graph(SPARQLStore(endpoint, method=method))
    assert [(str(row[0]), str(row[1])) for row in graph.query(questions.select)] == questions.grades  # type: ignore[index]  # rows of a SELECT
    assert graph.query(questions.ask).askAnswer is True
    assert len(graph.query(questions.construct).graph or []) == len(questions.grades)
    names = {str(name) for name in graph.objects(FORCE, SKOS.prefLabel)}
    assert "Kent Police" in names
    assert (FORCE, RDF.type, None) in graph


def test_rdflib_says_what_is_wrong(endpoint: str, questions: Questions) -> None:
    """By GET it raises a guess of its own, behind which stands urllib's error with the answer.

    By POST rdflib 7.6 drops the body and returns the status without raising: nothing that a
    server says reaches its user.
    """
    with pytest.raises(ValueError, match="SPARQL query") as caught:
        Graph(SPARQLStore(endpoint)).query(questions.wrong)
    error = caught.value.__context__
    assert isinstance(error, urllib.error.HTTPError)
    with error:
        assert error.code == 400
        assert questions.complaint in error.read().decode()


def test_rdflib_gets_much_at_once(endpoint: str, questions: Questions) -> None:
    """Twenty thousand rows, read by rdflib's own parser."""
    assert sum(1 for _ in Graph(SPARQLStore(endpoint)).query(questions.large)) == questions.rows
