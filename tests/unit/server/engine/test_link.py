"""What the engine says of a text becomes an error that a person can use."""

from __future__ import annotations

import asyncio
import socket

import pytest

from peelgraph.server.engine.interface import Limits, Query
from peelgraph.server.engine.link import NeverAsked, WorkerLink, syntax_error
from peelgraph.server.engine.spool import Shelf

CLASSES = r"['-' | '0' ..= '9' | '\u{00B7}'], [',' | '[' | ']'], ['\\' | '\''], [_]"


@pytest.mark.parametrize(
    ("message", "found", "expected"),
    [
        ("[_]", "", ""),
        ("<unreported>", "", ""),
        ("SELECT", "", "SELECT"),
        (f'one of ",", "\\"", "{{|", OPTIONAL, {CLASSES}, isIRI', "",
         'one of ",", "\\"", "{|", OPTIONAL, isIRI'),
        (f"one of Prefix not found, {CLASSES}", ": Prefix not found", ""),
        ("one of IF, SELECT * is not authorized with GROUP BY, TZ, [_]",
         ": SELECT * is not authorized with GROUP BY", ""),
        ("one of CONSTRUCT, IRI parsing failed", ": IRI parsing failed", ""),
    ],
)  # fmt: skip
def test_a_broken_rule_is_told_and_classes_of_characters_are_not(
    message: str, found: str, expected: str
) -> None:
    """A list of what the parser tried is no help; a rule in words is."""
    error = syntax_error(f"error at 2:7: expected {message}")
    assert error.place == "line 2, column 7"
    assert error.found == f"the query is not SPARQL{found}"
    assert error.expected == expected


@pytest.mark.parametrize("said", [b"", b"an answer nobody asked for"])
@pytest.mark.parametrize("noticed", [True, False])
def test_a_worker_that_ended_is_never_asked(said: bytes, noticed: bool) -> None:  # noqa: FBT001 - a column
    """Another can be asked then: the query has not even reached the one that ended."""

    async def ask() -> None:
        ours, theirs = socket.socketpair()
        ended = asyncio.Event()
        link = WorkerLink(0, ours, (), Shelf())
        link.attach(asyncio.get_running_loop(), lambda _link: ended.set())
        theirs.send(said)
        if not (said and noticed):
            theirs.close()
        if noticed:
            async with asyncio.timeout(10):
                await ended.wait()
        with theirs, pytest.raises(NeverAsked):
            await link.ask(Query("ASK {}"), "text/csv", Limits(1.0, 1, 1), None)
        assert not link.reusable
        link.close()

    asyncio.run(ask())
