"""No pattern of a shape can be made to take ages: a repetition never holds another."""

from __future__ import annotations

from re import _constants as kinds  # type: ignore[attr-defined]  # the library's own parser
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from rdflib.namespace import SH

from peelgraph.graph.iris import Iris
from peelgraph.graph.validation import shapes_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

REPEATS = {kinds.MAX_REPEAT, kinds.MIN_REPEAT}


def repeats(parsed: Any, inside: int = 0) -> Iterator[int]:  # noqa: ANN401 - the parser's own
    """How deep each repetition stands in others; the endless ones alone count."""
    for kind, argument in parsed:
        if kind in REPEATS:
            endless = argument[1] is kinds.MAXREPEAT
            if endless:
                yield inside
            yield from repeats(argument[2], inside + endless)
        elif kind is kinds.SUBPATTERN:
            yield from repeats(argument[-1], inside)
        elif kind is kinds.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch, inside)


def test_no_pattern_repeats_what_repeats() -> None:
    """Thirty letters against `^(a+)+$` hold a validation up for minutes."""
    assert max(repeats(parser.parse("^(a|b+)*$"))) == 1
    assert max(repeats(parser.parse("^(?:a{1,2}b+)c+$"))) == 0
    patterns = [str(each) for each in shapes_graph(Iris()).objects(None, SH.pattern)]
    assert len(patterns) > 20
    for pattern in patterns:
        assert max(repeats(parser.parse(pattern)), default=0) == 0, pattern
