"""A syntax error names the slip where it is plain, and never invents one."""

from __future__ import annotations

import pytest

from peelgraph.graph.errors import QuerySyntax
from peelgraph.server.protocol.syntax import explained

ERROR = QuerySyntax("the query is not SPARQL", place="line 1, column 9", expected="FROM")


@pytest.mark.parametrize(
    ("text", "prefix", "place"),
    [
        ("ASK { ?s skos:note ?o }", "skos:", "line 1, column 10"),
        ("PREFIX a: <urn:a>\nASK { ?s a:b ?o ; c:d 1 }", "c:", "line 2, column 19"),
        ("ASK { ?s :b ?o }", ":", "line 1, column 10"),
        ("PREFIX A: <urn:a> ASK { ?s a:b ?o }", "a:", "line 1, column 28"),
        ("ASK { ?s ?p '1'^^xsd:integer }", "xsd:", "line 1, column 18"),
        ("ASK { ?s ?p ?o FILTER(xsd:foo(?o)) }", "xsd:", "line 1, column 23"),
    ],
)
def test_an_undeclared_prefix_is_named(text: str, prefix: str, place: str) -> None:
    """The engine points anywhere but at it."""
    found = explained(ERROR, text)
    assert found.found == f"the prefix {prefix} is not declared"
    assert found.place == place


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX a: <urn:a> prefix : <urn:b> ASK { ?s a:b :c ; a: : } x",
        "PREFIX a: <urn:a> ASK { FILTERa:b(1) } x",
        "ASK { ?s ?p 'skos:note' } # skos:note",
        "ASK { ?s <skos:note> _:b } x",
        "SELECT * { SERVICE <urn:x> {} } x",
    ],
)
def test_what_is_no_undeclared_prefix_is_left_as_it_was(text: str) -> None:
    """A wrong hint costs more than none."""
    assert explained(ERROR, text) is ERROR


def test_a_text_without_a_form_is_told_the_forms() -> None:
    """A misspelt first word is the commonest slip."""
    assert explained(ERROR, "SELEC * {}").expected == "SELECT, ASK, CONSTRUCT or DESCRIBE"
    assert explained(ERROR, "SELEC * {}").place == ERROR.place
    assert explained(ERROR, " \n# only a comment").found == "the query is empty"
    assert "a string does not end" in explained(ERROR, "ASK { ?s ?p 'x }").found
