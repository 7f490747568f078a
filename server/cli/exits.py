"""Exit codes: the one table from what went wrong to what the shell sees."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from peelgraph.graph import errors

if TYPE_CHECKING:
    from collections.abc import Mapping


class Exit(IntEnum):
    """What the program ends with; the words are those of ``peelgraph --help``."""

    DONE = 0
    NOT_CONFORMING = 1
    USAGE = 2
    INPUT = 3
    VERSION = 4
    NETWORK = 5
    LIMIT = 6
    BUG = 70
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """What this code tells the caller."""
        return MEANINGS[self]


MEANINGS: Final[Mapping[Exit, str]] = {
    Exit.DONE: "done",
    Exit.NOT_CONFORMING: "data does not conform, some sources refused, or a difference found",
    Exit.USAGE: "wrong usage, or a query that is refused",
    Exit.INPUT: "input missing or unreadable",
    Exit.VERSION: "data folder, version or port cannot be used",
    Exit.NETWORK: "network failure",
    Exit.LIMIT: "limit or time limit reached",
    Exit.BUG: "a fault in the program",
    Exit.INTERRUPTED: "interrupted",
}

EXITS: Final[Mapping[type[errors.PeelgraphError], Exit]] = {
    errors.NotConforming: Exit.NOT_CONFORMING,
    errors.UsageError: Exit.USAGE,
    errors.QueryError: Exit.USAGE,
    errors.InputError: Exit.INPUT,
    errors.VersionError: Exit.VERSION,
    errors.NetworkError: Exit.NETWORK,
    errors.LimitError: Exit.LIMIT,
}


def exit_of(error: errors.PeelgraphError) -> Exit:
    """Return the exit code of *error*: that of its class, or of the nearest class above.

    >>> exit_of(errors.UnknownForce("there is no force 'Kant'"))
    <Exit.INPUT: 3>
    """
    return next((EXITS[kind] for kind in type(error).__mro__ if kind in EXITS), Exit.BUG)
