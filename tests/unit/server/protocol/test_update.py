"""The dataset of an update request becomes clauses, in the right places only."""

from __future__ import annotations

import pytest

from peelgraph.graph.errors import QueryForbidden, QuerySyntax, QueryTooDeep
from peelgraph.server.protocol.errors import RequestError
from peelgraph.server.protocol.update import UpdateRequest, checked_update, with_dataset


def rewritten(text: str) -> str:
    """*text* with one default and one named graph, its blanks made one."""
    return " ".join(with_dataset(UpdateRequest(text, ("a:d",), ("a:n",))).split())


DROP = "DROP GRAPH <a:x>"
CLAUSES = "USING <a:d> USING NAMED <a:n>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "INSERT { ?s ?p 1 } WHERE { ?s ?p 2 }",
            f"INSERT {{ ?s ?p 1 }} {CLAUSES} WHERE {{ ?s ?p 2 }}",
        ),
        ("INSERT{?s ?p 1}WHERE{?s ?p 2}", f"INSERT{{?s ?p 1}} {CLAUSES} WHERE{{?s ?p 2}}"),
        ("DELETE WHERE { ?s ?p {} }", f"DELETE {{ ?s ?p {{}} }} {CLAUSES} WHERE {{ ?s ?p {{}} }}"),
        ("INSERT DATA { <a:s> <a:p> 'where' }", "INSERT DATA { <a:s> <a:p> 'where' }"),
        ("CLEAR ALL # where", "CLEAR ALL # where"),
        ("PREFIX where: <a:> CLEAR GRAPH where:a", "PREFIX where: <a:> CLEAR GRAPH where:a"),
        (
            "INSERT { ?s ?p 1 } WHERE { SELECT * WHERE { ?s ?p 2 } } ; " + DROP,
            f"INSERT {{ ?s ?p 1 }} {CLAUSES} WHERE {{ SELECT * WHERE {{ ?s ?p 2 }} }} ; {DROP}",
        ),
    ],
)
def test_each_pattern_is_given_the_dataset(text: str, expected: str) -> None:
    """The engine takes no dataset, so the clauses are written where the grammar has them."""
    assert rewritten(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "WITH <a:g> DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }",
        "with<a:g>DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }",
        "INSERT { ?s ?p 1 } USING <a:g> WHERE { ?s ?p 1 }",
        "CLEAR ALL; INSERT { ?s ?p 1 } USING NAMED <a:g> WHERE { ?s ?p 1 }",
    ],
)
def test_a_dataset_in_both_places_is_refused(text: str) -> None:
    """The standard demands it: which of the two would be meant?"""
    with pytest.raises(RequestError):
        with_dataset(UpdateRequest(text, ("a:d",)))


@pytest.mark.parametrize("text", ["DELETEWHERE { ?s ?p 1 }", "DELETE WHERE { ?s ?p 1"])
def test_what_cannot_be_told_apart_is_refused(text: str) -> None:
    """A pattern that silently kept another dataset would change the wrong graphs."""
    with pytest.raises(QuerySyntax):
        with_dataset(UpdateRequest(text, ("a:d",)))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { ?s ?p ?o }", QuerySyntax),
        ("LOAD <a:x>", QueryForbidden),
        ("load\n#\nSILENT <a:x>", QueryForbidden),
        ("LOADSILENT<a:x>", QueryForbidden),
        ("INSERT DATA { <a:s> <a:p> 1 };LOAD <a:x> INTO GRAPH <a:g>", QueryForbidden),
        ("INSERT { ?s ?p 1 } WHERE { { SERVICE SILENT ?g { ?s ?p 1 } } }", QueryForbidden),
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p 1 FILTER EXISTS { service<a:x>{} } }", QueryForbidden),
        ("\\u004cOAD <a:x>", QueryForbidden),
        ("INSERT DATA {" + "(" * 200 + ")" * 200 + "}", QueryTooDeep),
    ],
)
def test_what_no_engine_may_see(text: str, error: type[Exception]) -> None:
    """Checked before any process is bothered."""
    with pytest.raises(error):
        checked_update(UpdateRequest(text), 100)
