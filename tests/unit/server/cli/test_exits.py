"""The one table from errors to exit codes."""

from __future__ import annotations

import pytest

from peelgraph.graph import errors
from peelgraph.server.cli.exits import EXITS, MEANINGS, Exit, exit_of


def every_class(base: type[errors.PeelgraphError]) -> list[type[errors.PeelgraphError]]:
    """All classes below *base*."""
    return [each for kind in base.__subclasses__() for each in (kind, *every_class(kind))]


@pytest.mark.parametrize(
    "kind",
    [
        each
        for each in every_class(errors.PeelgraphError)
        if each.__module__.startswith(f"{errors.__name__}.")
    ],
)
def test_every_error_of_the_tree_has_a_code(kind: type[errors.PeelgraphError]) -> None:
    """A new branch of the tree without a code would end as a fault of the program."""
    assert exit_of(kind("found")) != Exit.BUG


def test_codes_are_those_that_were_promised() -> None:
    """Scripts of others branch on them."""
    assert [int(code) for code in Exit] == [0, 1, 2, 3, 4, 5, 6, 70, 130]
    assert set(MEANINGS) == set(Exit)
    assert EXITS[errors.NotConforming] == 1
    assert exit_of(errors.UnknownForce("x")) == 3
    assert exit_of(errors.QueryTooDeep("x")) == 2
    assert exit_of(errors.AddressBusy("x")) == 4


def test_error_outside_the_table_is_a_fault() -> None:
    """Better 70 than a code that says something wrong."""
    assert exit_of(errors.PeelgraphError("x")) == Exit.BUG
