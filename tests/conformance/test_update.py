"""Update suites, against our server by HTTP: what it holds before and after each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from w3c import engine

if TYPE_CHECKING:
    from w3c.manifest import Case
    from w3c.writing import WritableServer

EVALUATION = ("UpdateEvaluationTest",)
POSITIVE = ("PositiveUpdateSyntaxTest", "PositiveUpdateSyntaxTest11")
NEGATIVE = ("NegativeUpdateSyntaxTest", "NegativeUpdateSyntaxTest11")
SYNTAX = b"/problems/query-syntax"
REFUSED = "LOAD and SERVICE are never run here; this server refuses them"

OLDER = "versions hold RDF 1.1: a write of triple terms is refused with that reason"


def refused(text: str) -> bool:
    """Whether *text* asks for what this server never does."""
    return bool({"LOAD", "SERVICE"} & set(text.upper().replace("<", " ").split()))


@pytest.mark.w3c(*EVALUATION)
def test_update(case: Case, writable: WritableServer) -> None:
    """After the request the server holds what the suite says, graph by graph."""
    writable.hold(case.data)
    assert engine.same_graphs(writable.graphs(), engine.graphs_of(engine.store_of(case.data)))
    reply = writable.update(case.based)
    if refused(case.text):
        assert reply.status == 403, reply.body
        pytest.skip(REFUSED)
    if case.newer and b"/problems/rdf-syntax" in reply.body:
        pytest.skip(OLDER)
    assert reply.status < 300, reply.body
    assert engine.same_graphs(writable.graphs(), engine.graphs_of(engine.store_of(case.after)))


@pytest.mark.w3c(*POSITIVE)
def test_good_syntax(case: Case, writable: WritableServer) -> None:
    """What is SPARQL Update is not called a syntax error, even where it cannot be carried out."""
    reply = writable.update(case.text)
    if refused(case.text):
        assert reply.status == 403, reply.body
        pytest.skip(REFUSED)
    assert reply.status < 300 or (reply.status < 500 and SYNTAX not in reply.body), reply.body


@pytest.mark.w3c(*NEGATIVE)
def test_bad_syntax(case: Case, writable: WritableServer) -> None:
    """What is not SPARQL Update is told so, and nothing changes."""
    before = writable.graphs()
    reply = writable.update(case.text)
    if refused(case.text):
        assert reply.status == 403, reply.body
        pytest.skip(REFUSED)
    assert reply.status == 400, reply.body
    assert SYNTAX in reply.body
    assert engine.same_graphs(writable.graphs(), before)


@pytest.mark.w3c(*EVALUATION, *POSITIVE, *NEGATIVE, known_fail=False)
def test_a_known_failure_is_the_engines_own(case: Case) -> None:
    """What the engine itself passes in process must not fail here."""
    assert not engine.passes(case)
