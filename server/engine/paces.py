"""Which clients have asked quick queries lately, and which have asked long ones."""

from __future__ import annotations

import time
from collections import OrderedDict
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LONG: Final = 0.2
"""Seconds of a worker from which a query counts as a long one."""
MEMORY: Final = 60.0
MOST_CLIENTS: Final = 20_000


class Pace(IntEnum):
    """How a client asks; the lower, the sooner its turn."""

    QUICK = 0
    UNKNOWN = 1
    SLOW = 2


class Paces:
    """Remembers for a minute who asked what. Belongs to one event loop.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[Pace, float]] = OrderedDict()

    def of(self, client: str) -> Pace:
        """Return the pace of *client*."""
        pace, until = self._known.get(client, (Pace.UNKNOWN, 0.0))
        return pace if until > self._clock() else Pace.UNKNOWN

    def note(self, client: str, seconds: float) -> None:
        """Note that a query of *client* took a worker so many seconds.

        A quick one does not make up for a long one: that has to be forgotten first.
        """
        now = self._clock()
        if seconds < LONG and self.of(client) is Pace.SLOW:
            return
        self._known[client] = (Pace.SLOW if seconds >= LONG else Pace.QUICK, now + MEMORY)
        self._known.move_to_end(client)
        if len(self._known) > MOST_CLIENTS:
            self._known.popitem(last=False)

    def alone(self, client: str) -> bool:
        """Return whether nobody but *client* has asked anything lately."""
        now = self._clock()
        while self._known and (first := next(iter(self._known.items())))[1][1] <= now:
            del self._known[first[0]]
        return self._known.keys() <= {client}
