"""Which format an Accept header gets: the table that clients rely on."""

from __future__ import annotations

import pytest

from peelgraph.server.protocol.errors import NotAcceptable
from peelgraph.server.protocol.negotiation import GRAPHS, SOLUTIONS, choose, prefers_html

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv; charset=utf-8"
TSV = "text/tab-separated-values; charset=utf-8"
TURTLE = "text/turtle; charset=utf-8"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

FOR_SOLUTIONS = [
    ("", JSON),
    ("*/*", JSON),
    ("text/*", CSV),
    ("application/*", JSON),
    (XML, XML),
    ("text/csv", CSV),
    ("TEXT/CSV", CSV),
    ("text/csv;charset=UTF-8", CSV),
    ("text/csv; header=present", CSV),
    ("text/tab-separated-values", TSV),
    ("application/json", "application/json"),
    ("application/json;q=0.5, text/csv;q=0.6", CSV),
    ("text/xml", "text/xml"),
    (f"{JSON};q=0.2, {XML};q=0.3", XML),
    (f"{JSON};q=0, */*", XML),
    ("*/*;q=0.1, text/csv;q=0.2", CSV),
    ("text/*;q=0.9, text/csv;q=0.1, */*;q=0.2", TSV),
    ("text/csv;q=1.0001, text/tab-separated-values", TSV),
    ("nonsense, text/csv", CSV),
    ("nonsense", JSON),
    (BROWSER, "application/xml"),
    (f"{JSON}, application/json;q=0.9", JSON),
]
FOR_GRAPHS = [
    ("", TURTLE),
    ("*/*", TURTLE),
    ("application/n-triples", "application/n-triples"),
    ("application/rdf+xml", "application/rdf+xml"),
    ("application/ld+json", "application/ld+json"),
    ('application/ld+json;profile="a,b;q=0"', "application/ld+json"),
    ("application/json", "application/json"),
    ("text/turtle;q=0, */*;q=0.5", "application/n-triples"),
]


@pytest.mark.parametrize(("accept", "header"), FOR_SOLUTIONS)
def test_format_of_solutions(accept: str, header: str) -> None:
    """A table in the wrong format breaks a client without a word."""
    assert choose(accept, SOLUTIONS)[1] == header


@pytest.mark.parametrize(("accept", "header"), FOR_GRAPHS)
def test_format_of_graphs(accept: str, header: str) -> None:
    """The same for graphs."""
    assert choose(accept, GRAPHS)[1] == header


@pytest.mark.parametrize(
    "accept", ["text/turtle", "image/png", "text/csv;q=0", "*/*;q=0", "text/csv;charset=latin-1"]
)
def test_nothing_on_offer_is_said_with_the_list(accept: str) -> None:
    """A refusal that names the choices can be acted on."""
    with pytest.raises(NotAcceptable) as caught:
        choose(accept, SOLUTIONS)
    assert caught.value.available == (JSON, XML, "text/csv", "text/tab-separated-values")


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("*/*", False),
        ("", False),
        ("text/html;q=0", False),
        ("application/json, text/html;q=0.5", False),
        ("application/problem+json, text/html", True),
    ],
)
def test_a_browser_is_who_names_html_first(accept: str, *, html: bool) -> None:
    """Programs must not get a page, a browser must not get JSON."""
    assert prefers_html(accept) is html
