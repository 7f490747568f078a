"""What the engine says of a text becomes an error that a person can use."""

from __future__ import annotations

import pytest

from peelgraph.server.engine.link import syntax_error

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
