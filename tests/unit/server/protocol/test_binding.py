"""Parameters in a text that cannot be asked with them: terms, never syntax."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.graph.errors import QueryError
from peelgraph.server.protocol.binding import base_declaration, bound

TERM = "<http://example.org/x>"
BLOCK = f" VALUES (?a) {{ ({TERM}) }}"

INJECTIONS = [
    "",
    "x",
    "?a",
    "_:b",
    "UNDEF",
    "true",
    "<relative>",
    "<http://example.org/> } SERVICE <http://evil.example/> {",
    "<http://example.org/>) (<http://example.org/y>",
    "<http://example.org/ x>",
    "<http://example.org/>>",
    r"<http://example.org/\u003E>",
    '"x" } #',
    '"x" "y"',
    '"x',
    '"x"\n"y"',
    '"a\nb"',
    '"""a"""',
    "'a'",
    '"x"@en } #',
    '"x"^^<y> }',
    '"x"^^xsd:date',
    r'"\"',
    r'"\u0022 ) } SERVICE <http://evil.example/> { #"',
    r'"\U00000022 ) } #"',
    r'"\\u0022 ) } #"',
    r'"\x"',
]


@pytest.mark.parametrize("term", INJECTIONS)
def test_what_is_not_one_plain_term_is_refused(term: str) -> None:
    """Some engines resolve code points before they look for the end of a string."""
    with pytest.raises(QueryError):
        bound("SELECT ?a { ?a ?p ?o }", [("a", term)])


@pytest.mark.parametrize("name", ["", "a b", "a)", "?a", "a} #"])
def test_what_is_no_name_is_refused(name: str) -> None:
    """Names come from files of queries, and are checked all the same."""
    with pytest.raises(QueryError):
        bound("SELECT ?a { ?a ?p ?o }", [(name, TERM)])


@given(st.text(max_size=40))
def test_any_text_is_one_literal(value: str) -> None:
    """A literal comes back as it went in, or is refused."""
    term = str(ox.Literal(value)) if "\0" not in value else '"\0"'
    try:
        text = bound("SELECT ?a {}", [("a", term)])
    except QueryError:
        return
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    assert [row["a"] for row in found] == [ox.Literal(value)]


PLACES = (
    "SELECT ?a {§ ?a ?p ?o }",
    "SELECT ?a WHERE {§ OPTIONAL {§ ?a ?p ?o } }",
    "SELECT ?a {§ { ?b ?p ?o } UNION {§ ?a ?p ?o } }",
    "SELECT ?a {§ { SELECT ?b { ?a ?p ?b { ?a ?q ?c } } } }",
    "SELECT ?a {§ ?a ?p '{' FILTER(EXISTS {§ $a ?p ?b }) }",
    "SELECT ?a {§ VALUES ?b { 1 } VALUES (?b ?c) { (1 2) } ?a ?p ?b }",
    "SELECT ?a {§ VALUES ?b { true } {§ ?a ?p ?b } GRAPH ?g {§ ?a ?p ?b } }",
    "CONSTRUCT { ?a ?p ?o } WHERE {§ ?a ?p ?o } # {",
    "CONSTRUCT { GRAPH ?a { ?a ?p ?o } } WHERE {§ ?a ?p ?o }",
    "ASK{§?ab ?p ?o}",
    "ASK {§ ?a ?p ?o {| ?q ?r |} }",
)
"""Queries with § where the block belongs."""


@pytest.mark.parametrize("text", PLACES)
def test_the_block_stands_in_every_group_that_uses_the_variable(text: str) -> None:
    """Not in data, templates, strings or comments, nor where the name means another variable."""
    assert bound(text.replace("§", ""), [("a", TERM)]) == text.replace("§", BLOCK)


def test_a_query_without_a_group_is_refused() -> None:
    """An answer to another question would be worse than none."""
    for text in ("DESCRIBE <urn:x>", "CONSTRUCT WHERE { ?a ?p ?o }"):
        with pytest.raises(QueryError):
            bound(text, [("a", TERM)])


def test_nothing_to_bind_changes_nothing() -> None:
    """Most queries have no parameters."""
    assert bound("DESCRIBE <urn:x>", []) == "DESCRIBE <urn:x>"


def test_a_base_that_is_no_iri_is_not_declared() -> None:
    """It is made from a header of the request."""
    for base in ("relative", "http://a/> SELECT", "http://a/b c", None):
        assert base_declaration("ASK { <x> ?p ?o }", base) == ""
